package kb_test

import (
	"testing"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
)

// TestOpening: whichever way something becomes readable by anybody, nothing is
// done until whoever does it is sure; and nothing else is asked about.
func TestOpening(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ed := w.actors["editor"]
		asks := func(what, want string, do func(sure bool) error) {
			t.Helper()
			err := do(false)
			f, ok := fault.As(err)
			if want == "" {
				w.Must(err)
				return
			}
			if !ok || len(f.Fields) != 1 || f.Fields[0].Name != "sure" || f.Fields[0].Text != want+", without signing in. Confirm that." {
				t.Errorf("%s: %+v", what, err)
				return
			}
			w.Must(do(true))
		}
		public := func(article string) bool {
			_, err := w.Bases.Read(w.ctx, w.actors["passer-by"], "", w.articles[article])
			return err == nil
		}
		move := func(category, parent, before string) func(bool) error {
			return func(sure bool) error {
				return w.Bases.MoveCategory(w.ctx, ed, w.categories[category], w.categories[parent], w.categories[before], sure)
			}
		}
		put := func(article, category string) func(bool) error {
			return func(sure bool) error {
				a, err := w.Bases.Draft(w.ctx, ed, w.articles[article])
				w.Must(err)
				_, err = w.Bases.Edit(w.ctx, ed, a.ID, a.Version, kb.Input{Category: w.categories[category], Title: a.Title, Markdown: a.Markdown, Sure: sure})
				return err
			}
		}

		// A move within what is closed, or of what is no public category.
		asks("among its like", "", move("open in readers", "groups", ""))
		asks("readers to the top", "", move("readers in groups", "", "open"))
		asks("before another one", "", move("open", "", "groups"))
		asks("out", "3 articles (1 published) become readable by anybody", move("open in readers", "", ""))
		if !public("open in readers published") || public("open in readers scheduled") {
			t.Error("it was not opened as asked")
		}
		asks("in again", "", move("open in readers", "readers", ""))
		asks("into a public one", "3 articles (1 published) become readable by anybody", move("open in readers", "open", ""))
		asks("within what is public", "", move("open in readers", "", ""))

		// An article that is out, or will be, and goes to another category.
		asks("a draft", "", put("readers draft", "open"))
		asks("what is scheduled", "1 article (0 published) becomes readable by anybody", put("readers scheduled", "open"))
		asks("what is out", "1 article (1 published) becomes readable by anybody", put("readers published", "open"))
		asks("back", "", put("readers published", "readers"))
		asks("its text alone", "", put("open published", "open"))
		if public("readers published") {
			t.Error("it is public still")
		}

		// Articles of a category that is deleted.
		asks("what is closed, to what is closed", "", func(sure bool) error {
			return w.Bases.DeleteCategory(w.ctx, ed, w.categories["readers in groups"], w.categories["groups"], sure)
		})
		asks("to what is public", "6 articles (2 published) become readable by anybody", func(sure bool) error {
			return w.Bases.DeleteCategory(w.ctx, ed, w.categories["groups"], w.categories["open"], sure)
		})
		if !public("groups published") {
			t.Error("it is not public")
		}
	})
}

// TestCategoryConflict: the second of two is told what is there now.
func TestCategoryConflict(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.categories["readers"]
		_, err := w.Bases.EditCategory(w.ctx, w.Admin, id, 1, kb.CategoryInput{Name: "Night", Visibility: gate.ForGroups, Groups: []string{w.group}})
		w.Must(err)
		_, err = w.Bases.EditCategory(w.ctx, w.Admin, id, 1, kb.CategoryInput{Name: "Day", Visibility: gate.ForReaders})
		f, ok := fault.As(err)
		if !ok || f.Kind != fault.Conflict || len(f.Fields) != 2 || f.Fields[0].Text != "It is now: Night" || f.Fields[1].Text != "It is now: readers in Night shift" {
			t.Errorf("%+v", err)
		}
		if c, err := w.Bases.Category(w.ctx, w.Admin, id); err != nil || c.Version != 2 || c.Name != "Night" {
			t.Errorf("%+v, %v", c, err)
		}
		if _, err := w.Bases.Category(w.ctx, w.actors["guest"], id); !absent(err) {
			t.Errorf("who does not read it: %v", err)
		}
	})
}
