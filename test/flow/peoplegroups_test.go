package flow

import (
	"strings"
	"testing"

	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
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

// The invitation's mail and page name the clients that a security group gives,
// beside those that are assigned; a disabled group gives none.
func TestInvitationNamesWhatGroupsGive(t *testing.T) {
	both(t, func(s *scene) {
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		adatum, err := s.Clients.Add(ctx, s.Admin, client.Input{Name: "Adatum"})
		s.Must(err)
		fabrikam, err := s.Clients.Add(ctx, s.Admin, client.Input{Name: "Fabrikam"})
		s.Must(err)
		on, err := s.Access.AddGroup(ctx, s.Admin, "On", nil, []string{adatum, s.contoso})
		s.Must(err)
		off, err := s.Access.AddGroup(ctx, s.Admin, "Off", nil, []string{fabrikam})
		s.Must(err)
		s.Must(s.Access.EnableGroup(ctx, s.Admin, off, false))
		s.invite(s.Admin, people.Invitee{Email: "nina@northwind.example", Level: perm.LevelTechnicianAssigned, Clients: []string{s.contoso}, Groups: []string{on, off}})
		shown, err := s.People.Invitation(ctx, s.newest(mail.Invitation, "nina@northwind.example"), "10.0.0.1", nil)
		if s.Must(err); strings.Join(shown.Things, ",") != "Adatum,Contoso" {
			t.Errorf("the page names %v", shown.Things)
		}
		list, _, err := s.Mail.Outbox(ctx, s.Admin, mail.Filter{Limit: 1})
		s.Must(err)
		letter, err := s.Mail.Show(ctx, s.Admin, list[0].ID)
		if s.Must(err); !strings.Contains(letter.Text, "Adatum") || strings.Count(letter.Text, "Contoso") != 1 || strings.Contains(letter.Text, "Fabrikam") {
			t.Errorf("the mail says %s", letter.Text)
		}
	})
}
