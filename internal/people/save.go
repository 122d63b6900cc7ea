package people

import (
	"context"
	"slices"

	"bailiwick/internal/access"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
)

// Changes is what is to be saved of the edit page: nil leaves a field as it is.
// Level "" makes a guest. Clients are those of the ones that the actor reaches;
// others of the user's stay.
type Changes struct {
	Version                             int64
	Name, Email, Phone, TimeZone, Level *string
	Enabled, Approved                   *bool
	RoleAccount, RoleUserManager        *bool
	Clients, Groups                     *[]string
	Services                            []Service // those to be changed; role 0 has him follow the default
	Flag                                bool      // what he has seen and loses with a level, client or group
}

// OpSave saves the edit page; each field needs its own permission, and rank
// applies.
var OpSave = gate.Define(gate.Op{Name: "user.edit", Sentence: "Edit a user (rank applies, and each field needs its own permission)", Scope: gate.Listed, Visits: true, Write: true, Audit: true, Once: true})

var sqlSaveUser = gate.SQL(`UPDATE users SET name = $3, name_folded = $4, phone = $5, time_zone = $6, role_account = $7, role_user_manager = $8, version = version + 1 WHERE org_id = $1 AND id = $2`)

// saving is one edit on its way.
type saving struct {
	s       *Store
	tx      *gate.Tx
	removed func(*gate.Tx, string) error
	was     Editing
	in      Changes
	bad     []fault.Field
}

// Save saves all that was changed, or nothing: every bad field is told. What
// somebody else changed since the page was read is a conflict, whose fields
// say what is there now. A new address counts when it is confirmed.
func (s *Store) Save(ctx context.Context, who gate.Actor, user string, in Changes) error {
	return s.org.Cut(func(removed func(*gate.Tx, string) error) error {
		_, err := gate.Do(ctx, s.gate, who, OpSave, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			e, err := view(tx, user) // demands rank, and that he sees users
			if err != nil {
				return false, err
			}
			if !e.May[Edit] && !slices.ContainsFunc(e.Services, func(v kb.Service) bool { return v.MayChange }) {
				return false, errNotYours
			}
			return true, s.changing(tx, &e.Person, func(*Person) error {
				v := &saving{s: s, tx: tx, removed: removed, was: e, in: in}
				return v.save()
			})
		})
		return err
	})
}

func (v *saving) save() error {
	changed := v.changed()
	for _, f := range changed {
		if !v.was.Fields[f] && !v.fixed(f) {
			return errNotYours
		}
		v.tx.Event().Fields = append(v.tx.Event().Fields, v.word(f))
	}
	if v.in.Version != v.was.Version && len(changed) > 0 {
		return v.stale(changed)
	}
	if err := v.check(changed); err != nil {
		return err
	}
	if err := fault.BadFields(v.bad); err != nil {
		return err
	}
	if err := v.write(changed); err != nil || !v.in.Flag {
		return err
	}
	for _, f := range changed {
		if f == FieldLevel || f == FieldClients || f == FieldGroups {
			return access.Touch(v.tx, []string{v.was.ID})
		}
	}
	return nil
}

// word is a field in the audit log.
func (v *saving) word(f Field) string {
	for _, s := range v.was.Services {
		if s.ID == f.Base() {
			return "role in " + s.Name
		}
	}
	return string(f)
}

func (v *saving) wrong(f Field, text string) {
	if text != "" {
		v.bad = append(v.bad, fault.Field{Name: string(f), Text: text})
	}
}

func (v *saving) check(changed []Field) error {
	for _, f := range changed {
		switch f {
		case FieldName:
			v.wrong(f, nameProblem(*v.in.Name))
		case FieldPhone:
			v.wrong(f, phoneProblem(*v.in.Phone))
		case FieldTimeZone:
			v.wrong(f, zoneProblem(*v.in.TimeZone))
		case FieldEmail:
			text := addressProblem(*v.in.Email)
			if text == "" && v.was.Invited {
				text = "This user has not accepted the invitation. Delete it and invite the other address."
			}
			if text == "" {
				var err error
				if text, err = taken(v.tx, *v.in.Email, v.was.ID); err != nil {
					return err
				}
			}
			v.wrong(f, text)
		case FieldLevel:
			if *v.in.Level != "" {
				text, err := giveable(v.tx, *v.in.Level, "")
				if err != nil {
					return err
				}
				v.wrong(f, text)
				if text, err = v.activates(); err != nil {
					return err
				}
				v.wrong(f, text)
			} else if v.tx.Site() {
				v.wrong(f, "A site has no guests.")
			}
		case FieldClients:
			v.choose(f, *v.in.Clients, v.was.Clients, "There is no such client.")
		case FieldGroups:
			v.choose(f, *v.in.Groups, v.was.Groups, "There is no such security group, or it gives more than you have.")
		}
	}
	v.checkServices(changed)
	if v.guest() && (or(v.in.RoleAccount, false) || or(v.in.RoleUserManager, false) || gains(v.in.Clients, v.was.Clients) || gains(v.in.Groups, v.was.Groups)) {
		v.wrong(FieldLevel, "A guest has no account role, no client and no security group.")
	}
	return nil
}

const adminEverywhere = "An administrator is Admin of every knowledge base."

// fixed reports whether a field is a role that only another level changes.
func (v *saving) fixed(f Field) bool {
	return slices.ContainsFunc(v.was.Services, func(s kb.Service) bool { return s.Fixed && ServiceField(s.ID) == f })
}

// checkServices holds the roles in knowledge bases to the actor's own. One that
// an administrator got would count unseen from the day of a demotion.
func (v *saving) checkServices(changed []Field) {
	for i, in := range v.in.Services {
		f := ServiceField(in.Base)
		if slices.ContainsFunc(v.in.Services[:i], func(o Service) bool { return o.Base == in.Base }) {
			v.wrong(f, "This knowledge base stands here twice.")
		}
		if slices.Contains(changed, f) && (v.fixed(f) || v.in.Level != nil && *v.in.Level == top(v.tx)) {
			v.wrong(f, adminEverywhere)
			continue
		}
		for _, s := range v.was.Services {
			next := in.Role
			if next == 0 {
				next = s.Default
			}
			if s.ID == in.Base && next > s.Own {
				v.wrong(f, "You can give roles up to your own in this knowledge base.")
			}
		}
	}
}

// activates says why somebody can't become a Site Administrator now, or "": who
// has accepted already has no link that activates the site.
func (v *saving) activates() (string, error) {
	is, err := org.StandingOf(v.tx)
	if err != nil || !is.Waits || *v.in.Level != perm.LevelSiteAdministrator || v.was.Invited {
		return "", err
	}
	return "The site waits for activation, which takes an invitation of a Site Administrator. Delete this user and add the address again with that level.", nil
}

// gains reports whether somebody is to have what he has not.
func gains(want *[]string, now []Choice) bool {
	return want != nil && slices.ContainsFunc(now, func(c Choice) bool { return !c.In && slices.Contains(*want, c.ID) })
}

// guest reports whether the user will be one.
func (v *saving) guest() bool {
	if v.in.Level != nil {
		return *v.in.Level == ""
	}
	return v.was.Kind == "guest"
}

// choose demands that what is given or taken is among the choices, and the
// actor's to give.
func (v *saving) choose(f Field, want []string, now []Choice, text string) {
	known := map[string]Choice{}
	for _, c := range now {
		known[c.ID] = c
	}
	for _, id := range want {
		if c, ok := known[id]; !ok || !c.In && !c.May {
			v.wrong(f, text)
			return
		}
	}
	for _, c := range now {
		if c.In && !c.May && !slices.Contains(want, c.ID) {
			v.wrong(f, text)
			return
		}
	}
}

func or[T any](given *T, is T) T {
	if given != nil {
		return *given
	}
	return is
}
