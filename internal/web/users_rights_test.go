package web

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// staffed is a site with a user in each state, and Vic, who is given one level
// after the other.
type staffed struct {
	*site
	db    *db.DB
	vic   *surfer
	vicID string
	users map[string]string // id by name
	rows  map[string][]any  // of the users, as they were
}

const restored = `kind, level_id, earlier_level, enabled, approved, invited, lingering, failures, locked_until, role_account, role_user_manager, factor`

func newStaffed(t *testing.T) *staffed {
	t.Helper()
	ctx := context.Background()
	d := dbtest.SQLite(t)
	w := apptest.New(t, d)
	s := &staffed{site: mountSite(t, w.App, Options{}), db: d, users: map[string]string{}, rows: map[string][]any{}}
	s.World = w
	s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
	nothing, err := s.Access.AddLevel(ctx, s.Admin, "Nothing", perm.SetOf())
	s.Must(err)
	for name, level := range map[string]string{"amy": nothing, "pat": nothing, "lou": nothing, "dan": nothing, "len": perm.LevelTechnicianDefault, "gus": "", "max": perm.LevelManagerDefault, "abe": perm.LevelAdmin} {
		s.users[name] = s.Enrol(name, level)
	}
	added, err := s.People.Invite(ctx, s.Admin, []people.Invitee{{Name: "ivy", Email: "ivy@northwind.example", Level: nothing}}, "")
	s.Must(err)
	s.users["ivy"] = added[0].ID
	c, err := s.Clients.Add(ctx, s.Admin, client.Input{Name: "Contoso"})
	s.Must(err)
	router, err := s.Vault.Add(ctx, s.Admin, vault.Place{Client: c}, vault.Input{Overview: vault.Overview{Title: "Router"}, Secret: vault.Secret{Password: canaryPassword}})
	s.Must(err)
	_, err = s.Vault.Reveal(ctx, s.SignIn("len"), router)
	s.Must(err)
	s.Must(s.People.Disable(ctx, s.Admin, s.users["len"]))
	s.Must(s.People.Disable(ctx, s.Admin, s.users["dan"]))
	s.Must(s.People.Unapprove(ctx, s.Admin, s.users["pat"]))
	s.sql(`UPDATE users SET failures = 10, locked_until = 253402300799000, locked_at = 1 WHERE id = $1`, s.users["lou"])
	s.sql(`UPDATE users SET factor = 'TOTP' WHERE id = $1`, s.users["max"])
	s.vicID = s.Enrol("vic", perm.LevelTechnicianDefault)
	s.vic = s.surfer(t).signIn("vic@northwind.example")
	for name, id := range s.users {
		s.rows[name] = s.row(id)
	}
	return s
}

// sql changes rows behind the product's back, and lets everybody see it.
func (s *staffed) sql(text string, args ...any) {
	s.T.Helper()
	s.Must(s.db.Write(context.Background(), "", func(tx *db.Tx) error {
		if _, err := tx.Exec(context.Background(), text, args...); err != nil {
			return err
		}
		_, err := tx.Exec(context.Background(), `UPDATE organizations SET access_epoch = access_epoch + 1`)
		return err
	}))
}

func (s *staffed) row(id string) []any {
	s.T.Helper()
	values := make([]any, strings.Count(restored, ",")+1)
	dest := make([]any, len(values))
	for i := range values {
		dest[i] = &values[i]
	}
	s.Must(s.db.Read(context.Background(), func(tx *db.Tx) error {
		return tx.Row(context.Background(), `SELECT `+restored+` FROM users WHERE id = $1`, id).Scan(dest...)
	}))
	return values
}

// restore takes back what an act did to a user.
func (s *staffed) restore(name string) {
	s.T.Helper()
	set, args := "", []any{s.users[name]}
	for i, column := range strings.Split(restored, ", ") {
		args = append(args, s.rows[name][i])
		set += fmt.Sprintf(", %s = $%d", column, i+2)
	}
	s.sql(`UPDATE users SET `+set[2:]+` WHERE id = $1`, args...)
	if name != "len" && name != "dan" {
		s.sql(`DELETE FROM offboardings WHERE user_id = $1`, s.users[name])
	}
}

// as gives Vic a level.
func (s *staffed) as(level string) {
	kind := "member"
	if level == perm.LevelAdmin || level == perm.LevelSiteAdministrator {
		kind = "administrator"
	}
	s.sql(`UPDATE users SET level_id = $2, kind = $3 WHERE id = $1`, s.vicID, level, kind)
}

var (
	tableRows = regexp.MustCompile(`(?s)<tr class="row.*?</tr>`)
	rowEmail  = regexp.MustCompile(`([a-z]+)@northwind\.example`)
	rowActs   = regexp.MustCompile(`data-acts="([a-z]+)"`)
)

// offered gives the acts of each user's menu; ok is false where the page is absent.
func (s *staffed) offered(b *surfer) (by map[string]string, page answer, ok bool) {
	by = map[string]string{}
	for _, kind := range []string{"administrator", "guest", "member"} {
		page = b.get("/users?menus=1&disabled=1&kind=" + kind)
		if page.Code != http.StatusOK {
			return by, page, false
		}
		for _, row := range tableRows.FindAllString(page.Body.String(), -1) {
			name := rowEmail.FindStringSubmatch(row)[1]
			by[name] = ""
			if strings.Contains(row, "/actions\">") != strings.Contains(row, "data-acts") {
				s.T.Errorf("the link without script and the menu differ: %s", row)
			}
			if m := rowActs.FindStringSubmatch(row); m != nil {
				by[name] = m[1]
			}
		}
	}
	return by, page, true
}

// What the users page offers is exactly what the server then does: for each
// level, for a level with one permission and one with all but that.
func TestUsersPageOffersWhatTheServerAllows(t *testing.T) {
	s := newStaffed(t)
	ctx := context.Background()
	all, _, _ := s.offered(s.surfer(t).signIn(ada))
	if len(all) != 11 {
		t.Fatalf("Ada sees %d users", len(all))
	}
	done := map[string]int{}
	turn := 0
	check := func(name, level string, whole bool) {
		s.as(level)
		s.compare(t, name, all, whole, turn, done)
		turn++
	}
	for _, l := range perm.Builtin() {
		check(l.Name, l.ID, true)
	}
	every := perm.SetOf()
	for _, i := range perm.All() {
		if i.P.Custom() {
			every = every.With(i.P)
		}
	}
	for _, i := range perm.All() {
		if !i.P.Custom() {
			continue
		}
		only, err := s.Access.AddLevel(ctx, s.Admin, "Only "+i.P.String(), perm.SetOf(i.P))
		s.Must(err)
		check("only "+i.P.String(), only, false)
		but, err := s.Access.AddLevel(ctx, s.Admin, "All but "+i.P.String(), every.Without(i.P))
		s.Must(err)
		check("all but "+i.P.String(), but, false)
	}
	for _, a := range userActs {
		if !a.link && (a.do != nil || a.path != "") && done[a.label] == 0 {
			t.Errorf("%s: nobody ever did it, so nothing was shown", a.label)
		}
	}
}

// compare sends acts on users as Vic: all on all, also what a user's state
// forbids to everybody; or each on one with no permissions and one with some, in turn.
func (s *staffed) compare(t *testing.T, level string, all map[string]string, whole bool, turn int, done map[string]int) {
	t.Helper()
	chosen := s.chosen(all, turn)
	by, page, sees := s.offered(s.vic)
	home := s.vic.get("/").Body.String()
	if strings.Contains(home, `href="/users"`) != sees {
		t.Errorf("%s: the navigation and the page differ: %v", level, sees)
	}
	s.buttons(t, level, page, sees)
	for name, id := range s.users {
		for _, a := range userActs {
			offered, possible := strings.Contains(by[name], a.code), strings.Contains(all[name], a.code)
			if !whole && !slices.Contains(chosen[a.code], name) {
				continue
			}
			if offered && !possible {
				t.Errorf("%s: %s of %s is offered, but not to an administrator", level, a.label, name)
			}
			if (whole || offered) && (a.link || a.about != nil) {
				page := s.vic.get(a.at(id))
				got := page.Code
				if a.act == people.Delete && strings.Contains(page.text(), "Not to be deleted yet") {
					got = http.StatusUnprocessableEntity // it says what comes first
				}
				if (got == http.StatusOK) != offered && !(got == http.StatusUnprocessableEntity && !possible) {
					t.Errorf("%s: the page %s of %s is answered %d, offered: %v", level, a.label, name, got, offered)
				}
			}
			if a.link {
				continue
			}
			answer := s.vic.post(a.at(id), "email", "nobody@x.example")
			allowed := answer.Code == http.StatusSeeOther || a.act == people.Resend && strings.Contains(answer.text(), "1 person invited") || a.act == people.Delete && strings.Contains(answer.text(), "Type the address of the user")
			switch {
			case allowed != offered:
				t.Errorf("%s: %s of %s is answered %d, offered: %v", level, a.label, name, answer.Code, offered)
			case a.act == people.AddMember && answer.Code == http.StatusUnprocessableEntity:
				// Which level is the default is no secret: that it goes beyond one's own is said.
			case !offered && possible && answer.Code != http.StatusNotFound:
				t.Errorf("%s: %s of %s is refused with %d: it must look absent", level, a.label, name, answer.Code)
			}
			if a.act == people.ViewAs && answer.Code == http.StatusSeeOther {
				s.vic.post("/perspective/exit").leads("/")
			}
			if answer.Code == http.StatusSeeOther {
				done[a.label]++
				s.restore(name)
			} else if allowed {
				done[a.label]++
			} else if whole && !slices.Equal(s.row(id), s.rows[name]) {
				t.Errorf("%s: %s of %s was refused, and changed the user", level, a.label, name)
			}
		}
	}
}

// chosen gives for each act somebody on whom it is possible, of those below
// everybody and of the others.
func (s *staffed) chosen(all map[string]string, turn int) map[string][]string {
	by := map[string][]string{}
	for _, a := range userActs {
		for _, names := range [][]string{{"amy", "dan", "gus", "ivy", "lou", "pat"}, {"abe", "len", "max"}} {
			names = slices.DeleteFunc(names, func(n string) bool { return !strings.Contains(all[n], a.code) })
			if len(names) > 0 {
				by[a.code] = append(by[a.code], names[turn%len(names)])
			}
		}
	}
	return by
}

// buttons compares what stands above the list with what the server does.
func (s *staffed) buttons(t *testing.T, level string, page answer, sees bool) {
	t.Helper()
	who, err := s.Sessions.Resume(context.Background(), s.vic.cookies[sessionCookie], "192.0.2.7", nil)
	s.Must(err)
	_, add := s.People.Check(context.Background(), who, "new@x.example")
	_, settings := s.People.Settings(context.Background(), who)
	for link, allowed := range map[string]bool{
		`href="/users/add"`:       !fault.Is(add, fault.Absent),
		`href="/settings/people"`: settings == nil,
		`href="/users/lockouts"`:  s.vic.get("/users/lockouts").Code == http.StatusOK,
		`action="/users/export"`:  s.vic.post("/users/export").Code == http.StatusOK,
	} {
		if strings.Contains(page.Body.String(), link) != (allowed && sees) {
			t.Errorf("%s: %s is allowed: %v, sees the page: %v", level, link, allowed, sees)
		}
	}
}
