package matrix

import "bailiwick/internal/perm"

// person is a user of the plan. All are made as managers with keys, a
// personal vault, sessions, devices, an API token and a draft of an import; then they become
// what they are here, as people do.
type person struct {
	name, level               string // level: built-in id or "level_slot"; "" for guests
	invited, pending, locked  bool
	disabled, account, manage bool
}

var persons = []person{
	{name: "admin", level: perm.LevelAdmin}, // made by set-up
	{name: "admin2", level: perm.LevelAdmin},
	{name: "managerD", level: perm.LevelManagerDefault},
	{name: "managerA", level: perm.LevelManagerAssigned},
	{name: "technicianD", level: perm.LevelTechnicianDefault},
	{name: "technicianA", level: perm.LevelTechnicianAssigned},
	{name: "siteAdmin", level: perm.LevelSiteAdministrator},
	{name: "siteUser", level: perm.LevelSiteUser},
	{name: "siteLimited", level: perm.LevelSiteUserLimited},
	{name: "custom", level: "level_slot"},
	{name: "account", level: perm.LevelTechnicianAssigned, account: true},
	{name: "userManager", level: perm.LevelTechnicianAssigned, manage: true},
	{name: "guest"},
	{name: "invited", level: perm.LevelTechnicianDefault, invited: true},
	{name: "pending", level: perm.LevelTechnicianDefault, pending: true},
	{name: "locked", level: perm.LevelTechnicianDefault, locked: true},
	{name: "disabled", level: perm.LevelTechnicianDefault, disabled: true},
	{name: "owner", level: perm.LevelManagerDefault},    // of the API tokens
	{name: "unplugged", level: "level_unplugged"},       // all but Plugin Access, with a token of before
	{name: "other", level: perm.LevelTechnicianDefault}, // whose personal vault others try
	{name: "junior", level: perm.LevelTechnicianAssigned},
}

// unplugged is the level of him who lost Plugin Access after making a token.
func unplugged() []string {
	var names []string
	for _, i := range perm.All() {
		if i.P != perm.PluginAccess && i.P.Custom() {
			names = append(names, i.Name)
		}
	}
	return names
}

// customer is a client of the plan. Everybody is in both groups "in" (enabled)
// and "off" (disabled).
type customer struct {
	name     string
	assigned string // "", "all", "lapsed", "timed"
	group    string // that assigns it
	disabled bool
}

var customers = []customer{
	{name: "assigned", assigned: "all"},
	{name: "timed", assigned: "timed"},
	{name: "lapsed", assigned: "lapsed"},
	{name: "grouped", group: "in"},
	{name: "offgroup", group: "off"},
	{name: "far"},
	{name: "disabled", assigned: "all", disabled: true},
	{name: "company"}, // made by set-up
	{name: "sited", assigned: "all"},
	{name: "sited2"},
}

// binder is a folder of the plan; group is what guards it.
type binder struct{ name, client, parent, group string }

var binders = []binder{
	{"free", "assigned", "", ""},
	{"in", "assigned", "", "in"},
	{"out", "assigned", "", "out"}, // nobody is in "out"
	{"off", "assigned", "", "off"},
	{"subin", "assigned", "in", ""},
	{"inout", "assigned", "in", "out"},
	{"empty", "assigned", "", ""},
	{"farfolder", "far", "", ""},
	{"disabledfolder", "disabled", "", ""},
}

// login is a credential of the plan.
type login struct {
	name, client, folder string
	archived             bool
}

var logins = []login{
	{"root", "assigned", "", false},
	{"k-free", "assigned", "free", false},
	{"k-in", "assigned", "in", false},
	{"k-out", "assigned", "out", false},
	{"k-off", "assigned", "off", false},
	{"k-subin", "assigned", "subin", false},
	{"k-inout", "assigned", "inout", false},
	{"archived", "assigned", "", true},
	{"k-far", "far", "", false},
	{"k-farfolder", "far", "farfolder", false},
	{"k-disabled", "disabled", "", false},
	{"k-company", "company", "", false},
	{"k-grouped", "grouped", "", false},
	{"k-offgroup", "offgroup", "", false},
	{"k-timed", "timed", "", false},
	{"k-lapsed", "lapsed", "", false},
}

// posted is an external link of the plan. Everybody could make it once.
type posted struct{ sender, credential string }

func (p posted) name() string { return p.sender + ">" + p.credential }

var outward = []posted{{"admin", "k-far"}, {"managerD", "root"}, {"managerD", "k-far"}, {"technicianA", "root"}, {"technicianA", "k-far"}, {"technicianA", "k-grouped"},
	{"technicianD", "k-disabled"}, {"technicianD", "k-lapsed"}, {"technicianD", "k-timed"}, {"custom", "root"}, {"siteUser", "root"}, {"guest", "root"}, {"pending", "root"},
	{"invited", "root"}, {"disabled", "root"}, {"locked", "root"}, {"other", "root"}, {"admin2", "root"}}

// bearer is an API token of the plan, by owner, with its limits. No clients:
// all that the owner reaches.
type bearer struct {
	name, owner string
	permissions []string // nil: all that the owner has
	clients     []string
}

var bearers = []bearer{
	{name: "all", owner: "owner"},
	{name: "scoped", owner: "owner", clients: []string{"assigned"}},
	{name: "away", owner: "owner", clients: []string{"grouped"}},
	{name: "narrow", owner: "owner", permissions: []string{"Client: View List", "Password: View"}},
	{name: "expired", owner: "owner"},
	{name: "revoked", owner: "owner"},
	{name: "unplugged", owner: "unplugged"},
	{name: "adminAll", owner: "admin"},
	{name: "adminScoped", owner: "admin", clients: []string{"assigned"}},
}
