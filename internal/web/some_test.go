package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"bailiwick/internal/access"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/vault"
)

const thousands = 5000

func someone(i int) string { return fmt.Sprintf("user_01m7zzzzzzzzzzzzzzzzz%05d", i) }

// crowd adds 5,000 members, and a client with a folder.
func (s *staffed) crowd(t *testing.T) (clientID, folder string) {
	t.Helper()
	s.Must(s.db.Write(context.Background(), "", func(tx *db.Tx) error {
		for i := range thousands {
			_, err := tx.Exec(context.Background(), `INSERT INTO users (org_id, id, email, email_folded, email_looks, name, name_folded, kind, level_id, created_at) VALUES ($1, $2, $3, $3, $3, $4, $5, 'member', 'technician-default', 1)`,
				s.OrgID, someone(i), fmt.Sprintf("person.%05d@northwind.example", i), fmt.Sprintf("Pérson %05d", i), fmt.Sprintf("person %05d", i))
			if err != nil {
				return err
			}
		}
		_, err := tx.Exec(context.Background(), `UPDATE organizations SET access_epoch = access_epoch + 1`)
		return err
	}))
	clientID, err := s.Clients.Add(t.Context(), s.Admin, client.Input{Name: "Kestrel"})
	s.Must(err)
	folder, err = s.Vault.AddFolder(t.Context(), s.Admin, vault.Place{Client: clientID}, "Servers")
	s.Must(err)
	return clientID, folder
}

// Pages about everybody don't grow with everybody: they show a part, and a box
// finds the rest.
func TestPagesOfThousands(t *testing.T) {
	s := newStaffed(t)
	c, folder := s.crowd(t)
	var half []string
	for i := range thousands / 2 {
		half = append(half, someone(i))
	}
	group, err := s.Access.AddGroup(t.Context(), s.Admin, "Half", half, []string{c})
	s.Must(err)
	for i := range 120 {
		s.Must(s.Access.Assign(t.Context(), s.Admin, c, someone(i), 0))
	}
	b := s.surfer(t).signIn(ada)
	for path, most := range map[string]int{"/groups/new": 70_000, "/groups/" + group: 90_000, "/levels/technician-default": 60_000, "/clients/" + c + "/access": 70_000,
		"/folders/" + folder + "/access": 40_000, "/clients/" + c + "/who": 80_000, "/folders/" + folder + "/who": 80_000, "/groups": 40_000, "/levels": 60_000} {
		page := b.get(path).says(http.StatusOK)
		t.Logf("%s: %d bytes", path, page.Body.Len())
		if n := page.Body.Len(); n > most {
			t.Errorf("%s has %d bytes, want at most %d", path, n, most)
		}
	}
	// Whoever is not on the first page is found, by words without accents too.
	for _, path := range []string{"/levels/technician-default", "/clients/" + c + "/who"} {
		b.get(path+"?find=person+04999").says(http.StatusOK, "Pérson 04999").lacks("Pérson 00001")
		next := nextLink.FindStringSubmatch(b.get(path).Body.String())
		if next == nil {
			t.Fatalf("%s has no next page", path)
		}
		b.get(strings.ReplaceAll(next[1], "&amp;", "&")).says(http.StatusOK, "First")
	}
	b.get("/clients/"+c+"/access").says(http.StatusOK, "50 of 121 users", "Choose a user (50 of")
	b.get("/clients/"+c+"/access?find=04999").says(http.StatusOK, "Pérson 04999", "None of them has that name.")
	b.get("/folders/"+folder+"/access?find=04999").says(http.StatusOK, "Pérson 04999")
	b.post("/clients/"+c+"/access", "user", someone(4999), "find", "04999", "span", "").leads("/clients/" + c + "/access")
	b.get("/clients/"+c+"/access?find=04999").says(http.StatusOK, "1 user", "For good")
}

// In a group of thousands a form shows a part, and saving it loses nobody.
func TestGroupOfThousands(t *testing.T) {
	s := newStaffed(t)
	c, _ := s.crowd(t)
	var all []string
	for i := range thousands - 10 {
		all = append(all, someone(i))
	}
	id, err := s.Access.AddGroup(t.Context(), s.Admin, "Nearly all", all, []string{c})
	s.Must(err)
	b := s.surfer(t).signIn(ada)
	path := "/groups/" + id
	now := func() access.Group {
		g, err := s.Access.Group(t.Context(), s.Admin, id)
		s.Must(err)
		return g
	}
	// As it stands: nothing is lost.
	b.send(path, b.get(path).says(http.StatusOK, "4,990", "4,940 more").form(), "name", "Renamed").leads(path)
	if g := now(); g.Name != "Renamed" || len(g.Users) != thousands-10 || len(g.Clients) != 1 {
		t.Fatalf("%s, %d users, %d clients", g.Name, len(g.Users), len(g.Clients))
	}
	// One who is not on the first page is found without script, taken out, and
	// stays so while another is found and put in.
	form := b.get(path).form()
	found := b.send(path, form, "preview", "1", "find-user", "person 04321").says(http.StatusOK, "Pérson 04321")
	form = found.form()
	form["user"] = slices.DeleteFunc(form["user"], func(u string) bool { return u == someone(4321) })
	found = b.send(path, form, "preview", "1", "find-user", "person 04995").says(http.StatusOK, "Pérson 04995", "Pérson 04321")
	form = found.form()
	form.Add("user", someone(4995))
	if n := found.Body.Len(); n > 90_000 {
		t.Errorf("the page has %d bytes", n)
	}
	b.send(path, form).leads(path)
	in := map[string]bool{}
	for _, u := range now().Users {
		in[u.ID] = true
	}
	if len(in) != thousands-10 || in[someone(4321)] || !in[someone(4995)] || !in[someone(4320)] {
		t.Errorf("%d users are in the group", len(in))
	}
	// The script asks for the lists alone.
	part := b.with("HX-Request", "true").send(path+"/lists?lists=user", b.get(path).form(), "find-user", "person 0123").says(http.StatusOK, "Pérson 01234")
	if part.Body.Len() > 20_000 || strings.Contains(part.Body.String(), "<html") {
		t.Errorf("the lists have %d bytes", part.Body.Len())
	}
}
