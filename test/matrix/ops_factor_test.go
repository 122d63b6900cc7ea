package matrix

import (
	"bailiwick/internal/factor"
	"bailiwick/internal/people"
	"bailiwick/internal/seal"
)

// withFactor have a second factor in their rows, for others to reset.
var withFactor = []string{"junior", "guest", "managerA"}

func factorOps() map[string]operation {
	code := func(w *world, what, who string) string {
		seed := w.seeds[what+" "+who]
		if !seed.Valid() {
			return "000000"
		}
		return seed.Code(seal.TOTPStep(w.App.Clock.Now()))
	}
	return map[string]operation{
		"factor.list": simple(func(w *world, a acting) (any, error) { return ok1(w.Factors.List(w.ctx, a.Actor)) }),
		"factor.begin": slow(simple(func(w *world, a acting) (any, error) {
			return ok1(w.Factors.Begin(w.ctx, a.Actor, factor.NewFactor{Kind: factor.TOTP, Name: canaryOne, Password: password}))
		})),
		"factor.add": mine("factor-begun", func(w *world, a acting, id string) (any, error) {
			return ok1(w.Factors.Confirm(w.ctx, a.Actor, factor.Confirmation{ID: id, Code: code(w, "begun", a.person)}))
		}),
		"factor.rename": mine("factor-done", func(w *world, a acting, id string) (any, error) {
			return ok0(w.Factors.Rename(w.ctx, a.Actor, id, canaryOne+" too"))
		}),
		"factor.remove": slowly(mine("factor-done", func(w *world, a acting, id string) (any, error) {
			return ok0(w.Factors.Remove(w.ctx, a.Actor, id, password))
		})),
		"factor.codes": slow(simple(func(w *world, a acting) (any, error) { return ok1(w.Factors.NewCodes(w.ctx, a.Actor, password)) })),
		"factor.prove": locking(simple(func(w *world, a acting) (any, error) {
			return ok0(w.Sessions.Prove(w.ctx, a.Actor, a.bearer, factor.Proof{Code: code(w, "done", a.person)}))
		})),
		"user.reset-factor": act(func(s *people.Store) func(*world, acting, string) error {
			return func(w *world, a acting, id string) error { return s.ResetFactor(w.ctx, a.Actor, id) }
		}, withFactor...),
	}
}

// locking operations count tries as a sign-in does.
func locking(o operation) operation {
	o = slow(o)
	o.slow = false
	return o
}

func slowly(o operation) operation {
	for i := range o.cells {
		o.cells[i] = slow(operation{cells: o.cells[i : i+1]}).cells[0]
	}
	o.slow = true
	return o
}

func init() {
	for name, why := range map[string]string{
		"session.hold":   "keeps a sign-in until its second factor is proved; nobody is known yet (test/flow)",
		"session.second": "shows who holds a sign-in that waits what finishes it (test/flow)",
		"factor.sweep":   "the sweeper's: drops set-ups that were not finished, by no actor",
	} {
		internal[name] = why
	}
}
