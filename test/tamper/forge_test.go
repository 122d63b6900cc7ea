package tamper

import (
	"strings"
	"testing"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
)

func (s *scene) must(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		s.calm()
		if err := probes[name](t, s.restart()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func (s *scene) mustNot(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		s.calm()
		if err := probes[name](t, s.restart()); err == nil {
			t.Errorf("%s went through", name)
		}
	}
}

// opens counts the key grants of an epoch that an identity opens.
func (s *scene) opens(who seal.Identity, epoch int64) int {
	n := 0
	for at, sealed := range s.values() {
		kind, holder, ok := strings.Cut(strings.TrimPrefix(at.key, "3 "), " ")
		if at.table != "key_grants" || !ok {
			continue
		}
		place := seal.Place{Org: s.OrgID, Table: "key_grants", Row: holder, Envelope: kind, Epoch: epoch}
		if _, err := who.OpenKey(seal.PurposeGrant, place, sealed); err == nil {
			n++
		}
	}
	return n
}

// A public key in a row is never sealed to: the holder is left out, and
// whoever put the key there opens nothing of the new epoch.
func TestSwappedPublicKey(t *testing.T) {
	s := populate(t, dbtest.SQLite(t))
	mallory, _ := seal.NewIdentity()
	s.exec("UPDATE users SET hpke_public = $1 WHERE id = $2", mallory.Public(), s.bobID)
	s.must(t, "epoch", "reveal", "device", "follow")
	if n := s.opens(mallory, 3); n != 0 {
		t.Errorf("%d grants were sealed to a key from a row", n)
	}
	if _, there := s.values()[cell{"key_grants", "3 user " + s.bobID, "sealed"}]; there {
		t.Error("a grant was made for a user whose key was swapped")
	}
	s.exec("UPDATE tokens SET hpke_public = $1 WHERE id = $2", mallory.Public(), s.all.ID)
	s.mustNot(t, "token")
}

// Somebody who writes rows but holds no keys adds himself.
func TestAddedMember(t *testing.T) {
	s := populate(t, dbtest.SQLite(t))
	mallory, _ := seal.NewIdentity()
	user := id.New("user")
	s.exec(`INSERT INTO users (org_id, id, email, email_folded, name, kind, level_id, created_at, hpke_public, outer_epoch, home_epoch)
		VALUES ($1, $2, 'm@example.com', 'm@example.com', 'M', 'administrator', $3, 0, $4, 2, 2)`, s.OrgID, user, perm.LevelAdmin, mallory.Public())
	s.must(t, "epoch", "reveal")
	if n := s.opens(mallory, 3); n != 0 {
		t.Errorf("%d grants for a member whom nobody let in", n)
	}
	grant, err := seal.SealTo(mallory.Public(), seal.PurposeGrant, seal.Place{Org: s.OrgID, Table: "key_grants", Row: user, Envelope: "user", Epoch: 3}, seal.NewKey())
	s.Must(err)
	s.exec("INSERT INTO key_grants (org_id, epoch, holder_kind, holder_id, sealed) VALUES ($1, 3, 'user', $2, $3)", s.OrgID, user, grant)
	s.mustNot(t, "epoch", "add client")
}

// A row of sessions that somebody without the instance key made, or made over,
// signs nobody in, on a server that holds the true session's keys too.
func TestForgedSession(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := populate(t, d)
		running := s.restart()
		if err := probes["reveal"](t, running); err != nil { // now the server holds the ring
			t.Fatal(err)
		}
		mine := seal.NewToken()
		stolen := session.SignedIn{Org: s.OrgID, Token: mine}
		refused := func(what string) {
			t.Helper()
			for name, on := range map[string]*scene{"running": running, "fresh": s.restart()} {
				if who, err := on.actor(stolen); !fault.Is(err, fault.Unsigned) {
					t.Errorf("%s, %s server: %v, open %v", what, name, err, err == nil && who.Open())
				}
			}
		}
		at := cell{"sessions", s.ada.Session, "lookup"}
		true1 := s.values()[at]
		s.put(at, mine.Lookup())
		refused("another token for an open session")
		s.exec("UPDATE sessions SET open = FALSE WHERE id = $1", s.ada.Session)
		refused("another token for a session made sealed")
		s.exec("UPDATE sessions SET open = TRUE WHERE id = $1", s.ada.Session)
		s.put(at, true1)

		stolen = s.tim
		if _, err := running.actor(stolen); err != nil {
			t.Fatal(err)
		}
		s.exec("UPDATE sessions SET user_id = $1 WHERE id = $2", s.AdminID, s.tim.Session)
		refused("Tim's session given to Ada")
		s.exec("UPDATE sessions SET user_id = $1 WHERE id = $2", s.timID, s.tim.Session)
		s.exec("UPDATE sessions SET open = FALSE WHERE id = $1", s.tim.Session)
		refused("an open session's keys in a sealed one")
		s.exec("UPDATE sessions SET open = TRUE WHERE id = $1", s.tim.Session)
		s.must(t, "resume", "follow")

		stolen = session.SignedIn{Org: s.OrgID, Token: mine}
		for _, open := range []bool{false, true} {
			s.exec(`INSERT INTO sessions (org_id, id, user_id, lookup, outer_epoch, keys_box, open, ip, agent, created_at, last_used, expires_at)
				SELECT org_id, $1, user_id, $2, outer_epoch, keys_box, $3, ip, agent, created_at, last_used, expires_at FROM sessions WHERE id = $4`,
				id.New("session"), mine.Lookup(), open, s.ada.Session)
			refused("a copied session")
			s.exec("DELETE FROM sessions WHERE lookup = $1", mine.Lookup())
		}
	})
}

// Rows that give a token more than it was made with open nothing, and are
// carried into no new epoch.
func TestWidenedToken(t *testing.T) {
	for what, widen := range map[string]func(*scene){
		"all clients": func(s *scene) { s.exec("UPDATE tokens SET all_clients = TRUE WHERE id = $1", s.scoped.ID) },
		"one client": func(s *scene) {
			s.exec("INSERT INTO token_clients SELECT org_id, $1, id FROM clients WHERE name = 'Fabrikam'", s.scoped.ID)
		},
		"permissions": func(s *scene) {
			s.exec("UPDATE tokens SET permissions = 'Organization: Admin' WHERE id = $1", s.scoped.ID)
		},
		"a longer one": func(s *scene) { s.exec("UPDATE tokens SET expires_at = expires_at + 1 WHERE id = $1", s.scoped.ID) },
		"its owner":    func(s *scene) { s.exec("UPDATE tokens SET user_id = $2 WHERE id = $1", s.scoped.ID, s.bobID) },
	} {
		t.Run(what, func(t *testing.T) {
			s := populate(t, dbtest.SQLite(t))
			s.must(t, "scoped")
			widen(s)
			s.mustNot(t, "scoped", "epoch")
		})
	}
}

// Anybody can seal to a token's public key. What he seals there must not
// become the keys that the token writes under.
func TestForgedScope(t *testing.T) {
	s := populate(t, dbtest.SQLite(t))
	var public []byte
	for at, v := range s.values() {
		if at == (cell{"tokens", s.all.ID, "hpke_public"}) {
			public = v
		}
	}
	terms := s.terms(s.all.ID)
	scope, own := seal.NewKey(), seal.NewKey()
	at := gate.PlaceOfScope(s.OrgID, s.all.ID, terms, 2)
	sealed, err := seal.SealTo(public, seal.PurposeTokenScope, at, scope)
	s.Must(err)
	signature := seal.NewSignKey().Sign(gate.ScopeContext, gate.ScopeText(at, sealed))
	s.put(cell{"token_scopes", s.all.ID + " 2", "sealed"}, append(signature, sealed...))
	s.put(cell{"token_client_keys", s.all.ID + " " + s.contoso + " 2", "key_box"},
		scope.Wrap(seal.PurposeTokenScope, gate.PlaceOfTokenClient(s.OrgID, s.all.ID, s.contoso, 2), own))
	s.mustNot(t, "token")
}

func (s *scene) terms(token string) []byte {
	who, err := s.adas()
	s.Must(err)
	op := gate.Op{Name: "test.terms", Scope: gate.Self}
	terms, err := gate.Do(ctx, s.Gate, who, &op, gate.Nothing(), func(tx *gate.Tx) ([]byte, error) { return gate.TermsOf(tx, token) })
	s.Must(err)
	return terms
}

// The number of the epoch put back leads nowhere: everybody has seen a later one.
func TestOlderEpoch(t *testing.T) {
	s := populate(t, dbtest.SQLite(t))
	running := s.restart()
	for _, name := range []string{"reveal", "token"} {
		if err := probes[name](t, running); err != nil {
			t.Fatal(err)
		}
	}
	s.exec("UPDATE organizations SET key_epoch = 1")
	for _, name := range []string{"reveal", "token", "scoped", "add client", "list"} {
		if err := probes[name](t, running); err == nil {
			t.Errorf("running server: %s went through", name)
		}
	}
	s.mustNot(t, "reveal", "token", "scoped", "add client", "list", "device", "organization key", "epoch")
	s.exec("UPDATE organizations SET key_epoch = 2")
	s.must(t, "reveal", "token", "device", "organization key")
}

// A former member knows the signing key, the instance key and an earlier vault
// key, and writes an epoch of his own. A session that holds the present vault
// key does not follow him.
func TestForgedEpoch(t *testing.T) {
	s := populate(t, dbtest.SQLite(t))
	running := s.restart()
	if err := probes["reveal"](t, running); err != nil {
		t.Fatal(err)
	}
	sign, members := s.signKey()
	vault, outer := seal.NewKey(), seal.NewKey()
	roster := seal.Roster{Org: s.OrgID, Epoch: 3, KeyCheck: vault.Check(s.OrgID, 3), Holders: members}
	at := func(envelope string) seal.Place {
		return seal.Place{Org: s.OrgID, Table: "key_epochs", Row: s.OrgID, Envelope: envelope, Epoch: 3}
	}
	pair, private := seal.NewIdentity()
	s.exec(`INSERT INTO key_epochs (org_id, epoch, made_at, made_by, why, roster, outer_instance_box, outer_vault_box, previous_box, sign_box, hpke_box, hpke_public)
		VALUES ($1, 3, 0, '', '', $2, $3, $4, $5, $6, $7, $8)`, s.OrgID, roster.Sign(sign), s.Instance.Wrap(seal.PurposeOuterInstance, at("outer"), outer),
		vault.Wrap(seal.PurposeOuterVault, at("outer"), outer), vault.Wrap(seal.PurposeVaultPrevious, at("previous_box"), seal.NewKey()),
		vault.Seal(seal.PurposeSignKey, at("sign_box"), sign.Bytes()), vault.Seal(seal.PurposeOrgKEM, at("hpke_box"), private), pair.Public())
	for _, m := range members {
		grant, err := seal.SealTo(m.Public, seal.PurposeGrant, seal.Place{Org: s.OrgID, Table: "key_grants", Row: m.ID, Envelope: m.Kind, Epoch: 3}, vault)
		s.Must(err)
		s.exec("INSERT INTO key_grants (org_id, epoch, holder_kind, holder_id, sealed) VALUES ($1, 3, $2, $3, $4)", s.OrgID, m.Kind, m.ID, grant)
	}
	s.exec("UPDATE organizations SET key_epoch = 3")
	for _, name := range []string{"reveal", "list", "add client"} {
		if err := probes[name](t, running); err == nil {
			t.Errorf("running server: %s followed a forged epoch", name)
		}
	}
	s.mustNot(t, "reveal", "list", "add client", "follow")
}

// signKey gives what a former member has kept, and the users in the roster.
func (s *scene) signKey() (seal.SignKey, []seal.Holder) {
	who, err := s.adas()
	s.Must(err)
	n, vault := who.Ring().Held()
	values := s.values()
	raw, err := vault.Open(seal.PurposeSignKey, seal.Place{Org: s.OrgID, Table: "key_epochs", Row: s.OrgID, Envelope: "sign_box", Epoch: n}, values[cell{"key_epochs", "2", "sign_box"}])
	s.Must(err)
	key, err := seal.SignKeyFrom(raw)
	s.Must(err)
	roster, err := seal.OpenRoster(values[cell{"key_epochs", "2", "roster"}], key.Public())
	s.Must(err)
	var users []seal.Holder
	for _, h := range roster.Holders {
		if h.Kind == seal.HolderUser {
			users = append(users, h)
		}
	}
	return key, users
}
