package foreign

import (
	"encoding/json"
	"strings"
	"time"

	"bailiwick/internal/sheet"
)

// nested takes a folder's name apart. In our own exports another sign stands for
// a slash that belongs to a name.
func (b *bitwarden) nested(folder string) []string {
	names := slashed(folder)
	if b.ours != "" {
		for i := range names {
			names[i] = strings.ReplaceAll(names[i], "∕", "/")
		}
	}
	return names
}

func (b *bitwarden) entry(i bitItem) error {
	b.left.attachments += len(i.Attachments)
	if i.Deleted != "" {
		b.left.trashed++
		return nil
	}
	b.left.histories += len(i.History)
	b.left.passkeys += len(i.Login.Passkeys)
	folder, own := b.folders[i.FolderID], i.ours(b.ours)
	if b.ours == OfClients {
		own.client, folder, _ = strings.Cut(folder, "/")
	}
	var tags []string
	for n, c := range i.CollectionIDs {
		if n == 0 && folder == "" {
			folder = b.collections[c]
		} else {
			tags = append(tags, b.collections[c])
		}
	}
	e := sheet.NewBuilder(*b.n+1, pathOf(i.Name, folder))
	e.Title(i.Name)
	e.Folder(b.nested(folder)...)
	e.Tags(append(tags, own.tags)...)
	e.Client(strings.ReplaceAll(own.client, "∕", "/"))
	e.Username("Username", i.Login.Username)
	e.Password("Password", i.Login.Password)
	for _, u := range i.Login.URIs {
		e.URL("URI", u.URI)
	}
	e.TOTP("Authenticator key", i.Login.TOTP)
	e.Notes("Notes", i.Notes)
	switch i.Type {
	case 1:
		e.Type(own.typ)
	case 2:
		e.Type("Other")
	case 3:
		e.Type("Bank")
		b.parts(e, i.Card, bitCard)
	case 4:
		e.Type("Other")
		b.parts(e, i.Identity, bitIdentity)
	case 5:
		e.Type("SSH key")
		b.parts(e, i.SSHKey, bitKey)
	default:
		e.Type("Other")
		e.Remark("Type", "The type is none that is known. What is known of it is kept.")
	}
	if !own.expires.IsZero() {
		e.Expires(own.expires)
	}
	for _, f := range i.Fields[:len(i.Fields)-own.fields] {
		b.field(e, f)
	}
	return b.sink(e.Done())
}

// extras is what our own export puts into custom fields, behind all others.
type extras struct {
	client, typ, tags string
	expires           time.Time
	fields            int // how many of the last ones it is
}

func (i bitItem) ours(mark string) (x extras) {
	last := func(name string) string {
		n := len(i.Fields) - 1 - x.fields
		if mark == "" || n < 0 || i.Fields[n].Name != name || i.Fields[n].Type != 0 {
			return ""
		}
		x.fields++
		return text(i.Fields[n].Value)
	}
	if day := last("Expires"); day != "" {
		var err error
		if x.expires, err = time.Parse(time.DateOnly, day); err != nil {
			x.fields-- // somebody's own field
		}
	}
	x.tags = last("Tags")
	x.typ = last("Type")
	return x
}

// part is a member of a card, identity or key, and what it is called.
type part struct {
	key, name string
	hidden    bool
}

var (
	bitCard = []part{{"cardholderName", "Cardholder", false}, {"brand", "Brand", false}, {"number", "Card number", true}, {"expMonth", "Expiry month", false},
		{"expYear", "Expiry year", false}, {"code", "Security code", true}}
	bitIdentity = []part{{"title", "Title", false}, {"firstName", "First name", false}, {"middleName", "Middle name", false}, {"lastName", "Last name", false},
		{"company", "Company", false}, {"email", "Email", false}, {"phone", "Phone", false}, {"username", "Username", false},
		{"address1", "Address 1", false}, {"address2", "Address 2", false}, {"address3", "Address 3", false}, {"city", "City", false}, {"state", "State", false},
		{"postalCode", "Postal code", false}, {"country", "Country", false}, {"ssn", "Social security number", true}, {"passportNumber", "Passport number", true}, {"licenseNumber", "Licence number", true}}
	bitKey = []part{{"privateKey", "Private key", true}, {"publicKey", "Public key", false}, {"keyFingerprint", "Fingerprint", false}}
)

func (b *bitwarden) parts(e *sheet.Builder, values map[string]any, parts []part) {
	for _, p := range parts {
		switch v := text(values[p.key]); {
		case p.key == "username":
			e.Username(p.name, v)
		default:
			e.Field(p.name, v, p.hidden)
		}
	}
}

var bitLinks = map[int]string{100: "username", 101: "password"}

func (b *bitwarden) field(e *sheet.Builder, f bitField) {
	v := text(f.Value)
	switch {
	case f.Type == 3:
		to := bitLinks[f.Linked]
		if to == "" {
			to = "another field"
		}
		e.Field(f.Name, "same as the "+to, false)
	case b.ours != "" && f.Date:
		e.Date(f.Name, v)
	case f.Type == 1 || f.Type > 3:
		e.Field(f.Name, v, true)
	default:
		e.Field(f.Name, v, false)
	}
}

// text is a JSON value as a person would write it.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		if v {
			return "yes"
		}
		return "no"
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}
