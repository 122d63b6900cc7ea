package importer

import (
	"context"
	"errors"
	"io"

	"bailiwick/internal/fault"
	"bailiwick/internal/foreign"
	"bailiwick/internal/gate"
	"bailiwick/internal/sheet"
)

// Format is a kind of file, as it is chosen and shown.
type Format struct {
	ID     string // as the API and the command line call it
	Name   string // with its article, after "This looks like"
	layout sheet.Layout
	kind   foreign.Kind // "" is CSV
}

// Table says that it is CSV.
func (f Format) Table() bool { return f.kind == "" }

// Formats are all that can be imported.
var Formats = []Format{
	{ID: "csv", Name: "a spreadsheet or our own template (CSV)", layout: sheet.Free},
	{ID: "bailiwick-csv", Name: "our own export (CSV)", layout: sheet.Own},
	{ID: "bitwarden-csv", Name: "a Bitwarden export (CSV)", layout: sheet.Bitwarden},
	{ID: "bitwarden-json", Name: "a Bitwarden export (JSON)", kind: foreign.Bitwarden},
	{ID: "1password-csv", Name: "a 1Password export (CSV)", layout: sheet.OnePassword},
	{ID: "1pux", Name: "a 1Password export (1PUX)", kind: foreign.OnePUX},
	{ID: "kdbx", Name: "a KeePass database (KDBX)", kind: foreign.KeePass},
	{ID: "keepassxc-csv", Name: "a KeePassXC export (CSV)", layout: sheet.KeePassXC},
	{ID: "lastpass-csv", Name: "a LastPass export (CSV)", layout: sheet.LastPass},
	{ID: "chrome-csv", Name: "a Chrome or Edge export (CSV)", layout: sheet.Chrome},
	{ID: "firefox-csv", Name: "a Firefox export (CSV)", layout: sheet.Firefox},
	{ID: "itglue-csv", Name: "an IT Glue export (CSV)", layout: sheet.ITGlue},
	{ID: "hudu-csv", Name: "a Hudu export (CSV)", layout: sheet.Hudu},
	{ID: "keeper-csv", Name: "a Keeper export (CSV)", layout: sheet.Keeper},
}

// format finds one; "" is any.
func format(id string) (Format, error) {
	for _, f := range Formats {
		if f.ID == id {
			return f, nil
		}
	}
	if id == "" {
		return Format{}, nil
	}
	return Format{}, fault.Bad("format", "The kind of file is not known. Choose one of the list.")
}

// format is what the file of a plan is, as chosen or found out.
func (p *plan) format() Format {
	for _, f := range Formats {
		if p.Kind != "" && f.kind == p.Kind || p.Kind == "" && f.kind == "" && f.layout == p.Mapping.Layout {
			return f
		}
	}
	return Formats[0]
}

// recognise finds out from its first bytes what a file is.
func (s *Store) recognise(ctx context.Context, who gate.Actor, j *job) error {
	want, err := format(j.plan.Format)
	if err != nil {
		return err
	}
	src := s.source(ctx, who, j)
	start := make([]byte, 4096)
	n, err := io.ReadFull(src, start)
	if src.err != nil {
		return src.err
	}
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	kind, err := foreign.Recognise(start[:n])
	clear(start)
	if err != nil {
		return aboutFile(err)
	}
	switch {
	case want.kind != "" && kind != want.kind:
		return fault.Bad("file", "This does not look like %s. Choose another kind of file, or have it recognized.", want.Name)
	case want.ID != "" && want.kind == "" && kind != "":
		return fault.Bad("file", "This is no CSV file: it looks like %s. Choose that kind of file, or have it recognized.", (&plan{Kind: kind}).format().Name)
	case kind != "" && j.plan.Size > foreign.MaxBytes:
		return fault.Bad("file", "The file is larger than %d MB. Split it into several files.", foreign.MaxBytes/1_000_000)
	}
	j.plan.Kind = kind
	return nil
}

// aboutFile makes a refusal of a problem of the whole file.
func aboutFile(err error) error {
	var p sheet.Problem
	if errors.As(err, &p) {
		return fault.Bad("file", "%s", p.Text)
	}
	return err
}
