package sheet

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Builder makes a record of an entry of a file that is no table, with the same
// limits and complaints. Each method's field is the name by which a problem
// calls what it is about.
type Builder struct{ a assembler }

// NewBuilder begins the n-th entry, from 1. path is its folder and title.
func NewBuilder(n int, path string) *Builder {
	if path == "" {
		path = fmt.Sprintf("entry %d", n)
	}
	return &Builder{assembler{rec: Record{Row: n}, entry: path}}
}

// Title sets the title.
func (b *Builder) Title(v string) {
	b.one("Title", &b.a.rec.Title, strings.TrimSpace(v), MaxTitle, false)
}

// Username sets the username; a second one becomes a custom field.
func (b *Builder) Username(field, v string) {
	b.one(field, &b.a.rec.Username, strings.TrimSpace(v), MaxUsername, false)
}

// Password sets the password; a second one becomes a hidden custom field.
func (b *Builder) Password(field, v string) {
	b.one(field, &b.a.rec.Password, v, MaxPassword, true)
}

func (b *Builder) one(field string, to *string, v string, limit int, hidden bool) {
	if v = b.clean(field, v, limit == MaxPassword); v != "" {
		b.a.once(to, v, limit, hidden)
	}
}

// clean takes out what no text has, and says so.
func (b *Builder) clean(field, v string, fatal bool) string {
	b.a.label = field
	if strings.IndexByte(v, 0) < 0 && utf8.ValidString(v) {
		return v
	}
	b.a.problem(fatal, "The value contains a damaged character. Correct it in the other program, and export again.")
	return strings.ReplaceAll(strings.ToValidUTF8(v, "�"), "\x00", "")
}

// Notes adds to the notes.
func (b *Builder) Notes(field, v string) {
	if v = b.clean(field, strings.ReplaceAll(v, "\r\n", "\n"), false); strings.TrimSpace(v) != "" {
		b.a.notes(v)
	}
}

// URL adds a web address.
func (b *Builder) URL(field, v string) { b.a.url(b.clean(field, v, false)) }

// TOTP sets the secret of the one-time code.
func (b *Builder) TOTP(field, v string) {
	if v = strings.TrimSpace(b.clean(field, v, true)); v != "" {
		b.a.totp(v)
	}
}

// Folder sets the folders that the entry lies in, the outermost first.
func (b *Builder) Folder(names ...string) {
	b.a.label = "Folder"
	var clean []string
	for _, n := range names {
		if n = strings.TrimSpace(b.clean("Folder", n, false)); n != "" {
			b.a.limit(n, MaxName)
			clean = append(clean, n)
		}
	}
	if len(clean) > MaxDepth {
		b.a.problem(true, "The folder is more than %d levels deep. Move the entry up in the other program.", MaxDepth)
	}
	b.a.rec.Folder = JoinFolders(clean)
}

// Client names the client that the entry is of.
func (b *Builder) Client(v string) {
	b.one("Client", &b.a.rec.Client, strings.TrimSpace(v), MaxName, false)
}

// Type names the credential type.
func (b *Builder) Type(v string) { b.a.rec.Type = v }

// Tags adds tags.
func (b *Builder) Tags(all ...string) {
	b.a.label = "Tags"
	for _, t := range all {
		b.a.tags(b.clean("Tags", t, false))
	}
}

// Field adds a custom field.
func (b *Builder) Field(name, v string, hidden bool) {
	if v = b.clean(name, v, hidden); v == "" {
		return
	}
	if name = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(name, "\x00", ""), "�")); name == "" {
		name = "Field"
	}
	b.a.field(name, v, hidden)
}

// Date adds a custom field for a date; what is none becomes a text.
func (b *Builder) Date(name, v string) {
	n := len(b.a.rec.Fields)
	b.Field(name, v, false)
	if _, err := time.Parse(time.DateOnly, v); err == nil && len(b.a.rec.Fields) > n {
		b.a.rec.Fields[n].Date = true
	}
}

// Expires sets the day on which it expires.
func (b *Builder) Expires(t time.Time) {
	b.a.label = "Expires"
	day := t.UTC().Truncate(24 * time.Hour)
	if y := day.Year(); y < 1980 || y > 2200 {
		b.a.problem(false, "The expiry date is out of any sensible range, and is left out.")
		return
	}
	b.a.rec.Expires = &day
}

// Remark notes something that does not keep the entry out.
func (b *Builder) Remark(field, text string) {
	b.a.label = field
	b.a.problem(false, "%s", text)
}

// Done gives the record and all that is wrong with it.
func (b *Builder) Done() (Record, []Problem) {
	b.a.label = ""
	b.a.untitled(false)
	return b.a.rec, b.a.ps
}
