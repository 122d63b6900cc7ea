package flow

import (
	"context"
	"testing"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

// Somebody is removed at the site by its provider, which has no keys there: from
// that moment nothing more is written under a key that he has, and nothing is
// sealed to the site's present keys, until a session there has renewed them.
func TestRemovalAtTheOtherSideCutsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, site, add := shareWorld(t, d)
		left := site.Enrol("lea", perm.LevelSiteUser)
		cred, later := add(w.Admin, site.Client, "Firewall", "first"), add(w.Admin, site.Client, "Later", "later")
		w.Must(w.Vault.Share(ctx, w.Admin, cred, vault.Sharing{Everyone: true, Writes: true}))
		titles(t, w, site.Admin, site.Company)
		th := newThief(t, d, site.Admin) // who has what everybody there has
		th.loot(site.Admin)
		if got := th.opens(w.Admin.Org(), cred); got != "first" {
			t.Fatalf("while it is shared: opens %q", got)
		}
		w.Must(w.People.Disable(ctx, session.Visit(w.Admin, site.ID), left))
		c, err := w.Vault.Get(ctx, w.Admin, cred)
		w.Must(err)
		second := "second"
		_, err = w.Vault.Patch(ctx, w.Admin, cred, c.Version, vault.Patch{Password: &second})
		w.Must(err)
		w.Must(w.Vault.Share(ctx, w.Admin, later, vault.Sharing{Everyone: true}))
		titles(t, w, w.Admin, site.Client)
		th.loot(site.Admin) // its session has the keys of before
		if a, b := th.opens(w.Admin.Org(), cred), th.opens(w.Admin.Org(), later); a != "first" || b != "" {
			t.Errorf("who was removed opens %q and %q", a, b)
		}
		titles(t, w, site.Admin, site.Company) // the site renews its keys
		titles(t, w, w.Admin, site.Client)     // and its provider hands over what it waits for
		for id, want := range map[string]string{cred: "second", later: "later"} {
			if s, err := w.Vault.Reveal(ctx, site.Admin, id); err != nil || s.Password != want {
				t.Errorf("the site reads %q, not %q: %v", s.Password, want, err)
			}
		}
		if a, b := th.opens(w.Admin.Org(), cred), th.opens(w.Admin.Org(), later); a != "first" || b != "" {
			t.Errorf("who was removed opens %q and %q after all", a, b)
		}
	})
}

// Somebody is removed where it was made, and no session there has renewed the
// keys yet: the other side's change waits for that.
func TestNothingIsWrittenThereWhileAnEpochIsDue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, site, add := shareWorld(t, d)
		cred := add(w.Admin, site.Client, "Firewall", "first")
		w.Must(w.Vault.Share(ctx, w.Admin, cred, vault.Sharing{Everyone: true, Writes: true}))
		c, err := w.Vault.Get(ctx, site.Admin, cred)
		w.Must(err)
		raw(t, d, `UPDATE organizations SET epoch_due_at = 1, epoch_due_why = 'a user was disabled' WHERE id = '`+w.Admin.Org()+`'`)
		second := "second"
		if _, err := w.Vault.Patch(ctx, site.Admin, cred, c.Version, vault.Patch{Password: &second}); !fault.Is(err, fault.Unavailable) {
			t.Errorf("written under a key that somebody removed has: %v", err)
		}
		titles(t, w, w.Admin, site.Client) // makes the epoch, and hands the new key over
		_, err = w.Vault.Patch(ctx, site.Admin, cred, c.Version, vault.Patch{Password: &second})
		w.Must(err)
	})
}

// Ended while it lay in the archive, and before the other side had its key:
// nothing of it is left there, and nobody speaks of a forgery.
func TestEndedInTheArchive(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, site, add := shareWorld(t, d)
		cred := add(w.Admin, site.Client, "Firewall", "first")
		for _, end := range []func() error{
			func() error { return w.Vault.Unshare(ctx, w.Admin, cred, false) },
			func() error {
				c, err := w.Vault.Get(ctx, w.Admin, cred)
				if err == nil {
					err = w.Vault.Delete(ctx, w.Admin, cred, c.Version, "Firewall")
				}
				return err
			},
		} {
			w.Must(w.Vault.Share(ctx, w.Admin, cred, vault.Sharing{Everyone: true}))
			titles(t, w, site.Admin, site.Company)
			w.Must(w.Vault.Share(ctx, w.Admin, cred, vault.Sharing{Everyone: true, History: true})) // other rights, a key on its way
			w.Must(w.Vault.Archive(ctx, w.Admin, cred))
			w.Must(end())
			var keys, events int
			count := func(text string, n *int) {
				t.Helper()
				w.Must(d.Read(ctx, func(tx *db.Tx) error { return tx.Row(ctx, text).Scan(n) }))
			}
			count(`SELECT (SELECT COUNT(*) FROM share_keys) + (SELECT COUNT(*) FROM received_keys)`, &keys)
			titles(t, w, site.Admin, site.Company)
			count(`SELECT COUNT(*) FROM audit_events WHERE operation = 'share.forged'`, &events)
			if keys != 0 || events != 0 {
				t.Errorf("%d keys are left, %d forgeries are logged", keys, events)
			}
			if _, err := w.Vault.Get(ctx, w.Admin, cred); err == nil {
				w.Must(w.Vault.Restore(ctx, w.Admin, cred))
			}
		}
	})
}

// One damaged row keeps none of the others from getting a new key, however many
// they are.
func TestDamagedRowKeepsNoOtherKey(t *testing.T) {
	ctx := context.Background()
	d := dbtest.SQLite(t)
	w, site, add := shareWorld(t, d)
	first := add(w.Admin, site.Client, "Firewall", "p")
	raw(t, d, `UPDATE credentials SET secret_box = overview_box, key_stale = TRUE WHERE id = '`+first+`'`,
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
			INSERT INTO credentials (org_id, id, client_id, type, created_at, changed_at, changed_by, change_seq, key_id, key_epoch, key_box, overview_version, overview_box, secret_version, secret_box, key_stale)
			SELECT org_id, 'a' || i, client_id, type, created_at, changed_at, changed_by, change_seq, key_id, key_epoch, key_box, overview_version, overview_box, secret_version, secret_box, TRUE FROM credentials, n WHERE id = '`+first+`'`)
	whole := make([]string, 0, 260)
	for range 260 {
		whole = append(whole, add(w.Admin, site.Client, "More", "p"))
	}
	raw(t, d, `UPDATE credentials SET key_stale = TRUE`)
	if _, err := w.Vault.Reveal(ctx, w.Admin, whole[0]); err != nil {
		t.Fatal(err)
	}
	var stale int
	w.Must(d.Read(ctx, func(tx *db.Tx) error {
		return tx.Row(ctx, `SELECT COUNT(*) FROM credentials WHERE key_stale AND id LIKE 'cred%'`).Scan(&stale)
	}))
	if stale != 1 {
		t.Errorf("%d whole rows keep their keys", stale-1)
	}
}
