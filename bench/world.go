package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"

	"bailiwick/internal/api"
	"bailiwick/internal/app"
	"bailiwick/internal/client"
	"bailiwick/internal/clock"
	"bailiwick/internal/db"
	"bailiwick/internal/door"
	"bailiwick/internal/gate"
	"bailiwick/internal/importer"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
	"bailiwick/internal/web"
)

var ctx = context.Background()

const (
	email    = "ada@northwind.example"
	password = "correct horse battery staple nine"
)

// world is a whole server over a database of its own, with an administrator
// who is signed in.
type world struct {
	*app.App
	b       *bench
	db      *db.DB
	engine  string
	dir     string
	target  string
	admin   gate.Actor
	adminID string
	org     string
	company string
	code    seal.Code
	bearer  string
	addr    string
}

// world makes a server. Password records are made at the cost that the
// product makes them at.
func (b *bench) world(engine string) *world { return b.worldAt(engine, seal.Present) }

func (b *bench) worldAt(engine string, cost seal.Cost) *world {
	w := &world{b: b, engine: engine, dir: b.folder(), code: seal.NewCode()}
	w.target = w.dir
	if engine == "postgres" {
		w.target = b.postgres().database()
	}
	var err error
	w.db, err = db.Open(ctx, w.target, db.Options{})
	must(err)
	instance, err := seal.InstanceKey(filepath.Join(w.dir, "instance.key"))
	must(err)
	argon, err := seal.NewArgonAt(cost, app.Checks, 32)
	must(err)
	w.App = app.New(w.db, instance, argon, clock.System{})
	made, err := w.Org.Setup(ctx, org.Setup{Organization: "Northwind IT", Name: "Ada Admin", Email: email,
		Password: seal.NewSecret(password), Code: w.code, Recovery: seal.NewCode()}, "127.0.0.1", nil)
	must(err)
	w.org, w.company, w.adminID = made.Org, made.Company, made.User
	in, err := w.Sessions.Begin(ctx, made, "127.0.0.1", "bench", nil)
	must(err)
	w.bearer = session.Bearer(session.KindSession, in.Org, in.Token)
	w.admin, err = w.Sessions.Resume(ctx, w.bearer, "127.0.0.1", nil)
	must(err)
	w.addr = b.serve(w.handler())
	b.later(w.close)
	return w
}

func (w *world) close() {
	if w.App != nil {
		w.App.Close()
		w.db.Close()
		w.App = nil
	}
}

// handler mounts the front doors as the server does.
func (w *world) handler() http.Handler {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))
	table := door.New(log, nil, func(rw http.ResponseWriter, r *http.Request, err error) {
		if api.Owns(r.URL.Path) {
			api.Failed(log, rw, r, err)
			return
		}
		web.Failed(log, rw, r, err)
	})
	web.Mount(w.App, table, web.Options{Log: log})
	api.Mount(w.App, table, log)
	h, err := table.Compressed()
	must(err)
	return h
}

// client adds a client.
func (w *world) client(name string) string {
	id, err := w.Clients.Add(ctx, w.admin, client.Input{Name: name, ShortCode: fmt.Sprintf("%.3s", name)})
	must(err)
	return id
}

// credentials puts so many into a client, many by an import (into folders),
// and gives their ids.
func (w *world) credentials(place vault.Place, n int) []string {
	if n <= 250 {
		ids := make([]string, n)
		for i := range ids {
			var err error
			ids[i], err = w.Vault.Add(ctx, w.admin, place, sample(i))
			must(err)
		}
		return ids
	}
	w.load(0, n, importer.Choices{Duplicates: importer.Add, To: importer.Destination{Client: place.Client}})
	list, _, err := w.Vault.List(ctx, w.admin, vault.Listing{Place: place})
	must(err)
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	return ids
}

// sample is the i-th believable credential.
func sample(i int) vault.Input {
	kinds := []string{"Server", "Router", "Firewall", "Switch", "Local administrator", "Microsoft 365", "Website", "VPN", "SQL server", "Wi-Fi"}
	in := vault.Input{Type: kinds[i%len(kinds)]}
	in.Title = fmt.Sprintf("%s %05d main office", in.Type, i)
	in.Username = []string{"administrator", "svc-backup", "root", "jane.doe"}[i%4]
	in.URLs = []string{fmt.Sprintf("https://srv-%d.contoso.example/login", i)}
	in.Tags = []string{"production"}
	in.Password = fmt.Sprintf("p-%x,;correct", i*7919)
	in.Notes = "Rack 12, second from the top. Ask the caretaker for the key."
	return in
}

// sql runs a text on the database as it is, for rows that no feature makes in
// such numbers.
func (w *world) sql(fn func(exec func(text string, args ...any))) {
	must(w.db.Write(ctx, "", func(tx *db.Tx) error {
		fn(func(text string, args ...any) {
			_, err := tx.Exec(ctx, text, args...)
			must(err)
		})
		return nil
	}))
}
