package client

import (
	"context"

	"bailiwick/internal/gate"
)

// Get gives one client.
func (s *Store) Get(ctx context.Context, who gate.Actor, clientID string) (Client, error) {
	return gate.Do(ctx, s.gate, who, OpView, gate.Client(clientID), func(tx *gate.Tx) (Client, error) {
		return get(tx, clientID)
	})
}

func get(tx *gate.Tx, clientID string) (Client, error) {
	c, err := scan(tx.Row(sqlOne, tx.Who().User(), clientID))
	if err != nil {
		return c.Client, err
	}
	if c.Credentials, err = count(tx, clientID); err != nil {
		return c.Client, err
	}
	flags, err := flagsOf(tx, []string{clientID})
	if err != nil {
		return c.Client, err
	}
	c.Flagged, c.FlaggedFor = len(flags[clientID]), byCause(flags[clientID])
	c.permit(tx)
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
