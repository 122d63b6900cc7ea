// Package people is the users of an organization: their rows and the keys
// that come and go with them.
//
// It never learns or sets another user's password once that user has accepted
// his account.
package people

import (
	"context"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Store is what the front doors call.
type Store struct {
	gate *gate.Gate
	org  *org.Store
}

// New makes the store.
func New(g *gate.Gate, o *org.Store) *Store { return &Store{g, o} }

// Operations.
var (
	// OpEnrol makes a user together with his first password and keys. No front
	// door offers it: it is how the demo and the tests make their people.
	OpEnrol = gate.Define(gate.Op{Name: "user.enrol", Sentence: "Make a user with a password (demo and tests only)", Scope: gate.Whole,
		Needs: perm.OrganizationAdmin, Write: true, Audit: true, Keys: true})
	OpDisable = gate.Define(gate.Op{Name: "user.disable", Sentence: "Disable a user (rank applies)", Scope: gate.Whole, Needs: perm.UserDisable, Write: true, Audit: true, Once: true})
	OpMe      = gate.Define(gate.Op{Name: "user.me", Sentence: "See one's own profile and permissions", Scope: gate.Self, Guests: true, Tokens: true, View: true})
	OpTheme   = gate.Define(gate.Op{Name: "user.theme", Sentence: "Choose light or dark for oneself", Scope: gate.Self, Guests: true, Write: true})
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
	sqlAdd = gate.SQL(`INSERT INTO users (org_id, id, email, email_folded, name, kind, level_id, role_account, role_user_manager, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`)
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
		if _, err := tx.Exec(sqlAdd, user, strings.TrimSpace(in.Email), org.Fold(in.Email), in.Name, kind, in.Level, in.RoleAccount, in.RoleUserAdmin, tx.Millis()); err != nil {
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

var (
	sqlDisable  = gate.SQL(`UPDATE users SET enabled = FALSE, version = version + 1 WHERE org_id = $1 AND id = $2 AND enabled`)
	sqlAdmins   = gate.SQL(`SELECT COUNT(*) FROM users WHERE org_id = $1 AND kind = 'administrator' AND enabled AND NOT invited AND id <> $2`)
	sqlSessions = gate.SQL(`DELETE FROM sessions WHERE org_id = $1 AND user_id = $2`)
	sqlDevices  = gate.SQL(`DELETE FROM devices WHERE org_id = $1 AND user_id = $2`)
	sqlTokens   = gate.SQL(`DELETE FROM tokens WHERE org_id = $1 AND user_id = $2`)
)

// Disable stops a user's sign-in and ends his sessions, devices and tokens in
// the same transaction. A new epoch is made at once or due.
func (s *Store) Disable(ctx context.Context, who gate.Actor, user string) error {
	return s.org.Cut(func(removed func(*gate.Tx, string) error) error {
		_, err := gate.Do(ctx, s.gate, who, OpDisable, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			name, ok := tx.Outranks(user)
			if !ok {
				return false, fault.NotFound()
			}
			var others int
			if err := tx.Row(sqlAdmins, user).Scan(&others); err != nil {
				return false, err
			}
			if others == 0 {
				return false, fault.Cannot("This is the last administrator who can sign in. Make another one first.")
			}
			ev := tx.Event()
			ev.Kind, ev.ID, ev.Name = "user", user, name
			if err := tx.One(sqlDisable, user); err != nil {
				return false, err
			}
			for _, stmt := range []gate.Stmt{sqlSessions, sqlDevices, sqlTokens} {
				if _, err := tx.Exec(stmt, user); err != nil {
					return false, err
				}
			}
			if err := removed(tx, "a user was disabled"); err != nil {
				return false, err
			}
			return true, tx.BumpAccess()
		})
		return err
	})
}
