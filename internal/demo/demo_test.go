package demo

import (
	"context"
	"testing"
	"time"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/seal"
)

func TestFill(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		began, now := time.Now(), time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
		made, err := Fill(context.Background(), d, seal.NewKey(), now)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(time.Since(began))
		if len(made.Accounts) != 23 || len(clients) != 25 {
			t.Fatalf("%d accounts, %d clients", len(made.Accounts), len(clients))
		}
		with := 0
		for _, a := range made.Accounts {
			if a.TOTP != "" && len(a.RecoveryCodes) > 0 {
				with++
			}
		}
		texts, scheduled := 0, 0
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.Row(t.Context(), `SELECT COUNT(*), COUNT(CASE WHEN published_at > $1 THEN 1 END) FROM kb_articles WHERE published_at <> 0`, now.UnixMilli()).Scan(&texts, &scheduled)
		}); err != nil || texts != 30 || scheduled != 1 {
			t.Errorf("%d articles, %d scheduled: %v", texts, scheduled, err)
		}
		late := 0
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.Row(t.Context(), `SELECT COUNT(*) FROM audit_events WHERE at > $1`, now.UnixMilli()).Scan(&late)
		}); err != nil || late != 0 {
			t.Errorf("%d events are in the future: %v", late, err)
		}
		colour := ""
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.Row(t.Context(), `SELECT value FROM settings WHERE name = 'brand-colour'`).Scan(&colour)
		}); err != nil || colour != brandColour {
			t.Errorf("the colour is %q: %v", colour, err)
		}
		if with != 1 {
			t.Errorf("%d accounts have a second factor and what it takes to sign in, want 1", with)
		}
	})
}
