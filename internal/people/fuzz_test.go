package people

import (
	"net/url"
	"strings"
	"testing"

	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

// FuzzParse: whatever is pasted, no address is lost that stands by itself, what
// is taken is one plain address, and none that looks like another is taken
// twice.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "a@x.example", "a@x.example,b@x.example;c@x.example\td@x.example\ne@x.example", `"Doe, Jane" <jane@x.example>`, "Bob <bob@x.example", "<>,;<",
		"nonsense a@x.example A@X.EXAMPLE", "\x00", `"<a@b.example>`, "a@x.example\u200b", "аda@x.example ada@x.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		looks := map[string]bool{}
		all := parse(s)
		for _, c := range all {
			if c.Problem != "" {
				continue
			}
			l := org.Looks(c.Email)
			if looks[l] || org.CheckEmail(c.Email) != "" || org.Mixed(c.Email) || strings.ContainsAny(c.Email, " \t\r\n<>") || len([]rune(c.Name)) > 200 || strings.ContainsRune(c.Name, '\n') {
				t.Fatalf("%+v is taken from %q", c, s)
			}
			looks[l] = true
		}
		again := parse(s + "\nlast@x.example")
		if n := len(again); n == 0 || again[n-1].Email != "last@x.example" {
			t.Fatalf("what follows %q is lost: %+v", s, again)
		}
	})
}

// FuzzLink: a link has one spelling.
func FuzzLink(f *testing.F) {
	token := "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for _, s := range []string{"", "org_a." + token, "." + token, "org_a", "org_a." + token + "=", strings.Repeat("o", 65) + "." + token, "a.b." + token} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := ParseLink(s)
		if err == nil && (l.org+"."+l.token.Reveal() != s || l.org == "" || strings.Contains(l.org, ".")) {
			t.Fatalf("%q is taken for a link of %q", s, l.org)
		}
	})
}

// What stands in a mail's link is what ParseLink reads.
func TestLinkComesBack(t *testing.T) {
	token := seal.NewToken()
	at, err := url.Parse(PathReset + "?token=" + url.QueryEscape("org_a."+token.Reveal()))
	if err != nil {
		t.Fatal(err)
	}
	if l, err := ParseLink(at.Query().Get("token")); err != nil || l.org != "org_a" || !seal.Equal(l.token.Lookup(), token.Lookup()) {
		t.Error(l, err)
	}
}

// Cells that a spreadsheet would take for a formula are made text.
func TestGuardedCells(t *testing.T) {
	for cell, want := range map[string]string{"": "", "Ada": "Ada", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\t=1": "'\t=1", "a=1": "a=1", "＝1": "'＝1"} {
		if got := guarded(cell); got != want {
			t.Errorf("%q became %q", cell, got)
		}
	}
}
