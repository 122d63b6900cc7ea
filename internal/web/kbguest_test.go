package web

import (
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
)

// TestGuestsDashboard: a guest finds the knowledge bases that he reads, and
// nothing of the vault's business.
func TestGuestsDashboard(t *testing.T) {
	d := dbtest.SQLite(t)
	w := apptest.New(t, d)
	s := mountSite(t, w.App, Options{})
	s.World = w
	guest := s.Enrol("gus", "")
	base, err := s.Bases.Add(t.Context(), s.Admin, kb.NewBase{Path: "help", Name: "Help desk"})
	s.Must(err)
	_, err = s.Bases.Add(t.Context(), s.Admin, kb.NewBase{Path: "secret", Name: "Not his"})
	s.Must(err)
	s.Must(s.Bases.SetRole(t.Context(), s.Admin, base, guest, gate.Reader))
	s.Must(d.Write(t.Context(), "", func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE organizations SET epoch_due_at = 1, epoch_due_why = 'a user was disabled'`)
		return err
	}))
	b := s.surfer(t)
	b.post("/sign-in", "email", "gus@northwind.example", "password", apptest.Password)
	b.get("/").says(200, "Help desk", "Reader").holds(`href="/o/northwind-it/kb/help/"`).lacks("Nothing is shared with you yet", "Not his", "New keys of the vault")
}
