// Package backup takes backups while others write, and shows what is in them
// and who can open it afterwards.
package backup

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"bailiwick/internal/app"
	"bailiwick/internal/apptest"
	"bailiwick/internal/backup"
	"bailiwick/internal/clock"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
)

var ctx = context.Background()

const again = "a quite different pass phrase 41"

// engine is how a test gets databases: one with a schema, and a place for one.
type engine struct {
	name         string
	filled, bare func(*testing.T) string
}

var engines = []engine{
	{"sqlite", func(t *testing.T) string { return dbtest.SQLiteDir(t, nil) }, func(t *testing.T) string { return t.TempDir() }},
	{"postgres", func(t *testing.T) string { return dbtest.PostgresURL(t, nil) }, func(t *testing.T) string { return dbtest.PostgresURL(t, fstest.MapFS{}) }},
}

func each(t *testing.T, fn func(*testing.T, engine)) {
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) { fn(t, e) })
	}
}

func open(t *testing.T, target string) *db.DB {
	t.Helper()
	d, err := db.Open(ctx, target, db.Options{Connections: 12})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// backedUp takes an encrypted backup beside whoever has the database open.
func backedUp(t *testing.T, target string) (file []byte, key seal.Openers, s backup.Summary) {
	t.Helper()
	secret, public, err := seal.NewFileKey()
	must(t, err)
	reader, err := seal.ParseReader(public)
	must(t, err)
	key, err = seal.ParseOpeners(strings.NewReader(secret.Reveal()))
	must(t, err)
	d, err := db.OpenToRead(ctx, target)
	must(t, err)
	defer d.Close()
	var b bytes.Buffer
	w, err := seal.EncryptFile(&b, reader)
	must(t, err)
	s, err = backup.Save(ctx, d, w, clock.System{}.Now())
	must(t, err)
	must(t, w.Close())
	return b.Bytes(), key, s
}

func restored(t *testing.T, file []byte, key seal.Openers, place string) *db.DB {
	t.Helper()
	_, err := backup.Load(ctx, decrypted(t, file, key), place, clock.System{}.Now())
	must(t, err)
	return open(t, place)
}

func decrypted(t *testing.T, file []byte, key seal.Openers) io.Reader {
	t.Helper()
	r, err := seal.DecryptFile(bytes.NewReader(file), key)
	must(t, err)
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// server is a server of its own over a database.
func server(t *testing.T, d *db.DB, instance seal.Key) *app.App {
	t.Helper()
	argon, err := seal.NewArgonAt(apptest.Cheap, 2, 32)
	must(t, err)
	a := app.New(d, instance, argon, clock.System{})
	t.Cleanup(a.Close)
	return a
}

// signedIn signs in on a new browser and opens the vault with what is typed: an
// Organization Key or a recovery code.
func signedIn(t *testing.T, a *app.App, email, password, typed string) gate.Actor {
	t.Helper()
	s, err := a.Sessions.SignIn(ctx, session.SignIn{Email: email, Password: seal.NewSecret(password), IP: "127.0.0.1", Agent: "test"})
	must(t, err)
	bearer := session.Bearer(session.KindSession, s.Org, s.Token)
	who, err := a.Sessions.Resume(ctx, bearer, "127.0.0.1", nil)
	must(t, err)
	in := session.Open{Bearer: bearer}
	must(t, in.Type(typed))
	_, err = a.Sessions.Open(ctx, who, in)
	must(t, err)
	who, err = a.Sessions.Resume(ctx, bearer, "127.0.0.1", nil)
	must(t, err)
	return who
}

func recovery(code seal.Code, email string) org.Recovery {
	return org.Recovery{Code: code, Email: email, Password: seal.NewSecret(again)}
}
