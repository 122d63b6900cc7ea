package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/people"
	"bailiwick/internal/web/ui"
)

func (s *Server) userEditRoutes() {
	s.signed("GET /users/{id}", showUser)
	s.signed("POST /users/{id}", saveUser)
}

// userFields are the fields of the edit page, in the order of the page.
var userFields = []struct {
	field people.Field
	label string
}{
	{people.FieldName, "Name"}, {people.FieldEmail, "Email"}, {people.FieldPhone, "Phone"}, {people.FieldTimeZone, "Time zone"},
	{people.FieldEnabled, "Enabled"}, {people.FieldApproved, "Approved"}, {people.FieldAccount, "Account role: Account"},
	{people.FieldUserManager, "Account role: User manager"}, {people.FieldGroups, "Security groups"}, {people.FieldClients, "Clients"},
	{people.FieldLevel, "Permission level"},
}

// userValues are the fields as text: a switch is "on" or "", a set its ids.
type userValues map[people.Field]string

func stored(e people.Editing) userValues {
	return userValues{people.FieldName: e.Name, people.FieldEmail: e.Email, people.FieldPhone: e.Phone, people.FieldTimeZone: e.TimeZone,
		people.FieldEnabled: switchOf(e.Enabled), people.FieldApproved: switchOf(e.Approved), people.FieldAccount: switchOf(e.RoleAccount),
		people.FieldUserManager: switchOf(e.RoleUserManager), people.FieldGroups: chosen(e.Groups), people.FieldClients: chosen(e.Clients), people.FieldLevel: e.Level}
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
	now        time.Time
}

func (v *visit) userForm(e people.Editing) userForm {
	f := userForm{user: e, version: v.versionRead(), yours: userValues{}, was: userValues{}}
	for _, u := range userFields {
		name := string(u.field)
		if !v.r.PostForm.Has("was-" + name) {
			continue // it was not offered
		}
		f.was[u.field] = v.text("was-" + name)
		switch u.field {
		case people.FieldClients, people.FieldGroups:
			f.yours[u.field] = setOf(v.r.PostForm[name])
		case people.FieldEnabled, people.FieldApproved, people.FieldAccount, people.FieldUserManager:
			f.yours[u.field] = switchOf(v.text(name) != "")
		default:
			f.yours[u.field] = v.text(name)
		}
		if v.text("keep-"+name) == "theirs" {
			f.yours[u.field] = f.was[u.field]
		}
	}
	return f
}

// touched are the fields that the viewer changed: only they are saved, so that
// what somebody else changed in the meantime is never put back.
func (f userForm) touched() (all []people.Field) {
	for _, u := range userFields {
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
		}
	}
	return c
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
	for _, u := range userFields {
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
	e, err := v.app.People.View(v.ctx(), v.who, id)
	if err != nil {
		return err
	}
	return v.showUser(http.StatusOK, userForm{user: e, version: e.Version})
}

func (v *visit) showUser(status int, f userForm) (err error) {
	if f.frame, err = v.frame(nameOfUser(f.user), ui.Crumb{Label: "Users", Href: "/users"}); err != nil {
		return err
	}
	f.now = v.app.Clock.Now()
	return v.renderAs(status, userPage(f))
}

func saveUser(v *visit) error {
	id := v.r.PathValue("id")
	e, err := v.app.People.View(v.ctx(), v.who, id)
	if err != nil {
		return err
	}
	f := v.userForm(e)
	if len(f.touched()) == 0 {
		v.flash("Nothing was changed.", "")
		return v.goTo("/users/" + id)
	}
	if v.text("sure") == "" && len(f.ends()) > 0 {
		return v.askUser(f)
	}
	err = v.app.People.Save(v.ctx(), v.who, id, f.changes())
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

// savedUser leads on: whoever lost the vault is off-boarded.
func (v *visit) savedUser(f userForm) error {
	path := "/users/" + f.user.ID
	now, err := v.app.People.View(v.ctx(), v.who, f.user.ID)
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

// userConflict is two edits of the same user side by side.
type userConflict struct {
	userForm
	differences []ui.Difference
	others      []ui.Difference // fields that only the other one changed
}

// showUserConflict lets the second of two people choose field by field.
func (v *visit) showUserConflict(f userForm) error {
	c := userConflict{userForm: f}
	now := stored(f.user)
	for _, u := range userFields {
		yours, was := f.yours[u.field], f.was[u.field]
		_, offered := f.yours[u.field]
		d := ui.Difference{Name: string(u.field), Label: u.label, Theirs: f.shown(u.field, now[u.field]), Yours: f.shown(u.field, yours)}
		switch {
		case offered && yours != was && yours != now[u.field]:
			c.differences = append(c.differences, d)
		case offered && now[u.field] != was:
			d.Yours = f.shown(u.field, was)
			c.others = append(c.others, d)
		}
	}
	var err error
	if c.frame, err = v.frame("Two edits", ui.Crumb{Label: "Users", Href: "/users"}, ui.Crumb{Label: nameOfUser(f.user), Href: "/users/" + f.user.ID}); err != nil {
		return err
	}
	return v.renderAs(http.StatusConflict, userConflictPage(c))
}

// shown is a field's text as one reads it.
func (f userForm) shown(field people.Field, text string) string {
	named := func(all []people.Choice) string {
		var names []string
		for _, c := range all {
			if slices.Contains(strings.Fields(text), c.ID) {
				names = append(names, c.Name)
			}
		}
		return strings.Join(names, ", ")
	}
	switch field {
	case people.FieldClients:
		return named(f.user.Clients)
	case people.FieldGroups:
		return named(f.user.Groups)
	case people.FieldLevel:
		return f.levelName(text)
	case people.FieldEnabled, people.FieldApproved, people.FieldAccount, people.FieldUserManager:
		if text == "on" {
			return "on"
		}
		return "off"
	}
	return text
}

func (f userForm) levelName(id string) string {
	for _, l := range f.user.Levels {
		if l.ID == id {
			return l.Name
		}
	}
	if id == "" {
		return "Guest: none"
	}
	return f.user.LevelName
}

// ends says what saving ends for good, in whole sentences.
func (f userForm) ends() (says []string) {
	e := f.user
	for _, field := range f.touched() {
		switch {
		case field == people.FieldEnabled && f.yours[field] == "" && e.Enabled:
			says = append(says, disabling(e)...)
		case field == people.FieldLevel && f.yours[field] == "" && e.Kind != "guest":
			says = append(says, "A guest has no vault: access to it ends as in disabling, with every session, known browser and API token, all clients, security groups and account roles. Roles in knowledge bases stay.")
		}
	}
	return says
}

func disabling(e people.Editing) []string {
	sessions := counted(e.Ends.Sessions, "session", "sessions")
	other := counted(e.Ends.Devices, "known browser", "known browsers") + ", " + counted(e.Ends.Tokens, "API token", "API tokens") + " and every link that was not used yet"
	says := []string{"Signing in stops at once."}
	switch {
	case e.SessionsGoOn && e.Ends.Sessions > 0:
		says = append(says, "By the settings, "+sessions+" that run go on until sign-out or expiry; "+other+" end now.")
	default:
		says = append(says, capital(sessions)+", "+other+" end now.")
	}
	if e.Invited {
		return append(says, "The invitation was not accepted yet: its link is dead.")
	}
	return append(says, "The vault's keys are renewed, and the off-boarding page lists every password that this user has seen.")
}

// userQuestion asks before somebody is disabled.
type userQuestion struct {
	userForm
	title, does string
	also        []string
	carried     []carriedField
}

type carriedField struct{ name, value string }

// askUser shows what ends before it does. All that was sent goes along.
func (v *visit) askUser(f userForm) error {
	q := userQuestion{userForm: f, title: "Make " + nameOfUser(f.user) + " a guest?", does: "Make a guest"}
	for _, u := range userFields {
		switch {
		case !slices.Contains(f.touched(), u.field):
		case u.field == people.FieldEnabled && f.yours[u.field] == "":
			q.title, q.does = "Disable "+nameOfUser(f.user)+"?", "Disable "+nameOfUser(f.user)
		case u.field == people.FieldLevel && f.yours[u.field] == "":
		default:
			q.also = append(q.also, u.label)
		}
	}
	for name, all := range v.r.PostForm {
		for _, value := range all {
			if name != "once" && name != "sure" {
				q.carried = append(q.carried, carriedField{name, value})
			}
		}
	}
	slices.SortFunc(q.carried, func(a, b carriedField) int { return strings.Compare(a.name+" "+a.value, b.name+" "+b.value) })
	var err error
	if q.frame, err = v.frame(q.title, ui.Crumb{Label: "Users", Href: "/users"}, ui.Crumb{Label: nameOfUser(f.user), Href: "/users/" + f.user.ID}); err != nil {
		return err
	}
	return v.renderAs(http.StatusOK, userQuestionPage(q))
}

