package perm_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bailiwick/internal/perm"
	"bailiwick/internal/refmodel"
)

// The catalogue and the levels are those of the reference model's table, which
// was written from the rules and shares no code.
func TestCatalogueIsTheTable(t *testing.T) {
	var want, got []string
	for _, r := range refmodel.Catalogue {
		want = append(want, r.Name)
	}
	for _, i := range perm.All() {
		got = append(got, i.Name)
		if i.P.String() != i.Name || i.P.Info() != i || !i.P.Valid() {
			t.Errorf("%s is not itself", i.Name)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if perm.All()[0].Name != perm.AdminCancelAccount.String() {
		t.Error("the first permission is lost")
	}
	if (perm.P{}).Valid() || (perm.P{}).String() != "" {
		t.Error("the zero permission is one")
	}
}

func TestLevelsAreTheTable(t *testing.T) {
	// The ids are stored, so they are written out here.
	marks := map[string]struct {
		marks string
		site  bool
		name  string
	}{"manager-default": {"M MD", false, refmodel.ManagerDefault}, "manager-assigned": {"M", false, refmodel.ManagerAssigned},
		"technician-default": {"T TD", false, refmodel.TechnicianDefault}, "technician-assigned": {"T", false, refmodel.TechnicianAssigned},
		"site-administrator": {"SA", true, refmodel.SiteAdministrator}, "site-user": {"SU", true, refmodel.SiteUser},
		"site-user-limited": {"SL", true, refmodel.SiteUserLimited}, "admin": {"all", false, refmodel.OrganizationAdmin}}
	seen := map[string]bool{}
	for _, l := range perm.Builtin() {
		c, known := marks[l.ID]
		if !known || seen[l.ID] || l.Name != c.name || l.For == "" || c.site != l.Site {
			t.Errorf("%s is not a level of the table, or twice, or without words: %+v", l.ID, l)
		}
		seen[l.ID] = true
		var want []string
		for _, r := range refmodel.Catalogue {
			held := c.marks == "all"
			for _, m := range strings.Fields(c.marks) {
				held = held || slices.Contains(strings.Fields(r.Marks), m)
			}
			if held {
				want = append(want, r.Name)
			}
		}
		if slices.Contains(want, "Password: Edit") && !slices.Contains(want, "Password: View") {
			want = append(want, "Password: View")
		}
		slices.Sort(want)
		if d := cmp.Diff(want, l.Set.Names()); d != "" {
			t.Errorf("%s: %s", l.ID, d)
		}
		if found, ok := perm.LevelByID(l.ID); !ok || found.ID != l.ID {
			t.Errorf("%s is not found", l.ID)
		}
	}
	if len(seen) != len(marks) {
		t.Errorf("%d levels, want %d", len(seen), len(marks))
	}
	if l, ok := perm.LevelByID("owner"); ok || l.ID != "" {
		t.Error("a level that is none was found")
	}
}

func TestRoles(t *testing.T) {
	for name, c := range map[string]struct {
		set  perm.Set
		want []string
	}{
		"account":      {perm.RoleAccount, []string{"Admin: Cancel Account", "Admin: Organization Branding", "Admin: Payment Details"}},
		"user manager": {perm.RoleUserManager, []string{"Permissions: View", "Site User: Add", "Site User: Disable", "Site User: Edit", "User: Add", "User: Disable", "User: Edit"}},
	} {
		if d := cmp.Diff(c.want, c.set.Names()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	for _, i := range perm.All() {
		if want := i.Name != "Organization: Admin" && i.Name != "User: Auto-provision"; i.P.Custom() != want {
			t.Errorf("%s in a custom level: %v", i.Name, !want)
		}
	}
	if (perm.P{}).Custom() {
		t.Error("the zero permission in a custom level")
	}
}

// What each method of a set says, for every permission and pair of them: sets
// are two words, and the boundary between them is where mistakes hide.
func TestSetsAreSets(t *testing.T) {
	all := perm.All()
	var whole perm.Set
	for _, i := range all {
		whole = whole.With(i.P)
	}
	if len(whole.Names()) != len(all) || !whole.Within(whole) || whole.With(perm.P{}) != whole || whole.Without(perm.P{}) != whole {
		t.Error("the set of all is not")
	}
	for _, a := range all {
		one := perm.SetOf(a.P)
		if !one.Has(a.P) || one.Without(a.P) != (perm.Set{}) || !one.Within(whole) || whole.Within(one) || whole.Without(a.P).Has(a.P) || !(perm.Set{}).Within(one) || one.Within(perm.Set{}) {
			t.Errorf("the set of %s is not", a.Name)
		}
		if len(whole.Without(a.P).Names()) != len(all)-1 || whole.Within(whole.Without(a.P)) {
			t.Errorf("without %s is not all but it", a.Name)
		}
		for _, b := range all {
			other := perm.SetOf(b.P)
			same := a.P == b.P
			if one.Has(b.P) != same || one.Within(other) != same || (one.And(other) == one) != same || one.Or(other) != perm.SetOf(b.P, a.P) || (one.Or(other) == one) != same || (one.And(other) == perm.Set{}) == same {
				t.Errorf("%s and %s are mixed up", a.Name, b.Name)
			}
		}
		implied := map[perm.P]perm.Set{perm.PasswordEdit: one.With(perm.PasswordView), perm.OrganizationAdmin: whole}
		want, ok := implied[a.P]
		if !ok {
			want = one
		}
		if one.Effective() != want {
			t.Errorf("%s implies %v", a.Name, one.Effective().Names())
		}
	}
	if names := perm.SetOf(perm.VaultAccess, perm.ClientAdd).Names(); !slices.IsSorted(names) || len(names) != 2 {
		t.Errorf("names are not sorted: %v", names)
	}
	set, unknown := perm.Parse([]string{"Vault Access", "x", "Client: Add", ""})
	if set != perm.SetOf(perm.VaultAccess, perm.ClientAdd) || !slices.Equal(unknown, []string{"x", ""}) {
		t.Errorf("%v %v", set.Names(), unknown)
	}
}
