package kb_test

import (
	"slices"
	"testing"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
)

// Readers see what was published, until it is published anew.
func TestVersions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		editor, passer := w.actors["editor"], w.actors["passer-by"]
		in := kb.Input{Category: w.categories["open"], Title: "Réinitialiser le VPN", Markdown: "One", Tags: []string{"VPN", " vpn ", "réseau"}}
		made, err := w.Bases.Write(w.ctx, editor, "help", in)
		w.Must(err)
		if made.Slug != "reinitialiser-le-vpn" || made.Version != 1 {
			t.Errorf("made %+v", made)
		}
		v, err := w.Bases.Publish(w.ctx, editor, made.ID, 1, 0)
		w.Must(err)
		in.Markdown, in.Title = "Two", "Le VPN"
		if _, err := w.Bases.Edit(w.ctx, editor, made.ID, 1, in); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale edit: %v", err)
		}
		saved, err := w.Bases.Edit(w.ctx, editor, made.ID, v, in)
		w.Must(err)
		read := func(want string) {
			t.Helper()
			a, err := w.Bases.Read(w.ctx, passer, "help", made.Slug)
			if err != nil || a.Title+"|"+a.Markdown != want || !slices.Equal(a.Tags, []string{"réseau", "VPN"}) || a.MayEdit {
				t.Errorf("readers see %+v, %v", a, err)
			}
		}
		read("Réinitialiser le VPN|One")
		d, err := w.Bases.Draft(w.ctx, editor, made.ID)
		if err != nil || d.Markdown != "Two" || !d.Changed || d.Version != saved.Version || d.Slug != made.Slug {
			t.Errorf("editors see %+v, %v", d, err)
		}
		w.Clock.Advance(time.Hour)
		v, err = w.Bases.Publish(w.ctx, editor, made.ID, saved.Version, 0)
		w.Must(err)
		read("Le VPN|Two")
		back, err := w.Bases.Restore(w.ctx, editor, made.ID, v, 1)
		w.Must(err)
		read("Le VPN|Two")
		all, err := w.Bases.History(w.ctx, editor, made.ID)
		w.Must(err)
		if len(all) != 3 || !all[0].Latest || !all[1].Live || all[2].Number != 1 || all[0].By != "editor" {
			t.Errorf("history %+v", all)
		}
		one, err := w.Bases.Edition(w.ctx, editor, made.ID, all[0].Number)
		if err != nil || one.Markdown != "One" || one.Title != "Réinitialiser le VPN" {
			t.Errorf("restored %+v, %v", one, err)
		}
		if _, err := w.Bases.Unpublish(w.ctx, editor, made.ID, back.Version); err != nil {
			t.Error(err)
		}
		if _, err := w.Bases.Read(w.ctx, passer, "help", made.Slug); !absent(err) {
			t.Errorf("taken back, and read: %v", err)
		}
		w.Must(w.Bases.Erase(w.ctx, editor, made.ID, back.Version+1))
		if _, err := w.Bases.Draft(w.ctx, editor, made.ID); !absent(err) {
			t.Errorf("deleted, and read: %v", err)
		}
	})
}

// Two articles of one title have two addresses; a page's own name is nobody's.
func TestAddresses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, c := range []struct{ title, slug, want string }{{"A & B", "", "a-b"}, {"a, b!", "", "a-b-2"}, {"Search", "", "search-1"}, {"漢字", "", "article"}, {"x", "chosen", "chosen"}, {"y", "chosen", "!"}, {"z", "feed", "!"}, {"z", "A b", "!"}} {
			made, err := w.Bases.Write(w.ctx, w.Admin, "help", kb.Input{Category: w.categories["open"], Title: c.title, Slug: c.slug})
			if c.want == "!" {
				if !fault.Is(err, fault.Invalid) {
					t.Errorf("%s: %v", c.slug, err)
				}
			} else if err != nil || made.Slug != c.want {
				t.Errorf("%s: %+v, %v", c.title, made, err)
			}
		}
		for _, tag := range []string{".", "..", "a, b"} { // dots alone lead elsewhere
			if _, err := w.Bases.Write(w.ctx, w.Admin, "help", kb.Input{Category: w.categories["open"], Title: "Tagged", Tags: []string{tag}}); !fault.Is(err, fault.Invalid) {
				t.Errorf("tag %q: %v", tag, err)
			}
		}
		for _, path := range []string{"help", "Help", "a_b", "new", "-a", ""} {
			if _, err := w.Bases.Add(w.ctx, w.Admin, kb.NewBase{Path: path, Name: "x"}); !fault.Is(err, fault.Invalid) {
				t.Errorf("path %q: %v", path, err)
			}
		}
	})
}

// The tree keeps its order, and what lies in it follows.
func TestCategoryTree(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		order := func(who gate.Actor) (names []string) {
			f, err := w.Bases.Open(w.ctx, who, "help")
			w.Must(err)
			for _, c := range f.Categories {
				names = append(names, c.Name)
			}
			return names
		}
		w.Must(w.Bases.MoveCategory(w.ctx, w.Admin, w.categories["groups"], "", w.categories["open"], false))
		if got := order(w.Admin); !slices.Equal(got, []string{"General", "groups", "readers in groups", "open", "readers", "open in readers"}) {
			t.Errorf("order %v", got)
		}
		if got := order(w.actors["passer-by"]); !slices.Equal(got, []string{"open"}) {
			t.Errorf("a passer-by sees %v", got)
		}
		if err := w.Bases.MoveCategory(w.ctx, w.Admin, w.categories["groups"], w.categories["readers in groups"], "", false); !fault.Is(err, fault.Invalid) {
			t.Errorf("into itself: %v", err)
		}
		// What was public within "readers" is public when it comes out of it.
		id := w.articles["open in readers published"]
		if _, err := w.Bases.Read(w.ctx, w.actors["passer-by"], "", id); !absent(err) {
			t.Errorf("within: %v", err)
		}
		w.Must(w.Bases.MoveCategory(w.ctx, w.Admin, w.categories["open in readers"], "", "", true))
		if _, err := w.Bases.Read(w.ctx, w.actors["passer-by"], "", id); err != nil {
			t.Errorf("outside: %v", err)
		}
		if err := w.Bases.DeleteCategory(w.ctx, w.Admin, w.categories["groups"], w.categories["open"], false); !fault.Is(err, fault.Unacceptable) {
			t.Errorf("with a category in it: %v", err)
		}
		if err := w.Bases.DeleteCategory(w.ctx, w.Admin, w.categories["open"], "", false); !fault.Is(err, fault.Invalid) {
			t.Errorf("with articles and no place for them: %v", err)
		}
		w.Must(w.Bases.DeleteCategory(w.ctx, w.Admin, w.categories["open"], w.categories["readers"], false))
		if _, err := w.Bases.Read(w.ctx, w.actors["passer-by"], "", w.articles["open published"]); !absent(err) {
			t.Errorf("moved where he does not read: %v", err)
		}
		if _, err := w.Bases.Read(w.ctx, w.actors["reader"], "", w.articles["open published"]); err != nil {
			t.Errorf("moved where he reads: %v", err)
		}
	})
}

// Deleting a knowledge base takes all of it, and says so before.
func TestDelete(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		weight, err := w.Bases.Weigh(w.ctx, w.Admin, "help")
		if err != nil || weight != (kb.Weight{Name: "Help", Articles: 15, Published: 5, Categories: 6, Guests: 1}) {
			t.Errorf("weight %+v, %v", weight, err)
		}
		if err := w.Bases.Delete(w.ctx, w.Admin, "help", "help"); !fault.Is(err, fault.Invalid) {
			t.Errorf("a wrong name: %v", err)
		}
		w.Must(w.Bases.Delete(w.ctx, w.Admin, "help", "Help"))
		if _, err := w.Bases.Open(w.ctx, w.Admin, "help"); !absent(err) {
			t.Errorf("deleted, and there: %v", err)
		}
		if _, err := w.Bases.Add(w.ctx, w.Admin, kb.NewBase{Path: "help", Name: "Help"}); err != nil {
			t.Errorf("the address is not free: %v", err)
		}
	})
}
