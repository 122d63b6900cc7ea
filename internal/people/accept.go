package people

import (
	"context"
	"errors"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/find"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Invitation is what the page of an invitation shows.
type Invitation struct {
	Org, OrgName string
	Name, Email  string
	Guest        bool
	Registered   bool     // by himself: nobody invited him
	By           string   // name of whoever sent it; may be ""
	Things       []string // names of the clients that were given to him
	Waits        bool     // the organization is a site that waits for its activation
	Activates    bool     // and this link is of a Site Administrator, who activates it
	Provider     string   // name of a site's provider
	Approved     bool
	Expires      time.Time
}

// Entry is who has just set a password by a link: enough for a sealed session.
type Entry struct {
	Org, User string
	P         seal.Key
	Approved  bool // else he waits for approval
	Waits     bool // the site waits for activation: he can't sign in yet
}

// Acceptance is what the page of an invitation sends.
type Acceptance struct {
	Link     Link
	Name     string
	Password seal.Secret
	IP       string
	Trace    *gate.Trace
}

// OpAccept is for anyone: the invitation's link is the proof, and is used up
// inside the transaction.
var OpAccept = gate.Define(gate.Op{Name: "user.accept", Sentence: "Accept an invitation by its one-time link, with a name and a password", Scope: gate.Anyone, Write: true, Audit: true})

var (
	sqlInvited = gate.SQL(`SELECT u.name, u.email, u.kind = 'guest', o.name, o.key_epoch, u.unconfirmed, u.approved, u.level_id FROM users u JOIN organizations o ON o.id = u.org_id
		WHERE u.org_id = $1 AND u.id = $2 AND u.invited AND u.enabled`)
	sqlSender = gate.SQL(`SELECT COALESCE((SELECT u.name FROM users u WHERE u.org_id = l.org_id AND u.id = l.made_by), '') FROM user_links l WHERE l.org_id = $1 AND l.user_id = $2 AND l.kind = $3`)
	sqlAccept = gate.SQL(`UPDATE users SET name = $3, name_folded = $4, invited = FALSE, unconfirmed = FALSE, outer_epoch = $5, password_record = $6, password_version = 1,
		failures = 0, locked_until = 0, version = version + 1 WHERE org_id = $1 AND id = $2 AND invited AND enabled RETURNING approved`)
	sqlPresentEpoch = gate.SQL(`SELECT key_epoch FROM organizations WHERE id = $1`)
)

// invitation is what accepting has to know beforehand.
type invitation struct {
	Invitation
	user  string
	epoch int64
	outer seal.Key
}

func (s *Store) invitation(ctx context.Context, l Link, ip string, trace *gate.Trace) (invitation, error) {
	return gate.Do(ctx, s.gate, gate.Stranger(l.org, ip, trace), opSeeLink, gate.Nothing(), func(tx *gate.Tx) (i invitation, err error) {
		i.Org = l.org
		var level string
		if i.user, _, i.Expires, err = l.see(tx, linkInvitation); err != nil {
			return i, err
		}
		if err = tx.Row(sqlInvited, i.user).Scan(&i.Name, &i.Email, &i.Guest, &i.OrgName, &i.epoch, &i.Registered, &i.Approved, &level); err != nil {
			return i, orOff(tx, i.user, err)
		}
		is, err := org.StandingOf(tx)
		if err != nil {
			return i, err
		}
		i.Waits, i.Activates = is.Waits, is.Waits && level == perm.LevelSiteAdministrator
		if is.Site {
			if _, i.Provider, _, err = org.ProviderOf(tx); err != nil {
				return i, err
			}
		}
		if err = tx.Row(sqlSender, i.user, string(linkInvitation)).Scan(&i.By); err != nil {
			return i, err
		}
		if i.Things, err = given(tx, i.user); err != nil {
			return i, err
		}
		i.outer, err = s.org.Outer(tx, i.epoch)
		return i, err
	})
}

var sqlInvitedOff = gate.SQL(`SELECT o.name FROM users u JOIN organizations o ON o.id = u.org_id WHERE u.org_id = $1 AND u.id = $2 AND u.invited AND u.off_by_site`)

// orOff says of an invitation to a site that is switched off that it waits: it
// works again when the site does.
func orOff(tx *gate.Tx, user string, err error) error {
	var name string
	if errors.Is(err, gate.ErrNoRows) && tx.Row(sqlInvitedOff, user).Scan(&name) == nil {
		return fault.Titled("This site is switched off", "Your link is good, but %s is switched off at present. Open it again when it is on.", name)
	}
	return orUsed(err)
}

// Invitation shows the page of a link, and does not use it.
func (s *Store) Invitation(ctx context.Context, l Link, ip string, trace *gate.Trace) (Invitation, error) {
	if err := s.browsers.Throttle(ip); err != nil {
		return Invitation{}, err
	}
	i, err := s.invitation(ctx, l, ip, trace)
	if err == nil {
		s.browsers.GiveBack(ip)
	}
	return i.Invitation, err
}

// Accept sets the name and the password of somebody who was invited. Of any
// number of parallel uses of the link exactly one succeeds.
func (s *Store) Accept(ctx context.Context, in Acceptance) (Entry, error) {
	if err := s.browsers.Throttle(in.IP); err != nil {
		return Entry{}, err
	}
	for range 3 {
		i, err := s.invitation(ctx, in.Link, in.IP, in.Trace)
		if err != nil {
			return Entry{}, err
		}
		if i.Activates {
			return Entry{}, fault.Cannot("This invitation activates the site. Open its link as it stands in the mail.")
		}
		name := strings.TrimSpace(in.Name)
		if err := i.check(name, in.Password); err != nil {
			return Entry{}, err
		}
		record, p, err := s.org.Argon().Enrol(ctx, in.Password, i.outer, org.PlaceOfPassword(i.Org, i.user, i.epoch, 1))
		if err != nil {
			return Entry{}, org.Waiting(err)
		}
		e, err := s.accept(ctx, in, i, name, record, p)
		if err != nil || e.User != "" {
			if err == nil {
				s.browsers.GiveBack(in.IP)
			}
			return e, err
		}
	}
	return Entry{}, errRenewed
}

// check says what is wrong with the name and the password of an acceptance.
func (i invitation) check(name string, password seal.Secret) error {
	var bad []fault.Field
	if text := nameProblem(name); text != "" {
		bad = append(bad, fault.Field{Name: "name", Text: text})
	}
	if text := org.CheckPassword(password, i.Email, name, i.OrgName); text != "" {
		bad = append(bad, fault.Field{Name: "password", Text: text})
	}
	return fault.BadFields(bad)
}

// errRenewed: new keys of the vault were made again and again while the
// password was being sealed under the earlier ones.
var errRenewed = fault.Busy("The vault's keys are being renewed. Nothing was changed; try again in a moment.", time.Second, nil)

// accept gives no user where the outer key that the record lies under is not
// the present one any more: the link is still good then.
func (s *Store) accept(ctx context.Context, in Acceptance, i invitation, name string, record []byte, p seal.Key) (Entry, error) {
	return gate.Do(ctx, s.gate, gate.Stranger(i.Org, in.IP, in.Trace), OpAccept, gate.Nothing(), func(tx *gate.Tx) (Entry, error) {
		var epoch int64
		if err := tx.Row(sqlPresentEpoch).Scan(&epoch); err != nil || epoch != i.epoch {
			return Entry{}, err
		}
		user, _, err := in.Link.use(tx, linkInvitation)
		if err != nil {
			return Entry{}, err
		}
		e := Entry{Org: i.Org, User: user, P: p, Waits: i.Waits}
		if err := tx.Row(sqlAccept, user, name, find.Plain(name), epoch, record).Scan(&e.Approved); err != nil {
			return e, orUsed(err)
		}
		ev := tx.Event()
		ev.Kind, ev.ID, ev.Name, ev.Actor = "user", user, name, user
		return e, tx.BumpAccess()
	})
}

func nameProblem(name string) string {
	if name == "" {
		return "Give a name."
	}
	if len([]rune(name)) > 200 {
		return "Use at most 200 characters."
	}
	return ""
}
