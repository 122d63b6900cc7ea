package exporter

import (
	"io"
	"time"
)

// Entry is a credential on its way out.
type Entry struct {
	ID, Client        string // Client is its name; "" in a personal vault
	Folder            []string
	Type              string
	Title, Username   string
	URLs, Tags        []string
	Password, Notes   string
	TOTP              string // an otpauth URI, or a bare secret in base32
	Fields            []Field
	Expires           time.Time // zero: never
	Created, Modified time.Time
}

// Field is a custom field of an entry.
type Field struct {
	Name, Value string
	Hidden      bool
	Date        bool
}

// Place is a client and a folder of it that entries may lie in.
type Place struct {
	Client string
	Folder []string
}

// sink takes entries one by one. Nothing of what it writes is complete before
// end.
type sink interface {
	begin(places []Place) error
	add(Entry) error
	flush() error
	end() error
}

// Format is a kind of file.
type Format string

// The formats.
const (
	CSV       Format = "csv"
	KDBX      Format = "kdbx"
	Bitwarden Format = "bitwarden"
)

// MostKDBX is how many credentials a KeePass file takes: the library that
// writes it needs all of them in memory at once, about 6 kB each.
const MostKDBX = 20_000

func (f Format) sink(w io.Writer, in Choice, now time.Time) sink {
	switch f {
	case KDBX:
		return &keepass{to: w, passphrase: in.Passphrase, now: now}
	case Bitwarden:
		return &bitwarden{to: w, own: in.Own}
	}
	return newSheet(w, in.Formulas)
}

// Name is the name of a file of this format.
func (f Format) Name(at time.Time) string {
	end := map[Format]string{CSV: "csv", KDBX: "kdbx", Bitwarden: "json"}[f]
	return "bailiwick-" + at.UTC().Format("2006-01-02") + "." + end
}

// Media is its media type.
func (f Format) Media() string {
	return map[Format]string{CSV: "text/csv; charset=utf-8", KDBX: "application/octet-stream", Bitwarden: "application/json"}[f]
}
