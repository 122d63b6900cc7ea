package backup

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"
)

// history is what the single serial history of an organization says, from its
// audit log: hashes of the events 1, 2, 3, … and who was made by which.
type history struct {
	leaves [][]byte
	added  map[string]int64 // credential: number of the event
}

func historyOf(t *testing.T, d *db.DB) history {
	t.Helper()
	h := history{added: map[string]int64{}}
	err := d.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(ctx, `SELECT seq, operation, target_id, leaf_hash FROM audit_events ORDER BY seq`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var seq int64
			var op, id string
			var leaf []byte
			if err := rows.Scan(&seq, &op, &id, &leaf); err != nil {
				return err
			}
			h.leaves = append(h.leaves, leaf)
			if seq != int64(len(h.leaves)) {
				return fmt.Errorf("event %d stands as number %d", seq, len(h.leaves))
			}
			if op == "credential.add" {
				h.added[id] = seq
			}
		}
		return rows.Err()
	})
	must(t, err)
	return h
}

func credentialsOf(t *testing.T, d *db.DB) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	err := d.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id FROM credentials`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			ids[id] = true
		}
		return rows.Err()
	})
	must(t, err)
	return ids
}

// TestBackupUnderLoad takes a backup while eight write. What is restored is
// the serial history up to one point: every event of 1…k, the credentials
// that they made, nothing later; and k is not before what was acknowledged
// when the backup began. The restored vault opens with the Recovery key alone.
func TestBackupUnderLoad(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		target := e.filled(t)
		d := open(t, target)
		w := apptest.New(t, d)
		contoso, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Contoso"})
		w.Must(err)

		const before, writers = 60, 8
		var mu sync.Mutex
		acknowledged := map[string]string{} // credential: its password
		enough, stop := make(chan struct{}), make(chan struct{})
		var all sync.WaitGroup
		for n := range writers {
			all.Go(func() {
				for i := 0; ; i++ {
					select {
					case <-stop:
						return
					default:
					}
					password := fmt.Sprintf("password %d of %d", i, n)
					id, err := w.Vault.Add(ctx, w.Admin, vault.Place{Client: contoso}, vault.Input{Type: "Server", Overview: vault.Overview{Title: "x"}, Secret: vault.Secret{Password: password}})
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					acknowledged[id] = password
					if len(acknowledged) == before {
						close(enough)
					}
					mu.Unlock()
				}
			})
		}
		<-enough
		mu.Lock()
		known := make(map[string]string, len(acknowledged))
		for id, p := range acknowledged {
			known[id] = p
		}
		mu.Unlock()
		file, key, s := backedUp(t, target)
		close(stop)
		all.Wait()

		to := restored(t, file, key, e.bare(t))
		k := s.Organizations[0].AuditSize
		source, got := historyOf(t, d), historyOf(t, to)
		if int64(len(got.leaves)) != k || k > int64(len(source.leaves)) {
			t.Fatalf("%d events restored of %d; the manifest says %d", len(got.leaves), len(source.leaves), k)
		}
		for i, leaf := range got.leaves {
			if !bytes.Equal(leaf, source.leaves[i]) {
				t.Fatalf("event %d is another one", i+1)
			}
		}
		there := credentialsOf(t, to)
		for id, seq := range source.added {
			if there[id] != (seq <= k) {
				t.Errorf("the credential of event %d is there: %v; the backup goes up to %d", seq, there[id], k)
			}
		}
		for id := range known {
			if !there[id] {
				t.Errorf("%s was acknowledged before the backup began, and is not in it", id)
			}
		}
		t.Logf("%s: %d acknowledged before, %d in the backup, %d in the end", e.name, len(known), len(there), len(source.added))

		a := server(t, to, seal.NewKey()) // the instance key is lost
		r, err := a.Org.Recover(ctx, recovery(w.Recovery, "ada@northwind.example"))
		must(t, err)
		who := signedIn(t, a, "ada@northwind.example", again, r.Code.Chars())
		for id := range there {
			secret, err := a.Vault.Reveal(ctx, who, id)
			must(t, err)
			if want := acknowledged[id]; secret.Password != want {
				t.Fatalf("%q instead of %q", secret.Password, want)
			}
		}
	})
}
