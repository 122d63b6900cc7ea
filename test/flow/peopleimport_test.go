package flow

import (
	"fmt"
	"strings"
	"testing"

	"bailiwick/internal/fault"
	"bailiwick/internal/mail"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
)

// What one organization exports, another imports: the same people, with their
// levels, roles, phones, groups and clients, who wait for approval.
func TestExportBecomesImport(t *testing.T) {
	var file []byte
	both(t, func(s *scene) {
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		group, err := s.Access.AddGroup(ctx, s.Admin, "Field; north", nil, []string{s.contoso})
		s.Must(err)
		tim := s.Enrol("tim", perm.LevelManagerDefault)
		s.Enrol("=tom", perm.LevelTechnicianAssigned)
		gone := s.Enrol("gone", perm.LevelTechnicianAssigned)
		e, err := s.People.View(ctx, s.Admin, tim)
		s.Must(err)
		s.Must(s.People.Save(ctx, s.Admin, tim, people.Changes{Version: e.Version, Phone: ptr("+44 20"), TimeZone: ptr("Europe/London"), RoleUserManager: ptr(true),
			Clients: &[]string{s.contoso}, Groups: &[]string{group}}))
		s.Must(s.People.Disable(ctx, s.Admin, gone))
		file, err = s.People.Export(ctx, s.Admin)
		s.Must(err)
	})
	file = []byte(strings.ReplaceAll(string(file), "@northwind.example", "@elsewhere.example"))
	both(t, func(s *scene) {
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		group, err := s.Access.AddGroup(ctx, s.Admin, "Field; north", nil, []string{s.contoso})
		s.Must(err)
		in := people.ImportFile{Data: file}
		view, err := s.People.PreviewImport(ctx, s.Admin, in)
		if err != nil || view.Rows != 4 || view.Invited != 3 || view.Disabled != 1 || view.Bad != 0 || !view.Pending || !view.MayRun {
			t.Fatalf("%+v, %v", view, err)
		}
		n, err := s.People.Import(ctx, s.Admin, in)
		if err != nil || n != 3 || s.mails(mail.Invitation) != 3 {
			t.Fatalf("%d, %v", n, err)
		}
		l, err := s.People.List(ctx, s.Admin, people.Filter{Pending: true})
		if err != nil || l.Pending != 3 || l.Counts["administrator"] != 1 {
			t.Fatalf("%+v, %v", l, err)
		}
		for _, p := range l.People {
			if p.Name == "'=tom" || p.Approved || !p.Invited {
				t.Errorf("%+v", p)
			}
			if p.Name != "tim" {
				continue
			}
			e, err := s.People.View(ctx, s.Admin, p.ID)
			s.Must(err)
			if e.Phone != "+44 20" || e.TimeZone != "Europe/London" || !e.RoleUserManager || e.RoleAccount || e.Level != perm.LevelManagerDefault || !e.Clients[1].In || !e.Groups[0].In || e.Groups[0].ID != group {
				t.Errorf("%+v", e)
			}
		}
		// Again: everybody is there, so nothing is done.
		_, err = s.People.Import(ctx, s.Admin, in)
		s.refused(err, fault.Invalid)
		in.OnlyGood = true
		_, err = s.People.Import(ctx, s.Admin, in)
		s.refused(err, fault.Invalid)
	})
}

// Every row is held to what inviting is held to, and all that is wrong is said
// with its row and column; one bad row stops all, unless it may be left out.
func TestImportWithinOnesOwn(t *testing.T) {
	both(t, func(s *scene) {
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		s.Enrol("mia", perm.LevelManagerAssigned)
		s.Enrol("tess", s.custom("Adder", perm.UserAdd, perm.ImportData))
		s.Enrol("ida", s.custom("Importer", perm.ImportData))
		mias, tess, ida := s.SignIn("mia"), s.SignIn("tess"), s.SignIn("ida")
		rows := []string{
			"good@x.example,Gina Good,,,,", "good2@x.example,,member,Manager - Assigned Access,,",
			"Good@X.example,,,,,", "ada@northwind.example,,,,,", "nonsense,,,,,", ",,,,,x", // twice, there, no address, none
			"a@x.example,,administrator,,,", "b@x.example,,,Technician - Default Access,,", "c@x.example,,,No such level,,",
			"d@x.example,,guest,Manager - Assigned Access,,", "e@x.example,,member,,User manager,", "f@x.example,,,,,Contoso", "g@x.example,,owner,,,",
			"h@x.example,,guest,,,Contoso", "i@x.example,,member,Organization Admin,,",
		}
		in := people.ImportFile{Data: []byte("Email,Name,Kind,Level,Account roles,Clients\n" + strings.Join(rows, "\n") + "\n")}
		view, err := s.People.PreviewImport(ctx, mias, in)
		if err != nil || view.Rows != len(rows) || view.Invited != 2 || view.Bad != len(rows)-2 || view.MayRun {
			t.Fatalf("%+v, %v", view, err)
		}
		for i := range rows[2:] {
			found := false
			for _, p := range view.Problems {
				found = found || p.Row == i+4 && p.Fatal && p.Text != ""
			}
			if !found {
				t.Errorf("row %d: nothing is said", i+4)
			}
		}
		_, err = s.People.Import(ctx, mias, in)
		s.refused(err, fault.Invalid)
		if n := s.mails(mail.Invitation); n != 0 {
			t.Fatalf("%d invitations of a refused import", n)
		}
		in.OnlyGood = true
		if n, err := s.People.Import(ctx, mias, in); err != nil || n != 2 {
			t.Errorf("%d, %v", n, err)
		}
		in.Data = []byte("Email\nz@x.example\n")
		view, err = s.People.PreviewImport(ctx, tess, in)
		if err != nil || view.Bad != 1 {
			t.Errorf("the default level is beyond her own: %+v, %v", view, err)
		}
		for who, a := range map[string]func() error{
			"preview": func() error { _, err := s.People.PreviewImport(ctx, ida, in); return err },
			"import":  func() error { _, err := s.People.Import(ctx, ida, in); return err },
		} {
			if err := a(); !fault.Is(err, fault.Absent) {
				t.Errorf("without User: Add, %s: %v", who, err)
			}
		}
	})
}

// A file of 5,000 people is imported in one go.
func TestLargeImport(t *testing.T) {
	both(t, func(s *scene) {
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		var b strings.Builder
		b.WriteString("Name;Email;Clients\n")
		for i := range 5000 {
			fmt.Fprintf(&b, "Person %d;person%d@large.example;Contoso\n", i, i)
		}
		n, err := s.People.Import(ctx, s.Admin, people.ImportFile{Data: []byte(b.String())})
		if err != nil || n != 5000 || s.mails(mail.Invitation) != 5000 || s.count("SELECT COUNT(*) FROM users WHERE NOT approved AND invited") != 5000 {
			t.Errorf("%d, %v", n, err)
		}
	})
}
