//go:build linux

package fault

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"bailiwick/sdk"
)

// pair is a primary with a synchronous standby, and a world on it.
func pair(t *testing.T) (a, b *postgres, w world) {
	t.Helper()
	a, b = newPostgres(t, "s1"), newPostgres(t, "s2")
	a.init()
	db := a.open("postgres")
	defer db.Close()
	_, err := db.Exec("CREATE DATABASE bailiwick")
	must(t, err)
	w = at(t, fmt.Sprintf("postgres://bailiwick@127.0.0.1:%d/bailiwick", a.port))
	w.database = fmt.Sprintf("postgres://bailiwick@127.0.0.1:%d,127.0.0.1:%d/bailiwick?target_session_attrs=read-write&connect_timeout=5", a.port, b.port)
	b.follow(a)
	return a, b, w
}

// The primary is killed under load, its standby is promoted, and the same
// server goes on with it: what was acknowledged is there.
func TestPromoted(t *testing.T) {
	t.Parallel()
	a, b, w := pair(t)
	s := start(t, w)
	l := dial(s.address)
	workers, book, dice := crew(t, w), logbook{w.events}, rand.New(rand.NewPCG(*seed, 1))
	for round := range *losses {
		ctx, stop := context.WithCancel(t.Context())
		var load sync.WaitGroup
		load.Go(func() {
			together(workers, l, func(w *worker) {
				for w.dry = true; ctx.Err() == nil; {
					w.cut = false
					if w.step(ctx); w.cut {
						time.Sleep(20 * time.Millisecond)
					}
				}
			})
		})
		time.Sleep(time.Duration(300+dice.IntN(500)) * time.Millisecond)
		a.kill()
		time.Sleep(time.Duration(dice.IntN(300)) * time.Millisecond)
		lost := time.Now()
		b.promote()
		back(t, s, l, w)
		t.Logf("round %d: works again %v after the promotion began", round, time.Since(lost).Round(time.Millisecond))
		time.Sleep(200 * time.Millisecond)
		stop()
		load.Wait()
		together(workers, l, func(w *worker) { w.dry = false; w.check() })
		book.check(t, l, w.admin, ledgers(workers)...)
		settle(t, l, w, workers)
		s.calm()
		if t.Failed() {
			t.Fatalf("the server's log:\n%s", s.log)
		}
		a, b = b, a
		b.follow(a)
	}
	s.stop()
}

// back waits until changes are acknowledged again: 30 seconds at most.
func back(t *testing.T, s *server, l *line, w world) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		a := l.call(t.Context(), w.techs[3], "PUT", "/clients/"+w.here+"/bookmark", "", nil)
		if a.verdict() == done {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("it does not work again: status %d, %+v, %v\n%s", a.status, a.problem, a.err, s.log)
		}
	}
}

// The standby is gone. A commit that then waits is never called done: neither
// when its wait is cancelled, where PostgreSQL itself reports success, nor
// when the server has waited long enough.
func TestStandbyGone(t *testing.T) {
	t.Parallel()
	a, b, w := pair(t)
	s := start(t, w)
	l := dial(s.address)
	back(t, s, l, w)
	for _, who := range []caller{w.admin, w.techs[0]} { // the sessions are touched
		l.get(t, who, "/me", &sdk.Me{})
	}
	if _, err := launch(t, world{dir: w.dir, database: fmt.Sprintf("postgres://bailiwick@127.0.0.1:%d/bailiwick", b.port)}.command(t)); err == nil || !strings.Contains(err.Error(), "read") {
		t.Errorf("a server of the standby alone starts, or says %v", err)
	}
	b.kill()
	add := func(title string) answer {
		return l.call(t.Context(), w.admin, "POST", "/credentials", "", sdk.NewCredential{Client: w.here, Title: title, Password: "pw"})
	}
	want := func(a answer, title string) {
		t.Helper()
		if a.verdict() != unknown || a.problem.Kind != sdk.Unknown {
			t.Errorf("%s: status %d, %+v, %v", title, a.status, a.problem, a.err)
		}
	}
	answers := make(chan answer, 1)
	go func() { answers <- add("cancelled") }()
	waits(t, a, "bool_and(pg_cancel_backend(pid))")
	want(<-answers, "cancelled")
	go func() { answers <- add("waited") }()
	waits(t, a, "bool_and(TRUE)")
	var list sdk.Clients
	l.get(t, w.admin, "/clients", &list) // reading goes on
	reveal := l.reveal(t.Context(), w.techs[0], w.secret)
	if reveal.verdict() != refused || strings.Contains(string(reveal.body), "canary") {
		t.Errorf("a reveal meanwhile: status %d, %+v, %v", reveal.status, reveal.problem, reveal.err)
	}
	want(<-answers, "waited")
	b.start()
	back(t, s, l, w)
	found := all(t, l, w.admin, w.here)
	for _, title := range []string{"cancelled", "waited"} {
		if _, ok := found[title]; !ok {
			t.Logf("%q, of which nothing was known, is not there", title)
		}
	}
	if a := add("after"); a.verdict() != done {
		t.Errorf("after the standby is back: status %d, %+v, %v", a.status, a.problem, a.err)
	}
	s.stop()
	s.calm()
}

// waits until a commit waits for a standby, and does something to it.
func waits(t *testing.T, p *postgres, act string) {
	t.Helper()
	db := p.open("postgres")
	defer db.Close()
	p.wait("commit that waits", func() bool {
		var done sql.NullBool
		must(t, db.QueryRow("SELECT "+act+" FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND backend_type = 'client backend'").Scan(&done))
		return done.Valid && done.Bool
	})
}
