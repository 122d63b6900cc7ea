package flow

import (
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/audit"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

// The user's own recovery code stands for the Organization Key on a new
// browser; an earlier code, and another user's, open nothing.
func TestRecoveryCode(t *testing.T) {
	both(t, func(s *scene) {
		cred := s.add(s.Admin, vault.Place{Client: s.Company}, "s3cret")
		s.Enrol("bea", perm.LevelAdmin)
		_, bea := s.open(true, "bea", apptest.Password, withCode(s.Code))
		first, second := seal.NewRecoveryCode(), seal.NewRecoveryCode()
		s.Must(s.People.RenewRecovery(ctx, bea, first))
		s.Must(s.People.RenewRecovery(ctx, bea, second))

		enter := func(name, typed string) error {
			in, who := s.open(false, name, apptest.Password)
			open := session.Open{Bearer: in.Bearer()}
			if err := open.Type(typed); err != nil {
				return err
			}
			_, err := s.Sessions.Open(ctx, who, open)
			if err == nil {
				who, err = s.actor(in)
				s.Must(err)
				s.reveals(who, cred, "s3cret")
			}
			return err
		}
		s.refused(enter("bea", first.Chars()), fault.Invalid)
		s.refused(enter("ada", second.Chars()), fault.Invalid)
		s.Must(enter("bea", second.Chars()))
		s.Must(s.Org.ChangeKey(ctx, s.Admin, seal.NewSecret(apptest.Password), seal.NewCode()))
		s.Must(enter("bea", second.Chars()))
	})
}

// A row that somebody changed in the database keeps a new epoch from being
// made, but never a removal from cutting access.
func TestRemovalCutsBesideADamagedRow(t *testing.T) {
	both(t, func(s *scene) {
		cred := s.add(s.Admin, vault.Place{Client: s.Company}, "s3cret")
		bob := s.Enrol("bob", perm.LevelAdmin)
		s.Enrol("kim", perm.LevelTechnicianDefault)
		_, who := s.open(true, "bob", apptest.Password, withCode(s.Code))
		var record []byte
		s.read("SELECT password_record FROM users WHERE name = $1", []any{"kim"}, &record)
		damaged := append([]byte{}, record...)
		damaged[len(damaged)-1] ^= 1
		s.exec("UPDATE users SET password_record = $1 WHERE name = $2", damaged, "kim")

		s.Must(s.People.Disable(ctx, s.Admin, bob))
		_, err := s.Vault.Reveal(ctx, who, cred)
		s.refused(err, fault.Absent)
		_, err = s.Vault.Reveal(ctx, s.Admin, cred)
		s.refused(err, fault.Unavailable)

		s.exec("UPDATE users SET password_record = $1 WHERE name = $2", record, "kim")
		s.reveals(s.Admin, cred, "s3cret")
		if n := s.epoch(); n != 2 {
			s.T.Fatalf("epoch %d after the row was mended", n)
		}
	})
}

// A try for an address that nobody has is noted like any other, without
// telling the one who tried.
func TestUnknownAddressIsNoted(t *testing.T) {
	both(t, func(s *scene) {
		_, err := s.try("nobody", "wrong")
		s.refused(err, fault.Unsigned)
		events, _, err := s.Audit.List(ctx, s.Admin, audit.Filter{Limit: 1})
		s.Must(err)
		if e := events[0]; e.Operation != "session.sign-in" || e.Outcome != "failed" || e.Name != "unknown address" || e.Actor != "" {
			s.T.Fatalf("noted as %+v", e)
		}
	})
}
