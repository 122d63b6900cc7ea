package importer_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bailiwick/internal/audit"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/extlink"
	"bailiwick/internal/fault"
	"bailiwick/internal/importer"
	"bailiwick/internal/perm"
	"bailiwick/internal/sheet"
	"bailiwick/internal/vault"
)

const three = "Title,Username,Password,Notes\nRouter,admin,one,first\nSwitch,admin,two,\nServer,root,three,\n"

func TestPreviewShowsNoSecret(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.upload(w.Admin, "Title,Username,Password,URL,Kunde,Typ\nA,u,canary-secret,https://a.example/x,Contoso,Router\n,,p,,Contoso,\nB,u,canary-secret,,Nobody,Toaster\n")
		p, err := w.Imports.Preview(ctx, w.Admin, id)
		w.Must(err)
		if text := fmt.Sprintf("%+v", p); strings.Contains(text, "canary") {
			t.Errorf("the preview has a secret: %s", text)
		}
		if s := p.Samples[0]; len(p.Samples) != 3 || s.Title != "A" || s.Host != "a.example" || s.Client != "Contoso" || !s.HasPassword || s.HasNotes || s.Type != "Router" {
			t.Errorf("%+v", p.Samples)
		}
		if p.File != "export.csv" || p.Counts != (importer.Counts{Rows: 3, Added: 1, LeftOut: 2}) || p.MayRun || p.ProblemTotal != 3 {
			t.Errorf("%+v %v", p.Counts, p.Problems)
		}
		if q := p.Problems[1]; q.Row != 4 || q.Column != "Typ" || q.Fatal {
			t.Errorf("%+v", p.Problems)
		}
		w.refused(w.Imports.Run(ctx, w.Admin, id), fault.Unacceptable)
		w.empty("credentials")
		p = w.choose(w.Admin, id, func(c *importer.Choices) { c.OnlyGood = true })
		j := w.run(w.Admin, id)
		if !p.MayRun || j.Counts.Added != 1 || j.Counts.LeftOut != 2 || !j.HasLeftOut {
			t.Fatalf("%v %+v", p.MayRun, j)
		}
		var list bytes.Buffer
		w.Must(w.Imports.WriteLeftOut(ctx, w.Admin, id, &list))
		if s := list.String(); strings.Count(s, "\r\n") != 4 || !strings.Contains(s, "4,Kunde,\"There is no client of this name") || strings.Contains(s, "canary") {
			t.Errorf("%s", s)
		}
		w.Enrol("max", perm.LevelManagerDefault)
		max := w.SignIn("max")
		w.refused(w.Imports.WriteLeftOut(ctx, max, id, &list), fault.Absent)
	})
}

func TestDuplicates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.done(w.Admin, three, nil)
		again := "Title,Username,Password,Notes\n router ,ADMIN,changed,\nSwitch,other,x,\nSwitch,other,x,\nSwitch,other,y,\nServer,root,three,\n"
		last := ""
		counts := func(how importer.Duplicates) importer.Counts {
			id := w.upload(w.Admin, again)
			p := w.choose(w.Admin, id, func(c *importer.Choices) { into(w.contoso)(c); c.Duplicates = how })
			if how == importer.Skip && (p.TwinTotal != 4 || p.Twins[0].Row != 2 || p.Twins[0].Credential == "" || p.Twins[1].Earlier != 3) {
				t.Errorf("%s: %+v", how, p.Twins)
			}
			differs := slices.ContainsFunc(p.Problems, func(x sheet.Problem) bool {
				return x.Row == 5 && !x.Fatal && strings.HasPrefix(x.Text, "It has the title and username of row 3")
			})
			if differs != (how != importer.Add) {
				t.Errorf("%s: the row that differs from an earlier one: %+v", how, p.Problems)
			}
			j := w.run(w.Admin, id)
			last = id
			if j.State != importer.StateDone {
				t.Fatalf("%s: %s %s", how, j.State, j.Say)
			}
			return j.Counts
		}
		if c := counts(importer.Skip); c != (importer.Counts{Rows: 5, Added: 2, Skipped: 3}) { // "other" with two passwords is two credentials
			t.Errorf("skip: %+v", c)
		}
		var list bytes.Buffer
		w.Must(w.Imports.WriteLeftOut(ctx, w.Admin, last, &list))
		if s := list.String(); strings.Count(s, "\r\n") != 4 || !strings.Contains(s, "\r\n2,,\"A credential with this title") || !strings.Contains(s, "\r\n4,,\"It is the same as row 3 throughout") || !strings.Contains(s, "\r\n6,,") {
			t.Errorf("skipped: %s", s)
		}
		if s := w.reveal(w.titled(w.contoso, "Router")); s.Password != "one" {
			t.Errorf("skipping changed a credential to %q", s.Password)
		}
		c := counts(importer.Update)
		if c != (importer.Counts{Rows: 5, Added: 1, Updated: 2, Unchanged: 1, Skipped: 1}) && c != (importer.Counts{Rows: 5, Added: 1, Updated: 1, Unchanged: 2, Skipped: 1}) {
			t.Errorf("update: %+v", c)
		}
		router := w.titled(w.contoso, "router")
		if s := w.reveal(router); router.Version != 2 || s.Password != "changed" || s.Notes != "first" {
			t.Errorf("updated to %+v at %d", s, router.Version)
		}
		old, err := w.Vault.RevealVersion(ctx, w.Admin, router.ID, 1)
		w.Must(err)
		if old.Password != "one" {
			t.Errorf("history has %q", old.Password)
		}
		if c := counts(importer.Add); c != (importer.Counts{Rows: 5, Added: 5}) {
			t.Errorf("add: %+v", c)
		}
	})
}

// Folders and clients of which no row is added are not made.
func TestNothingIsMadeForRowsThatAreSkipped(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.done(w.Admin, "Title,Username\nRouter,admin\n", nil)
	const text = "Client,Folder,Title,Username,Expires\nContoso,Old rack,Router,admin,\nNowhere,Rack,Switch,ops,no date\nContoso,New rack/Top,Server,root,\n"
	id := w.upload(w.Admin, text)
	p := w.choose(w.Admin, id, func(c *importer.Choices) {
		c.To, c.OnlyGood = importer.Destination{ByColumn: true, AddClients: true}, true
		c.Mapping.DateOrder = sheet.DayFirst
	})
	j := w.run(w.Admin, id)
	want := importer.Counts{Rows: 3, Added: 1, Skipped: 1, LeftOut: 1, Folders: 2}
	if p.Counts != want || j.Counts != want || len(p.NewClients) != 0 {
		t.Errorf("preview %+v %v, done %+v, want %+v", p.Counts, p.NewClients, j.Counts, want)
	}
	if n := w.count("SELECT COUNT(*) FROM folders"); n != 2 {
		t.Errorf("%d folders", n)
	}
	if n := w.count("SELECT COUNT(*) FROM clients WHERE name = 'Nowhere'"); n != 0 {
		t.Error("a client is made for a row that was left out")
	}
}

// Before a client is chosen nothing is wrong with the rows.
func TestPreviewWithoutAClient(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	id := w.upload(w.Admin, "Title,Username,Password,TOTP\nRouter,admin,one,\nSwitch,ops,two,not base32!\n")
	p, err := w.Imports.Preview(ctx, w.Admin, id)
	w.Must(err)
	if p.MayRun || p.Counts != (importer.Counts{Rows: 2, LeftOut: 1}) || p.Samples[0].Becomes != "no place yet" {
		t.Errorf("%v %+v %+v", p.MayRun, p.Counts, p.Samples)
	}
	if text := fmt.Sprint(p.Problems, p.Remarks); strings.Contains(text, "any more") || !strings.Contains(text, "No place is chosen yet.") {
		t.Errorf("%s", text)
	}
	w.refused(w.Imports.Run(ctx, w.Admin, id), fault.Unacceptable)
}

// An update takes nothing away: empty cells leave what is there, and lists
// come together.
func TestUpdateMerges(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	_, err := w.Vault.Add(ctx, w.Admin, vault.Place{Client: w.contoso}, vault.Input{Type: "Router",
		Overview: vault.Overview{Title: "Router", Username: "admin", URLs: []string{"https://a.example"}, Tags: []string{"core"}},
		Secret:   vault.Secret{Password: "one", Notes: "keep", Fields: []vault.Field{{Name: "Serial", Value: "1"}, {Name: "Site", Value: "x", Hidden: true}}}})
	w.Must(err)
	w.done(w.Admin, "Title,Username,URL,Tags,Serial,Rack\nROUTER,Admin,https://b.example,edge,2,7\n", func(c *importer.Choices) { c.Duplicates = importer.Update })
	c := w.titled(w.contoso, "ROUTER")
	want := vault.Secret{Password: "one", Notes: "keep", Fields: []vault.Field{{Name: "Serial", Value: "2"}, {Name: "Site", Value: "x", Hidden: true}, {Name: "Rack", Value: "7"}}}
	if d := cmp.Diff(want, w.reveal(c)); d != "" {
		t.Error(d)
	}
	if c.Type != "Router" || !slices.Equal(c.URLs, []string{"https://a.example", "https://b.example"}) || !slices.Equal(c.Tags, []string{"core", "edge"}) {
		t.Errorf("%+v", c)
	}
	if n := w.count("SELECT password_rev FROM credentials"); n != 1 {
		t.Errorf("the password did not change, but its number is %d", n)
	}
}

func TestUndo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.done(w.Admin, three, nil)
		tim := w.Enrol("tim", perm.LevelTechnicianDefault)
		_, err := w.Vault.Reveal(ctx, w.SignIn("tim"), w.titled(w.contoso, "Router").ID)
		w.Must(err)
		j := w.done(w.Admin, "Title,Username,Password,Folder\nRouter,admin,1111,\nServer,root,3333,\nNew,a,b,Rack 1\nNewer,a,b,\n", func(c *importer.Choices) { c.Duplicates = importer.Update })
		if j.Counts != (importer.Counts{Rows: 4, Added: 2, Updated: 2, Folders: 1}) || !j.MayUndo {
			t.Fatalf("%+v", j)
		}
		newer := w.titled(w.contoso, "Newer")
		_, err = w.Vault.Edit(ctx, w.Admin, newer.ID, 1, vault.Input{Overview: vault.Overview{Title: "Newer"}, Secret: vault.Secret{Password: "mine"}})
		w.Must(err)
		server := w.titled(w.contoso, "Server")
		_, err = w.Vault.Edit(ctx, w.Admin, server.ID, 2, vault.Input{Overview: vault.Overview{Title: "Server"}, Secret: vault.Secret{Password: "mine"}})
		w.Must(err)
		eve := w.Enrol("eve", perm.LevelTechnicianDefault)
		w.Must(w.People.Disable(ctx, w.Admin, eve)) // makes a new epoch
		w.Must(w.People.Disable(ctx, w.Admin, tim)) // he knows the password that the import replaced

		key := w.Admin.Once("undo-1", []byte("undo"))
		want := importer.Undone{Archived: 1, Restored: 1, Kept: 2}
		for range 2 { // the second is the first one's answer
			got, err := w.Imports.Undo(ctx, key, j.ID)
			w.Must(err)
			if got != want {
				t.Errorf("%+v, want %+v", got, want)
			}
		}
		_, err = w.Imports.Undo(ctx, w.Admin, j.ID)
		w.refused(err, fault.Unacceptable)
		router := w.titled(w.contoso, "Router")
		if len(router.Flags) != 1 || router.Flags[0].Cause != vault.Touched || router.Flags[0].About != tim {
			t.Errorf("somebody who has left knows the password that is back: %+v", router.Flags)
		}
		if s := w.reveal(router); s.Password != "one" || s.Notes != "first" || router.Version != 3 {
			t.Errorf("%+v at %d", s, router.Version)
		}
		for title, password := range map[string]string{"Newer": "mine", "Server": "mine", "Switch": "two"} {
			if s := w.reveal(w.titled(w.contoso, title)); s.Password != password {
				t.Errorf("%s has %q", title, s.Password)
			}
		}
		if len(w.list(w.contoso)) != 4 {
			t.Errorf("%d credentials", len(w.list(w.contoso)))
		}
		j, err = w.Imports.View(ctx, w.Admin, j.ID)
		w.Must(err)
		if j.State != importer.StateUndone || len(j.Kept) != 2 || j.MayUndo {
			t.Errorf("%+v", j)
		}
		w.empty("import_rows")
	})
}

func TestUndoIsOverAfterSevenDays(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	j := w.done(w.Admin, three, nil)
	w.Clock.Advance(importer.UndoFor + 1)
	_, err := w.Imports.Undo(ctx, w.SignIn("ada"), j.ID)
	w.refused(err, fault.Unacceptable)
	if len(w.list(w.contoso)) != 3 {
		t.Error("something was undone")
	}
}

func TestEventsAndKnowledge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.guarded()
		id := w.upload(w.Admin, "Client,Folder,Title,Username,Password\nContoso,Secret room,A,u,p\nContoso,,B,u,p\nFabrikam,Sub,C,u,p\nNew one,,D,u,p\n")
		w.choose(w.Admin, id, func(c *importer.Choices) { c.To.AddClients = true })
		before := w.count("SELECT change_seq FROM organizations")
		j := w.run(w.Admin, id)
		if j.Counts != (importer.Counts{Rows: 4, Added: 4, Folders: 1, Clients: 1}) {
			t.Fatalf("%s %s %+v", j.State, j.Say, j.Counts)
		}
		if n := w.count("SELECT change_seq FROM organizations"); n != before+1 {
			t.Errorf("the change sequence went from %d to %d", before, n)
		}
		if n := w.count("SELECT COUNT(*) FROM seen WHERE user_id = '" + w.AdminID + "'"); n != 4 {
			t.Errorf("%d are known", n)
		}
		if n := w.count("SELECT COUNT(*) FROM audit_events WHERE operation = 'import.done' AND sealed_hash IS NOT NULL"); n != 5 {
			t.Errorf("%d events with a hash", n)
		}
		hits, err := w.Vault.Search(ctx, w.Admin, "New one", 10)
		w.Must(err)
		if len(hits) != 2 {
			t.Errorf("search finds %+v", hits)
		}
		// Who is outside the group sees no event of the guarded folder.
		w.Enrol("max", perm.LevelManagerDefault)
		events, _, err := w.Audit.List(ctx, w.SignIn("max"), audit.Filter{Operations: []string{"import.done"}})
		w.Must(err)
		for _, e := range events {
			if e.Kind == "folder" {
				t.Errorf("an event betrays the guarded folder: %+v", e)
			}
		}
		if len(events) != 3 { // Contoso's root, Fabrikam, the new client
			t.Errorf("%+v", events)
		}
	})
}

// guarded makes a folder of Contoso that only the administrator enters.
func (w *world) guarded() string {
	w.T.Helper()
	folder, err := w.Vault.AddFolder(ctx, w.Admin, vault.Place{Client: w.contoso}, "Secret room")
	w.Must(err)
	group, err := w.Access.AddGroup(ctx, w.Admin, "Inner circle", nil, nil)
	w.Must(err)
	w.Must(w.Access.Guard(ctx, w.Admin, folder, 1, []string{group}))
	return folder
}

// A custom type is found by its name; a name that is none becomes a tag.
func TestCustomTypes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		camera, err := w.Vault.AddType(ctx, w.Admin, vault.TypeInput{Name: "Überwachungskamera", Icon: "camera"})
		w.Must(err)
		text := "Title,Username,Type\nHall,a,überwachungskamera\nRack,b,Router\nNone,c,\nOdd,d,Toaster\n"
		id := w.upload(w.Admin, text)
		p := w.choose(w.Admin, id, into(w.contoso))
		if s := p.Samples[0]; s.Type != "Überwachungskamera" || s.Icon != "camera" || p.ProblemTotal != 1 {
			t.Errorf("%+v %v", s, p.Problems)
		}
		w.run(w.Admin, id)
		for title, want := range map[string]string{"Hall": camera, "Rack": "Router", "None": "Other", "Odd": "Other"} {
			if c := w.titled(w.contoso, title); c.Type != want {
				t.Errorf("%s is a %s", title, c.Type)
			}
		}
		// An update without a type keeps it.
		w.done(w.Admin, "Title,Username,Password\nHall,a,new\n", func(c *importer.Choices) { c.Duplicates = importer.Update })
		if c := w.titled(w.contoso, "Hall"); c.Type != camera || c.Version != 2 {
			t.Errorf("%+v", c)
		}
		// Hidden built-in types are none.
		s, err := w.Vault.Settings(ctx, w.Admin)
		w.Must(err)
		hidden := s
		hidden.HideBuiltin = true
		w.Must(w.Vault.SaveSettings(ctx, w.Admin, s, hidden))
		w.done(w.Admin, "Title,Type\nHidden,Router\nPlain,\n", nil)
		if a, b := w.titled(w.contoso, "Hidden"), w.titled(w.contoso, "Plain"); a.Type != camera || !slices.Equal(a.Tags, []string{"Router"}) || b.Type != camera {
			t.Errorf("%+v %+v", a, b)
		}
	})
}

// External links end with the credentials that undoing takes away.
func TestUndoEndsLinks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		kept, err := w.Vault.Add(ctx, w.Admin, vault.Place{Client: w.contoso}, vault.Input{Overview: vault.Overview{Title: "Kept"}})
		w.Must(err)
		j := w.done(w.Admin, three, nil)
		for _, id := range []string{kept, w.titled(w.contoso, "Router").ID} {
			_, err = w.Links.Add(ctx, w.Admin, id, extlink.NewLink{Fields: []string{extlink.Title}})
			w.Must(err)
		}
		_, err = w.Imports.Undo(ctx, w.Admin, j.ID)
		w.Must(err)
		links, err := w.Links.List(ctx, w.Admin)
		w.Must(err)
		for _, l := range links {
			if want := map[bool]string{true: "", false: extlink.Archived}[l.Credential == kept]; l.Why != want {
				t.Errorf("%s: %q", l.Title, l.Why)
			}
		}
		if n := w.count("SELECT COUNT(*) FROM external_links WHERE length(copy_box) > 0"); len(links) != 2 || n != 1 {
			t.Errorf("%d links, %d copies", len(links), n)
		}
	})
}

// Rows get the types that their client forces.
func TestForcedTypesOfRows(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	_, err := w.Clients.Edit(ctx, w.Admin, w.fabrikam, 1, client.Input{Name: "Fabrikam", Types: []string{"VPN", "Router"}})
	w.Must(err)
	w.done(w.Admin, "Client,Title,Type\nContoso,a,Bank\nFabrikam,b,Bank\nFabrikam,c,vpn\nFabrikam,d,\n", func(c *importer.Choices) { c.To = importer.Destination{ByColumn: true} })
	for title, want := range map[string]string{"b": "Router", "c": "VPN", "d": "Router"} {
		if c := w.titled(w.fabrikam, title); c.Type != want {
			t.Errorf("%s is a %s", title, c.Type)
		}
	}
	if c := w.titled(w.contoso, "a"); c.Type != "Bank" {
		t.Errorf("%+v", c)
	}
}
