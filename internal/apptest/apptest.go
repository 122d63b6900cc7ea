// Package apptest sets up a whole server in a test: a real database, a
// provider with its keys, people of several levels, and actors who are signed
// in as they would be.
//
// It is for tests only, and it mocks nothing.
package apptest

import (
	"context"
	"testing"
	"time"

	"bailiwick/internal/app"
	"bailiwick/internal/clock"
	"bailiwick/internal/db"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/people"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
)

// Password is everybody's password in tests.
const Password = "correct horse battery staple nine"

// Cheap is the cheapest Argon2id that the bounds allow.
var Cheap = seal.Cost{Time: 2, MemoryKiB: 19 * 1024, Threads: 1}

// World is a server with one provider.
type World struct {
	*app.App
	T        testing.TB
	Clock    *clock.Fake
	Instance seal.Key
	OrgID    string
	Company  string
	Code     seal.Code
	Recovery seal.Code
	Admin    gate.Actor
	AdminID  string
}

// New sets up a provider on a database.
func New(t testing.TB, d *db.DB) *World {
	t.Helper()
	argon, err := seal.NewArgonAt(Cheap, 2, 32)
	if err != nil {
		t.Fatal(err)
	}
	w := &World{T: t, Clock: clock.NewFake(time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)), Instance: seal.NewKey(), Code: seal.NewCode(), Recovery: seal.NewCode()}
	w.App = app.New(d, w.Instance, argon, w.Clock)
	t.Cleanup(w.App.Close)
	t.Cleanup(func() { SumsAreRight(t, d) })
	made, err := w.App.Org.Setup(context.Background(), org.Setup{Organization: "Northwind IT", Name: "Ada Admin", Email: "ada@northwind.example",
		Password: seal.NewSecret(Password), Code: w.Code, Recovery: w.Recovery}, "127.0.0.1", nil)
	w.Must(err)
	w.OrgID, w.Company, w.AdminID = made.Org, made.Company, made.User
	first, err := w.Sessions.Begin(context.Background(), made, "127.0.0.1", "test", nil)
	w.Must(err)
	w.Admin = w.Resume(first)
	return w
}

// Must ends the test on an error.
func (w *World) Must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// Resume gives the actor of a session that was just begun.
func (w *World) Resume(s session.SignedIn) gate.Actor {
	w.T.Helper()
	who, err := w.Sessions.Resume(context.Background(), s.Bearer(), "127.0.0.1", nil)
	w.Must(err)
	return who
}

// Enrol makes a user of a level and gives his id; "" makes a guest.
func (w *World) Enrol(name, level string) string {
	w.T.Helper()
	id, err := w.People.Enrol(context.Background(), w.Admin, people.NewUser{Name: name, Email: name + "@northwind.example", Level: level, Password: seal.NewSecret(Password)})
	w.Must(err)
	return id
}

// SignIn signs a user in on a new browser with the Organization Key.
func (w *World) SignIn(name string) gate.Actor {
	w.T.Helper()
	return w.Resume(w.SignedIn(name))
}

// SignedIn signs a user in and gives what his browser would keep.
func (w *World) SignedIn(name string) session.SignedIn {
	w.T.Helper()
	s, err := w.Sessions.SignIn(context.Background(), session.SignIn{Email: name + "@northwind.example", Password: seal.NewSecret(Password), Code: w.Code, IP: "127.0.0.1", Agent: "test"})
	w.Must(err)
	return s
}
