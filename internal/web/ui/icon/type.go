package icon

// types gives each built-in credential type its icon and the hue of its tile;
// related kinds share a hue, so that a long list can be scanned by colour.
var types = map[string]struct {
	name Name
	hue  int
}{
	"Router":               {TypeRouter, 7},
	"Firewall":             {TypeFirewall, 0},
	"Switch":               {TypeSwitch, 7},
	"Wi-Fi":                {TypeWiFi, 6},
	"Domain administrator": {TypeDomainAdministrator, 9},
	"Local administrator":  {TypeLocalAdministrator, 9},
	"Server":               {TypeServer, 8},
	"SQL server":           {TypeSQLServer, 8},
	"Email":                {TypeEmail, 10},
	"Microsoft 365":        {TypeMicrosoft365, 1},
	"Website":              {TypeWebsite, 5},
	"VPN":                  {TypeVPN, 4},
	"SNMP":                 {TypeSNMP, 6},
	"SSH key":              {TypeSSHKey, 3},
	"API key":              {TypeAPIKey, 11},
	"Bank":                 {TypeBank, 2},
	"Alarm code":           {TypeAlarmCode, 0},
	"Software licence":     {TypeLicence, 10},
	"Other":                {TypeOther, 12},
}

// kinds gives each drawing that a credential type can have the hue of its tile.
var kinds = func() map[Name]int {
	hues := map[Name]int{TypeCamera: 0, TypeCar: 7, TypeCloud: 5, TypeCard: 2, TypeDoor: 9, TypeFactory: 8, TypeDisk: 3, TypeNetwork: 4,
		TypeParcel: 10, TypePlug: 6, TypeShop: 1, TypeTool: 11}
	for _, t := range types {
		hues[t.name] = t.hue
	}
	return hues
}()

// ForType returns the drawing of a type by its name, and the hue of its tile;
// that of Other where no type can have it.
func ForType(drawing string) (Name, int) {
	if hue, ok := kinds[Name(drawing)]; ok {
		return Name(drawing), hue
	}
	return OfType("Other")
}

// OfType returns the icon of a built-in credential type and the hue of its
// tile (0 to 11, or 12 for grey); a custom type gets those of Other.
func OfType(credentialType string) (Name, int) {
	t, ok := types[credentialType]
	if !ok {
		t = types["Other"]
	}
	return t.name, t.hue
}
