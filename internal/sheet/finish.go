package sheet

import (
	"errors"
	"fmt"
	"html"
	"strings"
)

// fieldList reads Bitwarden's custom fields: lines of "name: value". The file
// does not say which were hidden, so all are.
func (a *assembler) fieldList(v string) {
	start := len(a.rec.Fields)
	for line := range strings.SplitSeq(strings.ReplaceAll(v, "\r\n", "\n"), "\n") {
		name, value, ok := strings.Cut(line, ": ")
		if !ok {
			name, ok = strings.CutSuffix(line, ":")
		}
		switch n := len(a.rec.Fields); {
		case ok && name != "":
			a.field(name, value, true)
		case n > start: // a value of several lines
			f := &a.rec.Fields[n-1]
			f.Value += "\n" + line
			a.limit(f.Value, MaxField)
		case line != "":
			a.field(a.label, line, true)
		}
	}
}

// secureNote is LastPass's way to store what is no login.
func (a *assembler) secureNote() { a.rec.Type = "Other" }

// finish settles what depends on several columns.
func (a *assembler) finish() {
	a.label = ""
	switch a.m.Layout {
	case Bitwarden:
		a.bitwardenType()
	case Keeper:
		a.keeperFields()
	case LastPass:
		a.lastPassEntities()
	}
	titled := false
	for _, c := range a.m.Columns {
		if c.To == ToTitle && c.Index < len(a.sheet.labels) && a.rec.Title == "" {
			titled, a.label = true, a.sheet.labels[c.Index]
		}
	}
	a.untitled(titled)
}

// untitled makes a title where there is none; say says that one is expected.
func (a *assembler) untitled(say bool) {
	r := &a.rec
	if r.Title != "" {
		return
	}
	from := "host of the web address"
	for _, u := range r.URLs {
		if r.Title = shorten(host(u)); r.Title != "" {
			break
		}
	}
	if r.Title == "" {
		r.Title, from = shorten(r.Username), "username"
	}
	switch {
	case r.Title == "":
		a.problem(true, "The row has no title, and neither web address nor username to make one of. Write a title.")
	case say:
		a.problem(false, "The title is missing; the %s is taken.", from)
	}
}

func shorten(v string) string {
	if r := []rune(v); len(r) > MaxTitle {
		return string(r[:MaxTitle])
	}
	return v
}

// bitwardenType handles what is not a login. Bitwarden's CSV leaves out what
// cards and identities contain.
func (a *assembler) bitwardenType() {
	r := &a.rec
	kind := strings.ToLower(r.Type)
	switch kind {
	case "login", "":
		r.Type = ""
		return
	case "note", "securenote":
		r.Type = "Other"
		return
	}
	r.Type = "Other"
	for _, c := range a.m.Columns {
		if c.To == ToType && c.Index < len(a.sheet.labels) {
			a.label = a.sheet.labels[c.Index]
		}
	}
	switch {
	case kind != "card" && kind != "identity" && kind != "sshkey":
		a.problem(false, "The type is none that Bitwarden has. The entry becomes one of type Other.")
	case r.Notes == "" && len(r.Fields) == 0 && r.Password == "" && r.Username == "":
		a.problem(true, "Bitwarden's CSV does not contain the details of cards, identities and SSH keys. Export as JSON, or leave the row out.")
	default:
		a.problem(false, "Bitwarden's CSV does not contain all details of cards, identities and SSH keys. What is there is kept; export as JSON to get the rest.")
	}
	a.label = ""
}

// lastPassEntities warns of exports by LastPass's browser extension, which
// write & < > as HTML does.
func (a *assembler) lastPassEntities() {
	if p := a.rec.Password; strings.Contains(p, "&") && html.UnescapeString(p) != p {
		a.problem(false, "The password contains what looks like an HTML entity such as &amp;. LastPass sometimes writes & < > so; compare it with the original.")
	}
}

// Format prints no values, whatever the verb: a record holds secrets.
func (r Record) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "[record of row %d]", r.Row) }

// MarshalJSON refuses, so that secrets get into no answer and no log by accident.
func (r Record) MarshalJSON() ([]byte, error) {
	return nil, errors.New("sheet: a record holds secrets and has no JSON form")
}

// Format prints the name only.
func (f Field) Format(s fmt.State, _ rune) { fmt.Fprintf(s, "[field %q]", f.Name) }

// MarshalJSON refuses, like Record's.
func (f Field) MarshalJSON() ([]byte, error) {
	return nil, errors.New("sheet: a field may hold a secret and has no JSON form")
}
