package flow

import (
	"testing"
	"time"

	"bailiwick/internal/apptest"
	"bailiwick/internal/fault"
	"bailiwick/internal/mail"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// states counts the mails of a kind by state.
func (s *scene) states(kind mail.Kind) map[string]int {
	s.T.Helper()
	list, _, err := s.Mail.Outbox(ctx, s.Admin, mail.Filter{Limit: 200})
	s.Must(err)
	n := map[string]int{}
	for _, m := range list {
		if m.Kind == kind {
			n[m.State]++
		}
	}
	return n
}

// While no mail server is set links are passed on by hand. What was used, or
// replaced, or has expired in the meantime is never mailed, and what is left is
// sent only when that was said.
func TestLinksAreNotMailedAgain(t *testing.T) {
	both(t, func(s *scene) {
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		s.invite(s.Admin, people.Invitee{Email: "nina@northwind.example", Level: perm.LevelTechnicianDefault})
		_, err := s.accept(s.newest(mail.Invitation, "nina@northwind.example"), "Nina", "10.0.0.1")
		s.Must(err)
		olaf := s.invite(s.Admin, people.Invitee{Email: "olaf@northwind.example", Level: perm.LevelTechnicianDefault, SendKey: true})
		first := s.count("SELECT COUNT(*) FROM mails WHERE user_id = $1", olaf)
		again, err := s.People.Resend(ctx, s.Admin, olaf, "")
		s.Must(err)
		if first != 2 || !again.KeySent || again.Digits.IsEmpty() || again.KeyLink.IsEmpty() {
			t.Errorf("%d mails; sent again with the key: %v", first, again.KeySent)
		}
		s.invite(s.Admin, people.Invitee{Email: "late@northwind.example", Level: perm.LevelTechnicianDefault})
		s.Clock.Advance(8 * 24 * time.Hour)
		tim := s.Enrol("tim", perm.LevelTechnicianDefault)
		admin, err := s.actor(s.SignedIn("ada"))
		s.Must(err)
		_, err = s.People.Reset(ctx, admin, tim)
		s.Must(err)
		s.Admin = admin
		s.Must(s.Mail.Sweep(ctx))
		if n := s.states(mail.Invitation); n[mail.Waiting] != 0 || n[mail.Dropped]+n[mail.Failed] != 4 {
			t.Errorf("invitations: %v", n)
		}
		if n := s.states(mail.PasswordReset); n[mail.Waiting] != 1 {
			t.Errorf("resets: %v", n)
		}
		set := mail.Settings{Public: "https://vault.example", Host: "127.0.0.1", Port: 1, Security: mail.Plain, Address: "vault@northwind.example"}
		own := seal.NewSecret(apptest.Password)
		if f, ok := fault.As(s.Mail.Save(ctx, s.Admin, own, set)); !ok || len(f.Fields) != 1 || f.Fields[0].Name != "rest" {
			t.Fatalf("what becomes of waiting mails is not asked: %+v", f)
		}
		set.Rest = mail.RestDrop
		s.Must(s.Mail.Save(ctx, s.Admin, own, set))
		if n := s.count("SELECT COUNT(*) FROM mails WHERE state = 'waiting' OR body_box IS NOT NULL"); n != 0 {
			t.Errorf("%d mails still wait", n)
		}
		set.Rest = "" // once it is set, nothing is asked
		s.Must(s.Mail.Save(ctx, s.Admin, own, set))
	})
}
