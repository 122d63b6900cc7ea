package api_test

import (
	"context"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/mail"
	"bailiwick/internal/perm"
	"bailiwick/sdk"
)

// The organization key goes along with an invitation, is sent to somebody who
// is there, and is asked for: all of it over the API.
func TestOrganizationKeyStory(t *testing.T) {
	ctx := context.Background()
	s := start(t)
	s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
	invite := sdk.Invite{People: []sdk.Invitee{{Email: "nina@northwind.example", Level: perm.LevelTechnicianDefault, SendKey: true}}}
	made, err := s.admin.Invite(ctx, invite)
	s.Must(err)
	u := made.Users[0]
	if !u.KeySent || len(u.Digits) != 6 || u.Link == "" {
		t.Fatalf("%+v", u)
	}
	nina, in, err := s.anonymous().Accept(ctx, sdk.AcceptInvitation{Token: s.token("invitation"), Name: "Nina", Password: apptest.Password})
	if err != nil || in.Open {
		t.Fatal(err, in.Open)
	}
	for _, wrong := range []sdk.Secret{"nonsense", "https://vault.example/key/#", "https://vault.example/key/link_x#short"} {
		_, err = nina.Open(ctx, sdk.Open{Link: wrong})
		if want(t, err, sdk.Invalid).Field("link") == "" {
			t.Errorf("%s: what is wrong is not said", wrong.Reveal())
		}
	}
	_, err = nina.Open(ctx, sdk.Open{Link: u.KeyLink})
	if want(t, err, sdk.Invalid).Field("digits") == "" {
		t.Error("the digits are not asked for")
	}
	opened, err := nina.Open(ctx, sdk.Open{Link: u.KeyLink, Digits: " " + u.Digits[:3] + " " + u.Digits[3:]})
	if err != nil || !opened.Open || opened.Device == "" {
		t.Fatalf("%+v, %v", opened, err)
	}

	s.Must(s.admin.SendKey(ctx, u.ID))
	want(t, nina.SendKey(ctx, s.AdminID), sdk.Absent)
	s.Must(s.anonymous().RequestKeyFor(ctx, "nina@northwind.example"))
	s.Must(s.anonymous().RequestKeyFor(ctx, "nobody@northwind.example"))
	s.People.Settle()
	want(t, nina.RequestKey(ctx), sdk.Unacceptable) // within the hour
	list, _, err := s.Mail.Outbox(ctx, s.Admin, mail.Filter{})
	s.Must(err)
	kinds := map[mail.Kind]int{}
	for _, m := range list {
		kinds[m.Kind]++
	}
	if kinds[mail.KeyLink] != 2 || kinds[mail.KeyRequested] != 1 {
		t.Errorf("%v", kinds)
	}
}
