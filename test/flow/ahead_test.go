package flow

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bailiwick/internal/db"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// A secret is read before its turn to be written down. Whoever has lost his
// rights when the turn comes gets nothing, however many read at this moment.
func TestRevealsStopWithTheRight(t *testing.T) {
	both(t, func(s *scene) {
		may := perm.SetOf(perm.ClientViewList, perm.ClientDefaultAccess, perm.PasswordView)
		level, err := s.Access.AddLevel(ctx, s.Admin, "Readers", may)
		s.Must(err)
		s.Enrol("ben", level)
		ben := s.SignIn("ben")
		_, err = s.Vault.Reveal(ctx, ben, s.cred)
		s.Must(err)
		var over atomic.Bool
		var all sync.WaitGroup
		var before, refused atomic.Int64
		started := make(chan bool, 16)
		for range 16 {
			all.Go(func() {
				for n := 0; refused.Load() < 32; n++ {
					late := over.Load() // answered before this began
					_, err := s.Vault.Reveal(ctx, ben, s.cred)
					switch {
					case err == nil && late:
						t.Error("revealed after the right was gone")
						return
					case err == nil:
						before.Add(1)
					case fault.Is(err, fault.Absent):
						refused.Add(1)
					default:
						t.Error(err)
						return
					}
					if n == 3 {
						started <- true
					}
				}
			})
		}
		for range 16 {
			<-started
		}
		s.Must(s.Access.EditLevel(ctx, s.Admin, level, 1, "Readers", may.Without(perm.PasswordView)))
		over.Store(true)
		all.Wait()
		s.gapless()
		done := s.count("SELECT COUNT(*) FROM audit_events WHERE operation = 'credential.reveal' AND outcome = 'done' AND actor_name = 'ben'")
		if done != int(before.Load())+1 {
			t.Errorf("%d secrets were shown, %d events tell of it", before.Load()+1, done)
		}
	})
}

// A change of the organization costs the next reveal a second look, and not
// those after it.
func TestRevealsCatchUp(t *testing.T) {
	both(t, func(s *scene) {
		for n := range 3 {
			s.add(s.Admin, vault.Place{Client: s.contoso}, fmt.Sprint("another password ", n))
			before := s.Gate.Again()
			for range 5 {
				_, err := s.Vault.Reveal(ctx, s.Admin, s.cred)
				s.Must(err)
			}
			if again := s.Gate.Again() - before; again > 1 {
				t.Errorf("%d of 5 were made again", again)
			}
		}
	})
}

// What is shown is what is stored when it is written down: once a change of a
// password is answered, nobody is shown the one before.
func TestRevealsFollowEdits(t *testing.T) {
	both(t, func(s *scene) {
		var present atomic.Int64
		var over atomic.Bool
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for !over.Load() {
					at := present.Load()
					got, err := s.Vault.Reveal(ctx, s.Admin, s.cred)
					var n int64
					if _, e := fmt.Sscanf(got.Password, "number %d", &n); err != nil || e == nil && n < at {
						t.Errorf("number %d was saved; shown is %q, %v", at, got.Password, err)
						return
					}
				}
			})
		}
		for i := range int64(20) {
			_, err := s.Vault.Edit(ctx, s.Admin, s.cred, i+1, vault.Input{Overview: vault.Overview{Title: "T"}, Secret: vault.Secret{Password: fmt.Sprintf("number %d", i+1)}})
			s.Must(err)
			present.Store(i + 1)
		}
		over.Store(true)
		all.Wait()
		s.gapless()
	})
}

// One whose event can't be written gets nothing, and takes none of the others
// with him, who share the statement.
func TestOneRevealFailsAlone(t *testing.T) {
	both(t, func(s *scene) {
		bad, err := s.Vault.Add(ctx, s.Admin, vault.Place{Client: s.contoso}, vault.Input{Overview: vault.Overview{Title: "bad"}, Secret: vault.Secret{Password: "never"}})
		s.Must(err)
		s.Must(s.db.Write(ctx, "", func(tx *db.Tx) error {
			texts := []string{`CREATE TRIGGER bad BEFORE INSERT ON audit_events WHEN NEW.target_id = '` + bad + `' BEGIN SELECT RAISE(ABORT, 'not this one'); END`}
			if s.db.Engine() == "postgres" {
				texts = []string{`CREATE FUNCTION bad() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$ LANGUAGE plpgsql`,
					`CREATE TRIGGER bad BEFORE INSERT ON audit_events FOR EACH ROW WHEN (NEW.target_id = '` + bad + `') EXECUTE FUNCTION bad()`}
			}
			for _, text := range texts {
				if _, err := tx.Exec(ctx, text); err != nil {
					return err
				}
			}
			return nil
		}))
		s.Clock.Advance(time.Second)
		var all sync.WaitGroup
		var shown atomic.Int64
		for i := range 90 {
			all.Go(func() {
				of := s.cred
				if i%9 == 4 {
					of = bad
				}
				got, err := s.Vault.Reveal(ctx, s.Admin, of)
				if of == bad && (err == nil || got.Password != "") || of != bad && err != nil {
					t.Errorf("%d: %q, %v", i, got.Password, err)
				} else if err == nil {
					shown.Add(1)
				}
			})
		}
		all.Wait()
		s.gapless()
		events := s.count("SELECT COUNT(*) FROM audit_events WHERE operation = 'credential.reveal' AND outcome = 'done'")
		seen := s.count("SELECT COUNT(*) FROM seen WHERE credential_id = $1 AND last_at > first_at", bad)
		if events != int(shown.Load()) || seen != 0 {
			t.Errorf("%d shown, %d events, %d know the bad one", shown.Load(), events, seen)
		}
	})
}

// gapless demands that the audit log counts on without a gap.
func (s *scene) gapless() {
	s.T.Helper()
	var events, last, counted int64
	s.read("SELECT COUNT(*), MAX(seq) FROM audit_events", nil, &events, &last)
	s.read("SELECT audit_size FROM organizations", nil, &counted)
	if events != last || counted != last {
		s.T.Errorf("%d events, the last is number %d, and %d are counted", events, last, counted)
	}
}
