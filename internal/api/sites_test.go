package api_test

import (
	"context"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/perm"
	"bailiwick/sdk"
)

// A site is switched on, gets people, is activated, and is switched off and on;
// its users are acted on by their ids, by whoever reaches the client.
func TestSiteByTheAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := startOn(t, d)
		a := s.admin
		contoso, err := a.AddClient(ctx, sdk.NewClient{Name: "Contoso"})
		s.Must(err)
		if is, err := a.Site(ctx, contoso.ID); err != nil || is.ID != "" || is.Login || !is.MaySet {
			t.Fatalf("before: %+v %v", is, err)
		}
		want(t, a.ForceSiteTypes(ctx, contoso.ID, true), sdk.Unacceptable)
		_, err = a.InviteToSite(ctx, contoso.ID, sdk.Invite{People: []sdk.Invitee{{Email: "sue@contoso.example", Level: perm.LevelSiteAdministrator}}})
		want(t, err, sdk.Absent)
		s.Must(a.OpenSite(ctx, contoso.ID))
		is, err := a.Site(ctx, contoso.ID)
		if err != nil || !is.Login || is.Slug != "contoso" || is.ActivatedAt != nil || is.Keys != "waiting for activation" {
			t.Fatalf("opened: %+v %v", is, err)
		}

		_, err = a.InviteToSite(ctx, contoso.ID, sdk.Invite{People: []sdk.Invitee{{Email: "sue@contoso.example", Level: perm.LevelAdmin}}})
		want(t, err, sdk.Invalid)
		made, err := a.InviteToSite(ctx, contoso.ID, sdk.Invite{People: []sdk.Invitee{
			{Email: "uma@contoso.example", Level: perm.LevelSiteUser}, {Email: "sue@contoso.example", Level: perm.LevelSiteAdministrator}}})
		s.Must(err)
		uma, first := made.Users[0], made.Users[1]
		if strings.Contains(uma.Link.Reveal(), "#") || !strings.Contains(first.Link.Reveal(), "#") {
			t.Fatalf("which link activates: %q %q", uma.Link.Reveal(), first.Link.Reveal())
		}
		_, token, _ := strings.Cut(uma.Link.Reveal(), "token=")
		_, _, err = s.anonymous().Accept(ctx, sdk.AcceptInvitation{Token: sdk.Secret(token), Name: "Uma", Password: apptest.Password})
		if err == nil || !strings.Contains(err.Error(), "activat") {
			t.Errorf("who accepts early: %v", err)
		}
		in := s.Activation(first.Link.Reveal())
		in.Name = "Sue"
		_, err = s.People.Activate(ctx, in)
		s.Must(err)
		if is, err = a.Site(ctx, contoso.ID); err != nil || is.ActivatedAt == nil || is.Users != 2 {
			t.Fatalf("activated: %+v %v", is, err)
		}

		list, err := a.SiteUsers(ctx, sdk.SiteUserFilter{Client: contoso.ID, Text: "uma"})
		if err != nil || len(list.Users) != 1 || list.Users[0].ID != uma.ID || list.Users[0].ClientName != "Contoso" {
			t.Fatalf("users: %+v %v", list, err)
		}
		enabled := func(want string) {
			t.Helper()
			list, err := a.SiteUsers(ctx, sdk.SiteUserFilter{Disabled: true})
			s.Must(err)
			var got []string
			for _, u := range list.Users {
				if u.State != "Disabled" {
					got = append(got, u.Email)
				}
			}
			if strings.Join(got, " ") != want {
				t.Errorf("enabled: %v, want %s", got, want)
			}
		}
		enabled("sue@contoso.example uma@contoso.example")
		if sent, err := a.ResetUser(ctx, uma.ID); err != nil || !strings.Contains(sent.Link.Reveal(), "/reset?token=") {
			t.Errorf("the reset of a site's user: %+v %v", sent, err)
		}
		s.Must(a.DisableUser(ctx, uma.ID))
		s.Must(a.CloseSite(ctx, contoso.ID))
		enabled("")
		s.Must(a.OpenSite(ctx, contoso.ID))
		enabled("sue@contoso.example")
		s.Must(a.ForceSiteTypes(ctx, contoso.ID, true))
		if is, err = a.Site(ctx, contoso.ID); err != nil || !is.ForceTypes || !is.Login {
			t.Errorf("forced: %+v %v", is, err)
		}

		// Its users go out as CSV, and its own log says so.
		sheet, err := a.ExportSiteUsers(ctx, contoso.ID)
		rows, _ := csv.NewReader(strings.NewReader(strings.TrimPrefix(sheet.CSV, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 3 || rows[0][0] != "Client" || rows[1][0] != "Contoso" || !slices.Contains(rows[1], "Site Administrator") || slices.Contains(rows[0], "Security groups") {
			t.Errorf("exported: %q %v", rows, err)
		}
		n := 0
		s.Must(d.Read(ctx, func(tx *db.Tx) error {
			return tx.Row(ctx, `SELECT COUNT(*) FROM audit_events WHERE operation = 'user.export' AND outcome = 'done' AND (org_id = $1 OR client_id = $2)`, is.ID, contoso.ID).Scan(&n)
		}))
		if n != 2 {
			t.Errorf("%d events of the export, want one in each log", n)
		}
		_, err = a.ExportSiteUsers(ctx, "client_none")
		want(t, err, sdk.Absent)

		// Who does not reach the client has no site there, and nobody in it.
		s.Enrol("tim", perm.LevelTechnicianAssigned)
		tim := s.signIn("tim")
		_, err = tim.Site(ctx, contoso.ID)
		want(t, err, sdk.Absent)
		want(t, tim.OpenSite(ctx, contoso.ID), sdk.Absent)
		want(t, tim.DisableUser(ctx, uma.ID), sdk.Absent)
		_, err = tim.ExportSiteUsers(ctx, "")
		want(t, err, sdk.Absent)
		s.Enrol("mia", perm.LevelManagerDefault) // reaches it, and may export nothing
		mia := s.signIn("mia")
		if list, err := mia.SiteUsers(ctx, sdk.SiteUserFilter{}); err != nil || len(list.Users) == 0 {
			t.Errorf("mia lists %+v, %v", list, err)
		}
		_, err = mia.ExportSiteUsers(ctx, contoso.ID)
		want(t, err, sdk.Absent)
		if list, err := tim.SiteUsers(ctx, sdk.SiteUserFilter{}); err == nil && len(list.Users) > 0 {
			t.Errorf("tim lists %+v", list)
		}
	})
}
