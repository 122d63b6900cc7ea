package importer_test

import (
	"io"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/importer"
	"bailiwick/internal/org"
	"bailiwick/internal/otp"
	"bailiwick/internal/sheet"
	"bailiwick/internal/vault"
)

// Every layout and encoding: what sheet reads is what Reveal gives back.
func TestEachLayoutEndToEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, name := range testdata(t) {
			base := filepath.Base(name)
			text := file(t, name)
			if base == "broken.csv" { // its quotation mark is never closed
				_, err := w.Imports.Upload(ctx, w.Admin, base, importer.Choices{}, strings.NewReader(text))
				w.refused(err, fault.Invalid)
				continue
			}
			to, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "For " + base})
			w.Must(err)
			id := w.upload(w.Admin, text)
			p := w.choose(w.Admin, id, func(c *importer.Choices) { into(to)(c); c.OnlyGood = true })
			j := w.run(w.Admin, id)
			if j.State != importer.StateDone || j.Counts.Added != p.Counts.Added || j.Counts.LeftOut != p.Counts.LeftOut {
				t.Fatalf("%s: %s %s %+v, previewed %+v", base, j.State, j.Say, j.Counts, p.Counts)
			}
			sh, err := sheet.Open(strings.NewReader(text))
			w.Must(err)
			rows := 0
			for rec, ps := range sh.Rows(sh.Guess()) {
				fatal := false
				for _, p := range ps {
					fatal = fatal || p.Fatal
				}
				if fatal {
					continue
				}
				rows++
				w.compare(base, to, rec)
			}
			if rows == 0 || rows != j.Counts.Added {
				t.Errorf("%s: %d rows are good, %d were added", base, rows, j.Counts.Added)
			}
		}
		w.empty("import_rows")
		if n := w.count("SELECT COUNT(*) FROM job_parts WHERE part = 'source'"); n != 0 {
			t.Errorf("%d parts of files are left", n)
		}
	})
}

func (w *world) compare(file, client string, rec sheet.Record) {
	w.T.Helper()
	c := w.titled(client, rec.Title)
	s := w.reveal(c)
	if c.Username != rec.Username || s.Password != rec.Password || s.Notes != rec.Notes || c.Code != (rec.TOTP != "") || s.TOTP != "" {
		w.T.Errorf("%s row %d differs: %q %q %q %q", file, rec.Row, c.Username, s.Password, s.Notes, s.TOTP)
	}
	if rec.TOTP != "" { // what comes of it is all that is given out
		key, err := otp.Parse(rec.TOTP)
		w.Must(err)
		want, _ := key.Code(w.Clock.Now())
		if got, err := w.Vault.Code(ctx, w.Admin, c.ID); err != nil || got.Code != want {
			w.T.Errorf("%s row %d gives the code %s, want %s (%v)", file, rec.Row, got.Code, want, err)
		}
	}
	if d := cmp.Diff(rec.URLs, c.URLs, cmpopts.EquateEmpty()); d != "" {
		w.T.Errorf("%s row %d: %s", file, rec.Row, d)
	}
	if (rec.Expires == nil) != c.Expires.IsZero() || rec.Expires != nil && !rec.Expires.Equal(c.Expires) {
		w.T.Errorf("%s row %d expires %v, want %v", file, rec.Row, c.Expires, rec.Expires)
	}
	if len(s.Fields) != len(rec.Fields) {
		w.T.Fatalf("%s row %d: %d fields, want %d", file, rec.Row, len(s.Fields), len(rec.Fields))
	}
	for i, f := range rec.Fields {
		if s.Fields[i] != (vault.Field{Name: f.Name, Value: f.Value, Hidden: f.Hidden}) {
			w.T.Errorf("%s row %d field %q differs", file, rec.Row, f.Name)
		}
	}
	if got := w.path(client, c.FolderID); org.Fold(got) != org.Fold(rec.Folder) {
		w.T.Errorf("%s row %d is in folder %q, want %q", file, rec.Row, got, rec.Folder)
	}
}

func (w *world) path(client, folder string) string {
	w.T.Helper()
	all, err := w.Vault.Folders(ctx, w.Admin, vault.Place{Client: client})
	w.Must(err)
	byID := map[string]vault.Folder{}
	for _, f := range all {
		byID[f.ID] = f
	}
	var parts []string
	for ; folder != ""; folder = byID[folder].ParentID {
		parts = append([]string{byID[folder].Name}, parts...)
	}
	return strings.Join(parts, "/")
}

func TestBadFilesLeaveNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for name, c := range map[string]struct{ text, want string }{
			"empty":         {"", "empty"},
			"blank":         {"\n\n\n", "no rows"},
			"headings only": {"Title,Username,Password\n", "no rows"},
			"unclosed":      {"Title,Password\na,b\nc,\"d\ne,f\n", "line 3 of the file is never closed"},
			"excel":         {"PK\x03\x04\x14\x00\x06\x00", "Excel workbook"},
			"keepass":       {"\x03\xd9\xa2\x9ag\xfb", "KeePass database"},
			"binary":        {"\x00\x01\x02\xff\xfe\x00\x80,\x01\n\x00\x01\x02,\x03\n\x7f\x01,\x02\n", "not a CSV file"},
		} {
			_, err := w.Imports.Upload(ctx, w.Admin, name, importer.Choices{}, strings.NewReader(c.text))
			f, ok := fault.As(err)
			if !ok || f.Kind != fault.Invalid || len(f.Fields) != 1 || !strings.Contains(f.Fields[0].Text, c.want) {
				t.Errorf("%s: %v, want a field that says %q", name, err, c.want)
			}
		}
		w.empty("jobs", "job_parts", "import_rows", "credentials")
	})
}

// A file that is too large, or that does not arrive whole, leaves nothing.
func TestFileThatDoesNotArrive(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.Imports.Limit(1 << 20)
		_, err := w.Imports.Upload(ctx, w.Admin, "big", importer.Choices{}, strings.NewReader(strings.Repeat(three, 1<<20/len(three)+1)))
		w.refused(err, fault.Invalid)
		_, err = w.Imports.Upload(ctx, w.Admin, "cut", importer.Choices{}, io.MultiReader(strings.NewReader(strings.Repeat(three, 10_000)), iotest.ErrReader(io.ErrClosedPipe)))
		w.refused(err, fault.Unacceptable)
		w.empty("jobs", "job_parts")
	})
}

func TestTemplateIsUnderstood(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	id := w.upload(w.Admin, string(importer.Template()))
	p, err := w.Imports.Preview(ctx, w.Admin, id)
	w.Must(err)
	if p.ProblemTotal != 0 || !p.MayRun || p.Counts.Added != 2 {
		t.Fatalf("%+v", p)
	}
	for _, c := range p.Choices.Mapping.Columns {
		if !c.Known || c.To == sheet.ToCustom {
			t.Errorf("%s is not recognised", c.Heading)
		}
	}
	if j := w.run(w.Admin, id); j.Counts.Added != 2 || j.Counts.Folders != 2 {
		t.Errorf("%+v", j)
	}
	c := w.titled(w.contoso, "SRV-01 local administrator")
	if w.path(w.contoso, c.FolderID) != "Servers/Virtual" || c.Type != "Local administrator" || w.reveal(c).Password != "replace, this" {
		t.Errorf("%+v", c)
	}
}
