package people

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/mail"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
)

// Invitee is somebody to be added. Level "" makes a guest.
type Invitee struct {
	Email, Name, Level           string
	RoleAccount, RoleUserManager bool
	Clients, Groups              []string // ids
	SendKey                      bool     // the organization key goes along; the actor's vault must be open
}

// Added is who was invited.
type Added struct {
	ID, Email string
	// Digits are told to the user by other means than mail; they open the key
	// link that was sent along. They are given once, and kept nowhere.
	Digits string `json:"-"`
}

// KeyLink makes and mails a user's link that opens the vault, in the caller's
// transaction; it gives the digits of the link, where it has some.
type KeyLink func(tx *gate.Tx, user string, expires time.Time, digits bool) (string, error)

// SendKeys tells how an organization key is sent along with an invitation.
func (s *Store) SendKeys(send KeyLink) { s.keyLink = send }

// Operations of adding people.
var (
	OpCheck  = gate.Define(gate.Op{Name: "user.check", Sentence: "Check addresses before inviting them", Scope: gate.Whole, Needs: perm.UserAdd, View: true})
	OpInvite = gate.Define(gate.Op{Name: "user.invite", Sentence: "Invite people", Scope: gate.Whole, Needs: perm.UserAdd, Write: true, Audit: true, Once: true})
	OpResend = gate.Define(gate.Op{Name: "user.resend", Sentence: "Send an invitation again; the earlier link is void", Scope: gate.Whole, Needs: perm.UserAdd, Write: true, Audit: true, Once: true})
)

var (
	sqlAddInvited = gate.SQL(`INSERT INTO users (org_id, id, email, email_folded, email_looks, name, name_folded, kind, level_id, approved, invited, role_account, role_user_manager, created_at, phone, time_zone)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, TRUE, $11, $12, $13, $14, $15)`)
	sqlPaper       = gate.SQL(`SELECT recovery_confirmed FROM organizations WHERE id = $1`)
	sqlClientName  = gate.SQL(`SELECT name FROM clients WHERE org_id = $1 AND id = $2`)
	sqlGiveClient  = gate.SQL(`INSERT INTO client_users (org_id, client_id, user_id, until) VALUES ($1, $2, $3, 0) ON CONFLICT (org_id, client_id, user_id) DO UPDATE SET until = 0`)
	sqlGiveTimed   = gate.SQL(`INSERT INTO client_users (org_id, client_id, user_id, until) VALUES ($1, $2, $3, $4) ON CONFLICT (org_id, client_id, user_id) DO UPDATE SET until = $4`)
	sqlGiveGroup   = gate.SQL(`INSERT INTO group_users (org_id, group_id, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`)
	sqlSenderNamed = gate.SQL(`SELECT name FROM users WHERE org_id = $1 AND id = $2`)
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
	added, err := gate.Do(ctx, s.gate, who, OpInvite, gate.Nothing(), func(tx *gate.Tx) ([]Added, error) {
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
			a, err := s.invite(tx, st, newcomer{Invitee: p, things: things, approved: approves(tx, st)}, message)
			if err != nil {
				return nil, err
			}
			out = append(out, a)
		}
		if err := fault.BadFields(bad); err != nil {
			return nil, err
		}
		return out, tx.BumpAccess()
	})
	return added, org.HeldUp(err)
}

// checked refuses members as long as nobody has checked the Recovery key.
func checked(tx *gate.Tx, members bool) error {
	var paper bool
	if err := tx.Row(sqlPaper).Scan(&paper); err != nil || paper || !members {
		return err
	}
	return fault.Cannot("Confirm the Recovery key's printout first (Organization, Keys): no second member is added before somebody has checked it.")
}

// checkInvitee checks what somebody is to be given, and gives the names of his
// clients for the mail.
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
	if p.Level == "" && (p.RoleAccount || p.RoleUserManager || len(p.Clients)+len(p.Groups) > 0) {
		bad("level", "A guest has no account role, no client and no security group.")
	}
	switch {
	case p.SendKey && !tx.Has(perm.UserEdit):
		bad("key", "You can't send the organization key.")
	case p.SendKey && p.Level == "":
		bad("key", "A guest has no vault to open, and gets no organization key.")
	}
	account, manager, err := givesRoles(tx)
	if err != nil {
		return nil, err
	}
	if p.RoleAccount && !account || p.RoleUserManager && !manager {
		bad("roles", "You can't give this account role.")
	}
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
	things      []string         // names of the clients
	approved    bool
}

func (s *Store) invite(tx *gate.Tx, st Settings, n newcomer, message string) (Added, error) {
	a := Added{ID: id.New("user"), Email: n.Email}
	_, err := tx.Exec(sqlAddInvited, a.ID, n.Email, org.Fold(n.Email), org.Looks(n.Email), n.Name, org.Fold(nameOr(n.Name, n.Email)), kindFor(n.Level), n.Level,
		n.approved, n.RoleAccount, n.RoleUserManager, tx.Millis(), n.phone, n.zone)
	if err != nil {
		return a, err
	}
	for _, c := range n.Clients {
		if _, err := tx.Exec(sqlGiveTimed, c, a.ID, n.until[c]); err != nil {
			return a, err
		}
	}
	for _, g := range n.Groups {
		if _, err := tx.Exec(sqlGiveGroup, g, a.ID); err != nil {
			return a, err
		}
	}
	tx.Note(gate.Event{Operation: "user.invited", Kind: "user", ID: a.ID, Name: n.Email}, "")
	if err := s.sendInvitation(tx, a.ID, st, n.things, message); err != nil || !n.SendKey {
		return a, err
	}
	tx.Note(gate.Event{Operation: "key.send", Kind: "user", ID: a.ID, Name: nameOr(n.Name, n.Email)}, "")
	a.Digits, err = s.keyLink(tx, a.ID, tx.Now().Add(time.Duration(st.InvitationHours)*time.Hour), st.KeyLinkDigits)
	return a, err
}

func nameOr(name, email string) string {
	if name == "" {
		return email
	}
	return name
}

func (s *Store) sendInvitation(tx *gate.Tx, user string, st Settings, things []string, message string) error {
	path, expires, err := link(tx, user, linkInvitation, "", time.Duration(st.InvitationHours)*time.Hour)
	if err != nil {
		return err
	}
	slices.Sort(things)
	_, err = s.mail.Enqueue(tx, mail.Mail{Kind: mail.Invitation, To: user, Link: path, Expires: expires, By: tx.Name(), Message: message, Things: things})
	return err
}
