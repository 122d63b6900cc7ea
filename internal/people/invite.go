package people

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/find"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/keylink"
	"bailiwick/internal/mail"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Invitee is somebody to be added. Level "" makes a guest.
type Invitee struct {
	Email, Name, Level           string
	RoleAccount, RoleUserManager bool
	Clients, Groups              []string // ids
	Services                     []Service
	SendKey                      bool // a link that opens the vault, once he has accepted
}

// Added is who was invited. What is secret in it is given once: it is not kept,
// not even with the answer that a repeated request gets.
type Added struct {
	ID, Email string
	KeySent   bool
	Digits    seal.Secret `json:"-"` // that the key link asks for, to be told by another way than mail
	Link      seal.Secret `json:"-"` // of the invitation, only where no mail server is set, to whoever may read the outbox
	KeyLink   seal.Secret `json:"-"`
}

// Operations of adding people.
var (
	OpCheck  = gate.Define(gate.Op{Name: "user.check", Sentence: "Check addresses before inviting them", Scope: gate.Whole, Visits: true, Needs: perm.UserAdd, View: true})
	OpInvite = gate.Define(gate.Op{Name: "user.invite", Sentence: "Invite people", Scope: gate.Whole, Visits: true, Needs: perm.UserAdd, Write: true, Audit: true, Once: true})
	OpResend = gate.Define(gate.Op{Name: "user.resend", Sentence: "Send an invitation again; the earlier link is void", Scope: gate.Whole, Visits: true, Needs: perm.UserAdd, Write: true, Audit: true, Once: true})
)

var (
	sqlAddInvited = gate.SQL(`INSERT INTO users (org_id, id, email, email_folded, email_looks, name, name_folded, kind, level_id, approved, invited, role_account, role_user_manager, created_at, phone, time_zone)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, TRUE, $11, $12, $13, $14, $15)`)
	sqlPaper      = gate.SQL(`SELECT recovery_confirmed FROM organizations WHERE id = $1`)
	sqlClientName = gate.SQL(`SELECT name FROM clients WHERE org_id = $1 AND id = $2`)
	sqlGiveClient = gate.SQL(`INSERT INTO client_users (org_id, client_id, user_id, until) VALUES ($1, $2, $3, 0) ON CONFLICT (org_id, client_id, user_id) DO UPDATE SET until = 0`)
	sqlGiveTimed  = gate.SQL(`INSERT INTO client_users (org_id, client_id, user_id, until) VALUES ($1, $2, $3, $4) ON CONFLICT (org_id, client_id, user_id) DO UPDATE SET until = $4`)
	sqlGiveGroup  = gate.SQL(`INSERT INTO group_users (org_id, group_id, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`)
)

// Invite adds people and mails each a link that works once. All of it is one
// transaction: where anything is wrong with one of them, nobody is added, and
// the fields "people[0].email", "people[0].level" and so on say what.
func (s *Store) Invite(ctx context.Context, who gate.Actor, people []Invitee, message string) ([]Added, error) {
	switch {
	case len(people) == 0:
		return nil, fault.Bad("people", "Give at least one address.")
	case len(people) > most:
		return nil, fault.Bad("people", "Add at most %d people at once.", most)
	case len(message) > 2000:
		return nil, fault.Bad("message", "Use at most 2,000 characters.")
	}
	all, err := gate.Do(ctx, s.gate, who, OpInvite, gate.Nothing(), func(tx *gate.Tx) ([]Added, error) {
		if err := checked(tx, slices.ContainsFunc(people, func(p Invitee) bool { return p.Level != "" })); err != nil {
			return nil, err
		}
		st, err := ReadSettings(tx)
		if err != nil {
			return nil, err
		}
		var bad []fault.Field
		looks := map[string]bool{}
		out := make([]Added, 0, len(people))
		for i, p := range people {
			p.Email, p.Name = strings.TrimSpace(p.Email), cleanName(p.Name)
			at := func(field, text string) {
				bad = append(bad, fault.Field{Name: fmt.Sprintf("people[%d].%s", i, field), Text: text})
			}
			problem := addressProblem(p.Email)
			if problem == "" {
				if looks[org.Looks(p.Email)] {
					problem = "This address, or one that looks the same, stands here twice."
				} else if problem, err = taken(tx, p.Email, ""); err != nil {
					return nil, err
				}
				looks[org.Looks(p.Email)] = true
			}
			if problem != "" {
				at("email", problem)
			}
			things, err := checkInvitee(tx, st, p, at)
			if err != nil {
				return nil, err
			}
			if len(bad) > 0 {
				continue
			}
			added, err := s.invite(tx, st, newcomer{Invitee: p, things: things, approved: approves(tx, st), told: true}, message)
			if err != nil {
				return nil, err
			}
			out = append(out, added)
		}
		if err := fault.BadFields(bad); err != nil {
			return nil, err
		}
		return out, tx.BumpAccess()
	})
	return all, org.HeldUp(err)
}

// checked refuses members as long as nobody has checked the Recovery key.
func checked(tx *gate.Tx, members bool) error {
	var paper bool
	is, err := org.StandingOf(tx)
	if err != nil {
		return err
	}
	if is.Suspended {
		return fault.Cannot("Site login is off, or the client is disabled: nobody can be added until it is on again.")
	}
	if err := tx.Row(sqlPaper).Scan(&paper); err != nil || paper || !members || is.Waits {
		return err
	}
	if tx.Visits() {
		return fault.Cannot("The site's administrator has not confirmed the printout of its Recovery key yet. Nobody is added to the site before that.")
	}
	return fault.Cannot("Confirm the Recovery key's printout first (Organization, Keys): no second member is added before somebody has checked it.")
}

// checkInvitee checks what somebody is to be given, and gives the names of his
// knowledge bases and clients for the mail.
func checkInvitee(tx *gate.Tx, st Settings, p Invitee, bad func(field, text string)) (things []string, err error) {
	if p.Level != "" {
		text, err := giveable(tx, p.Level, st.DefaultLevel)
		if err != nil {
			return nil, err
		}
		if text != "" {
			bad("level", text)
		}
	}
	if p.Level == "" && tx.Site() {
		bad("level", "A site has no guests. Choose one of its three levels.")
	}
	if p.Level == "" && (p.RoleAccount || p.RoleUserManager || len(p.Clients)+len(p.Groups) > 0) {
		bad("level", "A guest has no account role, no client and no security group.")
	}
	if p.SendKey && p.Level == "" {
		bad("send_key", "A guest has no vault to open.")
	} else if p.SendKey && !tx.May(keylink.OpSend, gate.Nothing()) {
		bad("send_key", "You can't send the organization key.")
	}
	account, manager, err := givesRoles(tx)
	if err != nil {
		return nil, err
	}
	if p.RoleAccount && !account || p.RoleUserManager && !manager {
		bad("roles", "You can't give this account role.")
	}
	shared, err := checkServices(tx, p, bad)
	if err != nil {
		return nil, err
	}
	things = append(things, shared...)
	for _, c := range p.Clients {
		if !tx.Has(perm.EditAccessAssignments) || !tx.SeesClient(c) {
			bad("clients", "There is no such client, or it is not yours to give.")
			return nil, nil
		}
		var name string
		if err := tx.Row(sqlClientName, c).Scan(&name); err != nil {
			return nil, err
		}
		things = append(things, name)
	}
	for _, g := range p.Groups {
		ok, err := givesGroup(tx, g)
		if err != nil {
			return nil, err
		}
		if !ok {
			bad("groups", "There is no such security group, or it is not yours to give.")
			return nil, nil
		}
	}
	return things, nil
}

// newcomer is somebody who was checked. Import knows more than the dialog asks.
type newcomer struct {
	Invitee
	phone, zone string
	until       map[string]int64 // when a client ends, by id
	things      []string         // names of the clients and knowledge bases
	approved    bool
	told        bool // whoever invites is told the links that nobody mails
}

func (s *Store) invite(tx *gate.Tx, st Settings, p newcomer, message string) (a Added, err error) {
	user := id.New("user")
	_, err = tx.Exec(sqlAddInvited, user, p.Email, org.Fold(p.Email), org.Looks(p.Email), p.Name, find.Plain(nameOr(p.Name, p.Email)), kindFor(p.Level), p.Level,
		p.approved, p.RoleAccount, p.RoleUserManager, tx.Millis(), p.phone, p.zone)
	if err != nil {
		return a, err
	}
	for _, c := range p.Clients {
		if _, err := tx.Exec(sqlGiveTimed, c, user, p.until[c]); err != nil {
			return a, err
		}
	}
	for _, g := range p.Groups {
		if _, err := tx.Exec(sqlGiveGroup, g, user); err != nil {
			return a, err
		}
	}
	for _, v := range p.Services {
		if err := v.give(tx, user, p.Level != ""); err != nil {
			return a, err
		}
	}
	if len(p.Groups) > 0 {
		if p.things, err = given(tx, user); err != nil {
			return a, err
		}
	}
	a = Added{ID: user, Email: p.Email, KeySent: p.SendKey}
	l, err := s.sendInvitation(tx, user, p.Level, st, p.things, message)
	if err != nil {
		return a, err
	}
	if p.told {
		if a.Link, err = s.mail.ByHand(tx, l.path); err != nil {
			return a, err
		}
	}
	ev := gate.Event{Operation: "user.invited", Kind: "user", ID: user, Name: p.Email}
	if p.SendKey {
		made, err := s.keys.Make(tx, user, l.expires, st.KeyLinkDigits)
		if err != nil {
			return a, err
		}
		ev.Fields, a.Digits = []string{"organization key sent"}, made.Digits
		if a.KeyLink, err = s.mail.ByHand(tx, made.Path); err != nil {
			return a, err
		}
	}
	if !a.Link.IsEmpty() {
		ev.Fields = append(ev.Fields, "link shown")
	}
	tx.Note(ev, "")
	return a, nil
}

func nameOr(name, email string) string {
	if name == "" {
		return email
	}
	return name
}

func (s *Store) sendInvitation(tx *gate.Tx, user, level string, st Settings, things []string, message string) (made, error) {
	l, err := link(tx, user, linkInvitation, "", time.Duration(st.InvitationHours)*time.Hour)
	if err != nil {
		return l, err
	}
	kind, err := mail.Invitation, error(nil)
	if level == perm.LevelSiteAdministrator {
		if kind, err = s.activates(tx, &l); err != nil {
			return l, err
		}
	}
	slices.Sort(things)
	_, err = s.mail.Enqueue(tx, l.in(mail.Mail{Kind: kind, To: user, By: tx.Name(), Message: message, Things: things}))
	return l, err
}
