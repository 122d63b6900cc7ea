package flow

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
)

// The list goes on by key, filters by words, and shows each viewer what he may do.
func TestUsersList(t *testing.T) {
	both(t, func(s *scene) {
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		for _, n := range []string{"Zoe Quill", "=cmd", "Ben_50%", "Åsa Berg", "Ben Adder"} {
			s.invite(s.Admin, people.Invitee{Name: n, Email: strings.NewReplacer(" ", ".", "=", "", "_", "", "%", "", "Å", "aa").Replace(n) + "@x.example", Level: perm.LevelTechnicianAssigned})
		}
		s.Enrol("tim", perm.LevelTechnicianDefault)
		s.Enrol("mia", perm.LevelManagerAssigned)
		var seen []string
		for after := ""; ; {
			l, err := s.People.List(ctx, s.Admin, people.Filter{After: after, Limit: 2})
			s.Must(err)
			for _, p := range l.People {
				seen = append(seen, p.Name)
			}
			if after = l.Next; after == "" {
				break
			}
		}
		if len(seen) != 8 || !slices.IsSortedFunc(seen, func(a, b string) int { return strings.Compare(plainLower(a), plainLower(b)) }) {
			t.Errorf("%q", seen)
		}
		for text, want := range map[string]int{"ben": 2, "ben adder": 1, "adder ben": 1, "50%": 1, "_": 1, "%": 1, "x.example": 5, "nobody": 0, "åSA": 1} {
			if l, err := s.People.List(ctx, s.Admin, people.Filter{Text: text}); err != nil || len(l.People) != want || l.Counts["member"] != want {
				t.Errorf("%q: %d, %v, %v", text, len(l.People), l.Counts, err)
			}
		}
		l, err := s.People.List(ctx, s.SignIn("mia"), people.Filter{})
		s.Must(err)
		for _, p := range l.People {
			if got, want := p.May[people.Disable], p.Kind == "member" && p.Name != "mia" && p.Name != "tim"; got != want {
				t.Errorf("Mia may disable %s: %v", p.Name, got)
			}
		}
		_, err = s.People.List(ctx, s.SignIn("tim"), people.Filter{})
		s.refused(err, fault.Absent)

		sheet, err := s.People.Export(ctx, s.Admin)
		s.Must(err)
		rows, err := csv.NewReader(bytes.NewReader(sheet)).ReadAll()
		if err != nil || len(rows) != 9 || !slices.ContainsFunc(rows, func(r []string) bool { return r[0] == "'=cmd" && r[3] == "Technician - Assigned Access" }) {
			t.Errorf("%q, %v", rows, err)
		}
	})
}

// What somebody may give lies within his own.
func TestInvitingWithinOnesOwn(t *testing.T) {
	both(t, func(s *scene) {
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		s.Enrol("mia", perm.LevelManagerAssigned)
		mias := s.SignIn("mia")
		tech := s.custom("Adder", perm.UserAdd, perm.ClientViewList)
		s.Enrol("tess", tech)
		tess := s.SignIn("tess")
		for _, c := range []struct {
			who  gate.Actor
			what string
			in   people.Invitee
			good bool
		}{
			{mias, "manager", people.Invitee{Level: perm.LevelManagerAssigned}, true},
			{mias, "beyond", people.Invitee{Level: perm.LevelTechnicianDefault}, false},
			{mias, "admin", people.Invitee{Level: perm.LevelAdmin}, false},
			{mias, "site", people.Invitee{Level: perm.LevelSiteUser}, false},
			{mias, "role", people.Invitee{Level: perm.LevelTechnicianAssigned, RoleAccount: true}, false},
			{mias, "client", people.Invitee{Level: perm.LevelTechnicianAssigned, Clients: []string{s.contoso}}, false},
			{tess, "default level beyond her own", people.Invitee{Level: perm.LevelTechnicianAssigned}, false},
			{tess, "guest", people.Invitee{}, true},
			{tess, "guest with a role", people.Invitee{RoleAccount: true}, false},
		} {
			c.in.Email = strings.ReplaceAll(c.what, " ", "") + "@x.example"
			_, err := s.People.Invite(ctx, c.who, []people.Invitee{c.in}, "")
			if (err == nil) != c.good || err != nil && !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", c.what, err)
			}
		}
		// One bad one, and nobody is added; who lacks User: Edit adds people who wait.
		_, err := s.People.Invite(ctx, tess, []people.Invitee{{Email: "good@x.example"}, {Email: "bad"}}, "")
		if f, ok := fault.As(err); !ok || f.Fields[0].Name != "people[1].email" || s.count("SELECT COUNT(*) FROM users WHERE email = 'good@x.example'") != 0 {
			t.Errorf("%v", err)
		}
		if n := s.count("SELECT COUNT(*) FROM users WHERE NOT approved"); n != 1 {
			t.Errorf("%d wait for approval", n)
		}
	})
}

func (s *scene) custom(name string, all ...perm.P) string {
	s.T.Helper()
	level, err := s.Access.AddLevel(ctx, s.Admin, name, perm.SetOf(all...))
	s.Must(err)
	return level
}

// plainLower is a name as lists order it: without case and accents.
func plainLower(name string) string { return strings.ReplaceAll(strings.ToLower(name), "å", "a") }
