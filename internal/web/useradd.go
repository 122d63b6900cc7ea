package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bailiwick/internal/kb"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/web/ui"
)

const addPeoplePath = "/users/add"

// keptFrom numbers the kept ones behind all whom a form can have.
const keptFrom = 200

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
	kept     []addPerson // in the first step: who was set apart in the second, by address
	all      given
	message  string
	open     bool   // the session can send the organization key along
	imports  bool   // a file of people may be imported instead
	site     string // client whose site they are added to; "" for the viewer's own organization
	sites    []people.Site
	base     *kb.Front // knowledge base in which they get a role; nil on the users page
	invites  bool      // who has no account yet can be added
	given    int       // so many users have the role now
	again    string    // an invitation is sent again: the list to go back to
	alert    string
	problems []ui.FieldParams
}

// addPerson is somebody to be added. Set apart, he gets something else than
// the others.
type addPerson struct {
	Name, Email, Problem string
	Apart                bool
	given                given
	user, disabled       bool   // of a knowledge base: he is a user already
	has                  string // and has this role there
}

// addForm reads the form as far as it has come.
func (v *visit) addForm() (f addForm, err error) {
	f = addForm{typed: v.lines("addresses"), all: v.given(everybody), message: v.lines("message"), open: v.who.Open()}
	if f.base, err = v.addingTo(); err != nil {
		return f, err
	}
	if f.base == nil {
		f.site, f.imports = v.text("site"), v.me.Has(perm.ImportData) && !v.visits()
	}
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
	for i, email := range v.r.PostForm["kept"][:min(len(v.r.PostForm["kept"]), keptFrom)] {
		f.kept = append(f.kept, addPerson{Email: email, Apart: true, given: v.given(keptFrom + i)})
	}
	return f, nil
}

func showAddPeople(v *visit) error {
	f, err := v.addForm()
	if err == nil && f.base == nil && !v.visits() {
		err = v.offers(false, perm.UserAdd)
	}
	if err != nil {
		return err
	}
	return v.showAddresses(http.StatusOK, f)
}

// addPeople goes from step to step; act says which button was pressed.
func addPeople(v *visit) error {
	f, err := v.addForm()
	if err != nil {
		return err
	}
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
		f.kept = slices.DeleteFunc(f.people, func(p addPerson) bool { return !p.Apart })
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
	f, err := v.addForm()
	if err != nil {
		return err
	}
	a, err := v.checkAdding(f, "")
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
	a, err := v.checkAdding(f, addressText(f.people, false)+"\n"+f.typed)
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
		p := addPerson{Name: c.Name, Email: c.Email, Problem: c.Problem}
		p.is(c)
		if i := slices.IndexFunc(f.kept, func(k addPerson) bool { return strings.EqualFold(k.Email, c.Email) }); i >= 0 {
			p.Apart, p.given = true, f.kept[i].given
		}
		f.people = append(f.people, p)
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
	if err := v.dialog(&f); err != nil {
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
	a, err := v.checkAdding(f, addressText(f.people, true))
	if err != nil {
		return err
	}
	f.adding = a
	for i := range f.people {
		if p := &f.people[i]; i < len(a.Candidates) {
			p.is(a.Candidates[i])
			if p.Problem == "" {
				p.Problem = a.Candidates[i].Problem
			}
		}
	}
	f.all = f.prefill(f.all)
	if err := v.dialog(&f); err != nil {
		return err
	}
	return v.renderAs(status, addGivenPage(f))
}
