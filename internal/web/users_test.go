package web

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bailiwick/internal/db"
	"bailiwick/internal/mail"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
)

// 5,000 users: a page of a hundred is small, goes on by key, and the filter
// answers with the list alone.
func TestUsersInPages(t *testing.T) {
	s := newStaffed(t)
	s.Must(s.db.Write(context.Background(), "", func(tx *db.Tx) error {
		for i := range 5000 {
			_, err := tx.Exec(context.Background(), `INSERT INTO users (org_id, id, email, email_folded, email_looks, name, name_folded, kind, level_id, created_at, last_sign_in) VALUES ($1, $2, $3, $3, $3, $4, $5, 'member', 'technician-default', 1, 1790000000000)`,
				s.OrgID, fmt.Sprintf("user_01m7zzzzzzzzzzzzzzzzz%05d", i), fmt.Sprintf("person.%05d@northwind.example", i), fmt.Sprintf("Person %05d", i), fmt.Sprintf("person %05d", i))
			if err != nil {
				return err
			}
		}
		_, err := tx.Exec(context.Background(), `UPDATE organizations SET access_epoch = access_epoch + 1`)
		return err
	}))
	b := s.surfer(t).signIn(ada)
	page := b.get("/users").says(http.StatusOK, "100 of 5,006 members", "Person 00042")
	if n := page.Body.Len(); n > 65_000 {
		t.Errorf("a page of 100 users has %d bytes", n)
	} else {
		t.Logf("a page of 100 users has %d bytes", n)
	}
	seen := map[string]bool{}
	for next := "/users?filter=person+04"; next != ""; {
		page := b.get(next).says(http.StatusOK)
		for _, row := range tableRows.FindAllString(page.Body.String(), -1) {
			seen[row] = true
		}
		next = ""
		if m := nextLink.FindStringSubmatch(page.Body.String()); m != nil {
			next = strings.ReplaceAll(m[1], "&amp;", "&")
		}
	}
	want := 0
	for i := range 5000 {
		if strings.Contains(fmt.Sprintf("%05d", i), "04") {
			want++
		}
	}
	if len(seen) != want {
		t.Errorf("%d users, want %d", len(seen), want)
	}
	b.get("/users?filter=person&after=user_01m7zzzzzzzzzzzzzzzzz00099").says(http.StatusOK, "Person 00100", "First").lacks("Person 00099")
	part := b.with("HX-Request", "true").with("HX-Target", "people").get("/users?filter=person.04999").says(http.StatusOK, "Person 04999", "1 member")
	if strings.Contains(part.Body.String(), "<html") {
		t.Error("the filter gets a whole page")
	}
	b.get("/users?filter=ada").says(http.StatusOK, "No member fits", "Administrators: 1")
	b.get("/users?filter=nobody+at+all").says(http.StatusOK, "No member fits", "Show all members")
	b.get("/users?disabled=1&filter=dan").says(http.StatusOK, "dan@northwind.example", "Show enabled", "Disabled")
	b.get("/users?filter=dan@").lacks("dan@northwind.example<")
}

var nextLink = regexp.MustCompile(`href="([^"]+)" rel="next"`)

// BenchmarkUsersPage is a page of 100 of 5,000 users, rendered.
func BenchmarkUsersPage(b *testing.B) {
	l := userList{kind: "member", List: people.List{Counts: map[string]int{"member": 5000}}}
	for i := range 100 {
		p := people.Person{ID: fmt.Sprintf("user_01m7zzzzzzzzzzzzzzzzz%05d", i), Name: fmt.Sprint("Person ", i), Email: "firstname.lastname@northwind.example", Kind: "member",
			LevelName: "Technician - Default Access", Enabled: true, Approved: true, State: people.Active, May: map[people.Act]bool{people.Edit: true, people.Disable: true, people.Reset: true, people.Promote: true}}
		l.People = append(l.People, p)
	}
	l.May = l.People[0].May
	for b.Loop() {
		if err := usersPart(l).Render(context.Background(), discard{}); err != nil {
			b.Fatal(err)
		}
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// The red button is there when somebody waits, and filters the list to them.
func TestApprovalButton(t *testing.T) {
	s := newStaffed(t)
	b := s.surfer(t).signIn(ada)
	b.get("/users").says(http.StatusOK, "1 approval pending")
	b.get("/users?pending=1").says(http.StatusOK, "pat@northwind.example", "Waiting for approval").lacks("amy@northwind.example")
	b.get("/users/"+s.users["pat"]+"/approve").says(http.StatusOK, "Approve pat?", "is told by mail")
	b.post("/users/"+s.users["pat"]+"/approve", "next", "/users?pending=1").leads("/users?pending=1")
	b.get("/users?pending=1").says(http.StatusOK, "Nobody waits for approval", "Approved.")
	b.get("/users").says(http.StatusOK).lacks("approval pending", "approvals pending")
	b.post("/users/"+s.users["pat"]+"/approve").says(http.StatusUnprocessableEntity, "approved already")
	b.post("/users/"+s.users["amy"]+"/unapprove", "next", "//evil.example").leads("/")
}

// Dangerous acts say what they do, and the address is typed before a deletion.
func TestActsSayWhatTheyDo(t *testing.T) {
	s := newStaffed(t)
	b := s.surfer(t).signIn(ada)
	amy := "/users/" + s.users["amy"]
	s.SignIn("amy")
	b.get(amy+"/disable").says(http.StatusOK, "Disable amy?", "Ends for good", "1 session", "1 known device", "the vault gets new keys")
	b.get(amy+"/end-sessions").says(http.StatusOK, "End all sessions of amy?", "1 session")
	b.get(amy+"/make-guest").says(http.StatusOK, "permission level, clients, security groups and account roles")
	b.get(amy+"/promote").says(http.StatusOK, "every permission", "Nothing")
	b.get(amy+"/delete").says(http.StatusOK, "Not to be deleted yet", "Disable the user first", "Disable amy")
	b.post(amy+"/delete", "email", "amy@northwind.example").says(http.StatusUnprocessableEntity, "Disable the user first")
	b.get(amy).says(http.StatusOK, "Delete")
	b.get(amy + "/enable").says(http.StatusNotFound)
	b.get(amy+"/actions").says(http.StatusOK, "View as user", "Make guest", "Disable").lacks("Enable", "Delete")
	b.post(amy + "/disable").leads(amy + "/off-boarding")
	b.get(amy+"/off-boarding").says(http.StatusOK, "Nothing to decide on", "The user is disabled.")

	b.get(amy+"/delete").says(http.StatusOK, "Delete amy for good?", "the personal vault, which nobody can bring back")
	b.post(amy+"/delete", "email", "pat@northwind.example").says(http.StatusUnprocessableEntity, "Nothing was changed.", "Type the address of the user")
	b.post(amy+"/delete", "email", " AMY@northwind.example ").leads("/users")
	b.get(amy + "/actions").says(http.StatusNotFound)

	read, err := s.People.Settings(context.Background(), s.Admin)
	s.Must(err)
	next := read
	next.LetSessionsEnd = true
	s.Must(s.People.SaveSettings(context.Background(), s.Admin, read, next))
	b.get("/users/"+s.users["max"]+"/disable").says(http.StatusOK, "Running sessions (0 now) go on until sign-out or expiry").lacks("the vault gets new keys")
	b.get("/users/" + s.AdminID + "/disable").says(http.StatusNotFound).sameAs(b.get("/users/user_nobody/disable"))
}

// Without a mail server the administrator is led to the link.
func TestActsWithoutAMailServer(t *testing.T) {
	s := newStaffed(t)
	b := s.surfer(t).signIn(ada)
	max := "/users/" + s.users["max"]
	for _, path := range []string{max + "/reset", max + "/send-key", "/users/" + s.users["ivy"] + "/resend"} {
		b.get(path).says(http.StatusOK)
		a := b.post(path, "message", "Hello")
		to := a.Header().Get("Location")
		if a.Code != http.StatusSeeOther || !strings.HasPrefix(to, outboxPath+"/") {
			t.Fatalf("%s leads to %q (%d)", path, to, a.Code)
		}
		b.get(to).says(http.StatusOK, "No mail server is set, so the mail waits here", "Show what it says")
		b.post(to+"/show").says(http.StatusOK, "Copy link")
	}
	b.post("/users/"+s.users["ivy"]+"/resend", "message", strings.Repeat("x", 2001)).says(http.StatusUnprocessableEntity, "Use at most 2,000 characters")
	b.get(max+"/reset").says(http.StatusOK, "Send the organization key along")
	b.post(max+"/reset", "along", "1")
	b.get(outboxPath+"?state=waiting").says(http.StatusOK, mail.KeyLink.Name(), mail.PasswordReset.Name())

	sealed := s.surfer(t)
	sealed.post("/sign-in", "email", ada, "password", "correct horse battery staple nine")
	sealed.get(max + "/reset").says(http.StatusOK).lacks("Send the organization key along")
	sealed.get(max + "/send-key").leads("/open?next=" + query(max+"/send-key"))
	sealed.post(max + "/send-key").says(http.StatusLocked)
}

// Off-boarding: each row is decided on, or all at once; evidence is a file.
func TestOffboardingPage(t *testing.T) {
	s := newStaffed(t)
	b := s.surfer(t).signIn(ada)
	at := "/users/" + s.users["len"] + "/off-boarding"
	b.get("/users").says(http.StatusOK, "1 off-boarding")
	b.get("/users/off-boardings").says(http.StatusOK, "len")
	page := b.get(at).says(http.StatusOK, "Off-boarding of len", "1 password to decide on", "Router", "Contoso", "1 open").hidden()
	credential := strings.SplitN(strings.SplitN(page.Body.String(), `name="act-`, 2)[1], `"`, 2)[0]
	b.post(at, "act-"+credential, "waived").says(http.StatusUnprocessableEntity, "Nothing was decided yet", "Say why this password need not be changed")
	b.post(at, "act-"+credential, later).leads(at)
	b.get(at).says(http.StatusOK, "Nothing was chosen", "1 open")
	b.post(at+"/rest", "rest", "waived").says(http.StatusUnprocessableEntity, "Say why")
	b.post(at, "act-"+credential, "waived", "why-"+credential, "The device is gone").leads(at)
	b.get(at).says(http.StatusOK, "Waived", "Done", "ada").lacks("to decide on")
	b.get("/users").says(http.StatusOK).lacks("1 off-boarding")
	b.get("/users/off-boardings").says(http.StatusOK, "Every off-boarding is done")
	b.post(at, "act-"+credential, "flagged").leads(at)
	b.get(at).says(http.StatusOK, "Flagged")
	file := b.get(at + ".csv").says(http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Body.String(), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 || !slices.Contains(rows[1], "Router") || !slices.Contains(rows[1], "flagged") {
		t.Errorf("%q, %v", rows, err)
	}
	b.get("/users/" + s.users["max"] + "/off-boarding").says(http.StatusUnprocessableEntity)
	s.vic.get(at).says(http.StatusNotFound).sameAs(s.vic.get("/users/user_nobody/off-boarding"))
}

// The list of lockouts says when, from where and how often.
func TestLockoutsPage(t *testing.T) {
	s := newStaffed(t)
	b := s.surfer(t).signIn(ada)
	b.get("/users/lockouts").says(http.StatusOK, "lou@northwind.example", "until somebody unlocks", "10", "Unlock")
	b.post("/users/"+s.users["lou"]+"/unlock", "next", "/users/lockouts").leads("/users/lockouts")
	b.get("/users/lockouts").says(http.StatusOK, "Nobody is locked out", "Unlocked.")
	s.vic.get("/users/lockouts").says(http.StatusNotFound)
	s.as(perm.LevelManagerDefault)
	s.vic.get("/users/lockouts").says(http.StatusOK)
}
