package api_test

import (
	"context"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/audit"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/perm"
	"bailiwick/sdk"
)

// siteUser signs a user of a site in with its Organization Key.
func (s *server) siteUser(site *apptest.Site, name string) *sdk.API {
	s.t.Helper()
	a, _, err := s.anonymous().SignIn(context.Background(), sdk.SignIn{Email: name + "@" + site.Domain, Password: apptest.Password, OrganizationKey: sdk.Secret(site.Code.Chars())})
	s.Must(err)
	return a
}

// A credential is shared, changed on the other side, listed on both, and ended
// from either; and what a Site User - Limited sees is chosen.
func TestSharingByTheAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := startOn(t, d)
		contoso, err := s.admin.AddClient(ctx, sdk.NewClient{Name: "Contoso"})
		s.Must(err)
		_, err = s.admin.Partner(ctx, contoso.ID)
		want(t, err, sdk.Unacceptable)
		site := s.Activate(contoso.ID, "contoso.example")
		lim := site.Enrol("lim", perm.LevelSiteUserLimited)
		sue := s.siteUser(site, "sue")
		_, err = sue.Site(ctx, site.Company) // a site has none
		want(t, err, sdk.Absent)
		_, err = s.admin.Partner(ctx, s.Company)
		if want(t, err, sdk.Unacceptable); strings.Contains(err.Error(), "Switch") {
			t.Errorf("advice that can't be followed: %v", err)
		}
		cred, err := s.admin.AddCredential(ctx, sdk.NewCredential{Client: contoso.ID, Title: "Edge firewall", Username: "root", Password: "s3cret"})
		s.Must(err)
		these := []sdk.Selected{{ID: cred.ID}}

		other, err := s.admin.Partner(ctx, contoso.ID)
		s.Must(err)
		if other.Name != "Contoso" || len(other.People) != 2 {
			t.Fatalf("with whom: %+v", other)
		}
		_, err = s.admin.Share(ctx, sdk.NewShares{Credentials: these})
		want(t, err, sdk.Invalid)
		_, err = s.admin.Share(ctx, sdk.NewShares{Credentials: these, Sharing: sdk.Sharing{Everyone: true}})
		s.Must(err)
		_, err = s.admin.Share(ctx, sdk.NewShares{Credentials: these, Sharing: sdk.Sharing{Everyone: true, Users: []string{lim}}})
		if want(t, err, sdk.Invalid).Field("users") == "" {
			t.Error("everyone and somebody: the field is not named")
		}
		got, err := sue.Credential(ctx, cred.ID)
		s.Must(err)
		if got.Title != "Edge firewall" || got.Shared == nil || !got.Shared.Received || got.Shared.Organization != "Northwind IT" || got.Shared.Write || got.MayEdit || got.MayShare {
			t.Fatalf("at the site: %+v %+v", got, got.Shared)
		}
		_, err = sue.EditCredential(ctx, cred.ID, sdk.CredentialChange{Version: got.Version, Title: ptr("Mine")})
		want(t, err, sdk.Absent)
		_, err = sue.Share(ctx, sdk.NewShares{Credentials: these, Sharing: sdk.Sharing{Everyone: true}})
		want(t, err, sdk.Absent)

		_, err = s.admin.Share(ctx, sdk.NewShares{Credentials: these, Sharing: sdk.Sharing{Users: []string{lim}, Write: true, History: true}})
		s.Must(err)
		_, err = sue.EditCredential(ctx, cred.ID, sdk.CredentialChange{Version: got.Version, Title: ptr("Theirs")})
		s.Must(err)
		list, err := s.admin.Shares(ctx, contoso.ID)
		s.Must(err)
		if len(list.Shares) != 1 || list.Shares[0].Title != "Theirs" || !list.Shares[0].Write || !list.Shares[0].History || len(list.Shares[0].People) != 1 || list.Shares[0].People[0].ID != lim || list.Shares[0].By != "Ada Admin" {
			t.Fatalf("the provider's list: %+v", list)
		}
		if list, err = sue.Shares(ctx, ""); err != nil || len(list.Shares) != 1 || !list.Shares[0].Received || list.Shares[0].By != "" || len(list.Shares[0].People) != 1 || list.Shares[0].People[0].ID != lim {
			t.Fatalf("the site's list: %+v %v", list, err)
		}

		who, err := s.admin.WhoSeesCredential(ctx, cred.ID)
		if s.Must(err); who.There == nil || who.There.Made || who.There.Everyone || who.There.Organization != "Contoso" || who.There.Chosen != 1 {
			t.Errorf("who sees it there: %+v", who.There)
		}
		if who, err = sue.WhoSeesCredential(ctx, cred.ID); err != nil || who.There == nil || !who.There.Made || who.There.Organization != "Northwind IT" || who.There.Chosen != 0 {
			t.Errorf("who sees it at the maker's: %+v %v", who.There, err)
		}

		// A token lists, and can't share.
		made, err := s.admin.AddToken(ctx, sdk.NewToken{Name: "robot", AllClients: true, Days: 1, Permissions: []string{"Client: View List", "Password: View", "Permission: Share"}})
		s.Must(err)
		robot, err := sdk.New(s.url, made.Bearer, "test")
		s.Must(err)
		if list, err = robot.Shares(ctx, ""); err != nil || len(list.Shares) != 1 {
			t.Errorf("a token lists: %+v %v", list, err)
		}
		if _, err = robot.Unshare(ctx, sdk.EndShares{Credentials: these}); err == nil {
			t.Error("a token ended a share")
		}

		// From the receiving side: always flagged.
		_, err = sue.Unshare(ctx, sdk.EndShares{Credentials: these, KeepQuiet: true})
		s.Must(err)
		_, err = sue.Credential(ctx, cred.ID)
		want(t, err, sdk.Absent)
		mine, err := s.admin.Credential(ctx, cred.ID)
		s.Must(err)
		if mine.Shared != nil || !mine.MayShare || len(mine.Flags) == 0 || mine.Flags[0].Cause != "unshared" {
			t.Errorf("after the end: %+v %+v", mine.Shared, mine.Flags)
		}

		// What is not shared is not said to have ended, and is no event.
		_, err = s.admin.Unshare(ctx, sdk.EndShares{Credentials: these})
		want(t, err, sdk.Unacceptable)
		second, err := s.admin.AddCredential(ctx, sdk.NewCredential{Client: contoso.ID, Title: "Core", Password: "c0re"})
		s.Must(err)
		_, err = s.admin.Share(ctx, sdk.NewShares{Credentials: []sdk.Selected{{ID: second.ID}}, Sharing: sdk.Sharing{Everyone: true}})
		s.Must(err)
		for _, order := range [][]sdk.Selected{{{ID: cred.ID}, {ID: second.ID}}, {{ID: second.ID}, {ID: cred.ID}}} {
			ended, err := s.admin.Unshare(ctx, sdk.EndShares{Credentials: order})
			s.Must(err)
			for _, c := range ended.Credentials {
				if (c.Version == 0) != (c.ID == cred.ID) {
					t.Errorf("ended: %+v", ended)
				}
			}
			_, err = s.admin.Share(ctx, sdk.NewShares{Credentials: []sdk.Selected{{ID: second.ID}}, Sharing: sdk.Sharing{Everyone: true}})
			s.Must(err)
		}
		events, _, err := s.Audit.List(ctx, s.Admin, audit.Filter{Target: cred.ID, Operations: []string{"credential.unshare"}})
		s.Must(err)
		done := 0
		for _, e := range events {
			if e.Outcome == "done" {
				done++
			}
		}
		if done != 1 { // the site's, before
			t.Errorf("%d events of an end, want 1: %+v", done, events)
		}

		// What is chosen for a Site User - Limited.
		limited := s.siteUser(site, "lim")
		own, err := sue.AddCredential(ctx, sdk.NewCredential{Client: site.Company, Title: "Till", Password: "t1ll"})
		s.Must(err)
		_, err = limited.Credential(ctx, own.ID)
		want(t, err, sdk.Absent)
		s.Must(sue.Choose(ctx, lim, sdk.Chosen{Credentials: []string{own.ID}}))
		if c, err := limited.Credential(ctx, own.ID); err != nil || c.Title != "Till" {
			t.Errorf("chosen: %+v %v", c, err)
		}
		chosen, err := sue.Chosen(ctx, lim)
		s.Must(err)
		if strings.Join(chosen.Credentials, " ") != own.ID || len(chosen.Folders) != 0 {
			t.Errorf("chosen: %+v", chosen)
		}
		want(t, sue.Choose(ctx, lim, sdk.Chosen{Credentials: []string{cred.ID}}), sdk.Absent)
		want(t, limited.Choose(ctx, lim, sdk.Chosen{}), sdk.Absent)
		s.Must(sue.Choose(ctx, lim, sdk.Chosen{}))
		_, err = limited.Credential(ctx, own.ID)
		want(t, err, sdk.Absent)
		s.Must(sue.ChooseThese(ctx, sdk.ChooseFor{Credentials: []string{own.ID}, Add: []string{lim}}))
		_, err = limited.Credential(ctx, own.ID)
		s.Must(err)
		want(t, limited.ChooseThese(ctx, sdk.ChooseFor{Credentials: []string{own.ID}, Remove: []string{lim}}), sdk.Absent)
		want(t, sue.ChooseThese(ctx, sdk.ChooseFor{Credentials: []string{own.ID, cred.ID}, Remove: []string{lim}}), sdk.Absent)
		_, err = limited.Credential(ctx, own.ID)
		s.Must(err)
		s.Must(sue.ChooseThese(ctx, sdk.ChooseFor{Credentials: []string{own.ID}, Remove: []string{lim}}))
		_, err = limited.Credential(ctx, own.ID)
		want(t, err, sdk.Absent)
	})
}
