package perm

import "strings"

// Level is a built-in permission level. Custom ones are rows of an
// organization.
type Level struct {
	ID   string // stored; built-in ids never collide with custom ones ("level_…")
	Name string
	For  string
	Site bool // for site users; the others are for pro users
	Set  Set  // with what is implied
}

// Ids of the built-in levels.
const (
	LevelAdmin              = "admin"
	LevelManagerDefault     = "manager-default"
	LevelManagerAssigned    = "manager-assigned"
	LevelTechnicianDefault  = "technician-default"
	LevelTechnicianAssigned = "technician-assigned"
	LevelSiteAdministrator  = "site-administrator"
	LevelSiteUser           = "site-user"
	LevelSiteUserLimited    = "site-user-limited"
)

var builtin = []Level{
	{LevelAdmin, "Organization Admin", "owners and leading engineers", false, SetOf(OrganizationAdmin).Effective()},
	{LevelManagerDefault, "Manager - Default Access", "heads of department", false, column("M").With(ClientDefaultAccess)},
	{LevelManagerAssigned, "Manager - Assigned Access", "heads of department who see their own clients", false, column("M")},
	{LevelTechnicianDefault, "Technician - Default Access", "everyday users", false, column("T").With(ClientDefaultAccess)},
	{LevelTechnicianAssigned, "Technician - Assigned Access", "everyday users who see their own clients", false, column("T")},
	{LevelSiteAdministrator, "Site Administrator", "the site's own administrator", true, column("SA")},
	{LevelSiteUser, "Site User", "the site's staff", true, column("SU")},
	{LevelSiteUserLimited, "Site User - Limited", "staff who see only what was chosen for them", true, column("SL")},
}

// Builtin lists the eight built-in levels.
func Builtin() []Level { return append([]Level(nil), builtin...) }

// LevelByID finds a built-in level.
func LevelByID(id string) (Level, bool) {
	for _, l := range builtin {
		if l.ID == id {
			return l, true
		}
	}
	return Level{}, false
}

// Account roles grant these beyond the level.
var (
	RoleAccount     = SetOf(AdminPaymentDetails, AdminCancelAccount, AdminOrganizationBranding)
	RoleUserManager = SetOf(UserAdd, UserEdit, UserDisable, SiteUserAdd, SiteUserEdit, SiteUserDisable, PermissionsView)
)

// Custom reports whether p may be part of a custom level.
func (p P) Custom() bool { return p.Valid() && p != OrganizationAdmin && p != UserAutoProvision }

func column(name string) Set {
	var s Set
	for _, i := range table[1:] {
		for _, c := range strings.Fields(i.levels) {
			if c == name {
				s = s.With(i.P)
			}
		}
	}
	return s.Effective()
}
