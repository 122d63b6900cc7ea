package browser

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"bailiwick/test/browser/chrome"
)

// Every page that somebody can reach: axe-core finds nothing, nothing sticks
// out sideways, the policy is kept and the console silent, in both themes, on
// a desk and on a phone.
func TestEveryPageOfAnAdministrator(t *testing.T) {
	t.Parallel()
	crawl(t, "Ada", "/search?q=admin", "/search?q=zzzz", "/nowhere", "/clients/client_00000000000000000000000000", "/me/recovery-code/new", "/my/credentials/new")
}

func TestEveryPageOfATechnician(t *testing.T) {
	t.Parallel()
	crawl(t, "Mira", "/search?q=fortigate")
}

// walk is the pages to be seen and those that were.
type walk struct {
	mu     sync.Mutex
	came   *sync.Cond
	todo   []string
	seen   map[string]bool
	shapes map[string]int
	busy   int
	told   map[string]bool
}

// perShape is how many pages are looked at that differ only in what they show.
const perShape = 1

func crawl(t *testing.T, first string, more ...string) {
	p := enter(t, first)
	w := &walk{seen: map[string]bool{}, shapes: map[string]int{}, told: map[string]bool{}}
	w.came = sync.NewCond(&w.mu)
	w.add(append([]string{"/"}, more...)...)
	var workers sync.WaitGroup
	for _, tab := range []*chrome.Tab{p, p.Another(t)} {
		workers.Go(func() {
			for path, ok := w.next(); ok; path, ok = w.next() {
				w.look(t, tab, first, path)
			}
		})
	}
	workers.Wait()
	if len(w.shapes) < 12 {
		t.Errorf("only %d kinds of pages were reached: %v", len(w.shapes), w.shapes)
	}
	t.Logf("%d pages of %d kinds", len(w.seen), len(w.shapes))
}

var (
	anID   = regexp.MustCompile(`[a-z]+_[0-9a-z]{26}`)
	value  = regexp.MustCompile(`=[^&]*`)
	aBase  = regexp.MustCompile(`^((?:/o/[^/]+)?/kb)/(?:help|handbook|scripts|lab-notes)`)
	aPage  = regexp.MustCompile(`^(/o/[^/]+/kb/BASE)/[a-z0-9-]+$`)
	noPage = regexp.MustCompile(`^/(static|api)/|/files/|\.(csv|atom|xml)(\?|$)`) // downloads open no document
	aTag   = regexp.MustCompile(`/tags/.*`)
)

// shape is a path without what differs between pages of the same kind.
func shape(path string) string {
	path = aPage.ReplaceAllString(aBase.ReplaceAllString(aTag.ReplaceAllString(path, "/tags/TAG"), "$1/BASE"), "$1/ARTICLE")
	return value.ReplaceAllString(anID.ReplaceAllString(path, "ID"), "")
}

func (w *walk) add(paths ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range paths {
		p, _, _ = strings.Cut(p, "#")
		if w.seen[p] || noPage.MatchString(p) || w.shapes[shape(p)] >= perShape {
			continue
		}
		w.seen[p] = true
		w.shapes[shape(p)]++
		w.todo = append(w.todo, p)
	}
	w.came.Broadcast()
}

// next waits for a page as long as another worker may still find one.
func (w *walk) next() (string, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.todo) == 0 && w.busy > 0 {
		w.came.Wait()
	}
	if len(w.todo) == 0 {
		return "", false
	}
	p := w.todo[0]
	w.todo = w.todo[1:]
	w.busy++
	return p, true
}

func (w *walk) done() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy--
	w.came.Broadcast()
}

// tell says each fault once, with the first page that has it.
func (w *walk) tell(t *testing.T, page string, faults ...string) {
	for _, f := range faults {
		w.mu.Lock()
		again := w.told[anID.ReplaceAllString(f, "ID")]
		w.told[anID.ReplaceAllString(f, "ID")] = true
		w.mu.Unlock()
		if !again {
			t.Errorf("%s: %s", page, f)
		}
	}
}

func (w *walk) look(t *testing.T, p *chrome.Tab, who, path string) {
	// A page that ends the test ends only this worker; the other waits for it.
	defer w.done()
	p.Size(1280, 800).Prefers("light").Go(path)
	w.add(chrome.Ask[[]string](p, `[...document.querySelectorAll("a[href^='/']:not([download])")].map(a => a.getAttribute("href"))`)...)
	inspect(t, p, name(who, path), func(faults ...string) { w.tell(t, path, faults...) })
	w.tell(t, path, p.Faults()...)
}

var unfit = regexp.MustCompile(`[^a-zA-Z0-9]+`)

func name(who, path string) string {
	return strings.Trim(unfit.ReplaceAllString(who+shape(path), "-"), "-")
}

// inspect looks at the present page in both themes and sizes.
func inspect(t *testing.T, p *chrome.Tab, name string, tell func(...string)) {
	t.Helper()
	for _, size := range [][2]int64{{1280, 800}, {360, 780}} {
		p.Size(size[0], size[1])
		for _, theme := range []string{"light", "dark"} {
			p.Prefers(theme).Still()
			rules := chrome.Every
			if theme == "dark" {
				rules = chrome.Contrast
			}
			where := fmt.Sprintf("(%s, %d)", theme, size[0])
			for _, f := range p.Accessible(rules) {
				tell(f + where)
			}
			p.Picture(fmt.Sprintf("%s-%s-%d", name, theme, size[0]))
		}
		if wide := p.TooWide(); wide != "" {
			tell(wide)
		}
	}
	p.Size(1280, 800).Prefers("light")
}

// inspectAs is inspect for a page on the way of a story.
func inspectAs(t *testing.T, p *chrome.Tab, name string) {
	t.Helper()
	inspect(t, p, name, func(faults ...string) {
		for _, f := range slices.Compact(faults) {
			t.Errorf("%s: %s", name, f)
		}
	})
}
