package demo

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/seal"
)

// The demo's own titles, usernames, addresses, notes and secrets must not be
// readable in a copy of its directory. The clients' names are: the scan has to
// find them, or it would find nothing.
func TestNothingOfTheDemoLiesOpen(t *testing.T) {
	dir := dbtest.SQLiteDir(t, nil)
	d, err := db.Open(context.Background(), dir, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := Fill(context.Background(), d, seal.NewKey(), time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	sealed := []string{"FortiGate 60F", "Aruba 2930F", "Break-glass", "Certification portal", "My lab hypervisor", "unifi-admin", "backup-svc",
		"administrator@", "https://fw1.", "registrar.example", "dual control", "tier 0", "Enable secret", "walnut-"}
	sealed = append(sealed, notes...)
	for _, c := range clients {
		if c.notes != "" {
			sealed = append(sealed, c.notes)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) < 2 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	found := false
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		found = found || bytes.Contains(data, []byte(clients[0].name))
		for _, s := range sealed {
			if bytes.Contains(bytes.ToLower(data), bytes.ToLower([]byte(s))) {
				t.Errorf("%s holds %q in the open", filepath.Base(name), s)
			}
		}
	}
	if !found {
		t.Error("the scan does not see the client names either")
	}
}
