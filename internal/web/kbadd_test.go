package web

import (
	"slices"
	"strings"
	"testing"

	"bailiwick/internal/client"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/perm"
)

// TestAddPeopleToBase: the dialog of the users page gives a role in a knowledge
// base, to users and to guests that it invites, together or one by one; and
// whoever may not invite is told so at each address that is nobody's.
func TestAddPeopleToBase(t *testing.T) {
	s := newKBWorld(t)
	kim, tim := s.Enrol("kim", perm.LevelTechnicianAssigned), s.Enrol("tim", perm.LevelTechnicianAssigned)
	base, err := s.Bases.Open(t.Context(), s.Admin, "help")
	s.Must(err)
	s.Must(s.Bases.SetRole(t.Context(), s.Admin, base.ID, kim, gate.Admin))
	role := func(email string) (role gate.Role) {
		t.Helper()
		all, err := s.Bases.People(t.Context(), s.Admin, base.ID)
		s.Must(err)
		for _, p := range all.People {
			if p.Email == email {
				return p.Role
			}
		}
		t.Errorf("%s is nobody", email)
		return 0
	}
	const add = "/kb/help/people/add"
	field := "service-" + base.ID

	// Only an Admin of the knowledge base: among users, and each other address
	// says why it can't be used.
	me := s.surfer(t).signIn("kim@northwind.example")
	me.get("/kb/help/people").says(200).holds(`href="` + add + `"`)
	me.get(add).says(200, "Add people to Help & more", "Inviting somebody new takes the permission User: Add.")
	page := me.post(add, "act", "check", "addresses", "tim@northwind.example, new@elsewhere.example nobody ada@northwind.example TIM@northwind.example")
	page.says(422, "4 addresses can't be used", "Nobody here has this address, and only somebody with User: Add can invite guests.", "This is not an email address", "who is Admin of every knowledge base anyway", "stands here twice", "1 address is fine")
	page = me.post(add, "act", "check", "email", "tim@northwind.example", "name", "")
	page.says(200, "the role", "1 person gets it when you are done here", "User, now Reader", "Role in Help & more").lacks("Becomes a guest", `name="level"`, `name="message"`, `name="kind"`)
	me.post(add, "act", "add", "email", "tim@northwind.example", "name", "", field, "editor").leads("/kb/help/people")
	if role("tim@northwind.example") != gate.Editor {
		t.Error("tim has not the role")
	}
	me.post(add, "act", "add", "email", "new@elsewhere.example", "name", "", field, "reader").says(422, "Nobody was added yet.", "only somebody with User: Add can invite guests")
	s.surfer(t).signIn("tim@northwind.example").get(add).says(404)
	zoe := s.Enrol("zoe", perm.LevelTechnicianAssigned)
	s.Must(s.People.Disable(t.Context(), s.Admin, zoe))
	me.post(add, "act", "check", "addresses", "zoe@northwind.example tim@northwind.example").says(200, "User, disabled, now Reader", "User, now Content editor")

	// With User: Add, who is new becomes a guest; one is set apart.
	w := s.surfer(t).signIn(ada)
	w.get(add).says(200, "Who has no account yet is invited as a guest.").lacks("Import from CSV")
	page = w.post(add, "act", "check", "addresses", "Nina Neu <nina@elsewhere.example>; tim@northwind.example gus@elsewhere.example")
	page.says(200, "3 people get it when you are done here", "2 have no account and are invited as guests.", "Becomes a guest", "User, now Content editor", "Message").lacks(`name="level"`, "Account roles")
	page.holds(`value="reader" selected`, `name="name" value="Nina Neu"`)
	people := []string{"email", "nina@elsewhere.example", "name", "Nina Neu", "email", "tim@northwind.example", "name", "tim", "email", "gus@elsewhere.example", "name", ""}
	page = w.post(add, append(people, "act", "apart 2", field, "reader")...).says(200, "Set apart from the others.")
	if strings.Count(page.Body.String(), `name="`+field+`-2"`) != 1 {
		t.Error("gus has no role of his own to choose")
	}
	page = w.post(add, append(people, "act", "add", "apart", "2", field, "reader", field+"-2", "admin", "message", "Welcome")...)
	page.says(200, "2 people invited", "1 person who has an account has the role now.", "Nina Neu", "To the people", "Invitation link")
	for email, want := range map[string]gate.Role{"nina@elsewhere.example": gate.Reader, "gus@elsewhere.example": gate.Admin, "tim@northwind.example": gate.Reader} {
		if got := role(email); got != want {
			t.Errorf("%s is %s", email, got)
		}
	}
	if e, err := s.People.View(t.Context(), s.Admin, tim); err != nil || e.Kind != kindMember {
		t.Errorf("tim is %+v, %v", e.Kind, err)
	}

	// Roles in other knowledge bases are a guest's alone.
	other, err := s.Bases.Add(t.Context(), s.Admin, kb.NewBase{Path: "inside", Name: "Inside"})
	s.Must(err)
	w.post(add, "act", "check", "addresses", "kim@northwind.example").says(200).lacks("Role in Inside")
	w.post(add, "act", "check", "addresses", "kim@northwind.example, two@elsewhere.example").says(200, "Role in Inside", "Roles in other knowledge bases are for whoever becomes a guest.")
	w.post(add, "act", "add", "email", "kim@northwind.example", "name", "", "email", "two@elsewhere.example", "name", "", field, "reader", "service-"+other, "editor").says(200, "1 person invited")
	all, err := s.Bases.People(t.Context(), s.Admin, other)
	s.Must(err)
	for _, p := range all.People {
		if p.Email == "two@elsewhere.example" && p.Role != gate.Editor || p.ID == kim && p.Explicit != 0 {
			t.Errorf("in the other one %s is %s, %s", p.Email, p.Role, p.Explicit)
		}
	}
	w.post(add, "act", "add", "email", "three@elsewhere.example", "name", "", field, "owner").says(422, "Everybody: Choose: reader, editor or admin.")
	w.post(add, "act", "add", "email", "three@elsewhere.example", "name", "", "email", "four@elsewhere.example", "name", "", "apart", "1", field, "reader", field+"-1", "owner").says(422, "2 have no account", "four@elsewhere.example: Choose: reader, editor or admin.")
	w.post(add, "act", "add", "email", "three@elsewhere.example", "name", "", "email", "no address", "name", "", "email", "ada@northwind.example", "name", "", field, "reader").says(422, "1 has no account and is invited as a guest.", "Nobody was added yet.")
}

// TestAdministratorGetsNoRoles: what was chosen before the kind does not count
// for an administrator, and the edit page refuses roles along with the level.
func TestAdministratorGetsNoRoles(t *testing.T) {
	s := newKBWorld(t)
	s.Must(s.Org.ConfirmRecovery(t.Context(), s.Admin))
	tom := s.Enrol("tom", perm.LevelTechnicianAssigned)
	base, err := s.Bases.Open(t.Context(), s.Admin, "help")
	s.Must(err)
	field, b := "service-"+base.ID, s.surfer(t).signIn(ada)
	b.post("/users/add", "act", "add", "email", "boss@elsewhere.example", "name", "", "kind", "administrator", field, "none").says(200, "1 person invited")
	b.send("/users/"+tom, b.get("/users/"+tom).form(), "level", perm.LevelAdmin, field, "none").says(422, "An administrator is Admin of every knowledge base.")
	all, err := s.Bases.People(t.Context(), s.Admin, base.ID)
	s.Must(err)
	for _, p := range all.People {
		if p.Explicit != 0 || p.ID == tom && p.Fixed {
			t.Errorf("%s: %+v", p.Email, p)
		}
	}
}

// TestBackToTheAddresses: what was chosen in the second step is there again
// after a look at the first, for all together and for who was set apart.
func TestBackToTheAddresses(t *testing.T) {
	s := newKBWorld(t)
	s.Must(s.Org.ConfirmRecovery(t.Context(), s.Admin))
	base, err := s.Bases.Open(t.Context(), s.Admin, "help")
	s.Must(err)
	contoso, err := s.Clients.Add(t.Context(), s.Admin, client.Input{Name: "Contoso"})
	s.Must(err)
	group, err := s.Access.AddGroup(t.Context(), s.Admin, "Ring", nil, nil)
	s.Must(err)
	field, b := "service-"+base.ID, s.surfer(t).signIn(ada)
	for add, chosen := range map[string][]string{
		"/users/add":          {"kind", "member", "level", perm.LevelManagerAssigned, "role_account", "1", "client", contoso, "group", group, field, "editor", "kind-1", "guest", field + "-1", "admin"},
		"/kb/help/people/add": {field, "editor", field + "-1", "admin"},
	} {
		given := append([]string{"email", "one@x.example", "name", "One", "email", "two@x.example", "name", "", "apart", "1", "message", "Welcome"}, chosen...)
		page := b.post(add, append(given, "act", "back")...).says(200, "Step 1 of 2").holds("&lt;one@x.example&gt;")
		form := page.form()
		form.Set("addresses", "three@x.example, nobody, Two <TWO@x.example>, one@x.example")
		page = b.send(add, form, "act", "check").says(422, "not an email address")
		form = page.form()
		form["email"] = slices.DeleteFunc(form["email"], func(e string) bool { return e == "nobody" })
		form["name"] = form["name"][1:] // its own
		form = b.send(add, form, "act", "check").says(200, "Step 2 of 2", "Set apart from the others.", "Welcome").form()
		for i := 0; i < len(chosen); i += 2 {
			if form.Get(chosen[i]) != chosen[i+1] {
				t.Errorf("%s: %s is %q, not %q", add, chosen[i], form.Get(chosen[i]), chosen[i+1])
			}
		}
		if form.Get("apart") != "1" || form.Has("kept") || len(form["email"]) != 3 {
			t.Errorf("%s: apart is %v of %v", add, form["apart"], form["email"])
		}
	}
}
