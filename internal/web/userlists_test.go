package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"bailiwick/internal/db"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
)

// thousandClients gives the organization 1,000 further clients.
func (s *staffed) thousandClients(t *testing.T) func(n int) string {
	t.Helper()
	one := func(n int) string { return fmt.Sprintf("client_%026d", n) }
	s.Must(s.db.Write(t.Context(), "", func(tx *db.Tx) error {
		for n := range 1000 {
			if _, err := tx.Exec(t.Context(), `INSERT INTO clients (org_id, id, name, name_folded, created_at, changed_at) VALUES ($1, $2, $3, $4, 0, 0)`,
				s.OrgID, one(n), fmt.Sprintf("Café %04d", n), fmt.Sprintf("cafe %04d", n)); err != nil {
				return err
			}
		}
		_, err := tx.Exec(t.Context(), `UPDATE organizations SET access_epoch = access_epoch + 1`)
		return err
	}))
	return one
}

// Of 1,000 clients the edit page shows a part: it stays small, others are found
// by words, and saving keeps what it did not show.
func TestEditingAmongAThousandClients(t *testing.T) {
	s := newStaffed(t)
	one := s.thousandClients(t)
	tom := s.Enrol("tomas", perm.LevelTechnicianAssigned)
	for n := range 200 {
		s.sql(`INSERT INTO client_users (org_id, client_id, user_id) VALUES ($1, $2, $3)`, s.OrgID, one(n), tom)
	}
	b := s.surfer(t).signIn(ada)
	path := "/users/" + tom
	has := func() map[string]bool {
		t.Helper()
		e, err := s.People.View(t.Context(), s.Admin, tom)
		s.Must(err)
		in := map[string]bool{}
		for _, c := range e.Clients {
			if c.In {
				in[c.ID] = true
			}
		}
		return in
	}
	page := b.get(path).says(http.StatusOK, "150 more. The filter finds them")
	if n := page.Body.Len(); n > 90_000 {
		t.Errorf("the page has %d bytes", n)
	}
	b.send(path, page.form(), "phone", "123").leads(path)
	if n := len(has()); n != 200 {
		t.Fatalf("%d clients are left of 200", n)
	}
	// One that is not shown is found without script, and taken; another given.
	found := b.send(path, b.get(path).form(), "preview", "1", "find-clients", "cafe 0177").says(http.StatusOK, "Café 0177")
	form := found.form()
	form["clients"] = slices.DeleteFunc(form["clients"], func(id string) bool { return id == one(177) })
	found = b.send(path, form, "preview", "1", "find-clients", "0888").says(http.StatusOK, "Café 0888", "Café 0177")
	form = found.form()
	form.Add("clients", one(888))
	b.send(path, form).leads(path)
	if in := has(); len(in) != 200 || in[one(177)] || !in[one(888)] || !in[one(3)] {
		t.Errorf("%d clients: 177 %v, 888 %v", len(in), in[one(177)], in[one(888)])
	}
	// The script asks for the lists alone, with what was moved in them.
	form = b.get(path).form()
	form.Add("clients", one(999))
	part := b.with("HX-Request", "true").send(path+"/lists?lists=clients", form, "find-clients", "café 059").says(http.StatusOK, "Café 0599", "Café 0999")
	if part.Body.Len() > 30_000 || strings.Contains(part.Body.String(), "<html") {
		t.Errorf("the lists have %d bytes", part.Body.Len())
	}
	// Somebody else gives a client in between: both stay, or one chooses.
	stale := b.get(path).form()
	stale.Add("clients", one(901))
	e, err := s.People.View(t.Context(), s.Admin, tom)
	s.Must(err)
	s.Must(s.People.Save(t.Context(), s.Admin, tom, people.Changes{Version: e.Version, Clients: &[]string{one(1), one(902)}}))
	two := b.send(path, stale).says(http.StatusConflict, "Two edits of tomas", "Café 0901")
	b.send(path, two.form(), "keep-clients", "yours").leads(path)
	if in := has(); !in[one(901)] || in[one(902)] || len(in) != 201 {
		t.Errorf("after the choice: %d clients", len(in))
	}
	b.get("/users/" + tom + "/lists").says(http.StatusMethodNotAllowed)
	s.surfer(t).signIn("tomas@northwind.example").send("/users/"+s.AdminID+"/lists", form).says(http.StatusNotFound)
}

// The dialog for adding people stays small too, also with somebody set apart.
func TestAddingAmongAThousandClients(t *testing.T) {
	s := newStaffed(t)
	one := s.thousandClients(t)
	s.Must(s.Org.ConfirmRecovery(t.Context(), s.Admin))
	b := s.surfer(t).signIn(ada)
	second := b.post("/users/add", "act", "check", "addresses", "one@x.example two@x.example").says(http.StatusOK, "2 people are invited")
	form := b.send("/users/add", second.form(), "preview", "1", "find-client", "cafe 0500").says(http.StatusOK, "2 people are invited", "Café 0500").lacks("Café 0001").form()
	form.Add("client", one(500))
	apart := b.send("/users/add", form, "act", "apart 1").says(http.StatusOK, "Clients of two@x.example", "Café 0500")
	if n := apart.Body.Len(); n > 130_000 {
		t.Errorf("the page has %d bytes", n)
	}
	form = apart.form()
	part := b.with("HX-Request", "true").send("/users/add/lists?lists=client-1", form, "find-client-1", "0777").says(http.StatusOK, "Café 0777", "Café 0500")
	if part.Body.Len() > 30_000 || strings.Contains(part.Body.String(), "<html") {
		t.Errorf("the lists have %d bytes", part.Body.Len())
	}
	form.Set("client-1", one(777))
	b.send("/users/add", form, "act", "add").says(http.StatusOK, "2 people invited")
	l, err := s.People.List(t.Context(), s.Admin, people.Filter{Text: "x.example"})
	s.Must(err)
	for _, p := range l.People {
		e, err := s.People.View(t.Context(), s.Admin, p.ID)
		s.Must(err)
		var in []string
		for _, c := range e.Clients {
			if c.In {
				in = append(in, c.Name)
			}
		}
		if want := map[string]string{"one@x.example": "Café 0500", "two@x.example": "Café 0777"}[p.Email]; strings.Join(in, ",") != want {
			t.Errorf("%s has %v, want %s", p.Email, in, want)
		}
	}
	s.Enrol("tomas", perm.LevelTechnicianAssigned)
	s.surfer(t).signIn("tomas@northwind.example").send("/users/add/lists", form).says(http.StatusNotFound)
}
