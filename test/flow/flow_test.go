// Package flow goes through what people do with keys, each flow from one end
// to the other, as docs/security.md describes them.
package flow

import (
	"context"
	"testing"
	"time"

	"bailiwick/internal/app"
	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

var ctx = context.Background()

type scene struct {
	*apptest.World
	db      *db.DB
	contoso string
	cred    string
}

const secret = "s3cret of contoso"

func begin(t testing.TB, d *db.DB) *scene {
	t.Helper()
	s := &scene{World: apptest.New(t, d), db: d}
	var err error
	s.contoso, err = s.Clients.Add(ctx, s.Admin, client.Input{Name: "Contoso"})
	s.Must(err)
	s.cred = s.add(s.Admin, vault.Place{Client: s.contoso}, secret)
	return s
}

func (s *scene) add(who gate.Actor, at vault.Place, password string) string {
	s.T.Helper()
	id, err := s.Vault.Add(ctx, who, at, vault.Input{Overview: vault.Overview{Title: "Edge firewall"}, Secret: vault.Secret{Password: password}})
	s.Must(err)
	return id
}

func (s *scene) exec(text string, args ...any) {
	s.T.Helper()
	s.Must(s.db.Write(ctx, "", func(tx *db.Tx) error { _, err := tx.Exec(ctx, text, args...); return err }))
}

func (s *scene) read(text string, args []any, dest ...any) {
	s.T.Helper()
	s.Must(s.db.Read(ctx, func(tx *db.Tx) error { return tx.Row(ctx, text, args...).Scan(dest...) }))
}

func (s *scene) count(text string, args ...any) (n int) {
	s.T.Helper()
	s.read(text, args, &n)
	return n
}

// node is another server on the same database, with the same instance key.
func (s *scene) node(d *db.DB) *scene {
	s.T.Helper()
	argon, err := seal.NewArgonAt(apptest.Cheap, 2, 64)
	s.Must(err)
	w := *s.World
	w.App = app.New(d, s.Instance, argon, s.Clock)
	return &scene{World: &w, db: d, contoso: s.contoso, cred: s.cred}
}

func (s *scene) try(name, password string, change ...func(*session.SignIn)) (session.SignedIn, error) {
	in := session.SignIn{Email: name + "@northwind.example", Password: seal.NewSecret(password), IP: "127.0.0.1", Agent: "test"}
	for _, c := range change {
		c(&in)
	}
	return s.Sessions.SignIn(ctx, in)
}

func withCode(code seal.Code) func(*session.SignIn) {
	return func(in *session.SignIn) { in.Code = code }
}

func withDevice(user string, device seal.Token) func(*session.SignIn) {
	return func(in *session.SignIn) { in.Devices = map[string]seal.Token{user: device} }
}

func (s *scene) actor(in session.SignedIn) (gate.Actor, error) {
	return s.Sessions.Resume(ctx, in.Bearer(), "127.0.0.1", nil)
}

func (s *scene) reveals(who gate.Actor, cred, want string) {
	s.T.Helper()
	got, err := s.Vault.Reveal(ctx, who, cred)
	if err != nil || got.Password != want {
		s.T.Errorf("reveal: %q, %v", got.Password, err)
	}
}

func (s *scene) refused(err error, kind fault.Kind) {
	s.T.Helper()
	if !fault.Is(err, kind) {
		s.T.Errorf("not %s but %v", kind, err)
	}
}

// open signs in and demands that the vault is open, or is not.
func (s *scene) open(want bool, name, password string, change ...func(*session.SignIn)) (session.SignedIn, gate.Actor) {
	s.T.Helper()
	in, err := s.try(name, password, change...)
	s.Must(err)
	who := s.Resume(in)
	if in.Open != want || who.Open() != want {
		s.T.Fatalf("open: %v, %v; want %v", in.Open, who.Open(), want)
	}
	return in, who
}

func (s *scene) epoch() (n int64) {
	s.T.Helper()
	s.read("SELECT key_epoch FROM organizations", nil, &n)
	return n
}

func both(t *testing.T, fn func(*scene)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(begin(t, d)) })
}

func TestSetUpOnceAndSecondAdministrator(t *testing.T) {
	both(t, func(s *scene) {
		if empty, err := s.Org.Empty(ctx); err != nil || empty {
			t.Errorf("empty: %v, %v", empty, err)
		}
		s.Enrol("bob", perm.LevelAdmin)
		bob := s.SignIn("bob")
		s.reveals(bob, s.cred, secret)
		s.Must(s.People.Disable(ctx, bob, s.AdminID)) // an equal may, and the last one may not
		_, err := s.Clients.Get(ctx, s.Admin, s.contoso)
		s.refused(err, fault.Absent)
		s.reveals(bob, s.cred, secret)
	})
}

func TestKnownAndNewBrowser(t *testing.T) {
	both(t, func(s *scene) {
		tim := s.Enrol("tim", perm.LevelTechnicianDefault)
		s.open(false, "tim", apptest.Password)
		words, err := seal.ParseCode(s.Code.Words())
		s.Must(err)
		s.open(true, "tim", apptest.Password, withCode(words))
		chars, err := seal.ParseCode(s.Code.Chars())
		s.Must(err)
		in, who := s.open(true, "tim", apptest.Password, withCode(chars))
		s.reveals(who, s.cred, secret)
		again, who := s.open(true, "tim", apptest.Password, withDevice(tim, in.Device))
		s.reveals(who, s.cred, secret)
		s.open(false, "tim", apptest.Password, withDevice(tim, in.Device)) // the earlier secret was rolled
		s.open(false, "tim", apptest.Password, withDevice(tim, seal.NewToken()))
		s.open(false, "ada", apptest.Password, withDevice(s.AdminID, again.Device)) // somebody else's
		_, err = s.try("tim", apptest.Password, withCode(seal.NewCode()))
		s.refused(err, fault.Invalid)
		if n := s.count("SELECT COUNT(*) FROM audit_events WHERE target_name = 'wrong Organization Key'"); n != 1 {
			t.Errorf("%d events of a wrong Organization Key", n)
		}
		s.Clock.Advance(session.DeviceLifetime + time.Second)
		s.open(false, "tim", apptest.Password, withDevice(tim, again.Device))
	})
}

func TestPasswordChange(t *testing.T) {
	both(t, func(s *scene) {
		tim := s.Enrol("tim", perm.LevelTechnicianDefault)
		here, other := s.SignedIn("tim"), s.SignedIn("tim")
		who := s.Resume(here)
		const next = "another quite long password of tim"
		change := func(from, to string) error {
			_, err := s.Sessions.ChangePassword(ctx, who, session.Password{Bearer: here.Bearer(), Present: seal.NewSecret(from), Next: seal.NewSecret(to)})
			return err
		}
		s.refused(change("wrong", next), fault.Invalid)
		s.refused(change(apptest.Password, "short"), fault.Invalid)
		var before []byte
		s.read("SELECT password_record FROM users WHERE id = $1", []any{tim}, &before)
		s.Must(change(apptest.Password, next))
		if _, err := s.actor(other); !fault.Is(err, fault.Unsigned) {
			t.Errorf("other session: %v", err)
		}
		s.reveals(s.Resume(here), s.cred, secret)
		_, err := s.try("tim", apptest.Password)
		s.refused(err, fault.Unsigned)
		s.open(true, "tim", next, withDevice(tim, here.Device))
		s.open(true, "tim", next, withCode(s.Code))
		s.exec("UPDATE users SET password_record = $1 WHERE id = $2", before, tim) // the earlier record, put back
		for _, p := range []string{apptest.Password, next} {
			_, err = s.try("tim", p)
			s.refused(err, fault.Unsigned)
		}
	})
}

func TestWeakRecordIsRenewed(t *testing.T) {
	both(t, func(s *scene) {
		tim := s.Enrol("tim", perm.LevelTechnicianDefault)
		var weak, strong []byte
		s.read("SELECT password_record FROM users WHERE id = $1", []any{tim}, &weak)
		argon, err := seal.NewArgonAt(seal.Cost{Time: 2, MemoryKiB: 20 * 1024, Threads: 1}, 2, 32)
		s.Must(err)
		w := *s.World
		w.App = app.New(s.db, s.Instance, argon, s.Clock)
		s = &scene{World: &w, db: s.db, contoso: s.contoso, cred: s.cred}
		s.open(true, "tim", apptest.Password, withCode(s.Code))
		s.read("SELECT password_record FROM users WHERE id = $1", []any{tim}, &strong)
		if string(weak) == string(strong) {
			t.Fatal("the weak record is still there")
		}
		s.open(true, "tim", apptest.Password, withCode(s.Code))
		s.exec("UPDATE users SET password_record = $1 WHERE id = $2", weak, tim)
		_, err = s.try("tim", apptest.Password)
		s.refused(err, fault.Unsigned)
	})
}
