package flow

import (
	"testing"

	"bailiwick/internal/fault"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// What a site shares with somebody by name is not seen through his perspective
// by whom it is not shared with.
func TestPerspectiveOfWhomSomethingIsSharedWith(t *testing.T) {
	both(t, func(s *scene) {
		site := s.Activate(s.contoso, "contoso.example")
		seeing := []perm.P{perm.ClientViewList, perm.ClientDefaultAccess, perm.PasswordView}
		lookers := s.custom("Lookers", append(seeing, perm.UserPerspective)...)
		readers := s.custom("Readers", seeing...)
		ids := map[string]string{}
		for name, level := range map[string]string{"lou": lookers, "ron": readers} {
			id := s.Enrol(name, perm.LevelTechnicianDefault)
			e, err := s.People.View(ctx, s.Admin, id)
			s.Must(err)
			s.Must(s.People.Save(ctx, s.Admin, id, people.Changes{Version: e.Version, Level: &level}))
			ids[name] = id
		}
		lou := s.SignedIn("lou")
		cred := s.add(site.Admin, vault.Place{Client: site.Company}, "Till")
		s.Must(s.Vault.Share(ctx, site.Admin, cred, vault.Sharing{Users: []string{ids["ron"]}}))
		_, err := s.Vault.Get(ctx, s.SignIn("ron"), cred) // his session takes the key over
		s.Must(err)
		s.refused(s.Sessions.Look(ctx, s.Resume(lou), ids["ron"]), fault.Absent)
		s.Must(s.Vault.Share(ctx, site.Admin, cred, vault.Sharing{Users: []string{ids["ron"], ids["lou"]}}))
		_, err = s.Vault.Get(ctx, s.Resume(lou), cred)
		s.Must(err)
		s.Must(s.Sessions.Look(ctx, s.Resume(lou), ids["ron"]))
		_, err = s.Vault.Get(ctx, s.Resume(lou), cred)
		s.Must(err)

		// While he looks it is shared with the other one alone: the view is over.
		s.Must(s.Vault.Share(ctx, site.Admin, cred, vault.Sharing{Users: []string{ids["ron"]}}))
		_, err = s.Vault.Get(ctx, s.Admin, cred)
		s.Must(err)
		_, err = s.Vault.Get(ctx, s.Resume(lou), cred)
		s.refused(err, fault.Absent)
	})
}
