package web

import (
	"testing"

	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/perm"
)

// TestServiceRolesOfAUser: the roles in knowledge bases are fields of the edit
// page. They are saved with the others or not at all, and a change that
// somebody else made meanwhile is shown and not overwritten.
func TestServiceRolesOfAUser(t *testing.T) {
	s := newKBWorld(t)
	tom := s.Enrol("tom", perm.LevelTechnicianAssigned)
	base, err := s.Bases.Open(t.Context(), s.Admin, "help")
	s.Must(err)
	explicit := func() gate.Role {
		t.Helper()
		e, err := s.People.View(t.Context(), s.Admin, tom)
		s.Must(err)
		return e.Services[0].Explicit
	}
	field, at := "service-"+base.ID, "/users/"+tom
	b := s.surfer(t).signIn(ada)
	page := b.get(at).says(200, "Knowledge bases", "Reader, by default", "Remove from service").lacks("Use default", "These count at once")
	fields := page.form()
	if fields.Get("was-"+field) != "default" || fields.Get(field) != "default" {
		t.Errorf("the form has %q, %q", fields.Get("was-"+field), fields.Get(field))
	}

	// A bad field elsewhere: nothing is saved, and what was chosen stays.
	b.send(at, fields, field, "none", "time_zone", "Mars/North").says(422, "There is no such time zone").holds(`value="none" checked`)
	if explicit() != 0 {
		t.Error("saved though a field was bad")
	}
	b.send(at, fields, field, "none", "time_zone", "", "phone", "111").leads(at)
	if explicit() != gate.Public {
		t.Error("not removed")
	}
	page = b.get(at).says(200, "Public content only", "Add to service", "Use default: Reader")
	b.send(at, page.form(), field, "owner").says(422, "up to your own")

	// Disabling asks first, with the role that goes along, and saves both.
	asked := b.send(at, b.get(at).form(), "enabled", "", field, "reader").says(200, "Disable tom?", "Saved along with it: Role in Help & more.")
	if explicit() != gate.Public {
		t.Error("saved before it was asked")
	}
	b.send(at, asked.form()).leads(at + "/off-boarding")
	if explicit() != gate.Reader {
		t.Error("the role was not saved with the question's answer")
	}

	// Somebody else changes it on the knowledge base's page meanwhile.
	fields = b.get(at).form()
	s.Must(s.Bases.SetRole(t.Context(), s.Admin, base.ID, tom, gate.Editor))
	b.send(at, fields, field, "none").says(409, "Two edits of tom", "in another window", "Content editor", "None")
	if explicit() != gate.Editor {
		t.Error("the other one's role was overwritten")
	}
	b.send(at, fields, field, "reader", "phone", "222").says(409, "Also changed in the meantime, and kept", "Role in Help & more", "Reader → Content editor")
}

// TestServiceRolesByAnAdminOfOne: who is Admin of one knowledge base and sees
// users changes the roles in it, and nothing else.
func TestServiceRolesByAnAdminOfOne(t *testing.T) {
	s := newKBWorld(t)
	tom := s.Enrol("tom", perm.LevelTechnicianAssigned)
	of, _ := perm.LevelByID(perm.LevelTechnicianAssigned)
	level, err := s.Access.AddLevel(t.Context(), s.Admin, "Looks", of.Set.With(perm.UserPerspective))
	s.Must(err)
	kim := s.Enrol("kim", level)
	base, err := s.Bases.Open(t.Context(), s.Admin, "help")
	s.Must(err)
	other, err := s.Bases.Add(t.Context(), s.Admin, kb.NewBase{Path: "inside", Name: "Inside"})
	s.Must(err)
	b := s.surfer(t).signIn("kim@northwind.example")
	b.get("/users/"+tom).says(200, "Reader, by default").lacks("Remove from service", "Save")
	b.send("/users/"+tom, b.get("/users/"+tom).form(), "was-name", "tom", "name", "Tam").says(404)
	s.Must(s.Bases.SetRole(t.Context(), s.Admin, base.ID, kim, gate.Admin))
	page := b.get("/users/"+tom).says(200, "Remove from service", "Save")
	fields := page.form()
	if fields.Has("was-service-"+other) || fields.Has("was-name") || !fields.Has("was-service-"+base.ID) {
		t.Errorf("the page offers %v", fields)
	}
	b.send("/users/"+tom, fields, "service-"+base.ID, "none").leads("/users/" + tom)
	for field, value := range map[string]string{"service-" + other: "none", "name": "Tam"} {
		b.send("/users/"+tom, b.get("/users/"+tom).form(), "was-"+field, "default", field, value).says(404)
	}
	e, err := s.People.View(t.Context(), s.Admin, tom)
	s.Must(err)
	for _, v := range e.Services {
		if want := map[string]gate.Role{base.ID: gate.Public}[v.ID]; v.Explicit != want || e.Name != "tom" {
			t.Errorf("%s is %q in %s", e.Name, v.Explicit, v.Name)
		}
	}
}

// TestServiceRolesUpToOnesOwn: the page offers only what the viewer may give,
// and says in words what can become nothing else.
func TestServiceRolesUpToOnesOwn(t *testing.T) {
	s := newKBWorld(t)
	david, greta := s.Enrol("david", perm.LevelManagerAssigned), s.Enrol("greta", perm.LevelTechnicianAssigned)
	base, err := s.Bases.Open(t.Context(), s.Admin, "help")
	s.Must(err)
	field, at := "service-"+base.ID, "/users/"+greta
	b := s.surfer(t).signIn("david@northwind.example")
	b.get(at).says(200, "Reader, by default", "Remove from service")

	s.Must(s.Bases.SetRole(t.Context(), s.Admin, base.ID, david, gate.Public))
	s.Must(s.Bases.SetRole(t.Context(), s.Admin, base.ID, greta, gate.Public))
	page := b.get(at).says(200, "Help & more", "Public content only", "Save").lacks("Add to service", "Use default", `name="`+field)
	b.send(at, page.form(), "was-"+field, "none", field, "reader").says(422, "up to your own")

	s.Must(s.Bases.SetRole(t.Context(), s.Admin, base.ID, david, gate.Reader))
	page = b.get(at).says(200, "Add to service", "Use default: Reader")
	b.send(at, page.form(), field, "default").leads(at)
	s.Must(s.Bases.SetDefault(t.Context(), s.Admin, gate.Editor))
	s.Must(s.Bases.SetRole(t.Context(), s.Admin, base.ID, greta, gate.Public))
	b.get(at).says(200, "Add to service").lacks("Use default")
}
