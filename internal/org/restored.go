package org

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bailiwick/internal/gate"
)

// OpRestored notes that the database was restored from a backup. Nobody is
// signed in then, and every session is gone.
var OpRestored = gate.Define(gate.Op{Name: "organization.restored", Sentence: "Note that the database was restored from a backup (at the server's own command line)", Scope: gate.Anyone, Write: true, Audit: true})

// Restored writes the event into every organization's audit log: what stands
// before it is of the backup's time.
func (s *Store) Restored(ctx context.Context, made time.Time) error {
	orgs, err := s.everyID(ctx)
	for _, org := range orgs {
		_, failed := gate.Do(ctx, s.gate, gate.Stranger(org, "", nil), OpRestored, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			ev := tx.Event()
			ev.Kind, ev.ID, ev.Name = "organization", org, fmt.Sprintf("backup of %s UTC", made.UTC().Format("2006-01-02 15:04:05"))
			return true, nil
		})
		err = errors.Join(err, failed)
	}
	return err
}

var sqlEveryID = gate.Across("who restores or recovers a database is not yet of an organization", `SELECT id FROM organizations ORDER BY created_at, id`)

func (s *Store) everyID(ctx context.Context) ([]string, error) {
	return gate.Do(ctx, s.gate, gate.Stranger("", "", nil), opEmpty, gate.Nothing(), func(tx *gate.Tx) (ids []string, err error) {
		err = tx.Everywhere(sqlEveryID, func(r *gate.Rows) error {
			var id string
			err := r.Scan(&id)
			ids = append(ids, id)
			return err
		})
		return ids, err
	})
}
