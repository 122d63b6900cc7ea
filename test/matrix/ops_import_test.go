package matrix

import (
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/importer"
	"bailiwick/internal/seal"
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
	// Whose the draft is, is asked after the keys: the answer to a sealed session
	// is the same for every id.
	keyed := func(o operation) operation {
		for i, c := range o.cells {
			if c.label != "self" {
				o.cells[i].also = append(o.cells[i].also, fault.Sealed)
			}
		}
		return o
	}
	choose := keyed(mine("import", func(w *world, a acting, id string) (any, error) {
		return ok0(w.Imports.Choose(w.ctx, a.Actor, id, importer.Choices{Duplicates: importer.Skip, To: importer.Destination{Client: w.company(a)}}))
	}))
	choose.cells[0].also, choose.cells[0].says = []fault.Kind{fault.Invalid}, "a destination that is not reached"
	view := mine("import", func(w *world, a acting, id string) (any, error) { return ok1(w.Imports.View(w.ctx, a.Actor, id)) })
	view.cells = append(view.cells, cell{label: "list", call: func(w *world, a acting) (any, error) { return ok1(w.Imports.List(w.ctx, a.Actor)) }})
	return map[string]operation{
		"import.upload": simple(func(w *world, a acting) (any, error) {
			return ok1(w.Imports.Upload(w.ctx, a.Actor, "b.csv", importer.Choices{}, strings.NewReader("Title,Password\na,b\n")))
		}),
		"import.unlock": keyed(mine("import", func(w *world, a acting, id string) (any, error) {
			return ok0(w.Imports.Unlock(w.ctx, a.Actor, id, seal.NewSecret("none"), nil)) // a draft that is not locked: nothing is left to be done
		})),
		"import.view":    view,
		"import.preview": keyed(mine("import", func(w *world, a acting, id string) (any, error) { return ok1(w.Imports.Preview(w.ctx, a.Actor, id)) })),
		"import.choose":  choose,
		"import.cancel":  mine("import", func(w *world, a acting, id string) (any, error) { return ok0(w.Imports.Cancel(w.ctx, a.Actor, id)) }),
		"import.run": keyed(stays(mine("import", func(w *world, a acting, id string) (any, error) { return ok0(w.Imports.Run(w.ctx, a.Actor, id)) }),
			"the draft has no destination yet")),
		"import.undo": keyed(stays(mine("import", func(w *world, a acting, id string) (any, error) { return ok1(w.Imports.Undo(w.ctx, a.Actor, id)) }),
			"a draft has nothing to be undone")),
	}
}

// company is a client that the draft's starter reaches, so that it can be
// chosen: for others than the provider their own.
func (w *world) company(a acting) string {
	return w.id("client", map[string]string{"one": "assigned", "two": "foreign", "site": "home", "site2": "home2"}[homeOf(a.person)])
}

// inside are operations of a larger one that runs in several transactions, and
// that no method calls alone.
var inside = map[string]string{
	"session.follow":  "done by the gate for an actor who holds a seed, on a full disk: test/fault",
	"session.renew":   "done by the gate for an actor who holds a seed; histories make epochs",
	"import.continue": "of a background job; internal/importer tests who may go on",
	"factor.try":      "the first half of factor.prove: the try is counted before it is checked",
	"import.end":      "a part of import.upload and of the background job",
}
