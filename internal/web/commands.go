package web

import (
	"strings"

	"bailiwick/internal/client"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

// synonyms are what else people type for a page, by its address.
var synonyms = map[string]string{
	"/":                    "home start",
	"/clients":             "customers companies list",
	"/clients/new":         "add customer company",
	"/my":                  "personal vault",
	"/my/credentials/new":  "add personal password",
	"/import":              "upload csv file",
	"/audit":               "events activity history",
	"/organization/keys":   "recovery key change",
	"/me":                  "my account email name",
	"/me/sessions":         "my browsers sign out",
	"/open":                "unseal unlock organization key",
	"/me/recovery-code":    "my personal vault",
	usersPath:              "people staff members guests",
	addPeoplePath:          "add invite user member guest",
	levelsPath:             "roles rights",
	groupsPath:             "security teams",
	peopleSettingsPath:     "approval lockout self-registration",
	typesPath:              "kinds icons custom fields",
	credentialSettingsPath: "reveal seconds hide built-in types",
	mailPath:               "smtp server email settings",
	lockoutsPath:           "locked out unlock",
	factorsPath:            "2fa mfa totp passkey authenticator",
}

// commands are the pages and acts that search offers: those of the menus
// around the page, so that none is forgotten and none offered that is not
// there.
func (v *visit) commands() ([]ui.Result, error) {
	around, err := v.surround()
	if err != nil {
		return nil, err
	}
	var all []ui.Result
	have := map[string]bool{}
	add := func(label, href string, i icon.Name) {
		if href != "" && !have[href] {
			have[href] = true
			all = append(all, ui.Result{Title: label, Href: href, Lead: ui.Tile(i, ui.Accent), Command: true})
		}
	}
	for _, m := range v.newItems(around.marked) {
		switch m.Href {
		case addPeoplePath:
			add("Add people", m.Href, m.Icon)
		case "/import":
		default:
			add("New "+strings.ToLower(m.Label[:1])+m.Label[1:], m.Href, icon.Add)
		}
	}
	for _, section := range v.nav(around) {
		for _, n := range section.Items {
			if !n.Client {
				add("Go to "+n.Label, n.Href, n.Icon)
			}
		}
	}
	for _, m := range v.meItems() {
		add(m.Label, m.Href, m.Icon)
	}
	if v.me.Has(perm.AdminManageUserLockouts) {
		add("Go to lockouts", lockoutsPath, icon.Lock)
	}
	return all, nil
}

// isMeant reports whether each word typed begins a word of the command.
func isMeant(c ui.Result, q string) bool {
	have := strings.Fields(strings.ToLower(c.Title + " " + synonyms[c.Href]))
	for _, w := range strings.Fields(strings.ToLower(q)) {
		found := false
		for _, h := range have {
			found = found || strings.HasPrefix(h, w)
		}
		if !found {
			return false
		}
	}
	return true
}

// newIn offers "New credential in …" for the clients that the words after
// "new" find.
func (v *visit) newIn(q string) ([]ui.Result, error) {
	first, rest, _ := strings.Cut(strings.TrimSpace(strings.ToLower(q)), " ")
	if (first != "new" && first != "add") || strings.TrimSpace(rest) == "" || !v.me.Has(perm.PasswordAdd) || !v.me.Has(perm.ClientViewList) {
		return nil, nil
	}
	hits, err := v.app.Vault.Search(v.ctx(), v.who, rest, mostHits)
	if err != nil {
		return nil, err
	}
	var all []ui.Result
	for _, h := range hits {
		if h.Kind == vault.HitClient && len(all) < 5 {
			all = append(all, ui.Result{Title: "New credential in " + h.Title, Href: "/clients/" + h.ID + "/credentials/new", Lead: ui.Tile(icon.Add, ui.Accent), Command: true})
		}
	}
	return all, nil
}

// people finds users, for whoever sees their list.
func (v *visit) findPeople(q string) ([]people.Match, error) {
	if !v.me.SeesUsers() {
		return nil, nil
	}
	return v.app.People.Search(v.ctx(), v.who, q, 6)
}

// marked are the company vault and the viewer's bookmarks.
func (v *visit) marked() (marked []client.Client, err error) {
	if v.me.Has(perm.ClientViewList) {
		marked, _, err = v.app.Clients.List(v.ctx(), v.who, client.Filter{Marked: true})
	}
	return marked, err
}
