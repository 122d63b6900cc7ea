package mail

import (
	"bailiwick/internal/brand"
	"bailiwick/internal/gate"
)

// sender is whose mail it is.
type sender struct {
	org      string // name
	provider string // name of the provider that a site belongs to, which its users see for the product's; "" at a provider
	colour   brand.Colour
}

// The colour is that of the organization's pages: its own, or its provider's.
var sqlSender = gate.SQLShared("users of a site see their provider's name and colour", `SELECT o.name, COALESCE(p.name, ''), COALESCE(own.value, theirs.value, '') FROM organizations o
	LEFT JOIN organizations p ON p.id = o.provider_id LEFT JOIN settings own ON own.org_id = o.id AND own.name = 'brand-colour'
	LEFT JOIN settings theirs ON theirs.org_id = o.provider_id AND theirs.name = 'brand-colour' WHERE o.id = $1`)

func readSender(tx *gate.Tx) (from sender, err error) {
	var colour string
	err = tx.Row(sqlSender).Scan(&from.org, &from.provider, &colour)
	from.colour, _ = brand.Parse(colour)
	return from, err
}

// colours are those of the button and the link, on light and on dark.
type colours struct{ Button, On, Link, DarkButton, DarkOn, DarkLink string }

func coloursOf(c brand.Colour) colours {
	if !c.Chosen() {
		return colours{"#1f5fbf", "#ffffff", "#1f5fbf", "#2f6fd0", "#ffffff", "#8ab8ff"}
	}
	p := brand.Of(c)
	return colours{p.Light.Primary.String(), p.Light.Foreground.String(), p.Light.Text.String(), p.Dark.Primary.String(), p.Dark.Foreground.String(), p.Dark.Text.String()}
}
