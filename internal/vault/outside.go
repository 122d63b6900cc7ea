package vault

import (
	"bailiwick/internal/extlink"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

// ForCopy opens a credential of which somebody outside is to get a copy. Who
// makes a copy with a secret in it could look at it himself, so that takes what
// Reveal takes, and he knows this version of the password from then on.
func (s *Store) ForCopy(tx *gate.Tx, credential string, secrets bool) (extlink.Original, error) {
	c, err := load(tx, credential)
	if err != nil {
		return extlink.Original{}, err
	}
	o := extlink.Original{Client: c.ClientID, Rev: c.rev, Archived: c.Archived, Copy: extlink.Copy{Title: c.Title, Username: c.Username, URLs: c.URLs}}
	if !secrets {
		return o, nil
	}
	if !tx.May(OpReveal, gate.Credential(credential)) {
		return o, fault.NotFound()
	}
	secret, err := c.openSecret(tx.Who().Org())
	if err != nil {
		return o, err
	}
	o.Password, o.Notes = secret.Password, secret.Notes
	for _, f := range secret.Fields {
		o.Fields = append(o.Fields, extlink.Field{Name: f.Name, Value: f.Value, Hidden: f.Hidden})
	}
	return o, saw(tx, credential, c.rev)
}
