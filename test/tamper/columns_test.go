package tamper

import (
	"bytes"
	"fmt"
	"sort"
	"strings"
	"testing"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
)

// column says which flows must refuse a changed value.
type column struct {
	table, column string
	rows          func(*scene, string) bool // which rows the flows use; nil: all
	refused       string                    // flows, by comma
	unread        string                    // why no flow reads it, instead
	back          string                    // why an earlier value of the same row does no harm, where it opens
	absent        string                    // why no value at all does no harm
	refusedBack   string                    // flows that refuse an earlier value, where they are fewer
}

func only(key func(*scene) string) func(*scene, string) bool {
	return func(s *scene, k string) bool { return k == key(s) }
}

func with(part func(*scene) string) func(*scene, string) bool {
	return func(s *scene, k string) bool { return strings.Contains(k, part(s)) }
}

func text(k string) func(*scene) string { return func(*scene) string { return k } }

func ada(s *scene) string { return s.AdminID }

// columns classifies every column that holds bytes. A new one fails the test
// until it is told here what refuses it when it is changed.
var columns = []column{
	{table: "organizations", column: "sign_public", refused: "epoch,add client"},
	{table: "users", column: "password_record", rows: only(ada), refused: "device,organization key,confirm,epoch"},
	{table: "users", column: "password_record", rows: only(func(s *scene) string { return s.bobID }), refused: "epoch"},
	{table: "users", column: "recovery_box", rows: only(ada), refused: "epoch"},
	{table: "users", column: "home_box", rows: only(ada), refused: "organization key,epoch"},
	{table: "users", column: "pin", rows: only(ada), refused: "device,organization key,epoch,add client", back: "it says less than is known; the next sign-in writes it anew"},
	{table: "users", column: "pin", rows: only(func(s *scene) string { return s.timID }), refused: "follow"},
	{table: "users", column: "hpke_public", unread: "public keys are taken from the signed roster; see TestSwappedPublicKey"},
	{table: "personal_keys", column: "previous_box", refused: "reveal own,audit"},
	{table: "key_epochs", column: "roster", rows: only(text("2")), refused: "device,organization key,follow,add client,epoch", refusedBack: "add client,epoch"},
	{table: "key_epochs", column: "outer_instance_box", rows: only(text("2")), refused: "resume,device,organization key"},
	{table: "key_epochs", column: "outer_instance_box", rows: only(text("1")), refused: "follow"},
	{table: "key_epochs", column: "outer_vault_box", rows: only(text("2")), refused: "epoch,add client"},
	{table: "key_epochs", column: "previous_box", refused: "version,history,follow"},
	{table: "key_epochs", column: "sign_box", rows: only(text("2")), refused: "epoch,add client"},
	{table: "key_epochs", column: "hpke_box", rows: only(text("2")), refused: "epoch,add client"},
	{table: "key_epochs", column: "hpke_public", rows: only(text("2")), refused: "epoch,add client"},
	{table: "key_epochs", column: "hpke_signature", rows: only(text("2")), refused: "epoch,add client", absent: "older versions made none: one's own session signs anew, and the other side accepts nothing unsigned"},
	{table: "organizations", column: "site_mac", unread: "see TestSwappedKeysOfSites in test/flow"},
	{table: "clients", column: "site_box", unread: "see TestSwappedKeysOfSites in test/flow"},
	{table: "kb_pieces", column: "data", unread: "files of knowledge bases are not sealed: they are read by people who have no keys"},
	{table: "partners", column: "box", unread: "see TestSwappedKeysOfSites in test/flow"},
	{table: "shares", column: "proof", unread: "see TestForgedSharesAreNotHandedOver in test/flow"},
	{table: "share_keys", column: "sealed", unread: "see TestChangedShares"},
	{table: "share_keys", column: "signature", unread: "see TestChangedShares"},
	{table: "received_keys", column: "key_box", unread: "see TestChangedShares"},
	{table: "key_grants", column: "sealed", rows: with(func(s *scene) string { return "2 user " + s.AdminID }), refused: "device,organization key"},
	{table: "key_grants", column: "sealed", rows: with(func(s *scene) string { return "2 user " + s.timID }), refused: "follow"},
	{table: "key_grants", column: "sealed", rows: with(text("2 organization key")), refused: "organization key"},
	{table: "key_links", column: "public", unread: "public keys are taken from the signed roster"},
	{table: "users", column: "reset_box", unread: "read only where a reset left its mark; see test/flow"},
	{table: "devices", column: "lookup", rows: currentDevice, refused: "device"},
	{table: "devices", column: "way_in_box", rows: currentDevice, refused: "device"},
	{table: "factors", column: "factor_box", rows: kindOfBob("totp"), refused: "second factor,epoch"},
	{table: "factors", column: "factor_box", rows: kindOfBob("codes"), refused: "recovery code,epoch"},
	{table: "factors", column: "p_box", unread: "gives P or nothing, and nothing opens by another P; see TestPasskeyAlone in test/flow"},
	{table: "sign_ins", column: "lookup", unread: "not sealed: what finds a sign-in that waits; another one finds nothing"},
	{table: "sign_ins", column: "keys_box", unread: "lives for minutes: see TestChangedSignIn in test/flow"},
	{table: "browsers", column: "lookup", unread: "not sealed: what a browser is recognized by, which decides on a mail and nothing else"},
	{table: "sessions", column: "lookup", rows: with(func(s *scene) string { return s.ada.Session }), refused: "resume,reveal"},
	{table: "sessions", column: "keys_box", rows: with(func(s *scene) string { return s.ada.Session }), refused: "resume,reveal"},
	{table: "clients", column: "notes_box", rows: with(func(s *scene) string { return s.contoso }), refused: "notes"},
	{table: "clients", column: "tags_box", rows: with(func(s *scene) string { return s.contoso }), refused: "notes"},
	{table: "clients", column: "panel_box", rows: with(func(s *scene) string { return s.contoso }), refused: "overview"},
	{table: "clients", column: "banner_box", rows: with(func(s *scene) string { return s.contoso }), refused: "overview"},
	{table: "client_keys", column: "key_box", rows: with(func(s *scene) string { return s.contoso + " 1" }), refused: "version,history"},
	{table: "client_keys", column: "key_box", rows: with(func(s *scene) string { return s.contoso + " 2" }), refused: "list,reveal,reveal old,search,notes,overview"},
	{table: "credentials", column: "key_box", rows: with(func(s *scene) string { return s.fresh }), refused: "list,search,reveal,token"},
	{table: "credentials", column: "overview_box", rows: with(func(s *scene) string { return s.fresh }), refused: "list,search,reveal,token"},
	{table: "credentials", column: "secret_box", rows: with(func(s *scene) string { return s.fresh }), refused: "reveal,token,scoped"},
	{table: "credentials", column: "secret_box", rows: with(func(s *scene) string { return s.old }), refused: "reveal old"},
	{table: "credentials", column: "overview_box", rows: with(func(s *scene) string { return s.old }), refused: "list"},
	{table: "credentials", column: "key_box", rows: with(func(s *scene) string { return s.own }), refused: "reveal own"},
	{table: "credential_versions", column: "key_box", refused: "history,version"},
	{table: "credential_versions", column: "overview_box", refused: "history"},
	{table: "credential_versions", column: "secret_box", refused: "version"},
	{table: "flags", column: "note_box", refused: "list"},
	{table: "tokens", column: "lookup", rows: with(func(s *scene) string { return s.all.ID }), refused: "token"},
	{table: "tokens", column: "hpke_public", rows: with(func(s *scene) string { return s.all.ID }), refused: "token"},
	{table: "tokens", column: "pin", rows: with(func(s *scene) string { return s.scoped.ID }), refused: "scoped"},
	{table: "token_scopes", column: "sealed", rows: with(func(s *scene) string { return s.all.ID + " 2" }), refused: "token"},
	{table: "token_scopes", column: "vault_box", rows: with(func(s *scene) string { return s.all.ID + " 2" }), refused: "epoch,add client"},
	{table: "token_client_keys", column: "key_box", rows: with(func(s *scene) string { return s.scoped.ID + " " + s.contoso + " 2" }), refused: "scoped"},
	{table: "audit_events", column: "title_box", rows: ofClient, refused: "audit"},
	{table: "audit_events", column: "sealed_hash", unread: "for the check of the log against what it tells"},
	{table: "audit_events", column: "leaf_hash", unread: "for the check of the log against what it tells"},
	{table: "idempotency", column: "request", unread: "not sealed: the hash of a request, whose answer holds no secret"},
	{table: "user_links", column: "lookup", unread: "not sealed: what finds a one-time link; another one finds nothing"},
	{table: "external_links", column: "proof", unread: "not sealed: what finds an external link; another one finds nothing"},
	{table: "external_links", column: "passphrase_record", unread: "tampered with in internal/extlink's own tests"},
	{table: "external_links", column: "copy_box", unread: "tampered with in internal/extlink's own tests"},
	{table: "jobs", column: "key_box", unread: "tampered with in the importer's own tests"},
	{table: "jobs", column: "plan_box", unread: "tampered with in the importer's own tests"},
	{table: "job_parts", column: "box", unread: "tampered with in the importer's own tests"},
	{table: "mails", column: "body_box", unread: "tampered with in internal/mail's own tests, as are the sealed settings of mail"},
	{table: "mails", column: "link_lookup", unread: "not sealed: which one-time link the mail has; changed, the mail is not sent"},
	{table: "import_rows", column: "key_box", unread: "tampered with in the importer's own tests"},
	{table: "import_rows", column: "overview_box", unread: "tampered with in the importer's own tests"},
	{table: "import_rows", column: "secret_box", unread: "tampered with in the importer's own tests"},
}

// ofClient leaves out the titles of personal things, which may be missing: an
// event of a sealed session has none.
func ofClient(s *scene, k string) bool {
	epoch := 0
	s.Must(s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.Row(ctx, "SELECT title_epoch FROM audit_events WHERE CAST(seq AS TEXT) = $1", k).Scan(&epoch)
	}))
	return epoch > 0
}

func kindOfBob(kind string) func(*scene, string) bool {
	return func(s *scene, k string) bool {
		n := 0
		s.Must(s.db.Read(ctx, func(tx *db.Tx) error {
			return tx.Row(ctx, "SELECT COUNT(*) FROM factors WHERE id = $1 AND kind = $2 AND user_id = $3", k, kind, s.bobID).Scan(&n)
		}))
		return n > 0
	}
}

func currentDevice(s *scene, k string) bool {
	id := ""
	s.Must(s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.Row(ctx, "SELECT id FROM devices WHERE lookup = $1", s.adaDevice.Lookup()).Scan(&id)
	}))
	return k == id
}

func TestEveryColumnIsClassified(t *testing.T) {
	d := dbtest.SQLite(t)
	known := map[string]bool{}
	for _, c := range columns {
		known[c.table+"."+c.column] = false
	}
	err := d.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(ctx, `SELECT m.name, p.name, p.type FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var table, name, typ string
			if err := rows.Scan(&table, &name, &typ); err != nil {
				return err
			}
			if table == "migration" || (typ != "BYTEA" && !strings.HasSuffix(name, "_box") && !strings.HasSuffix(name, "_record")) {
				continue
			}
			if _, ok := known[table+"."+name]; !ok {
				t.Errorf("%s.%s is not classified: say what refuses it when it is changed", table, name)
			}
			known[table+"."+name] = true
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, there := range known {
		if !there {
			t.Errorf("%s is classified, but there is no such column", name)
		}
	}
}

// TestUntouched shows that every flow works when nothing was changed: without
// it, a refusal would prove nothing.
func TestUntouched(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := populate(t, d)
		for _, name := range flows() {
			s.calm()
			if err := probes[name](t, s.restart()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func flows() []string {
	var names []string
	for name := range probes {
		if name != "epoch" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return append(names, "epoch")
}

// mutations of a value. Positions are the version byte, key commitment or
// signature, nonce or encapsulated key, ciphertext and tag.
func mutations(value []byte, short bool) map[string][]byte {
	all := map[string][]byte{
		"cut by one":  value[:len(value)-1],
		"empty":       {},
		"grown":       append(bytes.Clone(value), 0),
		"zeros":       make([]byte, len(value)),
		"half of it":  value[:len(value)/2],
		"front taken": value[1:],
	}
	for _, at := range []int{0, 1, 33, 45, 64, len(value) / 2, len(value) - 1} {
		if at >= 0 && at < len(value) {
			flipped := bytes.Clone(value)
			flipped[at] ^= 1
			all[fmt.Sprintf("byte %d flipped", at)] = flipped
		}
	}
	if short {
		return map[string][]byte{"first": all["byte 0 flipped"], "last": all[fmt.Sprintf("byte %d flipped", len(value)-1)], "cut": all["cut by one"]}
	}
	return all
}

func TestChangedValues(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { changed(t, populate(t, dbtest.SQLite(t)), false) })
	t.Run("postgres", func(t *testing.T) { changed(t, populate(t, dbtest.Postgres(t)), true) })
}

func changed(t *testing.T, s *scene, short bool) {
	foreign := stranger(t, dbtest.SQLite(t), s.Instance)
	cases := 0
	for _, c := range columns {
		if c.unread != "" {
			continue
		}
		values := s.values()
		used := 0
		for at, value := range values {
			if at.table != c.table || at.column != c.column || (c.rows != nil && !c.rows(s, at.key)) {
				continue
			}
			if used++; c.table == "audit_events" && used > 2 {
				continue // many alike
			}
			all := mutations(value, short)
			if c.absent != "" {
				delete(all, "empty")
			}
			for other, v := range values {
				switch {
				case other == at || bytes.Equal(v, value):
				case other.table == at.table && other.column == at.column:
					all["another row's"] = v
				case other.table == at.table && other.key == at.key:
					all["of column "+other.column] = v
				}
			}
			for other, v := range foreign {
				if other.table == at.table && other.column == at.column {
					all["another organization's"] = v
				}
			}
			if was, there := s.earlier[at]; there && c.back == "" {
				all["an earlier one"] = was
			}
			for what, v := range all {
				cases++
				if !s.put(at, v) {
					continue // the database itself refuses it
				}
				refused := c.refused
				if what == "an earlier one" && c.refusedBack != "" {
					refused = c.refusedBack
				}
				for name := range strings.SplitSeq(refused, ",") {
					s.calm()
					if err := probes[name](t, s.restart()); err == nil {
						t.Errorf("%s.%s of %s, %s: %s went through", at.table, at.column, at.key, what, name)
					}
				}
				s.put(at, value)
			}
		}
		if used == 0 {
			t.Errorf("%s.%s: the world has no such value", c.table, c.column)
		}
	}
	for at := range s.earlier {
		t.Logf("earlier value of %s.%s %s", at.table, at.column, at.key)
	}
	t.Logf("%d changed values", cases)
	for _, name := range flows() {
		s.calm()
		if err := probes[name](t, s.restart()); err != nil {
			t.Errorf("after all was put back, %s: %v", name, err)
		}
	}
}
