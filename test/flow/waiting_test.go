package flow

import (
	"context"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
)

// waits demands that somebody who waits for approval is let in to his own
// account and to nothing else.
func (s *scene) waits(entry people.Entry) {
	s.T.Helper()
	in, err := s.Sessions.BeginSealed(ctx, entry.Org, entry.User, entry.P, "10.0.0.1", "test", nil)
	s.Must(err)
	who := s.Resume(in)
	me, err := s.People.Me(ctx, who)
	s.Must(err)
	if !me.Waiting || me.State != people.Pending || len(me.Permissions.Names()) != 0 || me.Open {
		s.T.Errorf("%+v", me)
	}
	_, err = s.Org.View(ctx, who)
	s.refused(err, fault.Absent)
	s.refused(s.KeyLinks.Request(ctx, who), fault.Absent)
}

// A member who is made pending signs in, by whatever he has, to a session that
// is sealed and reaches his own account alone; when he is approved it is like
// any other.
func TestWaitingForApproval(t *testing.T) {
	both(t, func(s *scene) {
		tim := s.Enrol("tim", perm.LevelTechnicianDefault)
		known := s.SignedIn("tim")
		s.reveals(s.Resume(known), s.cred, secret)
		s.Must(s.People.Unapprove(ctx, s.Admin, tim))
		if _, err := s.actor(known); err == nil {
			t.Error("his session goes on")
		}
		in, err := s.Sessions.SignIn(ctx, session.SignIn{Email: "tim@northwind.example", Password: seal.NewSecret(apptest.Password), Code: s.Code,
			Devices: map[string]seal.Token{tim: known.Device}, IP: "127.0.0.1"})
		s.Must(err)
		if in.Open || in.Device.Valid() {
			t.Fatal("the vault opens for somebody who waits for approval")
		}
		who := s.Resume(in)
		_, err = s.Sessions.Open(ctx, who, session.Open{Bearer: in.Bearer(), Password: seal.NewSecret(apptest.Password), Code: s.Code})
		s.refused(err, fault.Absent)
		_, err = s.Vault.Reveal(ctx, who, s.cred)
		s.refused(err, fault.Absent)
		for name, own := range map[string]func(context.Context, gate.Actor) error{
			"profile":  func(ctx context.Context, who gate.Actor) error { _, err := s.People.Profile(ctx, who); return err },
			"sessions": func(ctx context.Context, who gate.Actor) error { _, _, err := s.Sessions.List(ctx, who); return err },
			"password": func(ctx context.Context, who gate.Actor) error {
				_, err := s.Sessions.ChangePassword(ctx, who, session.Password{Bearer: in.Bearer(), Present: seal.NewSecret(apptest.Password), Next: seal.NewSecret("another " + apptest.Password)})
				return err
			},
		} {
			if err := own(ctx, who); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		s.Must(s.People.Approve(ctx, s.Admin, tim))
		if _, err = s.Sessions.Open(ctx, s.Resume(in), session.Open{Bearer: in.Bearer(), Code: s.Code}); err != nil {
			t.Fatal(err)
		}
		s.reveals(s.Resume(in), s.cred, secret)
		s.Must(s.Sessions.SignOut(ctx, s.Resume(in)))
	})
}
