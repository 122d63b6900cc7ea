package matrix

import (
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/importer"
	"bailiwick/internal/sheet"
)

// importOps are tried on drafts. That each row is judged by the permission of
// the act itself is internal/importer's to prove.
func importOps() map[string]operation {
	stays := func(o operation, says string) operation {
		for i := range o.cells {
			o.cells[i].also, o.cells[i].says = []fault.Kind{fault.Unacceptable}, says
		}
		return o
	}
	view := mine("import", func(w *world, a acting, id string) (any, error) { return ok1(w.Imports.View(w.ctx, a.Actor, id)) })
	view.cells = append(view.cells, cell{label: "list", call: func(w *world, a acting) (any, error) { return ok1(w.Imports.List(w.ctx, a.Actor)) }})
	return map[string]operation{
		"import.upload": simple(func(w *world, a acting) (any, error) {
			return ok1(w.Imports.Upload(w.ctx, a.Actor, "b.csv", sheet.Options{}, strings.NewReader("Title,Password\na,b\n")))
		}),
		"import.view":    view,
		"import.preview": mine("import", func(w *world, a acting, id string) (any, error) { return ok1(w.Imports.Preview(w.ctx, a.Actor, id)) }),
		"import.choose": mine("import", func(w *world, a acting, id string) (any, error) {
			return ok0(w.Imports.Choose(w.ctx, a.Actor, id, importer.Choices{Duplicates: importer.Skip}))
		}),
		"import.cancel": mine("import", func(w *world, a acting, id string) (any, error) { return ok0(w.Imports.Cancel(w.ctx, a.Actor, id)) }),
		"import.run": stays(mine("import", func(w *world, a acting, id string) (any, error) { return ok0(w.Imports.Run(w.ctx, a.Actor, id)) }),
			"the draft has no destination yet"),
		"import.undo": stays(mine("import", func(w *world, a acting, id string) (any, error) { return ok1(w.Imports.Undo(w.ctx, a.Actor, id)) }),
			"a draft has nothing to be undone"),
	}
}

// inside are operations of a larger one that runs in several transactions, and
// that no method calls alone.
var inside = map[string]string{
	"session.renew":   "done by the gate for an actor who holds a seed; histories make epochs",
	"import.continue": "of a background job; internal/importer tests who may go on",
	"import.stage":    "a part of import.upload and of the background job",
	"import.done":     "the end of the background job; internal/importer tests each row's permission",
	"import.end":      "a part of import.upload and of the background job",
}
