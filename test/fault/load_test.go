//go:build linux

package fault

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"bailiwick/sdk"
)

// worker makes requests of every kind, one after the other, and remembers what
// it was told. Several of them are a load.
type worker struct {
	t       *testing.T
	name    string
	who     caller
	world   world
	dice    *rand.Rand
	line    *line
	ledger  ledger
	things  []*thing
	moved   map[*thing]bool // touched since the last check
	again   []func(context.Context)
	lost    []string // titles of what may have been added, and was not asked for again
	count   int
	told    map[verdict]int
	cut     bool // a request got no answer since the work began
	dry     bool // nothing can be written: what is refused is refused without its event
	failing bool // SQLite may find its file damaged when a read fails, which is an internal error
}

func crew(t *testing.T, w world) []*worker {
	var all []*worker
	for i, who := range []caller{w.admin, w.techs[0], w.techs[1], w.token} {
		all = append(all, &worker{t: t, name: fmt.Sprint("w", i), who: who, world: w, dice: rand.New(rand.NewPCG(*seed, uint64(i))),
			ledger: ledger{}, moved: map[*thing]bool{}, told: map[verdict]int{}})
	}
	return all
}

func ledgers(workers []*worker) (all []ledger) {
	for _, w := range workers {
		all = append(all, w.ledger)
	}
	return all
}

// together runs fn for every worker at once.
func together(workers []*worker, l *line, fn func(*worker)) {
	var wg sync.WaitGroup
	for _, w := range workers {
		w.line = l
		wg.Go(func() { fn(w) })
	}
	wg.Wait()
}

// work goes on until the context is over, or an answer fails to come.
func (w *worker) work(ctx context.Context) {
	for w.cut = false; !w.cut && ctx.Err() == nil; {
		w.step(ctx)
	}
}

func (w *worker) step(ctx context.Context) {
	th := w.pick()
	switch n := w.dice.IntN(100); {
	case n < 20 || th == nil:
		w.add(ctx)
	case n < 50:
		w.reveal(ctx, th.id)
	case n < 70:
		w.edit(ctx, th)
	case n < 77 && w.who.user == w.world.admin.user: // technicians may not
		w.archive(ctx, th)
	case n < 83:
		a := w.call(ctx, "PATCH", "/credentials/"+th.id, "", sdk.CredentialChange{Version: th.may[0].version + 7, Password: new(sdk.Secret)})
		w.never(a, "a change of a version that there is not")
	case n < 90 && w.who.user != w.world.admin.user:
		a := w.reveal(ctx, w.world.hidden)
		w.never(a, "a reveal out of reach")
	default:
		w.call(ctx, "GET", "/credentials/"+th.id, "", nil)
	}
}

// call makes a request and counts what came of it.
func (w *worker) call(ctx context.Context, method, path, key string, in any) answer {
	a := w.line.call(ctx, w.who, method, path, key, in)
	v := w.verdict(a)
	w.told[v]++
	w.cut = w.cut || v == unknown
	if v == broken {
		w.t.Errorf("%s %s: status %d, %+v", method, path, a.status, a.problem)
	}
	return a
}

// verdict takes an internal error for an open question where files fail.
func (w *worker) verdict(a answer) verdict {
	if v := a.verdict(); v != broken || !w.failing {
		return v
	}
	return unknown
}

func (w *worker) never(a answer, what string) {
	if w.verdict(a) == done {
		w.t.Errorf("%s is answered with %d", what, a.status)
	}
}

// pick gives one of the latest things of which all is known.
func (w *worker) pick() *thing {
	from := max(0, len(w.things)-6)
	for range 4 {
		if len(w.things) == from {
			return nil
		}
		if th := w.things[from+w.dice.IntN(len(w.things)-from)]; th.sure() {
			return th
		}
	}
	return nil
}

func (w *worker) next() string {
	w.count++
	return fmt.Sprintf("%s-%06d", w.name, w.count)
}

func (w *worker) add(ctx context.Context) {
	name := w.next()
	in := sdk.NewCredential{Client: w.world.here, Type: "Server", Title: name, Username: "root", Password: sdk.Secret("pw-" + name)}
	try := func(ctx context.Context) answer {
		a := w.call(ctx, "POST", "/credentials", name, in)
		w.ledger.note(event{w.who.user, "credential.add", "done", ""}, w.verdict(a))
		if w.verdict(a) == done {
			var made sdk.Done
			a.into(w.t, &made)
			th := &thing{made.ID, name, []state{{1, "pw-" + name, false}}}
			w.things, w.moved[th] = append(w.things, th), true
		}
		return a
	}
	if w.verdict(try(ctx)) == unknown {
		w.askAgain(func(ctx context.Context) answer {
			// Now there is one, whether it was there before or not.
			w.ledger[event{w.who.user, "credential.add", "done", ""}].maybe--
			return try(ctx)
		}, func() { w.lost = append(w.lost, name) })
	}
}

func (w *worker) edit(ctx context.Context, th *thing) {
	old := th.may[0]
	if old.version == 0 || old.archived {
		return
	}
	name := w.next()
	next := sdk.Secret("pw-" + name)
	w.change(ctx, th, state{old.version + 1, next.Reveal(), false}, "credential.edit", func(ctx context.Context) answer {
		return w.call(ctx, "PATCH", "/credentials/"+th.id, name, sdk.CredentialChange{Version: old.version, Password: &next})
	})
}

func (w *worker) archive(ctx context.Context, th *thing) {
	old, name, act := th.may[0], w.next(), "archive"
	if old.archived {
		act = "restore"
	}
	w.change(ctx, th, state{0, old.password, !old.archived}, "credential."+act, func(ctx context.Context) answer {
		return w.call(ctx, "POST", "/credentials/"+th.id+"/"+act, name, nil)
	})
}

// change makes a change with an idempotency key. One that got no answer is
// made again with the same key, or left as it may be.
func (w *worker) change(ctx context.Context, th *thing, next state, operation string, send func(context.Context) answer) {
	e := event{w.who.user, operation, "done", th.id}
	v := w.verdict(send(ctx))
	w.ledger.note(e, v)
	w.moved[th] = true
	switch v {
	case done:
		th.may = []state{next}
	case unknown:
		th.may = append(th.may, next)
		w.askAgain(func(ctx context.Context) answer {
			w.ledger[e].maybe--
			a := send(ctx)
			w.ledger.note(e, a.verdict())
			if a.verdict() == done {
				th.may = []state{next}
			}
			return a
		}, func() {})
	}
}

// askAgain repeats a request after the restart, every other time.
func (w *worker) askAgain(try func(context.Context) answer, leave func()) {
	if w.dice.IntN(2) == 0 {
		leave()
		return
	}
	w.again = append(w.again, func(ctx context.Context) {
		if a := try(ctx); a.verdict() != done {
			w.t.Errorf("%s: a request sent again with its key: status %d, %+v, %v", w.name, a.status, a.problem, a.err)
		}
	})
}

func (w *worker) reveal(ctx context.Context, credential string) answer {
	a := w.line.reveal(ctx, w.who, credential)
	v := w.verdict(a)
	w.told[v]++
	w.cut = w.cut || v == unknown
	switch {
	case v == broken:
		w.t.Errorf("reveal: status %d, %+v", a.status, a.problem)
	case a.status == 404 && w.dry:
		w.ledger.note(event{w.who.user, "credential.reveal", "refused", credential}, unknown)
	case a.status == 404:
		w.ledger.note(event{w.who.user, "credential.reveal", "refused", credential}, done)
	case v == unknown && credential == w.world.hidden:
		w.ledger.note(event{w.who.user, "credential.reveal", "refused", credential}, unknown)
	default:
		w.ledger.note(event{w.who.user, "credential.reveal", "done", credential}, v)
	}
	return a
}

// check asks again what is to be asked again, and looks at what was touched.
func (w *worker) check() {
	for _, fn := range w.again {
		fn(w.t.Context())
	}
	w.again = nil
	for th := range w.moved {
		th.look(w.t, w)
	}
	clear(w.moved)
}
