package tamper

import (
	"fmt"
	"testing"

	"bailiwick/internal/app"
	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"
)

// A shared key that was changed on its way, or where it was taken over, opens
// nothing; and one of another credential does not take its place.
func TestChangedShares(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { changedShares(t, dbtest.SQLite(t), false) })
	t.Run("postgres", func(t *testing.T) { changedShares(t, dbtest.Postgres(t), true) })
}

func changedShares(t *testing.T, d *db.DB, short bool) {
	w := apptest.New(t, d)
	contoso, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Contoso"})
	w.Must(err)
	site := w.Activate(contoso, "contoso.example")
	argon, err := seal.NewArgonAt(apptest.Cheap, 2, 64)
	w.Must(err)
	add := func(title string) string {
		id, err := w.Vault.Add(ctx, w.Admin, vault.Place{Client: contoso}, input(title, title+" one"))
		w.Must(err)
		return id
	}
	one, other := add("one"), add("other")
	share := func() {
		t.Helper()
		for _, id := range []string{one, other} {
			w.Must(w.Vault.Share(ctx, w.Admin, id, vault.Sharing{Everyone: true, History: true}))
		}
	}
	value := func(table, column, id string) (v []byte) {
		t.Helper()
		w.Must(d.Read(ctx, func(tx *db.Tx) error {
			return tx.Row(ctx, fmt.Sprintf(`SELECT %s FROM %s WHERE %s = $1 AND %s = $2`, column, table, orgOf(table), idOf(table)), site.ID, id).Scan(&v)
		}))
		return v
	}
	put := func(table, column string, v []byte) {
		t.Helper()
		w.Must(d.Write(ctx, "", func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, fmt.Sprintf(`UPDATE %s SET %s = $3 WHERE %s = $1 AND %s = $2`, table, column, orgOf(table), idOf(table)), site.ID, one, v)
			return err
		}))
	}
	// read is the site's administrator on a server that has just started.
	read := func(flow string) error {
		a := app.New(d, w.Instance, argon, w.Clock)
		defer a.Close()
		ring := site.Admin.Ring()
		who := gate.Admit(gate.Admission{Kind: gate.User, Org: site.ID, User: site.AdminID, Session: site.Admin.Session(), IP: "127.0.0.1", Ring: gate.NewRing(ring.Epoch(), ring.Vault(), ring.Seed())})
		if flow == "history" {
			h, err := a.Vault.History(ctx, who, one)
			if err == nil && len(h) > 1 {
				_, err = a.Vault.RevealVersion(ctx, who, one, h[1].Version)
			}
			return err
		}
		s, err := a.Vault.Reveal(ctx, who, one)
		if err == nil && s.Password != "one two" && s.Password != "one one" {
			t.Errorf("gives %q", s.Password)
		}
		return err
	}
	try := func(table, column, flow string, again func()) {
		t.Helper()
		again()
		genuine := value(table, column, one)
		all := mutations(genuine, short)
		all["another credential's"] = value(table, column, other)
		for what, v := range all {
			again()
			put(table, column, v)
			if err := read(flow); err == nil {
				t.Errorf("%s.%s, %s: %s went through", table, column, what, flow)
			}
		}
		again()
		if err := read(flow); err != nil {
			t.Errorf("%s.%s, untouched: %v", table, column, err)
		}
	}
	try("share_keys", "sealed", "reveal", share)
	try("share_keys", "signature", "reveal", share)
	taken := func() {
		t.Helper()
		share()
		w.Must(read("reveal"))
	}
	try("credentials", "key_box", "reveal", taken)
	taken()
	second := "one two"
	c, err := w.Vault.Get(ctx, w.Admin, one)
	w.Must(err)
	_, err = w.Vault.Patch(ctx, w.Admin, one, c.Version, vault.Patch{Password: &second})
	w.Must(err)
	try("received_keys", "key_box", "history", taken)
}

func orgOf(table string) string {
	if table == "share_keys" {
		return "to_org"
	}
	return "org_id"
}

func idOf(table string) string {
	if table == "credentials" {
		return "id"
	}
	return "credential_id"
}
