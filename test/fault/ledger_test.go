//go:build linux

package fault

import (
	"strconv"
	"testing"

	"bailiwick/sdk"
)

// state is what a credential is, or may be. Version 0: not known.
type state struct {
	version  int64
	password string
	archived bool
}

// thing is a credential that one worker alone changes, with what it may be:
// one state when all is known, two after a change that got no answer.
type thing struct {
	id, title string
	may       []state
}

func (th *thing) sure() bool { return len(th.may) == 1 }

// event is a kind of line of the audit log. What adds something has no id to
// be counted under, so target is "" then.
type event struct{ actor, operation, outcome, target string }

// span is how many events there must be, and how many more there may be.
type span struct{ sure, maybe int }

// ledger is what callers were told.
type ledger map[event]*span

func (l ledger) note(e event, v verdict) {
	s := l[e]
	if s == nil {
		s = &span{}
		l[e] = s
	}
	switch v {
	case done:
		s.sure++
	case unknown:
		s.maybe++
	}
}

// logbook follows the audit log from check to check.
type logbook struct{ last int64 }

// check reads what has been added to the log since, as an administrator: no
// number is missing, and what the ledgers say is there, no more and no less.
// It empties the ledgers.
func (b *logbook) check(t *testing.T, l *line, admin caller, ledgers ...ledger) {
	t.Helper()
	var events []sdk.Event
	for next := ""; ; {
		path := "/audit?limit=200"
		if next != "" {
			path += "&after=" + next
		}
		var page sdk.Events
		l.get(t, admin, path, &page)
		for _, e := range page.Events {
			if e.Number > b.last {
				events = append(events, e)
			}
		}
		if next = page.Next; next == "" || page.Events[len(page.Events)-1].Number <= b.last {
			break
		}
	}
	counts := map[event]int{}
	for i, e := range events {
		if want := b.last + int64(len(events)-i); e.Number != want {
			t.Fatalf("event %d stands where %d must be: the audit log has a gap", e.Number, want)
		}
		counts[event{e.ActorID, e.Operation, e.Outcome, e.ID}]++
		counts[event{e.ActorID, e.Operation, e.Outcome, ""}]++
	}
	b.last += int64(len(events))
	told := ledger{}
	for _, l := range ledgers {
		for e, s := range l {
			if told[e] == nil {
				told[e] = &span{}
			}
			told[e].sure += s.sure
			told[e].maybe += s.maybe
		}
		clear(l)
	}
	for e, s := range told {
		if n := counts[e]; n < s.sure || n > s.sure+s.maybe {
			t.Errorf("%d events %+v; %d were acknowledged, %d got no answer", n, e, s.sure, s.maybe)
		}
	}
	for e, n := range counts {
		if told[e] == nil && e.operation == "credential.reveal" && e.target != "" {
			t.Errorf("%d events %+v that nobody asked for", n, e)
		}
	}
}

// look compares a thing with the server, which must be in one of the states
// that it may be in, and takes that as the one.
func (th *thing) look(t *testing.T, w *worker) {
	t.Helper()
	var c sdk.Credential
	w.line.get(t, w.who, "/credentials/"+th.id, &c)
	var r sdk.Revealed
	w.reveal(t.Context(), th.id).into(t, &r)
	is := state{c.Version, r.Password.Reveal(), c.Archived}
	for _, may := range th.may {
		if (may.version == 0 || may.version == is.version) && may.password == is.password && may.archived == is.archived {
			th.may = []state{is}
			return
		}
	}
	t.Errorf("%s %q is %+v, and may be %+v", th.id, th.title, is, th.may)
	th.may = []state{is}
}

// all lists every credential of a client by title.
func all(t *testing.T, l *line, who caller, client string) map[string]sdk.Credential {
	t.Helper()
	found := map[string]sdk.Credential{}
	for _, archived := range []bool{false, true} {
		for after := ""; ; {
			var page sdk.Credentials
			l.get(t, who, "/credentials?limit=500&client="+client+"&archived="+strconv.FormatBool(archived)+"&after="+after, &page)
			for _, c := range page.Credentials {
				if _, twice := found[c.Title]; twice {
					t.Errorf("%q is there twice", c.Title)
				}
				found[c.Title] = c
			}
			if after = page.Next; after == "" {
				break
			}
		}
	}
	return found
}

// settle compares everything that workers were ever told with what is there.
func settle(t *testing.T, l *line, w world, workers []*worker) {
	t.Helper()
	found := all(t, l, w.admin, w.here)
	told := map[string]bool{"Mail server Contoso": true}
	n := 0
	for _, worker := range workers {
		for _, th := range worker.things {
			told[th.title] = true
			if c, ok := found[th.title]; !ok || c.ID != th.id || c.Archived != th.may[0].archived || c.Version != th.may[0].version && th.may[0].version != 0 {
				t.Errorf("%q was acknowledged as %s, %+v; there is %+v", th.title, th.id, th.may, c)
			}
			n++
		}
		for _, title := range worker.lost {
			told[title] = true
		}
	}
	for title := range found {
		if !told[title] {
			t.Errorf("%q is there, and nobody was told so", title)
		}
	}
	t.Logf("%d credentials acknowledged and there", n)
}
