package sheet

import (
	"fmt"
	"slices"
	"strings"
)

// layouts, most particular first: all headings named must be there, and with
// only set no others than those of the second list.
var layouts = []struct {
	name Layout
	all  string
	also string
	only bool
}{
	{Own, "client folder title type username password url notes totp tags expires customfieldswithkind", "", true},
	{Own, "client folder title type username password url notes totp tags expires customfields", "", true},
	{Bitwarden, "type name notes loginuri loginusername loginpassword", "", false},
	{KeePassXC, "group title username password url notes", "", false},
	{Firefox, "url username password httprealm formactionorigin", "", false},
	{LastPass, "url username password extra name grouping", "", false},
	{OnePassword, "title url username password otpauth", "", false},
	{ITGlue, "organization name username password passwordcategory", "", false},
	{Hudu, "name username password otpsecret company", "", false},
	{Hudu, "name username password otpsecret companyname", "", false},
	{Keeper, "folder title login password websiteaddress notes sharedfolder", "", false},
	{Chrome, "name url username password", "note", true},
}

func recognise(headings []string) Layout {
	have := map[string]bool{}
	for _, h := range headings {
		have[plainHeading(h)] = true
	}
	for _, l := range layouts {
		all := strings.Fields(l.all)
		fits := !slices.ContainsFunc(all, func(h string) bool { return !have[h] })
		if l.only {
			for h := range have {
				fits = fits && (slices.Contains(all, h) || slices.Contains(strings.Fields(l.also), h))
			}
		}
		if fits {
			return l.name
		}
	}
	return Free
}

// Guess proposes where columns with these headings go, and says in Remarks what
// it recognised, what becomes a custom field and what is left out. It leaves out
// only other programs' bookkeeping.
func Guess(headings []string) Mapping { return guess(headings, recognise(headings)) }

func guess(headings []string, layout Layout) Mapping {
	m := Mapping{Layout: layout}
	taken := map[Target]bool{}
	for i, h := range headings {
		key := plainHeading(h)
		c := Column{Index: i, Heading: h, Label: h, To: ToCustom, Name: fieldName(i, h), Hidden: soundsSecret(h)}
		if h == "" {
			c.Label = "column " + letters(i)
			c.Hidden = true // nothing says what it is
		}
		w, ok := vocabulary[key]
		switch {
		case m.Layout == Bitwarden && key == "fields" || m.Layout == Own && key == "customfields":
			c.To, c.Known = ToFieldList, true
		case key == plainHeading(KindListHeading):
			c.To, c.Known = ToKindList, true
		case m.Layout == Hudu && key == "id":
			c.To, c.Known = Ignore, true
		case m.Layout == Keeper && key == "sharedfolder":
			c.To, c.Known = ToFolder, true
		case m.Layout == Keeper && i >= keeperPairs:
			c.To, c.Known = ToPairs, true
		case m.Layout == Firefox && key == "httprealm":
			c.Known, c.Name = true, "HTTP realm"
		case ok && w.to != ToCustom && (!taken[w.to] || several(w.to)):
			c.To, c.Known = w.to, true
			taken[w.to] = true
		}
		m.Columns = append(m.Columns, c)
	}
	// weak headings fill what is still open
	for _, to := range []Target{ToUsername, ToTitle, ToURL} {
		for i := range m.Columns {
			c := &m.Columns[i]
			if !c.Known && !taken[to] && slices.Contains(vocabulary[plainHeading(c.Heading)].weak, to) {
				c.To, c.Known = to, true
				taken[to] = true
			}
		}
	}
	for i := range m.Columns {
		if c := &m.Columns[i]; c.To != ToCustom {
			c.Name, c.Hidden = "", false
		}
	}
	m.Remarks = m.remarks(taken)
	return m
}

func several(t Target) bool {
	switch t {
	case ToURL, ToNotes, ToTags, ToPairs, Ignore:
		return true
	}
	return false
}

func fieldName(i int, heading string) string {
	if heading == "" {
		return "Column " + letters(i)
	}
	return heading
}

func (m Mapping) remarks(taken map[Target]bool) (says []string) {
	if m.Layout == Free {
		says = append(says, "The headings are those of no program that is known, so each column was guessed from its heading. Check them.")
	} else {
		says = append(says, fmt.Sprintf("The file looks like an export of %s.", m.Layout))
	}
	says = append(says, m.unknown(taken)...)
	if m.Layout == KeePassXC {
		says = append(says, "The database's topmost group “Root” does not become a folder.")
	}
	return says
}

// unknown says which columns were not recognised, and what is missing.
func (m Mapping) unknown(taken map[Target]bool) (says []string) {
	var left, custom []string
	for _, c := range m.Columns {
		switch {
		case c.To == Ignore:
			left = append(left, "“"+c.Label+"”")
		case !c.Known:
			custom = append(custom, "“"+c.Label+"”")
		}
	}
	if len(left) > 0 {
		says = append(says, "Left out, because only the other program needs it: "+strings.Join(left, ", ")+".")
	}
	if len(custom) > 0 {
		says = append(says, "Not recognized, so values become custom fields: "+strings.Join(custom, ", ")+".")
	}
	if !taken[ToTitle] {
		says = append(says, "There is no column for the title, so the host of the web address or the username becomes the title.")
	}
	if !taken[ToPassword] {
		says = append(says, "There is no column for the password. Choose it if the file has one.")
	}
	return says
}
