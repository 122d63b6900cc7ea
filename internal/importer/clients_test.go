package importer_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/importer"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

func (w *world) uploadClients(who gate.Actor, text string) string {
	w.T.Helper()
	id, err := w.Imports.Upload(ctx, who, "clients.csv", importer.Choices{Of: importer.OfClients}, strings.NewReader(text))
	w.Must(err)
	return id
}

func (w *world) named(name string) client.Client {
	w.T.Helper()
	all, _, err := w.Clients.List(ctx, w.Admin, client.Filter{Disabled: true})
	w.Must(err)
	for _, c := range all {
		if c.Name == name {
			got, err := w.Clients.Get(ctx, w.Admin, c.ID)
			w.Must(err)
			return got
		}
	}
	return client.Client{}
}

func TestImportOfClients(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		_, err := w.Clients.Edit(ctx, w.Admin, w.contoso, 1, client.Input{Name: "Contoso", ShortCode: "CON", Notes: "keep me", Tags: []string{"old"}, RotationDays: 30})
		w.Must(err)
		text := "Company;Kürzel;Phone;Street;City;Website;Remarks;Tags;Rotation days;Enabled;Segment\n" +
			"Tailspin;TS;+1 555;1 Main St;Springfield;https://t.example;canary-note;retail, 24x7;90;yes;x\n" +
			"contoso;;+44 1;;;;;new;;yes;x\n" +
			"Gone;;;;;;;;;no;x\n" +
			";;;;;;;;;yes;x\n" +
			"Bad;;;;;;;;often;yes;x\n" +
			"tailspin;;;;;;;;;yes;x\n"
		id := w.uploadClients(w.Admin, text)
		p, err := w.Imports.Preview(ctx, w.Admin, id)
		w.Must(err)
		if p.Counts != (importer.Counts{Rows: 6, Added: 1, Skipped: 2, LeftOut: 3}) || p.MayRun || p.TwinTotal != 1 || p.Choices.Of != importer.OfClients {
			t.Fatalf("%+v %v", p.Counts, p.Problems)
		}
		if len(p.Remarks) != 1 || !strings.Contains(p.Remarks[0], "“Segment”") {
			t.Errorf("%v", p.Remarks)
		}
		want := map[int]string{5: "Company: Give the client a name.", 6: "Rotation days: Give a number", 7: "Company: This name stands in row 2"}
		for _, q := range p.Problems {
			if says := q.Column + ": " + q.Text; q.Fatal && !strings.HasPrefix(says, want[q.Row]) {
				t.Errorf("row %d: %s", q.Row, says)
			}
		}
		w.refused(w.Imports.Run(ctx, w.Admin, id), fault.Unacceptable)
		w.refused(w.Imports.Choose(ctx, w.Admin, id, importer.Choices{Duplicates: importer.Add}), fault.Invalid)
		p = w.choose(w.Admin, id, func(c *importer.Choices) { c.OnlyGood, c.Duplicates = true, importer.Update })
		if p.Counts != (importer.Counts{Rows: 6, Added: 1, Updated: 1, Skipped: 1, LeftOut: 3}) || !p.MayRun || w.named("Tailspin").ID != "" {
			t.Fatalf("%+v", p.Counts)
		}
		j := w.run(w.Admin, id)
		if j.State != importer.StateDone || j.Of != importer.OfClients || j.Counts != p.Counts || !j.HasLeftOut || !j.MayUndo {
			t.Fatalf("%+v", j)
		}
		var list bytes.Buffer
		w.Must(w.Imports.WriteLeftOut(ctx, w.Admin, id, &list))
		if s := list.String(); strings.Count(s, "\r\n") != 5 || strings.Contains(s, "canary") {
			t.Errorf("%s", s)
		}
		tail := client.Input{Name: "Tailspin", ShortCode: "TS", Phone: "+1 555", Address: "1 Main St, Springfield", Website: "https://t.example", Notes: "canary-note", Tags: []string{"retail", "24x7"}, RotationDays: 90}
		if d := cmp.Diff(tail, w.named("Tailspin").Input()); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff(client.Input{Name: "contoso", ShortCode: "CON", Phone: "+44 1", Notes: "keep me", Tags: []string{"old", "new"}, RotationDays: 30}, w.named("contoso").Input()); d != "" {
			t.Error(d)
		}
		w.empty("import_rows")
		if n := w.count("SELECT COUNT(*) FROM job_parts WHERE part = 'source'"); n != 0 {
			t.Errorf("%d parts of the file are left", n)
		}

		out, err := w.Imports.Undo(ctx, w.Admin, id)
		w.Must(err)
		if out != (importer.Undone{Archived: 1, Restored: 1}) || w.named("Tailspin").ID != "" || w.named("Contoso").Phone != "" || len(w.named("Contoso").Tags) != 1 {
			t.Errorf("%+v %+v", out, w.named("Contoso"))
		}
		if n := w.count("SELECT COUNT(*) FROM job_parts WHERE n >= 1048576"); n != 0 {
			t.Errorf("%d parts are left", n)
		}
		_, err = w.Imports.Undo(ctx, w.Admin, id)
		w.refused(err, fault.Unacceptable)
	})
}

// A website that is none is a problem of its row and column.
func TestClientsWithBadWebsites(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.uploadClients(w.Admin, "Name,Website\nGood,www.good.example\nBad,javascript:alert(1)\n")
		p := w.choose(w.Admin, id, func(*importer.Choices) {})
		if p.MayRun || len(p.Problems) != 1 || p.Problems[0].Row != 3 || p.Problems[0].Column != "Website" || !strings.Contains(p.Problems[0].Text, "https://") {
			t.Errorf("%+v", p)
		}
	})
}

// What was changed or filled since stays.
func TestUndoOfClientsKeeps(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.uploadClients(w.Admin, "Name,Phone\nEmpty,1\nFilled,2\nChanged,3\nContoso,4\nFabrikam,5\n")
		w.choose(w.Admin, id, func(c *importer.Choices) { c.Duplicates = importer.Update })
		w.run(w.Admin, id)
		_, err := w.Vault.Add(ctx, w.Admin, vault.Place{Client: w.named("Filled").ID}, vault.Input{Overview: vault.Overview{Title: "Router"}})
		w.Must(err)
		for _, name := range []string{"Changed", "Contoso"} {
			c := w.named(name)
			in := c.Input()
			in.Website = "https://later.example"
			_, err := w.Clients.Edit(ctx, w.Admin, c.ID, c.Version, in)
			w.Must(err)
		}
		out, err := w.Imports.Undo(ctx, w.Admin, id)
		w.Must(err)
		j, err := w.Imports.View(ctx, w.Admin, id)
		w.Must(err)
		if out != (importer.Undone{Archived: 1, Restored: 1, Kept: 3}) || len(j.Kept) != 3 || j.State != importer.StateUndone {
			t.Errorf("%+v %+v", out, j)
		}
		if w.named("Empty").ID != "" || w.named("Filled").ID == "" || w.named("Changed").Phone != "3" || w.named("Contoso").Phone != "4" || w.named("Fabrikam").Phone != "" {
			t.Error("not the clients that were to stay")
		}
	})
}

// Each row needs what adding or editing it by hand needs, and a client that is
// not seen is as if it were not there.
func TestWhoImportsClients(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	tom := w.person("tom", perm.ClientViewList, perm.ImportData)
	ann := w.person("ann", perm.ClientViewList, perm.ImportData, perm.ClientAdd)
	w.Must(w.Access.Assign(ctx, w.Admin, w.contoso, ann.User(), 0))
	text := "Name,Phone\nContoso,1\nFabrikam,2\nNew,3\n"
	for _, c := range []struct {
		who  gate.Actor
		want importer.Counts
	}{{tom, importer.Counts{Rows: 3, LeftOut: 3}}, {ann, importer.Counts{Rows: 3, Added: 2, LeftOut: 1}}, {w.Admin, importer.Counts{Rows: 3, Added: 1, Updated: 2}}} {
		id := w.uploadClients(c.who, text)
		p := w.choose(c.who, id, func(c *importer.Choices) { c.Duplicates = importer.Update })
		if p.Counts != c.want {
			t.Errorf("%+v, want %+v: %v", p.Counts, c.want, p.Problems)
		}
	}
	_, err := w.Imports.Upload(ctx, w.Admin, "x", importer.Choices{Of: "things"}, strings.NewReader(text))
	w.refused(err, fault.Invalid)
	_, err = w.Imports.Upload(ctx, w.Admin, "x.json", importer.Choices{Of: importer.OfClients}, strings.NewReader(`{"encrypted":false,"items":[]}`))
	w.refused(err, fault.Invalid)
}

// What the export of clients writes can be imported: the same clients are there.
func TestExportOfClientsImports(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := client.Input{Name: "=Formula & Sons", ShortCode: "F", Phone: "+49 30 1", Address: "Weg 1\nOrt", Website: "https://f.example", Notes: "two\nlines, \"quoted\"", Tags: []string{"a", "b c"}, RotationDays: 45, Types: []string{"Firewall", "Wi-Fi"}}
		id, err := w.Clients.Add(ctx, w.Admin, in)
		w.Must(err)
		file, err := w.Clients.Export(ctx, w.Admin, false)
		w.Must(err)
		draft := w.uploadClients(w.Admin, string(file))
		if p := w.choose(w.Admin, draft, func(c *importer.Choices) { c.Duplicates = importer.Update }); p.Counts.Unchanged != p.Counts.Rows || len(p.Problems) != 0 {
			t.Fatalf("%+v %v", p.Counts, p.Problems)
		}
		w.Must(w.Clients.Disable(ctx, w.Admin, id))
		w.Must(w.Clients.Delete(ctx, w.Admin, id, in.Name))
		draft = w.uploadClients(w.Admin, string(file))
		if j := w.run(w.Admin, draft); j.Counts.Added != 1 {
			t.Fatalf("%+v", j)
		}
		if d := cmp.Diff(in, w.named(in.Name).Input()); d != "" {
			t.Error(d)
		}
		draft = w.uploadClients(w.Admin, string(importer.ClientTemplate()))
		if p, err := w.Imports.Preview(ctx, w.Admin, draft); err != nil || len(p.Remarks) != 0 || p.Counts.Skipped != 2 {
			t.Fatalf("%+v %v", p, err)
		}
	})
}

// The column of credential types: names in any case, separated by semicolons,
// which a name may have itself. A row that names none leaves them as they are.
func TestImportOfForcedTypes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		odd, err := w.Vault.AddType(ctx, w.Admin, vault.TypeInput{Name: "Door; gate", Icon: "door-closed"})
		w.Must(err)
		id := w.uploadClients(w.Admin, "Name,Credential types\nNew,wi-fi; FIREWALL ;door; gate\nContoso,Website\nFabrikam,\nBad,Firewall;Nonsense\n")
		p := w.choose(w.Admin, id, func(c *importer.Choices) { c.OnlyGood, c.Duplicates = true, importer.Update })
		if p.Counts != (importer.Counts{Rows: 4, Added: 1, Updated: 1, Unchanged: 1, LeftOut: 1}) || p.Clients[0].Types != 3 {
			t.Fatalf("%+v %v", p.Counts, p.Problems)
		}
		if q := p.Problems[0]; q.Row != 5 || q.Column != "Credential types" || !strings.Contains(q.Text, "Nonsense") {
			t.Errorf("%+v", q)
		}
		w.run(w.Admin, id)
		if d := cmp.Diff([]string{"Firewall", "Wi-Fi", odd}, w.named("New").Types); d != "" {
			t.Error(d)
		}
		kinds, err := w.Vault.KindsAt(ctx, w.Admin, vault.Place{Client: w.contoso})
		w.Must(err)
		if len(kinds.Offered()) != 1 {
			t.Errorf("%d types are offered", len(kinds.Offered()))
		}
		file, err := w.Clients.Export(ctx, w.Admin, false)
		w.Must(err)
		if !strings.Contains(string(file), ",Firewall;Wi-Fi;Door; gate,yes,") {
			t.Errorf("%s", file)
		}
		again := w.uploadClients(w.Admin, string(file))
		if p := w.choose(w.Admin, again, func(c *importer.Choices) { c.Duplicates = importer.Update }); p.Counts.Unchanged != p.Counts.Rows || len(p.Problems) != 0 {
			t.Fatalf("%+v %v", p.Counts, p.Problems)
		}
		_, err = w.Imports.Undo(ctx, w.Admin, id)
		w.Must(err)
		if c := w.named("Contoso"); len(c.Types) != 0 {
			t.Errorf("%v", c.Types)
		}
	})
}
