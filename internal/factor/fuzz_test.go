package factor

import (
	"bytes"
	"testing"
)

// FuzzAnswer: what a browser sends is taken apart or refused, and what is taken
// names one credential.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(``))
	f.Add([]byte(`{"id":"AQID","rawId":"AQID","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAAAAAA","signature":"AA","userHandle":"b3JnX2EgdXNlcl9i"},"clientExtensionResults":{}}`))
	f.Add([]byte(`{"id":"AQID","rawId":"BQ","type":"x","response":{}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		parsed, err := parseAnswer(b)
		if err != nil {
			return
		}
		if len(parsed.RawID) == 0 || len(b) > mostAnswer {
			t.Fatalf("%q is taken", b)
		}
		if a, err := ReadAlone(b, b); err == nil && (a.Org == "" || a.User == "") {
			t.Fatalf("%q is somebody's", b)
		}
	})
}

// FuzzHandle: the handle of a user reads back as itself, or is none.
func FuzzHandle(f *testing.F) {
	for _, s := range []string{"", "org_a user_b", " ", "a ", " b", "a b c"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if org, user, ok := parseHandle(b); ok && !bytes.Equal(handleOf(org, user), b) {
			t.Fatalf("%q reads as %q, %q", b, org, user)
		}
	})
}

func TestPartyAt(t *testing.T) {
	for address, want := range map[string]Party{
		"https://vault.example":      {"vault.example", "https://vault.example"},
		"https://Vault.Example:443/": {"vault.example", "https://vault.example"},
		"https://vault.example:8443": {"vault.example", "https://vault.example:8443"},
		"http://127.0.0.1:8420":      {"localhost", "http://localhost:8420"},
		"http://localhost:8420":      {"localhost", "http://localhost:8420"},
		"https://192.0.2.7":          {},
		"https://127.0.0.1:8420":     {},
		"https://[2001:db8::1]":      {},
		"not an address":             {},
		"":                           {},
	} {
		if got := PartyAt(address); got != want {
			t.Errorf("%s: %+v", address, got)
		}
	}
}
