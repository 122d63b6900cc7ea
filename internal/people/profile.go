package people

import (
	"context"
	"strings"
	"time"
	_ "time/tzdata" // servers without a time zone database know all zones too

	"bailiwick/internal/fault"
	"bailiwick/internal/find"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// Profile is what everybody may see and change of himself.
type Profile struct {
	Name, Email, Phone, TimeZone string
	PendingEmail                 string // waits to be confirmed from the new address
	MailGiven                    bool   // mail me when something is given to me
	Version                      int64
}

// Operations on one's own profile.
var (
	OpProfile     = gate.Define(gate.Op{Name: "profile.view", Sentence: "See one's own name, address, phone and time zone", Scope: gate.Self, Guests: true, Waiting: true, View: true})
	OpSaveProfile = gate.Define(gate.Op{Name: "profile.edit", Sentence: "Change one's own name, address, phone and time zone", Scope: gate.Self, Guests: true, Waiting: true, Write: true, Audit: true, Once: true})
)

var (
	sqlProfile = gate.SQL(`SELECT u.name, u.email, u.phone, u.time_zone, u.mail_given, u.version,
		COALESCE((SELECT address FROM user_links l WHERE l.org_id = u.org_id AND l.user_id = u.id AND l.kind = 'address' AND l.expires_at > $3), '')
		FROM users u WHERE u.org_id = $1 AND u.id = $2`)
	sqlSaveProfile = gate.SQL(`UPDATE users SET name = $3, name_folded = $4, phone = $5, time_zone = $6, mail_given = $7, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $8`)
)

func profile(tx *gate.Tx) (p Profile, err error) {
	err = tx.Row(sqlProfile, tx.Who().User(), tx.Millis()).Scan(&p.Name, &p.Email, &p.Phone, &p.TimeZone, &p.MailGiven, &p.Version, &p.PendingEmail)
	return p, err
}

// Profile shows the actor's own profile.
func (s *Store) Profile(ctx context.Context, who gate.Actor) (Profile, error) {
	return gate.Do(ctx, s.gate, who, OpProfile, gate.Nothing(), profile)
}

// SaveProfile changes the actor's own profile. Another address asks for the
// password, and counts when it is confirmed by the link that is mailed there.
func (s *Store) SaveProfile(ctx context.Context, who gate.Actor, in Profile, password seal.Secret) error {
	was, err := s.Profile(ctx, who)
	if err != nil {
		return err
	}
	in.Name, in.Email, in.Phone, in.TimeZone = strings.TrimSpace(in.Name), strings.TrimSpace(in.Email), strings.TrimSpace(in.Phone), strings.TrimSpace(in.TimeZone)
	moved := in.Email != was.Email && in.Email != was.PendingEmail
	if moved {
		if err := s.org.Confirm(ctx, who, password); err != nil {
			return err
		}
	}
	_, err = gate.Do(ctx, s.gate, who, OpSaveProfile, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		now, err := profile(tx)
		if err != nil {
			return false, err
		}
		if now.Version != in.Version {
			return false, fault.Stale("profile")
		}
		var bad []fault.Field
		wrong := func(f Field, text string) {
			if text != "" {
				bad = append(bad, fault.Field{Name: string(f), Text: text})
			}
		}
		wrong(FieldName, nameProblem(in.Name))
		wrong(FieldPhone, phoneProblem(in.Phone))
		wrong(FieldTimeZone, zoneProblem(in.TimeZone))
		if moved {
			text := addressProblem(in.Email)
			if text == "" {
				if text, err = taken(tx, in.Email, who.User()); err != nil {
					return false, err
				}
			}
			wrong(FieldEmail, text)
		}
		if err := fault.BadFields(bad); err != nil {
			return false, err
		}
		ev := tx.Event()
		ev.Kind, ev.ID, ev.Name = "user", who.User(), in.Name
		if err := tx.One(sqlSaveProfile, who.User(), in.Name, find.Plain(in.Name), in.Phone, in.TimeZone, in.MailGiven, in.Version); err != nil {
			return false, err
		}
		if moved {
			if err := s.askAddress(tx, who.User(), in.Email); err != nil {
				return false, err
			}
		}
		return true, tx.BumpAccess() // names are in the model
	})
	return err
}

func phoneProblem(phone string) string {
	if len(phone) > 60 {
		return "Use at most 60 characters."
	}
	return ""
}

func zoneProblem(zone string) string {
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" || len(zone) > 60 {
		return "There is no such time zone. It should look like Europe/London."
	}
	return ""
}
