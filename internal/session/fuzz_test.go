package session

import (
	"strings"
	"testing"
)

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
