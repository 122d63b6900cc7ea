package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/web/ui"
)

const addPeoplePath = "/users/add"

func (s *Server) userAddRoutes() {
	s.signed("GET "+addPeoplePath, inSite(showAddPeople))
	s.signed("POST "+addPeoplePath, inSite(addPeople))
	s.signed("POST "+addPeoplePath+"/lists", inSite(addListsPart))
}

// addForm is the dialog for adding people. All that was typed goes from step
// to step with the form, so nothing is lost, nor kept on the server.
type addForm struct {
	frame    ui.FrameParams
	adding   people.Adding
	typed    string // addresses that were typed or pasted since
	people   []addPerson
	all      given
	message  string
	open     bool   // the session can send the organization key along
	imports  bool   // a file of people may be imported instead
	site     string // client whose site they are added to; "" for the viewer's own organization
	sites    []people.Site
	again    string // an invitation is sent again: the list to go back to
	alert    string
	problems []ui.FieldParams
}

// addPerson is somebody to be added. Set apart, he gets something else than
// the others.
type addPerson struct {
	Name, Email, Problem string
	Apart                bool
	given                given
}

// given is what somebody is to get, or all together.
type given struct {
	kind, level                 string
	account, userManager, key   bool
	clients, groups             []string
	services                    map[string]string // roles by knowledge base; none: what the kind has by default
	findClient, findGroup       string            // what is typed above the lists
	levelProblem, givenProblems string
}

const (
	kindMember        = "member"
	kindGuest         = "guest"
	kindAdministrator = "administrator"
)

// at names a field of the n-th person, or of all together.
func at(field string, n int) string {
	if n < 0 {
		return field
	}
	return field + "-" + strconv.Itoa(n)
}

// everybody stands for all together where a person's number is asked for.
const everybody = -1

func (v *visit) given(n int) given {
	services := map[string]string{}
	for field, values := range v.r.PostForm {
		if base, ok := strings.CutPrefix(field, "service-"); ok && values[0] != "" {
			if n < 0 && strings.HasPrefix(base, "kb_") && !strings.Contains(base, "-") {
				services[base] = values[0]
			} else if own, ok := strings.CutSuffix(base, "-"+strconv.Itoa(n)); ok && n >= 0 {
				services[own] = values[0]
			}
		}
	}
	return given{services: services, kind: v.text(at("kind", n)), level: v.text(at("level", n)), account: v.text(at("role_account", n)) != "",
		userManager: v.text(at("role_user_manager", n)) != "", key: v.text(at("key", n)) != "", clients: v.r.PostForm[at("client", n)], groups: v.r.PostForm[at("group", n)],
		findClient: v.text("find-" + at("client", n)), findGroup: v.text("find-" + at("group", n))}
}

// addForm reads the form as far as it has come.
func (v *visit) addForm() addForm {
	f := addForm{typed: v.lines("addresses"), all: v.given(everybody), message: v.lines("message"), open: v.who.Open(), imports: v.me.Has(perm.ImportData) && !v.visits(), site: v.text("site")}
	names, apart := v.r.PostForm["name"], v.r.PostForm["apart"]
	for i, email := range v.r.PostForm["email"] {
		p := addPerson{Email: strings.TrimSpace(email), Apart: slices.Contains(apart, strconv.Itoa(i))}
		if i < len(names) {
			p.Name = strings.TrimSpace(names[i])
		}
		if p.Apart {
			p.given = v.given(i)
		}
		f.people = append(f.people, p)
	}
	return f
}

func showAddPeople(v *visit) error {
	if !v.visits() {
		if err := v.offers(false, perm.UserAdd); err != nil {
			return err
		}
	}
	return v.showAddresses(http.StatusOK, v.addForm())
}

// addPeople goes from step to step; act says which button was pressed.
func addPeople(v *visit) error {
	f := v.addForm()
	act, n, _ := strings.Cut(v.text("act"), " ")
	i, err := strconv.Atoi(n)
	if err != nil || i < 0 || i >= len(f.people) {
		i = everybody
	}
	switch {
	case act == "apart" && i >= 0:
		f.people[i].Apart, f.people[i].given = true, f.all
	case act == "together" && i >= 0:
		f.people[i].Apart = false
	case act == "drop" && i >= 0:
		f.people = slices.Delete(f.people, i, i+1)
	case act == "leave" && i >= 0:
		f.people = slices.Delete(f.people, i, i+1)
		return v.checkAddresses(f)
	case act == "add" && len(f.people) > 0:
		return v.invite(f)
	case act == "back":
		f.typed = addressText(f.people, true)
		f.people = nil
		return v.showAddresses(http.StatusOK, f)
	case act != "same" && v.text("preview") == "": // without script, preview narrows the lists
		return v.checkAddresses(f)
	}
	if len(f.people) == 0 {
		return v.showAddresses(http.StatusOK, f)
	}
	return v.showGiven(http.StatusOK, f)
}

// addListsPart answers the script while a filter above long lists is typed.
func addListsPart(v *visit) error {
	f := v.addForm()
	a, err := v.app.People.Check(v.ctx(), v.on(), "")
	if err != nil {
		return err
	}
	f.adding = a
	what, number, _ := strings.Cut(v.text("lists"), "-")
	g, n := f.all, everybody
	if i, err := strconv.Atoi(number); err == nil && i >= 0 && i < len(f.people) {
		g, n = f.people[i].given, i
	}
	if what == "group" {
		return v.render(pairLists(f.groupPair(g, n)))
	}
	return v.render(pairLists(f.clientPair(g, n)))
}

// checkAddresses ends the first step where every address is good.
func (v *visit) checkAddresses(f addForm) error {
	a, err := v.app.People.Check(v.ctx(), v.on(), addressText(f.people, false)+"\n"+f.typed)
	if bad, ok := fieldErrors(err); ok {
		f.problems = []ui.FieldParams{{Name: "addresses", Label: "Email addresses", Error: bad["addresses"]}}
		return v.showAddresses(http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	f.typed, f.people = "", nil
	good := true
	for _, c := range a.Candidates {
		f.people = append(f.people, addPerson{Name: c.Name, Email: c.Email, Problem: c.Problem})
		good = good && c.Problem == ""
	}
	switch {
	case len(f.people) == 0:
		f.problems = []ui.FieldParams{{Name: "addresses", Label: "Email addresses", Error: "Give at least one address."}}
		return v.showAddresses(http.StatusUnprocessableEntity, f)
	case !good:
		return v.showAddresses(http.StatusUnprocessableEntity, f)
	}
	return v.showGiven(http.StatusOK, f)
}

// addressText writes people so that Check takes them apart again. Whole keeps
// each of them one, whatever was typed into his field.
func addressText(all []addPerson, whole bool) string {
	var b strings.Builder
	for _, p := range all {
		switch name := strings.Join(strings.Fields(strings.ReplaceAll(p.Name, `"`, "")), " "); {
		case name != "" || whole && strings.ContainsAny(p.Email, " \t,;<>\""):
			b.WriteString(`"` + name + `" <` + strings.Map(inAngles, p.Email) + ">\n")
		default:
			b.WriteString(p.Email + "\n")
		}
	}
	return b.String()
}

// inAngles puts what no address holds in the place of what would end one.
func inAngles(r rune) rune {
	if strings.ContainsRune(" \t\r\n,;<>\"", r) {
		return '('
	}
	return r
}

func (v *visit) showAddresses(status int, f addForm) error {
	var err error
	if f.sites, err = v.app.People.Sites(v.ctx(), v.who); err != nil {
		return err
	}
	if f.frame, err = v.frame("Add people", f.crumb()); err != nil {
		return err
	}
	slices.SortStableFunc(f.people, func(a, b addPerson) int { return worse(b) - worse(a) }) // numbers are places in the form
	for i, p := range f.people {
		if p.Problem != "" {
			f.problems = append(f.problems, ui.FieldParams{Name: "email", ID: at("email", i), Label: p.Email, Error: p.Problem})
		}
	}
	return v.renderAs(status, addAddressesPage(f))
}

func worse(p addPerson) int {
	if p.Problem != "" {
		return 1
	}
	return 0
}

// showGiven is the second step: what everybody gets.
func (v *visit) showGiven(status int, f addForm) error {
	a, err := v.app.People.Check(v.ctx(), v.on(), addressText(f.people, true))
	if err != nil {
		return err
	}
	f.adding = a
	if f.sites, err = v.app.People.Sites(v.ctx(), v.who); err != nil {
		return err
	}
	for i := range f.people {
		if p := &f.people[i]; p.Problem == "" && i < len(a.Candidates) {
			p.Problem = a.Candidates[i].Problem
		}
	}
	f.all = f.prefill(f.all)
	if f.frame, err = v.frame("Add people", f.crumb()); err != nil {
		return err
	}
	return v.renderAs(status, addGivenPage(f))
}

// prefill chooses a member with the default level, as far as it can be given.
func (f addForm) prefill(g given) given {
	if g.kind == "" {
		g.kind = kindMember
		if len(f.levels()) == 0 {
			g.kind = kindGuest
		}
		if f.adding.First && slices.ContainsFunc(f.kinds(), func(o ui.Option) bool { return o.Value == kindAdministrator }) {
			g.kind = kindAdministrator // who activates it comes first
		}
	}
	if g.level == "" {
		g.level = f.adding.DefaultLevel
	}
	return g
}

// levels are the members' levels that can be given.
func (f addForm) levels() (options []ui.Option) {
	for _, l := range f.adding.Levels {
		if l.May && !topLevel(l.ID) {
			options = append(options, ui.Option{Value: l.ID, Label: l.Name})
		}
	}
	return options
}

func (f addForm) kinds() (options []ui.Option) {
	if len(f.levels()) > 0 {
		options = append(options, ui.Option{Value: kindMember, Label: "Member"})
	}
	if !f.adding.Site {
		options = append(options, ui.Option{Value: kindGuest, Label: "Guest: no permission level, never sees the vault"})
	}
	if slices.ContainsFunc(f.adding.Levels, func(l people.Level) bool { return l.May && topLevel(l.ID) }) {
		label := "Administrator: may do everything"
		if f.adding.Site {
			label = "Site Administrator: manages the site"
		}
		options = append(options, ui.Option{Value: kindAdministrator, Label: label})
	}
	return options
}
