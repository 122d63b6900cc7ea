package flow

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/vault"
)

// leaf is an event's leaf hash as docs/security.md writes it down.
func leaf(parts ...any) []byte {
	b := []byte{0x00, 0x01} // a leaf of RFC 6962, and the version of the record
	for _, p := range parts {
		switch v := p.(type) {
		case int64:
			b = binary.BigEndian.AppendUint64(append(b, 0, 0, 0, 8), uint64(v))
		case string:
			b = append(binary.BigEndian.AppendUint32(b, uint32(len(v))), v...)
		case []byte:
			b = append(binary.BigEndian.AppendUint32(b, uint32(len(v))), v...)
		}
	}
	h := sha256.Sum256(b)
	return h[:]
}

// The record's form is frozen: proofs that somebody keeps must hold for ever.
func TestFrozenLeaf(t *testing.T) {
	got := hex.EncodeToString(leaf("org_1", int64(7), int64(1795608000000), "session", "user_1", "Ada", "sess_1", "192.0.2.1", "credential.reveal", "done",
		"credential", "cred_1", "", int64(2), []byte{1, 2, 3}, "client_1", "", "title\nusername", []byte{4, 5}, "", ""))
	if want := "9201f7dcf1fe2445065dc984a4c660318cbabbf79822058d730df1b48c41d341"; got != want {
		t.Errorf("the leaf is %s", got)
	}
}

// Every event of some work has the leaf that its row makes.
func TestEveryEventHasItsLeaf(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := apptest.New(t, d)
		contoso, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Contoso"})
		w.Must(err)
		c, err := w.Vault.Add(ctx, w.Admin, vault.Place{Client: contoso}, vault.Input{Type: "Router", Overview: vault.Overview{Title: "Edge"}, Secret: vault.Secret{Password: "p"}})
		w.Must(err)
		_, err = w.Vault.Reveal(ctx, w.Admin, c)
		w.Must(err)
		events := 0
		w.Must(d.Read(ctx, func(tx *db.Tx) error {
			rows, err := tx.Query(ctx, `SELECT org_id, seq, at, actor_kind, actor_id, actor_name, session_id, ip, operation, outcome, target_kind, target_id, target_name,
				title_epoch, title_box, client_id, owner_id, fields, sealed_hash, perspective_id, perspective_name, leaf_hash FROM audit_events`)
			if err != nil {
				return err
			}
			defer rows.Close()
			for ; rows.Next(); events++ {
				var org, actorKind, actor, name, session, ip, op, outcome, kind, id, targetName, client, owner, fields, as, asName string
				var seq, at, epoch int64
				var title, sealed, stored []byte
				if err := rows.Scan(&org, &seq, &at, &actorKind, &actor, &name, &session, &ip, &op, &outcome, &kind, &id, &targetName, &epoch, &title, &client, &owner, &fields, &sealed, &as, &asName, &stored); err != nil {
					return err
				}
				if want := leaf(org, seq, at, actorKind, actor, name, session, ip, op, outcome, kind, id, targetName, epoch, title, client, owner, fields, sealed, as, asName); !bytes.Equal(stored, want) {
					t.Errorf("event %d, %s: the leaf is %x, its row makes %x", seq, op, stored, want)
				}
			}
			return rows.Err()
		}))
		if events < 4 {
			t.Errorf("%d events", events)
		}
	})
}
