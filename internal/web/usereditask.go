package web

import (
	"net/http"
	"slices"
	"strings"

	"bailiwick/internal/people"
	"bailiwick/internal/web/ui"
)

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
	says := []string{"Signing in stops at once."}
	if e.Invited {
		return append(says, "The invitation was not accepted yet: its link is dead.")
	}
	var now []string
	for _, c := range []struct {
		n         int
		one, many string
	}{{e.Ends.Sessions, "session", "sessions"}, {e.Ends.Devices, "known browser", "known browsers"}, {e.Ends.Tokens, "API token", "API tokens"}} {
		switch {
		case c.n == 0:
		case c.one == "session" && e.Ends.Linger:
			says = append(says, "By the settings, "+counted(c.n, c.one, c.many)+" that run go on until sign-out or expiry.")
		default:
			now = append(now, counted(c.n, c.one, c.many))
		}
	}
	now = append(now, "every link that was not used yet")
	last := len(now) - 1
	text := now[last]
	if last > 0 {
		text = strings.Join(now[:last], ", ") + " and " + now[last]
	}
	return append(says, capital(text)+" end now.", "The vault's keys are renewed, and the off-boarding page lists every password that this user has seen.")
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
	for _, u := range f.fields() {
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
