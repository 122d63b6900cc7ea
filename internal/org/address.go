package org

import (
	"context"

	"bailiwick/internal/brand"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

// Address is what the sign-in page at an organization's own address shows.
type Address struct {
	ID, Name, Slug string
	Provider       string // name of a site's provider
	Colour         brand.Colour
}

const addressOf = `o.id, o.name, o.slug, COALESCE(p.name, ''), ` + ColourOf + ` FROM organizations o LEFT JOIN organizations p ON p.id = o.provider_id` + ColourFrom + `WHERE `

var (
	opAddress  = gate.Define(gate.Op{Name: "organization.address", Sentence: "Find the organization of a sign-in address", Scope: gate.Anyone})
	sqlOnly    = gate.Across("where there is one organization only, the common address is its own", `SELECT id, name, slug FROM organizations WHERE provider_id IS NULL ORDER BY created_at, id LIMIT 2`)
	sqlAddress = gate.Across("its own address tells the organization before anybody signs in", `SELECT `+addressOf+`o.slug = $1`)
	sqlByID    = gate.Across("pages before signing in show whose they are", `SELECT `+addressOf+`o.id = $1`)
)

// BySlug finds the organization of the address /o/<slug>.
func (s *Store) BySlug(ctx context.Context, slug, ip string, trace *gate.Trace) (Address, error) {
	return s.address(ctx, sqlAddress, slug, ip, trace)
}

// ByID finds the organization that a link or a sign-in on its way is of.
func (s *Store) ByID(ctx context.Context, id, ip string, trace *gate.Trace) (Address, error) {
	return s.address(ctx, sqlByID, id, ip, trace)
}

func (s *Store) address(ctx context.Context, stmt gate.Everywhere, of, ip string, trace *gate.Trace) (Address, error) {
	return gate.Do(ctx, s.gate, gate.Stranger("", ip, trace), opAddress, gate.Nothing(), func(tx *gate.Tx) (a Address, err error) {
		err = tx.Everywhere(stmt, func(r *gate.Rows) error {
			var colour string
			err := r.Scan(&a.ID, &a.Name, &a.Slug, &a.Provider, &colour)
			a.Colour, _ = brand.Parse(colour)
			return err
		}, of)
		if err == nil && a.ID == "" {
			err = fault.NotFound()
		}
		return a, err
	})
}

// Only finds the one organization of a server that has no other.
func (s *Store) Only(ctx context.Context, ip string, trace *gate.Trace) (Address, error) {
	return gate.Do(ctx, s.gate, gate.Stranger("", ip, trace), opAddress, gate.Nothing(), func(tx *gate.Tx) (a Address, err error) {
		n := 0
		err = tx.Everywhere(sqlOnly, func(r *gate.Rows) error {
			n++
			return r.Scan(&a.ID, &a.Name, &a.Slug)
		})
		if err == nil && n != 1 {
			return Address{}, fault.NotFound()
		}
		return a, err
	})
}
