package kb_test

import (
	"slices"
	"testing"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
)

// Whoever asks, by whatever way: exactly what he may read comes back, and the
// rest reads like what is not there.
func TestWhoReadsWhat(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for name, who := range w.actors {
			var want, got []string
			for article, id := range w.articles {
				if reads(name, article) {
					want = append(want, id)
				}
				a, err := w.Bases.Read(w.ctx, who, "", id)
				switch {
				case !reads(name, article):
					if !absent(err) {
						t.Errorf("%s reads %s: %v", name, article, err)
					}
				case slices.Contains([]string{w.articles["open draft"], w.articles["readers draft"]}, id): // nothing was ever published
					if !absent(err) {
						t.Errorf("%s reads a text that was never published: %v", name, err)
					}
				case err == nil && a.Markdown != "Words of "+article+".":
					t.Errorf("%s reads %q", article, a.Markdown)
				case err != nil && a.PublishedAt != 0:
					t.Errorf("%s does not read %s: %v", name, article, err)
				}
			}
			page, err := w.Bases.Articles(w.ctx, who, "help", kb.Listing{})
			w.Must(err)
			for _, r := range page.Rows {
				got = append(got, r.ID)
			}
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s lists %d articles, should list %d", name, len(got), len(want))
			}
			front, err := w.Bases.Open(w.ctx, who, "help")
			w.Must(err)
			counted := 0
			for _, c := range front.Categories {
				counted += c.Articles
				page, err := w.Bases.Articles(w.ctx, who, "help", kb.Listing{Category: c.ID})
				if err != nil || len(page.Rows) != c.Articles {
					t.Errorf("%s: category %s has %d articles, counted %d (%v)", name, c.Name, len(page.Rows), c.Articles, err)
				}
			}
			if counted != len(want) {
				t.Errorf("%s: %d articles are counted, %d read", name, counted, len(want))
			}
			newest, err := w.Bases.Newest(w.ctx, who, "help", 50)
			w.Must(err)
			for _, r := range newest {
				if !slices.Contains(want, r.ID) {
					t.Errorf("%s: the feed has %s", name, r.Title)
				}
			}
			for category, id := range w.categories {
				_, err := w.Bases.Articles(w.ctx, who, "help", kb.Listing{Category: id})
				if (err == nil) != reads(name, category+" published") {
					t.Errorf("%s lists category %s: %v", name, category, err)
				}
			}
		}
	})
}

// What is scheduled comes out by itself.
func TestScheduled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.articles["open scheduled"]
		if _, err := w.Bases.Read(w.ctx, w.actors["passer-by"], "help", "open-scheduled"); !absent(err) {
			t.Errorf("before its time: %v", err)
		}
		w.Clock.Advance(2 * time.Minute)
		a, err := w.Bases.Read(w.ctx, w.actors["passer-by"], "help", "open-scheduled")
		if err != nil || a.ID != id || a.Title != "open scheduled" || len(a.Path) != 1 || a.Path[0].Name != "open" {
			t.Errorf("in its time: %+v, %v", a, err)
		}
	})
}

// Nobody but those with a role writes, and a passer-by's refusals are not
// logged.
func TestWhoWrites(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := kb.Input{Category: w.categories["open"], Title: "New", Markdown: "x"}
		for name, who := range w.actors {
			may := map[string]gate.Role{"editor": gate.Editor, "keeper": gate.Admin, "admin": gate.Admin}[name]
			for what, c := range map[string]struct {
				least gate.Role
				call  func() error
			}{
				"write":       {gate.Editor, func() error { _, err := w.Bases.Write(w.ctx, who, "help", in); return err }},
				"see a draft": {gate.Editor, func() error { _, err := w.Bases.Draft(w.ctx, who, w.articles["open draft"]); return err }},
				"history":     {gate.Editor, func() error { _, err := w.Bases.History(w.ctx, who, w.articles["open published"]); return err }},
				"add category": {gate.Editor, func() error {
					_, err := w.Bases.AddCategory(w.ctx, who, "help", "", kb.CategoryInput{Name: "x", Visibility: gate.ForReaders})
					return err
				}},
				"move category": {gate.Editor, func() error {
					return w.Bases.MoveCategory(w.ctx, who, w.categories["groups"], "", w.categories["open"], false)
				}},
				"people":      {gate.Admin, func() error { _, err := w.Bases.People(w.ctx, who, "help"); return err }},
				"give a role": {gate.Admin, func() error { return w.Bases.SetRole(w.ctx, who, "help", w.people["member2"], gate.Reader) }},
			} {
				err := c.call()
				if (err == nil) != (may >= c.least) || err != nil && !absent(err) {
					t.Errorf("%s: %s: %v", name, what, err)
				}
			}
			if _, err := w.Bases.Add(w.ctx, who, kb.NewBase{Path: "x-" + name, Name: "X"}); (err == nil) != (name == "admin") || err != nil && !absent(err) {
				t.Errorf("%s adds a knowledge base: %v", name, err)
			}
		}
	})
}

// Roles: the default reaches everybody without one of his own, at once.
func TestRoles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		role := func(name string) gate.Role {
			t.Helper()
			f, err := w.Bases.Open(w.ctx, w.actors[name], "help")
			w.Must(err)
			return f.Role
		}
		for name, want := range map[string]gate.Role{"passer-by": gate.Public, "guest": gate.Public, "none": gate.Public, "member": gate.Reader, "reader": gate.Reader, "editor": gate.Editor, "keeper": gate.Admin, "admin": gate.Admin} {
			if got := role(name); got != want {
				t.Errorf("%s is %s", name, got)
			}
		}
		_, err := w.Bases.Set(w.ctx, w.actors["keeper"], "help", 1, kb.Settings{DefaultRole: gate.Editor})
		w.Must(err)
		if role("member") != gate.Editor || role("none") != gate.Public || role("reader") != gate.Reader || role("guest") != gate.Public {
			t.Error("a new default does not reach those without a role, or reaches others")
		}
		_, err = w.Bases.Set(w.ctx, w.actors["keeper"], "help", 2, kb.Settings{DefaultRole: gate.Public})
		w.Must(err)
		if role("member") != gate.Public {
			t.Error("without a default, members still read")
		}
		w.Must(w.Bases.SetRole(w.ctx, w.actors["keeper"], "help", w.people["member"], gate.Admin))
		if role("member") != gate.Admin {
			t.Error("not given")
		}
		w.Must(w.Bases.SetRole(w.ctx, w.actors["keeper"], "help", w.people["member"], 0))
		if role("member") != gate.Public {
			t.Error("the default did not come back")
		}
		for what, err := range map[string]error{
			"his own":          w.Bases.SetRole(w.ctx, w.actors["keeper"], "help", w.people["keeper"], gate.Reader),
			"an administrator": w.Bases.SetRole(w.ctx, w.actors["keeper"], "help", w.AdminID, gate.Public),
			"nobody":           w.Bases.SetRole(w.ctx, w.actors["keeper"], "help", "user_none", gate.Reader),
		} {
			if !absent(err) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := w.Bases.SetRole(w.ctx, w.Admin, "help", w.AdminID, gate.Public); !absent(err) { // himself
			t.Errorf("an administrator's own: %v", err)
		}
		if _, err := w.Bases.Set(w.ctx, w.actors["keeper"], "help", 3, kb.Settings{DefaultRole: gate.Admin}); !fault.Is(err, fault.Invalid) {
			t.Errorf("Admin by default: %v", err)
		}
	})
}
