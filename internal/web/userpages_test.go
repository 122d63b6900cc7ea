package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// invited adds somebody by the feature, and gives the id.
func (s *site) invited(t *testing.T, email, level string) string {
	t.Helper()
	s.Must(s.Org.ConfirmRecovery(t.Context(), s.Admin))
	added, err := s.People.Invite(t.Context(), s.Admin, []people.Invitee{{Email: email, Level: level}}, "")
	s.Must(err)
	return added[0].ID
}

// form gives the fields of a page's form as a browser would send them.
func (a answer) form() url.Values {
	out := url.Values{}
	for _, m := range regexp.MustCompile(`<(input|select)[^>]*>`).FindAllString(a.Body.String(), -1) {
		get := func(name string) (string, bool) {
			v := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(m)
			if v == nil {
				return "", regexp.MustCompile(` ` + name + `[ />]`).MatchString(m)
			}
			return v[1], true
		}
		name, ok := get("name")
		kind, _ := get("type")
		value, _ := get("value")
		_, on := get("checked")
		_, off := get("disabled")
		if ok && !off && strings.HasPrefix(m, "<input") && (kind != "checkbox" && kind != "radio" && kind != "search" || on) {
			out.Add(name, value)
		}
	}
	for _, m := range regexp.MustCompile(`(?s)<select[^>]*? name="([^"]+)".*?</select>`).FindAllStringSubmatch(a.Body.String(), -1) {
		if v := regexp.MustCompile(`<option value="([^"]*)" selected`).FindStringSubmatch(m[0]); v != nil {
			out.Set(m[1], v[1])
		}
	}
	return out
}

// send posts a form as it stands, with some fields changed.
func (b *surfer) send(path string, form url.Values, pairs ...string) answer {
	b.t.Helper()
	form.Set("once", seal.NewToken().Reveal()) // as of a page that was loaded anew
	for i := 0; i < len(pairs); i += 2 {
		form.Del(pairs[i])
		if pairs[i+1] != "" {
			form.Set(pairs[i], pairs[i+1])
		}
	}
	return b.do("POST", path, form)
}

func TestAddingPeople(t *testing.T) {
	s := newSite(t)
	s.Must(s.Org.ConfirmRecovery(t.Context(), s.Admin))
	s.App.Mail.ServeAt("https://vault.example")
	b := s.surfer(t).signIn(ada)
	b.get("/users/add").says(200, "Email addresses", "Import from CSV")
	b.post("/users/add", "act", "check").says(422, "Give at least one address.")
	b.post("/users/add", "act", "check", "addresses", strings.Repeat("a@b.example ", 10_000)).says(422, "100,000 characters")
	bad := b.post("/users/add", "act", "check", "addresses", `"Doe, Jane" <jane@x.example>; nope, jane@X.example ada@northwind.example`)
	bad.says(422, "3 addresses can't be used", "1 address is fine", "This is not an email address", "stands here twice", "already")
	form := bad.form()
	if got := form["email"]; len(got) != 4 || got[3] != "jane@x.example" || form["name"][3] != "Doe, Jane" {
		t.Fatalf("the form holds %v", form)
	}
	form["email"] = []string{"two@x.example three@x.example", "", "", "jane@x.example"}
	second := b.send("/users/add", form, "act", "check").says(200, "3 people are invited", "Permission level", "Send organization key along")
	apart := b.send("/users/add", second.form(), "act", "apart 0").says(200, "Set apart from the others.", "The others get")
	form = apart.form()
	form.Set("kind-0", "guest")
	form.Set("key-0", "1") // does not count for a guest
	form.Set("key", "1")
	form.Set("message", "Hello")
	done := b.send("/users/add", form, "act", "add").says(200, "3 people invited", "Six digits", "Doe, Jane")
	if body := done.Body.String(); strings.Count(body, `value="https://vault.example/invitation?token=`) != 3 || strings.Count(body, `value="https://vault.example/key/`) != 2 {
		t.Error("the links to be passed on are not there")
	}
	if n := strings.Count(done.Body.String(), `class="digits"`); n != 2 {
		t.Errorf("six digits for %d people", n)
	}
	list, err := s.People.List(t.Context(), s.Admin, people.Filter{})
	if err != nil || list.Counts["guest"] != 1 || list.Counts["member"] != 2 {
		t.Errorf("%+v, %v", list.Counts, err)
	}
	// The same form again adds nobody, and does not tell the digits again.
	b.do("POST", "/users/add", form).says(200, "3 people invited", "Links and six digits are told once").lacks(`class="digits"`)
	// An address that was taken in the meantime is shown at its person, and nothing is lost.
	again := b.send("/users/add", second.form(), "act", "add", "message", "Kept").says(422, "Nobody was added yet.", "already", "Kept")
	if got := again.form()["email"]; len(got) != 3 {
		t.Errorf("%v", got)
	}
}

// Who may not choose a level gives the default one; where that exceeds his own
// rights the page says so, and offers guests alone.
func TestAddingWithinOnesOwn(t *testing.T) {
	s := newSite(t)
	s.Enrol("manny", perm.LevelManagerAssigned)
	level, err := s.Access.AddLevel(t.Context(), s.Admin, "Adder", perm.SetOf(perm.UserAdd))
	s.Must(err)
	s.Enrol("tess", level)
	s.Enrol("tom", perm.LevelTechnicianAssigned)
	manny, tess, tom := s.surfer(t).signIn("manny@northwind.example"), s.surfer(t).signIn("tess@northwind.example"), s.surfer(t).signIn("tom@northwind.example")
	manny.post("/users/add", "act", "check", "addresses", "a@x.example").says(200, "Manager - Assigned Access").lacks("Organization Admin", "Manager - Default Access", "Account roles", "Administrator: may")
	page := tess.post("/users/add", "act", "check", "addresses", "a@x.example").says(200, "goes beyond your own permissions, so you can't add members", "They wait for approval").lacks("Permission level", "Send organization key along")
	if got := page.form().Get("kind"); got != "guest" {
		t.Errorf("preset is %q", got)
	}
	tom.get("/users/add").says(404)
	tom.post("/users/add", "act", "check", "addresses", "a@x.example").says(404)
	tom.get("/").lacks(`href="/users/add"`)
	s.Must(s.Org.ConfirmRecovery(t.Context(), s.Admin))
	tess.send("/users/add", page.form(), "act", "add", "kind", "member", "level", perm.LevelTechnicianAssigned).says(422, "Nobody was added yet.")
	tess.send("/users/add", page.form(), "act", "add").says(200, "1 person invited").lacks("Six digits", "/invitation?token=")
}

func TestEditingAUser(t *testing.T) {
	s := newSite(t)
	user := s.invited(t, "nina@northwind.example", perm.LevelTechnicianAssigned)
	b := s.surfer(t).signIn(ada)
	page := b.get("/users/"+user).says(200, "The invitation is not accepted yet", "Both roles belong to trusted people only", "It can be changed when the invitation is accepted")
	b.send("/users/"+user, page.form(), "name", "Nina", "time_zone", "Mars").says(422, "Nothing was saved.", "no such time zone")
	b.send("/users/"+user, page.form(), "name", "Nina", "role_user_manager", "on").leads("/users/" + user)
	later := b.get("/users/"+user).says(200, "User saved.", "Nina")
	if later.form().Get("role_user_manager") != "on" {
		t.Error("the role was not saved")
	}
	// Somebody else's edit in between: the first page is sent now.
	two := b.send("/users/"+user, page.form(), "phone", "123", "name", "Ninette").says(409, "Two edits of Nina", "Also changed in the meantime", "User manager")
	b.send("/users/"+user, two.form(), "keep-name", "theirs", "keep-phone", "yours").leads("/users/" + user)
	now, err := s.People.View(t.Context(), s.Admin, user)
	if err != nil || now.Name != "Nina" || now.Phone != "123" || !now.RoleUserManager {
		t.Errorf("%+v, %v", now.Person, err)
	}
	b.send("/users/"+user, b.get("/users/"+user).form()).leads("/users/" + user)
	b.get("/users/"+user).says(200, "Nothing was changed.")
	b.get("/users/" + s.Admin.User()).leads("/me")
	b.get("/users/user_00000000000000000000000000").says(404)
}

// Whoever is to be disabled or made a guest is named with what ends, and only
// then it is done, along with the rest of the form.
func TestDisablingByTheEditPage(t *testing.T) {
	s := newSite(t)
	tim := s.Enrol("tim", perm.LevelTechnicianAssigned)
	s.SignIn("tim")
	b := s.surfer(t).signIn(ada)
	form := b.get("/users/"+tim).says(200, "1 session").form()
	asked := b.send("/users/"+tim, form, "enabled", "", "phone", "55").says(200, "Disable tim?", "1 session", "end now", "off-boarding page", "Saved along with it: Phone")
	if now, _ := s.People.View(t.Context(), s.Admin, tim); !now.Enabled || now.Phone != "" {
		t.Fatal("something was saved before it was confirmed")
	}
	b.send("/users/"+tim, asked.form()).leads("/users/" + tim + "/off-boarding")
	if now, _ := s.People.View(t.Context(), s.Admin, tim); now.Enabled || now.Phone != "55" {
		t.Errorf("%+v", now.Person)
	}
	tom := s.Enrol("tom", perm.LevelTechnicianAssigned)
	asked = b.send("/users/"+tom, b.get("/users/"+tom).form(), "level", "").says(200, "Make tom a guest?", "A guest has no vault")
	b.send("/users/"+tom, asked.form()).leads("/users/" + tom + "/off-boarding")
	b.get("/users/"+tom).says(200, "A guest has no permission level")
}

// Fields that the viewer may not change are text, and what is sent for them
// all the same is refused.
func TestFieldsByRight(t *testing.T) {
	s := newSite(t)
	tom := s.Enrol("tom", perm.LevelTechnicianAssigned)
	of, _ := perm.LevelByID(perm.LevelTechnicianAssigned)
	for name, c := range map[string]struct {
		with  perm.P
		field string // that is there
	}{
		"edie": {perm.UserEdit, "name"}, "dido": {perm.UserDisable, "enabled"}, "lena": {perm.PermissionsEdit, "level"}, "gary": {perm.SecurityGroupsManage, "groups"},
	} {
		if name == "gary" {
			_, err := s.Access.AddGroup(t.Context(), s.Admin, "Field", nil, nil)
			s.Must(err)
		}
		level, err := s.Access.AddLevel(t.Context(), s.Admin, name, of.Set.With(c.with))
		s.Must(err)
		s.Enrol(name, level)
		b := s.surfer(t).signIn(name + "@northwind.example")
		page := b.get("/users/"+tom).says(200, "Save", "Technician - Assigned Access")
		fields := page.form()
		for _, u := range userFields {
			offered := fields.Has("was-" + string(u.field))
			want := string(u.field) == c.field || c.field == "name" && (u.field == people.FieldEmail || u.field == people.FieldPhone || u.field == people.FieldTimeZone || u.field == people.FieldApproved)
			if offered != want {
				t.Errorf("%s: the page has the field %s: %v, want %v", name, u.field, offered, want)
			}
		}
		if c.field != "level" {
			b.send("/users/"+tom, fields, "was-level", perm.LevelTechnicianAssigned, "level", perm.LevelManagerAssigned).says(404)
		}
		b.get("/users/" + s.Admin.User()).says(404)
	}
	nobody := s.surfer(t).signIn("tom@northwind.example")
	nobody.get("/users/" + s.AdminID).says(404)
}

// While approval is switched off the slider is there, does nothing, and says why.
func TestApprovedWithoutApproval(t *testing.T) {
	s := newSite(t)
	tom := s.Enrol("tom", perm.LevelTechnicianAssigned)
	b := s.surfer(t).signIn(ada)
	b.get("/users/"+tom).says(200, "Setting it back ends the user's sessions")
	form := b.get("/settings/people").says(200, "User approval required").form()
	b.send("/settings/people", form, "approval-required", "").leads("/settings/people")
	page := b.get("/users/"+tom).says(200, "Approval of users is switched off in the settings")
	if page.form().Has("approved") || page.form().Has("was-approved") {
		t.Error("the slider can be moved")
	}
	approve := `href="/users/` + tom + `/approve"`
	page.says(200, "nobody has to wait for it").lacks(approve)
	s.Must(s.People.Unapprove(t.Context(), s.Admin, tom))
	if page = b.get("/users/"+tom).says(200, "approves nobody who waited before"); !strings.Contains(page.Body.String(), approve) {
		t.Error("nothing lets him in")
	}
}

func TestPeopleSettingsPage(t *testing.T) {
	s := newSite(t)
	s.Enrol("manny", perm.LevelManagerDefault)
	b := s.surfer(t).signIn(ada)
	page := b.get("/settings/people").says(200, "Default level", "Show unassigned clients and folders", "Let running sessions end by themselves")
	b.send("/settings/people", page.form(), "lockout-tries", "2", "reset-hours", "x").says(422, "Type a number between 1 and 168")
	b.send("/settings/people", page.form(), "lockout-tries", "2").says(422, "Nothing was saved.", "3 to 50")
	b.send("/settings/people", page.form(), "lockout-tries", "7", "self-registration", "on").leads("/settings/people")
	if now := b.get("/settings/people").form(); now.Get("lockout-tries") != "7" || now.Get("self-registration") != "on" || now.Has("force-second-factor") {
		t.Errorf("%v", now)
	}
	b.send("/settings/people", page.form(), "lockout-tries", "9").says(409, "Somebody else changed these settings", "It is now: 7", "It is now: on")
	m := s.surfer(t).signIn("manny@northwind.example")
	m.get("/settings/people").says(404)
	m.send("/settings/people", page.form()).says(404)
	m.get("/").lacks(`href="/settings/people"`)
}

// Showing unassigned clients holds from the next request on.
func TestShowUnassignedHoldsAtOnce(t *testing.T) {
	s := newSite(t)
	s.Enrol("tom", perm.LevelTechnicianAssigned)
	b, tom := s.surfer(t).signIn(ada), s.surfer(t).signIn("tom@northwind.example")
	b.post("/clients/new", "name", "Far Away Ltd")
	tom.get("/requests").says(200).lacks("Far Away Ltd")
	b.send("/settings/people", b.get("/settings/people").form(), "show-unassigned", "on").leads("/settings/people")
	tom.get("/requests").says(200, "Far Away Ltd")
	b.send("/settings/people", b.get("/settings/people").form(), "show-unassigned", "").leads("/settings/people")
	tom.get("/requests").says(200).lacks("Far Away Ltd")
}

func (b *surfer) uploadUsers(content string) answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, _ := w.CreateFormFile("file", "users.csv")
	_, _ = part.Write([]byte(content))
	w.Close()
	r := httptest.NewRequest("POST", "/users/import", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	for n, v := range b.cookies {
		r.AddCookie(&http.Cookie{Name: n, Value: v})
	}
	out := httptest.NewRecorder()
	b.site.table.ServeHTTP(out, r)
	return answer{out, b.t}
}

func TestImportOfUsers(t *testing.T) {
	s := newSite(t)
	s.Must(s.Org.ConfirmRecovery(t.Context(), s.Admin))
	s.Enrol("tom", perm.LevelTechnicianAssigned)
	b := s.surfer(t).signIn(ada)
	b.get("/users/import").says(200, "Upload and check")
	b.get("/users/import/template.csv").says(200, "Name,Email,Kind")
	b.uploadUsers("").says(422, "The file is empty")
	page := b.uploadUsers("Who;Address;Function\nGina;gina@x.example;guest\nHal;hal@x.example;\nBad;bad;\n")
	page.says(200, "3 rows", "1 remark on rows", "They wait for approval", "not an email address")
	form := page.form()
	form.Set("column-0", "name")
	form.Set("column-2", "kind")
	b.send("/users/import/run", form, "act", "run").says(422, "Nobody was invited.", "Row 4")
	checked := b.send("/users/import/run", form, "act", "check", "only-good", "1").says(200, "will be invited", "Guest", "Gina")
	form = checked.form()
	form.Set("only-good", "1")
	b.send("/users/import/run", form, "act", "run").leads("/users?pending=1")
	l, err := s.People.List(t.Context(), s.Admin, people.Filter{Pending: true})
	if err != nil || len(l.People) != 2 || l.People[0].Kind != "guest" || l.People[0].Name != "Gina" {
		t.Errorf("%+v, %v", l.People, err)
	}
	b.send("/users/import/run", form, "act", "check", "column-0", "email").says(422, "Two columns become the same")
	b.send("/users/import/run", form, "act", "run", "file", "nonsense").says(422, "Upload it again")
	tom := s.surfer(t).signIn("tom@northwind.example")
	tom.get("/users/import").says(404)
	tom.uploadUsers("Email\na@x.example\n").says(404)
	tom.send("/users/import/run", form, "act", "run").says(404)
}
