package session

import (
	"strings"
	"testing"

	"bailiwick/internal/seal"
)

// FuzzPending: what stands for a sign-in that waits has one spelling, and is
// the bearer of nothing.
func FuzzPending(f *testing.F) {
	token := "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for _, s := range []string{"", "bwp_org_a." + token, "bws_org_a." + token, "bwp_." + token, "bwp_a.b." + token, "bwp_bwp_a." + token} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		org, token, ok := parsePending(seal.NewSecret(s))
		if !ok {
			return
		}
		if _, _, _, bearer := parseBearer(s); bearer || Bearer(kindPending, org, token) != s || org == "" {
			t.Fatalf("%q is taken", s)
		}
	})
}

// FuzzBearer: a bearer has one spelling, names one organization, and nothing
// else is one.
func FuzzBearer(f *testing.F) {
	token := "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for _, s := range []string{"", "bws_org_a." + token, "bwt_org_a." + token, "bwx_org_a." + token, "bws_." + token, "bws_a.b." + token, "bws_org_a." + token + "=", "BWS_org_a." + token,
		"bws_" + strings.Repeat("o", 64) + "." + token, " bws_org_a." + token} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		kind, org, token, ok := parseBearer(s)
		if !ok {
			return
		}
		if Bearer(kind, org, token) != s || !token.Valid() || kind != KindSession && kind != KindToken || len(org) >= 64 || strings.Contains(org, ".") {
			t.Fatalf("%q is taken for %q of %q", s, kind, org)
		}
	})
}
