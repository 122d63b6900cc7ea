// Package showcase composes believable pages from the parts in ui, so that
// tests and people can look at them. No server serves it and it knows no
// vault: names, secrets and times are made up.
package showcase

import (
	"time"

	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

var now = time.Date(2026, 3, 9, 14, 25, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return now.Add(-d) }

type client struct {
	name, code, city, site, tags string
	count, flags                 int
	bookmark, disabled           bool
	seen                         string
	seenAgo                      time.Duration
}

var clients = []client{
	{"Almhofer Steuerberatung & Partner mbB", "ALM", "Rosenheim", "", "gold", 48, 2, true, false, "4 min ago", 4 * time.Minute},
	{"Bergquell Brauerei GmbH", "BQB", "Kempten", "yes", "silver", 61, 0, true, false, "22 min ago", 22 * time.Minute},
	{"Caritas Seniorenzentrum St. Elisabeth gemeinnützige Betriebsgesellschaft mit beschränkter Haftung", "CSE", "Ingolstadt", "", "gold, care", 133, 7, true, false, "1 h ago", time.Hour},
	{"Dr. Öztürk Zahnmedizin", "OZT", "Augsburg", "", "bronze", 19, 0, false, false, "2 h ago", 2 * time.Hour},
	{"Elektro Lindner", "ELI", "Landshut", "", "bronze", 23, 1, false, false, "3 h ago", 3 * time.Hour},
	{"Feinwerk Präzisionstechnik AG", "FPT", "Schweinfurt", "yes", "gold", 212, 12, true, false, "3 h ago", 3 * time.Hour},
	{"Gärtnerei Sonnleitner", "GSO", "Bamberg", "", "bronze", 8, 0, false, false, "yesterday", 26 * time.Hour},
	{"Hallertauer Hopfenhandel KG", "HHH", "Wolnzach", "", "silver", 37, 0, false, false, "yesterday", 27 * time.Hour},
	{"Immobilien Vogt & Söhne", "IVS", "München", "", "silver", 29, 0, false, false, "yesterday", 30 * time.Hour},
	{"Jugendhilfe Oberland e. V.", "JOL", "Bad Tölz", "", "care", 44, 3, false, false, "2 days ago", 50 * time.Hour},
	{"Kanzlei Marquardt", "KMA", "Nürnberg", "", "gold", 52, 0, true, false, "2 days ago", 52 * time.Hour},
	{"Logistik Nordbayern", "LNB", "Hof", "yes", "gold", 98, 4, false, false, "3 days ago", 75 * time.Hour},
	{"Metzgerei Huber", "MHU", "Dachau", "", "bronze", 6, 0, false, false, "3 days ago", 75 * time.Hour},
	{"Neumann Architekten", "NAR", "Regensburg", "", "silver", 33, 0, false, false, "4 days ago", 99 * time.Hour},
	{"Optik Brandl", "OBR", "Passau", "", "bronze", 14, 0, false, false, "5 days ago", 124 * time.Hour},
	{"Praxisgemeinschaft am Stadtpark", "PAS", "Fürth", "", "care", 41, 1, false, false, "6 days ago", 150 * time.Hour},
	{"Quellenhof Hotel & Spa", "QHS", "Bad Füssing", "", "silver", 57, 0, false, false, "6 days ago", 150 * time.Hour},
	{"Reisebüro Fernweh", "RFW", "Coburg", "", "bronze", 11, 0, false, false, "8 days ago", 195 * time.Hour},
	{"Schreinerei Eder", "SED", "Traunstein", "", "bronze", 9, 0, false, false, "9 days ago", 220 * time.Hour},
	{"Stadtwerke Mühldorf", "SWM", "Mühldorf", "yes", "gold, critical", 176, 5, false, false, "9 days ago", 220 * time.Hour},
	{"Tierklinik Isartal", "TKI", "Freising", "", "silver", 38, 0, false, false, "12 days ago", 290 * time.Hour},
	{"Uhren Wagner", "UWA", "Erding", "", "bronze", 7, 0, false, true, "3 months ago", 2200 * time.Hour},
	{"Voralpen Immobilienverwaltung", "VIV", "Miesbach", "", "silver", 31, 0, false, false, "14 days ago", 340 * time.Hour},
	{"Weingut Zehnthof", "WZH", "Kitzingen", "", "bronze", 12, 0, false, false, "15 days ago", 360 * time.Hour},
	{"Zimmermann Maschinenbau", "ZIM", "Amberg", "", "gold", 87, 0, false, false, "20 days ago", 480 * time.Hour},
}

type credential struct {
	id, title, kind, user, host, changed string
	flag                                 string
}

type folder struct {
	name, path  string
	credentials []credential
}

var folders = []folder{
	{"Active Directory", "", []credential{
		{"1", "Domain administrator feinwerk.local", "Domain administrator", `FEINWERK\adm-bw`, "dc01.feinwerk.local", "12 days ago", ""},
		{"2", "Domain join account", "Domain administrator", `FEINWERK\svc-join`, "", "8 months ago", "touched"},
		{"3", "Directory restore mode DC01", "Local administrator", "Administrator", "dc01.feinwerk.local", "2 years ago", "expired"},
		{"4", "Directory restore mode DC02", "Local administrator", "Administrator", "dc02.feinwerk.local", "2 years ago", "expired"},
		{"5", "Entra Connect service", "Microsoft 365", "sync_dc01_7f2a@feinwerk.onmicrosoft.com", "", "1 year ago", ""},
		{"6", "LAPS break glass", "Local administrator", "laps-admin", "", "3 days ago", ""},
	}},
	{"Network", "", []credential{
		{"7", "FW-01 FortiGate 100F", "Firewall", "bw-admin", "10.20.0.1", "24 days ago", ""},
		{"8", "FW-02 FortiGate 100F (standby)", "Firewall", "bw-admin", "10.20.0.2", "24 days ago", ""},
		{"9", "Core switch stack, building A, ground floor and basement, Aruba 6300M", "Switch", "manager", "10.20.1.10", "7 months ago", "reused"},
		{"10", "Access switches, building B", "Switch", "manager", "10.20.1.20", "7 months ago", "reused"},
		{"11", "Wi-Fi staff", "Wi-Fi", "FPT-Intern", "", "5 months ago", ""},
		{"12", "Wi-Fi guests", "Wi-Fi", "FPT-Gast", "", "5 days ago", ""},
		{"13", "SNMP v3 monitoring", "SNMP", "bw-monitor", "", "1 year ago", ""},
		{"14", "Telekom router", "Router", "service", "192.168.100.1", "3 years ago", "weak"},
		{"15", "SSL VPN emergency account", "VPN", "bw-emergency", "vpn.feinwerk.de", "2 months ago", ""},
	}},
	{"Servers", "", []credential{
		{"16", "vCenter", "Server", "administrator@vsphere.local", "vcsa.feinwerk.local", "4 months ago", ""},
		{"17", "ESXi hosts root", "Server", "root", "esx01.feinwerk.local", "4 months ago", "ad"},
		{"18", "Veeam backup server", "Server", `VEEAM01\bw-admin`, "veeam01.feinwerk.local", "6 weeks ago", ""},
		{"19", "Veeam encryption key", "Other", "", "", "6 weeks ago", ""},
		{"20", "iDRAC ESX01", "Server", "root", "10.20.9.11", "2 years ago", ""},
		{"21", "iDRAC ESX02", "Server", "root", "10.20.9.12", "2 years ago", ""},
		{"22", "NAS Synology RS3621", "Server", "bw-admin", "nas01.feinwerk.local", "9 months ago", ""},
		{"23", "Git server deploy key", "SSH key", "git", "git.feinwerk.local", "1 year ago", ""},
	}},
	{"ERP", "Servers", []credential{
		{"24", "SQL Server sa (ERP)", "SQL server", "sa", "sql01.feinwerk.local", "1 year ago", "touched"},
		{"25", "abas ERP administrator", "Server", "abasadm", "erp.feinwerk.local", "1 year ago", ""},
		{"26", "abas licence portal", "Software licence", "einkauf@feinwerk.de", "my.abas-erp.com", "3 years ago", ""},
	}},
	{"Cloud", "", []credential{
		{"27", "Microsoft 365 break glass", "Microsoft 365", "breakglass1@feinwerk.onmicrosoft.com", "portal.office.com", "21 days ago", ""},
		{"28", "Microsoft 365 delegated administrator", "Microsoft 365", "bw-admin@feinwerk.onmicrosoft.com", "portal.office.com", "21 days ago", ""},
		{"29", "Domain registrar INWX", "Website", "feinwerk-it", "inwx.de", "10 months ago", "manual"},
		{"30", "Cloudflare API token DNS", "API key", "dns-edit", "dash.cloudflare.com", "3 months ago", ""},
		{"31", "Shared mailbox info@", "Email", "info@feinwerk.de", "outlook.office.com", "2 months ago", ""},
		{"32", "Mail gateway Hornetsecurity", "Email", "bw-admin@feinwerk.de", "cp.hornetsecurity.com", "2 months ago", ""},
		{"33", "Adobe admin console", "Software licence", "lizenzen@feinwerk.de", "adminconsole.adobe.com", "1 year ago", ""},
	}},
	{"Building and office", "", []credential{
		{"34", "Alarm system, main entrance", "Alarm code", "Installer", "", "4 years ago", "expired"},
		{"35", "Time recording terminal", "Other", "service", "10.20.5.40", "2 years ago", ""},
		{"36", "Online banking (read only)", "Bank", "FPT-4471", "banking.sparkasse.de", "5 months ago", ""},
		{"37", "Printer Kyocera, all floors", "Other", "Admin", "10.20.6.0", "3 years ago", "weak"},
		{"38", "Telephone system 3CX", "Website", "bw-admin", "feinwerk.3cx.eu", "7 months ago", ""},
		{"39", "Video recorder gate", "Other", "viewer", "10.20.7.5", "1 year ago", ""},
		{"40", "Door access Salto", "Website", "it@feinwerk.de", "app.saltoks.com", "11 months ago", ""},
	}},
}

const password = "T7k#vQ2m!xLw9_Rp0Oz"

func flagOf(kind string) ui.BadgeParams {
	switch kind {
	case "touched":
		return ui.BadgeParams{Label: "Touched", Title: "Jonas Weber had seen it and was disabled on 2 March", Icon: icon.Touched, Kind: ui.Warning}
	case "expired":
		return ui.BadgeParams{Label: "Expired", Title: "the rotation policy of 365 days has passed", Icon: icon.Expired, Kind: ui.Danger}
	case "reused":
		return ui.BadgeParams{Label: "Reused", Title: "two credentials have this password", Icon: icon.Reused, Kind: ui.Warning}
	case "weak":
		return ui.BadgeParams{Label: "Weak", Title: "it can be guessed within minutes", Icon: icon.Weak, Kind: ui.Danger}
	case "ad":
		return ui.BadgeParams{Label: "AD change", Title: "it differs from the directory since yesterday", Icon: icon.ADChange, Kind: ui.Violet}
	}
	return ui.BadgeParams{Label: "Flagged", Title: "contract ends in June, said Lena Fuchs", Icon: icon.Flag, Kind: ui.Info}
}

func total() int {
	n := 0
	for _, f := range folders {
		n += len(f.credentials)
	}
	return n
}
