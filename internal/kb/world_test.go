package kb_test

import (
	"context"
	"slices"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/perm"
)

// world is a provider with a knowledge base: a category of each kind of
// visibility, and in each an article of each state.
type world struct {
	*apptest.World
	ctx        context.Context
	base       string
	categories map[string]string
	articles   map[string]string // "open published" -> id
	people     map[string]string // ids
	actors     map[string]gate.Actor
	group      string
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(t, newWorld(t, d)) })
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{World: apptest.New(t, d), ctx: context.Background(), categories: map[string]string{}, articles: map[string]string{}, people: map[string]string{}, actors: map[string]gate.Actor{}}
	for _, name := range []string{"member", "member2", "reader", "none", "editor", "keeper", "ingroup"} {
		w.people[name] = w.Enrol(name, perm.LevelTechnicianAssigned)
	}
	for _, name := range []string{"guest", "guest-reader"} {
		w.people[name] = w.Enrol(name, "")
	}
	var err error
	w.base, err = w.Bases.Add(w.ctx, w.Admin, kb.NewBase{Path: "help", Name: "Help"})
	w.Must(err)
	for name, role := range map[string]gate.Role{"none": gate.Public, "reader": gate.Reader, "guest-reader": gate.Reader, "editor": gate.Editor, "keeper": gate.Admin} {
		w.Must(w.Bases.SetRole(w.ctx, w.Admin, w.base, w.people[name], role))
	}
	w.group, err = w.Access.AddGroup(w.ctx, w.Admin, "Night shift", []string{w.people["ingroup"]}, nil)
	w.Must(err)
	for _, c := range []struct{ name, parent, visibility string }{{"open", "", gate.ForAnybody}, {"readers", "", gate.ForReaders}, {"groups", "", gate.ForGroups},
		{"open in readers", "readers", gate.ForAnybody}, {"readers in groups", "groups", gate.ForReaders}} {
		in := kb.CategoryInput{Name: c.name, Visibility: c.visibility}
		if c.visibility == gate.ForGroups {
			in.Groups = []string{w.group}
		}
		w.categories[c.name], err = w.Bases.AddCategory(w.ctx, w.Admin, "help", w.categories[c.parent], in)
		w.Must(err)
		for _, state := range []string{"draft", "scheduled", "published"} {
			w.write(c.name, state)
		}
	}
	for name := range w.people {
		w.actors[name] = gate.Admit(gate.Admission{Kind: gate.User, Org: w.OrgID, User: w.people[name], IP: "127.0.0.1"}) // sealed: no keys are needed
	}
	w.actors["admin"] = w.Admin
	w.actors["passer-by"], _, err = w.Sessions.PasserBy(w.ctx, "northwind-it", "192.0.2.1", nil)
	w.Must(err)
	return w
}

// write makes an article "<category> <state>".
func (w *world) write(category, state string) {
	w.T.Helper()
	made, err := w.Bases.Write(w.ctx, w.Admin, "help", kb.Input{Category: w.categories[category], Title: category + " " + state, Markdown: "Words of " + category + " " + state + "."})
	w.Must(err)
	w.articles[category+" "+state] = made.ID
	switch state {
	case "published":
		_, err = w.Bases.Publish(w.ctx, w.Admin, made.ID, 1, 0)
	case "scheduled":
		_, err = w.Bases.Publish(w.ctx, w.Admin, made.ID, 1, w.Clock.Now().UnixMilli()+60_000)
	}
	w.Must(err)
}

// reads says by the spec's rule which articles somebody reads now.
func reads(who, article string) bool {
	var category, state string
	for _, s := range []string{"draft", "scheduled", "published"} {
		if c, ok := cut(article, " "+s); ok {
			category, state = c, s
		}
	}
	switch who {
	case "editor", "keeper", "admin":
		return true
	}
	if state != "published" {
		return false
	}
	switch category {
	case "open":
		return true
	case "readers", "open in readers":
		return slices.Contains([]string{"member", "reader", "ingroup", "guest-reader", "member2"}, who)
	case "groups", "readers in groups":
		return who == "ingroup"
	}
	panic(category)
}

func cut(s, end string) (string, bool) {
	if len(s) > len(end) && s[len(s)-len(end):] == end {
		return s[:len(s)-len(end)], true
	}
	return s, false
}

func absent(err error) bool { return fault.Is(err, fault.Absent) }
