package tamper

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/audit"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/factor"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

// probe is a flow. It gives an error when it was refused, and fails the test
// when it gives out anything but what was put in.
type probe func(*testing.T, *scene) error

var clients atomic.Int64

var errNotOpen = errors.New("signed in, but nothing opened")

var probes = map[string]probe{
	"resume": func(t *testing.T, s *scene) error {
		who, err := s.adas()
		if err == nil && !who.Open() {
			return errNotOpen
		}
		return err
	},
	"reveal": func(t *testing.T, s *scene) error { return s.reveals(t, s.adas, s.fresh, freshSecret) },
	"reveal old": func(t *testing.T, s *scene) error {
		return s.reveals(t, s.adas, s.old, oldSecret)
	},
	"reveal own": func(t *testing.T, s *scene) error { return s.reveals(t, s.adas, s.own, ownSecret) },
	"follow":     func(t *testing.T, s *scene) error { return s.reveals(t, s.tims, s.fresh, freshSecret) },
	"token":      func(t *testing.T, s *scene) error { return s.reveals(t, s.bearer(s.all), s.fresh, freshSecret) },
	"scoped":     func(t *testing.T, s *scene) error { return s.reveals(t, s.bearer(s.scoped), s.fresh, freshSecret) },
	"list": func(t *testing.T, s *scene) error {
		who, err := s.adas()
		if err != nil {
			return err
		}
		list, _, err := s.Vault.List(ctx, who, vault.Listing{Place: vault.Place{Client: s.contoso}})
		if err == nil && (len(list) != 2 || list[0].Title != freshTitle || list[1].Title != oldTitle) {
			t.Errorf("list gives %v", list)
		}
		return err
	},
	"search": func(t *testing.T, s *scene) error {
		who, err := s.adas()
		if err != nil {
			return err
		}
		hits, err := s.Vault.Search(ctx, who, "core sw", 5)
		if err == nil && (len(hits) != 1 || hits[0].ID != s.fresh) {
			t.Errorf("search gives %v", hits)
		}
		return err
	},
	"history": func(t *testing.T, s *scene) error {
		who, err := s.adas()
		if err != nil {
			return err
		}
		all, err := s.Vault.History(ctx, who, s.old)
		if err == nil && (len(all) != 2 || all[1].Title != oldTitle) {
			t.Errorf("history gives %v", all)
		}
		return err
	},
	"version": func(t *testing.T, s *scene) error {
		who, err := s.adas()
		if err != nil {
			return err
		}
		secret, err := s.Vault.RevealVersion(ctx, who, s.old, 1)
		if err == nil && secret.Password != firstSecret {
			t.Errorf("version gives %q", secret.Password)
		}
		return err
	},
	"notes": func(t *testing.T, s *scene) error {
		who, err := s.adas()
		if err != nil {
			return err
		}
		c, err := s.Clients.Get(ctx, who, s.contoso)
		if err == nil && (c.Sealed || c.Notes != notes || !slices.Equal(c.Tags, []string{notes})) {
			t.Errorf("client gives notes %q and tags %q", c.Notes, c.Tags)
		}
		return err
	},
	"overview": func(t *testing.T, s *scene) error {
		who, err := s.adas()
		if err != nil {
			return err
		}
		o, err := s.Clients.Overview(ctx, who, s.contoso)
		if err == nil && (o.Banner.Text != notes || len(o.Panel.Items) != 1 || o.Panel.Items[0].Value != notes) {
			t.Errorf("overview gives %+v", o)
		}
		return err
	},
	"audit": func(t *testing.T, s *scene) error {
		who, err := s.adas()
		if err != nil {
			return err
		}
		var changed error
		for before, more := int64(0), true; more; {
			var events []audit.Event
			if events, more, err = s.Audit.List(ctx, who, audit.Filter{Before: before, Limit: 200}); err != nil {
				return err
			}
			for _, e := range events {
				before = e.Seq
				switch e.Title {
				case "", oldTitle, freshTitle, "Ada's own":
				case audit.Unreadable:
					changed = errors.New(e.Title)
				default:
					t.Errorf("audit gives title %q", e.Title)
				}
			}
		}
		return changed
	},
	"device": func(t *testing.T, s *scene) error {
		in, err := s.signIn(session.SignIn{Devices: map[string]seal.Token{s.AdminID: s.adaDevice}})
		if err != nil {
			return err
		}
		if !in.Open {
			return errNotOpen
		}
		*s.device = in.Device
		return s.reveals(t, func() (gate.Actor, error) { return s.actor(in) }, s.fresh, freshSecret)
	},
	"organization key": func(t *testing.T, s *scene) error {
		in, err := s.signIn(session.SignIn{Code: s.Code})
		if err != nil {
			return err
		}
		return s.reveals(t, func() (gate.Actor, error) { return s.actor(in) }, s.fresh, freshSecret)
	},
	"second factor": func(t *testing.T, s *scene) error {
		return s.second(factor.Proof{Code: s.seed.Code(seal.TOTPStep(s.Clock.Now()) + 1)})
	},
	"recovery code": func(t *testing.T, s *scene) error { return s.second(factor.Proof{Code: s.codes[0].Reveal()}) },
	"confirm": func(t *testing.T, s *scene) error {
		who, err := s.adas()
		if err != nil {
			return err
		}
		return s.Org.Confirm(ctx, who, seal.NewSecret(newPassword))
	},
	"add client": func(t *testing.T, s *scene) error {
		who, err := s.adas()
		if err != nil {
			return err
		}
		_, err = s.Clients.Add(ctx, who, client.Input{Name: fmt.Sprintf("Client %d", clients.Add(1))})
		return err
	},
	"epoch": func(t *testing.T, s *scene) error {
		who, err := s.adas()
		if err != nil {
			return err
		}
		s.exec("UPDATE organizations SET epoch_due_at = 1, epoch_due_why = 'test'")
		err = s.Org.MakeDue(ctx, who)
		if err != nil {
			s.exec("UPDATE organizations SET epoch_due_at = 0")
		}
		return err
	},
}

// used is what a proof uses up of a second factor.
type used struct {
	id               string
	version, counter int64
	box              []byte
}

func (s *scene) used() (all []used) {
	s.T.Helper()
	s.Must(s.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(ctx, "SELECT id, version, counter, factor_box FROM factors")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var u used
			if err := rows.Scan(&u.id, &u.version, &u.counter, &u.box); err != nil {
				return err
			}
			all = append(all, u)
		}
		return rows.Err()
	}))
	return all
}

func (s *scene) unused(all []used) {
	for _, u := range all {
		if u.box == nil { // what an empty value is read as
			u.box = []byte{}
		}
		s.exec("UPDATE factors SET version = $1, counter = $2, factor_box = $3 WHERE id = $4", u.version, u.counter, u.box, u.id)
	}
}

// second signs Bob in with a second factor. What was used is put back, so that
// it can be used by the next probe.
func (s *scene) second(p factor.Proof) error {
	defer s.unused(s.used())
	_, err := s.Sessions.SignIn(ctx, session.SignIn{Email: "bob@northwind.example", Password: seal.NewSecret(apptest.Password), IP: "127.0.0.1"})
	needs := (*session.FactorError)(nil)
	if !errors.As(err, &needs) {
		return errors.Join(errors.New("no second factor is asked for"), err)
	}
	_, err = s.Sessions.SecondStep(ctx, session.Second{Pending: needs.Pending, Proof: p, IP: "127.0.0.1"})
	return err
}

func (s *scene) actor(in session.SignedIn) (gate.Actor, error) {
	return s.Sessions.Resume(ctx, in.Bearer(), "127.0.0.1", nil)
}

func (s *scene) adas() (gate.Actor, error) { return s.actor(s.ada) }
func (s *scene) tims() (gate.Actor, error) { return s.actor(s.tim) }

func (s *scene) bearer(token session.MadeToken) func() (gate.Actor, error) {
	return func() (gate.Actor, error) { return s.Sessions.Resume(ctx, token.Bearer, "127.0.0.1", nil) }
}

func (s *scene) reveals(t *testing.T, actor func() (gate.Actor, error), credential, want string) error {
	t.Helper()
	who, err := actor()
	if err != nil {
		return err
	}
	secret, err := s.Vault.Reveal(ctx, who, credential)
	if err == nil && secret.Password != want {
		t.Errorf("reveal gives %q", secret.Password)
	}
	return err
}
