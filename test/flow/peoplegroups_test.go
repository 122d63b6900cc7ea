package flow

import (
	"testing"

	"bailiwick/internal/apptest"
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
		s.Must(s.Access.Guard(ctx, s.Admin, folder, []string{outside}))
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

// The organization key goes along with an invitation: the link is the new
// user's own, asks for the digits that only the inviter was told, and opens
// the vault after he has accepted and signed in.
func TestKeyAlongWithAnInvitation(t *testing.T) {
	both(t, func(s *scene) {
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		nina := people.Invitee{Email: "nina@northwind.example", Level: perm.LevelTechnicianAssigned, SendKey: true}
		added, err := s.People.Invite(ctx, s.Admin, []people.Invitee{nina}, "")
		s.Must(err)
		if len(added[0].Digits) != 6 {
			t.Errorf("digits %q", added[0].Digits)
		}
		if n := s.count("SELECT COUNT(*) FROM key_links k JOIN user_links u ON u.user_id = k.user_id WHERE k.user_id = $1 AND k.expires_at = u.expires_at AND k.digits", added[0].ID); n != 1 {
			t.Errorf("%d links that live as long as the invitation", n)
		}
		// Again with the same key: nobody is added, and the digits are kept nowhere.
		once := s.Admin.Once("key of the form", []byte("request"))
		olaf := people.Invitee{Email: "olaf@northwind.example", Level: perm.LevelTechnicianAssigned, SendKey: true}
		first, err := s.People.Invite(ctx, once, []people.Invitee{olaf}, "")
		s.Must(err)
		again, err := s.People.Invite(ctx, once, []people.Invitee{olaf}, "")
		if err != nil || first[0].ID != again[0].ID || again[0].Digits != "" {
			t.Errorf("%+v, %v", again, err)
		}
		if n := s.count("SELECT COUNT(*) FROM idempotency WHERE answer LIKE '%' || $1 || '%'", first[0].Digits); n != 0 {
			t.Error("the digits are in the database")
		}
		// Not to a guest, not without User: Edit, and not from a sealed session.
		_, err = s.People.Invite(ctx, s.Admin, []people.Invitee{{Email: "gus@northwind.example", SendKey: true}}, "")
		s.refused(err, fault.Invalid)
		can := []perm.P{perm.UserAdd}
		of, _ := perm.LevelByID(perm.LevelTechnicianAssigned)
		for _, i := range perm.All() {
			if of.Set.Has(i.P) {
				can = append(can, i.P)
			}
		}
		s.Enrol("tess", s.custom("Adder", can...))
		nina.Email = "petra@northwind.example"
		_, err = s.People.Invite(ctx, s.SignIn("tess"), []people.Invitee{nina}, "")
		s.refused(err, fault.Invalid)
		_, sealed := s.open(false, "ada", apptest.Password)
		_, err = s.People.Invite(ctx, sealed, []people.Invitee{nina}, "")
		s.refused(err, fault.Sealed)
		if n := s.count("SELECT COUNT(*) FROM users WHERE email = $1", nina.Email); n != 0 {
			t.Error("somebody was added without the key that was to go along")
		}
	})
}
