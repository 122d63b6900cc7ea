package api

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bailiwick/sdk"
)

// bodies are everything that a request may carry.
var bodies = []func() any{
	func() any { return &sdk.SignIn{} }, func() any { return &sdk.Open{} }, func() any { return &sdk.RenewKeys{} }, func() any { return &sdk.ChangePassword{} }, func() any { return &sdk.ChangeOrganizationKey{} }, func() any { return &sdk.NewRecoveryCode{} }, func() any { return &sdk.NewToken{} },
	func() any { return &sdk.NewClient{} }, func() any { return &sdk.ClientChange{} }, func() any { return &sdk.NewFolder{} }, func() any { return &sdk.FolderChange{} }, func() any { return &sdk.FolderMove{} },
	func() any { return &sdk.NewCredential{} }, func() any { return &sdk.CredentialChange{} }, func() any { return &sdk.CredentialMove{} }, func() any { return &sdk.Restore{} }, func() any { return &sdk.ImportChoices{} },
}

// FuzzBody: a body that passes is read the same a second time, from what it
// was read as: nothing of it was dropped, guessed or taken from another field.
func FuzzBody(f *testing.F) {
	for _, s := range []string{`{}`, `null`, `{"email":"a@b.example","password":"x"}`, `{"name":"Contoso","NAME":"x"}`, `{"client":"c","title":"t","fields":[{"name":"a","value":"b"}]}`,
		`{"version":1e3}`, `{"version":1,"title":null}`, `{"personal":"true"}`, `{"expires_at":"2026-01-01T00:00:00Z"}`, `{"columns":[{"index":0,"to":"title"}]}`, `{"name":"\ud800"}`} {
		for i := range bodies {
			f.Add(uint8(i), []byte(s))
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		make := bodies[int(kind)%len(bodies)]
		first, second := make(), make()
		if checkShape(data) != nil || strict.Unmarshal(data, first) != nil {
			return
		}
		text, err := json.Marshal(first)
		if err != nil {
			return // a time that JSON does not write; no handler gets past it
		}
		if err := strict.Unmarshal(text, second); err != nil {
			t.Fatalf("%s was read as %s, which is refused: %v", data, text, err)
		}
		if again, err := json.Marshal(second); err != nil || !cmp.Equal(text, again) {
			t.Fatalf("%s was read as %s and then as %s", data, text, again)
		}
	})
}

// FuzzDevice: a device's secret has one spelling.
func FuzzDevice(f *testing.F) {
	for _, s := range []string{"", "bwd_user_1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "bwd_.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "bwd_a.b.c", "BWD_x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		user, token, ok := parseDevice(sdk.Secret(s))
		if ok && (string(deviceText(user, token)) != s || strings.Contains(user, ".")) {
			t.Fatalf("%q is taken for a device of %q", s, user)
		}
	})
}
