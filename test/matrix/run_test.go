package matrix

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"bailiwick/internal/audit"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/refmodel"
)

// letters of the golden matrix.
var letters = map[fault.Kind]byte{fault.Absent: '-', fault.Sealed: 's', fault.Unsigned: 'u', fault.Invalid: 'i', fault.Unacceptable: 'x', fault.Conflict: 'c', fault.Throttled: 't'}

// outcome is what came of a cell.
type outcome struct {
	letter byte
	wrong  string // "" where product and model agree in everything
}

// run calls a cell and holds everything that came of it against the model.
func (w *world) run(op gate.Op, c cell, k kind) outcome {
	attempt := c.attempt(op.Name, k, w.model)
	want, why := w.model.May(attempt)
	since := w.top()
	a, err := k.actor(w)
	admitted := err == nil
	var got any
	if admitted {
		got, err = c.call(w, a)
	}
	all, e := changes(w.db, since)
	if e != nil {
		w.t.Fatal(e)
	}
	made := withoutTries(all)
	o := outcome{letter: '+'}
	if err != nil {
		o.letter = '?'
		if f, ok := fault.As(err); ok && letters[f.Kind] != 0 {
			o.letter = letters[f.Kind]
		}
		if strings.Contains(err.Error(), "canary") {
			o.wrong = "the error has a canary: " + err.Error()
		}
	}
	switch {
	case o.wrong != "":
	case err == nil && !want:
		o.wrong = "allowed; the model: " + why
	case err == nil:
		o.wrong = w.allowed(op, c, k, a, got, made, attempt.Actor)
	case want && !c.answers(err):
		o.wrong = "refused (" + err.Error() + "); the model allows it"
	default:
		looks, _ := w.model.May(refmodel.Attempt{Actor: attempt.Actor, Operation: "organization.view", Org: attempt.Actor.Org})
		o.wrong = refused(c, k, err, made, want, why, admitted, looks && !op.View)
	}
	if len(all) > 0 && (err == nil || len(all) > len(made) || !refusal(made)) {
		if e := undo(w.db, since); e != nil {
			w.t.Fatal(e)
		}
		w.warm(made)
	} else if len(all) > 0 {
		w.last = all[len(all)-1].n
	}
	return o
}

// warm has the access of all organizations compiled as it is, after a cell that
// changed that of two was undone: it may have compiled the other one's in
// between, under the number that holds again now.
func (w *world) warm(made []change) {
	if !slices.ContainsFunc(made, func(c change) bool { return strings.HasPrefix(c.table, "share") }) {
		return
	}
	for org := range canaryOf {
		if _, err := w.People.Me(w.ctx, w.open(adminOf(org))); err != nil {
			w.t.Fatal(err)
		}
	}
}

// withoutTries drops the count of tries where it ended at none: a password that
// was right is counted before it is checked.
func withoutTries(made []change) (left []change) {
	for _, c := range made {
		if strings.HasPrefix(c.note, "tries ") {
			if strings.HasPrefix(c.note, "tries 0 ") {
				left = slices.DeleteFunc(left, func(c change) bool { return c.note == "try" })
				continue
			}
			c.note = "try"
		}
		left = append(left, c)
	}
	return left
}

// top is the journal's last number that belongs to earlier cells.
func (w *world) top() int64 {
	if w.last < w.mark {
		w.last = w.mark
	}
	return w.last
}

func (c cell) answers(err error) bool {
	f, ok := fault.As(err)
	return ok && slices.Contains(c.also, f.Kind)
}

// refused: the answer is the one for what is absent, nothing has changed, and
// the audit log has exactly this refusal.
func refused(c cell, k kind, err error, made []change, want bool, why string, admitted, looking bool) string {
	f, ok := fault.As(err)
	if !ok {
		return "an internal error: " + err.Error()
	}
	looking = looking && k.stands == "perspective"
	// What reads like absence is a refusal like any other, and leaves its event.
	quiet := (want || c.answers(err)) && !looking && f.Kind != fault.Absent
	switch {
	case k.stands == "anonymous" || !admitted:
		if quiet = true; f.Kind != fault.Unsigned {
			return "not asked to sign in: " + err.Error()
		}
	case k.stands == "passer-by": // nothing is logged: anybody could fill the log
		if quiet = true; err.Error() != fault.NotFound().Error() {
			return "a refusal differs from absence: " + err.Error()
		}
	case why == refmodel.WhySealed:
		if quiet = true; f.Kind != fault.Sealed {
			return "sealed, but answered: " + err.Error()
		}
	case quiet:
	case looking:
		if f.Kind != fault.Unacceptable || !strings.Contains(f.Text, "user perspective") {
			return "not told that this is a perspective: " + err.Error()
		}
	case err.Error() != fault.NotFound().Error() || len(f.Fields) > 0:
		return "a refusal differs from absence: " + err.Error()
	}
	if quiet {
		if len(made) > 0 {
			return fmt.Sprintf("refused, but %s changed", made[0].table)
		}
		return ""
	}
	if !refusal(made) {
		return fmt.Sprintf("a refusal must leave one event and nothing else: %v", brief(made))
	}
	return ""
}

// refusal: one event, and then the number of events.
func refusal(made []change) bool {
	return len(made) == 2 && made[0].table == "audit_events" && strings.Contains(made[0].note, "|refused|") && made[1].table == "organizations" && made[1].note == auditCounted
}

func brief(made []change) (all []string) {
	for _, c := range made {
		all = append(all, c.table+" "+c.note)
	}
	return all
}

// allowed: the audit log has it, what only reads has changed nothing, lists
// show what the model shows, and nothing of the other organization is in it.
func (w *world) allowed(op gate.Op, c cell, k kind, a acting, got any, made []change, who refmodel.Actor) string {
	if !op.Write && len(made) > 0 {
		return fmt.Sprintf("read only, but changed %v", brief(made))
	}
	event := op.Name + "|done|" + a.Own().User()
	if op.Audit && !slices.ContainsFunc(made, func(c change) bool { return c.table == "audit_events" && c.note == event }) {
		return "no audit event: " + event
	}
	if text, err := json.Marshal(got); err != nil {
		return err.Error()
	} else if i := slices.IndexFunc(strange(who.Org, op.Name), func(other string) bool { return strings.Contains(string(text), other) }); i >= 0 {
		return "something of another organization came back: " + strange(who.Org, op.Name)[i]
	}
	if c.visible == "audit" {
		return w.events(got.([]audit.Event), k, who)
	}
	if c.shown == nil {
		return ""
	}
	var want []string
	visible := w.model.Visible(who, c.visible)
	if what, ok := strings.CutPrefix(c.visible, "shelf:"); ok {
		kind, base, _ := strings.Cut(what, ":")
		visible = w.model.Shelved(who, kind, base)
	}
	for _, n := range visible {
		if c.within == nil || c.within(w.model.Orgs[who.Org], who.User, n) {
			want = append(want, n)
		}
	}
	if shown := w.named(c.shown(got)); !slices.Equal(shown, want) {
		return fmt.Sprintf("shows %v, the model %v", shown, want)
	}
	return ""
}

// events: each one must be of what the actor may see the log of.
func (w *world) events(all []audit.Event, k kind, who refmodel.Actor) string {
	may := func(t refmodel.Target) bool {
		ok, _ := w.model.May(refmodel.Attempt{Actor: who, Operation: "audit.list", Org: who.Org, Target: t})
		return ok
	}
	whole := may(refmodel.Target{Kind: "organization"})
	for _, e := range all {
		name := w.names[e.ID]
		switch {
		case e.Outcome == "done" && strings.HasPrefix(name, "own") && (e.Kind == "folder" || e.Kind == "credential"):
			if e.ActorID != w.keys[k.person].user || who.Kind != "user" {
				return "an event of a personal vault: " + name
			}
		case whole:
		case e.Client == "" || !may(refmodel.Target{Kind: "client", ID: w.names[e.Client]}):
			return "an event of what is not reached: " + e.Operation + " " + w.names[e.Client]
		case (e.Kind == "folder" || e.Kind == "credential") && name != "" && e.Outcome == "done" && !may(refmodel.Target{Kind: e.Kind, ID: name}):
			return "an event of what is not reached: " + e.Operation + " " + name
		}
	}
	return ""
}
