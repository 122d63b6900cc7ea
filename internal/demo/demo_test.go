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
		began := time.Now()
		made, err := Fill(context.Background(), d, seal.NewKey(), time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
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
		if with != 1 {
			t.Errorf("%d accounts have a second factor and what it takes to sign in, want 1", with)
		}
	})
}
