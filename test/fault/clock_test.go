//go:build linux

package fault

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"bailiwick/internal/apptest"
	"bailiwick/internal/audit"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

const tenYears = 10 * 365 * 24 * time.Hour

// What was once found over stays so, however far the clock goes back.
func TestClockRevivesNothing(t *testing.T) {
	for _, forward := range []time.Duration{session.Lifetime + time.Hour, tenYears} {
		t.Run(forward.String(), func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := apptest.New(t, d)
				w.Enrol("rita", perm.LevelTechnicianDefault)
				in := w.SignedIn("rita")
				who := w.Resume(in)
				token, err := w.Sessions.AddToken(t.Context(), who, session.NewToken{Name: "clock", AllClients: true, Days: 30, Permissions: []string{perm.ClientViewList.String()}})
				w.Must(err)
				bearers := map[string]string{"session": session.Bearer(session.KindSession, in.Org, in.Token)}
				if forward == tenYears {
					bearers["token"] = token.Bearer
				}
				open := func() bool {
					again, err := w.Sessions.SignIn(t.Context(), session.SignIn{Email: "rita@northwind.example", Password: seal.NewSecret(apptest.Password),
						Devices: map[string]seal.Token{in.User: in.Device}, IP: "127.0.0.1", Agent: "test"})
					w.Must(err)
					return again.Open
				}
				over := func(when string) {
					t.Helper()
					for name, bearer := range bearers {
						if _, err := w.Sessions.Resume(t.Context(), bearer, "127.0.0.1", nil); !fault.Is(err, fault.Unsigned) {
							t.Errorf("%s: the %s is good (%v)", when, name, err)
						}
					}
					if forward == tenYears && open() {
						t.Errorf("%s: the device is known", when)
					}
				}
				w.Clock.Advance(forward)
				over("later")
				for _, back := range []time.Duration{time.Second, time.Hour, forward} {
					w.Clock.Advance(-back)
					over("and " + back.String() + " back")
					w.Clock.Advance(back)
				}
			})
		})
	}
}

// A sealed session stays sealed, and no step lets one live longer than it was
// promised at its beginning.
func TestClockStepsProlongNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := apptest.New(t, d)
		w.Enrol("rita", perm.LevelTechnicianDefault)
		in := w.SignedIn("rita")
		begin := w.Clock.Now()
		bearer := session.Bearer(session.KindSession, in.Org, in.Token)
		resume := func() bool {
			who, err := w.Sessions.Resume(t.Context(), bearer, "127.0.0.1", nil)
			w.Must(err)
			return who.Open()
		}
		for _, step := range []time.Duration{-time.Hour, time.Hour, time.Second, -time.Second, time.Second, -time.Second} {
			w.Clock.Advance(step)
			resume()
		}
		w.Clock.Set(begin.Add(session.Idle + 2*time.Minute))
		if resume() {
			t.Error("it is open after a pause")
		}
		w.Clock.Set(begin)
		if resume() {
			t.Error("it is open again when the clock goes back")
		}
		all, _, err := w.Sessions.List(t.Context(), w.Resume(w.SignedIn("rita")))
		w.Must(err)
		for _, s := range all {
			if s.ID == in.Session && !s.Expires.Equal(begin.Add(session.Lifetime)) {
				t.Errorf("it ends at %v, and began at %v", s.Expires, begin)
			}
		}
		w.Clock.Set(begin.Add(session.Lifetime))
		if _, err := w.Sessions.Resume(t.Context(), bearer, "127.0.0.1", nil); !fault.Is(err, fault.Unsigned) {
			t.Errorf("it is good at its end: %v", err)
		}
	})
}

// Tries are counted through every step: a locked account gets no more of them.
func TestClockStepsGiveNoTries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := apptest.New(t, d)
		w.Enrol("rita", perm.LevelTechnicianDefault)
		try := func(password string) error {
			_, err := w.Sessions.SignIn(t.Context(), session.SignIn{Email: "rita@northwind.example", Password: seal.NewSecret(password), IP: "127.0.0.1", Agent: "test"})
			return err
		}
		for i := range session.Tries {
			w.Clock.Advance(map[bool]time.Duration{true: time.Second, false: -time.Second}[i%2 == 0])
			if try("wrong wrong wrong wrong") == nil {
				t.Fatal("a wrong password is right")
			}
		}
		w.Clock.Advance(-time.Hour)
		if try(apptest.Password) == nil {
			t.Error("an hour back the account is not locked out any more")
		}
		w.Clock.Advance(time.Hour + session.Lockout + time.Minute)
		if err := try(apptest.Password); err != nil {
			t.Errorf("the account stays locked out: %v", err)
		}
	})
}

// The order of the audit log is that of its numbers, whatever the times say.
func TestClockStepsKeepTheOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := apptest.New(t, d)
		c, err := w.Clients.Add(t.Context(), w.Admin, client.Input{Name: "Contoso"})
		w.Must(err)
		before, _, err := w.Audit.List(t.Context(), w.Admin, audit.Filter{Limit: 1})
		w.Must(err)
		steps := []time.Duration{-time.Hour, time.Hour, time.Second, -time.Second, time.Second, -time.Second, -time.Minute, 10 * time.Minute}
		for i, step := range steps {
			w.Clock.Advance(step)
			_, err := w.Vault.Add(t.Context(), w.Admin, vault.Place{Client: c}, vault.Input{Overview: vault.Overview{Title: fmt.Sprint("step ", i)}})
			w.Must(err)
		}
		after, _, err := w.Audit.List(t.Context(), w.Admin, audit.Filter{Limit: len(steps)})
		w.Must(err)
		backwards := 0
		for i, e := range after {
			n := len(steps) - 1 - i
			if e.Seq != before[0].Seq+int64(n)+1 || e.Title != fmt.Sprint("step ", n) {
				t.Errorf("event %d is %q, want %q", e.Seq, e.Title, fmt.Sprint("step ", n))
			}
			if i > 0 && e.At.After(after[i-1].At) {
				backwards++
			}
		}
		if backwards == 0 {
			t.Error("the clock never went back")
		}
		if err := errors.Join(w.Sweep()); err != nil {
			t.Error(err)
		}
	})
}
