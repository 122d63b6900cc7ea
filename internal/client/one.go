package client

import (
	"context"

	"bailiwick/internal/gate"
	"bailiwick/internal/vault"
)

// Get gives one client.
func (s *Store) Get(ctx context.Context, who gate.Actor, clientID string) (Client, error) {
	return gate.Do(ctx, s.gate, who, OpView, gate.Client(clientID), func(tx *gate.Tx) (Client, error) {
		return get(tx, clientID)
	})
}

func get(tx *gate.Tx, clientID string) (Client, error) {
	c, err := Read(tx, clientID)
	if err != nil {
		return c, err
	}
	sums, err := vault.Sums(tx, clientID)
	if err != nil {
		return c, err
	}
	c.Sum = sums[clientID]
	c.permit(tx)
	return c, nil
}

// Read gives a client's own facts, without numbers and rights. The caller has
// decided that the actor may have them.
func Read(tx *gate.Tx, clientID string) (Client, error) {
	c, err := scan(tx.Row(sqlOne, tx.Who().User(), clientID))
	if err != nil {
		return c.Client, err
	}
	lying, err := inNotes.load(tx, clientID)
	if err != nil {
		return c.Client, err
	}
	if c.Notes, c.Sealed, err = inNotes.open(tx, clientID, lying); err != nil {
		return c.Client, err
	}
	err = c.open(tx)
	return c.Client, err
}

// Input is what can be set of it, as it stands.
func (c Client) Input() Input {
	return Input{c.Name, c.ShortCode, c.Phone, c.Address, c.Website, c.Notes, c.Tags, c.RotationDays, c.Types}
}
