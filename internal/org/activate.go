package org

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// Activating is the keys of a site that its first Site Administrator is about
// to activate: made outside of the transaction that stores them.
type Activating struct {
	Made  Made
	epoch *Epoch
	proof seal.Activation
}

// Activating makes the keys of a site and of the administrator who activates
// it. The caller has read the site with ToActivate.
func (s *Store) Activating(ctx context.Context, site, user string, password seal.Secret, code, recovery seal.Code, proof seal.Activation) (Activating, error) {
	made, e, err := s.founding(ctx, site, user, password, code, recovery)
	return Activating{made, e, proof}, err
}

var (
	sqlProvider = gate.Across("a site's provider is checked by the fingerprint that the activation link carries",
		`SELECT p.id, p.name, p.sign_public FROM organizations s JOIN organizations p ON p.id = s.provider_id WHERE s.id = $1`)
	// The provider's next open session pins the key before anything else.
	sqlSharesDue = gate.SQL(`UPDATE organizations SET shares_due_at = $2 WHERE id = $1 AND shares_due_at = 0`)
	sqlActivate  = gate.SQL(`UPDATE organizations SET sign_public = $2, site_mac = $3, activated_at = $4 WHERE id = $1 AND kind = 'site' AND activated_at = 0`)
)

// ProviderOf gives the provider of the site that a stranger's operation is
// bound to, and its public signing key as its row has it; "" in a provider.
func ProviderOf(tx *gate.Tx) (provider, name string, sign []byte, err error) {
	err = tx.Everywhere(sqlProvider, func(r *gate.Rows) error { return r.Scan(&provider, &name, &sign) }, tx.Who().Org())
	return provider, name, sign, err
}

// CheckActivation refuses a link that is not of this site's provider.
func CheckActivation(tx *gate.Tx, proof seal.Activation) error {
	_, name, sign, err := ProviderOf(tx)
	if err == nil && !proof.Fits(sign) {
		err = fault.Titled("This code is not the one of the link", "The link does not fit the keys of %s. Open it as it stands in the mail, or ask for a new one; if that does not fit either, the database was changed from outside, and the site must not be activated.", name)
	}
	return err
}

// Activate stores the keys of a site: from here on it has a vault, and its
// provider can share with it. The user's row is as an invitation left it but
// for his name. Of two who activate at once exactly one does.
func (s *Store) Activate(tx *gate.Tx, a Activating) error {
	provider, _, sign, err := ProviderOf(tx)
	if err != nil {
		return err
	}
	if err := CheckActivation(tx, a.proof); err != nil {
		return err
	}
	public := a.epoch.Sign.Public()
	n, err := tx.Exec(sqlActivate, public, a.proof.MAC(a.epoch.Org, public), tx.Millis())
	if err == nil && n != 1 {
		err = fault.Titled("The site is activated already", "The site was activated a moment ago by another of its administrators. Open the link in the mail once more: it still lets you in.")
	}
	if err != nil {
		return err
	}
	if err := s.found(tx, a.epoch, a.Made, "activation"); err != nil {
		return err
	}
	if err := pin(tx, a.epoch, provider, sign); err != nil {
		return err
	}
	return tx.Beside(provider, func(b *gate.Tx) error {
		_, err := b.Exec(sqlSharesDue, b.Millis())
		return err
	})
}
