package matrix

import (
	"slices"

	"bailiwick/internal/perm"
)

// The sites of the plan: "site" of the client "sited", with users of every
// level, and "site2" of the client "sited2". Their users are made as Site
// Administrators, as those of the plan are made as managers.
var sitePersons = map[string][]person{
	"site": {
		{name: "sue", level: perm.LevelSiteAdministrator}, // who activates it
		{name: "sid", level: perm.LevelSiteAdministrator},
		{name: "uma", level: perm.LevelSiteUser},
		{name: "ugo", level: perm.LevelSiteUser},
		{name: "lim", level: perm.LevelSiteUserLimited},
		{name: "didi", level: perm.LevelSiteUser, disabled: true},
	},
	"site2": {{name: "sam", level: perm.LevelSiteAdministrator}},
}

var siteClients = map[string]string{"site": "sited", "site2": "sited2"}

// homeOf gives the organization of a person of the plan.
func homeOf(name string) string {
	for org, all := range sitePersons {
		if slices.ContainsFunc(all, func(p person) bool { return p.name == name }) {
			return org
		}
	}
	return map[bool]string{true: "two", false: "one"}[name == "eve"]
}

// siteBinders are folders, in the vault of an organization or in the client
// that has a site; "nobody" is a group of a site that has no users.
var siteBinders = []struct{ name, org, client, group string }{
	{"sitedfree", "one", "sited", ""},
	{"sitedout", "one", "sited", "out"},
	{"chosen", "site", "home", ""}, // for lim
	{"guarded", "site", "home", "nobody"},
	{"hollow", "site", "home", ""}, // in it is only what is gone
	{"home2folder", "site2", "home2", ""},
}

// lent is a credential of a provider's client with a site, or of a site.
type lent struct {
	name, org, client, folder string
	to                        string // the organization that it is shared with; "" for none
	users                     []string
	writes, history           bool
	filed                     string // the folder of the other side
	archived, ended           bool
}

var loans = []lent{
	{name: "p-own", org: "one", client: "sited"},
	{name: "p-read", org: "one", client: "sited", to: "site"},
	{name: "p-write", org: "one", client: "sited", folder: "sitedfree", to: "site", writes: true, history: true},
	{name: "p-user", org: "one", client: "sited", to: "site", users: []string{"lim", "uma"}, history: true},
	{name: "p-filed", org: "one", client: "sited", to: "site", filed: "chosen"},
	{name: "p-shut", org: "one", client: "sited", to: "site", filed: "guarded"},
	{name: "p-gone", org: "one", client: "sited", to: "site", filed: "hollow", archived: true},
	{name: "p-ended", org: "one", client: "sited", to: "site", filed: "hollow", ended: true},
	{name: "s-own", org: "site", client: "home"},
	{name: "s-picked", org: "site", client: "home"}, // for lim
	{name: "s-chosen", org: "site", client: "home", folder: "chosen"},
	{name: "s-guarded", org: "site", client: "home", folder: "guarded"},
	{name: "s-read", org: "site", client: "home", to: "one"},
	{name: "s-write", org: "site", client: "home", to: "one", writes: true, history: true},
	{name: "s-user", org: "site", client: "home", to: "one", users: []string{"technicianA"}},
	{name: "s-shut", org: "site", client: "home", to: "one", filed: "sitedout", writes: true},
	{name: "t-own", org: "site2", client: "home2"},
	{name: "t-write", org: "site2", client: "home2", to: "one", writes: true},
}

// What is shared may be read on the other side.
const canaryShared, canarySite, canarySite2 = "canary-both", "canary-site", "canary-other"

// canaryStaff is in the names of an organization's people: the other side sees
// them only where somebody is chosen, or visited.
var canaryStaff = map[string]string{"one": "canary-staff", "two": "canary-eve", "site": "canary-people", "site2": "canary-folk"}

// strange are the canaries that an organization must not see of an operation.
func strange(org, op string) (all []string) {
	for of, canary := range canaryOf {
		if of != org {
			all = append(all, canary)
			if !naming[op] || org == "two" || of == "two" {
				all = append(all, canaryStaff[of])
			}
		}
	}
	if org == "two" {
		all = append(all, canaryShared)
	}
	slices.Sort(all)
	return all
}

// siteLevel is the level of a site's user, "" of anybody else.
func siteLevel(name string) string {
	for _, all := range sitePersons {
		for _, p := range all {
			if p.name == name {
				return p.level
			}
		}
	}
	return ""
}

// naming are operations whose answer has names of the other side's people: whom
// it is shared with, and who is visited.
var naming = map[string]bool{"credential.list": true, "credential.view": true, "share.list": true, "share.people": true, "user.list": true, "user.view": true}

func findLoan(name string) (lent, bool) {
	i := slices.IndexFunc(loans, func(l lent) bool { return l.name == name })
	if i < 0 {
		return lent{}, false
	}
	return loans[i], true
}

// canary is what a credential has in it.
func (l lent) canary() string {
	if l.to != "" {
		return canaryShared
	}
	return map[string]string{"one": canaryOne, "site": canarySite, "site2": canarySite2}[l.org]
}

// there is the client that what is lent lies in on the other side.
func (l lent) there() string {
	return map[string]string{"site": "home", "one": siteClients[l.org]}[l.to]
}

// Names of the things of sites, for cells.
var (
	siteClientNames = []string{"sited", "sited2", "home", "home2"}
	siteFolderNames = []string{"sitedfree", "sitedout", "chosen", "guarded", "hollow", "home2folder"}
	siteLoginNames  []string
)

func init() {
	for _, l := range loans {
		siteLoginNames = append(siteLoginNames, l.name)
	}
}

var siteBearers = []bearer{
	{name: "site", owner: "sue"},
	{name: "siteUser", owner: "uma"},
	{name: "siteNarrow", owner: "sue", permissions: []string{"Password: View"}},
}
