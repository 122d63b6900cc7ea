package backup

import (
	"bytes"
	"context"
	"fmt"
	"sort"
	"strings"
	"testing"
	"testing/fstest"

	"bailiwick/internal/app"
	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/clock"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/extlink"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

var ctx = context.Background()

// targets makes a fresh place for a database of each engine, without tables.
var targets = map[string]func(testing.TB) string{
	"sqlite":   func(t testing.TB) string { return t.TempDir() },
	"postgres": func(t testing.TB) string { return dbtest.PostgresURL(t, fstest.MapFS{}) },
}

func open(t testing.TB, target string) *db.DB {
	t.Helper()
	d, err := db.Open(ctx, target, db.Options{Connections: 6})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// inhabited is a vault with something in most tables: folders that lie in
// later ones, history, an epoch, a disabled user, sessions, a device, a token.
func inhabited(t testing.TB, d *db.DB) *apptest.World {
	t.Helper()
	w := apptest.New(t, d)
	w.ServeAt("https://vault.example")
	_, _, err := w.Sessions.AskPasskey(ctx, w.OrgID, "127.0.0.1", nil) // a sign-in that waits
	w.Must(err)
	contoso, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Contoso ü\"'\\", Notes: "notes"})
	w.Must(err)
	first, err := w.Vault.AddFolder(ctx, w.Admin, vault.Place{Client: contoso}, "first")
	w.Must(err)
	later, err := w.Vault.AddFolder(ctx, w.Admin, vault.Place{Client: contoso}, "later")
	w.Must(err)
	w.Must(w.Vault.MoveFolder(ctx, w.Admin, first, 1, later))
	for _, p := range []vault.Place{{Client: contoso, Folder: first}, {Client: contoso}, {Own: true}} {
		id, err := w.Vault.Add(ctx, w.Admin, p, vault.Input{Type: "Server", Overview: vault.Overview{Title: "Edge"}, Secret: vault.Secret{Password: "s3cret"}})
		w.Must(err)
		_, err = w.Vault.Edit(ctx, w.Admin, id, 1, vault.Input{Type: "Server", Overview: vault.Overview{Title: "Edge 2"}, Secret: vault.Secret{Password: "s3cret 2"}})
		w.Must(err)
		_, err = w.Vault.Reveal(ctx, w.Admin, id)
		w.Must(err)
		if !p.Own {
			viewed(w, id)
		}
	}
	w.SignedIn("ada")
	dan := w.Enrol("dan", perm.LevelTechnicianDefault)
	_, err = w.Sessions.AddToken(ctx, w.Admin, session.NewToken{Name: "script", Permissions: []string{"Client: View List", "Password: View"}, AllClients: true, Days: 1})
	w.Must(err)
	w.Must(w.KeyLinks.Send(ctx, w.Admin, w.Enrol("kim", perm.LevelTechnicianDefault))) // and a mail that waits
	w.Must(w.People.Disable(ctx, w.Admin, dan))
	eva := w.Enrol("eva", perm.LevelTechnicianDefault)
	_, err = w.People.Reset(ctx, w.Admin, eva) // a link that waits
	w.Must(err)
	shelved(w, eva)
	return w
}

// shelved is a knowledge base with an article, a file of two pieces, a role, a
// voice and a search without hits.
func shelved(w *apptest.World, reader string) {
	base, err := w.Bases.Add(ctx, w.Admin, kb.NewBase{Path: "help", Name: "Help"})
	w.Must(err)
	front, err := w.Bases.Open(ctx, w.Admin, base)
	w.Must(err)
	made, err := w.Bases.Write(ctx, w.Admin, base, kb.Input{Category: front.Categories[0].ID, Title: "Drucker im Büro", Markdown: "Schublade 漢字", Tags: []string{"a"}})
	w.Must(err)
	_, err = w.Bases.Publish(ctx, w.Admin, made.ID, 1, 0)
	w.Must(err)
	_, err = w.Bases.Attach(ctx, w.Admin, made.ID, "a.bin", bytes.Repeat([]byte("0123456789"), 30_000))
	w.Must(err)
	w.Must(w.Bases.SetRole(ctx, w.Admin, base, reader, gate.Editor))
	w.Must(w.Bases.Say(ctx, w.Admin, made.ID, true, "x"))
	_, err = w.Bases.Search(ctx, w.Admin, base, "nowhere")
	w.Must(err)
	w.Must(w.Bases.Sweep(ctx))
}

// viewed is an external link to a credential that was opened once.
func viewed(w *apptest.World, credential string) {
	made, err := w.Links.Add(ctx, w.Admin, credential, extlink.NewLink{Fields: []string{extlink.Password}, Views: 2})
	w.Must(err)
	_, secret, _ := strings.Cut(made.Address.Reveal(), "#")
	token, err := seal.ParseToken(secret)
	w.Must(err)
	who, _, err := w.Sessions.Link(ctx, made.ID, token.Proof(), "127.0.0.1", nil)
	w.Must(err)
	_, err = w.Links.Open(ctx, who, seal.Secret{})
	w.Must(err)
}

// rowsOf gives every row of every table as text, by table.
func rowsOf(t testing.TB, d *db.DB) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	err := d.Read(ctx, func(tx *db.Tx) error {
		tables, err := tx.Tables(ctx)
		if err != nil {
			return err
		}
		for _, table := range tables {
			rows, err := tx.Query(ctx, "SELECT "+columns(table)+" FROM "+table.Name)
			if err != nil {
				return err
			}
			all[table.Name] = []string{}
			for rows.Next() {
				values := make([]any, len(table.Columns))
				dest := make([]any, len(values))
				for i := range values {
					dest[i] = &values[i]
				}
				if err := rows.Scan(dest...); err != nil {
					return err
				}
				var b strings.Builder
				for i, v := range values {
					if n, ok := v.(int64); ok && table.Columns[i].Kind == db.KindTruth {
						v = n == 1 // SQLite's
					}
					fmt.Fprintf(&b, "%s=%T %v|", table.Columns[i].Name, v, v)
				}
				all[table.Name] = append(all[table.Name], b.String())
			}
			if err := rows.Close(); err != nil {
				return err
			}
			sort.Strings(all[table.Name])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// server is a server over a database, with the instance key of a world.
func server(t testing.TB, d *db.DB, instance seal.Key) *app.App {
	t.Helper()
	argon, err := seal.NewArgonAt(apptest.Cheap, 2, 32)
	if err != nil {
		t.Fatal(err)
	}
	a := app.New(d, instance, argon, clock.System{})
	t.Cleanup(a.Close)
	return a
}

var password = seal.NewSecret(apptest.Password)
