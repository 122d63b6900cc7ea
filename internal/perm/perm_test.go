package perm

import "testing"

func TestCatalogueHas75(t *testing.T) {
	if n := len(All()); n != 75 {
		t.Fatalf("%d permissions, want 75", n)
	}
	for _, i := range All() {
		if got, ok := Named(i.Name); !ok || got != i.P || i.Group == "" || i.Sentence == "" {
			t.Errorf("%q is not complete", i.Name)
		}
	}
}

func TestLevels(t *testing.T) {
	size := map[string]int{LevelAdmin: 75}
	for _, l := range Builtin() {
		n := len(l.Set.Names())
		t.Logf("%-30s %d", l.Name, n)
		if want, ok := size[l.ID]; ok && n != want {
			t.Errorf("%s has %d, want %d", l.Name, n, want)
		}
	}
	check := func(level string, p P, want bool) {
		t.Helper()
		l, _ := LevelByID(level)
		if l.Set.Has(p) != want {
			t.Errorf("%s has %s = %v, want %v", l.Name, p, !want, want)
		}
	}
	check(LevelManagerDefault, ClientDefaultAccess, true)
	check(LevelManagerAssigned, ClientDefaultAccess, false)
	check(LevelTechnicianDefault, PasswordArchive, false)
	check(LevelTechnicianDefault, PasswordEdit, true)
	check(LevelSiteUserLimited, PasswordAdd, false)
	check(LevelSiteUserLimited, PluginAccess, true)
	check(LevelSiteAdministrator, OrganizationAdmin, false)
}

func TestNothingIsDefinedTwice(t *testing.T) {
	defer func() {
		if r := recover(); r != "permission defined twice: Client: Add" || len(All()) != 75 {
			t.Errorf("%v, %d permissions", r, len(All()))
		}
	}()
	def("Client: Add", "", "", "M")
}

func TestSetAsksForOne(t *testing.T) {
	s := SetOf(PasswordEdit)
	if s.Has(PasswordView) || !s.Effective().Has(PasswordView) {
		t.Error("Password: View comes by Effective only")
	}
	if s.Has(P{}) || SetOf(OrganizationAdmin).Effective().Has(P{}) {
		t.Error("the zero permission is held by nobody")
	}
	if !s.Within(s.With(VaultAccess)) || s.With(VaultAccess).Within(s) {
		t.Error("Within")
	}
	if got, unknown := Parse([]string{"Password: Edit", "Password: Eat"}); got != s || len(unknown) != 1 {
		t.Error("Parse must give back unknown names")
	}
}
