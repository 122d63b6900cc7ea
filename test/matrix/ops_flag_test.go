package matrix

import (
	"bailiwick/internal/fault"
	passwords "bailiwick/internal/password"
	"bailiwick/internal/vault"
)

func flagOps() map[string]operation {
	of := func(call func(w *world, a acting, id string) (any, error)) operation {
		return operation{reach: true, cells: each("credential", loginNames, call)}
	}
	undo := of(func(w *world, a acting, id string) (any, error) { return ok0(w.Vault.Reflag(w.ctx, a.Actor, id)) })
	for i := range undo.cells {
		undo.cells[i].also, undo.cells[i].says = []fault.Kind{fault.Unacceptable}, "nobody has cleared a flag here"
	}
	return map[string]operation{
		"credential.flag": of(func(w *world, a acting, id string) (any, error) {
			return ok0(w.Vault.Flag(w.ctx, a.Actor, id, canaryOne+" note"))
		}),
		"credential.unflag":      of(func(w *world, a acting, id string) (any, error) { return ok0(w.Vault.Unflag(w.ctx, a.Actor, id, "")) }),
		"credential.unflag.undo": undo,
		"credential.twins": of(func(w *world, a acting, id string) (any, error) {
			list, _, err := w.Vault.Twins(w.ctx, a.Actor, id)
			return list, err
		}),
		"flag.count": {cells: []cell{{label: "all", visible: "client", call: func(w *world, a acting) (any, error) { return ok1(w.Vault.FlagCounts(w.ctx, a.Actor)) },
			shown: func(v any) (ids []string) {
				for client := range v.(map[string]int) {
					ids = append(ids, client)
				}
				return ids
			}}}},
		"passwords.settings.view": simple(func(w *world, a acting) (any, error) { return ok1(w.Vault.Passwords(w.ctx, a.Actor)) }),
		"passwords.settings.save": simple(func(w *world, a acting) (any, error) {
			was := vault.Passwords{Policy: passwords.Standard()}
			return ok0(w.Vault.SavePasswords(w.ctx, a.Actor, was, vault.Passwords{Policy: passwords.Policy{Length: 14}}))
		}),
		"passwords.check": simple(func(w *world, a acting) (any, error) { return ok1(w.Vault.Unjudged(w.ctx, a.Actor)) }),
		"rotation.flag":   simple(func(w *world, a acting) (any, error) { return ok1(w.Vault.RotateOrg(w.ctx, a.Actor)) }),
	}
}

func init() {
	internal["rotation.due"] = "the job's: finds organizations in which something is due, by no actor"
	inside["passwords.mark"] = "the second half of passwords.check, in transactions of its own; internal/vault tests whose session must be open"
}
