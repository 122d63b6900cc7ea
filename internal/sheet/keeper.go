package sheet

import "strings"

// keeperPairs is the first column of custom fields in Keeper's layout: Folder,
// Title, Login, Password, Website Address, Notes, Shared Folder. Its exports
// have no headings, and rows are as long as they have fields.
const keeperPairs = 7

var keeperOrder = [keeperPairs]Target{ToFolder, ToTitle, ToUsername, ToPassword, ToURL, ToNotes, ToFolder}

// looksLikeKeeper judges by what is where: addresses of the web in the fifth
// column, and names of fields in the eighth, which therefore repeat or are of
// Keeper's own.
func looksLikeKeeper(all []values) bool {
	if len(all) < keeperPairs || all[4].filled == 0 || all[4].mostly() != web || all[1].filled == 0 {
		return false
	}
	if len(all) == keeperPairs {
		return true
	}
	for name := range all[keeperPairs].times {
		if strings.HasPrefix(name, "$") || strings.HasPrefix(name, "TFC:") {
			return true
		}
	}
	return all[keeperPairs].mostly() == plain && len(all)%2 == keeperPairs%2
}

func keeperColumns(labels []string) Mapping {
	m := Mapping{Layout: Keeper, Remarks: []string{"The file looks like an export of Keeper, which has no headings: the columns are taken in Keeper's order."}}
	for i, l := range labels {
		to := ToPairs
		if i < keeperPairs {
			to = keeperOrder[i]
		}
		m.Columns = append(m.Columns, Column{Index: i, Heading: l, Label: l, To: to, Known: true})
	}
	return m
}

// keeperFields reads names and values in turn, to the end of the row.
func (a *assembler) keeperFields() {
	from := -1
	for _, c := range a.m.Columns {
		if c.To == ToPairs && (from < 0 || c.Index < from) {
			from = c.Index
		}
	}
	if from < 0 {
		return
	}
	for i := from; i < a.sc.cells(); i += 2 {
		name := strings.TrimSpace(string(a.sc.cell(i)))
		v := ""
		if i+1 < a.sc.cells() {
			v = string(a.sc.cell(i + 1))
		}
		a.label = "custom fields"
		switch plain := strings.TrimPrefix(name, "$"); {
		case strings.TrimSpace(v) == "":
			if name != "" {
				a.problem(false, "A custom field has a name but no value. It is left out.")
			}
		case strings.IndexByte(v, 0) >= 0:
			a.problem(true, "The cell contains a NUL byte, so the file is damaged or not CSV. Export it again.")
		case name == "TFC:Keeper" || strings.HasPrefix(plain, "oneTimeCode"):
			a.totp(strings.TrimSpace(v))
		case name == "$type":
			a.keeperType(strings.TrimSpace(v))
		case plain == "url" && name != plain:
			a.urls(strings.TrimSpace(v))
		default:
			if plain == "" {
				plain = "Field"
			}
			a.field(plain, v, soundsSecret(plain) || strings.HasPrefix(name, "$"))
		}
	}
}

// keeperTypes are the record types that have a credential type of their own.
var keeperTypes = map[string]string{"login": "", "bankAccount": "Bank", "bankCard": "Bank", "databaseCredentials": "SQL server", "serverCredentials": "Server",
	"softwareLicense": "Software licence", "sshKeys": "SSH key", "wifiCredentials": "Wi-Fi"}

func (a *assembler) keeperType(v string) {
	t, known := keeperTypes[v]
	if !known {
		t = "Other"
	}
	a.rec.Type = t
}
