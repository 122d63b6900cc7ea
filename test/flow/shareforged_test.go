package flow

import (
	"context"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// raw writes past the program, as somebody does who has the database.
func raw(t *testing.T, d *db.DB, texts ...string) {
	t.Helper()
	err := d.Write(context.Background(), "", func(tx *db.Tx) error {
		for _, text := range append(texts, `UPDATE organizations SET access_epoch = access_epoch + 1, shares_due_at = 1 WHERE key_epoch > 0`) {
			if _, err := tx.Exec(context.Background(), text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// problemOf is what the maker is told about a share.
func problemOf(w *apptest.World, id string) string {
	c, err := w.Vault.Get(context.Background(), w.Admin, id)
	w.Must(err)
	if c.Shared == nil {
		return "not shared"
	}
	return c.Shared.Problem
}

// Whoever can write to the database makes no share: the maker's next session
// hands no key over for rows that nobody there made or that were widened.
func TestForgedSharesAreNotHandedOver(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, site, add := shareWorld(t, d)
		th := newThief(t, d, site.Admin)
		shared, kept := add(w.Admin, site.Client, "Shared", "shared"), add(w.Admin, site.Client, "Kept", "kept")
		w.Must(w.Vault.Share(ctx, w.Admin, shared, vault.Sharing{Users: []string{site.AdminID}}))
		titles(t, w, site.Admin, site.Company)
		for _, proof := range []string{"proof", "NULL"} { // that of the other one is no good
			raw(t, d, `DELETE FROM shares WHERE credential_id = '`+kept+`'`, `DELETE FROM credentials WHERE org_id = '`+site.ID+`' AND id = '`+kept+`'`,
				`INSERT INTO shares (org_id, credential_id, to_org, everyone, writes, history, since, made_at, made_by, proof, proof_epoch)
					SELECT org_id, '`+kept+`', to_org, everyone, writes, history, since, made_at, made_by, `+proof+`, proof_epoch FROM shares`,
				`INSERT INTO share_users (org_id, credential_id, to_org, user_id) SELECT org_id, '`+kept+`', to_org, user_id FROM share_users`,
				`INSERT INTO credentials (org_id, id, client_id, type, created_at, changed_at, changed_by, change_seq, key_id, key_epoch, key_box, overview_version, overview_box, secret_version, secret_box, from_org, source_seq, alone)
					SELECT org_id, '`+kept+`', client_id, type, created_at, changed_at, changed_by, change_seq, '', 0, key_box, 0, overview_box, 0, secret_box, from_org, 1, TRUE FROM credentials WHERE org_id = '`+site.ID+`' AND id = '`+shared+`'`)
			titles(t, w, w.Admin, site.Client)
			th.loot(site.Admin)
			if got := th.opens(w.Admin.Org(), kept); got != "" {
				t.Errorf("proof %s: what nobody shared opens: %q", proof, got)
			}
			if _, err := w.Vault.Reveal(ctx, site.Admin, kept); !fault.Is(err, fault.Absent) {
				t.Errorf("proof %s: what nobody shared is revealed: %v", proof, err)
			}
			if got := problemOf(w, kept); !strings.Contains(got, "changed from outside") {
				t.Errorf("proof %s: the maker is told %q", proof, got)
			}
		}
		for _, wider := range []string{"everyone = TRUE", "writes = TRUE", "history = TRUE", "since = 0", "proof_epoch = 9", "proof_epoch = -1"} {
			w.Must(w.Vault.Share(ctx, w.Admin, shared, vault.Sharing{Users: []string{site.AdminID}}))
			raw(t, d, `UPDATE shares SET `+wider+` WHERE credential_id = '`+shared+`'`, `UPDATE credentials SET key_id = '' WHERE from_org <> ''`, `DELETE FROM share_keys`)
			titles(t, w, w.Admin, site.Client)
			if got := problemOf(w, shared); !strings.Contains(got, "changed from outside") {
				t.Errorf("%s: the maker is told %q", wider, got)
			}
			if _, err := w.Vault.Reveal(ctx, site.Admin, shared); err == nil {
				t.Errorf("%s: it opens", wider)
			}
		}
		var logged int
		w.Must(d.Read(ctx, func(tx *db.Tx) error {
			return tx.Row(ctx, `SELECT COUNT(*) FROM audit_events WHERE org_id = $1 AND operation = 'share.forged' AND outcome = 'failed'`, w.Admin.Org()).Scan(&logged)
		}))
		if logged != 8 {
			t.Errorf("%d forgeries are logged", logged)
		}
		w.Must(w.Vault.Share(ctx, w.Admin, shared, vault.Sharing{Everyone: true}))
		if _, err := w.Vault.Reveal(ctx, site.Admin, shared); err != nil || problemOf(w, shared) != "" {
			t.Errorf("shared anew: %v, %q", err, problemOf(w, shared))
		}
	})
}

// A problem that is over is over: when the maker's side opens its vault again,
// it finds that all fits, and hands over. One that is not over stays.
func TestProblemOfAShareEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, site, add := shareWorld(t, d)
		ids := []string{add(w.Admin, site.Client, "One", "1"), add(w.Admin, site.Client, "Two", "2")}
		for _, id := range ids {
			w.Must(w.Vault.Share(ctx, w.Admin, id, vault.Sharing{Everyone: true}))
		}
		titles(t, w, site.Admin, site.Company)
		w.Enrol("bob", perm.LevelAdmin)
		lost := []string{`UPDATE credentials SET key_id = '' WHERE from_org <> ''`, `DELETE FROM share_keys`}
		problems := func(how string, want ...bool) {
			t.Helper()
			w.SignIn("bob")
			for i, id := range ids {
				if got := problemOf(w, id); (got != "") != want[i] {
					t.Errorf("%s: share %d has the problem %q", how, i, got)
				}
				if _, err := w.Vault.Reveal(ctx, site.Admin, id); (err != nil) != want[i] {
					t.Errorf("%s: share %d is revealed: %v", how, i, err)
				}
			}
		}
		for name, turn := range map[string][2]string{
			"rights": {`UPDATE shares SET writes = TRUE`, `UPDATE shares SET writes = FALSE`},
			"proof":  {`UPDATE shares SET proof_epoch = 9`, `UPDATE shares SET proof_epoch = 1`},
		} {
			raw(t, d, append([]string{turn[0]}, lost...)...)
			titles(t, w, w.Admin, site.Client)
			problems(name, true, true)
			raw(t, d, turn[1]+` WHERE credential_id = '`+ids[0]+`'`, `UPDATE organizations SET shares_due_at = 0`)
			problems(name+", half mended", false, true)
			raw(t, d, turn[1], `UPDATE organizations SET shares_due_at = 0`)
			problems(name+", mended", false, false)
		}
		var signature []byte
		w.Must(d.Read(ctx, func(tx *db.Tx) error {
			return tx.Row(ctx, `SELECT hpke_signature FROM key_epochs WHERE org_id = $1 AND epoch = 1`, site.ID).Scan(&signature)
		}))
		raw(t, d, append([]string{`UPDATE key_epochs SET hpke_signature = hpke_public WHERE org_id = '` + site.ID + `'`}, lost...)...)
		titles(t, w, w.Admin, site.Client)
		problems("keys", true, true)
		w.SignIn("bob") // says it no second time
		blocked := 0
		w.Must(d.Read(ctx, func(tx *db.Tx) error {
			return tx.Row(ctx, `SELECT COUNT(*) FROM audit_events WHERE org_id = $1 AND operation = 'share.blocked' AND outcome = 'failed'`, w.Admin.Org()).Scan(&blocked)
		}))
		if blocked != len(ids) {
			t.Errorf("%d events say that keys do not fit, of %d shares", blocked, len(ids))
		}
		w.Must(d.Write(ctx, "", func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE key_epochs SET hpke_signature = $2 WHERE org_id = $1 AND epoch = 1`, site.ID, signature)
			return err
		}))
		problems("keys, mended", false, false)
	})
}

// What is shared of one client goes to its own site: another client's site,
// whose keys are as genuine, does not take its place.
func TestAnotherClientsSiteTakesNobodysPlace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, site, add := shareWorld(t, d)
		fabrikam, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Fabrikam"})
		w.Must(err)
		other := w.Activate(fabrikam, "fabrikam.example")
		cred := add(w.Admin, site.Client, "Firewall", "p")
		for name, texts := range map[string][]string{
			"its row":           {`UPDATE clients SET site_id = '` + other.ID + `' WHERE id = '` + site.Client + `'`},
			"with its secret":   {`UPDATE clients SET site_id = '` + other.ID + `', site_box = (SELECT k.site_box FROM clients k WHERE k.id = '` + fabrikam + `') WHERE id = '` + site.Client + `'`},
			"on both its sides": {`UPDATE clients SET site_id = '` + other.ID + `' WHERE id = '` + site.Client + `'`, `UPDATE organizations SET client_id = client_id || 'x' WHERE id = '` + site.ID + `'`, `UPDATE organizations SET client_id = '` + site.Client + `' WHERE id = '` + other.ID + `'`},
		} {
			raw(t, d, texts...)
			if err := w.Vault.Share(ctx, w.Admin, cred, vault.Sharing{Everyone: true}); !fault.Is(err, fault.Unacceptable) || !strings.Contains(err.Error(), "pinned") {
				t.Errorf("%s: %v", name, err)
			}
			if got := titles(t, w, other.Admin, other.Company); len(got) != 0 {
				t.Errorf("%s: the other site sees %v", name, got)
			}
		}
	})
}

// A damaged pin or key on its way keeps nobody from working.
func TestDamagedSharesHoldNobodyUp(t *testing.T) {
	for name, text := range map[string]string{
		"pin": `UPDATE partners SET box = secret_box FROM credentials WHERE secret_box <> ''`, "epoch": `UPDATE share_keys SET to_epoch = 9`, "no epoch": `UPDATE share_keys SET to_epoch = 0`,
		"key pair": `UPDATE key_epochs SET hpke_box = sign_box WHERE org_id IN (SELECT to_org FROM share_keys)`,
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				ctx := context.Background()
				w, site, add := shareWorld(t, d)
				cred := add(w.Admin, site.Client, "Firewall", "p")
				w.Must(w.Vault.Share(ctx, w.Admin, cred, vault.Sharing{Everyone: true}))
				raw(t, d, text)
				titles(t, w, w.Admin, site.Client)
				titles(t, w, site.Admin, site.Company)
				add(w.Admin, site.Client, "More", "m")
				add(site.Admin, site.Company, "More", "m")
				if _, err := w.Vault.Reveal(ctx, site.Admin, cred); err == nil {
					t.Error("it opens")
				}
			})
		})
	}
}

// A row that was widened in the database has no effect, and the lists of both
// sides say that it was changed: what it claims is nobody's right.
func TestWidenedRowsAreShown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, site, add := shareWorld(t, d)
		other := site.Enrol("uma", perm.LevelSiteUser)
		cred := add(w.Admin, site.Client, "Firewall", "p")
		for _, wider := range []string{"UPDATE shares SET writes = TRUE", "UPDATE shares SET everyone = TRUE", "UPDATE shares SET history = TRUE", "UPDATE share_users SET user_id = '" + other + "'"} {
			w.Must(w.Vault.Share(ctx, w.Admin, cred, vault.Sharing{Users: []string{site.AdminID}}))
			listed := func(want string) {
				t.Helper()
				for _, who := range []gate.Actor{w.Admin, site.Admin} {
					rows, err := w.Vault.Shares(ctx, who, "")
					w.Must(err)
					if len(rows) != 1 || (want == "") != (rows[0].Problem == "") || !strings.Contains(rows[0].Problem, want) {
						t.Errorf("%s: %s is shown %+v, want a problem with %q", wider, who.Org(), rows, want)
					}
				}
			}
			titles(t, w, site.Admin, site.Company)
			listed("")
			w.Must(d.Write(ctx, "", func(tx *db.Tx) error { // nobody is told that anything has changed
				_, err := tx.Exec(ctx, wider)
				return err
			}))
			listed("changed from outside")
			raw(t, d, `UPDATE organizations SET access_epoch = access_epoch + 1`) // as after a restart
			listed("changed from outside")
			w.Must(w.Vault.Unshare(ctx, w.Admin, cred, false))
		}
	})
}

// Where the maker is a site that is switched off, a change says so, instead of
// waiting for somebody who can't come.
func TestChangeWaitsForNobodyWhereTheSiteIsOff(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, site, add := shareWorld(t, d)
		cred := add(site.Admin, site.Company, "Till", "p")
		w.Must(w.Vault.Share(ctx, site.Admin, cred, vault.Sharing{Everyone: true, Writes: true}))
		c, err := w.Vault.Get(ctx, w.Admin, cred)
		w.Must(err)
		w.Must(w.Clients.CloseSite(ctx, w.Admin, site.Client))
		password := "another"
		_, err = w.Vault.Patch(ctx, w.Admin, cred, c.Version, vault.Patch{Password: &password})
		if !fault.Is(err, fault.Unacceptable) || !strings.Contains(err.Error(), "switched off") {
			t.Errorf("the provider is told %v", err)
		}
	})
}
