package flow

import (
	"strings"
	"testing"
	"time"

	"bailiwick/internal/apptest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/org"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/session"
)

// comer invites somebody together with the organization key, and has the
// invitation accepted: what is left to do is to open the vault.
func (s *scene) comer(name string) (people.Added, org.Link, session.SignedIn) {
	s.T.Helper()
	email := name + "@northwind.example"
	all, err := s.People.Invite(ctx, s.Admin.Once("key-"+name, []byte(name)), []people.Invitee{{Email: email, Level: perm.LevelTechnicianDefault, SendKey: true}}, "")
	s.Must(err)
	link := s.sent(all[0].ID)
	s.refused(s.use(s.SignedIn("ada"), link), fault.Invalid) // it is bound to its user
	e, err := s.accept(s.newest(mail.Invitation, email), name, "10.0.0.1")
	s.Must(err)
	in, err := s.Sessions.BeginSealed(ctx, e.Org, e.User, e.P, "10.0.0.1", "test", nil)
	s.Must(err)
	return all[0], link, in
}

// An invitation comes with a link that opens the vault, in the new user's own
// session only, and only with the digits that the inviter was shown once.
func TestKeyLinkAlongWithAnInvitation(t *testing.T) {
	both(t, func(s *scene) {
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		nina, link, in := s.comer("nina")
		digits := nina.Digits.Reveal()
		if len(digits) != 6 || strings.Trim(digits, "0123456789") != "" || !nina.KeySent {
			t.Fatalf("%q", digits)
		}
		if !strings.HasSuffix(nina.KeyLink.Reveal(), "/key/"+link.ID+"#"+link.Secret.Reveal()) || !strings.Contains(nina.Link.Reveal(), "/invitation?token=") {
			t.Error("without a mail server the links are given to be copied")
		}
		again, err := s.People.Invite(ctx, s.Admin.Once("key-nina", []byte("nina")), []people.Invitee{{Email: "nina@northwind.example", Level: perm.LevelTechnicianDefault, SendKey: true}}, "")
		if err != nil || again[0].ID != nina.ID || !again[0].Digits.IsEmpty() || !again[0].Link.IsEmpty() || !again[0].KeyLink.IsEmpty() {
			t.Errorf("a repeated request: %+v, %v", again, err)
		}
		if n := s.count("SELECT COUNT(*) FROM idempotency WHERE answer LIKE $1", "%"+digits+"%"); n != 0 {
			t.Error("the digits are in the database")
		}
		var expires, invitation int
		s.read("SELECT expires_at FROM key_links WHERE id = $1", []any{link.ID}, &expires)
		if invitation = int(s.Clock.Now().Add(168 * time.Hour).UnixMilli()); expires != invitation {
			t.Errorf("the link lives until %d, the invitation until %d", expires, invitation)
		}
		s.refused(s.use(in, link), fault.Invalid)
		link.Digits = digits
		s.Must(s.use(in, link))
		s.reveals(s.Resume(in), s.cred, secret)

		// After five wrong tries the right ones open nothing.
		olaf, link, in := s.comer("olaf")
		link.Digits = "000000"
		if olaf.Digits.Reveal() == link.Digits {
			link.Digits = "000001"
		}
		for range 5 {
			s.refused(s.use(in, link), fault.Invalid)
		}
		link.Digits = olaf.Digits.Reveal()
		s.refused(s.use(in, link), fault.Invalid)
	})
}

// Who may send the key along, and who may not.
func TestWhoSendsTheKeyAlong(t *testing.T) {
	both(t, func(s *scene) {
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		level := s.custom("Recruiter", perm.UserAdd, perm.VaultAccess)
		s.Enrol("rita", level)
		s.Enrol("mona", perm.LevelManagerDefault)
		mona, rita := s.SignIn("mona"), s.SignIn("rita")
		in := people.Invitee{Email: "one@northwind.example", Level: perm.LevelTechnicianAssigned, SendKey: true}
		s.invited(rita, people.Invitee{Email: "one@northwind.example", SendKey: true}, fault.Invalid)
		_, sealed := s.open(false, "mona", apptest.Password)
		s.invited(sealed, in, fault.Sealed)
		a, err := s.People.Check(ctx, rita, "x@northwind.example")
		if err != nil || a.MaySendKey {
			t.Errorf("%v, %v", a.MaySendKey, err)
		}
		a, err = s.People.Check(ctx, mona, "x@northwind.example")
		if err != nil || !a.MaySendKey || !a.KeyDigits {
			t.Errorf("%v, %v", a.MaySendKey, err)
		}
		made, err := s.People.Invite(ctx, mona, []people.Invitee{in}, "")
		s.Must(err)
		if made[0].Digits.IsEmpty() || !made[0].Link.IsEmpty() {
			t.Error("who may not read the outbox was given a link")
		}

		st, err := s.People.Settings(ctx, s.Admin)
		s.Must(err)
		next := st
		next.KeyLinkDigits = false
		s.Must(s.People.SaveSettings(ctx, s.Admin, st, next))
		two, link, session := s.comer("two")
		if !two.Digits.IsEmpty() {
			t.Error("digits though they are switched off")
		}
		s.Must(s.use(session, link))
	})
}

func (s *scene) invited(who gate.Actor, p people.Invitee, want fault.Kind) {
	s.T.Helper()
	_, err := s.People.Invite(ctx, who, []people.Invitee{p}, "")
	s.refused(err, want)
}

// Of 200 who use a key link at once exactly one opens the vault.
func TestKeyLinkOnce(t *testing.T) {
	both(t, func(s *scene) {
		tim := s.Enrol("tim", perm.LevelTechnicianDefault)
		s.Must(s.KeyLinks.Send(ctx, s.Admin, tim))
		link := s.sent(tim)
		in, who := s.open(false, "tim", apptest.Password)
		good, other := parallel(func(string) error {
			_, err := s.Sessions.Open(ctx, who, session.Open{Bearer: in.Bearer(), Link: link})
			if fault.Is(err, fault.Invalid) { // the link is used, or its tries are
				err = fault.Cannot("used")
			}
			return err
		})
		if good != 1 || len(other) > 0 {
			t.Errorf("opened %d times, %v", good, other)
		}
		s.reveals(s.Resume(in), s.cred, secret)
	})
}
