package foreign

import (
	"archive/zip"
	"compress/flate"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"bailiwick/internal/sheet"
)

const onePUXExport = "unencrypted export (1PUX) of 1Password"

// mostDirectory is how much of a file its table of contents may be.
const mostDirectory = 8 << 20

// ReadOnePUX reads an unencrypted export of 1Password: a ZIP archive whose
// export.data is JSON. A vault becomes a folder.
func ReadOnePUX(ctx context.Context, r io.ReaderAt, size int64, sink Sink) (remarks []string, err error) {
	table := &limited{r: r, left: mostDirectory}
	archive, err := zip.NewReader(table, size)
	if errors.Is(err, errDirectory) {
		return nil, refuse("The archive has too many files in it. Export again, without attachments if there are very many.")
	}
	if err != nil {
		if table.err != nil {
			return nil, table.err
		}
		return nil, refuse("This ZIP archive is damaged. Export or upload it again.")
	}
	table.left = -1 // what is read from now on is bounded by itself
	p := &onePUX{vaults: map[[2]int]string{}}
	p.sink, p.n = counted(sink)
	var data *zip.File
	for _, f := range archive.File {
		switch {
		case f.Name == "export.data":
			data = f
		case strings.HasPrefix(f.Name, "files/") && !strings.HasSuffix(f.Name, "/"):
			p.left.attachments++
		}
	}
	if data == nil {
		return nil, refuse("This ZIP archive is no %s: it has no export.data. In 1Password choose File, Export, format 1PUX.", onePUXExport)
	}
	for pass := range 2 {
		if err := p.read(ctx, data, pass == 1); err != nil {
			if table.err != nil {
				return nil, table.err
			}
			return nil, err
		}
	}
	return p.left.remarks("1Password"), nil
}

// limited reads no more than left bytes; below zero there is no limit.
type limited struct {
	r    io.ReaderAt
	left int
	err  error // of the reader
}

var errDirectory = errors.New("foreign: the table of contents is too long")

func (l *limited) ReadAt(b []byte, at int64) (int, error) {
	if l.left >= 0 {
		if l.left -= len(b); l.left < 0 {
			l.left = 0
			return 0, errDirectory
		}
	}
	n, err := l.r.ReadAt(b, at)
	if err != nil && !errors.Is(err, io.EOF) {
		l.err = err
	}
	return n, err
}

type onePUX struct {
	vaults  map[[2]int]string // names, by account and vault
	account int
	vault   int
	left    left
	sink    Sink
	n       *int
}

func (p *onePUX) read(ctx context.Context, data *zip.File, second bool) error {
	in, err := data.Open()
	if err != nil {
		return refuse("This ZIP archive is packed in a way that can't be read. Export it again.")
	}
	defer in.Close()
	d := newJSON(&bounded{r: stopping{ctx, in}, left: mostUnpacked})
	p.account = -1
	seen := false
	err = d.object(func(key string) error {
		if key != "accounts" {
			return d.skip()
		}
		seen = true
		return d.array(func() error {
			p.account++
			p.vault = -1
			return p.members(d, map[string]func() error{"vaults": func() error {
				return d.array(func() error {
					p.vault++
					return p.inVault(d, second)
				})
			}})
		})
	})
	var packed flate.CorruptInputError
	switch {
	case errors.As(err, &packed), errors.Is(err, zip.ErrChecksum), errors.Is(err, zip.ErrFormat), errors.Is(err, zip.ErrAlgorithm):
		return refuse("This ZIP archive is damaged. Export or upload it again.")
	case err == nil && !seen:
		err = errShape
	}
	return explained(err, onePUXExport)
}

// members reads an object of which only these are of use.
func (p *onePUX) members(d *jsonIn, those map[string]func() error) error {
	return d.object(func(key string) error {
		if read := those[key]; read != nil {
			return read()
		}
		return d.skip()
	})
}

func (p *onePUX) inVault(d *jsonIn, second bool) error {
	at := [2]int{p.account, p.vault}
	return p.members(d, map[string]func() error{
		"attrs": func() error {
			var attrs struct {
				Name string `json:"name"`
			}
			err := d.Decode(&attrs)
			p.vaults[at] = attrs.Name
			return err
		},
		"items": func() error {
			return d.array(func() error {
				if !second {
					return d.skip()
				}
				var i puxItem
				if err := d.Decode(&i); err != nil {
					return err
				}
				if i.Item != nil { // as earlier versions wrap it
					i = *i.Item
				}
				return p.entry(p.vaults[at], i)
			})
		},
	})
}

type puxItem struct {
	Item     *puxItem `json:"item"`
	State    string   `json:"state"`
	Trashed  bool     `json:"trashed"`
	Category string   `json:"categoryUuid"`
	Overview struct {
		Title string `json:"title"`
		URL   string `json:"url"`
		URLs  []struct {
			URL string `json:"url"`
		} `json:"urls"`
		Tags []string `json:"tags"`
	} `json:"overview"`
	Details struct {
		Login []struct {
			Value       string `json:"value"`
			Name        string `json:"name"`
			Type        string `json:"fieldType"`
			Designation string `json:"designation"`
		} `json:"loginFields"`
		Notes    string            `json:"notesPlain"`
		Password string            `json:"password"`
		History  []json.RawMessage `json:"passwordHistory"`
		Sections []struct {
			Title  string     `json:"title"`
			Fields []puxField `json:"fields"`
		} `json:"sections"`
	} `json:"details"`
}

type puxField struct {
	Title string                     `json:"title"`
	ID    string                     `json:"id"`
	Value map[string]json.RawMessage `json:"value"`
}

// puxTypes are the categories that have a credential type of their own.
var puxTypes = map[string]string{"001": "", "005": "", "002": "Bank", "100": "Software licence", "101": "Bank", "102": "SQL server", "109": "Wi-Fi",
	"110": "Server", "111": "Email", "112": "API key", "114": "SSH key"}

func (p *onePUX) entry(vault string, i puxItem) error {
	if i.Trashed || i.State == "trashed" || i.State == "deleted" {
		p.left.trashed++
		return nil
	}
	p.left.histories += len(i.Details.History)
	e := sheet.NewBuilder(*p.n+1, pathOf(i.Overview.Title, vault))
	e.Title(i.Overview.Title)
	e.Folder(vault)
	e.Tags(i.Overview.Tags...)
	kind, known := puxTypes[i.Category]
	if !known {
		kind = "Other"
	}
	e.Type(kind)
	if i.State == "archived" {
		e.Tags("archived")
	}
	for _, f := range i.Details.Login {
		hidden := f.Type == "P"
		switch {
		case f.Designation == "username":
			e.Username("Username", f.Value)
		case f.Designation == "password":
			e.Password("Password", f.Value)
		case f.Name != "" && f.Value != "" && f.Type != "B" && f.Type != "I": // not buttons
			e.Field(f.Name, f.Value, hidden)
		}
	}
	e.Password("Password", i.Details.Password)
	e.URL("Website", i.Overview.URL)
	for _, u := range i.Overview.URLs {
		e.URL("Website", u.URL)
	}
	e.Notes("Notes", i.Details.Notes)
	for _, s := range i.Details.Sections {
		for _, f := range s.Fields {
			p.field(e, f)
		}
	}
	return p.sink(e.Done())
}

// puxUsers and puxPasswords are fields of other categories than logins that
// say where one signs in.
var (
	puxUsers     = map[string]bool{"username": true, "pop_username": true}
	puxPasswords = map[string]bool{"password": true, "pop_password": true, "wireless_password": true, "credential": true, "pin": false}
)

func (p *onePUX) field(e *sheet.Builder, f puxField) {
	name := f.Title
	if name == "" {
		name = f.ID
	}
	for kind, raw := range f.Value {
		var v any
		if err := json.Unmarshal(raw, &v); err != nil || v == nil {
			continue
		}
		say := puxText(kind, v)
		switch {
		case kind == "totp":
			e.TOTP(name, say)
		case kind == "url":
			e.URL(name, say)
		case kind == "file":
			e.Remark(name, "The attachment is not imported.")
		case puxUsers[f.ID]:
			e.Username(name, say)
		case puxPasswords[f.ID]:
			e.Password(name, say)
		case kind == "sshKey":
			p.sshKey(e, name, v)
		default:
			e.Field(name, say, kind == "concealed" || kind == "creditCardNumber")
		}
	}
}

func puxText(kind string, v any) string {
	n, number := v.(float64)
	switch {
	case kind == "date" && number:
		return time.Unix(int64(n), 0).UTC().Format("2006-01-02")
	case kind == "monthYear" && number:
		return fmt.Sprintf("%04d-%02d", int(n)/100, int(n)%100)
	case number:
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	m, ok := v.(map[string]any)
	if !ok {
		return text(v)
	}
	if kind == "email" {
		return text(m["email_address"])
	}
	if kind == "address" {
		var lines []string
		for _, k := range []string{"street", "zip", "city", "state", "country"} {
			if s := text(m[k]); s != "" {
				lines = append(lines, s)
			}
		}
		return strings.Join(lines, ", ")
	}
	return text(v)
}

func (p *onePUX) sshKey(e *sheet.Builder, name string, v any) {
	m, _ := v.(map[string]any)
	e.Field(name, text(m["privateKey"]), true)
	if meta, ok := m["metadata"].(map[string]any); ok {
		e.Field("Public key", text(meta["publicKey"]), false)
		e.Field("Fingerprint", text(meta["fingerprint"]), false)
	}
}

// bounded ends with a refusal instead of unpacking more than there may be.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, refuse("The file unpacks to more than %d MB, so it is not read. Split the export.", mostUnpacked>>20)
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
