package backup

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/audit"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/fault"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

// office is a vault with two administrators and something of theirs.
type office struct {
	*apptest.World
	d            *db.DB
	target       string
	shared, mine string // credentials: of the company, of Ada's personal vault
	bea          string
}

func newOffice(t *testing.T, e engine) *office {
	t.Helper()
	o := &office{target: e.filled(t)}
	o.d = open(t, o.target)
	o.World = apptest.New(t, o.d)
	var err error
	for _, c := range []struct {
		id    *string
		place vault.Place
	}{{&o.shared, vault.Place{Client: o.Company}}, {&o.mine, vault.Place{Own: true}}} {
		*c.id, err = o.Vault.Add(ctx, o.Admin, c.place, vault.Input{Type: "Server", Overview: vault.Overview{Title: "Edge"}, Secret: vault.Secret{Password: "s3cret"}})
		o.Must(err)
		_, err = o.Vault.Reveal(ctx, o.Admin, *c.id)
		o.Must(err)
	}
	o.bea = o.Enrol("bea", perm.LevelAdmin)
	dan := o.Enrol("dan", perm.LevelTechnicianDefault)
	o.Must(o.People.Disable(ctx, o.Admin, dan)) // a second epoch
	return o
}

// Everybody forgot everything; the instance key is there. The chosen
// administrator gets in with the new password, and nobody else is affected.
func TestRecoverAnAdministrator(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		o := newOffice(t, e)
		old := o.SignedIn("ada")
		look, err := o.Org.CheckRecovery(ctx, recovery(o.Recovery, " ADA@northwind.example"))
		must(t, err)
		if look.Epoch != 2 || look.Lost != 1 || look.Outer != 0 || look.Email != "ada@northwind.example" || look.Code.Valid() {
			t.Fatalf("looked: %+v", look)
		}
		if _, err := o.Vault.Reveal(ctx, o.Admin, o.mine); err != nil {
			t.Fatalf("looking changed something: %v", err)
		}
		a := server(t, o.d, o.Instance)
		r, err := a.Org.Recover(ctx, recovery(o.Recovery, "ada@northwind.example"))
		must(t, err)
		if r.Epoch != 3 || r.Lost != 1 || r.Outer != 0 || r.Bearers < 2 {
			t.Errorf("recovered: %+v", r)
		}
		a = server(t, o.d, o.Instance)
		if _, err := a.Sessions.Resume(ctx, session.Bearer(session.KindSession, old.Org, old.Token), "127.0.0.1", nil); !fault.Is(err, fault.Unsigned) {
			t.Errorf("her earlier session: %v", err)
		}
		if _, err := a.Sessions.SignIn(ctx, session.SignIn{Email: "ada@northwind.example", Password: seal.NewSecret(apptest.Password), Code: o.Code, IP: "127.0.0.1"}); !fault.Is(err, fault.Unsigned) {
			t.Errorf("her earlier password: %v", err)
		}
		for _, typed := range []string{o.Code.Chars(), r.Code.Chars()} {
			ada := signedIn(t, a, "ada@northwind.example", again, typed)
			secret, err := a.Vault.Reveal(ctx, ada, o.shared)
			must(t, err)
			if secret.Password != "s3cret" {
				t.Errorf("revealed %q", secret.Password)
			}
			if _, err := a.Vault.Reveal(ctx, ada, o.mine); !fault.Is(err, fault.Absent) {
				t.Errorf("what nothing opens is %v", err)
			}
			if _, _, err := a.Vault.List(ctx, ada, vault.Listing{Place: vault.Place{Own: true}}); err != nil {
				t.Errorf("her personal vault: %v", err)
			}
		}
		ada := signedIn(t, a, "ada@northwind.example", again, o.Code.Words())
		id, err := a.Vault.Add(ctx, ada, vault.Place{Own: true}, vault.Input{Type: "Server", Overview: vault.Overview{Title: "New"}, Secret: vault.Secret{Password: "new"}})
		must(t, err)
		_, err = a.Vault.Reveal(ctx, ada, id)
		must(t, err)
		must(t, a.Org.ChangeKey(ctx, ada, seal.NewSecret(again), seal.NewCode()))
		events, _, err := a.Audit.List(ctx, ada, audit.Filter{Limit: 200})
		must(t, err)
		noted := map[string]bool{}
		for _, ev := range events {
			noted[ev.Operation+" "+ev.Name] = true
		}
		if !noted["organization.recover Northwind IT"] || !noted["organization.recover.user ada@northwind.example"] {
			t.Errorf("the audit log has no word of it: %v", noted)
		}
		// Bea was not touched: her password, and the epoch that follows.
		bea, err := a.Sessions.SignIn(ctx, session.SignIn{Email: "bea@northwind.example", Password: seal.NewSecret(apptest.Password), IP: "127.0.0.1"})
		must(t, err)
		if bea.Token.Valid() == false {
			t.Error("bea has no session")
		}
	})
}

// The instance key is lost. Without naming anybody, everything is as before
// under a new one; passwords, recovery codes and personal vaults too.
func TestRecoverWithoutInstanceKey(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		o := newOffice(t, e)
		fresh := seal.NewKey()
		if err := server(t, o.d, fresh).Org.Fits(ctx); err == nil {
			t.Fatal("a new instance key fits")
		}
		r, err := server(t, o.d, fresh).Org.Recover(ctx, recovery(o.Recovery, ""))
		must(t, err)
		if r.Outer != 2 || r.Epoch != 3 || r.User != "" || r.Lost != 0 {
			t.Errorf("recovered: %+v", r)
		}
		a := server(t, o.d, fresh)
		must(t, a.Org.Fits(ctx))
		if err := server(t, o.d, o.Instance).Org.Fits(ctx); err == nil {
			t.Error("the earlier instance key still fits")
		}
		ada := signedIn(t, a, "ada@northwind.example", apptest.Password, o.Code.Chars())
		for _, id := range []string{o.shared, o.mine} {
			secret, err := a.Vault.Reveal(ctx, ada, id)
			must(t, err)
			if secret.Password != "s3cret" {
				t.Errorf("revealed %q", secret.Password)
			}
		}
		_, err = a.Clients.Add(ctx, ada, client.Input{Name: "Later"})
		must(t, err)
	})
}

func TestRecoverRefuses(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		o := newOffice(t, e)
		a := server(t, o.d, seal.NewKey())
		before := historyOf(t, o.d)
		for what, c := range map[string]struct {
			in   org.Recovery
			want func(error) bool
		}{
			"another code":         {recovery(seal.NewCode(), "ada@northwind.example"), func(err error) bool { return errors.Is(err, org.ErrNotRecovery) }},
			"the Organization Key": {recovery(o.Code, "ada@northwind.example"), func(err error) bool { return errors.Is(err, org.ErrNotRecovery) }},
			"no code":              {recovery(seal.Code{}, ""), func(err error) bool { return errors.Is(err, org.ErrNotRecovery) }},
			"nobody's address":     {recovery(o.Recovery, "eve@northwind.example"), func(err error) bool { return fault.Is(err, fault.Invalid) }},
			"no administrator":     {recovery(o.Recovery, "dan@northwind.example"), func(err error) bool { return fault.Is(err, fault.Invalid) }},
			"a weak password":      {org.Recovery{Code: o.Recovery, Email: "ada@northwind.example", Password: seal.NewSecret("password")}, func(err error) bool { return fault.Is(err, fault.Invalid) }},
		} {
			if _, err := a.Org.Recover(ctx, c.in); !c.want(err) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if after := historyOf(t, o.d); len(after.leaves) != len(before.leaves) {
			t.Error("a refusal changed something")
		}
		must(t, server(t, o.d, o.Instance).Org.Fits(ctx))
	})
}

// Whoever writes to the database can seal a vault key of his own to the
// Recovery key's public one. Nothing is recovered by it, whatever he changes
// of the rest.
func TestRecoverForged(t *testing.T) {
	for what, change := range map[string]string{
		"an earlier vault key":  `UPDATE key_epochs SET previous_box = sign_box WHERE epoch = 2`,
		"an earlier roster":     `UPDATE key_epochs SET roster = (SELECT roster FROM key_epochs WHERE epoch = 2) WHERE epoch = 1`,
		"the present roster":    `UPDATE key_epochs SET roster = (SELECT roster FROM key_epochs WHERE epoch = 1) WHERE epoch = 2`,
		"the signing key":       `UPDATE organizations SET sign_public = (SELECT roster FROM key_epochs WHERE epoch = 1)`,
		"an outer key":          `UPDATE key_epochs SET outer_vault_box = sign_box WHERE epoch = 1`,
		"a client key":          `UPDATE client_keys SET key_box = (SELECT key_box FROM client_keys WHERE epoch = 1) WHERE epoch = 2`,
		"the grant of an epoch": `UPDATE key_grants SET sealed = (SELECT sealed FROM key_grants WHERE epoch = 1 AND holder_kind = 'recovery key') WHERE epoch = 2 AND holder_kind = 'recovery key'`,
		"no grant":              `DELETE FROM key_grants WHERE epoch = 2 AND holder_kind = 'recovery key'`,
		"an epoch that is gone": `UPDATE key_epochs SET epoch = 7 WHERE epoch = 1`,
		"an epoch put back":     `UPDATE organizations SET key_epoch = 1`,
	} {
		t.Run(what, func(t *testing.T) {
			o := newOffice(t, engines[0])
			must(t, o.d.Write(ctx, "", func(tx *db.Tx) error {
				if _, err := tx.Exec(ctx, `PRAGMA defer_foreign_keys = ON`); err != nil {
					return err
				}
				if strings.Contains(change, "epoch = 7") { // its grants go along
					if _, err := tx.Exec(ctx, `UPDATE key_grants SET epoch = 7 WHERE epoch = 1`); err != nil {
						return err
					}
				}
				_, err := tx.Exec(ctx, change)
				return err
			}))
			r, err := server(t, o.d, seal.NewKey()).Org.Recover(ctx, recovery(o.Recovery, "ada@northwind.example"))
			if err == nil {
				t.Errorf("recovered: %+v", r)
			}
		})
	}
}

// The instance key is in no backup: neither its bytes nor any way to write
// them, encrypted or not. (That it would be found is shown too.)
func TestInstanceKeyIsInNoBackup(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		target := e.filled(t)
		path := t.TempDir() + "/instance.key"
		_, err := seal.InstanceKey(path)
		must(t, err)
		line, err := os.ReadFile(path)
		must(t, err)
		text := strings.Fields(string(line))
		raw, err := base64.StdEncoding.DecodeString(text[len(text)-1])
		must(t, err)
		instance, err := seal.KeyFrom(raw)
		must(t, err)
		d := open(t, target)
		o := apptest.New(t, d)
		a := server(t, d, instance) // whose key is in use from here on
		_, err = a.Org.Recover(ctx, recovery(o.Recovery, ""))
		must(t, err)
		file, key, _ := backedUp(t, target)
		plain, err := io.ReadAll(decrypted(t, file, key))
		must(t, err)
		forms := [][]byte{raw, []byte(hex.EncodeToString(raw)), []byte(text[len(text)-1]), []byte("bailiwick instance key")}
		for _, form := range forms {
			for name, data := range map[string][]byte{"the file": file, "what is in it": plain} {
				if bytes.Contains(data, form) {
					t.Errorf("the instance key is in %s", name)
				}
			}
			if !bytes.Contains(append(bytes.Clone(plain), form...), form) {
				t.Error("it would not be found")
			}
		}
	})
}
