package demo

import (
	"fmt"

	"bailiwick/internal/client"
)

type customer struct{ name, code, domain, address, region, notes string }

func (c customer) phone(d *dice) string {
	return fmt.Sprintf("+1 555 01%02d %03d", d.below(100), d.below(1000))
}

// tags and rotation of a client, by its place in the list.
func (c customer) tags(i int) []string {
	tags := []string{[]string{"managed", "by the hour", "project"}[i%3]}
	if i%4 == 0 {
		tags = append(tags, "on-site Mondays")
	}
	if c.notes != "" {
		tags = append(tags, "read the notes")
	}
	return tags
}

func (c customer) rotation(i int) int { return []int{180, 0, 270, 0, 365}[i%5] }

// about is what the overview panels say: contacts, hours, how to begin.
func (c customer) about(i int) []client.Item {
	return []client.Item{
		{Kind: client.KindField, Name: "Main contact", Value: contacts[i/2%len(contacts)]},
		{Kind: client.KindField, Name: "Mail", Value: "office@" + c.domain},
		{Kind: client.KindField, Name: "Hours", Value: "Monday to Friday, 8:00 to 17:00"},
		{Kind: client.KindField, Name: "Portal", Value: "https://portal." + c.domain},
		{Kind: client.KindText, Name: "Network", Value: "One flat network behind the firewall, guests on their own VLAN.\nThe uplink router belongs to the provider."},
		{Kind: client.KindText, Name: "Before you drive there", Value: "Ring ahead; the server room is locked."},
	}
}

var contacts = []string{"Ms Okafor, office manager", "Mr Lindholm, owner", "Ms Pereira, accounting", "Mr Tanaka, caretaker"}

var clients = []customer{
	{"Alder & Finch Attorneys", "AFA", "alderfinch.example", "12 Court Street, Portland", "north", "No work on site before 10:00. Ask for Ms Alder in person."},
	{"Bayside Dental Group", "BDG", "baysidedental.example", "4 Harbour Road, Astoria", "north", "Practice software must be closed by staff before updates."},
	{"Brightwater Architects", "BWA", "brightwater.example", "88 Mill Lane, Salem", "north", ""},
	{"Cascade Logistics", "CLG", "cascadelogistics.example", "Dock 7, 300 River Avenue, Tacoma", "north", "Warehouse runs 24/7; reboot windows Sunday 02:00 to 04:00."},
	{"Cedar Grove School District", "CGS", "cedargrove.example", "1 School Plaza, Cedar Grove", "south", ""},
	{"Copperline Brewing", "CPB", "copperline.example", "19 Foundry Row, Bend", "south", ""},
	{"Delgado Family Clinic", "DFC", "delgadoclinic.example", "230 Elm Street, Medford", "south", "Patient data: nothing leaves the building."},
	{"Evergreen Credit Union", "ECU", "evergreencu.example", "77 Main Street, Olympia", "north", "Two people for every change. Call the branch manager first."},
	{"Fairhaven Hotels & Resorts International Holding", "FHR", "fairhavenhotels.example", "1 Ocean Boulevard, Fairhaven", "south", ""},
	{"Foxglove Veterinary", "FXV", "foxglovevet.example", "14 Meadow Lane, Corvallis", "south", ""},
	{"Granite Peak Construction", "GPC", "granitepeak.example", "901 Quarry Road, Redmond", "north", ""},
	{"Harborlight Insurance", "HLI", "harborlight.example", "55 Exchange Place, Seattle", "north", ""},
	{"Ironbridge Manufacturing", "IBM2", "ironbridge.example", "Plant 2, 40 Industrial Way, Everett", "north", "PLC network is not ours: do not scan."},
	{"Juniper Street Bakery", "JSB", "juniperstreet.example", "3 Juniper Street, Eugene", "south", ""},
	{"Kestrel Aviation Services", "KAS", "kestrelaviation.example", "Hangar 5, Regional Airport, Yakima", "north", ""},
	{"Lakeside Property Management", "LPM", "lakesidepm.example", "610 Lake Drive, Bellevue", "south", ""},
	{"Meridian Engineering", "MER", "meridian-eng.example", "27 Meridian Avenue, Spokane", "north", ""},
	{"Northstar Nonprofit Network", "NNN", "northstarnet.example", "9 Charity Row, Portland", "south", ""},
	{"Oakmont Senior Living", "OSL", "oakmontliving.example", "150 Oakmont Circle, Gresham", "south", ""},
	{"Pinewood Optics", "PWO", "pinewoodoptics.example", "33 Lens Court, Hillsboro", "north", ""},
	{"Quayside Seafood Market", "QSM", "quayside.example", "Pier 12, Newport", "south", ""},
	{"Redstone Mechanical", "RSM", "redstonemech.example", "4400 Canyon Road, Pasco", "north", ""},
	{"Silverline Staffing", "SLS", "silverline.example", "500 Tower Plaza, Vancouver", "south", ""},
	{"Tidewater Marine Supply", "TMS", "tidewater.example", "8 Chandlery Way, Coos Bay", "south", ""},
	{"Umber & Ochre Design (contract ended)", "UOD", "umberochre.example", "2 Gallery Mews, Ashland", "", ""},
}
