package apptest

import (
	"context"
	"errors"
	"testing"

	"bailiwick/internal/db"
)

const (
	recounted = `SELECT c.org_id, c.client_id, COALESCE(c.folder_id, ''), CASE WHEN c.alone THEN c.id ELSE '' END, COALESCE(b.bits, 0), COUNT(*)
		FROM credentials c LEFT JOIN flag_bits b ON b.org_id = c.org_id AND b.credential_id = c.id WHERE c.archived_at = 0 AND c.client_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5`
	kept = `SELECT org_id, client_id, folder_id, item, flagged, n FROM credential_sums`
)

// SumsAreRight compares the sums that are kept with what there is, after
// each test that has a world: so every change of places and flags is covered.
func SumsAreRight(t testing.TB, d *db.DB) {
	for what, text := range map[string]string{"is not kept": recounted + ` EXCEPT ` + kept, "is kept and is not so": kept + ` EXCEPT ` + recounted} {
		err := d.Read(context.Background(), func(tx *db.Tx) error {
			rows, err := tx.Query(context.Background(), text)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var org, client, folder, item string
				var flagged, n int
				if err := rows.Scan(&org, &client, &folder, &item, &flagged, &n); err != nil {
					return err
				}
				t.Errorf("sum %s: org %s client %s folder %q item %q flagged %b: %d", what, org, client, folder, item, flagged, n)
			}
			return rows.Err()
		})
		if err != nil && !errors.Is(err, db.ErrClosed) && !errors.Is(err, db.ErrLost) {
			t.Errorf("sums: %v", err)
		}
	}
}
