package gate

import (
	"encoding/hex"
	"testing"

	"bailiwick/internal/seal"
)

// The places of docs/security.md. What is sealed at one of them opens nowhere
// else, so a change here is a new format.
func TestPlaces(t *testing.T) {
	for name, c := range map[string]struct{ got, want seal.Place }{
		"previous vault": {PlaceOfPreviousVault("o", 3), seal.Place{Org: "o", Table: "key_epochs", Row: "o", Envelope: "previous_box", Epoch: 3}},
		"personal key":   {PlaceOfPreviousPersonal("o", "u", 2), seal.Place{Org: "o", Table: "personal_keys", Row: "u", Envelope: "previous_box", Version: 2}},
		"client key":     {PlaceOfClientKey("o", "c", 3), seal.Place{Org: "o", Table: "client_keys", Row: "c", Envelope: "key_box", Epoch: 3}},
		"token client":   {PlaceOfTokenClient("o", "t", "c", 3), seal.Place{Org: "o", Table: "token_client_keys", Row: "t", Envelope: "c", Epoch: 3}},
		"scope":          {PlaceOfScope("o", "t", []byte{0xab, 1}, 3), seal.Place{Org: "o", Table: "token_scopes", Row: "t", Envelope: "scope", KeyID: "ab01", Epoch: 3}},
		"title":          {PlaceOfTitle("o", 7, 3), seal.Place{Org: "o", Table: "audit_events", Row: "o", Envelope: "title_box", Epoch: 3, Version: 7}},
		"activation":     {PlaceOfActivation("o", "c", 3), seal.Place{Org: "o", Table: "clients", Row: "c", Envelope: "site_box", Epoch: 3}},
		"partner":        {PlaceOfPartner("o", "p", 3), seal.Place{Org: "o", Table: "partners", Row: "p", Envelope: "box", Epoch: 3}},
	} {
		if c.got != c.want {
			t.Errorf("%s lies at %+v, want %+v", name, c.got, c.want)
		}
	}
	if ScopeContext != "token scope" {
		t.Errorf("scopes are signed as %q", ScopeContext)
	}
	if KeyContext != "organization key" {
		t.Errorf("public keys are signed as %q", KeyContext)
	}
	if got, want := KeyText("o", 12, []byte("public")), seal.Hash([]byte("o"), []byte("12"), []byte("public")); !seal.Equal(got, want) {
		t.Errorf("what is signed of a public key is %s", hex.EncodeToString(got))
	}
	text := ScopeText(PlaceOfScope("o", "t", []byte{0xab, 1}, 12), []byte("sealed"))
	want := seal.Hash([]byte("o"), []byte("t"), []byte("ab01"), []byte("12"), []byte("sealed"))
	if !seal.Equal(text, want) {
		t.Errorf("what is signed of a scope is %s", hex.EncodeToString(text))
	}
}
