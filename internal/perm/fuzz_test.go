package perm

import (
	"slices"
	"strings"
	"testing"
)

// FuzzParse: what a stored level names is either a permission or given back,
// and nothing that is no name gives a permission.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "Password: View", "Organization: Admin\nPassword: Edit", "password: view", "Password: View\r", "Password: View \n\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		names := strings.Split(s, "\n")
		set, unknown := Parse(names)
		for _, n := range names {
			_, known := Named(n)
			if known == slices.Contains(unknown, n) || known != slices.Contains(set.Names(), n) {
				t.Fatalf("%q: in the set %q, given back %q", n, set.Names(), unknown)
			}
		}
		if again, _ := Parse(set.Names()); again != set {
			t.Fatalf("%q reads back differently", set.Names())
		}
	})
}
