package web

import (
	"slices"
	"strings"

	"bailiwick/internal/access"
	"bailiwick/internal/find"
	"bailiwick/internal/gate"
	"bailiwick/internal/web/ui"
)

// mostShown is how many of a list that everybody could be on a page shows.
const mostShown = 50

// finder is the box above such a list, and the way on below it.
type finder struct {
	path, words string
	total, fit  int    // all, and those that the words fit
	shown       int    // on this page
	next        string // goes into the address to go on; "" on the last page
	first       bool
}

func (f finder) needed() bool { return f.total > mostShown }

func (f finder) from(after string) string {
	q := []string{}
	if f.words != "" {
		q = append(q, "find="+query(f.words))
	}
	if after != "" {
		q = append(q, "after="+query(after))
	}
	if len(q) == 0 {
		return f.path
	}
	return f.path + "?" + strings.Join(q, "&")
}

// says how much of the list this is.
func (f finder) says() string {
	if f.shown == f.fit {
		return counted(f.fit, "user", "users")
	}
	return number(f.shown) + " of " + counted(f.fit, "user", "users") + ", by name"
}

// hasWords reports whether a text has each of the words, however they are written.
func hasWords(text string, words []string) bool {
	text = find.Plain(text)
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}

func typedWords(typed string) []string { return strings.Fields(find.Plain(typed)) }

// narrow leaves of a list by name what fits the words in the address, one page
// of it: it goes on after the person that the address names.
func narrow[T any](v *visit, path string, all []T, of func(T) gate.Person) ([]T, finder) {
	f := finder{path: path, words: v.text("find"), total: len(all)}
	words := typedWords(f.words)
	all = slices.DeleteFunc(slices.Clone(all), func(t T) bool { p := of(t); return !hasWords(p.Name+" "+p.Email, words) })
	f.fit = len(all)
	after := v.text("after")
	at := slices.IndexFunc(all, func(t T) bool { return after != "" && of(t).ID == after }) + 1
	f.first = at == 0
	all = all[at:]
	if len(all) > mostShown {
		all = all[:mostShown]
		f.next = of(all[mostShown-1]).ID
	}
	f.shown = len(all)
	return all, f
}

func itself(p gate.Person) gate.Person { return p }

func assignedPerson(a access.Assigned) gate.Person { return a.Person }

// someUsers is a field to choose one of many users: those whom the words fit.
func (v *visit) someUsers(all []gate.Person, problem string) ui.SelectParams {
	s := ui.SelectParams{Name: "user", Label: "User", Value: v.text("user"), Error: problem}
	words := typedWords(v.text("find"))
	fit := 0
	for _, p := range all {
		if !hasWords(p.Name+" "+p.Email, words) {
			continue
		}
		if fit++; fit <= mostShown {
			s.Options = append(s.Options, ui.Option{Value: p.ID, Label: nameAndAddress(p)})
		}
	}
	first := "Choose a user"
	if fit > mostShown {
		first += " (" + number(mostShown) + " of " + number(fit) + ")"
		s.Hint = "Find others by name above."
	} else if fit == 0 {
		first = "Nobody of that name"
	}
	s.Options = append([]ui.Option{{Value: "", Label: first}}, s.Options...)
	return s
}
