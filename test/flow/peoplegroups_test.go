package flow

import (
	"testing"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// Nobody gives through a security group what exceeds his own reach: not a
// client, and not a guarded folder either, from whichever page.
func TestGroupsGiveNothingBeyondOnesOwn(t *testing.T) {
	both(t, func(s *scene) {
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		mia, tom := s.Enrol("mia", perm.LevelManagerAssigned), s.Enrol("tom", perm.LevelTechnicianAssigned)
		s.Must(s.Access.Assign(ctx, s.Admin, s.contoso, mia, 0))
		s.Must(s.Access.Assign(ctx, s.Admin, s.contoso, tom, 0))
		folder, err := s.Vault.AddFolder(ctx, s.Admin, vault.Place{Client: s.contoso}, "Domain controllers")
		s.Must(err)
		outside, err := s.Access.AddGroup(ctx, s.Admin, "Guards a folder", nil, nil)
		s.Must(err)
		within, err := s.Access.AddGroup(ctx, s.Admin, "Gives Contoso", nil, []string{s.contoso})
		s.Must(err)
		s.Must(s.Access.Guard(ctx, s.Admin, folder, 1, []string{outside}))
		mias := s.SignIn("mia")
		e, err := s.People.View(ctx, mias, tom)
		s.Must(err)
		may := map[string]bool{}
		for _, g := range e.Groups {
			may[g.ID] = g.May
		}
		if may[outside] || !may[within] {
			t.Errorf("the page offers %v", may)
		}
		save := func(who gate.Actor, groups ...string) error {
			e, err := s.People.View(ctx, who, tom)
			s.Must(err)
			return s.People.Save(ctx, who, tom, people.Changes{Version: e.Version, Groups: &groups})
		}
		s.refused(save(mias, outside), fault.Invalid)
		s.refused(save(mias, within, outside), fault.Invalid)
		invite := people.Invitee{Email: "nina@northwind.example", Level: perm.LevelTechnicianAssigned, Groups: []string{outside}}
		_, err = s.People.Invite(ctx, mias, []people.Invitee{invite}, "")
		s.refused(err, fault.Invalid)
		s.Must(save(mias, within))
		invite.Groups = []string{within}
		s.invite(mias, invite)

		// An administrator puts Tom in; Mia may take him out, but not back in.
		s.Must(save(s.Admin, within, outside))
		s.Must(save(mias, within))
		s.refused(save(mias, within, outside), fault.Invalid)
	})
}

// Whoever becomes a guest in the same saving gets no client with it.
func TestGuestsAreGivenNothing(t *testing.T) {
	both(t, func(s *scene) {
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		tim := s.Enrol("tim", perm.LevelTechnicianAssigned)
		group, err := s.Access.AddGroup(ctx, s.Admin, "Field", nil, nil)
		s.Must(err)
		e, err := s.People.View(ctx, s.Admin, tim)
		s.Must(err)
		s.refused(s.People.Save(ctx, s.Admin, tim, people.Changes{Version: e.Version, Level: ptr(""), Clients: &[]string{s.contoso}}), fault.Invalid)
		s.refused(s.People.Save(ctx, s.Admin, tim, people.Changes{Version: e.Version, Level: ptr(""), Groups: &[]string{group}}), fault.Invalid)
		_, err = s.People.Invite(ctx, s.Admin, []people.Invitee{{Email: "gus@northwind.example", Groups: []string{group}}}, "")
		s.refused(err, fault.Invalid)
		s.Must(s.People.Save(ctx, s.Admin, tim, people.Changes{Version: e.Version, Level: ptr("")}))
	})
}
