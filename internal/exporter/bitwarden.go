package exporter

import (
	"bufio"
	"encoding/json"
	"io"
	"strings"
	"time"

	"bailiwick/internal/foreign"
	"bailiwick/internal/seal"
)

// bitwarden writes an unencrypted export of a Bitwarden vault, as its clients
// write and read it (https://bitwarden.com/help/export-your-data, "Export
// contents"). It has no place for tags, type and expiry date, so these become
// custom fields.
type bitwarden struct {
	to      io.Writer
	buffer  *bufio.Writer
	own     bool              // one's own vault: no folder is a client
	folders map[string]string // id by path
	some    bool
}

type bwFolder struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type bwItem struct {
	ID           string    `json:"id"`
	Organization *string   `json:"organizationId"`
	Folder       *string   `json:"folderId"`
	Collections  *string   `json:"collectionIds"`
	Type         int       `json:"type"` // 1: login
	Reprompt     int       `json:"reprompt"`
	Name         string    `json:"name"`
	Notes        *string   `json:"notes"`
	Favorite     bool      `json:"favorite"`
	Fields       []bwField `json:"fields,omitempty"`
	Login        bwLogin   `json:"login"`
	Created      string    `json:"creationDate"`
	Revised      string    `json:"revisionDate"`
	Deleted      *string   `json:"deletedDate"`
}

type bwField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Type   int    `json:"type"` // 0: text, 1: hidden
	Linked *int   `json:"linkedId"`
	Date   bool   `json:"bailiwickDate,omitempty"` // Bitwarden has no dates, and passes over it
}

type bwLogin struct {
	URIs     []bwURI `json:"uris"`
	Username *string `json:"username"`
	Password *string `json:"password"`
	TOTP     *string `json:"totp"`
}

type bwURI struct {
	Match *int   `json:"match"`
	URI   string `json:"uri"`
}

func (b *bitwarden) begin(places []Place) error {
	b.buffer, b.folders = bufio.NewWriterSize(b.to, 64<<10), map[string]string{}
	var all []bwFolder
	for _, p := range places {
		path := bwPath(p.Client, p.Folder)
		if _, known := b.folders[path]; known || path == "" {
			continue
		}
		b.folders[path] = newUUID()
		all = append(all, bwFolder{b.folders[path], path})
	}
	if all == nil {
		all = []bwFolder{}
	}
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	outermost := foreign.OfClients
	if b.own {
		outermost = foreign.OfOwn
	}
	_, err = b.buffer.WriteString(`{"encrypted":false,"` + foreign.OurMark + `":"` + outermost + `","folders":` + string(text) + `,"items":[`)
	return err
}

// bwPath nests folders as Bitwarden does, by slashes; one within a name would
// be taken for a level.
func bwPath(client string, folder []string) string {
	var parts []string
	for _, name := range append([]string{client}, folder...) {
		if name != "" {
			parts = append(parts, strings.ReplaceAll(name, "/", "∕"))
		}
	}
	return strings.Join(parts, "/")
}

func (b *bitwarden) add(e Entry) error {
	item := bwItem{ID: newUUID(), Type: 1, Name: e.Title, Notes: filled(e.Notes), Created: bwTime(e.Created), Revised: bwTime(e.Modified),
		Login: bwLogin{URIs: []bwURI{}, Username: filled(e.Username), Password: filled(e.Password), TOTP: filled(e.TOTP)}}
	if id, ok := b.folders[bwPath(e.Client, e.Folder)]; ok {
		item.Folder = &id
	}
	for _, u := range e.URLs {
		item.Login.URIs = append(item.Login.URIs, bwURI{URI: u})
	}
	for _, f := range e.Fields {
		kind := 0
		if f.Hidden {
			kind = 1
		}
		item.Fields = append(item.Fields, bwField{Name: f.Name, Value: f.Value, Type: kind, Date: f.Date})
	}
	for _, f := range extras(e) {
		item.Fields = append(item.Fields, bwField{Name: f.Name, Value: f.Value})
	}
	text, err := json.Marshal(item)
	if err != nil {
		return err
	}
	if b.some {
		b.buffer.WriteByte(',')
	}
	b.some = true
	_, err = b.buffer.Write(text)
	return err
}

// extras is what other programs have no field for.
func extras(e Entry) (all []Field) {
	if e.Type != "" && e.Type != "Other" {
		all = append(all, Field{Name: "Type", Value: e.Type})
	}
	if len(e.Tags) > 0 {
		all = append(all, Field{Name: "Tags", Value: strings.Join(e.Tags, ";")})
	}
	if !e.Expires.IsZero() {
		all = append(all, Field{Name: "Expires", Value: e.Expires.UTC().Format("2006-01-02")})
	}
	return all
}

func (b *bitwarden) flush() error { return b.buffer.Flush() }

func (b *bitwarden) end() error {
	if _, err := b.buffer.WriteString("]}\n"); err != nil {
		return err
	}
	return b.buffer.Flush()
}

func filled(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func bwTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// newUUID is a random one (RFC 9562, version 4).
func newUUID() string {
	const hex = "0123456789abcdef"
	r := seal.Random(16)
	r[6], r[8] = r[6]&0x0f|0x40, r[8]&0x3f|0x80
	out := make([]byte, 0, 36)
	for i, b := range r {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			out = append(out, '-')
		}
		out = append(out, hex[b>>4], hex[b&15])
	}
	return string(out)
}
