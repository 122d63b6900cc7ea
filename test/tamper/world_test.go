// Package tamper changes what is stored sealed, as somebody would who writes
// to the database but holds no keys, and demands that every flow either fails
// or is unaffected: nothing that was changed is ever taken for genuine.
package tamper

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/app"
	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/factor"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

// scene is a populated world, and what its people's browsers hold.
type scene struct {
	*apptest.World
	db             *db.DB
	contoso        string
	old, fresh     string // credentials of the first and of the last epoch
	own            string // in Ada's personal vault
	ada            session.SignedIn
	adaDevice      seal.Token
	tim            session.SignedIn // begun in the first epoch
	timID, bobID   string
	all, scoped    session.MadeToken
	argon          *seal.Argon
	device         *seal.Token     // where the next secret of Ada's browser goes
	earlier        map[cell][]byte // values that were replaced in the same row
	recovery       seal.RecoveryCode
	formerRecovery seal.RecoveryCode
	seed           seal.TOTPSeed // of Bob's app
	codes          []seal.FactorCode
}

const (
	oldSecret, freshSecret, ownSecret, firstSecret = "s3cret of the first epoch", "s3cret of the last epoch", "s3cret of Ada's own", "s3cret before the edit"
	oldTitle, freshTitle, notes                    = "Edge firewall", "Core switch", "the notes of contoso"
	newPassword                                    = "entirely different horse staple nine"
)

var ctx = context.Background()

// populate makes every kind of sealed value, two epochs of keys, and changes
// that leave earlier values to be put back.
func populate(t testing.TB, d *db.DB) *scene {
	t.Helper()
	w := apptest.New(t, d)
	s := &scene{World: w, db: d, earlier: map[cell][]byte{}, recovery: seal.NewRecoveryCode(), formerRecovery: seal.NewRecoveryCode()}
	var err error
	s.argon, err = seal.NewArgonAt(apptest.Cheap, 2, 64)
	w.Must(err)
	s.contoso, err = w.Clients.Add(ctx, w.Admin, client.Input{Name: "Contoso", Notes: "earlier notes", Tags: []string{"earlier"}})
	w.Must(err)
	s.say(s.contoso, 0, "earlier")
	fabrikam, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Fabrikam", Notes: "other notes", Tags: []string{"other"}})
	w.Must(err)
	s.say(fabrikam, 0, "other")
	s.old = s.add(vault.Place{Client: s.contoso}, oldTitle, firstSecret)
	s.own = s.add(vault.Place{Own: true}, "Ada's own", ownSecret)
	s.timID = w.Enrol("tim", perm.LevelTechnicianDefault)
	s.tim = w.SignedIn("tim")
	s.all = s.token(true)
	s.ada = w.SignedIn("ada")
	s.adaDevice, err = w.Sessions.RenewKeys(ctx, s.reopened(), session.Password{Bearer: s.ada.Bearer(), Present: seal.NewSecret(apptest.Password)})
	w.Must(err) // the second epoch, and Ada's second seed
	w.Admin = s.reopened()
	s.scoped = s.token(false)
	s.fresh = s.add(vault.Place{Client: s.contoso}, freshTitle, freshSecret)
	w.Must(w.Vault.Flag(ctx, w.Admin, s.fresh, "earlier note of a flag"))
	s.device = &s.adaDevice
	w.Must(w.People.RenewRecovery(ctx, w.Admin, s.formerRecovery))
	s.change(apptest.Password, "first change of this password")
	s.Admin = s.reopened()

	// From here on, what is replaced in a row is kept, to be put back later.
	before := s.values()
	s.bobID = w.Enrol("bob", perm.LevelAdmin) // the roster of the epoch changes
	w.Must(w.People.RenewRecovery(ctx, s.Admin, s.recovery))
	s.seed, s.codes = s.secondFactor("bob")
	s.change("first change of this password", newPassword)
	s.Clock.Advance(time.Millisecond)
	w.Must(w.Vault.Flag(ctx, s.Admin, s.fresh, "note of a flag"))
	_, err = w.Vault.Edit(ctx, s.Admin, s.old, 1, input(oldTitle, oldSecret))
	w.Must(err)
	c, err := w.Clients.Get(ctx, s.Admin, s.contoso)
	w.Must(err)
	_, err = w.Clients.Edit(ctx, s.Admin, s.contoso, c.Version, client.Input{Name: "Contoso", Notes: notes, Tags: []string{notes}})
	w.Must(err)
	s.say(s.contoso, 1, notes)
	for at, value := range s.values() {
		if was, there := before[at]; there && !bytes.Equal(was, value) {
			s.earlier[at] = was
		}
	}
	return s
}

// say writes a client's panel and banner, read at a version.
func (s *scene) say(of string, version int64, text string) {
	s.T.Helper()
	_, err := s.Clients.SetPanel(ctx, s.Admin, of, version, []client.Item{{Kind: client.KindText, Value: text}})
	s.Must(err)
	_, err = s.Clients.SetBanner(ctx, s.Admin, of, version, client.BannerInput{Text: text})
	s.Must(err)
}

// reopened is Ada's session, resumed by a server that has just started.
func (s *scene) reopened() gate.Actor { return s.Resume(s.ada) }

func (s *scene) change(from, to string) {
	s.T.Helper()
	_, err := s.Sessions.ChangePassword(ctx, s.reopened(), session.Password{Bearer: s.ada.Bearer(), Present: seal.NewSecret(from), Next: seal.NewSecret(to)})
	s.Must(err)
}

func input(title, secret string) vault.Input {
	return vault.Input{Type: "Firewall", Overview: vault.Overview{Title: title, Username: "root"}, Secret: vault.Secret{Password: secret}}
}

func (s *scene) add(at vault.Place, title, secret string) string {
	s.T.Helper()
	id, err := s.Vault.Add(ctx, s.Admin, at, input(title, secret))
	s.Must(err)
	return id
}

func (s *scene) token(all bool) session.MadeToken {
	s.T.Helper()
	in := session.NewToken{Name: "script", Permissions: []string{"Client: View List", "Password: View", "Password: Edit", "Password: Add"}, AllClients: all, Days: 30}
	if !all {
		in.Clients = []string{s.contoso}
	}
	made, err := s.Sessions.AddToken(ctx, s.Admin, in)
	s.Must(err)
	return made
}

// secondFactor sets up an authenticator app, and uses one recovery code, so
// that an earlier list of them can be put back.
func (s *scene) secondFactor(name string) (seal.TOTPSeed, []seal.FactorCode) {
	s.T.Helper()
	who := s.SignIn(name)
	id, err := s.Factors.Begin(ctx, who, factor.NewFactor{Kind: factor.TOTP, Name: "Telephone", Password: seal.NewSecret(apptest.Password)})
	s.Must(err)
	e, err := s.Factors.Show(ctx, who, id)
	s.Must(err)
	codes, err := s.Factors.Confirm(ctx, who, factor.Confirmation{ID: id, Code: e.Seed.Code(seal.TOTPStep(s.Clock.Now()))})
	s.Must(err)
	return e.Seed, codes
}

// restart gives the scene a server that has just started: nothing is held in
// memory from before, so that everything comes from the rows.
func (s *scene) restart() *scene {
	next, w := *s, *s.World
	w.App = app.New(s.db, s.Instance, s.argon, s.Clock)
	next.World = &w
	return &next
}

// stranger is another organization on a server with the same instance key.
func stranger(t testing.TB, d *db.DB, instance seal.Key) map[cell][]byte {
	t.Helper()
	w := apptest.New(t, d)
	_ = instance
	s := &scene{World: w, db: d}
	contoso, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Contoso", Notes: notes, Tags: []string{notes}})
	w.Must(err)
	s.contoso = contoso
	s.say(contoso, 0, notes)
	id := s.add(vault.Place{Client: contoso}, oldTitle, "foreign secret")
	_, err = w.Vault.Edit(ctx, w.Admin, id, 1, input(oldTitle, "foreign secret, changed"))
	w.Must(err)
	s.token(true)
	w.Enrol("tim", perm.LevelTechnicianDefault)
	s.secondFactor("tim")
	w.Must(w.People.RenewRecovery(ctx, w.Admin, seal.NewRecoveryCode()))
	w.Must(w.People.Disable(ctx, w.Admin, w.Enrol("dan", perm.LevelTechnicianDefault)))
	return s.values()
}

// cell is one value: table, key of the row, column.
type cell struct{ table, key, column string }

var schema = []struct{ table, key, columns string }{
	{"organizations", "id", "sign_public"},
	{"users", "id", "password_record recovery_box home_box hpke_public pin"},
	{"key_epochs", "epoch", "roster outer_instance_box outer_vault_box previous_box sign_box hpke_box hpke_public hpke_signature"},
	{"personal_keys", "user_id || ' ' || seed_number", "previous_box"},
	{"key_grants", "epoch || ' ' || holder_kind || ' ' || holder_id", "sealed"},
	{"devices", "id", "lookup way_in_box"},
	{"factors", "id", "factor_box"},
	{"sessions", "id", "lookup keys_box"},
	{"clients", "id", "notes_box tags_box panel_box banner_box"},
	{"client_keys", "client_id || ' ' || epoch", "key_box"},
	{"credentials", "id", "key_box overview_box secret_box"},
	{"credential_versions", "credential_id || ' ' || version", "key_box overview_box secret_box"},
	{"flags", "credential_id", "note_box"},
	{"tokens", "id", "lookup hpke_public pin"},
	{"token_scopes", "token_id || ' ' || epoch", "sealed vault_box"},
	{"token_client_keys", "token_id || ' ' || client_id || ' ' || epoch", "key_box"},
	{"audit_events", "seq", "title_box sealed_hash leaf_hash"},
}

func keyOf(table string) string {
	for _, s := range schema {
		if s.table == table {
			return s.key
		}
	}
	panic("no key for " + table)
}

// values reads every sealed value of the database.
func (s *scene) values() map[cell][]byte {
	s.T.Helper()
	all := map[cell][]byte{}
	s.Must(s.db.Read(ctx, func(tx *db.Tx) error {
		for _, of := range schema {
			for column := range strings.FieldsSeq(of.columns) {
				rows, err := tx.Query(ctx, fmt.Sprintf("SELECT CAST(%s AS TEXT), %s FROM %s WHERE %s IS NOT NULL", of.key, column, of.table, column))
				if err != nil {
					return err
				}
				for rows.Next() {
					var key string
					var value []byte
					if err := rows.Scan(&key, &value); err != nil {
						return err
					}
					all[cell{of.table, key, column}] = value
				}
				if err := rows.Err(); err != nil {
					return err
				}
				rows.Close()
			}
		}
		return nil
	}))
	return all
}

// put writes a value as somebody would who has the database only.
// It reports whether the database's own rules let him.
func (s *scene) put(at cell, value []byte) bool {
	s.T.Helper()
	err := s.db.Write(ctx, "", func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, fmt.Sprintf("UPDATE %s SET %s = $1 WHERE CAST(%s AS TEXT) = $2", at.table, at.column, keyOf(at.table)), value, at.key)
		if err == nil && n != 1 {
			err = fmt.Errorf("%d rows are %v", n, at)
		}
		return err
	})
	if !db.IsUnique(err) {
		s.Must(err)
	}
	return err == nil
}

func (s *scene) exec(text string, args ...any) {
	s.T.Helper()
	s.Must(s.db.Write(ctx, "", func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, text, args...)
		if err == nil && n == 0 {
			err = fmt.Errorf("nothing changed by %s", text)
		}
		return err
	}))
}

func (s *scene) signIn(in session.SignIn) (session.SignedIn, error) {
	in.IP, in.Agent = "127.0.0.1", "test"
	if in.Email == "" {
		in.Email = "ada@northwind.example"
	}
	if in.Password.IsEmpty() {
		in.Password = seal.NewSecret(newPassword)
	}
	return s.Sessions.SignIn(ctx, in)
}

// calm takes back what earlier refusals left: counted tries. API tokens were
// last used long ago, so that they are looked at closely again.
func (s *scene) calm() {
	s.exec("UPDATE users SET failures = 0, locked_until = 0")
	s.exec("UPDATE tokens SET last_used = 0")
}
