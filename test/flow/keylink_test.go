package flow

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bailiwick/internal/apptest"
	"bailiwick/internal/fault"
	"bailiwick/internal/mail"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
)

// sent is the link in the newest mail to a user, as an administrator without a
// mail server copies it.
func (s *scene) sent(user string) org.Link {
	s.T.Helper()
	list, _, err := s.Mail.Outbox(ctx, s.Admin, mail.Filter{})
	s.Must(err)
	for _, i := range list {
		if i.User == user && i.Kind == mail.KeyLink {
			shown, err := s.Mail.Show(ctx, s.Admin, i.ID)
			s.Must(err)
			at, secret, _ := strings.Cut(shown.Link, "#")
			token, err := seal.ParseToken(secret)
			s.Must(err)
			return org.Link{ID: at[strings.LastIndex(at, "/")+1:], Secret: token}
		}
	}
	s.T.Fatal("no link was sent")
	return org.Link{}
}

func (s *scene) use(in session.SignedIn, l org.Link) error {
	_, err := s.Sessions.Open(ctx, s.Resume(in), session.Open{Bearer: in.Bearer(), Link: l})
	return err
}

// A link opens the vault once, in the session of the user that it was made
// for, also after a new epoch; nothing else opens by it.
func TestKeyLink(t *testing.T) {
	both(t, func(s *scene) {
		tim := s.Enrol("tim", perm.LevelTechnicianDefault)
		kim := s.Enrol("kim", perm.LevelTechnicianDefault)
		s.refused(s.KeyLinks.Send(ctx, s.SignIn("tim"), kim), fault.Absent)
		s.Must(s.KeyLinks.Send(ctx, s.Admin, tim))
		former := s.sent(tim)
		s.Must(s.KeyLinks.Send(ctx, s.Admin, tim))
		link := s.sent(tim)
		s.Must(s.People.Disable(ctx, s.Admin, kim)) // a new epoch: the link goes along
		in, _ := s.open(false, "tim", apptest.Password)
		s.refused(s.use(in, former), fault.Invalid)
		s.refused(s.use(in, org.Link{ID: link.ID, Secret: seal.NewToken()}), fault.Invalid)
		s.refused(s.use(s.SignedIn("ada"), link), fault.Invalid)

		var opened atomic.Int32
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if s.use(in, link) == nil {
					opened.Add(1)
				}
			})
		}
		all.Wait()
		if opened.Load() > 1 {
			t.Errorf("opened %d times", opened.Load())
		}
		if opened.Load() == 0 { // the tries were counted before one could open
			s.Must(s.KeyLinks.Send(ctx, s.Admin, tim))
			s.Must(s.use(in, s.sent(tim)))
		}
		s.reveals(s.Resume(in), s.cred, secret)
		again, _ := s.open(false, "tim", apptest.Password)
		s.refused(s.use(again, link), fault.Invalid)
		if n := s.count("SELECT COUNT(*) FROM key_grants WHERE holder_kind = 'link'"); n != 0 {
			t.Errorf("%d grants of used links are left", n)
		}
		s.Must(s.KeyLinks.Send(ctx, s.Admin, tim))
		late := s.sent(tim)
		s.Clock.Advance(24*time.Hour + time.Second)
		late2, _ := s.open(false, "tim", apptest.Password)
		s.refused(s.use(late2, late), fault.Invalid)
	})
}

// Who asks for the key has his administrators mailed, once an hour; asking for
// an address that nobody has looks the same.
func TestKeyRequest(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelTechnicianDefault)
		_, who := s.open(false, "tim", apptest.Password)
		s.Must(s.KeyLinks.Request(ctx, who))
		s.refused(s.KeyLinks.Request(ctx, who), fault.Unacceptable)
		s.Must(s.KeyLinks.RequestAt(ctx, "tim@northwind.example", "127.0.0.1", nil))
		s.Must(s.KeyLinks.RequestAt(ctx, "nobody@northwind.example", "127.0.0.1", nil))
		if n := s.count("SELECT COUNT(*) FROM mails WHERE kind = 'key-requested'"); n != 1 {
			t.Errorf("%d mails", n)
		}
		s.Clock.Advance(time.Hour)
		s.Must(s.KeyLinks.RequestAt(ctx, " TIM@northwind.example", "127.0.0.1", nil))
		if n := s.count("SELECT COUNT(*) FROM mails WHERE kind = 'key-requested' AND user_id = $1", s.AdminID); n != 2 {
			t.Errorf("%d mails", n)
		}
	})
}
