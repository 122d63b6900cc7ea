package people

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
)

// Service is a role in a knowledge base that somebody is to have.
type Service struct {
	Base string // id
	Role gate.Role
}

// ServiceChoice is a knowledge base that a role can be given in.
type ServiceChoice struct {
	ID, Name string
	Default  gate.Role // of members
	Own      gate.Role // the actor's: no more than that can he give
}

// serviceChoices lists the knowledge bases that the actor may know of.
func serviceChoices(tx *gate.Tx) (all []ServiceChoice, err error) {
	bases, err := kb.Open(tx)
	for _, b := range bases {
		all = append(all, ServiceChoice{b.ID, b.Name, b.Default, b.Role})
	}
	return all, err
}

// checkServices checks the roles of somebody new, and gives the names of the
// knowledge bases that he is to reach, for the mail.
func checkServices(tx *gate.Tx, p Invitee, bad func(field, text string)) (names []string, err error) {
	choices, err := serviceChoices(tx)
	if err != nil {
		return nil, err
	}
	for _, v := range p.Services {
		found := false
		for _, c := range choices {
			if c.ID != v.Base {
				continue
			}
			byDefault := p.Level != "" && v.Role == c.Default
			if found = v.Role >= gate.Public && (v.Role <= c.Own || byDefault); found && v.Role > gate.Public {
				names = append(names, c.Name)
			}
		}
		if !found {
			bad("services", "There is no such knowledge base, or the role is not yours to give.")
			return nil, nil
		}
	}
	return names, nil
}

// give stores the role. A member's that is the default is none of his own: he
// follows a new default like everybody else.
func (v Service) give(tx *gate.Tx, user string, member bool) error {
	if member && v.Role == tx.DefaultRoleIn(v.Base) || !member && v.Role == gate.Public {
		return nil
	}
	return kb.Give(tx, v.Base, user, v.Role)
}

// Sharing is who is to have a role in a knowledge base: users, and people who
// are none yet and become guests.
type Sharing struct {
	Emails  []string
	Role    gate.Role
	Message string // for those who are invited
}

// Shared is what came of it.
type Shared struct {
	Users   []string // ids of those who were there
	Invited []Added
}

// OpShare is the knowledge base's own way of adding people.
var OpShare = gate.Define(gate.Op{Name: "knowledge-base.share", Sentence: "Give people a role in a knowledge base by their addresses (who is new becomes a guest, which takes User: Add; rank applies)", Scope: gate.Shelf, Role: gate.Admin, Write: true, Audit: true, Once: true})

var sqlByEmail = gate.SQL(`SELECT id FROM users WHERE org_id = $1 AND email_folded = $2 AND NOT unconfirmed`)

// ShareBase gives people a role in a knowledge base. All of it is one
// transaction; the fields "people[0].email" and so on say what is wrong.
func (s *Store) ShareBase(ctx context.Context, who gate.Actor, base string, in Sharing) (Shared, error) {
	switch {
	case in.Role < gate.Reader || in.Role > gate.Admin:
		return Shared{}, fault.Bad("role", "Choose: reader, editor or admin.")
	case len(in.Emails) == 0:
		return Shared{}, fault.Bad("people", "Give at least one address.")
	case len(in.Emails) > most:
		return Shared{}, fault.Bad("people", "Add at most %d people at once.", most)
	case len(in.Message) > 2000:
		return Shared{}, fault.Bad("message", "Use at most 2,000 characters.")
	}
	out, err := gate.Do(ctx, s.gate, who, OpShare, gate.Base(base), func(tx *gate.Tx) (Shared, error) {
		return s.shareBase(tx, in)
	})
	return out, org.HeldUp(err)
}

func (s *Store) shareBase(tx *gate.Tx, in Sharing) (out Shared, err error) {
	var bad []fault.Field
	st, err := ReadSettings(tx)
	if err != nil {
		return out, err
	}
	seen := map[string]bool{}
	for i, email := range in.Emails {
		email = bareAddress(email)
		problem := func(text string) {
			bad = append(bad, fault.Field{Name: fmt.Sprintf("people[%d].email", i), Text: text})
		}
		looks := org.Looks(email)
		if seen[looks] {
			problem("This address, or one that looks the same, stands here twice.")
			continue
		}
		seen[looks] = true
		var user string
		err := tx.Row(sqlByEmail, org.Fold(email)).Scan(&user)
		switch {
		case err == nil && adminOf(tx, user):
			problem("This is an administrator, who is Admin of every knowledge base anyway.")
		case err == nil:
			if err := s.bases.SetRoleIn(tx, user, in.Role); fault.Is(err, fault.Absent) || fault.Is(err, fault.Unacceptable) {
				problem("You can't change the role of this user.")
			} else if err != nil {
				return out, err
			}
			out.Users = append(out.Users, user)
		case !errors.Is(err, gate.ErrNoRows):
			return out, err
		case !tx.Has(perm.UserAdd):
			problem("Nobody here has this address, and only somebody with User: Add can invite guests.")
		case tx.Site():
			problem("Nobody here has this address, and a site has no guests.")
		default:
			text := addressProblem(email)
			if text == "" {
				if text, err = taken(tx, email, ""); err != nil {
					return out, err
				}
			}
			if text != "" {
				problem(text)
				continue
			}
			added, err := s.inviteTo(tx, st, email, in)
			if err != nil {
				return out, err
			}
			out.Invited = append(out.Invited, added)
		}
	}
	if err := fault.BadFields(bad); err != nil {
		return out, err
	}
	return out, tx.BumpAccess()
}

func adminOf(tx *gate.Tx, user string) bool {
	r, ok := tx.ServiceRoleOf(user, tx.BaseID())
	return ok && r.Fixed
}

// bareAddress is the address in "Name <a@b>".
func bareAddress(text string) string {
	if one := parse(text); len(one) == 1 {
		return one[0].Email
	}
	return strings.TrimSpace(text)
}

// inviteTo makes a guest with a role in the operation's knowledge base.
func (s *Store) inviteTo(tx *gate.Tx, st Settings, email string, in Sharing) (a Added, err error) {
	if err := checked(tx, false); err != nil {
		return a, err
	}
	p := Invitee{Email: email, Services: []Service{{tx.BaseID(), in.Role}}}
	things, err := checkServices(tx, p, func(string, string) {})
	if err != nil {
		return a, err
	}
	return s.invite(tx, st, newcomer{Invitee: p, things: things, approved: approves(tx, st), told: true}, in.Message)
}
