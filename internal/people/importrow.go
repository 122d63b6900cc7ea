package people

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/sheet"
)

// resolver turns rows of text into people, asking the database once for what
// all rows need.
type resolver struct {
	tx               *gate.Tx
	standard         string
	levels           map[string][]Level // by folded name and by id
	problems         map[string]string  // of giving a level, by id
	account, manager bool
	clients, groups  map[string][]Choice // by folded name
	there            map[string]bool     // looks of the addresses that are users already
	seen             map[string]int      // looks of the file's own, with their rows
}

var sqlAllLooks = gate.SQL(`SELECT email_folded, email_looks FROM users WHERE org_id = $1 AND NOT unconfirmed`)

func newResolver(tx *gate.Tx, st Settings) (*resolver, error) {
	v := &resolver{tx: tx, standard: st.DefaultLevel, levels: map[string][]Level{}, problems: map[string]string{}, there: map[string]bool{}, seen: map[string]int{}}
	all, err := levels(tx, st.DefaultLevel)
	if err != nil {
		return nil, err
	}
	for _, l := range all {
		v.levels[org.Fold(l.Name)] = append(v.levels[org.Fold(l.Name)], l)
		v.levels[org.Fold(l.ID)] = append(v.levels[org.Fold(l.ID)], l)
		if v.problems[l.ID], err = giveable(tx, l.ID, st.DefaultLevel); err != nil {
			return nil, err
		}
	}
	if v.account, v.manager, err = givesRoles(tx); err != nil {
		return nil, err
	}
	clients, _, err := clientChoices(tx, "")
	if err != nil {
		return nil, err
	}
	groups, err := groupChoices(tx, "")
	if err != nil {
		return nil, err
	}
	v.clients, v.groups = byName(clients), byName(groups)
	return v, tx.Each(sqlAllLooks, func(r *gate.Rows) error {
		var folded, looks string
		err := r.Scan(&folded, &looks)
		v.there[folded], v.there[looks] = true, true
		return err
	})
}

func byName(all []Choice) map[string][]Choice {
	m := map[string][]Choice{}
	for _, c := range all {
		m[org.Fold(c.Name)] = append(m[org.Fold(c.Name)], c)
	}
	return m
}

const (
	mostSamples  = 20
	mostProblems = 200
)

// resolve gives those who can be invited, and writes into view what becomes of
// all rows.
func resolve(tx *gate.Tx, st Settings, rows []*imported, view *ImportView) (all []newcomer, err error) {
	v, err := newResolver(tx, st)
	if err == nil && tx.Site() {
		err = view.forSite(rows, view.chosen)
	}
	if err != nil {
		return nil, err
	}
	var problems []sheet.Problem
	for _, r := range rows {
		n := v.row(r)
		becomes := "left out"
		switch {
		case off(r.cells[ToEnabled]):
			view.Disabled++
			r.problems = []sheet.Problem{{Row: r.row, Column: r.columns[ToEnabled], Text: "This user is disabled there, and is left out."}}
		case r.bad():
			view.Bad++
		default:
			view.Invited++
			becomes = "invited"
			all = append(all, n)
		}
		if len(view.Samples) < mostSamples {
			view.Samples = append(view.Samples, ImportSample{r.row, n.Name, n.Email, kindFor(n.Level), v.levelName(n.Level), len(n.Clients), len(n.Groups), becomes})
		}
		problems = append(problems, r.problems...)
	}
	// What stops the import comes first.
	slices.SortStableFunc(problems, func(a, b sheet.Problem) int {
		switch {
		case a.Fatal == b.Fatal:
			return a.Row - b.Row
		case a.Fatal:
			return -1
		}
		return 1
	})
	view.Rows, view.ProblemTotal = len(rows), len(problems)
	view.Problems = problems[:min(len(problems), mostProblems)]
	return all, nil
}

func off(cell string) bool {
	return slices.Contains([]string{"no", "false", "0", "off", "disabled", "nein", "non", "nee"}, org.Fold(cell))
}

func (v *resolver) levelName(id string) string {
	for _, l := range v.levels[org.Fold(id)] {
		return l.Name
	}
	return ""
}

// row makes somebody of a row, and notes all that is wrong with it.
func (v *resolver) row(r *imported) newcomer {
	n := newcomer{Invitee: Invitee{Email: r.cells[ToEmail], Name: cleanName(r.cells[ToName])}, phone: r.cells[ToPhone], zone: r.cells[ToTimeZone], until: map[string]int64{}}
	note := func(t Target, text string) {
		if text != "" {
			r.wrong(t, text)
		}
	}
	note(ToEmail, v.address(r, n.Email))
	note(ToPhone, phoneProblem(n.phone))
	note(ToTimeZone, zoneProblem(n.zone))
	var text string
	if n.Level, text = v.level(r.cells[ToKind], r.cells[ToLevel]); text != "" {
		note(ToLevel, text)
	} else if n.Level != "" {
		note(ToLevel, v.problems[n.Level])
	}
	v.roles(r, &n)
	v.things(r, &n)
	if n.Level == "" && text == "" && (n.RoleAccount || n.RoleUserManager || len(n.Clients)+len(n.Groups) > 0) {
		note(ToKind, "A guest has no account role, no client and no security group.")
	}
	return n
}

func (v *resolver) address(r *imported, email string) string {
	if email == "" {
		return "There is no address. Fill it in, or choose the column that has it."
	}
	if text := addressProblem(email); text != "" {
		return text
	}
	looks := org.Looks(email)
	if v.there[org.Fold(email)] || v.there[looks] {
		return "There is a user with this address, or with one that looks the same, already."
	}
	if v.seen[looks] > 0 {
		return "This address, or one that looks the same, stands in an earlier row too."
	}
	v.seen[looks] = r.row
	return ""
}

// level finds the level of a row: the one that it names, the kind's, or the
// default.
func (v *resolver) level(kind, name string) (id, problem string) {
	kind = org.Fold(kind)
	if name == "" {
		switch kind {
		case "guest":
			return "", ""
		case "administrator", "admin":
			return perm.LevelAdmin, ""
		case "", "member":
			return v.standard, ""
		}
		return "", "There is no such kind of user. It is administrator, member or guest."
	}
	found := v.levels[org.Fold(name)]
	switch {
	case len(found) == 0 && v.tx.Site():
		return "", "There is no such permission level. A site has three: Site Administrator, Site User, and Site User - Limited."
	case len(found) == 0:
		return "", noLevel
	case len(found) > 1:
		return "", "There are several permission levels of this name."
	case kind == "guest":
		return "", "A guest has no permission level."
	case kind == "member" && found[0].ID == perm.LevelAdmin || (kind == "administrator" || kind == "admin") && found[0].ID != perm.LevelAdmin:
		return "", "The kind of user and the permission level don't fit together."
	}
	return found[0].ID, ""
}

func (v *resolver) roles(r *imported, n *newcomer) {
	for _, name := range several(r.cells[ToRoles], func(string) bool { return false }) {
		switch org.Fold(name) {
		case "account":
			n.RoleAccount = true
		case "user manager":
			n.RoleUserManager = true
		default:
			r.wrong(ToRoles, "There is no such account role. They are Account and User manager.")
		}
	}
	if n.RoleAccount && !v.account || n.RoleUserManager && !v.manager {
		r.wrong(ToRoles, "You can't give this account role.")
	}
}

var untilMark = regexp.MustCompile(`^(.*) \(until (\S+)\)$`)

// things finds clients and groups by name. What is not there and what is not
// the actor's to give are answered alike.
func (v *resolver) things(r *imported, n *newcomer) {
	known := func(all map[string][]Choice) func(string) bool {
		return func(name string) bool { return len(all[org.Fold(name)]) > 0 }
	}
	knownClient := func(name string) bool {
		if m := untilMark.FindStringSubmatch(name); m != nil && known(v.clients)(m[1]) {
			return true
		}
		return known(v.clients)(name)
	}
	for _, name := range several(r.cells[ToClients], knownClient) {
		end := int64(0)
		if m := untilMark.FindStringSubmatch(name); m != nil && !known(v.clients)(name) {
			if t, err := time.Parse(time.RFC3339, m[2]); err == nil {
				name, end = m[1], t.UnixMilli()
			}
		}
		c, text := one(v.clients, name, "client")
		switch {
		case text != "":
			r.wrong(ToClients, text)
		case end != 0 && end <= v.tx.Millis(): // it has ended meanwhile
		case !slices.Contains(n.Clients, c.ID):
			n.Clients, n.things, n.until[c.ID] = append(n.Clients, c.ID), append(n.things, c.Name), end
		}
	}
	for _, name := range several(r.cells[ToGroups], known(v.groups)) {
		g, text := one(v.groups, name, "security group")
		if text != "" {
			r.wrong(ToGroups, text)
		} else if !slices.Contains(n.Groups, g.ID) {
			n.Groups = append(n.Groups, g.ID)
		}
	}
}

func one(all map[string][]Choice, name, what string) (c Choice, problem string) {
	found := all[org.Fold(name)]
	switch {
	case len(found) > 1:
		return c, "There are several of this name: " + strings.TrimSpace(name)
	case len(found) == 0 || !found[0].May:
		return c, "There is no such " + what + ", or it is not yours to give: " + strings.TrimSpace(name)
	}
	return found[0], ""
}
