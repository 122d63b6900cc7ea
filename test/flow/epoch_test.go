package flow

import (
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

func TestRemovalOnTwoNodes(t *testing.T) {
	url := dbtest.PostgresURL(t, nil)
	open := func() *db.DB {
		d, err := db.Open(ctx, url, db.Options{Connections: 4})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return d
	}
	a := begin(t, open())
	b := a.node(open())
	ann := a.Enrol("ann", perm.LevelTechnicianDefault)
	a.Enrol("tim", perm.LevelTechnicianDefault)
	annIn, timIn := a.SignedIn("ann"), a.SignedIn("tim")
	annOnB, timOnB := b.Resume(annIn), b.Resume(timIn)
	b.reveals(annOnB, b.cred, secret)
	b.reveals(timOnB, b.cred, secret)

	a.Must(a.People.Disable(ctx, a.Admin, ann))
	if _, err := b.Vault.Reveal(ctx, annOnB, b.cred); !fault.Is(err, fault.Absent) {
		t.Errorf("running request of the removed: %v", err)
	}
	if _, err := b.actor(annIn); !fault.Is(err, fault.Unsigned) {
		t.Errorf("session of the removed: %v", err)
	}
	b.reveals(timOnB, b.cred, secret) // follows the new epoch by his grant
	later := b.add(timOnB, vault.Place{Client: b.contoso}, "written later")
	a.reveals(a.Admin, later, "written later")
	if n := a.count("SELECT key_epoch FROM credentials WHERE id = $1", later); n != 2 {
		t.Errorf("written under epoch %d", n)
	}
	b.reveals(b.Resume(timIn), later, "written later")
	_, err := b.try("ann", apptest.Password, withCode(b.Code))
	b.refused(err, fault.Unsigned)
}

func TestSealedRemover(t *testing.T) {
	both(t, func(s *scene) {
		ann := s.Enrol("ann", perm.LevelTechnicianDefault)
		s.Enrol("tim", perm.LevelTechnicianDefault)
		s.Enrol("bob", perm.LevelAdmin)
		tim := s.SignIn("tim")
		token, err := s.Sessions.AddToken(ctx, s.Admin, session.NewToken{Name: "script", Permissions: []string{"Client: View List", "Password: View", "Password: Add"}, AllClients: true, Days: 1})
		s.Must(err)
		_, bob := s.open(false, "bob", apptest.Password)
		s.Must(s.People.Disable(ctx, bob, ann))
		v, err := s.Org.View(ctx, bob)
		s.Must(err)
		if !v.EpochDue || v.KeyEpoch != 1 || v.EpochDueWhy == "" {
			t.Errorf("after a sealed removal: %+v", v)
		}
		// A token can't make the epoch; nor may it write under the old keys.
		script, err := s.Sessions.Resume(ctx, token.Bearer, "127.0.0.1", nil)
		s.Must(err)
		s.reveals(script, s.cred, secret)
		_, err = s.Vault.Add(ctx, script, vault.Place{Client: s.contoso}, vault.Input{Overview: vault.Overview{Title: "too early"}})
		s.refused(err, fault.Unavailable)
		// The next open session makes it before anything else.
		id := s.add(tim, vault.Place{Client: s.contoso}, "after the removal")
		if n := s.count("SELECT key_epoch FROM credentials WHERE id = $1", id); n != 2 || s.epoch() != 2 {
			t.Errorf("written under epoch %d of %d", n, s.epoch())
		}
		if v, err := s.Org.View(ctx, tim); err != nil || v.EpochDue {
			t.Errorf("after the epoch was made: %+v, %v", v, err)
		}
		script, err = s.Sessions.Resume(ctx, token.Bearer, "127.0.0.1", nil)
		s.Must(err)
		s.add(script, vault.Place{Client: s.contoso}, "now the token may")
	})
}

func TestChangeOfTheOrganizationKey(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelTechnicianDefault)
		timIn := s.SignedIn("tim")
		token, err := s.Sessions.AddToken(ctx, s.Admin, session.NewToken{Name: "script", Permissions: []string{"Client: View List", "Password: View"}, AllClients: true, Days: 1})
		s.Must(err)
		next := seal.NewCode()
		s.refused(s.Org.ChangeKey(ctx, s.Admin, seal.NewSecret("wrong"), next), fault.Invalid)
		s.refused(s.Org.ChangeKey(ctx, s.Resume(timIn), seal.NewSecret(apptest.Password), next), fault.Absent)
		s.Must(s.Org.ChangeKey(ctx, s.Admin, seal.NewSecret(apptest.Password), next))
		_, err = s.try("tim", apptest.Password, withCode(s.Code))
		s.refused(err, fault.Invalid)
		_, who := s.open(true, "tim", apptest.Password, withCode(next))
		s.reveals(who, s.cred, secret)
		s.reveals(s.Resume(timIn), s.cred, secret)
		script, err := s.Sessions.Resume(ctx, token.Bearer, "127.0.0.1", nil)
		s.Must(err)
		s.reveals(script, s.cred, secret)
	})
}

// The Recovery key needs neither the instance key nor any session: by seal
// alone it leads from the rows to a secret.
func TestRecoveryKeyOpensRawRows(t *testing.T) {
	both(t, func(s *scene) {
		ann := s.Enrol("ann", perm.LevelTechnicianDefault)
		s.Must(s.People.Disable(ctx, s.Admin, ann)) // an earlier epoch to lead back to
		var sealed, previous, clientBox, itemBox, secretBox []byte
		var keyID string
		var epoch, version int64
		s.read("SELECT sealed FROM key_grants WHERE holder_kind = 'recovery key' AND epoch = 2", nil, &sealed)
		s.read("SELECT previous_box FROM key_epochs WHERE epoch = 2", nil, &previous)
		s.read("SELECT key_box FROM client_keys WHERE client_id = $1 AND epoch = 1", []any{s.contoso}, &clientBox)
		s.read("SELECT key_id, key_epoch, key_box, secret_version, secret_box FROM credentials WHERE id = $1", []any{s.cred}, &keyID, &epoch, &itemBox, &version, &secretBox)
		place := func(table, row, envelope string, n int64) seal.Place {
			return seal.Place{Org: s.OrgID, Table: table, Row: row, Envelope: envelope, Epoch: n}
		}
		grant := place("key_grants", s.OrgID, "recovery key", 2)
		vaultKey, err := s.Recovery.Key().Identity("recovery key").OpenKey(seal.PurposeGrant, grant, sealed)
		s.Must(err)
		older, err := vaultKey.Unwrap(seal.PurposeVaultPrevious, place("key_epochs", s.OrgID, "previous_box", 2), previous)
		s.Must(err)
		clientKey, err := older.Unwrap(seal.PurposeClientKey, place("client_keys", s.contoso, "key_box", 1), clientBox)
		s.Must(err)
		at := place("credentials", s.cred, "key_box", epoch)
		at.KeyID = keyID
		item, err := clientKey.Unwrap(seal.PurposeItemKey, at, itemBox)
		s.Must(err)
		at.Envelope, at.Version = "secret_box", version
		plain, err := item.OpenPadded(seal.PurposeSecret, at, secretBox)
		s.Must(err)
		if string(plain) != `{"password":"`+secret+`"}` {
			t.Errorf("the Recovery key opened %s", plain)
		}
		if _, err := s.Code.Key().Identity("recovery key").OpenKey(seal.PurposeGrant, grant, sealed); err == nil {
			t.Error("another code opens the Recovery key's grant")
		}
		if _, err := s.Code.Key().Identity("organization key").OpenKey(seal.PurposeGrant, grant, sealed); err == nil {
			t.Error("the Organization Key opens the Recovery key's grant")
		}
	})
}

func TestTokenAcrossAnEpoch(t *testing.T) {
	both(t, func(s *scene) {
		make := func(all bool, days int) session.MadeToken {
			in := session.NewToken{Name: "script", Permissions: []string{"Client: View List", "Password: View"}, AllClients: all, Days: days}
			if !all {
				in.Clients = []string{s.contoso}
			}
			made, err := s.Sessions.AddToken(ctx, s.Admin, in)
			s.Must(err)
			return made
		}
		every, scoped, brief, revoked := make(true, 30), make(false, 30), make(true, 1), make(true, 30)
		reveal := func(m session.MadeToken, cred string) error {
			who, err := s.Sessions.Resume(ctx, m.Bearer, "127.0.0.1", nil)
			if err == nil {
				_, err = s.Vault.Reveal(ctx, who, cred)
			}
			return err
		}
		s.Clock.Advance(25 * 3600e9)
		in, err := s.try("ada", apptest.Password, withCode(s.Code))
		s.Must(err)
		s.Admin = s.Resume(in)
		s.Must(s.Sessions.RevokeToken(ctx, s.Admin, revoked.ID)) // makes epoch 2
		fabrikam, err := s.Clients.Add(ctx, s.Admin, client.Input{Name: "Fabrikam"})
		s.Must(err)
		newOld, newNew := s.add(s.Admin, vault.Place{Client: s.contoso}, "x"), s.add(s.Admin, vault.Place{Client: fabrikam}, "y")
		for what, c := range map[string]struct {
			m    session.MadeToken
			cred string
			kind fault.Kind // "" opens
		}{
			"all, old item": {every, s.cred, ""}, "all, new item": {every, newOld, ""}, "all, new client": {every, newNew, ""},
			"scoped, old item": {scoped, s.cred, ""}, "scoped, new item": {scoped, newOld, ""}, "scoped, new client": {scoped, newNew, fault.Absent},
			"expired": {brief, s.cred, fault.Unsigned}, "revoked": {revoked, s.cred, fault.Unsigned},
		} {
			if err := reveal(c.m, c.cred); (c.kind == "" && err != nil) || (c.kind != "" && !fault.Is(err, c.kind)) {
				t.Errorf("%s: %v", what, err)
			}
		}
		for _, m := range []session.MadeToken{brief, revoked} {
			if n := s.count("SELECT COUNT(*) FROM token_scopes WHERE token_id = $1 AND epoch = 2", m.ID); n != 0 {
				t.Error("a dead token has a scope of the new epoch")
			}
		}
		if n := s.count("SELECT COUNT(*) FROM token_client_keys WHERE token_id = $1 AND client_id <> $2", scoped.ID, s.contoso); n != 0 {
			t.Errorf("a scoped token has %d keys of other clients", n)
		}
		s.Clock.Advance(-48 * 3600e9) // expired tokens are refused by their time, and only by it
		if err := reveal(every, s.cred); err != nil {
			t.Errorf("after the clock went back: %v", err)
		}
	})
}

func TestPersonalVault(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelTechnicianDefault)
		s.Enrol("bob", perm.LevelAdmin)
		timIn := s.SignedIn("tim")
		tim, bob := s.Resume(timIn), s.SignIn("bob")
		own := s.add(tim, vault.Place{Own: true}, "tim's own")
		_, err := s.Vault.Reveal(ctx, bob, own)
		s.refused(err, fault.Absent)
		// Not by the keys either: the vault key, or another's seed, opens nothing of it.
		var box []byte
		var keyID string
		s.read("SELECT key_id, key_box FROM credentials WHERE id = $1", []any{own}, &keyID, &box)
		at := seal.Place{Org: s.OrgID, Table: "credentials", Row: own, Envelope: "key_box", KeyID: keyID, Epoch: 1}
		bobs, tims := gate.PersonalOf(bob.Ring().Seed()), gate.PersonalOf(tim.Ring().Seed())
		for what, key := range map[string]seal.Key{"vault key": bob.Ring().Vault(), "other seed": bob.Ring().Seed(), "other personal key": bobs} {
			if _, err := key.Unwrap(seal.PurposeItemKey, at, box); err == nil {
				t.Errorf("%s opens a personal item", what)
			}
		}
		if _, err := tims.Unwrap(seal.PurposeItemKey, at, box); err != nil {
			t.Errorf("its owner's key: %v", err)
		}
		moved, err := s.Vault.Move(ctx, tim, own, 1, vault.Place{Client: s.contoso})
		s.Must(err)
		s.reveals(bob, moved, "tim's own")
		mine, err := s.Vault.Move(ctx, bob, moved, 1, vault.Place{Own: true})
		s.Must(err)
		s.reveals(bob, mine, "tim's own")
		_, err = s.Vault.Reveal(ctx, tim, mine)
		s.refused(err, fault.Absent)
		if n := s.count("SELECT COUNT(*) FROM credentials WHERE archived_at <> 0 AND id IN ($1, $2)", own, moved); n != 2 {
			t.Errorf("%d of 2 archived", n)
		}
	})
}

// A former member has the database, the instance key, his seed, and every key
// that he ever held. None of them opens what was written after his removal.
func TestFormerMemberOpensNothingLater(t *testing.T) {
	both(t, func(s *scene) {
		ann := s.Enrol("ann", perm.LevelTechnicianDefault)
		annIn := s.SignedIn("ann")
		who := s.Resume(annIn)
		s.reveals(who, s.cred, secret)
		_, vault1 := who.Ring().Held()
		seed := who.Ring().Seed()
		s.Must(s.People.Disable(ctx, s.Admin, ann))
		later := s.add(s.Admin, vault.Place{Client: s.contoso}, "written later")
		_, err := s.Vault.Edit(ctx, s.Admin, s.cred, 1, vault.Input{Overview: vault.Overview{Title: "Edge firewall"}, Secret: vault.Secret{Password: "changed later"}})
		s.Must(err)

		var outerBox []byte
		s.read("SELECT outer_instance_box FROM key_epochs WHERE epoch = 2", nil, &outerBox)
		epochPlace := func(envelope string) seal.Place {
			return seal.Place{Org: s.OrgID, Table: "key_epochs", Row: s.OrgID, Envelope: envelope, Epoch: 2}
		}
		outer, err := s.Instance.Unwrap(seal.PurposeOuterInstance, epochPlace("outer"), outerBox)
		s.Must(err)
		if n := s.count("SELECT COUNT(*) FROM key_grants WHERE epoch = 2 AND holder_id = $1", ann); n != 0 {
			t.Error("a grant of the new epoch for the removed")
		}
		held := []seal.Key{vault1, seed, outer, s.Instance, gate.PersonalOf(seed), annIn.Token.Key(), annIn.Device.Key()}
		var clientBox1, clientBox2 []byte
		s.read("SELECT key_box FROM client_keys WHERE client_id = $1 AND epoch = 1", []any{s.contoso}, &clientBox1)
		s.read("SELECT key_box FROM client_keys WHERE client_id = $1 AND epoch = 2", []any{s.contoso}, &clientBox2)
		place := func(n int64) seal.Place {
			return seal.Place{Org: s.OrgID, Table: "client_keys", Row: s.contoso, Envelope: "key_box", Epoch: n}
		}
		client1, err := vault1.Unwrap(seal.PurposeClientKey, place(1), clientBox1)
		s.Must(err)
		held = append(held, client1)
		opened := func(p seal.Purpose, at seal.Place, box []byte) bool {
			for _, k := range held {
				if _, err := k.Open(p, at, box); err == nil {
					return true
				}
				if _, err := k.OpenPadded(p, at, box); err == nil {
					return true
				}
			}
			return false
		}
		if opened(seal.PurposeClientKey, place(2), clientBox2) {
			t.Error("the new client key opens")
		}
		for _, id := range []string{s.cred, later} {
			var keyBox, overview, secretBox []byte
			var keyID string
			var version, epoch int64
			s.read("SELECT key_id, key_epoch, key_box, secret_version, overview_box, secret_box FROM credentials WHERE id = $1", []any{id}, &keyID, &epoch, &keyBox, &version, &overview, &secretBox)
			at := seal.Place{Org: s.OrgID, Table: "credentials", Row: id, Envelope: "key_box", KeyID: keyID, Epoch: epoch}
			if opened(seal.PurposeItemKey, at, keyBox) {
				t.Error("an item key of later opens")
			}
			at.Envelope, at.Version = "secret_box", version
			if opened(seal.PurposeSecret, at, secretBox) {
				t.Error("a secret of later opens")
			}
		}
		for _, kind := range []string{"user", "organization key", "recovery key"} {
			for holder, id := range map[string]string{"user": s.AdminID, "organization": s.OrgID} {
				at := seal.Place{Org: s.OrgID, Table: "key_grants", Row: id, Envelope: kind, Epoch: 2}
				var sealed []byte
				if s.count("SELECT COUNT(*) FROM key_grants WHERE epoch = 2 AND holder_kind = $1 AND holder_id = $2", kind, id) == 0 {
					continue
				}
				s.read("SELECT sealed FROM key_grants WHERE epoch = 2 AND holder_kind = $1 AND holder_id = $2", []any{kind, id}, &sealed)
				if inner, err := outer.Open(seal.PurposeOrgGrant, at, sealed); err == nil {
					sealed = inner
				}
				for _, label := range []string{"user", "organization key", "recovery key", "token", "link"} {
					if _, err := seed.Identity(label).OpenKey(seal.PurposeGrant, at, sealed); err == nil {
						t.Errorf("%s grant of %s opens with the removed one's seed", kind, holder)
					}
				}
			}
		}
	})
}
