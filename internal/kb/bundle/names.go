package bundle

import (
	"math"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"bailiwick/internal/kb/page"
)

// before orders files as a reader of the folder would: folder by folder, then by
// what their heads say, then the first page, then by name, numbers by their
// value. Articles that a Writer wrote have their order over all.
func before(a, b *source) int {
	if a.front.ours() != b.front.ours() {
		return first(a.front.ours())
	}
	if !a.front.ours() {
		if c := natural(path.Dir(a.name), path.Dir(b.name)); c != 0 {
			return c
		}
	}
	x, y := orderOf(a), orderOf(b)
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	case isIndex(a.name) != isIndex(b.name):
		return first(isIndex(a.name))
	}
	return natural(a.name, b.name)
}

func first(a bool) int {
	if a {
		return -1
	}
	return 1
}

// orderOf is the place that a head asks for; without one it is the last.
func orderOf(s *source) float64 {
	v, err := strconv.ParseFloat(s.front.order, 64)
	if err != nil || math.IsNaN(v) {
		return math.Inf(1)
	}
	return v
}

// natural compares texts, digits by their number.
func natural(a, b string) int {
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		if x > 0 && y > 0 {
			m, n := strings.TrimLeft(a[:x], "0"), strings.TrimLeft(b[:y], "0")
			if len(m) != len(n) {
				return len(m) - len(n)
			}
			if c := strings.Compare(m, n); c != 0 {
				return c
			}
			a, b = a[x:], b[y:]
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

func digits(s string) (n int) {
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

func isIndex(name string) bool {
	switch bare(name) {
	case "index", "readme", "default", "_index", "home":
		return true
	}
	return false
}

// bare is a file's name without folder and ending, in small letters.
func bare(name string) string {
	b := path.Base(name)
	return strings.ToLower(strings.TrimSuffix(b, path.Ext(b)))
}

// numbered is how files are given an order by name: 01-first.md.
var numbered = regexp.MustCompile(`^\d{1,4}[-_. ]+`)

// worded makes a name of files into words: 01-how-to becomes How to.
func worded(name string) string {
	name = numbered.ReplaceAllString(strings.Map(printable, name), "")
	if !strings.ContainsFunc(name, unicode.IsUpper) && !strings.Contains(name, " ") {
		name = strings.NewReplacer("-", " ", "_", " ").Replace(name)
		r, n := utf8.DecodeRuneInString(name)
		if n > 0 {
			name = string(unicode.ToUpper(r)) + name[n:]
		}
	}
	return line(name)
}

// line is a text in one line.
func line(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		return printable(r)
	}, s)), " ")
}

// fitting cuts a text to so many characters.
func fitting(s string, most int) string {
	if s = line(s); utf8.RuneCountInString(s) > most {
		s = strings.TrimSpace(string([]rune(s)[:most]))
	}
	return s
}

// categoryOf is where an article belongs: what its head says, or its folder.
func categoryOf(s *source) []string {
	var all []string
	if s.front.categorized {
		all = s.front.category
	} else if dir := path.Dir(s.name); dir != "." {
		for part := range strings.SplitSeq(dir, "/") {
			all = append(all, worded(part))
		}
	}
	var kept []string
	for _, c := range all {
		if c = fitting(c, maxCategory); c != "" {
			kept = append(kept, c)
		}
	}
	return kept[:min(len(kept), maxDepth)]
}

// slugOf finds a slug that nothing in the archive has yet.
func slugOf(s *source, title string, taken map[string]bool) string {
	want := page.Slug(s.front.slug)
	if want == "" && !isIndex(s.name) {
		b := path.Base(s.name)
		want = page.Slug(numbered.ReplaceAllString(strings.TrimSuffix(b, path.Ext(b)), ""))
	}
	if want == "" {
		want = page.Slug(title)
	}
	if want == "" {
		want = "article"
	}
	slug := want
	for n := 2; taken[slug]; n++ {
		slug = want + "-" + strconv.Itoa(n)
	}
	taken[slug] = true
	return slug
}
