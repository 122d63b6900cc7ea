package importer_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/importer"
	"bailiwick/internal/vault"
)

var ctx = context.Background()

// world is a server with two clients and the rows in its tables at hand.
type world struct {
	*apptest.World
	d        *db.DB
	contoso  string
	fabrikam string
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{World: apptest.New(t, d), d: d}
	w.Imports.Later(never)
	var err error
	w.contoso, err = w.Clients.Add(ctx, w.Admin, client.Input{Name: "Contoso", ShortCode: "CON"})
	w.Must(err)
	w.fabrikam, err = w.Clients.Add(ctx, w.Admin, client.Input{Name: "Fabrikam"})
	w.Must(err)
	return w
}

// never is for tests in which no server's hold on a job comes to its end by itself.
func never(time.Duration) <-chan time.Time { return nil }

func (w *world) count(sql string) (n int) {
	w.T.Helper()
	w.Must(w.d.Read(ctx, func(tx *db.Tx) error { return tx.Row(ctx, sql).Scan(&n) }))
	return n
}

// empty demands that nothing of an import is left but the log.
func (w *world) empty(tables ...string) {
	w.T.Helper()
	for _, t := range tables {
		if n := w.count("SELECT COUNT(*) FROM " + t); n != 0 {
			w.T.Errorf("%d rows in %s", n, t)
		}
	}
}

func (w *world) upload(who gate.Actor, text string) string {
	w.T.Helper()
	id, err := w.Imports.Upload(ctx, who, `C:\Users\ada\export.csv`, importer.Choices{}, strings.NewReader(text))
	w.Must(err)
	return id
}

// choose changes the choices that the preview shows.
func (w *world) choose(who gate.Actor, id string, change func(*importer.Choices)) importer.Preview {
	w.T.Helper()
	p, err := w.Imports.Preview(ctx, who, id)
	w.Must(err)
	change(&p.Choices)
	w.Must(w.Imports.Choose(ctx, who, id, p.Choices))
	p, err = w.Imports.Preview(ctx, who, id)
	w.Must(err)
	return p
}

// into sends all rows to one client.
func into(client string) func(*importer.Choices) {
	return func(c *importer.Choices) { c.To = importer.Destination{Client: client} }
}

func (w *world) run(who gate.Actor, id string) importer.Job {
	w.T.Helper()
	w.Must(w.Imports.Run(ctx, who, id))
	return w.wait(who, id)
}

func (w *world) wait(who gate.Actor, id string) importer.Job {
	w.T.Helper()
	w.Imports.Wait()
	j, err := w.Imports.View(ctx, who, id)
	w.Must(err)
	return j
}

// done imports text into Contoso and demands that it went well.
func (w *world) done(who gate.Actor, text string, change func(*importer.Choices)) importer.Job {
	w.T.Helper()
	id := w.upload(who, text)
	w.choose(who, id, func(c *importer.Choices) {
		c.To = importer.Destination{Client: w.contoso}
		if change != nil {
			change(c)
		}
	})
	j := w.run(who, id)
	if j.State != importer.StateDone {
		w.T.Fatalf("%s: %s", j.State, j.Say)
	}
	return j
}

func (w *world) list(client string) []vault.Credential {
	w.T.Helper()
	all, _, err := w.Vault.List(ctx, w.Admin, vault.Listing{Place: vault.Place{Client: client}})
	w.Must(err)
	return all
}

func (w *world) titled(client, title string) vault.Credential {
	w.T.Helper()
	for _, c := range w.list(client) {
		if c.Title == title {
			return c
		}
	}
	w.T.Fatalf("no credential %q", title)
	return vault.Credential{}
}

func (w *world) reveal(c vault.Credential) vault.Secret {
	w.T.Helper()
	s, err := w.Vault.Reveal(ctx, w.Admin, c.ID)
	w.Must(err)
	return s
}

func (w *world) refused(err error, kind fault.Kind) {
	w.T.Helper()
	if !fault.Is(err, kind) {
		w.T.Fatalf("%v, want %s", err, kind)
	}
}

// ok is Must for the goroutines of jobs.
func (w *world) ok(err error) {
	if err != nil {
		w.T.Error(err)
	}
}

func testdata(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../sheet/testdata/*.csv")
	if err != nil || len(files) < 14 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	return files
}

func file(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
