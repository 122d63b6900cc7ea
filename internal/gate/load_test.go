package gate

import (
	"testing"

	"bailiwick/internal/perm"
)

func TestCompanyVaultByDefault(t *testing.T) {
	withRows(t, func(as inside) {
		if tx := as("o", "mia"); !tx.model.companyByDefault || !tx.SeesClient("c2") {
			t.Error("the setting does not give the company vault by default")
		}
		if as("o", "ann").SeesClient("c2") {
			t.Error("who has no default access reaches the company vault")
		}
	}, `INSERT INTO settings (org_id, name, value) VALUES ('o', 'company-vault-by-default-access', 'on'), ('o', 'x', 'off')`)
	withRows(t, func(as inside) {
		if tx := as("o", "mia"); tx.model.companyByDefault || tx.SeesClient("c2") {
			t.Error("a setting that is off, or another's, gives the company vault")
		}
	}, `INSERT INTO settings (org_id, name, value) VALUES ('o', 'company-vault-by-default-access', 'off'), ('o', 'x', 'on'), ('s', 'company-vault-by-default-access', 'on')`)
}

// A model is kept when its transaction has committed, and only for its epoch.
func TestModelsAreKeptByEpoch(t *testing.T) {
	withRows(t, func(as inside) {
		first := as("o", "ann")
		g := first.gate
		of := func(epoch int64) (*Tx, *Model) {
			t.Helper()
			tx := as("o", "ann")
			tx.gate, tx.state.accessEpoch, tx.model = g, epoch, nil
			m, err := g.modelOf(tx)
			if err != nil || m == nil || m.epoch != epoch {
				t.Fatalf("the model of epoch %d is %+v: %v", epoch, m, err)
			}
			return tx, m
		}
		commit := func(tx *Tx) {
			for _, fn := range tx.after {
				fn()
			}
		}
		one, m1 := of(1)
		if _, again := of(1); again == m1 {
			t.Error("a model is kept before its transaction has committed")
		}
		commit(one)
		if _, again := of(1); again != m1 {
			t.Error("a committed model is not kept")
		}
		two, m2 := of(2)
		if m2 == m1 {
			t.Error("the model of another epoch is taken")
		}
		commit(two)
		if _, again := of(2); again != m2 {
			t.Error("the next epoch's model is not kept")
		}
		if _, again := of(1); again == m2 || again == m1 {
			t.Error("an earlier epoch gets a later model")
		}
		other := as("s", "sam")
		other.gate, other.state.accessEpoch = g, 2
		if m, err := g.modelOf(other); err != nil || m == m2 || !m.site {
			t.Error("one organization gets another's model")
		}
	})
}

// Where anything can't be read there is no model: half of one would leave out
// guards.
func TestNoHalfModels(t *testing.T) {
	withRows(t, func(as inside) {
		tx := as("s", "sam")
		tx.who.org, tx.state.accessEpoch = "o", 9 // one of its users has a row that can't be read
		if m, err := tx.gate.modelOf(tx); err == nil || m != nil || len(tx.after) > 0 {
			t.Errorf("%+v %v", m, err)
		}
		tx.who.org = "none"
		if m, err := load(tx); err == nil || m != nil {
			t.Errorf("a model of an organization that there is not: %+v", m)
		}
	}, `UPDATE users SET approved = 'perhaps' WHERE org_id = 'o' AND id = 'ann'`)
}

// Who waits for approval acts as somebody who has nothing, whatever was given
// to him. As seen in a perspective he is what he will be.
func TestActing(t *testing.T) {
	withRows(t, func(as inside) {
		m := as("o", "pen").model
		pen := m.acting(Actor{kind: User, org: "o", user: "pen"})
		if pen == nil || pen == m.users["pen"] || !pen.waits || pen.kind != "guest" || pen.leveled || pen.override || pen.set != (perm.Set{}) || pen.id != "pen" || pen.name != "Pen" || pen.email != "f" {
			t.Errorf("who waits acts as %+v", pen)
		}
		if u := m.acting(Actor{kind: Perspective, org: "o", user: "pen"}); u != m.users["pen"] {
			t.Errorf("who waits is seen as %+v", u)
		}
		for _, id := range []string{"ada", "ann", "gus", "gone", "asked"} { // of these nobody waits: who is disabled or has not accepted does not sign in
			for _, kind := range []ActorKind{User, Token, Perspective} {
				if u := m.acting(Actor{kind: kind, org: "o", user: id}); u == nil || u != m.users[id] {
					t.Errorf("%s acts as %+v", id, u)
				}
			}
		}
		if got := m.users["asked"].name; got != "l@x" {
			t.Errorf("who has given no name yet is called %q", got)
		}
		if u := m.acting(Actor{kind: User, org: "o", user: "nobody"}); u != nil {
			t.Errorf("nobody acts as %+v", u)
		}
	}, `INSERT INTO users (org_id, id, email, email_folded, name, kind, level_id, enabled, approved, invited, role_account, role_user_manager, created_at) VALUES
		('o', 'gone', 'k', 'k', 'Gone', 'member', 'level_view', FALSE, FALSE, FALSE, FALSE, FALSE, 1), ('o', 'asked', 'l@x', 'l', '', 'member', 'level_view', TRUE, FALSE, TRUE, FALSE, FALSE, 1)`)
}
