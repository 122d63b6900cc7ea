package client

import (
	"context"

	"bailiwick/internal/gate"
)

// Overview is what the first page of a client shows besides the client itself.
// Credentials are named by id: their titles are the vault's to open.
type Overview struct {
	Panel  Panel
	Banner Banner
	Counts Counts
	Due    []Due  // what expires soon or has expired, the earliest first
	Flags  []Flag // by when they were flagged
}

// Overview gives the overview of a client.
func (s *Store) Overview(ctx context.Context, who gate.Actor, clientID string) (Overview, error) {
	return gate.Do(ctx, s.gate, who, OpOverview, gate.Client(clientID), func(tx *gate.Tx) (o Overview, err error) {
		if o.Panel, err = panelOf(tx, clientID); err != nil {
			return o, err
		}
		if o.Banner, err = bannerOf(tx, clientID); err != nil {
			return o, err
		}
		if o.Counts, err = countsOf(tx, clientID); err != nil {
			return o, err
		}
		if o.Due, err = dueOf(tx, clientID); err != nil {
			return o, err
		}
		o.Flags, err = flagsOf(tx, clientID)
		for _, d := range o.Due {
			if d.Passed {
				o.Counts.Expired++
			} else {
				o.Counts.Expiring++
			}
		}
		return o, err
	})
}
