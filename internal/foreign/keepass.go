package foreign

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"bailiwick/internal/seal/kdbx"
	"bailiwick/internal/sheet"
)

// ErrKey is that passphrase or key file do not open the database.
var ErrKey = kdbx.ErrKey

// longestText is how long one value in the XML may be. Attachments of version
// 3.1 are longer; they are cut, as they are not taken over.
const longestText = 4 << 20

// ReadKeePass reads a KeePass database of version 3.1 or 4. Deriving the key
// takes up to some seconds and 256 MB; the rest holds one entry at a time.
func ReadKeePass(ctx context.Context, r io.Reader, c kdbx.Credentials, sink Sink) (remarks []string, err error) {
	db, err := kdbx.Open(ctx, stopping{ctx, r}, c)
	if err != nil {
		return nil, keepassError(err)
	}
	k := newKeepass(stopping{ctx, db.XML}, db, sink)
	if err := k.read(); err != nil {
		return nil, keepassError(err)
	}
	return k.left.remarks("KeePass"), nil
}

// hidden is the stream that hides values.
type hidden interface{ Unhide([]byte) []byte }

func newKeepass(r io.Reader, db hidden, sink Sink) *keepass {
	k := &keepass{db: db, d: xml.NewDecoder(&cutting{r: r})}
	k.d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errShape }
	k.sink, k.n = counted(sink)
	return k
}

func keepassError(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, kdbx.ErrKey):
		return ErrKey
	case errors.Is(err, kdbx.ErrVersion):
		return refuse("This KeePass database is of a version that is not known. Save it as KDBX 4 with KeePassXC, and upload that.")
	case errors.Is(err, kdbx.ErrCost):
		return refuse("Deriving the key of this KeePass database takes more memory or work than this server spends on it: at most %d MB for Argon2, and %d million rounds for AES. In KeePassXC choose Database, Security, Encryption settings, set a shorter decryption time, save, and upload it again.", kdbx.MostMemory>>20, kdbx.MostRounds/1_000_000)
	case errors.Is(err, kdbx.ErrCipher):
		return refuse("This KeePass database uses a cipher or key derivation that is not known here. Save it with AES-256 and Argon2id, and upload it again.")
	case errors.Is(err, kdbx.ErrLarge):
		return refuse("The contents of this KeePass database are too large. Remove attachments or history from a copy of it, and upload that.")
	case errors.Is(err, kdbx.ErrFormat), errors.As(err, &syntax), errors.Is(err, errShape), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return refuse("This KeePass database is damaged. Open it in KeePass, save it anew, and upload that.")
	}
	return err
}

// cutting shortens texts between tags, so that the XML's reader never holds
// more than one of them.
type cutting struct {
	r    io.Reader
	text int
}

func (c *cutting) Read(p []byte) (int, error) {
	for {
		n, err := c.r.Read(p)
		kept := 0
		for _, b := range p[:n] {
			if b == '<' || b == '>' {
				c.text = 0
			} else if c.text++; c.text > longestText {
				continue
			}
			p[kept] = b
			kept++
		}
		if kept > 0 || err != nil || len(p) == 0 {
			return kept, err
		}
	}
}

type keepass struct {
	db      hidden
	d       *xml.Decoder
	path    []string // open elements
	groups  []group
	history int // how deep in one
	entry   entry
	bin     string // the recycle bin's group; "" is none
	binOff  bool
	left    left
	sink    Sink
	n       *int
}

type group struct{ name, id string }

type entry struct {
	key, value  string
	protected   bool
	strings     []pair
	tags        string
	expires     bool
	at          string
	attachments int
}

type pair struct {
	name, value string
	protected   bool
}

const deepest = 64

// read goes through the elements in their order, which hidden values need.
func (k *keepass) read() error {
	var text []byte
	hidden := false
	for {
		t, err := k.d.Token()
		if errors.Is(err, io.EOF) && len(k.path) == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if len(k.path) == 0 && t.Name.Local != "KeePassFile" || len(k.path) > 2*deepest {
				return errShape
			}
			text, hidden = text[:0], false
			for _, a := range t.Attr {
				hidden = hidden || a.Name.Local == "Protected" && strings.EqualFold(a.Value, "true")
			}
			k.begin(t.Name.Local)
		case xml.CharData:
			text = append(text, t...)
		case xml.EndElement:
			value, err := k.plain(text, hidden)
			if err == nil {
				err = k.end(t.Name.Local, value, hidden)
			}
			if err != nil {
				return err
			}
			clear(text)
			text, hidden = text[:0], false
		}
	}
}

// plain unhides a value. Each of them must be, also where it is of no use.
func (k *keepass) plain(text []byte, hidden bool) (string, error) {
	if !hidden || len(text) == 0 {
		return string(text), nil
	}
	if len(text) >= longestText {
		return "", kdbx.ErrLarge
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		return "", errShape
	}
	return string(k.db.Unhide(raw)), nil
}

func (k *keepass) begin(name string) {
	switch name {
	case "Group":
		k.groups = append(k.groups, group{})
	case "History":
		k.history++
	case "Entry":
		if k.history == 0 {
			k.entry = entry{}
		}
	case "String":
		k.entry.key, k.entry.value, k.entry.protected = "", "", false
	}
	k.path = append(k.path, name)
}

func (k *keepass) end(name, value string, hidden bool) error {
	k.path = k.path[:len(k.path)-1]
	parent := ""
	if len(k.path) > 0 {
		parent = k.path[len(k.path)-1]
	}
	switch {
	case name == "History":
		k.history--
	case name == "Group":
		k.groups = k.groups[:len(k.groups)-1]
	case name == "Entry" && k.history > 0:
		k.left.histories++
	case name == "Entry":
		return k.done()
	case k.history > 0:
	case parent == "Meta" && name == "RecycleBinUUID":
		k.bin = value
	case parent == "Meta" && name == "RecycleBinEnabled":
		k.binOff = strings.EqualFold(value, "false")
	case parent == "Group" && name == "Name":
		k.groups[len(k.groups)-1].name = value
	case parent == "Group" && name == "UUID":
		k.groups[len(k.groups)-1].id = value
	case parent == "String" && name == "Key":
		k.entry.key = value
	case parent == "String" && name == "Value":
		k.entry.value, k.entry.protected = value, hidden
	case parent == "Entry" && name == "String":
		k.entry.strings = append(k.entry.strings, pair{k.entry.key, k.entry.value, k.entry.protected})
	case parent == "Entry" && name == "Tags":
		k.entry.tags = value
	case parent == "Entry" && name == "Binary":
		k.entry.attachments++
	case parent == "Times" && name == "Expires":
		k.entry.expires = strings.EqualFold(value, "true")
	case parent == "Times" && name == "ExpiryTime":
		k.entry.at = value
	}
	return nil
}

// noGroup is the id of what there is not.
const noGroup = "AAAAAAAAAAAAAAAAAAAAAA=="

func (k *keepass) done() error {
	if len(k.groups) == 0 {
		return errShape
	}
	k.left.attachments += k.entry.attachments
	if k.bin != "" && k.bin != noGroup && slices.ContainsFunc(k.groups, func(g group) bool { return g.id == k.bin }) {
		k.left.trashed++
		return nil
	}
	var folders []string
	for _, g := range k.groups[1:] { // the topmost is the database itself
		folders = append(folders, g.name)
	}
	return k.sink(k.entry.record(*k.n+1, folders))
}

func (e *entry) take(name string) (v string) {
	for i := range e.strings {
		if e.strings[i].name == name {
			v = e.strings[i].value
			e.strings[i].value = ""
		}
	}
	return v
}

func (e *entry) record(n int, folders []string) (sheet.Record, []sheet.Problem) {
	title := e.take("Title")
	b := sheet.NewBuilder(n, pathOf(title, folders...))
	b.Title(title)
	b.Folder(folders...)
	b.Username("UserName", e.take("UserName"))
	b.Password("Password", e.take("Password"))
	b.URL("URL", e.take("URL"))
	b.Notes("Notes", e.take("Notes"))
	b.Tags(e.tags)
	e.code(b)
	if e.expires {
		if at, err := keepassTime(e.at); err == nil {
			b.Expires(at)
		} else {
			b.Remark("ExpiryTime", "The expiry date can't be read, and is left out.")
		}
	}
	for _, s := range e.strings {
		switch {
		case s.value == "":
		case s.name == "KP2A_URL" || strings.HasPrefix(s.name, "KP2A_URL_"):
			b.URL(s.name, s.value)
		default:
			b.Field(s.name, s.value, s.protected)
		}
		if strings.Contains(s.value, "{REF:") {
			b.Remark(s.name, refers)
		}
	}
	if e.attachments > 0 {
		b.Remark("", fmt.Sprintf("The entry's attachments (%d) are not imported.", e.attachments))
	}
	rec, ps := b.Done()
	if strings.Contains(rec.Password+rec.Username+rec.Notes, "{REF:") {
		ps = append(ps, sheet.Problem{Row: rec.Row, Entry: pathOf(title, folders...), Text: refers})
	}
	return rec, ps
}

const refers = "A value refers to another entry ({REF:…}). The reference is kept as text, and not what it refers to: write the value itself."

// keepassTime reads a time: seconds since the year 1 in version 4, ISO 8601
// before.
func keepassTime(v string) (time.Time, error) {
	if raw, err := base64.StdEncoding.DecodeString(v); err == nil && len(raw) == 8 {
		const year1 = -62135596800
		return time.Unix(int64(binary.LittleEndian.Uint64(raw))+year1, 0).UTC(), nil
	}
	return time.Parse(time.RFC3339, v)
}
