package api_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/apptest"
	"bailiwick/internal/perm"
	"bailiwick/internal/session"
	"bailiwick/sdk"
)

func TestSessionsOpenAndClose(t *testing.T) {
	ctx := context.Background()
	s := start(t)
	cred, err := s.admin.AddCredential(ctx, sdk.NewCredential{Personal: true, Title: "Bank", Password: "p"})
	s.Must(err)

	in := sdk.SignIn{Email: "ada@northwind.example", Password: apptest.Password}
	a, made, err := s.anonymous().SignIn(ctx, in)
	s.Must(err)
	if made.Open || made.Device != "" {
		t.Fatalf("open without a key: %+v", made)
	}
	_, err = a.Reveal(ctx, cred.ID)
	want(t, err, sdk.Sealed)
	if me, err := a.Me(ctx); err != nil || me.Open || me.Email != in.Email || me.Organization != "Northwind IT" {
		t.Fatalf("me: %+v %v", me, err)
	}
	_, err = a.Open(ctx, sdk.Open{OrganizationKey: "nonsense"})
	if want(t, err, sdk.Invalid).Field("organization_key") == "" {
		t.Fatalf("which field is wrong is not said: %v", err)
	}
	opened, err := a.Open(ctx, sdk.Open{OrganizationKey: sdk.Secret(s.Code.Words())})
	s.Must(err)
	if _, err := a.Reveal(ctx, cred.ID); err != nil {
		t.Fatalf("after opening: %v", err)
	}
	s.Must(a.Close(ctx))
	_, err = a.Reveal(ctx, cred.ID)
	want(t, err, sdk.Sealed)

	// A known device needs the password only, and its secret changes each time.
	in.Device = opened.Device
	b, again, err := s.anonymous().SignIn(ctx, in)
	s.Must(err)
	if !again.Open || again.Device == in.Device || again.Device == "" {
		t.Fatal("the known device did not open the vault, or was not renewed")
	}
	if _, third, err := s.anonymous().SignIn(ctx, in); err != nil || third.Open {
		t.Fatalf("the former device secret still opens: %v", err)
	}
	mine, err := b.Sessions(ctx)
	s.Must(err)
	current := 0
	for _, i := range mine.Sessions {
		if i.Current {
			current++
		} else {
			s.Must(b.EndSession(ctx, i.ID))
		}
	}
	if current != 1 || len(mine.Devices) == 0 {
		t.Fatalf("sessions: %+v", mine)
	}
	_, err = a.Me(ctx)
	want(t, err, sdk.Unsigned)
	s.Must(b.ForgetDevice(ctx, mine.Devices[0].ID))
	if v, err := b.Organization(ctx); err != nil || v.KeyEpoch != 2 || v.Name != "Northwind IT" {
		t.Fatalf("after forgetting a device: %+v %v", v, err)
	}
	_, err = b.RenewKeys(ctx, sdk.RenewKeys{Password: "wrong"})
	if want(t, err, sdk.Invalid).Field("password") == "" {
		t.Fatalf("a wrong password renews keys: %v", err)
	}
	renewed, err := b.RenewKeys(ctx, sdk.RenewKeys{Password: apptest.Password})
	s.Must(err)
	if got, err := b.Reveal(ctx, cred.ID); err != nil || got.Password == "" {
		t.Fatalf("after renewing keys: %v", err)
	}
	in.Device = renewed.Device
	_, known, err := s.anonymous().SignIn(ctx, in)
	if err != nil || !known.Open {
		t.Fatalf("the device of a renewal does not open the vault: %v", err)
	}
	const next = "six grey herons walk upstream"
	_, err = b.ChangePassword(ctx, sdk.ChangePassword{Password: "wrong", NewPassword: next})
	if want(t, err, sdk.Invalid).Field("password") == "" {
		t.Fatalf("a wrong password changes it: %v", err)
	}
	_, err = b.ChangePassword(ctx, sdk.ChangePassword{Password: apptest.Password, NewPassword: "ada@northwind"})
	if want(t, err, sdk.Invalid).Field("new_password") == "" {
		t.Fatalf("a password that is easy to guess: %v", err)
	}
	changed, err := b.ChangePassword(ctx, sdk.ChangePassword{Password: apptest.Password, NewPassword: next})
	if s.Must(err); !changed.Open || changed.Device != "" {
		t.Fatalf("nobody has left since the keys were made: %+v", changed)
	}
	in.Password, in.Device = next, known.Device
	if _, known, err := s.anonymous().SignIn(ctx, in); err != nil || !known.Open {
		t.Fatalf("the new password on the known device: %v", err)
	}
	s.Must(b.SignOut(ctx))
	_, err = b.Me(ctx)
	want(t, err, sdk.Unsigned)
}

func TestWrongPasswordsLookAlike(t *testing.T) {
	s := start(t)
	mask := func(body string) string { return requestID.ReplaceAllString(body, "") }
	wrong := s.send("POST", "/api/v1/sessions", "", `{"email":"ada@northwind.example","password":"wrong"}`)
	nobody := s.send("POST", "/api/v1/sessions", "", `{"email":"nobody@northwind.example","password":"wrong"}`)
	if wrong.status != 401 || mask(wrong.body) != mask(nobody.body) {
		t.Fatalf("%d %s\n%d %s", wrong.status, wrong.body, nobody.status, nobody.body)
	}
}

func TestSleepingSessionNeedsThePasswordToo(t *testing.T) {
	ctx := context.Background()
	s := start(t)
	a, made, err := s.anonymous().SignIn(ctx, sdk.SignIn{Email: "ada@northwind.example", Password: apptest.Password, OrganizationKey: sdk.Secret(s.Code.Chars())})
	s.Must(err)
	s.Clock.Advance(session.Idle + time.Minute)
	if me, err := a.Me(ctx); err != nil || me.Open {
		t.Fatalf("after a pause: %+v %v", me, err)
	}
	_, err = a.Open(ctx, sdk.Open{Device: made.Device})
	if want(t, err, sdk.Invalid).Field("password") == "" {
		t.Fatalf("the password is not asked for: %v", err)
	}
	if _, err = a.Open(ctx, sdk.Open{Device: made.Device, Password: apptest.Password}); err != nil {
		t.Fatal(err)
	}
}

func TestTokens(t *testing.T) {
	ctx := context.Background()
	s := start(t)
	contoso, err := s.admin.AddClient(ctx, sdk.NewClient{Name: "Contoso"})
	s.Must(err)
	fabrikam, err := s.admin.AddClient(ctx, sdk.NewClient{Name: "Fabrikam"})
	s.Must(err)
	in, err := s.admin.AddCredential(ctx, sdk.NewCredential{Client: contoso.ID, Title: "In", Password: "in"})
	s.Must(err)
	out, err := s.admin.AddCredential(ctx, sdk.NewCredential{Client: fabrikam.ID, Title: "Out", Password: "out"})
	s.Must(err)
	made, err := s.admin.AddToken(ctx, sdk.NewToken{Name: "job", Clients: []string{contoso.ID}, Days: 30,
		Permissions: []string{perm.ClientViewList.String(), perm.PasswordView.String(), perm.PasswordAdd.String()}})
	s.Must(err)
	if !strings.HasPrefix(made.Bearer.Reveal(), "bwt_") {
		t.Fatal("not the bearer of a token")
	}
	token := s.anonymous().With(made.Bearer)
	if secret, err := token.Reveal(ctx, in.ID); err != nil || secret.Password != "in" {
		t.Fatalf("in scope: %v", err)
	}
	_, err = token.Reveal(ctx, out.ID)
	want(t, err, sdk.Absent)
	_, err = token.Tokens(ctx)
	want(t, err, sdk.Absent)
	_, err = token.EditCredential(ctx, in.ID, sdk.CredentialChange{Version: 1, Title: ptr("x")})
	want(t, err, sdk.Absent)
	list, err := s.admin.Tokens(ctx)
	s.Must(err)
	if len(list.Tokens) != 1 || list.Tokens[0].Clients[0] != contoso.ID || list.Tokens[0].LastUsedAt == nil {
		t.Fatalf("tokens: %+v", list)
	}
	s.Must(s.admin.RevokeToken(ctx, made.ID))
	_, err = token.Reveal(ctx, in.ID)
	want(t, err, sdk.Unsigned)
}
