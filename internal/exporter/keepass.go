package exporter

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/tobischo/gokeepasslib/v3"
	wrap "github.com/tobischo/gokeepasslib/v3/wrappers"

	"bailiwick/internal/seal"
)

// keepass writes a KDBX 4 file. The library makes it of everything at once.
type keepass struct {
	to         io.Writer
	passphrase seal.Secret
	now        time.Time
	root       *group
	count      int
}

// group is a client or a folder until the file is made.
type group struct {
	name    string
	groups  []*group
	byName  map[string]*group
	entries []gokeepasslib.Entry
}

func (g *group) in(name string) *group {
	if g.byName == nil {
		g.byName = map[string]*group{}
	}
	sub := g.byName[name]
	if sub == nil {
		sub = &group{name: name}
		g.byName[name] = sub
		g.groups = append(g.groups, sub)
	}
	return sub
}

func (k *keepass) begin(places []Place) error {
	k.root = &group{name: "Bailiwick"}
	for _, p := range places {
		k.at(p.Client, p.Folder)
	}
	return nil
}

func (k *keepass) at(client string, folder []string) *group {
	g := k.root
	if client != "" {
		g = g.in(client)
	}
	for _, name := range folder {
		g = g.in(name)
	}
	return g
}

func (k *keepass) add(e Entry) error {
	if k.count++; k.count > MostKDBX {
		return fmt.Errorf("more than %d credentials", MostKDBX)
	}
	made := gokeepasslib.NewEntry()
	text := func(key, value string, hidden bool) {
		if value != "" || key == "Title" || key == "UserName" || key == "Password" || key == "URL" || key == "Notes" {
			made.Values = append(made.Values, gokeepasslib.ValueData{Key: key, Value: gokeepasslib.V{Content: value, Protected: wrap.NewBoolWrapper(hidden)}})
		}
	}
	text("Title", e.Title, false)
	text("UserName", e.Username, false)
	text("Password", e.Password, true)
	text("Notes", e.Notes, false)
	for i, u := range e.URLs { // KeePassXC has further addresses under these names
		text(map[bool]string{true: "URL", false: fmt.Sprintf("KP2A_URL_%d", i)}[i == 0], u, false)
	}
	if len(e.URLs) == 0 {
		text("URL", "", false)
	}
	text("otp", otpauth(e), true)
	used := map[string]bool{"Title": true, "UserName": true, "Password": true, "Notes": true, "URL": true, "otp": true}
	for _, f := range e.Fields {
		name := f.Name
		for n := 2; used[name]; n++ { // names are keys there
			name = fmt.Sprintf("%s %d", f.Name, n)
		}
		used[name] = true
		text(name, f.Value, f.Hidden)
	}
	if e.Type != "" && e.Type != "Other" && !used["Type"] {
		text("Type", e.Type, false)
	}
	made.Tags = strings.Join(e.Tags, ";")
	stamp := func(t time.Time) *wrap.TimeWrapper {
		return &wrap.TimeWrapper{Formatted: false, Time: t.UTC()}
	}
	made.Times.CreationTime, made.Times.LastModificationTime, made.Times.LastAccessTime, made.Times.LocationChanged = stamp(e.Created), stamp(e.Modified), stamp(e.Modified), stamp(e.Modified)
	if !e.Expires.IsZero() {
		made.Times.ExpiryTime, made.Times.Expires = stamp(e.Expires), wrap.NewBoolWrapper(true)
	}
	g := k.at(e.Client, e.Folder)
	g.entries = append(g.entries, made)
	return nil
}

// otpauth is the URI that KeePassXC takes a code from.
func otpauth(e Entry) string {
	if e.TOTP == "" || strings.Contains(e.TOTP, "://") {
		return e.TOTP
	}
	return "otpauth://totp/Bailiwick?secret=" + strings.ToUpper(strings.ReplaceAll(e.TOTP, " ", ""))
}

func (k *keepass) flush() error { return nil }

func (k *keepass) end() error {
	headers := gokeepasslib.NewKDBX4FileHeaders()
	// Argon2 as for our own passwords: the library's default is one that a
	// telephone of 2015 would not notice.
	headers.KdfParameters.Iterations, headers.KdfParameters.Memory, headers.KdfParameters.Parallelism = 4, 64<<20, 2
	db := gokeepasslib.NewDatabase(gokeepasslib.WithDatabaseKDBXVersion4())
	db.Header.FileHeaders = headers
	db.Credentials = gokeepasslib.NewPasswordCredentials(k.passphrase.Reveal())
	db.Content.Meta.DatabaseName, db.Content.Meta.Generator = "Bailiwick", "Bailiwick"
	db.Content.Root = &gokeepasslib.RootData{Groups: []gokeepasslib.Group{k.root.made()}}
	if err := db.LockProtectedEntries(); err != nil {
		return err
	}
	return gokeepasslib.NewEncoder(k.to).Encode(db)
}

func (g *group) made() gokeepasslib.Group {
	out := gokeepasslib.NewGroup(gokeepasslib.WithGroupFormattedTime(false))
	out.Name, out.Entries = g.name, g.entries
	for _, sub := range g.groups {
		out.Groups = append(out.Groups, sub.made())
	}
	return out
}
