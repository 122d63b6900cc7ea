package people

import (
	"slices"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/kb"
)

func differs[T comparable](given *T, is T) bool { return given != nil && *given != is }

// changed names the fields that are to be other than they are.
func (v *saving) changed() (all []Field) {
	in, was := v.in, v.was
	for _, s := range []*string{in.Name, in.Email, in.Phone, in.TimeZone} {
		if s != nil {
			*s = strings.TrimSpace(*s)
		}
	}
	add := func(f Field, yes bool) {
		if yes {
			all = append(all, f)
		}
	}
	add(FieldName, differs(in.Name, was.Name))
	add(FieldEmail, differs(in.Email, was.Email) && *in.Email != was.PendingEmail)
	add(FieldPhone, differs(in.Phone, was.Phone))
	add(FieldTimeZone, differs(in.TimeZone, was.TimeZone))
	add(FieldLevel, differs(in.Level, was.Level))
	add(FieldEnabled, differs(in.Enabled, was.Enabled))
	add(FieldApproved, differs(in.Approved, was.Approved))
	add(FieldAccount, differs(in.RoleAccount, was.RoleAccount))
	add(FieldUserManager, differs(in.RoleUserManager, was.RoleUserManager))
	add(FieldClients, in.Clients != nil && !same(*in.Clients, was.Clients))
	add(FieldGroups, in.Groups != nil && !same(*in.Groups, was.Groups))
	for _, s := range in.Services {
		i := slices.IndexFunc(was.Services, func(w kb.Service) bool { return w.ID == s.Base })
		add(ServiceField(s.Base), i < 0 || was.Services[i].Explicit != s.Role)
	}
	return all
}

func same(ids []string, now []Choice) bool {
	in := map[string]bool{}
	for _, id := range ids {
		in[id] = true
	}
	n := 0
	for _, c := range now {
		if c.In {
			n++
			if !in[c.ID] {
				return false
			}
		}
	}
	return n == len(in)
}

// stale is a conflict that shows what is there now, of the fields that were to
// be changed.
func (v *saving) stale(changed []Field) error {
	e, _ := fault.As(fault.Stale("user"))
	last, err := lastChange(v.tx, v.was.ID)
	if err != nil {
		return err
	}
	if last.By != "" {
		e.Text = last.Words() + " changed this user in the meantime. Nothing of yours was saved."
	}
	now := map[Field]string{FieldName: v.was.Name, FieldEmail: v.was.Email, FieldPhone: v.was.Phone, FieldTimeZone: v.was.TimeZone, FieldLevel: v.was.LevelName,
		FieldEnabled: yesNo(v.was.Enabled), FieldApproved: yesNo(v.was.Approved), FieldAccount: yesNo(v.was.RoleAccount), FieldUserManager: yesNo(v.was.RoleUserManager),
		FieldClients: names(v.was.Clients), FieldGroups: names(v.was.Groups)}
	for _, s := range v.was.Services {
		now[ServiceField(s.ID)] = kb.Word(s.Role)
		if s.Explicit == 0 {
			now[ServiceField(s.ID)] += ", by default"
		}
	}
	for _, f := range changed {
		text := now[f]
		if text == "" {
			text = "none"
		}
		e.Fields = append(e.Fields, fault.Field{Name: string(f), Text: "It is now: " + text})
	}
	return e
}

func names(all []Choice) string {
	var in []string
	for _, c := range all {
		if c.In {
			in = append(in, c.Name)
		}
	}
	return strings.Join(in, ", ")
}
