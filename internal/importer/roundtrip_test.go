package importer_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/exporter"
	"bailiwick/internal/importer"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"
)

// exported is a Bitwarden export without what differs from one to the next: ids
// and dates. Folders are named instead.
func (w *world) exported() (items []map[string]any, raw []byte) {
	w.T.Helper()
	begun, err := w.Exports.Begin(ctx, w.Admin, exporter.Choice{Format: exporter.Bitwarden, Password: seal.NewSecret(apptest.Password)})
	w.Must(err)
	var b bytes.Buffer
	_, err = begun.Write(ctx, &b)
	w.Must(err)
	var file struct {
		Folders []struct{ ID, Name string }
		Items   []map[string]any
	}
	w.Must(json.Unmarshal(b.Bytes(), &file))
	folders := map[any]string{}
	for _, f := range file.Folders {
		folders[f.ID] = f.Name
	}
	for _, i := range file.Items {
		i["folderId"] = folders[i["folderId"]]
		for _, key := range []string{"id", "creationDate", "revisionDate"} {
			delete(i, key)
		}
	}
	slices.SortFunc(file.Items, func(a, b map[string]any) int { return cmp.Compare(a["name"].(string), b["name"].(string)) })
	return file.Items, b.Bytes()
}

// What our Bitwarden export writes comes back as it was: clients, folders,
// types, several addresses, notes, one-time codes, tags, dates, custom fields.
func TestBitwardenComesBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		_, err := w.Vault.AddType(ctx, w.Admin, vault.TypeInput{Name: "Camera", Icon: "camera"})
		w.Must(err)
		odd, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Müller / Söhne"})
		w.Must(err)
		servers, err := w.Vault.AddFolder(ctx, w.Admin, vault.Place{Client: w.contoso}, "Servers")
		w.Must(err)
		virtual, err := w.Vault.AddFolder(ctx, w.Admin, vault.Place{Client: w.contoso, Folder: servers}, "Virtual / lab")
		w.Must(err)
		for at, in := range map[vault.Place]vault.Input{
			{Client: w.contoso, Folder: virtual}: {Type: "Firewall", Expires: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC),
				Overview: vault.Overview{Title: "All of it", Username: "root", URLs: []string{"https://fw.example/a?b=c", "ssh://fw.example:2222"}, Tags: []string{"rack 4", "edge"}},
				Secret: vault.Secret{Password: " s3cret, \"quoted\" \\ 🔑 ", Notes: "two\nlines\n\nand =more", TOTP: "otpauth://totp/ACME:root?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA256&digits=8&period=60",
					Fields: []vault.Field{{Name: "PIN", Value: "4711", Hidden: true}, {Name: "Port", Value: "8443"}, {Name: "Since", Value: "2024-02-29", Date: true}, {Name: "Type", Value: "one's own"}}}},
			{Client: w.contoso, Folder: servers}: {Type: "Camera", Overview: vault.Overview{Title: "Of a custom type"}, Secret: vault.Secret{TOTP: "JBSWY3DPEHPK3PXP"}},
			{Client: w.contoso}:                  {Overview: vault.Overview{Title: "Bare"}},
			{Client: w.fabrikam}:                 {Overview: vault.Overview{Title: "Elsewhere", Username: "x"}, Secret: vault.Secret{Password: "p"}},
			{Client: odd}:                        {Overview: vault.Overview{Title: "Odd name"}, Secret: vault.Secret{Password: "p"}},
		} {
			if _, err := w.Vault.Add(ctx, w.Admin, at, in); err != nil {
				t.Fatal(in.Title, err)
			}
		}
		first, file := w.exported()
		if len(first) != 5 || strings.Contains(string(file), "Contoso/Contoso") {
			t.Fatalf("%s", file)
		}

		there := dbtest.SQLite(t)
		other := &world{World: apptest.New(t, there), d: there}
		_, err = other.Vault.AddType(ctx, other.Admin, vault.TypeInput{Name: "Camera", Icon: "camera"})
		other.Must(err)
		id, err := other.Imports.Upload(ctx, other.Admin, "export.json", importer.Choices{}, bytes.NewReader(file))
		other.Must(err)
		p := other.choose(other.Admin, id, func(c *importer.Choices) { c.To.AddClients = true })
		if p.ProblemTotal != 0 || p.Counts.Added != 5 || p.Counts.Clients != 3 || p.Counts.Folders != 2 {
			t.Fatalf("%+v %v", p.Counts, p.Problems)
		}
		if j := other.run(other.Admin, id); j.State != importer.StateDone {
			t.Fatalf("%s %s", j.State, j.Say)
		}
		again, _ := other.exported()
		if d := gocmp.Diff(first, again); d != "" {
			t.Error(d)
		}
		if n := other.count("SELECT COUNT(*) FROM folders WHERE name = 'Virtual / lab'"); n != 1 {
			t.Errorf("%d folders with a slash in their name", n)
		}
		if f := other.fieldsOf("All of it"); len(f) != 4 || !f[0].Hidden || !f[2].Date || f[1].Date {
			t.Errorf("%+v", f)
		}
	})
}

// So does our CSV, with what a spreadsheet would take for formulas.
func TestCSVComesBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		servers, err := w.Vault.AddFolder(ctx, w.Admin, vault.Place{Client: w.contoso}, `Rack 1/2 \ back`)
		w.Must(err)
		fields := []vault.Field{{Name: "PIN", Value: "4711", Hidden: true}, {Name: "Port", Value: "8443"}, {Name: "Since", Value: "2024-02-29", Date: true}, {Name: "=Until", Date: true},
			{Name: "Key", Value: "-----BEGIN\nKind: x\n\n  indented: y\n-----END", Hidden: true}, {Name: "a: b (hidden)", Value: "c: d"}, {Name: `CORP\new: (text)`, Value: " padded "}, {Name: "Bare"}, {Name: "PIN", Value: "twice"}}
		for i, in := range []vault.Input{
			{Type: "Firewall", Expires: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC), Overview: vault.Overview{Title: "=All of it", Username: "@root", URLs: []string{"https://a.example", "ssh://b.example"}, Tags: []string{"rack 4", "edge"}},
				Secret: vault.Secret{Password: "=1+1", Notes: "-two\nlines", TOTP: "JBSWY3DPEHPK3PXP", Fields: fields}},
			{Overview: vault.Overview{Title: "Apostrophes"}, Secret: vault.Secret{Password: "'=x", Notes: "''"}},
			{Overview: vault.Overview{Title: "Plain", Username: "'quoted'"}, Secret: vault.Secret{Password: "+-@"}},
		} {
			_, err := w.Vault.Add(ctx, w.Admin, vault.Place{Client: w.contoso, Folder: []string{servers, "", ""}[i]}, in)
			w.Must(err)
		}
		export := func(w *world, formulas bool) string {
			begun, err := w.Exports.Begin(ctx, w.Admin, exporter.Choice{Format: exporter.CSV, Formulas: formulas, Password: seal.NewSecret(apptest.Password)})
			w.Must(err)
			var b bytes.Buffer
			_, err = begun.Write(ctx, &b)
			w.Must(err)
			return b.String()
		}
		sorted := func(file string) string {
			lines := strings.SplitAfter(file, "\r\n")
			slices.Sort(lines)
			return strings.Join(lines, "")
		}
		for _, formulas := range []bool{false, true} {
			other := &world{World: apptest.New(t, dbtest.SQLite(t))}
			id, err := other.Imports.Upload(ctx, other.Admin, "export.csv", importer.Choices{}, strings.NewReader(export(w, formulas)))
			other.Must(err)
			p := other.choose(other.Admin, id, func(c *importer.Choices) { c.To.AddClients = true })
			if p.ProblemTotal != 0 || p.Counts.Added != 3 || p.Format.ID != "bailiwick-csv" {
				t.Fatalf("%+v %v %s", p.Counts, p.Problems, p.Format.ID)
			}
			other.run(other.Admin, id)
			if formulas {
				continue // who leaves formulas as they are has another program in mind: an apostrophe of one's own is lost
			}
			if d := gocmp.Diff(sorted(export(w, true)), sorted(export(other, true))); d != "" {
				t.Error(d)
			}
			if d := gocmp.Diff(fields, other.fieldsOf("=All of it")); d != "" {
				t.Error(d)
			}
		}
	})
}

func (w *world) fieldsOf(title string) []vault.Field {
	w.T.Helper()
	hits, err := w.Vault.Search(ctx, w.Admin, title, 2)
	w.Must(err)
	if len(hits) != 1 {
		w.T.Fatalf("%d are called %s", len(hits), title)
	}
	s, err := w.Vault.Reveal(ctx, w.Admin, hits[0].ID)
	w.Must(err)
	return s.Fields
}

// A file of before says nothing of kinds: all of its fields come hidden, and
// what is there keeps what it is. One that was written by hand or in a
// spreadsheet is read with what it has.
func TestFieldsOfOldAndEditedFiles(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	const head = "Client,Folder,Title,Type,Username,Password,URL,Notes,TOTP,Tags,Expires,"
	bring := func(text string, problems int) {
		t.Helper()
		id, err := w.Imports.Upload(ctx, w.Admin, "f.csv", importer.Choices{}, strings.NewReader(text))
		w.Must(err)
		p := w.choose(w.Admin, id, func(c *importer.Choices) { c.Duplicates = importer.Update })
		if p.ProblemTotal != problems || !p.MayRun {
			t.Fatalf("%+v %v", p.Counts, p.Problems)
		}
		if j := w.run(w.Admin, id); j.State != importer.StateDone {
			t.Fatal(j.Say)
		}
	}
	bring(head+"Custom fields\r\nContoso,,Old,,,x,,,,,,\"PIN: 1\r\nSince: 2024-02-29\r\nName (text): y\"\r\n", 0)
	want := []vault.Field{{Name: "PIN", Value: "1", Hidden: true}, {Name: "Since", Value: "2024-02-29", Hidden: true}, {Name: "Name (text)", Value: "y", Hidden: true}}
	if d := gocmp.Diff(want, w.fieldsOf("Old")); d != "" {
		t.Error(d)
	}
	bring(head+"Custom fields (with kind)\r\nContoso,,New,,,x,,,,,,\"no field\nPIN (hidden): 1\nSince (date): 2024-02-29\nPort: 22\nand 23\nUntil (date): soon\"\r\n", 1)
	want = []vault.Field{{Name: "Custom fields (with kind)", Value: "no field", Hidden: true}, {Name: "PIN", Value: "1", Hidden: true}, {Name: "Since", Value: "2024-02-29", Date: true}, {Name: "Port", Value: "22\nand 23"}, {Name: "Until", Value: "soon"}}
	if d := gocmp.Diff(want, w.fieldsOf("New")); d != "" {
		t.Error(d)
	}
	bring(head+"Custom fields\r\nContoso,,New,,,x,,,,,,\"PIN: 2\r\nSince: 2025-01-01\r\nUntil: 2026-01-01\"\r\n", 0)
	want[1].Value, want[2].Value = "2", "2025-01-01"
	want[4] = vault.Field{Name: "Until", Value: "2026-01-01", Hidden: true}
	if d := gocmp.Diff(want, w.fieldsOf("New")); d != "" {
		t.Error(d)
	}
}
