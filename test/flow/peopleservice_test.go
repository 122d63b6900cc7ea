package flow

import (
	"context"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
)

// Roles in knowledge bases come with an invitation, by the knowledge base's own
// dialog, and to whoever registers himself there; never more than the actor has.
func TestServiceRolesOfPeople(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := apptest.New(t, d)
		w.Must(w.Org.ConfirmRecovery(ctx, w.Admin))
		mia, tim, kim := w.Enrol("mia", perm.LevelManagerAssigned), w.Enrol("tim", perm.LevelTechnicianAssigned), w.Enrol("kim", perm.LevelTechnicianAssigned)
		help, err := w.Bases.Add(ctx, w.Admin, kb.NewBase{Path: "help", Name: "Help"})
		w.Must(err)
		inside, err := w.Bases.Add(ctx, w.Admin, kb.NewBase{Path: "inside", Name: "Inside"})
		w.Must(err)
		as := func(user string) gate.Actor {
			return gate.Admit(gate.Admission{Kind: gate.User, Org: w.OrgID, User: user, IP: "127.0.0.1"})
		}
		role := func(user, base string) gate.Role {
			t.Helper()
			all, err := w.Bases.People(ctx, w.Admin, base)
			w.Must(err)
			for _, p := range all.People {
				if p.ID == user {
					return p.Role
				}
			}
			t.Fatalf("%s is nobody", user)
			return 0
		}
		explicit := func(user, base string) gate.Role {
			t.Helper()
			e, err := w.People.View(ctx, w.Admin, user)
			w.Must(err)
			for _, s := range e.Services {
				if s.ID == base {
					return s.Explicit
				}
			}
			return 0
		}

		// With an invitation, up to one's own role.
		invite := func(who gate.Actor, email, level, base string, r gate.Role) (string, error) {
			made, err := w.People.Invite(ctx, who, []people.Invitee{{Email: email, Level: level, Services: []people.Service{{Base: base, Role: r}}}}, "")
			if err != nil {
				return "", err
			}
			return made[0].ID, nil
		}
		if _, err := invite(as(mia), "a@elsewhere.example", "", help, gate.Editor); !fault.Is(err, fault.Invalid) {
			t.Errorf("more than her own: %v", err)
		}
		gus, err := invite(as(mia), "gus@elsewhere.example", "", help, gate.Reader)
		w.Must(err)
		if role(gus, help) != gate.Reader || role(gus, inside) != gate.Public {
			t.Errorf("the guest is %s and %s", role(gus, help), role(gus, inside))
		}
		neu, err := invite(as(mia), "neu@northwind.example", perm.LevelTechnicianAssigned, help, gate.Reader)
		w.Must(err)
		if explicit(neu, help) != 0 || role(neu, help) != gate.Reader {
			t.Error("a member's default is stored as a role of his own")
		}
		none, err := invite(as(mia), "none@northwind.example", perm.LevelTechnicianAssigned, help, gate.Public)
		w.Must(err)
		if explicit(none, help) != gate.Public || role(none, help) != gate.Public {
			t.Error("none is not kept against the default")
		}
		if _, err := invite(as(mia), "b@elsewhere.example", "", "kb_nowhere", gate.Reader); !fault.Is(err, fault.Invalid) {
			t.Errorf("nowhere: %v", err)
		}

		// The edit page: User: Edit gives up to one's own; Admin of the knowledge
		// base up to Admin; and rank.
		w.Must(w.Bases.SetRole(ctx, as(mia), help, tim, gate.Public))
		if role(tim, help) != gate.Public {
			t.Error("not taken")
		}
		if err := w.Bases.SetRole(ctx, as(mia), help, tim, gate.Editor); !fault.Is(err, fault.Unacceptable) {
			t.Errorf("beyond her own: %v", err)
		}
		w.Must(w.Bases.SetRole(ctx, w.Admin, help, kim, gate.Admin))
		w.Must(w.Bases.SetRole(ctx, as(kim), help, tim, gate.Editor))
		if err := w.Bases.SetRole(ctx, as(kim), help, mia, gate.Editor); !fault.Is(err, fault.Absent) {
			t.Errorf("rank: %v", err)
		}
		if err := w.Bases.SetRole(ctx, as(kim), inside, tim, gate.Editor); !fault.Is(err, fault.Absent) {
			t.Errorf("in another one: %v", err)
		}
		if err := w.Bases.SetRole(ctx, as(mia), help, tim, gate.Public); !fault.Is(err, fault.Unacceptable) {
			t.Errorf("a Reader takes an editor's role: %v", err)
		}

		// The same by the edit page: within what each may, all or nothing, and not
		// over somebody else's change.
		save := func(who gate.Actor, user string, version int64, c people.Changes) error {
			t.Helper()
			if c.Version = version; version == 0 {
				e, err := w.People.View(ctx, w.Admin, user)
				w.Must(err)
				c.Version = e.Version
			}
			return w.People.Save(ctx, who, user, c)
		}
		to := func(base string, r gate.Role) people.Changes {
			return people.Changes{Services: []people.Service{{Base: base, Role: r}}}
		}
		e, err := w.People.View(ctx, as(mia), tim)
		w.Must(err)
		if err := save(as(mia), tim, 0, to(inside, gate.Editor)); !fault.Is(err, fault.Invalid) {
			t.Errorf("beyond her own: %v", err)
		}
		if err := save(as(mia), tim, 0, to(help, gate.Public)); !fault.Is(err, fault.Absent) || role(tim, help) != gate.Editor {
			t.Errorf("an editor's role, by a Reader: %v", err)
		}
		zone := "Mars/North"
		mixed := to(inside, gate.Public)
		mixed.TimeZone = &zone
		if err := save(as(mia), tim, 0, mixed); !fault.Is(err, fault.Invalid) || role(tim, inside) != gate.Reader {
			t.Errorf("saved though a field is bad: %v", err)
		}
		if err := save(as(mia), tim, 0, to("kb_nowhere", gate.Reader)); !fault.Is(err, fault.Absent) {
			t.Errorf("nowhere: %v", err)
		}
		w.Must(save(as(mia), tim, 0, to(inside, gate.Public)))
		if explicit(tim, inside) != gate.Public || role(tim, inside) != gate.Public {
			t.Error("removing is not explicit")
		}
		w.Must(w.Bases.SetRole(ctx, w.Admin, inside, tim, gate.Reader))
		err = save(as(mia), tim, e.Version, to(inside, 0))
		if f, ok := fault.As(err); !ok || f.Kind != fault.Conflict || !strings.HasPrefix(f.Text, "Ada Admin changed this user") || len(f.Fields) != 1 || f.Fields[0] != (fault.Field{Name: "service-" + inside, Text: "It is now: Reader"}) {
			t.Errorf("over another's change: %+v", err)
		}
		w.Must(save(as(mia), tim, 0, to(inside, 0)))
		if explicit(tim, inside) != 0 {
			t.Error("the default does not hold again")
		}

		// By the knowledge base's own dialog.
		share := func(who gate.Actor, emails ...string) (people.Shared, error) {
			return w.People.ShareBase(ctx, who, help, people.Sharing{People: people.Sharees(emails, gate.Reader), Message: "Welcome"})
		}
		if _, err := share(as(kim), "tim@northwind.example", "new@elsewhere.example"); !fault.Is(err, fault.Invalid) || role(tim, help) != gate.Editor {
			t.Errorf("a guest by somebody without User: Add: %v", err)
		}
		got, err := share(as(kim), "TIM@northwind.example")
		if err != nil || len(got.Users) != 1 || role(tim, help) != gate.Reader {
			t.Errorf("one who is there: %+v, %v", got, err)
		}
		got, err = share(w.Admin, "new@elsewhere.example", "gus@elsewhere.example")
		if err != nil || len(got.Invited) != 1 || len(got.Users) != 1 || role(got.Invited[0].ID, help) != gate.Reader {
			t.Errorf("one who is new: %+v, %v", got, err)
		}
		for _, c := range []struct {
			emails []string
			want   string
		}{{[]string{"Tim <tim@northwind.example>", "TIM@northwind.example"}, "people[1].email: This address, or one that looks the same, stands here twice."},
			{[]string{"ada@northwind.example"}, "people[0].email: This is an administrator, who is Admin of every knowledge base anyway."}} {
			_, err := share(as(kim), c.emails...)
			if f, ok := fault.As(err); !ok || len(f.Fields) != 1 || f.Fields[0].Name+": "+f.Fields[0].Text != c.want {
				t.Errorf("%v: %v", c.emails, err)
			}
		}
		link := got.Invited[0].Link.Reveal()
		if !strings.Contains(link, "/invitation") {
			t.Errorf("no link: %q", link)
		}
		if _, err := share(as(tim), "x@elsewhere.example"); !fault.Is(err, fault.Absent) {
			t.Errorf("a Reader shares: %v", err)
		}

		// A guest who becomes a member, and the other way, keeps his role.
		w.Must(w.Bases.SetRole(ctx, w.Admin, help, gus, gate.Editor))
		w.Must(w.People.AddMember(ctx, w.Admin, gus))
		if role(gus, help) != gate.Editor || role(gus, inside) != gate.Reader {
			t.Error("a member does not have his roles")
		}
		w.Must(w.People.MakeGuest(ctx, w.Admin, gus))
		if role(gus, help) != gate.Editor || role(gus, inside) != gate.Public {
			t.Error("a guest does not have his roles")
		}
		sheet, err := w.People.Export(ctx, w.Admin)
		if err != nil || !strings.Contains(string(sheet), "Help: Content editor") {
			t.Errorf("the export lacks the roles: %v\n%s", err, sheet)
		}

		// Registering oneself: off by default, in two places; then Reader, once
		// the address is confirmed and somebody has approved.
		open := func(base string) bool {
			_, is, err := w.People.RegistrationOpen(ctx, w.OrgID, base, "192.0.2.1", nil)
			w.Must(err)
			return is
		}
		st, err := w.People.Settings(ctx, w.Admin)
		w.Must(err)
		next := st
		next.SelfRegistration = true
		w.Must(w.People.SaveSettings(ctx, w.Admin, st, next))
		if open("help") || open("nowhere") || !open("") {
			t.Error("open at a knowledge base that does not say so")
		}
		_, err = w.Bases.Set(ctx, as(kim), help, 1, kb.Settings{SelfRegistration: true})
		w.Must(err)
		if !open("help") {
			t.Error("not open")
		}
		w.Must(w.People.Register(ctx, people.Registration{Org: w.OrgID, Base: "help", Email: "reg@elsewhere.example", IP: "192.0.2.7"}))
		w.People.Settle()
		all, err := w.People.List(ctx, w.Admin, people.Filter{Text: "reg@", Disabled: true})
		w.Must(err)
		var reg string
		err = d.Read(ctx, func(tx *db.Tx) error {
			return tx.Row(ctx, `SELECT id FROM users WHERE email = 'reg@elsewhere.example'`).Scan(&reg)
		})
		w.Must(err)
		if role(reg, help) != gate.Reader || role(reg, inside) != gate.Public {
			t.Errorf("who registered is %s (%d listed)", role(reg, help), len(all.People))
		}
		if f, err := w.Bases.Open(ctx, as(reg), help); !fault.Is(err, fault.Absent) {
			t.Errorf("who waits for approval reads %+v, %v", f, err)
		}
	})
}
