package matrix

import (
	"bailiwick/internal/exporter"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

func exportOps() map[string]operation {
	all := slow(simple(func(w *world, a acting) (any, error) {
		return ok1(w.Exports.Begin(w.ctx, a.Actor, exporter.Choice{Format: exporter.CSV, Password: password}))
	}))
	for _, c := range each("client", []string{"assigned", "far", "foreign", "random"}, func(w *world, a acting, id string) (any, error) {
		return ok1(w.Exports.Begin(w.ctx, a.Actor, exporter.Choice{Format: exporter.CSV, Password: password, Clients: []string{id}}))
	}) {
		c.also, c.says = []fault.Kind{fault.Sealed, fault.Throttled}, "the keys and the password are asked for first, and who is locked out waits"
		all.cells = append(all.cells, c)
	}
	// What a part gives, internal/exporter's own tests show.
	part := operation{reach: true, cells: each("client", clientNames, func(w *world, a acting, id string) (any, error) {
		return gate.Do(w.ctx, w.Gate, a.Actor, exporter.OpPart, gate.Client(id), func(*gate.Tx) (bool, error) { return true, nil })
	})}
	return map[string]operation{
		"export.credentials": all,
		"export.part":        part,
		"client.export":      simple(func(w *world, a acting) (any, error) { return ok1(w.Clients.Export(w.ctx, a.Actor, false)) }),
		"export.own": slow(simple(func(w *world, a acting) (any, error) {
			return ok1(w.Exports.Begin(w.ctx, a.Actor, exporter.Choice{Format: exporter.CSV, Password: password, Own: true}))
		})),
		"export.own.part": simple(func(w *world, a acting) (any, error) {
			return gate.Do(w.ctx, w.Gate, a.Actor, exporter.OpOwnPart, gate.Nothing(), func(*gate.Tx) (bool, error) { return true, nil })
		}),
	}
}
