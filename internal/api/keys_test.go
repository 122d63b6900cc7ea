package api_test

import (
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/perm"
	"bailiwick/sdk"
)

// A key on paper counts when it is sent back, and not before: the earlier one
// opens the vault until then, and never again after.
func TestKeysOnPaper(t *testing.T) {
	ctx, s := t.Context(), start(t)
	s.Enrol("tim", perm.LevelTechnicianDefault)
	s.Enrol("gus", "")
	ada, tim, gus := s.admin, s.signIn("tim"), s.guest("gus")
	open := func(name, key string) bool {
		_, in, err := s.anonymous().SignIn(ctx, sdk.SignIn{Email: name + "@northwind.example", Password: apptest.Password, OrganizationKey: sdk.Secret(key)})
		return err == nil && in.Open
	}
	made, err := ada.NewOrganizationKey(ctx)
	s.Must(err)
	if next := made.OrganizationKey.Reveal(); open("tim", next) || !open("tim", s.Code.Chars()) {
		t.Fatal("a key that was only made counts")
	}
	_, err = tim.NewOrganizationKey(ctx)
	want(t, err, sdk.Absent)
	want(t, tim.ChangeOrganizationKey(ctx, sdk.ChangeOrganizationKey{Password: apptest.Password, OrganizationKey: made.OrganizationKey}), sdk.Absent)
	if want(t, ada.ChangeOrganizationKey(ctx, sdk.ChangeOrganizationKey{Password: "wrong", OrganizationKey: made.OrganizationKey}), sdk.Invalid).Field("password") == "" {
		t.Fatal("a wrong password changes the key")
	}
	for _, bad := range []sdk.Secret{"", "AAAAA-BBBBB", made.OrganizationKey[1:]} {
		if want(t, ada.ChangeOrganizationKey(ctx, sdk.ChangeOrganizationKey{Password: apptest.Password, OrganizationKey: bad}), sdk.Invalid).Field("organization_key") == "" {
			t.Fatalf("%q is taken", bad)
		}
	}
	s.Must(ada.ChangeOrganizationKey(ctx, sdk.ChangeOrganizationKey{Password: apptest.Password, OrganizationKey: made.OrganizationKey}))
	if !open("tim", made.OrganizationKey.Reveal()) || open("tim", s.Code.Chars()) {
		t.Fatal("the key was not changed")
	}

	code, err := tim.NewRecoveryCode(ctx)
	s.Must(err)
	if open("tim", code.RecoveryCode.Reveal()) {
		t.Fatal("a code that was only made counts")
	}
	if want(t, tim.SetRecoveryCode(ctx, code.RecoveryCode[1:]), sdk.Invalid).Field("recovery_code") == "" {
		t.Fatal("a code with a slip is taken")
	}
	s.Must(tim.SetRecoveryCode(ctx, code.RecoveryCode))
	if me, err := tim.Me(ctx); err != nil || !me.Open {
		t.Fatalf("%+v, %v", me, err)
	}
	_, err = gus.NewRecoveryCode(ctx)
	want(t, err, sdk.Absent)
}

// guest signs somebody in who has no vault.
func (s *server) guest(name string) *sdk.API {
	s.T.Helper()
	api, _, err := s.anonymous().SignIn(s.T.Context(), sdk.SignIn{Email: name + "@northwind.example", Password: apptest.Password})
	s.Must(err)
	return api
}
