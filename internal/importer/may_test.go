package importer_test

import (
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/importer"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

// person signs in somebody with a level of just these permissions.
func (w *world) person(name string, ps ...perm.P) gate.Actor {
	w.T.Helper()
	level, err := w.Access.AddLevel(ctx, w.Admin, name, perm.SetOf(ps...))
	w.Must(err)
	_, err = w.People.Enrol(ctx, w.Admin, people.NewUser{Name: name, Email: name + "@northwind.example", Level: level, Password: seal.NewSecret(apptest.Password)})
	w.Must(err)
	return w.SignIn(name)
}

var importing = []perm.P{perm.ImportData, perm.ClientViewList, perm.ClientDefaultAccess}

func with(more ...perm.P) []perm.P { return append(append([]perm.P(nil), importing...), more...) }

func TestWhoMayImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		upload := func(who gate.Actor) error {
			_, err := w.Imports.Upload(ctx, who, "x.csv", importer.Choices{}, strings.NewReader(three))
			return err
		}
		w.refused(upload(w.person("without", perm.ClientViewList, perm.ClientDefaultAccess, perm.PasswordAdd, perm.PasswordEdit, perm.FolderAddEdit)), fault.Absent)
		w.refused(upload(gate.Stranger(w.OrgID, "127.0.0.1", nil)), fault.Unsigned)
		w.empty("jobs", "job_parts")

		// Import Data alone adds nothing.
		only := w.person("only", importing...)
		id := w.upload(only, three)
		p := w.choose(only, id, into(w.contoso))
		if p.MayRun || p.Counts.LeftOut != 3 || !strings.Contains(p.Problems[0].Text, "may not add credentials") {
			t.Errorf("%+v", p)
		}
		w.refused(w.Imports.Run(ctx, only, id), fault.Unacceptable)

		// Another's draft is not there.
		adder := w.person("adder", with(perm.PasswordAdd)...)
		_, err := w.Imports.Preview(ctx, adder, id)
		w.refused(err, fault.Absent)
		w.refused(w.Imports.Run(ctx, adder, id), fault.Absent)
		w.refused(w.Imports.Cancel(ctx, adder, id), fault.Absent)
		w.refused(w.Imports.Choose(ctx, adder, id, importer.Choices{To: importer.Destination{Client: w.contoso}}), fault.Absent)

		// Password: Add adds, but neither folders nor clients, nor does it edit.
		if j := w.done(adder, three, nil); j.Counts.Added != 3 {
			t.Errorf("%+v", j)
		}
		for _, c := range []struct {
			text, want string
			change     func(*importer.Choices)
		}{
			{"Title,Folder\na,Rack 1\n", "may not make folders", into(w.contoso)},
			{"Title,TOTP\na,JBSWY3DPEHPK3PXP\n", "may not set one-time codes", into(w.contoso)},
			{"Title,Client\na,Nowhere\n", "may not add clients", func(c *importer.Choices) { c.To.AddClients = true }},
			{"Title,Client\na,Northwind IT\n", "no client of this name", func(*importer.Choices) {}}, // the company vault: not reached
			{"Title,Username,Password\nRouter,admin,new\n", "may not change it", func(c *importer.Choices) { into(w.contoso)(c); c.Duplicates = importer.Update }},
		} {
			id := w.upload(adder, c.text)
			p := w.choose(adder, id, c.change)
			if p.MayRun || p.ProblemTotal == 0 || !strings.Contains(p.Problems[0].Text, c.want) {
				t.Errorf("%q: %+v", c.text, p.Problems)
			}
			w.refused(w.Imports.Run(ctx, adder, id), fault.Unacceptable)
		}
		if n := w.count("SELECT COUNT(*) FROM credentials"); n != 3 {
			t.Errorf("%d credentials", n)
		}
	})
}

func TestGuardedFolderIsNotReached(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		room := w.guarded()
		inside, err := w.Vault.Add(ctx, w.Admin, vault.Place{Client: w.contoso, Folder: room}, vault.Input{Overview: vault.Overview{Title: "Router", Username: "admin"}, Secret: vault.Secret{Password: "guarded"}})
		w.Must(err)
		who := w.person("adder", with(perm.PasswordAdd, perm.PasswordEdit, perm.FolderAddEdit)...)
		id := w.upload(who, "Title,Username,Password,Folder\nRouter,admin,one,\nSwitch,admin,two,Secret room\n")
		w.refused(w.Imports.Choose(ctx, who, id, importer.Choices{To: importer.Destination{Client: w.contoso, Folder: room}}), fault.Invalid)
		p := w.choose(who, id, func(c *importer.Choices) { into(w.contoso)(c); c.Duplicates = importer.Update })
		if p.TwinTotal != 0 || p.Counts.Folders != 1 {
			t.Errorf("the preview betrays what is in the guarded folder: %+v", p)
		}
		if j := w.run(who, id); j.Counts.Added != 2 || j.Counts.Folders != 1 {
			t.Errorf("%s %s %+v", j.State, j.Say, j.Counts)
		}
		if n := w.count("SELECT COUNT(*) FROM credentials WHERE folder_id = '" + room + "'"); n != 1 {
			t.Errorf("%d credentials in the guarded folder", n)
		}
		s, err := w.Vault.Reveal(ctx, w.Admin, inside)
		w.Must(err)
		if s.Password != "guarded" {
			t.Errorf("%q", s.Password)
		}
	})
}

// A folder may be guarded, or a right withdrawn, while rows are sealed: then
// nothing of the file is kept, not even the rows that lie elsewhere.
func TestRightIsDecidedAtTheEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		folder, err := w.Vault.AddFolder(ctx, w.Admin, vault.Place{Client: w.contoso}, "Rack")
		w.Must(err)
		group, err := w.Access.AddGroup(ctx, w.Admin, "Inner circle", nil, nil)
		w.Must(err)
		who := w.person("adder", with(perm.PasswordAdd, perm.FolderAddEdit)...)
		id := w.upload(who, "Title,Folder\na,\nb,\nlast,Rack\n")
		w.choose(who, id, into(w.contoso))
		w.Imports.Staged(func() { _ = w.Access.Guard(ctx, w.Admin, folder, 1, []string{group}) })
		j := w.run(who, id)
		if j.State != importer.StateFailed || !strings.Contains(j.Say, "Nothing was imported") {
			t.Fatalf("%s %q", j.State, j.Say)
		}
		w.empty("credentials", "import_rows", "job_parts", "seen")
	})
}

func TestAdministratorSeesCountsOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		who := w.person("adder", with(perm.PasswordAdd)...)
		j := w.done(who, three, nil)
		list, err := w.Imports.List(ctx, w.Admin)
		w.Must(err)
		if len(list) != 1 || list[0].ID != j.ID || list[0].File != "" || list[0].Mine || list[0].ByName != "adder" || list[0].Counts.Added != 3 {
			t.Errorf("%+v", list)
		}
		other := w.person("other", with(perm.PasswordAdd)...)
		if list, err := w.Imports.List(ctx, other); err != nil || len(list) != 0 {
			t.Errorf("%v %v", list, err)
		}
		_, err = w.Imports.View(ctx, other, j.ID)
		w.refused(err, fault.Absent)
		_, err = w.Imports.Undo(ctx, other, j.ID)
		w.refused(err, fault.Absent)
		out, err := w.Imports.Undo(ctx, w.Admin, j.ID)
		w.Must(err)
		if out.Archived != 3 || len(w.list(w.contoso)) != 0 {
			t.Errorf("%+v", out)
		}
	})
}

func TestTokensCannotImport(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	made, err := w.Sessions.AddToken(ctx, w.Admin, session.NewToken{Name: "robot", Permissions: perm.SetOf(perm.ImportData, perm.PasswordAdd, perm.ClientViewList).Names(), AllClients: true, Days: 30})
	w.Must(err)
	robot, err := w.Sessions.Resume(ctx, made.Bearer, "127.0.0.1", nil)
	w.Must(err)
	_, err = w.Imports.Upload(ctx, robot, "x.csv", importer.Choices{}, strings.NewReader(three))
	w.refused(err, fault.Absent)
	for _, op := range gate.Ops() {
		if strings.HasPrefix(op.Name, "import.") && op.Tokens {
			t.Errorf("%s is open to tokens", op.Name)
		}
	}
}
