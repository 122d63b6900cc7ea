package foreign

import (
	"bufio"
	"context"
	"encoding/json"
	"io"

	"bailiwick/internal/sheet"
)

const bitwardenExport = "unencrypted JSON export of Bitwarden"

type bitItem struct {
	Type          int        `json:"type"`
	FolderID      string     `json:"folderId"`
	CollectionIDs []string   `json:"collectionIds"`
	Name          string     `json:"name"`
	Notes         string     `json:"notes"`
	Deleted       string     `json:"deletedDate"`
	Fields        []bitField `json:"fields"`
	Login         struct {
		URIs []struct {
			URI string `json:"uri"`
		} `json:"uris"`
		Username string            `json:"username"`
		Password string            `json:"password"`
		TOTP     string            `json:"totp"`
		Passkeys []json.RawMessage `json:"fido2Credentials"`
	} `json:"login"`
	Card        map[string]any    `json:"card"`
	Identity    map[string]any    `json:"identity"`
	SSHKey      map[string]any    `json:"sshKey"`
	History     []json.RawMessage `json:"passwordHistory"`
	Attachments []json.RawMessage `json:"attachments"`
}

type bitField struct {
	Name   string `json:"name"`
	Value  any    `json:"value"`
	Type   int    `json:"type"`
	Linked int    `json:"linkedId"`
}

// ReadBitwarden reads an unencrypted JSON export, of one's own vault or of an
// organization. It reads the file twice: folders may stand behind the entries.
func ReadBitwarden(ctx context.Context, r io.ReadSeeker, sink Sink) (remarks []string, err error) {
	b := &bitwarden{folders: map[string]string{}, collections: map[string]string{}}
	b.sink, b.n = counted(sink)
	for pass := range 2 {
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		d := newJSON(stopping{ctx, withoutMark(r)})
		err := d.object(func(key string) error { return b.member(d, key, pass == 1) })
		if err != nil {
			return nil, explained(err, bitwardenExport)
		}
		if !b.items {
			return nil, refuse("This is JSON, but no %s: it has no entries. In Bitwarden choose Tools, Export vault, file format “.json”.", bitwardenExport)
		}
	}
	return b.left.remarks("Bitwarden"), nil
}

// withoutMark passes over a byte order mark.
func withoutMark(r io.Reader) io.Reader {
	in := bufio.NewReaderSize(r, 64<<10)
	if mark, _ := in.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3)
	}
	return in
}

type bitwarden struct {
	folders, collections map[string]string
	items                bool
	left                 left
	sink                 Sink
	n                    *int
}

func (b *bitwarden) member(d *jsonIn, key string, second bool) error {
	switch {
	case key == "encrypted" && !second:
		var yes bool
		if err := d.Decode(&yes); err != nil || !yes {
			return err
		}
		return refuse("This export of Bitwarden is encrypted, so only Bitwarden can read it. Export again with the file format “.json” instead of “.json (Encrypted)”, and upload that; delete the file afterwards.")
	case (key == "folders" || key == "collections") && !second:
		into := b.folders
		if key == "collections" {
			into = b.collections
		}
		return d.array(func() error {
			var f struct {
				ID   string `json:"id"`
				Name string `json:"name"`
			}
			err := d.Decode(&f)
			into[f.ID] = f.Name
			return err
		})
	case key == "items":
		b.items = true
		return d.array(func() error {
			if !second {
				return d.skip()
			}
			var item bitItem
			if err := d.Decode(&item); err != nil {
				return err
			}
			return b.entry(item)
		})
	}
	return d.skip()
}

func (b *bitwarden) entry(i bitItem) error {
	b.left.attachments += len(i.Attachments)
	if i.Deleted != "" {
		b.left.trashed++
		return nil
	}
	b.left.histories += len(i.History)
	b.left.passkeys += len(i.Login.Passkeys)
	folder := b.folders[i.FolderID]
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
	e.Folder(slashed(folder)...)
	e.Tags(tags...)
	e.Username("Username", i.Login.Username)
	e.Password("Password", i.Login.Password)
	for _, u := range i.Login.URIs {
		e.URL("URI", u.URI)
	}
	e.TOTP("Authenticator key", i.Login.TOTP)
	e.Notes("Notes", i.Notes)
	switch i.Type {
	case 1:
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
	for _, f := range i.Fields {
		b.field(e, f)
	}
	return b.sink(e.Done())
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
