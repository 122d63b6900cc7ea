package demo

import (
	"strings"

	"bailiwick/internal/perm"
)

const (
	company = "Northwind Managed IT"
	domain  = "northwind-it.example"
	custom  = "custom"

	brandColour = "#3d4fa8"
)

// person is somebody on the provider's staff. region "" is assigned nothing by
// name; those with default access need nothing.
type person struct {
	name, level, region string
	account, manager    bool
}

var staff = []person{
	{"Ada Lindqvist", perm.LevelAdmin, "", false, false},
	{"Bruno Keller", perm.LevelAdmin, "", false, false},
	{"Carla Mendes", perm.LevelManagerDefault, "", true, false},
	{"David Okafor", perm.LevelManagerDefault, "", false, true},
	{"Elena Petrova", perm.LevelManagerAssigned, "north", false, false},
	{"Femi Adeyemi", perm.LevelTechnicianDefault, "", false, false},
	{"Greta Hansen", perm.LevelTechnicianDefault, "", false, false},
	{"Hugo Laurent", perm.LevelTechnicianDefault, "", false, false},
	{"Ines Costa", perm.LevelTechnicianDefault, "", false, false},
	{"Jonas Weber", perm.LevelTechnicianAssigned, "north", false, false},
	{"Kira Novak", perm.LevelTechnicianAssigned, "north", false, false},
	{"Liam O'Connor", perm.LevelTechnicianAssigned, "south", false, false},
	{"Mira Sato", perm.LevelTechnicianAssigned, "south", false, false},
	{"Noah van den Berg", perm.LevelTechnicianAssigned, "", false, false},
	{"Olivia Grant", perm.LevelManagerAssigned, "south", false, false},
	{"Pavel Horák", custom, "south", false, false},
	{"Quinn Murphy", custom, "north", false, false},
	{"Rosa Bianchi", "", "", false, false},
}

func (p person) email() string {
	first, _, _ := strings.Cut(p.name, " ")
	return strings.ToLower(first) + "@" + domain
}

func (p person) password() string {
	first, _, _ := strings.Cut(p.name, " ")
	return "demo-" + strings.ToLower(first) + "-walnut-harbor-27"
}

func (p person) assigned(region string) bool { return p.region != "" && p.region == region }

// groups: two guard folders, one assigns clients to whoever is in it.
var groups = []struct {
	name, region string
	users        []string
}{
	{"Domain administrators", "", []string{"Bruno Keller", "Femi Adeyemi", "Greta Hansen", "Elena Petrova", "Jonas Weber"}},
	{"Finance", "", []string{"Carla Mendes", "Olivia Grant"}},
	{"On-call south", "south", []string{"Noah van den Berg", "Hugo Laurent"}},
}
