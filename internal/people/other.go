package people

import (
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

// Person is a user as lists and acts see him.
type Person struct {
	ID, Name, Email  string
	Kind             string // administrator, member, guest
	Level, LevelName string // "" for guests
	RoleAccount      bool
	RoleUserManager  bool
	Enabled          bool
	Approved         bool
	Invited          bool
	State            string
	LockedUntil      time.Time
	LastSignIn       time.Time // zero: never
	Factor           string    // second factors: "", "TOTP", "passkey", "TOTP, passkey"
	MailFailed       time.Time // since when mails to the address fail; zero: they don't
	Created          time.Time
	Version          int64
	May              map[Act]bool // what the viewer may do to him now

	earlier     string
	keys        bool // has a key pair of the vault
	offboarding string
	ends        int64 // of his invitation
}

const personColumns = `u.id, u.name, u.email, u.kind, u.level_id, COALESCE((SELECT l.name FROM levels l WHERE l.org_id = u.org_id AND l.id = u.level_id), ''),
	u.earlier_level, u.role_account, u.role_user_manager, u.enabled, u.approved, u.invited, u.locked_until, u.last_sign_in, u.mail_failed_at, u.created_at, u.version, u.hpke_public IS NOT NULL, u.factor,
	COALESCE((SELECT CASE WHEN f.done_at = 0 THEN 'open' ELSE 'done' END FROM offboardings f WHERE f.org_id = u.org_id AND f.user_id = u.id), ''),
	COALESCE((SELECT k.expires_at FROM user_links k WHERE k.org_id = u.org_id AND k.user_id = u.id AND k.kind = 'invitation'), 0)`

var sqlPerson = gate.SQL(`SELECT ` + personColumns + ` FROM users u WHERE u.org_id = $1 AND u.id = $2 AND NOT u.unconfirmed`)

func scanPerson(r interface{ Scan(...any) error }, now int64) (Person, error) {
	var p Person
	var locked, last, failed, created int64
	err := r.Scan(&p.ID, &p.Name, &p.Email, &p.Kind, &p.Level, &p.LevelName, &p.earlier, &p.RoleAccount, &p.RoleUserManager, &p.Enabled, &p.Approved, &p.Invited,
		&locked, &last, &failed, &created, &p.Version, &p.keys, &p.Factor, &p.offboarding, &p.ends)
	if l, ok := perm.LevelByID(p.Level); ok {
		p.LevelName = l.Name
	}
	p.State = flags{p.Enabled, p.Approved, p.Invited, locked}.state(now)
	p.LastSignIn, p.MailFailed, p.Created = at(last), at(failed), at(created)
	if locked > now {
		p.LockedUntil = at(locked)
	}
	return p, err
}

func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// shownName is the name, or the address of somebody who has not given one yet.
func (p Person) shownName() string {
	if strings.TrimSpace(p.Name) == "" {
		return p.Email
	}
	return p.Name
}

var sqlAdmins = gate.SQL(`SELECT COUNT(*) FROM users WHERE org_id = $1 AND kind = 'administrator' AND enabled AND approved AND NOT invited`)

// on is the way of every act on another user: it finds him, demands the act's
// permissions, rank and state, fills in the event, and after the change demands
// that an administrator who can sign in is left. So none of it can be forgotten.
func (s *Store) on(tx *gate.Tx, user string, act Act, change func(*Person) error) error {
	p, err := scanPerson(tx.Row(sqlPerson, user), tx.Millis())
	if err != nil {
		return err
	}
	ok, why := may(tx, act, p)
	if !ok {
		return fault.NotFound()
	}
	if why != "" {
		return fault.Cannot("%s", why)
	}
	return s.changing(tx, &p, change)
}

// changing is the part of it that comes after the decision.
func (s *Store) changing(tx *gate.Tx, p *Person, change func(*Person) error) error {
	ev := tx.Event()
	ev.Kind, ev.ID, ev.Name = "user", p.ID, p.shownName()
	admins := 0
	if err := tx.Row(sqlAdmins).Scan(&admins); err != nil {
		return err
	}
	if err := change(p); err != nil {
		return err
	}
	left := 0
	if err := tx.Row(sqlAdmins).Scan(&left); err != nil {
		return err
	}
	if left == 0 && admins > 0 {
		return fault.Cannot("This is the last administrator who can sign in. Make another one first.")
	}
	return tx.BumpAccess()
}
