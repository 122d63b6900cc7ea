package people

import (
	"context"
	"errors"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

// Resetting is what the page of a reset link shows.
type Resetting struct {
	Org, OrgName, Name, Email string
	Expires                   time.Time
	Keys                      bool // he has a personal vault that only the recovery code keeps
	Personal                  int  // credentials in it
}

var (
	sqlResetPage = gate.SQL(`SELECT u.name, u.email, o.name, (SELECT COUNT(*) FROM credentials c WHERE c.org_id = u.org_id AND c.owner_id = u.id)
		FROM users u JOIN organizations o ON o.id = u.org_id WHERE u.org_id = $1 AND u.id = $2`)
)

type resetting struct {
	Resetting
	keys org.Resetting
}

func (s *Store) resetting(ctx context.Context, l Link, ip string, trace *gate.Trace) (resetting, error) {
	return gate.Do(ctx, s.gate, gate.Stranger(l.org, ip, trace), opSeeLink, gate.Nothing(), func(tx *gate.Tx) (r resetting, err error) {
		user, _, expires, err := l.see(tx, linkReset)
		if err != nil {
			return r, err
		}
		if r.keys, err = s.org.Resetting(tx, user); err != nil {
			return r, orUsed(err)
		}
		r.Org, r.Expires, r.Keys = l.org, expires, r.keys.Keys
		return r, tx.Row(sqlResetPage, user).Scan(&r.Name, &r.Email, &r.OrgName, &r.Personal)
	})
}

// Resetting shows the page of a link, and does not use it.
func (s *Store) Resetting(ctx context.Context, l Link, ip string, trace *gate.Trace) (Resetting, error) {
	if err := s.browsers.Throttle(ip); err != nil {
		return Resetting{}, err
	}
	r, err := s.resetting(ctx, l, ip, trace)
	if err == nil {
		s.browsers.GiveBack(ip)
	}
	return r.Resetting, err
}

// NewPassword is what the page of a reset link sends.
type NewPassword struct {
	Link     Link
	Password seal.Secret
	Recovery seal.RecoveryCode // his own code, or none
	Destroy  bool              // he was told that without it the personal vault is destroyed
	IP       string
	Agent    string
	Trace    *gate.Trace
}

// Known browser that a reset with the recovery code gives back.
type SetPassword struct {
	Org, User string
	Device    seal.Token // invalid without the code: the vault then needs the Organization Key
}

// SetPassword sets a new password by a link, ends all sessions and devices of
// the user, and does not sign him in: a second factor is asked for as ever.
// With his recovery code his vault and personal vault stay, and this browser is
// known; without it the personal vault is destroyed.
func (s *Store) SetPassword(ctx context.Context, in NewPassword) (SetPassword, error) {
	if err := s.browsers.Throttle(in.IP); err != nil {
		return SetPassword{}, err
	}
	for range 3 {
		r, err := s.resetting(ctx, in.Link, in.IP, in.Trace)
		if err != nil {
			return SetPassword{}, err
		}
		if text := org.CheckPassword(in.Password, r.Email, r.Name, r.OrgName); text != "" {
			return SetPassword{}, fault.Bad("password", "%s", text)
		}
		if r.Keys && !in.Recovery.Valid() && !in.Destroy {
			return SetPassword{}, fault.Bad("destroy", "Enter your recovery code, or confirm that what is in My passwords is destroyed; credentials there: %d.", r.Personal)
		}
		record, p, err := s.org.Argon().Enrol(ctx, in.Password, r.keys.Outer, org.PlaceOfPassword(r.Org, r.keys.User, r.keys.Epoch, r.keys.Version))
		if err != nil {
			return SetPassword{}, org.Waiting(err)
		}
		out, err := s.setPassword(ctx, in, r, record, p)
		if !errors.Is(err, org.ErrMoved) {
			if err == nil {
				s.browsers.GiveBack(in.IP)
			}
			return out, err
		}
	}
	return SetPassword{}, errRenewed
}

func (s *Store) setPassword(ctx context.Context, in NewPassword, r resetting, record []byte, p seal.Key) (SetPassword, error) {
	return gate.Do(ctx, s.gate, gate.Stranger(r.Org, in.IP, in.Trace), OpSetPassword, gate.Nothing(), func(tx *gate.Tx) (SetPassword, error) {
		out := SetPassword{Org: r.Org, User: r.keys.User}
		user, _, err := in.Link.use(tx, linkReset)
		if err != nil {
			return out, err
		}
		if user != r.keys.User {
			return out, errUsed
		}
		opened, err := s.org.Reset(tx, r.keys, record, p, in.Recovery)
		if fault.Is(err, fault.Invalid) {
			return out, fault.Bad("recovery_code", "This is not your recovery code. Check it against what you kept.")
		}
		if err != nil {
			return out, err
		}
		if err := all(tx, user, sqlSessions, sqlEndLinks); err != nil {
			return out, err
		}
		n, err := tx.Exec(sqlDevices, user)
		if err != nil {
			return out, err
		}
		ev := tx.Event()
		ev.Kind, ev.ID, ev.Name, ev.Actor, ev.Fields = "user", user, r.Name, user, []string{"password"}
		switch {
		case opened.Seed.Valid():
			ev.Fields = append(ev.Fields, "by recovery code")
			if out.Device, err = s.browsers.Know(tx, user, in.Agent, p, opened.Seed, r.keys.Outer, r.keys.Epoch); err != nil {
				return out, err
			}
		case r.Keys:
			ev.Fields = append(ev.Fields, "personal vault destroyed")
			if err := all(tx, user, sqlDestroy...); err != nil {
				return out, err
			}
		}
		if n > 0 || r.Keys && !opened.Seed.Valid() {
			return out, s.org.Due(tx, "a password was reset")
		}
		return out, nil
	})
}
