package kb

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/seal"
)

// Person is somebody's role in a knowledge base, and what the actor may make
// of it.
type Person struct {
	gate.ServiceRole
	MayChange bool
}

// People is who has which role in a knowledge base.
type People struct {
	Base
	People []Person
}

// People lists everybody with his role, by name.
func (s *Store) People(ctx context.Context, who gate.Actor, base string) (People, error) {
	return gate.Do(ctx, s.gate, who, OpRoles, gate.Base(base), func(tx *gate.Tx) (p People, err error) {
		if p.Base, err = the(tx); err != nil {
			return p, err
		}
		for _, r := range tx.ServiceRoles(p.ID) {
			p.People = append(p.People, Person{r, changeable(tx, r, p.ID)})
		}
		return p, nil
	})
}

// changeable reports whether the actor may give or take this user's role: rank
// applies, and nobody takes a role that is above his own.
func changeable(tx *gate.Tx, r gate.ServiceRole, base string) bool {
	_, ranks := tx.Outranks(r.ID)
	return ranks && !r.Fixed && r.Role <= tx.RoleIn(base) && tx.May(OpSetRole, gate.Base(base))
}

// Service is a knowledge base on a user's page, with his role in it.
type Service struct {
	ID, Path, Name string
	gate.ServiceRole
	Own       gate.Role // the actor's: no more than that can he give
	MayChange bool
}

// Services lists the knowledge bases with a user's role in each: those that the
// actor may know of, or whose roles he may set.
func Services(tx *gate.Tx, user string) (all []Service, err error) {
	bases, err := scanBases(tx, sqlBases)
	for _, b := range bases {
		r, ok := tx.ServiceRoleOf(user, b.ID)
		if may := tx.May(OpSetRole, gate.Base(b.ID)); ok && (may || tx.Opens(b.ID)) {
			all = append(all, Service{b.ID, b.Path, b.Name, r, b.Role, may && changeable(tx, r, b.ID)})
		}
	}
	return all, err
}

var (
	sqlPutRole  = gate.SQL(`INSERT INTO kb_roles (org_id, base_id, user_id, role) VALUES ($1, $2, $3, $4) ON CONFLICT (org_id, base_id, user_id) DO UPDATE SET role = $4`)
	sqlDropRole = gate.SQL(`DELETE FROM kb_roles WHERE org_id = $1 AND base_id = $2 AND user_id = $3`)
	sqlTouched  = gate.SQL(`UPDATE users SET version = version + 1 WHERE org_id = $1 AND id = $2`) // an edit page that was read before is of another user
	sqlWants    = gate.SQL(`SELECT mail_given AND enabled AND approved AND NOT invited FROM users WHERE org_id = $1 AND id = $2`)
)

// SetRole gives a user a role in a knowledge base: Public takes it away, also
// against the default, and 0 has him follow the default again.
func (s *Store) SetRole(ctx context.Context, who gate.Actor, base, user string, role gate.Role) error {
	if role > gate.Admin {
		return fault.Bad("role", "There is no such role.")
	}
	_, err := gate.Do(ctx, s.gate, who, OpSetRole, gate.Base(base), func(tx *gate.Tx) (bool, error) {
		b, err := the(tx)
		if err != nil {
			return false, err
		}
		return true, s.setRole(tx, b, user, role)
	})
	return err
}

// setRole is the operation's change of one role.
func (s *Store) setRole(tx *gate.Tx, b Base, user string, role gate.Role) error {
	e := tx.Event()
	e.Name, e.Fields = b.Name, append(e.Fields, word(role)+" "+user)
	return s.changeRole(tx, b, user, role)
}

func (s *Store) changeRole(tx *gate.Tx, b Base, user string, role gate.Role) error {
	was, ok := tx.ServiceRoleOf(user, b.ID)
	if _, ranks := tx.Outranks(user); !ok || !ranks {
		return fault.NotFound()
	}
	if was.Fixed {
		return fault.Cannot("An administrator is Admin in every knowledge base. Demote the administrator first.")
	}
	next := role
	if role == 0 {
		next = was.Default
	}
	if was.Role > b.Role || next > b.Role {
		return fault.Cannot("You can give and take roles up to your own in this knowledge base.")
	}
	if role == 0 {
		if _, err := tx.Exec(sqlDropRole, b.ID, user); err != nil {
			return err
		}
	} else if err := Give(tx, b.ID, user, role); err != nil {
		return err
	}
	if next > gate.Public && next > was.Role {
		if err := s.tell(tx, b, user); err != nil {
			return err
		}
	}
	if err := tx.One(sqlTouched, user); err != nil {
		return err
	}
	return tx.BumpAccess()
}

func word(role gate.Role) string {
	if role == 0 {
		return "default"
	}
	return role.String()
}

// SetRoleOf sets a user's role in a knowledge base within another operation,
// whose event says it. What SetRole demands it demands, too.
func (s *Store) SetRoleOf(tx *gate.Tx, base, user string, role gate.Role) error {
	all, err := scanBases(tx, sqlBase, base)
	if err != nil {
		return err
	}
	if len(all) == 0 || role > gate.Admin || !tx.May(OpSetRole, gate.Base(base)) {
		return fault.NotFound()
	}
	return s.changeRole(tx, all[0], user, role)
}

// Give stores an explicit role. What it may be, and that the access model is to
// be compiled anew, is the caller's to see to.
func Give(tx *gate.Tx, base, user string, role gate.Role) error {
	_, err := tx.Exec(sqlPutRole, base, user, role.String())
	return err
}

// tell mails somebody who works here already that a knowledge base was given to
// him, unless he does not want that.
func (s *Store) tell(tx *gate.Tx, b Base, user string) error {
	wants := false
	if err := tx.Row(sqlWants, user).Scan(&wants); err != nil || !wants {
		return err
	}
	_, err := s.mail.Enqueue(tx, mail.Mail{Kind: mail.Given, To: user, By: tx.Name(), Things: []string{b.Name}, Link: seal.NewSecret("/kb/" + b.Path + "/")})
	return err
}
