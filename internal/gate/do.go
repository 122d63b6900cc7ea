package gate

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"bailiwick/internal/clock"
	"bailiwick/internal/db"
	"bailiwick/internal/fault"
	"bailiwick/internal/seal"
)

// Gate holds the database; nobody else does.
type Gate struct {
	db       *db.DB
	clock    clock.Clock
	mu       sync.Mutex
	models   map[string]*Model
	families map[string]string // by organization; they never change
	states   states
	requests seal.Key
	refused  atomic.Uint64
	again    atomic.Uint64
	renew    func(context.Context, Actor) (Actor, error)
	due      func(context.Context, Actor) error
	settlers []func(context.Context, Actor) error
	mirror   func(*Tx) error
}

// New makes the gate over an open database.
func New(d *db.DB, c clock.Clock) *Gate {
	return &Gate{db: d, clock: c, models: map[string]*Model{}, families: map[string]string{}, states: states{of: map[string]orgState{}}}
}

// Requests gives the key under which requests are hashed for idempotency: a
// plain hash of a request could be guessed from a copy of the database.
func (g *Gate) Requests(key seal.Key) { g.requests = key }

// Refused counts the refusals since the gate was made.
func (g *Gate) Refused() uint64 { return g.refused.Load() }

// Again counts the operations that had to be done again in their turn, though
// they were done ahead of it, since the gate was made.
func (g *Gate) Again() uint64 { return g.again.Load() }

// Now is the gate's time.
func (g *Gate) Now() time.Time { return g.clock.Now() }

// Keys tells the gate how keys are kept current: renew gives the actor its
// key grant of the present epoch; due makes an epoch that is due.
func (g *Gate) Keys(renew func(context.Context, Actor) (Actor, error), due func(context.Context, Actor) error) {
	g.renew, g.due = renew, due
}

// Settling adds to what an open session does before anything else where keys of
// shared credentials wait for it.
func (g *Gate) Settling(fn func(context.Context, Actor) error) { g.settlers = append(g.settlers, fn) }

func (g *Gate) settle(ctx context.Context, who Actor) error {
	for _, fn := range g.settlers {
		if err := fn(ctx, who); err != nil {
			return err
		}
	}
	return nil
}

var (
	errRefused = errors.New("refused")
	errStale   = errors.New("the actor's keys are of an earlier epoch")
	errDue     = errors.New("a new epoch of keys is due")
	errSettle  = errors.New("keys of shared credentials wait")
)

// Do decides whether the actor may do op on target, and if so runs fn in a
// transaction bound to the actor's organization. Its result is given only
// when everything, the audit event too, is committed.
func Do[T any](ctx context.Context, g *Gate, who Actor, op *Op, target Target, fn func(*Tx) (T, error)) (T, error) {
	var out, zero T
	err := g.do(ctx, who, op, target, work{&out, func(t *Tx) (err error) {
		out, err = fn(t)
		return err
	}})
	if err != nil {
		return zero, err
	}
	return out, nil
}

// work is what an operation does, and where its result lies. The rest knows no
// types of results, so that the program has it once.
type work struct {
	out any // points to the result
	run func(*Tx) error
}

// repeat takes the answer of the first time instead. Whatever lies there from
// a try before must not shine through.
func (w work) repeat(answer string) error {
	reflect.ValueOf(w.out).Elem().SetZero()
	return json.Unmarshal([]byte(answer), w.out)
}

func (g *Gate) do(ctx context.Context, who Actor, op *Op, target Target, w work) error {
	if who.trace == nil {
		return fault.NotSignedIn()
	}
	if op.Scope != Anyone { // what anyone may ask decides nothing, so it opens no door for an answer
		who.trace.decided.Store(true)
	}
	undue := false
	for range 4 {
		err := g.attempt(ctx, who, op, target, w, undue)
		switch {
		case errors.Is(err, errStale) && g.renew != nil:
			if _, err = g.renew(ctx, who.own()); err != nil {
				return err
			}
		case errors.Is(err, errDue) && g.due != nil || errors.Is(err, errSettle):
			see := g.due
			if errors.Is(err, errSettle) {
				see = g.settle
			}
			if err = see(ctx, who.own()); err != nil {
				// Where nothing can be stored, reading goes on under the present keys.
				if undue = !op.Write && fault.Is(translate(err), fault.Unavailable); !undue {
					return err
				}
			}
		case errors.Is(err, errLooking):
			return g.refuse(ctx, who, op, target, err)
		case errors.Is(err, errRefused):
			if who.kind == Anonymous {
				return g.refuse(ctx, who, op, target, fault.NotSignedIn())
			}
			return g.refuse(ctx, who, op, target, fault.NotFound())
		default:
			err = translate(err)
			if op.Scope != Anyone && fault.Is(err, fault.Absent) {
				err = g.refuse(ctx, who, op, target, err) // refused inside: logged, and as slow, as outside
			}
			return err
		}
	}
	return fault.Busy("The vault's keys are being renewed. Try again in a moment.", time.Second, errStale)
}

func (g *Gate) attempt(ctx context.Context, who Actor, op *Op, target Target, w work, undue bool) error {
	t := &Tx{ctx: ctx, gate: g, who: who, op: op, now: g.clock.Now(), undue: undue}
	var early *Tx
	if op.Ahead {
		early = g.ahead(ctx, who, op, target, w)
	}
	err := g.transact(t, func() error {
		if early != nil {
			if same, err := early.still(t.tx); same || err != nil {
				return err
			}
			early = nil
			g.again.Add(1)
		}
		if err := t.open(target); err != nil {
			return err
		}
		if answer, done, err := t.repeated(); err != nil {
			return err
		} else if done {
			return w.repeat(answer)
		}
		if err := w.run(t); err != nil {
			return err
		}
		if err := t.remember(w.out); err != nil {
			return err
		}
		return t.settle()
	})
	if err != nil {
		return err
	}
	if early != nil {
		t = early
	}
	for _, fn := range t.after {
		fn()
	}
	return nil
}

// Glance is Do for a lookup that anyone may make, of single rows that stand for
// themselves: it needs no transaction.
func Glance[T any](ctx context.Context, g *Gate, who Actor, op *Op, fn func(*Tx) (T, error)) (T, error) {
	if who.trace != nil && op.Scope == Anyone && !op.Write {
		var out T
		t := &Tx{ctx: ctx, gate: g, who: who, op: op, now: g.clock.Now()}
		err := g.db.Look(ctx, func(tx *db.Tx) (err error) {
			t.tx = tx
			out, err = fn(t)
			return err
		})
		if err == nil {
			for _, fn := range t.after {
				fn()
			}
			return out, nil
		}
	}
	return Do(ctx, g, who, op, Nothing(), fn) // says what is wrong
}

func (g *Gate) transact(t *Tx, fn func() error) error {
	run := func(tx *db.Tx) error {
		t.tx = tx
		return fn()
	}
	if t.op.Write {
		lock := t.who.org
		if t.op.Lock != "" {
			lock = t.op.Lock
		} else if of, err := t.gate.family(t.ctx, lock); err != nil {
			return err
		} else {
			lock = of
		}
		return g.db.Write(t.ctx, lock, run)
	}
	if t.op.Scope == Anyone {
		return g.db.Read(t.ctx, run)
	}
	s := &t.state
	t.first = &db.First{Text: sqlState.text, Args: []any{t.who.org}, Dest: []any{&s.accessEpoch, &s.keyEpoch, &s.dueAt, &s.changeSeq, &s.sharesDue, &s.shelfSeq, new(int64)}}
	return g.db.ReadFrom(t.ctx, t.first, run)
}

// open reads the epochs, finds the target and decides.
func (t *Tx) open(target Target) error {
	t.event = Event{Operation: t.op.Name, Outcome: "done", Kind: string(target.Kind), ID: target.id(), Client: target.Client}
	if target.Kind == KindPlace {
		t.event.Kind, t.event.ID = "", ""
	}
	if t.op.Scope == Anyone {
		return nil
	}
	if t.who.enrol && !t.op.Enrol && t.op.Role != Public { // the one place where a forced second factor is demanded
		return fault.EnrolFirst()
	}
	if !t.early {
		if err := t.begin(); errors.Is(err, ErrNoRows) {
			return errRefused
		} else if err != nil {
			return err
		}
	}
	m, err := t.gate.modelOf(t)
	if err != nil {
		return err
	}
	t.model, t.user = m, m.acting(t.who)
	if t.who.kind == Visitor {
		if t.user, err = t.visitor(); err != nil {
			return err
		}
	}
	if err := t.looking(); err != nil {
		return err
	}
	if err := t.settled(); err != nil {
		return err
	}
	s, found := t.find(target)
	if !found || !m.decide(t.user, t.who, t.op, s, t.now) {
		return errRefused
	}
	t.spot = s
	t.event.Client, t.event.Owner = t.ClientID(), s.owner
	s.name(&t.event)
	return t.current()
}

// current demands keys of the present epoch of whoever holds keys, so that
// nothing is written under those that somebody removed has seen.
func (t *Tx) current() error {
	r := t.who.ring
	switch {
	case t.op.Keys && !r.Open():
		return fault.Closed()
	case r.token != "" && t.state.dueAt != 0 && t.op.Keys && t.op.Once:
		return errHeldUp
	case r.token != "" || !r.Open():
		return nil
	case r.Epoch() != t.state.keyEpoch:
		return errStale
	case t.state.dueAt != 0 && !t.undue && t.op != renewing && r.seed.Valid():
		return errDue
	}
	return nil
}

// settled demands that keys of shared credentials which wait for an open
// session are seen to. It comes before the decision: until its key is here, a
// credential is not.
func (t *Tx) settled() error {
	r := t.who.ring
	if t.state.sharesDue == 0 || t.undue || t.op.Settles || t.op == renewing || t.who.kind != User || !r.seed.Valid() || !r.Open() {
		return nil
	}
	if err := t.current(); err != nil { // the vault's own keys come first
		return err
	}
	return errSettle
}

// errHeldUp is a token's answer while an epoch is due: it can't make one, and
// what it wrote now would lie under keys that somebody removed has seen.
var errHeldUp = fault.Busy("Somebody was removed, and the vault's keys have still to be renewed. Nothing was saved; this works again when a member has opened the vault.", time.Minute,
	errors.New("a new epoch of keys is due, and an API token can't make it"))

// renewing is the operation that makes a new epoch; it can't wait for itself.
var renewing *Op

// Renewing names the operation that makes a new epoch.
func Renewing(op *Op) *Op {
	renewing = op
	return op
}

// settle writes the audit events: what the operation noted is one in any case.
func (t *Tx) settle() error {
	if err := t.follow(); err != nil {
		return err
	}
	if err := t.shelved(); err != nil {
		return err
	}
	events := t.extra
	if t.op.Audit {
		events = append([]Event{t.event}, events...)
	}
	for _, e := range events {
		if err := t.write(&e); err != nil {
			return err
		}
		if err := t.toldAtHome(e); err != nil {
			return err
		}
	}
	return nil
}

var refusal = &Op{Name: "refusal", Scope: Anyone, Write: true}

// refuse writes the refusal to the audit log of the actor's organization. What
// the actor asked for is named by id only, and cut: it may be anything. Its
// answer is the refusal, or, where that can't be written, why not.
func (g *Gate) refuse(ctx context.Context, who Actor, op *Op, target Target, answer error) error {
	g.refused.Add(1)
	who = who.atHome()
	if who.org == "" || who.user == "" && who.kind != Link && !who.kind.job() {
		return answer
	}
	id := target.id()
	if len(id) > 64 {
		id = id[:64]
	}
	id = strings.ReplaceAll(strings.ToValidUTF8(id, "?"), "\x00", "?") // or the event could not be stored
	t := &Tx{ctx: context.WithoutCancel(ctx), gate: g, who: who, op: refusal, now: g.clock.Now()}
	err := g.transact(t, func() error {
		return t.write(&Event{Operation: op.Name, Outcome: "refused", Kind: string(target.Kind), ID: id})
	})
	if err != nil {
		return translate(err)
	}
	return answer
}
