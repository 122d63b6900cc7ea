package people

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
)

// Sharing is who is to have a role in a knowledge base: users, and people who
// are none yet and become guests.
type Sharing struct {
	People  []Sharee
	Message string // for those who are invited
}

// Sharee is one of them. Services are roles in other knowledge bases: of who
// becomes a guest only.
type Sharee struct {
	Email, Name string
	Role        gate.Role
	Services    []Service
}

// Sharees gives people the same role. An address may come as Name <a@b>.
func Sharees(emails []string, role gate.Role) (all []Sharee) {
	for _, text := range emails {
		p := Sharee{Email: strings.TrimSpace(text), Role: role}
		if one := parse(text); len(one) == 1 {
			p.Email, p.Name = one[0].Email, one[0].Name
		}
		all = append(all, p)
	}
	return all
}

// Shared is what came of it.
type Shared struct {
	Users   []string // ids of those who were there
	Invited []Added
}

// OpShare is the knowledge base's own way of adding people.
var OpShare = gate.Define(gate.Op{Name: "knowledge-base.share", Sentence: "Give people a role in a knowledge base by their addresses (who is new becomes a guest, which takes User: Add; rank applies)", Scope: gate.Shelf, Role: gate.Admin, Write: true, Audit: true, Once: true})

var sqlByEmail = gate.SQL(`SELECT id, name, NOT enabled FROM users WHERE org_id = $1 AND email_folded = $2 AND NOT unconfirmed`)

// CheckShare takes a pasted text apart into addresses, says of each whether it
// is a user's, and why it can't be given a role. It tells no more than the list
// of the knowledge base's people does, which is the same actor's to see, but that
// a user who is not active is a disabled one.
func (s *Store) CheckShare(ctx context.Context, who gate.Actor, base, text string) (Adding, error) {
	all, err := candidates(text)
	if err != nil {
		return Adding{}, err
	}
	return gate.Do(ctx, s.gate, who, kb.OpRoles, gate.Base(base), func(tx *gate.Tx) (Adding, error) {
		out := Adding{Candidates: all}
		st, err := ReadSettings(tx)
		if err != nil {
			return out, err
		}
		out.Approved = approves(tx, st)
		choices, err := serviceChoices(tx)
		if err != nil {
			return out, err
		}
		out.Services = first(choices, tx.BaseID())
		for i := range out.Candidates {
			c := &out.Candidates[i]
			if c.Problem != "" {
				continue
			}
			f, err := findSharee(tx, c.Email)
			if err != nil {
				return out, err
			}
			c.User, c.Role, c.Disabled, c.Problem = f.user, f.role.Role, f.disabled, f.problem
			if c.Name == "" {
				c.Name = f.name
			}
			out.New = out.New || c.Problem == "" && c.User == ""
		}
		return out, nil
	})
}

// first puts the operation's knowledge base before the others.
func first(all []ServiceChoice, base string) []ServiceChoice {
	i := slices.IndexFunc(all, func(s ServiceChoice) bool { return s.ID == base })
	one := all[i]
	return slices.Insert(slices.Delete(all, i, i+1), 0, one)
}

// found is whose an address is: a user's, or nobody's yet.
type found struct {
	user, name string
	disabled   bool
	role       gate.ServiceRole // that he has in the operation's knowledge base
	problem    string           // why he can't be given a role in it
}

func findSharee(tx *gate.Tx, email string) (f found, err error) {
	err = tx.Row(sqlByEmail, org.Fold(email)).Scan(&f.user, &f.name, &f.disabled)
	switch {
	case err == nil:
		may := false
		f.role, may = kb.RoleToChange(tx, f.user)
		if f.role.Fixed {
			f.problem = "This is an administrator, who is Admin of every knowledge base anyway."
		} else if !may {
			f.problem = "You can't change the role of this user."
		}
	case !errors.Is(err, gate.ErrNoRows):
		return f, err
	case !tx.Has(perm.UserAdd):
		f.problem = "Nobody here has this address, and only somebody with User: Add can invite guests."
	case tx.Site():
		f.problem = "Nobody here has this address, and a site has no guests."
	default:
		if f.problem = addressProblem(email); f.problem == "" {
			f.problem, err = there(tx, email)
			return f, err
		}
	}
	return f, nil
}

// ShareBase gives people a role in a knowledge base. All of it is one
// transaction; the fields "people[0].email" and so on say what is wrong.
func (s *Store) ShareBase(ctx context.Context, who gate.Actor, base string, in Sharing) (Shared, error) {
	switch {
	case slices.ContainsFunc(in.People, func(p Sharee) bool { return p.Role < gate.Reader || p.Role > gate.Admin }):
		return Shared{}, fault.Bad("role", "Choose: reader, editor or admin.")
	case len(in.People) == 0:
		return Shared{}, fault.Bad("people", "Give at least one address.")
	case len(in.People) > most:
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
	for i, p := range in.People {
		problem := func(field, text string) {
			if text != "" {
				bad = append(bad, fault.Field{Name: fmt.Sprintf("people[%d].%s", i, field), Text: text})
			}
		}
		looks := org.Looks(p.Email)
		if seen[looks] {
			problem("email", "This address, or one that looks the same, stands here twice.")
			continue
		}
		seen[looks] = true
		f, err := findSharee(tx, p.Email)
		if err != nil {
			return out, err
		}
		switch {
		case f.problem != "":
			problem("email", f.problem)
		case f.user != "":
			if err := s.bases.SetRoleIn(tx, f.user, p.Role); fault.Is(err, fault.Absent) || fault.Is(err, fault.Unacceptable) {
				problem("email", "You can't change the role of this user.")
			} else if err != nil {
				return out, err
			}
			out.Users = append(out.Users, f.user)
		default:
			added, err := s.inviteTo(tx, st, p, in.Message, problem)
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

// inviteTo makes a guest with a role in the operation's knowledge base.
func (s *Store) inviteTo(tx *gate.Tx, st Settings, in Sharee, message string, problem func(field, text string)) (a Added, err error) {
	if err := checked(tx, false); err != nil {
		return a, err
	}
	if text, err := taken(tx, in.Email, ""); err != nil || text != "" {
		problem("email", text)
		return a, err
	}
	p := Invitee{Email: in.Email, Name: cleanName(in.Name), Services: []Service{{tx.BaseID(), in.Role}}}
	for _, v := range in.Services {
		if v.Base != tx.BaseID() {
			p.Services = append(p.Services, v)
		}
	}
	wrong := false
	things, err := checkServices(tx, p, func(field, text string) { wrong = true; problem(field, text) })
	if err != nil || wrong {
		return a, err
	}
	return s.invite(tx, st, newcomer{Invitee: p, things: things, approved: approves(tx, st), told: true}, message)
}
