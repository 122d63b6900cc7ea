package flow

import (
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/mail"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

func ptr[T any](v T) *T { return &v }

// Every field has its own right; all is saved or nothing; somebody else's edit
// is not overwritten.
func TestEditing(t *testing.T) {
	both(t, func(s *scene) {
		tim := s.Enrol("tim", perm.LevelTechnicianAssigned)
		s.Enrol("mia", perm.LevelManagerAssigned)
		mias := s.SignIn("mia")
		group, err := s.Access.AddGroup(ctx, s.Admin, "Field", nil, []string{s.contoso})
		s.Must(err)
		e, err := s.People.View(ctx, s.Admin, tim)
		s.Must(err)
		if len(e.Clients) != 2 || e.Clients[1].In || len(e.Groups) != 1 || !e.Fields[people.FieldAccount] || !e.May[people.Disable] {
			t.Fatalf("%+v", e)
		}
		s.Must(s.People.Save(ctx, s.Admin, tim, people.Changes{Version: e.Version, Name: ptr("Tim Tech"), Phone: ptr("+44 1"), TimeZone: ptr("Europe/London"),
			Level: ptr(perm.LevelTechnicianDefault), RoleUserManager: ptr(true), Clients: &[]string{s.contoso}, Groups: &[]string{group}}))
		stale := people.Changes{Version: e.Version, Name: ptr("Timothy")}
		err = s.People.Save(ctx, s.Admin, tim, stale)
		s.refused(err, fault.Conflict)
		if f, _ := fault.As(err); f == nil || len(f.Fields) != 1 || !strings.Contains(f.Fields[0].Text, "Tim Tech") {
			t.Errorf("the difference: %v", err)
		}
		e, err = s.People.View(ctx, s.Admin, tim)
		s.Must(err)
		if e.Name != "Tim Tech" || e.LevelName != "Technician - Default Access" || !e.RoleUserManager || !e.Clients[1].In || !e.Groups[0].In {
			t.Errorf("%+v", e)
		}
		if n := s.mails(mail.Given); n != 1 {
			t.Errorf("%d mails of the client", n)
		}
		err = s.People.Save(ctx, s.Admin, tim, people.Changes{Version: e.Version, Name: ptr("Other"), TimeZone: ptr("Mars/North"), Email: ptr("ada@northwind.example"), Level: ptr("level_none")})
		if f, ok := fault.As(err); !ok || len(f.Fields) != 3 {
			t.Errorf("every bad field: %v", err)
		}
		if e2, err := s.People.View(ctx, s.Admin, tim); err != nil || e2.Name != "Tim Tech" || e2.Version != e.Version {
			t.Errorf("something was saved: %+v, %v", e2.Person, err)
		}
		// He has Client: Default Access now, which Mia lacks.
		_, err = s.People.View(ctx, mias, tim)
		s.refused(err, fault.Absent)
		s.refused(s.People.Save(ctx, mias, tim, people.Changes{Version: e.Version, Name: ptr("x")}), fault.Absent)

		// Mia: fields that are hers, levels within her own, no roles, no client that she does not reach.
		tom := s.Enrol("tom", perm.LevelTechnicianAssigned)
		e, err = s.People.View(ctx, mias, tom)
		if err != nil || e.Fields[people.FieldAccount] || !e.Fields[people.FieldLevel] || len(e.Clients) != 0 {
			t.Fatalf("%+v, %v", e, err)
		}
		for what, in := range map[string]people.Changes{
			"role": {RoleAccount: ptr(true)},
		} {
			in.Version = e.Version
			if err := s.People.Save(ctx, mias, tom, in); !fault.Is(err, fault.Absent) {
				t.Errorf("%s: %v", what, err)
			}
		}
		for what, in := range map[string]people.Changes{
			"level":  {Level: ptr(perm.LevelTechnicianDefault)},
			"admin":  {Level: ptr(perm.LevelAdmin)},
			"site":   {Level: ptr(perm.LevelSiteUser)},
			"client": {Clients: &[]string{s.contoso}},
			"group":  {Groups: &[]string{group}},
		} {
			in.Version = e.Version
			if err := s.People.Save(ctx, mias, tom, in); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", what, err)
			}
		}
		s.Must(s.People.Save(ctx, mias, tom, people.Changes{Version: e.Version, Level: ptr(perm.LevelManagerAssigned), Enabled: ptr(false)}))
		if list, err := s.People.Offboardings(ctx, mias); err != nil || len(list) != 0 { // he has seen nothing
			t.Errorf("%v, %v", list, err)
		}
		s.refused(s.People.Save(ctx, mias, mias.User(), people.Changes{Name: ptr("x")}), fault.Absent)
	})
}

// Whoever is put into groups by the edit page is told what they give besides:
// in one mail with what is assigned.
func TestToldOfGroupsOnTheEditPage(t *testing.T) {
	both(t, func(s *scene) {
		tim := s.Enrol("tim", perm.LevelTechnicianAssigned)
		other, err := s.Clients.Add(ctx, s.Admin, client.Input{Name: "Adatum"})
		s.Must(err)
		on, err := s.Access.AddGroup(ctx, s.Admin, "On", nil, []string{s.contoso, other})
		s.Must(err)
		off, err := s.Access.AddGroup(ctx, s.Admin, "Off", nil, []string{s.contoso})
		s.Must(err)
		s.Must(s.Access.EnableGroup(ctx, s.Admin, off, false))
		save := func(in people.Changes, mails int) {
			t.Helper()
			e, err := s.People.View(ctx, s.Admin, tim)
			s.Must(err)
			in.Version = e.Version
			s.Must(s.People.Save(ctx, s.Admin, tim, in))
			if n := s.mails(mail.Given); n != mails {
				t.Fatalf("%d mails, want %d", n, mails)
			}
		}
		save(people.Changes{Groups: &[]string{off}}, 0)
		save(people.Changes{Groups: &[]string{off, on}, Clients: &[]string{s.contoso}}, 1)
		list, _, err := s.Mail.Outbox(ctx, s.Admin, mail.Filter{Limit: 50})
		s.Must(err)
		for _, m := range list {
			if m.Kind == mail.Given {
				if l, err := s.Mail.Show(ctx, s.Admin, m.ID); err != nil || !strings.Contains(l.Text, "Adatum") || strings.Count(l.Text, "Contoso") != 1 {
					t.Errorf("%s, %v", l.Text, err)
				}
			}
		}
		save(people.Changes{Groups: &[]string{}}, 1)
		save(people.Changes{Groups: &[]string{on}, Clients: &[]string{s.contoso, other}}, 2) // assigned anew
		save(people.Changes{Groups: &[]string{}}, 2)
		save(people.Changes{Groups: &[]string{on}}, 2) // he has both by assignment
	})
}

// One's own profile: another address asks for the password and a confirmation.
func TestOwnProfile(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelTechnicianAssigned)
		tims := s.SignIn("tim")
		p, err := s.People.Profile(ctx, tims)
		s.Must(err)
		old := p
		p.Name, p.TimeZone = "Tim Tech", "Europe/London"
		s.Must(s.People.SaveProfile(ctx, tims, p, seal.Secret{}))
		s.refused(s.People.SaveProfile(ctx, tims, old, seal.Secret{}), fault.Conflict)
		p, err = s.People.Profile(ctx, tims)
		if err != nil || p.Name != "Tim Tech" || p.TimeZone != "Europe/London" {
			t.Fatalf("%+v, %v", p, err)
		}
		p.Email = "timothy@northwind.example"
		s.refused(s.People.SaveProfile(ctx, tims, p, seal.NewSecret("wrong")), fault.Invalid)
		s.Must(s.People.SaveProfile(ctx, tims, p, seal.NewSecret(apptest.Password)))
		if p, err = s.People.Profile(ctx, tims); err != nil || p.Email != "tim@northwind.example" || p.PendingEmail != "timothy@northwind.example" {
			t.Errorf("%+v, %v", p, err)
		}
		p.Email, p.TimeZone = "ada@northwind.example", "Local"
		err = s.People.SaveProfile(ctx, tims, p, seal.NewSecret(apptest.Password))
		if f, ok := fault.As(err); !ok || len(f.Fields) != 2 {
			t.Errorf("%v", err)
		}
	})
}
