package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"bailiwick/internal/client"
	"bailiwick/internal/perm"
)

func TestClientForms(t *testing.T) {
	o := newOffice(t)
	b := o.ada
	b.post("/clients/new", "name", "  ", "phone", "4711").says(http.StatusUnprocessableEntity, "Give the client a name", "Not saved yet")
	if got := b.post("/clients/new", "name", "contoso", "phone", "4711"); got.says(http.StatusUnprocessableEntity, "client of this name").value("phone") != "4711" {
		t.Error("what was typed is lost")
	}
	first, again := b.twice("/clients/new", "name", "Adatum", "notes", "line 1\r\nline 2")
	if first.Code != http.StatusSeeOther || first.Header().Get("Location") != again.Header().Get("Location") {
		t.Errorf("sent twice: %d %s, then %d %s", first.Code, first.Header().Get("Location"), again.Code, again.Header().Get("Location"))
	}
	adatum := first.Header().Get("Location")
	b.get(adatum).says(http.StatusOK, "Adatum", "No credentials yet", "Client added.")
	b.get(adatum+"/overview").says(http.StatusOK, "line 1 line 2")

	page := b.get(adatum + "/edit").says(http.StatusOK)
	b.post(adatum+"/edit", "version", page.value("version"), "was-name", "Adatum", "name", "Adatum AG", "notes", "line 1\r\nline 2").leads(adatum)
	b.get(adatum).says(http.StatusOK, "Adatum AG")
	b.get(adatum+"/overview").says(http.StatusOK, "line 1 line 2")
}

func TestClientConflict(t *testing.T) {
	o := newOffice(t)
	at := "/clients/" + o.contoso
	page := o.ada.get(at + "/edit")
	_, err := o.Clients.Edit(context.Background(), o.Admin, o.contoso, 1, client.Input{Name: "Contoso", ShortCode: "CTS", Phone: "110", Notes: "Ring twice"})
	o.Must(err)
	typed := []string{"version", page.value("version"), "was-name", "Contoso", "was-short_code", "CTS", "was-phone", "+49 30 555", "was-notes", "Ring twice",
		"name", "Contoso Ltd", "short_code", "CTS", "phone", "+49 30 555", "notes", "Ring twice"}
	a := o.ada.post(at+"/edit", typed...).says(http.StatusConflict, "Somebody else changed this client", "Contoso Ltd", "110")
	if body := a.Body.String(); !strings.Contains(body, `name="keep-phone" value="theirs" checked`) || !strings.Contains(body, `name="keep-name" value="yours" checked`) {
		t.Error("the choice is not preselected by who changed what")
	}
	chosen := append([]string{"choosing", "1", "keep-name", "yours", "keep-phone", "theirs"}, typed...)
	chosen[7] = a.value("version")
	o.ada.post(at+"/edit", chosen...).leads(at)
	c, err := o.Clients.Get(context.Background(), o.Admin, o.contoso)
	o.Must(err)
	if c.Name != "Contoso Ltd" || c.Phone != "110" || c.Notes != "Ring twice" {
		t.Errorf("after choosing: %+v", c)
	}
}

func TestDisableHidesAndUndo(t *testing.T) {
	o := newOffice(t)
	at := "/clients/" + o.contoso
	tim := o.enter(t, "tim", perm.LevelTechnicianDefault)
	o.ada.get(at+"/disable").says(http.StatusOK, "Disable Contoso?", "2 credentials")
	o.ada.post(at + "/disable").leads("/clients")
	a := o.ada.get("/clients").says(http.StatusOK, "Client disabled", "Undo").lacks(">Contoso<")
	if !strings.Contains(a.Body.String(), `action="`+at+`/enable"`) {
		t.Error("there is no way to undo")
	}
	o.ada.get("/clients?disabled=1").says(http.StatusOK, "Contoso", "Disabled")
	o.ada.get(at).says(http.StatusOK, "This client is disabled", "Enable client")
	tim.get(at).says(http.StatusNotFound)
	tim.get("/clients?disabled=1").lacks("Contoso")
	if got := o.ada.script().post(at + "/enable"); got.Code != http.StatusNoContent {
		t.Errorf("the script's Undo was answered %d %s", got.Code, got.Header().Get("Location"))
	}
	tim.get(at).says(http.StatusOK, "Contoso")
}

func TestBookmark(t *testing.T) {
	o := newOffice(t)
	at := "/clients/" + o.contoso
	o.ada.get("/").says(http.StatusOK, "Mark a client with the star")
	o.ada.post(at+"/bookmark", "on", "1", "back", "list").leads("/clients")
	o.ada.get("/").says(http.StatusOK, "Contoso").lacks("Mark a client with the star")
	o.ada.post(at + "/bookmark").leads(at)
	o.ada.get("/").says(http.StatusOK, "Mark a client with the star")
}

func TestClientsInPages(t *testing.T) {
	s := newSite(t)
	for i := range clientsPerPage + 5 {
		_, err := s.Clients.Add(context.Background(), s.Admin, client.Input{Name: fmt.Sprintf("Client %03d", i)})
		s.Must(err)
	}
	b := s.surfer(t).signIn(ada)
	first := b.get("/clients").says(http.StatusOK, "1 to 200 of 206", "Client 000").lacks("Client 204")
	next := strings.SplitN(strings.SplitN(first.Body.String(), `rel="next" href="`, 2)[1], `"`, 2)[0]
	second := b.get(next).says(http.StatusOK, "201 to 206 of 206", "Client 204").lacks("Client 000")
	if !strings.Contains(second.Body.String(), `rel="prev" href="/clients"`) {
		t.Error("there is no way back to the first page")
	}
	part := b.with("HX-Request", "true").with("HX-Target", "clients").get("/clients?filter=204").says(http.StatusOK, "Client 204")
	if strings.Contains(part.Body.String(), "<html") {
		t.Error("the filter gets a whole page")
	}
	b.get("/clients?filter=nothing+like+it").says(http.StatusOK, "No client fits")
}

func TestEmptyDashboardOffersTheFirstStep(t *testing.T) {
	s := newSite(t)
	b := s.surfer(t).signIn(ada)
	b.get("/").says(http.StatusOK, "Begin with your first client", "Import", "Recovery key is not confirmed")
	b.get("/clients").says(http.StatusOK, "Add your first client")
	s.Enrol("gus", "")
	guest := s.surfer(t)
	guest.post("/sign-in", "email", "gus@northwind.example", "password", "correct horse battery staple nine")
	guest.get("/").says(http.StatusOK, "Nothing is shared with you yet")
}
