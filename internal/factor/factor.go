// Package factor is the second factors of users: authenticator apps (TOTP, RFC
// 6238), passkeys and security keys (WebAuthn), and recovery codes for the day
// on which none of them is at hand. It sets them up, lists, renames and removes
// them, and proves them, each code once.
//
// It signs nobody in and counts no tries: session does. It demands a factor of
// nobody: the gate does, for sessions that session marks.
package factor

import (
	"context"
	"slices"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

// Store is what the front doors and session call.
type Store struct {
	gate  *gate.Gate
	org   *org.Store
	mail  *mail.Store
	party Party // where passkeys are for; no ID: there are none
}

// New makes the store.
func New(g *gate.Gate, o *org.Store, m *mail.Store) *Store { return &Store{gate: g, org: o, mail: m} }

// Kinds of second factors.
const (
	TOTP    = "totp"
	Passkey = "passkey"
	codes   = "codes"
)

const (
	most      = 10 // factors of a user
	mostApps  = 3  // of them authenticator apps: each makes a guess likelier
	enrolling = 15 * time.Minute
)

// Factor is one of one's own second factors.
type Factor struct {
	ID, Kind, Name string
	Created        time.Time
	LastUsed       time.Time // zero: never
	Opens          bool      // a passkey that stands for the password, too
}

// State is one's own second factors.
type State struct {
	Factors  []Factor
	Codes    int  // recovery codes that are left
	Forced   bool // the organization demands a second factor
	Due      bool // one is to be set up before anything else is done
	Passkeys bool // the address of this server is one that passkeys can be made for
}

// Operations on one's own.
var (
	OpList    = gate.Define(gate.Op{Name: "factor.list", Sentence: "List one's own second factors, and see the one that is being set up", Scope: gate.Self, Guests: true, Waiting: true, Enrol: true})
	opBegin   = gate.Define(gate.Op{Name: "factor.begin", Sentence: "Begin to set up a second factor, with the password", Scope: gate.Self, Guests: true, Waiting: true, Enrol: true, Write: true})
	OpAdd     = gate.Define(gate.Op{Name: "factor.add", Sentence: "Set up a second factor by proving it once", Scope: gate.Self, Guests: true, Waiting: true, Enrol: true, Write: true, Audit: true})
	OpRename  = gate.Define(gate.Op{Name: "factor.rename", Sentence: "Give one of one's own second factors another name", Scope: gate.Self, Guests: true, Waiting: true, Write: true, Audit: true})
	OpRemove  = gate.Define(gate.Op{Name: "factor.remove", Sentence: "Remove one of one's own second factors, with the password", Scope: gate.Self, Guests: true, Waiting: true, Write: true, Audit: true})
	OpCodes   = gate.Define(gate.Op{Name: "factor.codes", Sentence: "Make one's own recovery codes of the second factor anew, with the password", Scope: gate.Self, Guests: true, Waiting: true, Write: true, Audit: true})
	opSweep   = gate.Define(gate.Op{Name: "factor.sweep", Sentence: "Drop second factors whose set-up was not finished", Scope: gate.Anyone, Write: true})
	sqlList   = gate.SQL(`SELECT id, kind, name, created_at, last_used, p_box IS NOT NULL, counter FROM factors WHERE org_id = $1 AND user_id = $2 AND confirmed ORDER BY created_at, id`)
	sqlForced = gate.SQL(`SELECT COUNT(*) FROM settings WHERE org_id = $1 AND name = 'force-second-factor' AND value = 'on'`)
)

// list gives what a user has, and how many codes are left.
func list(tx *gate.Tx, user string) (all []Factor, left int, err error) {
	err = tx.Each(sqlList, func(r *gate.Rows) error {
		var f Factor
		var created, used, counter int64
		err := r.Scan(&f.ID, &f.Kind, &f.Name, &created, &used, &f.Opens, &counter)
		f.Created = time.UnixMilli(created).UTC()
		if used > 0 {
			f.LastUsed = time.UnixMilli(used).UTC()
		}
		if f.Kind == codes {
			left = int(counter)
		} else {
			all = append(all, f)
		}
		return err
	}, user)
	return all, left, err
}

func forced(tx *gate.Tx) (bool, error) {
	n := 0
	err := tx.Row(sqlForced).Scan(&n)
	return n > 0, err
}

// List gives the actor's own second factors.
func (s *Store) List(ctx context.Context, who gate.Actor) (State, error) {
	return gate.Do(ctx, s.gate, who, OpList, gate.Nothing(), func(tx *gate.Tx) (st State, err error) {
		st.Due, st.Passkeys = who.Enrols(), s.party.ID != ""
		if st.Factors, st.Codes, err = list(tx, who.User()); err != nil {
			return st, err
		}
		st.Forced, err = forced(tx)
		return st, err
	})
}

var (
	sqlSetKinds = gate.SQL(`UPDATE users SET factor = $3, factor_due = $4 WHERE org_id = $1 AND id = $2`)
	sqlDropAll  = gate.SQL(`DELETE FROM factors WHERE org_id = $1 AND user_id = $2`)
	sqlEnrolled = gate.SQL(`UPDATE sessions SET enrol = FALSE WHERE org_id = $1 AND user_id = $2`)
	sqlDropPend = gate.SQL(`DELETE FROM sign_ins WHERE org_id = $1 AND user_id = $2`)
)

// kinds in words, as the users page and the audit log name them.
var words = map[string]string{TOTP: "TOTP", Passkey: "passkey"}

// settle keeps the user's row like the rows of his factors. Without a factor
// there is nothing that recovery codes could take the place of. Sign-ins that
// wait go by what was there, and begin anew.
func settle(tx *gate.Tx, user string, due bool) error {
	all, _, err := list(tx, user)
	if err != nil {
		return err
	}
	var kinds []string
	for _, k := range []string{TOTP, Passkey} {
		if slices.ContainsFunc(all, func(f Factor) bool { return f.Kind == k }) {
			kinds = append(kinds, words[k])
		}
	}
	drop := []gate.Stmt{sqlDropPend}
	if len(all) == 0 {
		drop = append(drop, sqlDropAll)
	} else {
		drop = append(drop, sqlEnrolled)
	}
	for _, stmt := range drop {
		if _, err := tx.Exec(stmt, user); err != nil {
			return err
		}
	}
	return tx.One(sqlSetKinds, user, strings.Join(kinds, ", "), due && len(all) == 0)
}

// tell mails the user that his factors were changed.
func (s *Store) tell(tx *gate.Tx, user, what string) error {
	_, err := s.mail.Enqueue(tx, mail.Mail{Kind: mail.FactorChanged, To: user, About: what, Link: seal.NewSecret("/me/factors"),
		Facts: []mail.Fact{{Label: "Time", Text: mail.Stamp(tx.Now())}, {Label: "Address", Text: tx.Who().IP()}}})
	return err
}

// Reset removes all factors and codes of a user; the next sign-in sets one up.
// Who may, the caller knows. It reports whether there were any.
func (s *Store) Reset(tx *gate.Tx, user string) (bool, error) {
	n, err := tx.Exec(sqlDropAll, user)
	if err != nil {
		return false, err
	}
	return n > 0, settle(tx, user, true)
}

var (
	sqlStaleOrgs = gate.Across("a second factor that was not set up in time goes, in every organization", `SELECT DISTINCT org_id FROM factors WHERE NOT confirmed AND created_at < $1`)
	sqlStale     = gate.SQL(`DELETE FROM factors WHERE org_id = $1 AND NOT confirmed AND created_at < $2`)
)

// Sweep drops what was begun and not finished.
func (s *Store) Sweep(ctx context.Context) error {
	before := s.gate.Now().Add(-enrolling).UnixMilli()
	orgs, err := gate.Do(ctx, s.gate, gate.Stranger("", "", nil), opSweep, gate.Nothing(), func(tx *gate.Tx) (orgs []string, err error) {
		err = tx.Everywhere(sqlStaleOrgs, func(r *gate.Rows) error {
			var org string
			err := r.Scan(&org)
			orgs = append(orgs, org)
			return err
		}, before)
		return orgs, err
	})
	for _, org := range orgs {
		_, failed := gate.Do(ctx, s.gate, gate.Stranger(org, "", nil), opSweep, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			_, err := tx.Exec(sqlStale, before)
			return true, err
		})
		if err == nil {
			err = failed
		}
	}
	return err
}

func checkName(name string) error {
	if name == "" || len([]rune(name)) > 60 {
		return fault.Bad("name", "Give it a name of at most 60 characters by which you know it, such as the telephone's.")
	}
	return nil
}
