// Package app puts the parts of a server together: database, gate, features.
// The front doors are mounted on it by cmd and by tests alike.
package app

import (
	"context"
	"errors"
	"strings"

	"bailiwick/internal/access"
	"bailiwick/internal/audit"
	"bailiwick/internal/client"
	"bailiwick/internal/clock"
	"bailiwick/internal/db"
	"bailiwick/internal/exporter"
	"bailiwick/internal/extlink"
	"bailiwick/internal/factor"
	"bailiwick/internal/gate"
	"bailiwick/internal/importer"
	"bailiwick/internal/kb"
	"bailiwick/internal/keylink"
	"bailiwick/internal/mail"
	"bailiwick/internal/org"
	"bailiwick/internal/people"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

// App is every feature over one database.
type App struct {
	Clock    clock.Clock
	Gate     *gate.Gate
	Org      *org.Store
	Sessions *session.Store
	People   *people.Store
	Access   *access.Store
	Clients  *client.Store
	Vault    *vault.Store
	Imports  *importer.Store
	Audit    *audit.Store
	Mail     *mail.Store
	KeyLinks *keylink.Store
	Factors  *factor.Store
	Links    *extlink.Store
	Exports  *exporter.Store
	Bases    *kb.Store
	public   string
}

// New makes the features over an open database.
func New(d *db.DB, instance seal.Key, argon *seal.Argon, c clock.Clock) *App {
	g := gate.New(d, c)
	g.Requests(instance.Derive("idempotency"))
	o := org.New(g, instance, argon)
	clients, post := client.New(g, o), mail.New(g, instance, o.Confirm)
	factors, keys := factor.New(g, o, post), keylink.New(g, o, post)
	bases := kb.New(g, post, instance.Derive("voices"))
	sessions, v := session.New(g, o, factors, post, c), vault.New(g, o)
	imports := importer.New(g, clients)
	sessions.OnOpen(imports.Opened)
	sessions.OnOpen(v.Opened)
	return &App{Clock: c, Gate: g, Org: o, Sessions: sessions, People: people.New(g, o, post, keys, factors, sessions, bases), Access: access.New(g, post),
		Clients: clients, Imports: imports, Vault: v, Audit: audit.New(g, v.TitlesOf), Mail: post, KeyLinks: keys, Factors: factors, Links: extlink.New(g, o, post, v), Exports: exporter.New(g, v, o.Confirm), Bases: bases}
}

// Sweep drops keys and search structures that nobody has used for a while,
// from memory and from the sessions' rows, and flags passwords that should be
// changed. It is to be called about once a minute; what failed is done by the
// next one.
func (a *App) Sweep() error {
	a.Vault.Sweep()
	ctx := context.Background()
	return errors.Join(a.Sessions.Sweep(ctx), a.Imports.Sweep(ctx), a.Mail.Sweep(ctx), a.People.Sweep(ctx), a.Factors.Sweep(ctx), a.Links.Sweep(ctx), a.Vault.Rotate(ctx), a.Vault.Check(ctx), a.Bases.Sweep(ctx))
}

// ServeAt tells the features the address of this server: for links in mails,
// and for passkeys.
func (a *App) ServeAt(public string) {
	a.public = public
	a.Mail.ServeAt(public)
	a.Factors.ServeAt(public)
}

// Public is the address of this server without a slash at its end, "" if it is
// not known.
func (a *App) Public() string { return strings.TrimSuffix(a.public, "/") }

// Close stops background jobs; they go on when their starters come back, mails
// when a server is there again. The database is to be closed after it.
func (a *App) Close() {
	a.People.Close()
	a.Imports.Close()
	a.Mail.Close()
}
