// Package people is the users of an organization: who is invited, accepted,
// approved, edited, disabled, off-boarded and deleted, by whom, and the keys
// that come and go with them. Every act on another user goes through one
// function (Store.on), so that rank and the last administrator are never
// forgotten, and buttons ask the same rules (may).
//
// It signs nobody in, and shows no page.
// It never learns or sets another user's password once that user has accepted
// his account.
package people

import (
	"context"
	"strings"

	"bailiwick/internal/factor"
	"bailiwick/internal/fault"
	"bailiwick/internal/find"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/kb"
	"bailiwick/internal/keylink"
	"bailiwick/internal/mail"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Store is what the front doors call.
type Store struct {
	gate     *gate.Gate
	org      *org.Store
	mail     *mail.Store
	factors  *factor.Store
	keys     *keylink.Store
	browsers Browsers
	bases    *kb.Store
	aside    aside
}

// Browsers is what the sessions give: people come before sessions, which read
// their settings.
type Browsers interface {
	// Throttle counts a try from a network address, or says how long to wait.
	Throttle(ip string) error
	// GiveBack takes a try back that turned out to be right.
	GiveBack(ip string)
	// Know makes a browser known, and gives the secret that it keeps.
	Know(tx *gate.Tx, user, agent string, p, seed, outer seal.Key, epoch int64) (seal.Token, error)
}

// New makes the store.
func New(g *gate.Gate, o *org.Store, m *mail.Store, k *keylink.Store, f *factor.Store, b Browsers, bases *kb.Store) *Store {
	s := &Store{gate: g, org: o, mail: m, keys: k, factors: f, browsers: b, bases: bases, aside: newAside()}
	o.OnLockout(s.lockedOut)
	return s
}

// Operations.
var (
	// OpEnrol makes a user together with his first password and keys. No front
	// door offers it: it is how the demo and the tests make their people.
	OpEnrol = gate.Define(gate.Op{Name: "user.enrol", Sentence: "Make a user with a password (demo and tests only)", Scope: gate.Whole,
		Needs: perm.OrganizationAdmin, Write: true, Audit: true, Keys: true})
	OpMe    = gate.Define(gate.Op{Name: "user.me", Sentence: "See one's own profile and permissions", Scope: gate.Self, Guests: true, Waiting: true, Enrol: true, Tokens: true, View: true})
	OpTheme = gate.Define(gate.Op{Name: "user.theme", Sentence: "Choose light or dark for oneself", Scope: gate.Self, Guests: true, Waiting: true, Enrol: true, Write: true})
	// OpConfirmRecovery records that the user has kept his recovery code.
	OpConfirmRecovery = gate.Define(gate.Op{Name: "recovery-code.confirm", Sentence: "Make one's own recovery code anew and confirm it", Scope: gate.Self, Write: true, Audit: true, Keys: true})
)

// New user, with a level or, as a guest, without.
type NewUser struct {
	Name, Email, Level         string
	Password                   seal.Secret
	RoleAccount, RoleUserAdmin bool
}

var (
	sqlAdd = gate.SQL(`INSERT INTO users (org_id, id, email, email_folded, email_looks, name, name_folded, kind, level_id, role_account, role_user_manager, created_at)
		VALUES ($1, $2, $3, $4, $11, $5, $12, $6, $7, $8, $9, $10)`)
	sqlTaken   = gate.SQL(`SELECT COUNT(*) FROM users WHERE org_id = $1 AND email_folded = $2`)
	sqlLevel   = gate.SQL(`SELECT COUNT(*) FROM levels WHERE org_id = $1 AND id = $2`)
	sqlPresent = gate.SQL(`SELECT key_epoch FROM organizations WHERE id = $1`)
)

// Enrol makes a user with a password and keys.
func (s *Store) Enrol(ctx context.Context, who gate.Actor, in NewUser) (string, error) {
	if text := org.CheckEmail(in.Email); text != "" {
		return "", fault.Bad("email", "%s", text)
	}
	user := id.New("user")
	type outer struct {
		key   seal.Key
		epoch int64
	}
	o, err := gate.Do(ctx, s.gate, who, OpMe, gate.Nothing(), func(tx *gate.Tx) (o outer, err error) {
		if err = tx.Row(sqlPresent).Scan(&o.epoch); err == nil {
			o.key, err = s.org.Outer(tx, o.epoch)
		}
		return o, err
	})
	if err != nil {
		return "", err
	}
	m, err := s.org.NewMember(ctx, who.Org(), user, in.Password, o.key, o.epoch)
	if err != nil {
		return "", org.Waiting(err)
	}
	return gate.Do(ctx, s.gate, who, OpEnrol, gate.Nothing(), func(tx *gate.Tx) (string, error) {
		if tx.KeyEpoch() != o.epoch {
			return "", fault.Cannot("The vault's keys were renewed in the meantime. Nothing was changed; try again.")
		}
		kind, err := kindOf(tx, in.Level)
		if err != nil {
			return "", err
		}
		var taken int
		if err := tx.Row(sqlTaken, org.Fold(in.Email)).Scan(&taken); err != nil {
			return "", err
		}
		if taken > 0 {
			return "", fault.Bad("email", "There is a user with this address already.")
		}
		if _, err := tx.Exec(sqlAdd, user, strings.TrimSpace(in.Email), org.Fold(in.Email), in.Name, kind, in.Level, in.RoleAccount, in.RoleUserAdmin, tx.Millis(), org.Looks(in.Email), find.Plain(in.Name)); err != nil {
			return "", err
		}
		if kind != "guest" {
			e, err := s.org.Present(tx)
			if err != nil {
				return "", err
			}
			if err := s.org.Join(tx, e, m); err != nil {
				return "", err
			}
		} else if err := s.org.Guest(tx, m, o.epoch); err != nil {
			return "", err
		}
		ev := tx.Event()
		ev.Kind, ev.ID, ev.Name = "user", user, in.Name
		return user, tx.BumpAccess()
	})
}

func kindOf(tx *gate.Tx, level string) (string, error) {
	if level == "" {
		return "guest", nil
	}
	if l, ok := perm.LevelByID(level); ok {
		if l.ID == perm.LevelAdmin || l.ID == perm.LevelSiteAdministrator {
			return "administrator", nil
		}
		return "member", nil
	}
	var n int
	if err := tx.Row(sqlLevel, level).Scan(&n); err != nil {
		return "", err
	}
	if n == 0 {
		return "", fault.Bad("level", "There is no such permission level.")
	}
	return "member", nil
}
