package people

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	"bailiwick/internal/fault"
	"bailiwick/internal/sheet"
)

// Target is what a column of a file of users becomes.
type Target string

// The targets, as forms and the API name them.
const (
	ToNothing  Target = "ignore"
	ToName     Target = "name"
	ToEmail    Target = "email"
	ToKind     Target = "kind"
	ToLevel    Target = "level"
	ToRoles    Target = "roles"
	ToEnabled  Target = "enabled"
	ToPhone    Target = "phone"
	ToTimeZone Target = "time_zone"
	ToGroups   Target = "groups"
	ToClients  Target = "clients"
)

// Targets are all of them, in the order in which they are offered.
func Targets() []Target {
	return []Target{ToNothing, ToName, ToEmail, ToKind, ToLevel, ToRoles, ToEnabled, ToPhone, ToTimeZone, ToGroups, ToClients}
}

// TargetsIn are those of a provider or of a site, which has neither kinds of
// users nor account roles, and one client.
func TargetsIn(site bool) []Target {
	return slices.DeleteFunc(Targets(), func(t Target) bool { return site && notInSites[t] })
}

var notInSites = map[Target]bool{ToKind: true, ToRoles: true, ToClients: true}

const (
	// MostImport is the size of the largest file of users, in bytes.
	MostImport = 4 << 20
	// mostImported is how many people one file adds.
	mostImported = 10_000
)

// headings knows columns by their headings, in English, German, French and
// Dutch; Export's are among them.
var headings = map[Target]string{
	ToName:     "name fullname displayname vollername nom nomcomplet naam volledigenaam",
	ToEmail:    "email emailaddress mail address username userprincipalname upn emailadresse adressemail courriel emailadres",
	ToKind:     "kind type art genre soort",
	ToLevel:    "permissionlevel level permission role permissions berechtigungsstufe stufe niveau niveaudacces toegangsniveau",
	ToRoles:    "accountroles accountrole kontorollen",
	ToEnabled:  "enabled active aktiv actif actief",
	ToPhone:    "phone phonenumber telephone mobile telefon telefonnummer mobil telefoon",
	ToTimeZone: "timezone zeitzone fuseauhoraire tijdzone",
	ToGroups:   "securitygroups securitygroup groups group gruppen sicherheitsgruppen groupes groepen",
	ToClients:  "clients client customers customer companies company kunden kunde clienten klanten klant",
}

// guessColumns proposes what the columns of a file become; each thing once.
func guessColumns(all []string) []Target {
	out := make([]Target, len(all))
	taken := map[Target]bool{}
	for i, h := range all {
		plain := plainHeading(h)
		out[i] = ToNothing
		for _, t := range Targets() {
			if !taken[t] && plain != "" && slices.Contains(strings.Fields(headings[t]), plain) {
				out[i], taken[t] = t, true
				break
			}
		}
	}
	return out
}

func plainHeading(h string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, h)
}

func knownHeading(h string) bool {
	plain := plainHeading(h)
	for _, words := range headings {
		if plain != "" && slices.Contains(strings.Fields(words), plain) {
			return true
		}
	}
	return false
}

// imported is one row of a file, as text.
type imported struct {
	row      int
	cells    map[Target]string
	columns  map[Target]string // their labels
	problems []sheet.Problem
}

func (r *imported) wrong(t Target, text string) {
	r.problems = append(r.problems, sheet.Problem{Row: r.row, Column: r.columns[t], Text: text, Fatal: true})
}

func (r *imported) bad() bool {
	return slices.ContainsFunc(r.problems, func(p sheet.Problem) bool { return p.Fatal })
}

// readImport takes a file apart. What makes all of it unreadable is a Field
// "file"; columns that don't fit it, one of "columns".
func readImport(f ImportFile) (rows []*imported, view ImportView, err error) {
	if len(f.Data) > MostImport {
		return nil, view, fault.Bad("file", "The file is larger than %d MB. Split it into several files.", MostImport>>20)
	}
	sh, err := sheet.OpenWith(bytes.NewReader(f.Data), sheet.Options{Encoding: f.Encoding, Separator: f.Separator, First: f.First, Knows: knownHeading})
	if err != nil {
		return nil, view, fault.Bad("file", "%s", err.Error())
	}
	for _, p := range sh.Problems() {
		if p.Fatal {
			return nil, view, fault.Bad("file", "%s", p.Text)
		}
	}
	targets := f.Columns
	view.chosen = targets != nil
	if targets == nil {
		targets = guessColumns(sh.Headings())
		if at := sh.MailColumn(); at >= 0 {
			targets[at] = ToEmail
		}
	}
	if text := columnsProblem(targets, len(sh.Labels())); text != "" {
		return nil, view, fault.Bad("columns", "%s", text)
	}
	view.Encoding, view.Separator, view.Bare = sh.Encoding(), sh.Separator(), sh.Bare()
	labels := map[Target]string{}
	for i, label := range sh.Labels() {
		view.Columns = append(view.Columns, ImportColumn{label, targets[i]})
		labels[targets[i]] = label
	}
	for line, problems := range sh.Lines() {
		r := &imported{row: line.Row, cells: map[Target]string{}, columns: labels, problems: problems}
		for i, cell := range line.Cells {
			r.cells[targets[i]] = unguarded(cell)
		}
		if rows = append(rows, r); len(rows) > mostImported {
			return nil, view, fault.Bad("file", "The file has more than %d rows. Split it into several files.", mostImported)
		}
		if len(problems) > 0 && problems[0].Ends {
			return nil, view, fault.Bad("file", "%s", problems[0].Text)
		}
	}
	return rows, view, nil
}

// forSite leaves out what a site does not know; what was chosen nevertheless is
// refused. It comes after readImport, as only the gate knows what is a site.
func (v *ImportView) forSite(rows []*imported, chosen bool) error {
	for i, c := range v.Columns {
		switch {
		case !notInSites[c.To]:
			continue
		case chosen:
			return fault.Bad("columns", "%s", noTarget)
		}
		v.Columns[i].To = ToNothing
		for _, r := range rows {
			delete(r.cells, c.To)
		}
	}
	return nil
}

const noTarget = "A column becomes something that there is not. Choose again."

func columnsProblem(targets []Target, n int) string {
	if len(targets) != n {
		return "The columns are those of another file. Upload it again."
	}
	seen := map[Target]bool{}
	for _, t := range targets {
		if !slices.Contains(Targets(), t) {
			return noTarget
		}
		if t != ToNothing && seen[t] {
			return "Two columns become the same. Leave one of them out."
		}
		seen[t] = true
	}
	return ""
}

// unguarded takes away the apostrophe that Export puts before what a
// spreadsheet would take for a formula.
func unguarded(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && guarded(rest) == cell {
		return rest
	}
	return cell
}

// several takes a cell of names apart: "A; B". A name that holds the separator
// itself is found where it is known.
func several(cell string, known func(string) bool) (names []string) {
	parts := strings.Split(cell, ";")
	for i := 0; i < len(parts); {
		n := i + 1
		for j := len(parts); j > i; j-- {
			if known(strings.TrimSpace(strings.Join(parts[i:j], ";"))) {
				n = j
				break
			}
		}
		if name := strings.TrimSpace(strings.Join(parts[i:n], ";")); name != "" {
			names = append(names, name)
		}
		i = n
	}
	return names
}
