package org

import (
	"context"

	"bailiwick/internal/brand"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

const brandColour = "brand-colour"

// ColourOf is, in a query on organizations o that ColourFrom follows, the
// colour of an organization's pages: its own, or else its provider's.
const (
	ColourOf   = `COALESCE(own.value, theirs.value, '')`
	ColourFrom = ` LEFT JOIN settings own ON own.org_id = o.id AND own.name = '` + brandColour + `'
		LEFT JOIN settings theirs ON theirs.org_id = o.provider_id AND theirs.name = '` + brandColour + `' `
)

var (
	OpBrand    = gate.Define(gate.Op{Name: "organization.brand", Sentence: "See the organization's colour", Scope: gate.Whole, Needs: perm.AdminOrganizationBranding, View: true})
	OpSetBrand = gate.Define(gate.Op{Name: "organization.brand.set", Sentence: "Change the organization's colour", Scope: gate.Whole, Needs: perm.AdminOrganizationBranding, Write: true, Audit: true, Once: true})

	sqlBrand = gate.SQLShared("a provider and its sites are a family", `SELECT COALESCE(own.value, ''), `+ColourOf+` FROM organizations o`+ColourFrom+`WHERE o.id = $1`)

	sqlSetBrand  = gate.SQL(`INSERT INTO settings (org_id, name, value) VALUES ($1, '` + brandColour + `', $2) ON CONFLICT (org_id, name) DO UPDATE SET value = $2`)
	sqlDropBrand = gate.SQL(`DELETE FROM settings WHERE org_id = $1 AND name = '` + brandColour + `'`)
)

// Brand is the colour that an organization chose, and the one that its pages
// have: where a site chose none, its provider's.
type Brand struct{ Own, Shown brand.Colour }

// Brand gives the organization's colour.
func (s *Store) Brand(ctx context.Context, who gate.Actor) (Brand, error) {
	return gate.Do(ctx, s.gate, who, OpBrand, gate.Nothing(), func(tx *gate.Tx) (b Brand, err error) {
		var own, shown string
		err = tx.Row(sqlBrand).Scan(&own, &shown)
		b.Own, _ = brand.Parse(own)
		b.Shown, _ = brand.Parse(shown)
		return b, err
	})
}

// NoColour says how a colour is typed.
const NoColour = "Type a colour as # and six digits out of 0–9 and a–f, such as #2b6cb0."

// SetBrand chooses a colour, "#rrggbb", or with "" none. Pages that are kept
// for passers-by are kept by colour, so the change holds at once, in a
// provider's sites too.
func (s *Store) SetBrand(ctx context.Context, who gate.Actor, text string) error {
	c, ok := brand.Parse(text)
	if !ok && text != "" {
		return fault.Bad("colour", NoColour)
	}
	_, err := gate.Do(ctx, s.gate, who, OpSetBrand, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		e := tx.Event()
		e.Kind, e.Fields = "organization", []string{"none"}
		if !ok {
			_, err := tx.Exec(sqlDropBrand)
			return true, err
		}
		e.Fields = []string{c.String()}
		_, err := tx.Exec(sqlSetBrand, c.String())
		return true, err
	})
	return err
}
