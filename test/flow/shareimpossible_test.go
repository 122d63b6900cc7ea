package flow

import (
	"context"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"
)

// thief holds one organization's Organization Key, the instance key and the
// whole database, and keeps every key that he ever got at.
type thief struct {
	t     *testing.T
	d     *db.DB
	org   string
	vault map[int64]seal.Key
	items []seal.Key
}

func newThief(t *testing.T, d *db.DB, who gate.Actor) *thief {
	epoch, key := who.Ring().Held()
	return &thief{t: t, d: d, org: who.Org(), vault: map[int64]seal.Key{epoch: key}}
}

func (th *thief) rows(text string, scan func(func(...any) error), args ...any) {
	th.t.Helper()
	err := th.d.Read(context.Background(), func(tx *db.Tx) error {
		rows, err := tx.Query(context.Background(), text, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var failed error
			scan(func(dest ...any) error { failed = rows.Scan(dest...); return failed })
			if failed != nil {
				return failed
			}
		}
		return rows.Err()
	})
	if err != nil {
		th.t.Fatal(err)
	}
}

// loot takes every item key that opens with what he has.
func (th *thief) loot(who gate.Actor) {
	epoch, key := who.Ring().Held()
	th.vault[epoch] = key
	clients, pairs := map[string]seal.Key{}, map[int64]seal.Identity{}
	th.rows(`SELECT client_id, epoch, key_box FROM client_keys WHERE org_id = $1`, func(scan func(...any) error) {
		var client string
		var epoch int64
		var box []byte
		if scan(&client, &epoch, &box) == nil {
			if k, err := th.vault[epoch].Unwrap(seal.PurposeClientKey, gate.PlaceOfClientKey(th.org, client, epoch), box); err == nil {
				clients[client+string(rune(epoch))] = k
			}
		}
	}, th.org)
	th.rows(`SELECT epoch, hpke_box FROM key_epochs WHERE org_id = $1`, func(scan func(...any) error) {
		var epoch int64
		var box []byte
		if scan(&epoch, &box) == nil {
			if raw, err := th.vault[epoch].Open(seal.PurposeOrgKEM, seal.Place{Org: th.org, Table: "key_epochs", Row: th.org, Envelope: "hpke_box", Epoch: epoch}, box); err == nil {
				pairs[epoch], _ = seal.IdentityFrom(raw)
			}
		}
	}, th.org)
	th.rows(`SELECT r.credential_id, r.key_id, r.epoch, r.key_box, c.client_id FROM received_keys r JOIN credentials c ON c.org_id = r.org_id AND c.id = r.credential_id WHERE r.org_id = $1`, func(scan func(...any) error) {
		var id, key, client string
		var epoch int64
		var box []byte
		if scan(&id, &key, &epoch, &box, &client) == nil {
			at := seal.Place{Org: th.org, Table: "received", Row: id, Envelope: "key_box ", KeyID: key, Epoch: epoch}
			if k, err := clients[client+string(rune(epoch))].Unwrap(seal.PurposeReceivedKey, at, box); err == nil {
				th.items = append(th.items, k)
			}
		}
	}, th.org)
	th.rows(`SELECT credential_id, key_id, from_org, to_epoch, sealed FROM share_keys`, func(scan func(...any) error) {
		var id, key, from string
		var epoch int64
		var sealed []byte
		if scan(&id, &key, &from, &epoch, &sealed) == nil && pairs[epoch].Valid() {
			if k, err := pairs[epoch].OpenKey(seal.PurposeShare, seal.Place{Org: th.org, Table: "share_keys", Row: id, Envelope: from, KeyID: key, Epoch: epoch}, sealed); err == nil {
				th.items = append(th.items, k)
			}
		}
	})
	for _, k := range clients { // an item key of the other side under a key of this one
		th.rows(`SELECT org_id, id, key_id, key_epoch, key_box FROM credentials WHERE org_id <> $1`, func(scan func(...any) error) {
			var org, id, key string
			var epoch int64
			var box []byte
			if scan(&org, &id, &key, &epoch, &box) == nil {
				if item, err := k.Unwrap(seal.PurposeItemKey, seal.Place{Org: org, Table: "credentials", Row: id, Envelope: "key_box", KeyID: key, Epoch: epoch}, box); err == nil {
					th.items = append(th.items, item)
				}
			}
		}, th.org)
	}
}

// opens lists the passwords of another organization's credential that he can
// read, present and earlier.
func (th *thief) opens(org, credential string) (found string) {
	th.t.Helper()
	try := func(scan func(...any) error) {
		var key string
		var epoch, version int64
		var box []byte
		if scan(&key, &epoch, &version, &box) != nil {
			return
		}
		for _, k := range th.items {
			if plain, err := k.OpenPadded(seal.PurposeSecret, seal.Place{Org: org, Table: "credentials", Row: credential, Envelope: "secret_box", KeyID: key, Epoch: epoch, Version: version}, box); err == nil {
				_, rest, _ := strings.Cut(string(plain), `"password":"`)
				password, _, _ := strings.Cut(rest, `"`)
				if !strings.Contains(found, password) {
					found += password + " "
				}
			}
		}
	}
	th.rows(`SELECT key_id, key_epoch, secret_version, secret_box FROM credentials WHERE org_id = $1 AND id = $2`, try, org, credential)
	th.rows(`SELECT key_id, key_epoch, secret_version, secret_box FROM credential_versions WHERE org_id = $1 AND credential_id = $2 ORDER BY version`, try, org, credential)
	return strings.TrimSpace(found)
}

// What must be impossible, at the level of the rows: with the other
// organization's key, the instance key and the whole database, what was not
// shared, what was before the share, and what was saved after it, does not
// open. In both directions, and when somebody was removed in the meantime.
func TestWhatIsNotSharedOpensForNobodyElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, site, add := shareWorld(t, d)
		for _, dir := range []struct {
			name                 string
			from, to             gate.Actor
			fromClient, toClient string
		}{{"provider", w.Admin, site.Admin, site.Client, site.Company}, {"site", site.Admin, w.Admin, site.Company, site.Client}} {
			th := newThief(t, d, dir.to)
			never := add(dir.from, dir.fromClient, "Never", "never-shared")
			cred := add(dir.from, dir.fromClient, "Once", "before")
			set := func(password string) {
				t.Helper()
				c, err := w.Vault.Get(ctx, dir.from, cred)
				w.Must(err)
				_, err = w.Vault.Patch(ctx, dir.from, cred, c.Version, vault.Patch{Password: &password})
				w.Must(err)
			}
			want := func(when, passwords string) {
				t.Helper()
				th.loot(dir.to)
				if got := th.opens(dir.from.Org(), cred); got != passwords {
					t.Errorf("%s, %s: opens %q, not %q", dir.name, when, got, passwords)
				}
				if got := th.opens(dir.from.Org(), never); got != "" {
					t.Errorf("%s, %s: opens what was never shared: %q", dir.name, when, got)
				}
			}
			set("at-share")
			want("before it is shared", "")
			w.Must(w.Vault.Share(ctx, dir.from, cred, vault.Sharing{Everyone: true, Writes: true, History: true}))
			want("on its way", "at-share") // this shows that the thief can
			titles(t, w, dir.to, dir.toClient)
			set("while-shared")
			want("while it is shared", "while-shared at-share")
			w.Must(w.Vault.Unshare(ctx, dir.from, cred, false))
			set("after")
			want("after the end", "at-share") // the present value of then lies under another key, too
			w.Must(w.Vault.Archive(ctx, dir.from, cred))
			w.Must(w.Vault.Restore(ctx, dir.from, cred))

			// The receiving side ends it: the maker's next open session replaces the
			// key, before anything is written.
			w.Must(w.Vault.Share(ctx, dir.from, cred, vault.Sharing{Everyone: true}))
			titles(t, w, dir.to, dir.toClient)
			want("shared again", "after at-share")
			w.Must(w.Vault.Unshare(ctx, dir.to, cred, false))
			titles(t, w, dir.from, dir.fromClient)
			stale := int64(1)
			th.rows(`SELECT COUNT(*) FROM credentials WHERE org_id = $1 AND key_stale`, func(scan func(...any) error) { _ = scan(&stale) }, dir.from.Org())
			if stale != 0 {
				t.Errorf("%s: %d keys are still to be replaced", dir.name, stale)
			}
			set("after-all")
			want("after the other side's end", "at-share")
		}
	})
}

// A public key swapped in the database blocks sharing, and is shown.
func TestSwappedKeysBlockSharing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, site, add := shareWorld(t, d)
		shared, other := add(w.Admin, site.Client, "Shared", "s"), add(w.Admin, site.Client, "Other", "o")
		w.Must(w.Vault.Share(ctx, w.Admin, shared, vault.Sharing{Everyone: true}))
		raw := func(text string, args ...any) {
			t.Helper()
			err := d.Write(ctx, "", func(tx *db.Tx) error { _, err := tx.Exec(ctx, text, args...); return err })
			w.Must(err)
		}
		mine, _ := seal.NewIdentity()
		var real []byte
		th := newThief(t, d, site.Admin)
		th.rows(`SELECT hpke_public FROM key_epochs WHERE org_id = $1 AND epoch = 1`, func(scan func(...any) error) { _ = scan(&real) }, site.ID)
		raw(`UPDATE key_epochs SET hpke_public = $1 WHERE org_id = $2`, mine.Public(), site.ID)
		if err := w.Vault.Share(ctx, w.Admin, other, vault.Sharing{Everyone: true}); !fault.Is(err, fault.Unacceptable) || !strings.Contains(err.Error(), "pinned") {
			t.Errorf("a swapped public key: %v", err)
		}
		raw(`UPDATE key_epochs SET hpke_public = $1 WHERE org_id = $2`, real, site.ID)
		raw(`UPDATE organizations SET sign_public = $1 WHERE id = $2`, seal.NewSignKey().Public(), site.ID)
		if err := w.Vault.Share(ctx, w.Admin, other, vault.Sharing{Everyone: true}); !fault.Is(err, fault.Unacceptable) || !strings.Contains(err.Error(), "pinned") {
			t.Errorf("a swapped signing key: %v", err)
		}
	})
}

// Rights that are widened in the database open nothing: the key is bound to
// what the other organization signed.
func TestWidenedRightsOpenNothing(t *testing.T) {
	for name, text := range map[string]string{
		"writes": `UPDATE shares SET writes = TRUE`, "history": `UPDATE shares SET history = TRUE`, "everyone": `UPDATE shares SET everyone = TRUE`, "since": `UPDATE shares SET since = 0`,
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				ctx := context.Background()
				w, site, add := shareWorld(t, d)
				cred := add(w.Admin, site.Client, "Firewall", "p")
				w.Must(w.Vault.Share(ctx, w.Admin, cred, vault.Sharing{Users: []string{site.AdminID}}))
				if _, err := w.Vault.Reveal(ctx, site.Admin, cred); err != nil {
					t.Fatal(err)
				}
				err := d.Write(ctx, "", func(tx *db.Tx) error {
					if _, err := tx.Exec(ctx, text); err != nil {
						return err
					}
					_, err := tx.Exec(ctx, `UPDATE organizations SET access_epoch = access_epoch + 1`)
					return err
				})
				w.Must(err)
				if _, err := w.Vault.Reveal(ctx, site.Admin, cred); err == nil {
					t.Error("it opens")
				}
			})
		})
	}
}

// Somebody removed at the receiving side has the key: until the maker's next
// open session has replaced it nothing is written under it.
func TestRemovalRenewsSharedKeys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, site, add := shareWorld(t, d)
		cred := add(w.Admin, site.Client, "Firewall", "first")
		w.Must(w.Vault.Share(ctx, w.Admin, cred, vault.Sharing{Everyone: true, Writes: true}))
		titles(t, w, site.Admin, site.Company)
		th := newThief(t, d, site.Admin)
		th.loot(site.Admin)
		if got := th.opens(w.Admin.Org(), cred); got != "first" {
			t.Fatalf("while it is shared: opens %q", got)
		}
		w.Must(w.Org.ChangeKey(ctx, site.Admin, seal.NewSecret(apptest.Password), seal.NewCode()))
		c, err := w.Vault.Get(ctx, site.Admin, cred)
		w.Must(err)
		second := "second"
		if _, err := w.Vault.Patch(ctx, site.Admin, cred, c.Version, vault.Patch{Password: &second}); !fault.Is(err, fault.Unavailable) {
			t.Errorf("written under a key of an earlier epoch: %v", err)
		}
		titles(t, w, w.Admin, site.Client) // the maker's next open session
		_, err = w.Vault.Patch(ctx, site.Admin, cred, c.Version, vault.Patch{Password: &second})
		w.Must(err)
		if got := th.opens(w.Admin.Org(), cred); got != "" {
			t.Errorf("who was there before opens %q", got)
		}
		if s, err := w.Vault.Reveal(ctx, w.Admin, cred); err != nil || s.Password != "second" {
			t.Errorf("the maker: %v %v", s.Password, err)
		}
	})
}
