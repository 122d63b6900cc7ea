package people

import (
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
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
	if len(p.Services) > 0 && p.Level == top(tx) {
		bad("services", adminEverywhere)
		return nil, nil
	}
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
