package importer_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/importer"
	"bailiwick/internal/seal"
)

const kdbxFile = "../seal/kdbx/testdata/v4-argon2id-aes.kdbx"

// Files that are no tables go the way of all imports: preview, job, undo.
func TestOtherFormatsEndToEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, c := range []struct {
			text, format, looks, title, password, remark string
			added, leftOut                               int
		}{
			{file(t, "../foreign/testdata/bitwarden.json"), "", "a Bitwarden export (JSON)", "Core switch", "canary-BW-1", "in the bin is left out", 5, 1},
			{file(t, "../foreign/testdata/bitwarden-organization.json"), "bitwarden-json", "a Bitwarden export (JSON)", "SRV-01", "canary-BO-1", "passkey", 1, 0},
			{file(t, "../foreign/testdata/onepux.1pux"), "1pux", "a 1Password export (1PUX)", "Edge router", "canary-1P-1", "attachment", 3, 0},
			{file(t, kdbxFile), "", "a KeePass database (KDBX)", "Router", "canary-one, Größe", "", 1, 0},
		} {
			id, err := w.Imports.Upload(ctx, w.Admin, "file", importer.Choices{Format: c.format}, strings.NewReader(c.text))
			w.Must(err)
			p, err := w.Imports.Preview(ctx, w.Admin, id)
			w.Must(err)
			if p.Format.Name != c.looks || p.Table {
				t.Errorf("looks like %+v", p.Format)
			}
			if p.Locked {
				w.Must(w.Imports.Choose(ctx, w.Admin, id, importer.Choices{To: importer.Destination{Client: w.contoso}}))
				w.refused(w.Imports.Run(ctx, w.Admin, id), fault.Unacceptable)
				w.refused(w.Imports.Unlock(ctx, w.Admin, id, seal.NewSecret("wrong"), nil), fault.Invalid)
				w.Must(w.Imports.Unlock(ctx, w.Admin, id, seal.NewSecret("correct horse"), nil))
				w.Must(w.Imports.Unlock(ctx, w.Admin, id, seal.NewSecret("once more"), nil)) // it is open already
				if p, err = w.Imports.Preview(ctx, w.Admin, id); err != nil || p.Choices.To.Client != w.contoso || p.Counts.Added != c.added {
					t.Errorf("what was chosen while it was locked: %+v %+v %v", p.Choices.To, p.Counts, err)
				}
			}
			p = w.choose(w.Admin, id, func(ch *importer.Choices) { into(w.contoso)(ch); ch.OnlyGood = true })
			if p.Locked || p.Counts.Added != c.added || p.Counts.LeftOut != c.leftOut || !strings.Contains(strings.Join(p.Remarks, "\n"), c.remark) || !strings.Contains(p.Remarks[0], c.looks) {
				t.Errorf("%s: %+v %q %v", c.looks, p.Counts, p.Remarks, p.Problems)
			}
			for _, problem := range p.Problems {
				if problem.Entry == "" {
					t.Errorf("%s: nothing says where the problem is: %+v", c.looks, problem)
				}
			}
			j := w.run(w.Admin, id)
			if j.State != importer.StateDone || j.Counts.Added != c.added {
				t.Fatalf("%s: %s %s %+v", c.looks, j.State, j.Say, j.Counts)
			}
			if s := w.reveal(w.titled(w.contoso, c.title)); s.Password != c.password {
				t.Errorf("%s: the password is %q", c.looks, s.Password)
			}
			if n := w.count("SELECT COUNT(*) FROM job_parts WHERE part = 'source'"); n != 0 {
				t.Errorf("%s: %d parts are left", c.looks, n)
			}
			done, err := w.Imports.Undo(ctx, w.Admin, j.ID)
			w.Must(err)
			if done.Archived != c.added {
				t.Errorf("%s: %+v", c.looks, done)
			}
		}
		w.empty("import_rows")
	})
}

// What a file is, is found out; a choice that does not fit is refused.
func TestKindsOfFileAreToldApart(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for _, c := range []struct{ text, format, want string }{
		{three, "kdbx", "does not look like a KeePass database"},
		{three, "1pux", "does not look like a 1Password export"},
		{file(t, kdbxFile), "csv", "looks like a KeePass database"},
		{file(t, "../foreign/testdata/bitwarden.json"), "bitwarden-csv", "looks like a Bitwarden export (JSON)"},
		{`{"encrypted":true}`, "", "is encrypted"},
		{"PK\x03\x04xl/workbook.xml", "", "Excel workbook"},
		{"\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5old", "", "KeePass 1"},
		{"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5", "exe", "not known"},
	} {
		_, err := w.Imports.Upload(ctx, w.Admin, "x", importer.Choices{Format: c.format}, strings.NewReader(c.text))
		if f, ok := fault.As(err); !ok || len(f.Fields) != 1 || !strings.Contains(f.Fields[0].Text, c.want) {
			t.Errorf("%q as %q: %v", c.text[:min(len(c.text), 20)], c.format, err)
		}
	}
	w.empty("jobs", "job_parts")
}

// The layout of a CSV file can be chosen where it was not recognized.
func TestLayoutIsChosen(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	text := "Net,Router,admin,canary,,,,PIN,1234\n,Switch,root,canary,,,\n"
	id := w.upload(w.Admin, text)
	p := w.choose(w.Admin, id, func(c *importer.Choices) { into(w.contoso)(c); c.Format = "keeper-csv"; c.Mapping.Columns = nil })
	if p.Format.ID != "keeper-csv" || !p.Bare || p.Counts.Added != 2 || p.Samples[0].Title != "Router" || p.Samples[0].Folder != "Net" {
		t.Errorf("%+v %+v", p.Format, p.Samples)
	}
	w.refused(w.Imports.Choose(ctx, w.Admin, id, importer.Choices{To: importer.Destination{Client: w.contoso}, Format: "kdbx"}), fault.Invalid)
}

// A locked file, what was read of it, and what opened it: nothing of them lies
// in the open, and nothing stays when it is discarded.
func TestUnlockedFilesAreSealed(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	b, err := os.ReadFile(kdbxFile)
	w.Must(err)
	id, err := w.Imports.Upload(ctx, w.Admin, "a.kdbx", importer.Choices{}, bytes.NewReader(b))
	w.Must(err)
	w.Must(w.Imports.Unlock(ctx, w.Admin, id, seal.NewSecret("correct horse"), nil))
	if n := w.count("SELECT COUNT(*) FROM job_parts"); n != 1 {
		t.Errorf("%d parts: the file itself is to be forgotten", n)
	}
	w.Must(w.Imports.Cancel(ctx, w.Admin, id))
	w.empty("job_parts")
	all, err := w.Imports.List(ctx, w.Admin)
	w.Must(err)
	if len(all) != 0 {
		t.Errorf("a discarded file is listed: %+v", all)
	}
}

// A file without headings: the choice is kept with the job, and no row is lost.
func TestFirstRowIsData(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	text := "Router,admin,canary-B1x,https://r.example\nSwitch,admin,canary-B2x,https://s.example\n"
	id := w.upload(w.Admin, text)
	p := w.choose(w.Admin, id, into(w.contoso))
	if !p.Bare || p.Counts.Added != 2 || p.Samples[0].Row != 1 || !strings.Contains(strings.Join(p.Remarks, " "), "looks like data") {
		t.Fatalf("%+v %q", p.Counts, p.Remarks)
	}
	p = w.choose(w.Admin, id, func(c *importer.Choices) { c.First = "headings"; c.Mapping.Columns = nil })
	if p.Bare || p.Counts.Rows != 1 {
		t.Errorf("as headings: %+v", p.Counts)
	}
	w.choose(w.Admin, id, func(c *importer.Choices) { c.First = "data"; c.Mapping.Columns = nil })
	if j := w.run(w.Admin, id); j.Counts.Added != 2 {
		t.Fatalf("%s %+v", j.Say, j.Counts)
	}
	if s := w.reveal(w.titled(w.contoso, "Router")); s.Password != "canary-B1x" {
		t.Errorf("%q", s.Password)
	}
}
