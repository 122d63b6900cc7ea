package web

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"bailiwick/internal/fault"
	"bailiwick/internal/org"
	"bailiwick/internal/people"
	"bailiwick/internal/seal"
)

const setupCookie = "__Host-setup"

// wizard is the set-up of a new server. What is typed and made lies in memory
// only, bound to the browser that came with the one-time token; the database
// learns of it at the finish, and with that the token is dead.
type wizard struct {
	lookup []byte // of the token: the token itself is not kept
	done   atomic.Bool
	mu     sync.Mutex
	drafts map[string]*draft // by lookup of the cookie
	order  []string
}

// mostDrafts is how many browsers may be setting up at the same time.
const mostDrafts = 4

// draft is one browser's set-up.
type draft struct {
	mu            sync.Mutex
	in            org.Setup
	named, proved bool // the first, the second step are done
	key, recovery quiz
	base          string // of the pages' addresses
	end           func(v *visit, d *draft, proved bool) error
	activating    people.Activating // of a site
}

func newDraft(base string, end func(*visit, *draft, bool) error) *draft {
	return &draft{in: org.Setup{Code: seal.NewCode(), Recovery: seal.NewCode()}, key: newQuiz(), recovery: newQuiz(), base: base, end: end}
}

func newWizard(token seal.Token) *wizard {
	return &wizard{lookup: token.Lookup(), drafts: map[string]*draft{}}
}

// over reports whether there is nothing to set up.
func (w *wizard) over() bool { return w == nil || w.done.Load() }

func setupPath(path string) bool { return path == "/setup" || strings.HasPrefix(path, "/setup/") }

// begin gives the browser that shows the right token a draft. Tokens are
// compared by their hashes in constant time.
func (w *wizard) begin(v *visit, typed string) error {
	token, err := seal.ParseToken(typed)
	if err != nil || w.over() || !seal.Equal(token.Lookup(), w.lookup) {
		return fault.NotFound()
	}
	if _, ok := w.draft(v.r); ok {
		return nil // opened again: what was typed is kept
	}
	cookie := seal.NewToken()
	name := string(cookie.Lookup())
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.order) == mostDrafts {
		delete(w.drafts, w.order[0])
		w.order = w.order[1:]
	}
	w.order = append(w.order, name)
	w.drafts[name] = newDraft("/setup", finishSetup)
	v.setCookie(setupCookie, cookie.Reveal(), 24*60*60)
	return nil
}

func (w *wizard) draft(r *http.Request) (*draft, bool) {
	c, err := r.Cookie(setupCookie)
	if err != nil || w.over() {
		return nil, false
	}
	token, err := seal.ParseToken(c.Value)
	if err != nil {
		return nil, false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	d, ok := w.drafts[string(token.Lookup())]
	return d, ok
}

// end makes the organization, once, and forgets every draft.
func (w *wizard) end(make func() (org.Made, error)) (org.Made, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over() {
		return org.Made{}, fault.NotFound()
	}
	made, err := make()
	if err == nil {
		w.close()
	}
	return made, err
}

func (w *wizard) close() {
	w.done.Store(true)
	w.drafts, w.order = nil, nil
}

// elsewhere is told that the organization was made by another server.
func (w *wizard) elsewhere() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.close()
}
