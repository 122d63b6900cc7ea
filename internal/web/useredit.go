package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/people"
	"bailiwick/internal/web/ui"
)

func (s *Server) userEditRoutes() {
	s.ofUser("GET /users/{id}", showUser)
	s.ofUser("POST /users/{id}", saveUser)
	s.ofUser("POST /users/{id}/lists", userListsPart)
}

// userFields are the fields of the edit page, in the order of the page.
var userFields = []userField{
	{people.FieldName, "Name"}, {people.FieldEmail, "Email"}, {people.FieldPhone, "Phone"}, {people.FieldTimeZone, "Time zone"},
	{people.FieldEnabled, "Enabled"}, {people.FieldApproved, "Approved"}, {people.FieldAccount, "Account role: Account"},
	{people.FieldUserManager, "Account role: User manager"}, {people.FieldGroups, "Security groups"}, {people.FieldClients, "Clients"},
	{people.FieldLevel, "Permission level"},
}

type userField struct {
	field people.Field
	label string
}

// fields are those of the page of this user: to the others come his roles in
// knowledge bases.
func (f userForm) fields() []userField {
	all := slices.Clone(userFields)
	for _, s := range f.user.Services {
		all = append(all, userField{people.ServiceField(s.ID), "Role in " + s.Name})
	}
	return all
}

// userValues are the fields as text: a switch is "on" or "", a set its ids, a
// role its name, or "default".
type userValues map[people.Field]string

func stored(e people.Editing) userValues {
	all := userValues{people.FieldName: e.Name, people.FieldEmail: e.Email, people.FieldPhone: e.Phone, people.FieldTimeZone: e.TimeZone,
		people.FieldEnabled: switchOf(e.Enabled), people.FieldApproved: switchOf(e.Approved), people.FieldAccount: switchOf(e.RoleAccount),
		people.FieldUserManager: switchOf(e.RoleUserManager), people.FieldGroups: chosen(e.Groups), people.FieldClients: chosen(e.Clients), people.FieldLevel: e.Level}
	for _, s := range e.Services {
		all[people.ServiceField(s.ID)] = roleValue(s.Explicit)
	}
	return all
}

const byDefault = "default"

func roleValue(r gate.Role) string {
	if r == 0 {
		return byDefault
	}
	return r.String()
}

func switchOf(on bool) string {
	if on {
		return "on"
	}
	return ""
}

func chosen(all []people.Choice) string {
	var ids []string
	for _, c := range all {
		if c.In {
			ids = append(ids, c.ID)
		}
	}
	return setOf(ids)
}

func setOf(ids []string) string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return strings.Join(slices.Compact(ids), " ")
}

// userForm is the edit page as it was sent: yours of the fields that it
// offered, and was, how these were when it was read.
type userForm struct {
	frame      ui.FrameParams
	user       people.Editing
	version    int64
	yours, was userValues
	bad        map[string]string
	found      userValues // what is typed above the lists
	now        time.Time
	chooses    bool // what the user sees is chosen for him, by the viewer
}

func (v *visit) foundIn() userValues {
	return userValues{people.FieldClients: v.text("find-clients"), people.FieldGroups: v.text("find-groups")}
}

func (v *visit) userForm(e people.Editing) userForm {
	f := userForm{user: e, version: v.versionRead(), yours: userValues{}, was: userValues{}, found: v.foundIn()}
	for _, u := range f.fields() {
		name := string(u.field)
		if !v.r.PostForm.Has("was-" + name) {
			continue // it was not offered
		}
		f.was[u.field] = v.text("was-" + name)
		switch u.field {
		case people.FieldClients, people.FieldGroups:
			f.yours[u.field] = v.movedFrom(name, f.was[u.field])
		case people.FieldEnabled, people.FieldApproved, people.FieldAccount, people.FieldUserManager:
			f.yours[u.field] = switchOf(v.text(name) != "")
		default:
			f.yours[u.field] = v.text(name)
		}
		if u.field.Base() != "" && f.yours[u.field] == "" {
			f.yours[u.field] = f.was[u.field] // nothing was chosen
		}
		if v.text("keep-"+name) == "theirs" {
			f.yours[u.field] = f.was[u.field]
		}
	}
	return f
}

// movedFrom is a set as it was, with what the pair of lists moved: of a long
// list the form holds only what is shown.
func (v *visit) movedFrom(name, was string) string {
	put, taken := v.moved(name)
	gone := setOfAll(taken)
	ids := slices.DeleteFunc(strings.Fields(was), func(id string) bool { return gone[id] })
	return setOf(append(ids, put...))
}

// touched are the fields that the viewer changed: only they are saved, so that
// what somebody else changed in the meantime is never put back.
func (f userForm) touched() (all []people.Field) {
	for _, u := range f.fields() {
		if yours, offered := f.yours[u.field]; offered && yours != f.was[u.field] {
			all = append(all, u.field)
		}
	}
	return all
}

func (f userForm) changes() people.Changes {
	c := people.Changes{Version: f.version}
	for _, field := range f.touched() {
		text := f.yours[field]
		on, ids := text == "on", strings.Fields(text)
		switch field {
		case people.FieldName:
			c.Name = &text
		case people.FieldEmail:
			c.Email = &text
		case people.FieldPhone:
			c.Phone = &text
		case people.FieldTimeZone:
			c.TimeZone = &text
		case people.FieldLevel:
			c.Level = &text
		case people.FieldEnabled:
			c.Enabled = &on
		case people.FieldApproved:
			c.Approved = &on
		case people.FieldAccount:
			c.RoleAccount = &on
		case people.FieldUserManager:
			c.RoleUserManager = &on
		case people.FieldClients:
			c.Clients = &ids
		case people.FieldGroups:
			c.Groups = &ids
		default:
			c.Services = append(c.Services, people.Service{Base: field.Base(), Role: roleOf(text)})
		}
	}
	return c
}

// roleOf reads a role of the form; 0 is the default, and what is no role is
// more than anybody can give.
func roleOf(text string) gate.Role {
	role, ok := gate.RoleNamed(text)
	if !ok && text != byDefault {
		return gate.Admin + 1
	}
	return role
}

// value is what a field shows: what was typed, or what is stored.
func (f userForm) value(field people.Field) string {
	if text, ok := f.yours[field]; ok {
		return text
	}
	return stored(f.user)[field]
}

// base is what a field was when the page was read.
func (f userForm) base(field people.Field) string {
	if text, ok := f.was[field]; ok {
		return text
	}
	return stored(f.user)[field]
}

func (f userForm) wrong() (bad []ui.FieldParams) {
	for _, u := range f.fields() {
		bad = append(bad, ui.FieldParams{Name: string(u.field), Label: u.label, Error: f.bad[string(u.field)]})
	}
	return wrong(bad...)
}

func nameOfUser(e people.Editing) string {
	if e.Name == "" {
		return e.Email
	}
	return e.Name
}

func showUser(v *visit) error {
	id := v.r.PathValue("id")
	if id == v.who.User() {
		return v.goTo("/me") // nobody edits himself here
	}
	e, err := v.app.People.View(v.ctx(), v.on(), id)
	if err != nil {
		return err
	}
	return v.showUser(http.StatusOK, userForm{user: e, version: e.Version})
}

func (v *visit) showUser(status int, f userForm) (err error) {
	if f.frame, err = v.frame(nameOfUser(f.user), ui.Crumb{Label: "Users", Href: "/users"}); err != nil {
		return err
	}
	f.now, f.chooses = v.app.Clock.Now(), v.chooses(f.user)
	return v.renderAs(status, userPage(f))
}

func saveUser(v *visit) error {
	id := v.r.PathValue("id")
	e, err := v.app.People.View(v.ctx(), v.on(), id)
	if err != nil {
		return err
	}
	f := v.userForm(e)
	if v.text("preview") != "" { // without script: the lists, narrowed by what was typed above them
		return v.showUser(http.StatusOK, f)
	}
	if len(f.touched()) == 0 {
		v.flash("Nothing was changed.", "")
		return v.goTo("/users/" + id)
	}
	if v.text("sure") == "" && len(f.ends()) > 0 {
		return v.askUser(f)
	}
	changes := f.changes()
	changes.Flag = v.text("flag") != ""
	err = v.app.People.Save(v.ctx(), v.on(), id, changes)
	if bad, invalid := fieldErrors(err); invalid {
		f.bad = bad
		return v.showUser(http.StatusUnprocessableEntity, f)
	}
	if fault.Is(err, fault.Conflict) {
		return v.showUserConflict(f)
	}
	if err != nil {
		return err
	}
	return v.savedUser(f)
}

// userListsPart answers the script while a filter above long lists is typed.
func userListsPart(v *visit) error {
	e, err := v.app.People.View(v.ctx(), v.on(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	f := v.userForm(e)
	if v.text("lists") == string(people.FieldGroups) {
		return v.render(pairLists(f.pair(people.FieldGroups)))
	}
	return v.render(pairLists(f.pair(people.FieldClients)))
}

// savedUser leads on: whoever lost the vault is off-boarded.
func (v *visit) savedUser(f userForm) error {
	path := "/users/" + f.user.ID
	now, err := v.app.People.View(v.ctx(), v.on(), f.user.ID)
	switch {
	case fault.Is(err, fault.Absent): // he has more than the viewer by now
		v.flash("User saved.", "")
		return v.goTo("/users")
	case err != nil:
		return err
	case len(f.ends()) > 0 && now.May[people.Offboard]:
		v.flash("User saved. Decide what becomes of the passwords that this user knows.", "")
		return v.goTo(path + "/off-boarding")
	case now.PendingEmail != f.user.PendingEmail:
		v.flash("User saved. The new address counts when it is confirmed by the link that was mailed there.", "")
	default:
		v.flash("User saved.", "")
	}
	return v.goTo(path)
}
