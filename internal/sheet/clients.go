package sheet

import (
	"fmt"
	"slices"
	"strings"
)

// ClientTargets are where the columns of a table of clients may go, in the
// order in which they are offered.
var ClientTargets = []Target{Ignore, ToName, ToShortCode, ToPhone, ToAddress, ToWebsite, ToNotes, ToTags, ToRotation, ToTypes, ToEnabled}

// clientWords know columns of clients by their headings; our own export's are
// among them.
var clientWords = map[Target]string{
	ToName:      "name client clientname customer customername company companyname organization organisation organizationname firma firmenname kunde kundenname mandant entreprise societe nom raisonsociale klant klantnaam bedrijf bedrijfsnaam naam",
	ToShortCode: "shortcode shortname short code abbreviation clientcode customercode identifier kurzel kurzname kundenkurzel sigle afkorting",
	ToPhone:     "phone phonenumber telephone tel mainphone telefon telefonnummer telefoon telefoonnummer numerodetelephone",
	ToAddress:   "address street address1 address2 addressline1 addressline2 city town zip zipcode postcode postalcode state country adresse strasse plz ort stadt land rue ville codepostal pays adres straat plaats",
	ToWebsite:   "website web url homepage domain webseite internetseite siteweb site webadres",
	ToNotes:     "notes note comment comments remark remarks description quicknotes notizen notiz bemerkung bemerkungen kommentar beschreibung remarque remarques commentaire notities opmerking opmerkingen",
	ToTags:      "tags tag labels keywords type organizationtype schlagworte stichworte etiquettes motscles trefwoorden",
	ToRotation:  "rotationdays rotation rotationpolicy passwordrotation rotationpolicydays rotationsintervall wechselintervall",
	ToTypes:     "credentialtypes credentialtype forcedtypes forcedcredentialtypes onlytypes passwordtypes zugangsdatentypen typesdidentifiants",
	ToEnabled:   "enabled active status aktiv actif actief",
	Ignore:      "id guid uuid credentials created createdat modified updatedat changed",
}

func clientTarget(heading string) (Target, bool) {
	plain := plainHeading(heading)
	for t, words := range clientWords {
		if plain != "" && slices.Contains(strings.Fields(words), plain) {
			return t, true
		}
	}
	return Ignore, false
}

// KnowsClient reports whether a heading is one of a table of clients.
func KnowsClient(heading string) bool {
	_, known := clientTarget(heading)
	return known
}

// GuessClients proposes where the columns of a table of clients go. What it
// does not know is left out.
func (s *Sheet) GuessClients() Mapping {
	m := Mapping{Layout: Free}
	taken := map[Target]bool{}
	var left []string
	for i, label := range s.labels {
		c := Column{Index: i, Heading: s.headings[i], Label: label}
		to, known := clientTarget(s.headings[i])
		switch {
		case s.bare && i == 0:
			to, known = ToName, true
		case s.bare && s.values[i].mostly() == web:
			to, known = ToWebsite, true
		}
		if known && (!taken[to] || manyCells(to)) {
			c.To, c.Known = to, true
			taken[to] = true
		}
		if c.To == Ignore {
			left = append(left, "“"+label+"”")
		}
		m.Columns = append(m.Columns, c)
	}
	if len(left) > 0 {
		m.Remarks = append(m.Remarks, "Left out: "+strings.Join(left, ", ")+".")
	}
	return m
}

// manyCells reports whether several columns may become the same: their cells
// are put together.
func manyCells(t Target) bool {
	return t == Ignore || t == ToAddress || t == ToNotes || t == ToTags
}

// CheckClients says what is wrong with a mapping of clients for this file.
func (s *Sheet) CheckClients(m Mapping) (ps []Problem) {
	wrong := func(column, text string) {
		ps = append(ps, Problem{Row: s.row, Column: column, Text: text, Fatal: true})
	}
	used, seen := map[Target]bool{}, map[int]bool{}
	for _, c := range m.Columns {
		switch {
		case c.Index < 0 || c.Index >= len(s.labels) || seen[c.Index]:
			wrong("", "The columns are those of another file. Map them again.")
		case !slices.Contains(ClientTargets, c.To):
			wrong(s.labels[c.Index], fmt.Sprintf("A client has no %s. Choose something else for the column.", c.To))
		case used[c.To] && !manyCells(c.To):
			wrong(s.labels[c.Index], fmt.Sprintf("Another column is the %s already. Leave one of them out.", c.To))
		}
		seen[c.Index], used[c.To] = true, true
	}
	if len(seen) < len(s.labels) {
		wrong("", "A column is not mapped. Choose where it goes, or leave it out.")
	}
	if !used[ToName] {
		wrong("", "Nothing becomes the name. Choose the column with the clients' names.")
	}
	return ps
}
