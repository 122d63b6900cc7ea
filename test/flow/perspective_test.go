package flow

import (
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

// An administrator looks at the product as a technician does: the same lists,
// no secret, nothing changed, and nothing of the personal vault, whose key is
// not among those of his session.
func TestPerspective(t *testing.T) {
	both(t, func(s *scene) {
		tim := s.Enrol("tim", perm.LevelTechnicianDefault)
		dan := s.Enrol("dan", perm.LevelTechnicianDefault)
		s.Enrol("bea", perm.LevelAdmin)
		tims := s.SignIn("tim")
		own := s.add(tims, vault.Place{Own: true}, "tim's own")
		if _, err := s.Vault.Search(ctx, tims, "Edge", 5); err != nil { // his own overviews are in memory now
			t.Fatal(err)
		}
		bea := s.SignedIn("bea")
		s.refused(s.Sessions.Look(ctx, tims, dan), fault.Absent)
		s.Must(s.Sessions.Look(ctx, s.Resume(bea), tim))
		who := s.Resume(bea)
		if who.Kind() != gate.Perspective || who.User() != tim || who.By() == tim {
			t.Fatalf("%s of %s by %s", who.Kind(), who.User(), who.By())
		}
		me, err := s.People.Me(ctx, who)
		if err != nil || me.ID != tim || !me.Looking || me.Has(perm.OrganizationAdmin) {
			t.Errorf("%+v, %v", me, err)
		}
		list, _, err := s.Vault.List(ctx, who, vault.Listing{Place: vault.Place{Client: s.contoso}})
		if err != nil || len(list) != 1 || list[0].Title != "Edge firewall" {
			t.Errorf("the list: %v, %v", list, err)
		}
		hits, err := s.Vault.Search(ctx, who, "Edge", 5)
		if err != nil || len(hits) != 1 || hits[0].ID != s.cred {
			t.Errorf("search shows %v, %v", hits, err)
		}
		input := vault.Input{Overview: vault.Overview{Title: "changed"}}
		for what, act := range map[string]func() error{
			"reveal": func() error { _, err := s.Vault.Reveal(ctx, who, s.cred); return err },
			"copy":   func() error { _, err := s.Vault.Copy(ctx, who, s.cred); return err },
			"edit":   func() error { _, err := s.Vault.Edit(ctx, who, s.cred, 1, input); return err },
			"add":    func() error { _, err := s.Vault.Add(ctx, who, vault.Place{Own: true}, input); return err },
			"token": func() error {
				_, err := s.Sessions.AddToken(ctx, who, session.NewToken{Name: "x", Permissions: []string{"Password: View"}, AllClients: true, Days: 1})
				return err
			},
			"look":    func() error { return s.Sessions.Look(ctx, who, dan) },
			"disable": func() error { return s.People.Disable(ctx, who, dan) },
		} {
			if err := act(); !fault.Is(err, fault.Unacceptable) {
				t.Errorf("%s: %v", what, err)
			}
		}
		_, _, err = s.Vault.List(ctx, who, vault.Listing{Place: vault.Place{Own: true}})
		s.refused(err, fault.Absent)

		// No key of the session opens the personal item.
		var box []byte
		var keyID string
		s.read("SELECT key_id, key_box FROM credentials WHERE id = $1", []any{own}, &keyID, &box)
		at := seal.Place{Org: s.OrgID, Table: "credentials", Row: own, Envelope: "key_box", KeyID: keyID, Epoch: 1}
		_, vaultKey := who.Ring().Held()
		for _, key := range []seal.Key{vaultKey, who.Ring().Seed(), gate.PersonalOf(who.Ring().Seed())} {
			if _, err := key.Unwrap(seal.PurposeItemKey, at, box); err == nil {
				t.Error("a key of the perspective's session opens the personal vault")
			}
		}
		if _, err := gate.PersonalOf(tims.Ring().Seed()).Unwrap(seal.PurposeItemKey, at, box); err != nil {
			t.Error(err)
		}

		// It follows a new epoch with its session's own seed.
		s.Must(s.People.Disable(ctx, s.Admin, dan))
		if _, _, err := s.Vault.List(ctx, who, vault.Listing{Place: vault.Place{Client: s.contoso}}); err != nil {
			t.Errorf("after a new epoch: %v", err)
		}
		var actor, as string
		s.read("SELECT actor_id, perspective_id FROM audit_events WHERE operation = 'credential.reveal' AND outcome = 'refused'", nil, &actor, &as)
		if actor != who.By() || as != tim {
			t.Errorf("the refusal was logged as %s as %s", actor, as)
		}
		s.Must(s.Sessions.Leave(ctx, who))
		s.reveals(s.Resume(bea), s.cred, secret)
		s.open(true, "tim", apptest.Password, withCode(s.Code))
	})
}
