package flow

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"bailiwick/internal/app"
	"bailiwick/internal/apptest"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

func (s *scene) keysOf(in session.SignedIn) (open bool, keys seal.SessionKeys, err error) {
	var user string
	var n int64
	var box, outerBox []byte
	s.read("SELECT user_id, outer_epoch, keys_box, open FROM sessions WHERE id = $1", []any{in.Session}, &user, &n, &box, &open)
	s.read("SELECT outer_instance_box FROM key_epochs WHERE epoch = $1", []any{n}, &outerBox)
	outer, err := s.Instance.Unwrap(seal.PurposeOuterInstance, seal.Place{Org: s.OrgID, Table: "key_epochs", Row: s.OrgID, Envelope: "outer", Epoch: n}, outerBox)
	s.Must(err)
	keys, err = seal.OpenSession(in.Token, outer, seal.Place{Org: s.OrgID, Table: "sessions", Row: in.Session, Envelope: "keys_box",
		KeyID: fmt.Sprintf("%s %x %t", user, in.Token.Lookup(), open), Epoch: n}, box)
	return open, keys, err
}

func TestIdleSessionIsSealed(t *testing.T) {
	for _, swept := range []bool{true, false} {
		both(t, func(s *scene) {
			tim := s.Enrol("tim", perm.LevelTechnicianDefault)
			in := s.SignedIn("tim")
			if open, keys, err := s.keysOf(in); err != nil || !open || !keys.Seed.Valid() || !keys.Vault.Valid() || !keys.P.Valid() {
				t.Fatalf("an open session's row: %v, %v", open, err)
			}
			s.Clock.Advance(session.Idle - time.Second)
			s.Must(s.Sweep())
			s.reveals(s.Resume(in), s.cred, secret)
			s.Clock.Advance(session.Idle + 2*time.Second)
			if swept { // nobody comes back, and the keys are gone all the same
				s.Must(s.Sweep())
			} else {
				s.Resume(in)
			}
			open, keys, err := s.keysOf(in)
			if open || keys.P.Valid() || keys.Seed.Valid() || keys.Vault.Valid() {
				t.Errorf("an idle session's row: open %v, %v", open, err)
			}
			who := s.Resume(in)
			_, err = s.Vault.Reveal(ctx, who, s.cred)
			s.refused(err, fault.Sealed)
			_, err = s.Clients.Get(ctx, who, s.contoso) // what needs no key goes on
			s.Must(err)
			_, err = s.Sessions.Open(ctx, who, session.Open{Bearer: in.Bearer(), Code: s.Code})
			s.refused(err, fault.Invalid) // the password is asked for again
			_, err = s.Sessions.Open(ctx, who, session.Open{Bearer: in.Bearer(), Code: s.Code, Password: seal.NewSecret("wrong")})
			s.refused(err, fault.Invalid)
			device, err := s.Sessions.Open(ctx, who, session.Open{Bearer: in.Bearer(), Device: in.Device, Password: seal.NewSecret(apptest.Password)})
			s.Must(err)
			s.reveals(s.Resume(in), s.cred, secret)
			s.open(true, "tim", apptest.Password, withDevice(tim, device))
		})
	}
}

// How long an open vault stays open is a setting, and holds from the next
// request on, for sessions that run already too.
func TestIdleTimeIsASetting(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelTechnicianDefault)
		in := s.SignedIn("tim")
		set := func(minutes int) {
			t.Helper()
			now, err := s.People.Settings(ctx, s.Admin)
			s.Must(err)
			next := now
			next.IdleMinutes = minutes
			s.Must(s.People.SaveSettings(ctx, s.Admin, now, next))
		}
		s.reveals(s.Resume(in), s.cred, secret)
		set(40)
		s.Clock.Advance(39 * time.Minute)
		s.Must(s.Sweep())
		s.reveals(s.Resume(in), s.cred, secret)
		if n, err := s.App.State(ctx); err != nil || n.Sessions == 0 {
			t.Errorf("the metrics count %d open sessions, %v", n.Sessions, err)
		}
		set(2)
		s.Clock.Advance(2*time.Minute + time.Second)
		if n, err := s.App.State(ctx); err != nil || n.Sessions != 0 {
			t.Errorf("the metrics count %d open sessions, %v", n.Sessions, err)
		}
		who := s.Resume(in)
		_, err := s.Vault.Reveal(ctx, who, s.cred)
		s.refused(err, fault.Sealed)
		swept := s.SignedIn("tim")
		s.reveals(s.Resume(swept), s.cred, secret)
		s.Clock.Advance(2*time.Minute + time.Second)
		s.Must(s.Sweep())
		if open, keys, err := s.keysOf(swept); open || keys.Vault.Valid() || keys.P.Valid() {
			t.Errorf("swept: open %v, %v", open, err)
		}
		now, err := s.People.Settings(ctx, s.Admin)
		s.Must(err)
		for _, n := range []int{0, -1, 1441} {
			bad := now
			bad.IdleMinutes = n
			s.refused(s.People.SaveSettings(ctx, s.Admin, now, bad), fault.Invalid)
		}
	})
}

func TestSessionsEnd(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelTechnicianDefault)
		a, b := s.SignedIn("tim"), s.SignedIn("tim")
		who, other := s.Resume(a), s.Resume(b)
		s.Must(s.Sessions.Close(ctx, who, a.Bearer()))
		if _, keys, err := s.keysOf(a); err != nil || keys.P.Valid() || keys.Seed.Valid() || keys.Vault.Valid() {
			t.Errorf("after closing the row has keys, or %v", err)
		}
		_, err := s.Vault.Reveal(ctx, s.Resume(a), s.cred)
		s.refused(err, fault.Sealed)
		s.Must(s.Sessions.End(ctx, other, a.Session))
		_, err = s.actor(a)
		s.refused(err, fault.Unsigned)
		s.refused(s.Sessions.End(ctx, other, s.Admin.Session()), fault.Absent) // somebody else's
		s.Must(s.Sessions.SignOut(ctx, other))
		_, err = s.actor(b)
		s.refused(err, fault.Unsigned)
		for _, bad := range []string{"", "bws_", "bws_" + s.OrgID + ".", b.Bearer() + "x", "bwt" + b.Bearer()[3:], "bws_org_x." + b.Token.Reveal()} {
			_, err = s.Sessions.Resume(ctx, bad, "127.0.0.1", nil)
			s.refused(err, fault.Unsigned)
		}
	})
}

func TestForgottenDevice(t *testing.T) {
	both(t, func(s *scene) {
		tim := s.Enrol("tim", perm.LevelTechnicianDefault)
		in := s.SignedIn("tim")
		who := s.Resume(in)
		_, devices, err := s.Sessions.List(ctx, who)
		s.Must(err)
		if len(devices) != 1 {
			t.Fatalf("%d devices", len(devices))
		}
		s.refused(s.Sessions.Forget(ctx, s.Admin, devices[0].ID), fault.Absent)
		s.Must(s.Sessions.Forget(ctx, who, devices[0].ID))
		if s.epoch() != 2 {
			t.Error("no new epoch after a device was forgotten")
		}
		s.open(false, "tim", apptest.Password, withDevice(tim, in.Device))
		s.reveals(who, s.cred, secret)
	})
}

func TestExpiredSessionStaysExpired(t *testing.T) {
	both(t, func(s *scene) {
		in := s.SignedIn("ada")
		unseen := s.SignedIn("ada")
		start := s.Clock.Now()
		s.Clock.Set(start.AddDate(10, 0, 0))
		_, err := s.actor(in)
		s.refused(err, fault.Unsigned)
		s.Clock.Set(start)
		_, err = s.actor(in)
		s.refused(err, fault.Unsigned)
		s.Resume(unseen) // the clock was wrong, and this one never was expired
		s.Clock.Set(start.Add(-time.Hour))
		s.reveals(s.Resume(unseen), s.cred, secret)
		s.Clock.Set(start.Add(-time.Hour).Add(session.Idle + time.Second))
		if who := s.Resume(unseen); who.Open() {
			t.Error("an idle session is open because the clock went back")
		}
		s.Clock.Set(start.Add(session.Lifetime))
		s.Must(s.Sweep())
		if n := s.count("SELECT COUNT(*) FROM sessions"); n != 0 {
			t.Errorf("%d expired sessions are kept", n)
		}
	})
}

func TestLockoutUnderParallelTries(t *testing.T) {
	both(t, func(s *scene) {
		s = s.node(s.db) // a queue long enough for all at once
		s.Enrol("tim", perm.LevelTechnicianDefault)
		const parallel = 50
		var all sync.WaitGroup
		for i := range parallel {
			all.Go(func() {
				_, err := s.try("tim", "not the password", func(in *session.SignIn) { in.IP = fmt.Sprintf("10.0.0.%d", i) })
				s.refused(err, fault.Unsigned)
			})
		}
		all.Wait()
		verdicts := s.count("SELECT COUNT(*) FROM audit_events WHERE operation = 'session.sign-in' AND outcome = 'failed' AND target_name = 'wrong password'")
		locked := s.count("SELECT COUNT(*) FROM audit_events WHERE operation = 'session.sign-in' AND outcome = 'failed' AND target_name = 'locked out'")
		if verdicts != session.Tries || locked != parallel-session.Tries {
			t.Errorf("%d verdicts and %d locked out of %d tries", verdicts, locked, parallel)
		}
		_, err := s.try("tim", apptest.Password)
		s.refused(err, fault.Unsigned)
		s.Clock.Advance(session.Lockout - time.Second)
		_, err = s.try("tim", apptest.Password)
		s.refused(err, fault.Unsigned)
		s.Clock.Advance(time.Second)
		s.open(true, "tim", apptest.Password, withCode(s.Code))
		for range session.Tries - 1 { // a right one begins the count anew
			_, err = s.try("tim", "not the password")
			s.refused(err, fault.Unsigned)
		}
		s.open(false, "tim", apptest.Password)
	})
}

func TestRefusedSignInsLookAlike(t *testing.T) {
	both(t, func(s *scene) {
		for _, name := range []string{"wrong", "locked", "gone"} {
			s.Enrol(name, perm.LevelTechnicianDefault)
		}
		s.exec("UPDATE users SET locked_until = $1 WHERE name = 'locked'", s.Clock.Now().Add(time.Minute).UnixMilli())
		s.exec("UPDATE users SET enabled = FALSE WHERE name = 'gone'")
		texts := map[string]bool{}
		for name, password := range map[string]string{"wrong": "not the password", "locked": apptest.Password, "gone": apptest.Password, "nobody": apptest.Password} {
			_, err := s.try(name, password)
			s.refused(err, fault.Unsigned)
			texts[err.Error()] = true
		}
		if len(texts) != 1 {
			t.Errorf("refusals differ: %v", texts)
		}
	})
}

func TestAddressLimit(t *testing.T) {
	both(t, func(s *scene) {
		from := func(ip string) func(*session.SignIn) { return func(in *session.SignIn) { in.IP = ip } }
		tooMany := 0
		for i := range 61 {
			_, err := s.try(fmt.Sprint("nobody", i), "x", from(fmt.Sprintf("2001:db8::%x", i)))
			if f, ok := fault.As(err); ok && f.Kind == fault.Throttled && f.After > 0 {
				tooMany++
			}
		}
		if tooMany != 1 {
			t.Errorf("%d of 61 tries of one network were throttled", tooMany)
		}
		_, err := s.try("ada", apptest.Password, from("2001:db8:0:1::1"))
		s.Must(err)
		s.Clock.Advance(10*time.Minute + time.Second)
		_, err = s.try("ada", apptest.Password, from("2001:db8::1"))
		s.Must(err)
		start := s.Clock.Now()
		s.Clock.Set(start.AddDate(10, 0, 0))
		for range 60 {
			_, _ = s.try("nobody", "x", from("192.0.2.1"))
		}
		s.Clock.Set(start) // what lies in the future counts no more
		_, err = s.try("ada", apptest.Password, from("192.0.2.1"))
		s.Must(err)
	})
}

func TestFullQueueAsksToComeBack(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelTechnicianDefault)
		argon, err := seal.NewArgonAt(apptest.Cheap, 1, 0)
		s.Must(err)
		w := *s.World
		w.App = app.New(s.db, s.Instance, argon, s.Clock)
		busy := &scene{World: &w, db: s.db}
		var mu sync.Mutex
		var all sync.WaitGroup
		wrong, later := 0, 0
		// Tries of one address follow one another, so the others are strangers'.
		for n := range 9 {
			all.Go(func() {
				name := "tim"
				if n > 0 {
					name = fmt.Sprint("nobody", n)
				}
				_, err := busy.try(name, "not the password")
				f, ok := fault.As(err)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case ok && f.Kind == fault.Unsigned:
					if name == "tim" {
						wrong++
					}
				case ok && f.Kind == fault.Unavailable && f.After > 0 && errors.Is(err, seal.ErrBusy):
					later++
				default:
					t.Errorf("neither refused nor asked to come back: %v", err)
				}
			})
		}
		all.Wait()
		if later == 0 {
			t.Error("the queue was never full")
		}
		if n := s.count("SELECT failures FROM users WHERE name = 'tim'"); n != wrong {
			t.Errorf("%d failures counted, %d verdicts given", n, wrong)
		}
	})
}

// A stolen session must not become a place to guess the password.
func TestConfirmingCountsTries(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelTechnicianDefault)
		tim := s.SignIn("tim")
		for range session.Tries {
			s.refused(s.Org.Confirm(ctx, tim, seal.NewSecret("not the password")), fault.Invalid)
		}
		s.refused(s.Org.Confirm(ctx, tim, seal.NewSecret(apptest.Password)), fault.Throttled)
		s.reveals(tim, s.cred, secret)
		s.Clock.Advance(session.Lockout)
		s.Must(s.Org.Confirm(ctx, tim, seal.NewSecret(apptest.Password)))
		if n := s.count("SELECT failures FROM users WHERE name = 'tim'"); n != 0 {
			t.Errorf("%d failures after a right password", n)
		}
	})
}

func TestRepeatedRequests(t *testing.T) {
	both(t, func(s *scene) {
		in := vault.Input{Overview: vault.Overview{Title: "once"}}
		who := s.Admin.Once("key 1", []byte("request"))
		first, err := s.Vault.Add(ctx, who, vault.Place{Client: s.contoso}, in)
		s.Must(err)
		again, err := s.Vault.Add(ctx, who, vault.Place{Client: s.contoso}, in)
		if err != nil || again != first {
			t.Errorf("a repeated request gives %s, %v; the first gave %s", again, err, first)
		}
		_, err = s.Vault.Add(ctx, s.Admin.Once("key 1", []byte("another")), vault.Place{Client: s.contoso}, in)
		s.refused(err, fault.Unacceptable)
		_, err = s.Vault.AddFolder(ctx, who, vault.Place{Client: s.contoso}, "folder")
		s.refused(err, fault.Unacceptable)
		if n := s.count("SELECT COUNT(*) FROM credentials WHERE client_id = $1", s.contoso); n != 2 {
			t.Errorf("%d credentials", n)
		}
		s.Enrol("tim", perm.LevelTechnicianDefault)
		other, err := s.Vault.Add(ctx, s.SignIn("tim").Once("key 1", []byte("request")), vault.Place{Client: s.contoso}, in)
		if err != nil || other == first {
			t.Errorf("somebody else's same key gives %s, %v", other, err)
		}
	})
}

// With the database alone there is nothing to guess at: neither the right
// password nor the right Organization Key can be told from wrong ones.
func TestNothingToGuessAt(t *testing.T) {
	both(t, func(s *scene) {
		var record, outerBox, grant []byte
		s.read("SELECT password_record FROM users WHERE id = $1", []any{s.AdminID}, &record)
		s.read("SELECT outer_instance_box FROM key_epochs WHERE epoch = 1", nil, &outerBox)
		s.read("SELECT sealed FROM key_grants WHERE holder_kind = 'organization key'", nil, &grant)
		place := func(table, row, envelope string, version int64) seal.Place {
			return seal.Place{Org: s.OrgID, Table: table, Row: row, Envelope: envelope, Epoch: 1, Version: version}
		}
		outer, err := s.Instance.Unwrap(seal.PurposeOuterInstance, place("key_epochs", s.OrgID, "outer", 0), outerBox)
		s.Must(err)
		argon, err := seal.NewArgonAt(apptest.Cheap, 2, 2)
		s.Must(err)
		at, atGrant := place("users", s.AdminID, "password_record", 1), place("key_grants", s.OrgID, "organization key", 0)
		holder := s.Code.Key().Identity("organization key")

		if _, _, err := argon.Open(ctx, seal.NewSecret(apptest.Password), outer, at, record); err != nil {
			t.Errorf("with the instance key the right password opens: %v", err)
		}
		inner, err := outer.Open(seal.PurposeOrgGrant, atGrant, grant)
		s.Must(err)
		if _, err := holder.OpenKey(seal.PurposeGrant, atGrant, inner); err != nil {
			t.Errorf("with the instance key the Organization Key opens: %v", err)
		}
		for what, key := range map[string]seal.Key{"another instance's": seal.NewKey(), "none": {}} {
			if _, _, err := argon.Open(ctx, seal.NewSecret(apptest.Password), key, at, record); err == nil {
				t.Errorf("%s outer key opens the password record", what)
			}
		}
		if _, err := holder.OpenKey(seal.PurposeGrant, atGrant, grant); err == nil {
			t.Error("the Organization Key's grant lies in the open")
		}
		for i := range len(grant) - len(inner) + 1 { // nor does it lie inside at any place
			if _, err := holder.OpenKey(seal.PurposeGrant, atGrant, grant[i:i+len(inner)]); err == nil {
				t.Error("the Organization Key's grant lies in the open")
			}
		}
	})
}
