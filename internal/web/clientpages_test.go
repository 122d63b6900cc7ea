package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/client"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// The banner stands on every page of the client, and on no other.
func TestBannerOnEveryPage(t *testing.T) {
	o := newOffice(t)
	at := "/clients/" + o.contoso
	const text = "Ring the janitor first."
	o.ada.get(at+"/banner").says(http.StatusOK, "Banner of Contoso")
	o.ada.post(at+"/banner", "version", "0", "text", text+"\r\nAlways.", "level", "warning").leads(at)
	tim := o.enter(t, "tim", perm.LevelTechnicianDefault)
	pages := []string{at, at + "?archived=1", at + "/overview", at + "?folder=" + o.folder, at + "/credentials/new", "/credentials/" + o.firewall + "/edit",
		"/credentials/" + o.firewall + "/history", "/credentials/" + o.firewall + "/move", "/folders/" + o.folder + "?client=" + o.contoso, "/folders/new?client=" + o.contoso}
	for _, b := range []*surfer{o.ada, tim} {
		for _, page := range pages {
			if a := b.get(page).says(http.StatusOK, text); !strings.Contains(a.Body.String(), "alert-warning") {
				t.Errorf("%s has it at another level", page)
			}
		}
	}
	o.ada.get("/audit?client="+o.contoso).says(http.StatusOK, text)
	o.ada.get(at+"/edit").says(http.StatusOK, text)
	o.ada.get(at+"/disable").says(http.StatusOK, text)
	o.ada.post("/credentials/selected", "act", "move", "id", o.firewall, "back", at).says(http.StatusOK, text)
	for _, page := range []string{"/", "/clients", "/clients/" + o.fabrikam, "/my", "/audit"} {
		o.ada.get(page).says(http.StatusOK).lacks(text)
	}
	low := o.enter(t, "low", perm.LevelTechnicianAssigned)
	low.get(at + "/banner").says(http.StatusNotFound)
	o.ada.post(at+"/banner", "version", "1", "act", "remove", "text", text, "level", "warning").leads(at)
	o.ada.get(at).lacks(text)
}

func TestBannerConflict(t *testing.T) {
	o := newOffice(t)
	at := "/clients/" + o.contoso + "/banner"
	_, err := o.Clients.SetBanner(context.Background(), o.Admin, o.contoso, 0, client.BannerInput{Text: "Theirs", Level: "danger"})
	o.Must(err)
	typed := []string{"version", "0", "was-text", "", "was-level", "info", "text", "Mine", "level", "info"}
	a := o.ada.post(at, typed...).says(http.StatusConflict, "Somebody else changed this banner", "Theirs", "Mine")
	if !strings.Contains(a.Body.String(), `name="keep-level" value="theirs" checked`) {
		t.Error("what only the other one changed is not preselected")
	}
	typed[1] = a.value("version")
	o.ada.post(at, append([]string{"choosing", "1", "keep-text", "yours", "keep-level", "theirs"}, typed...)...).leads("/clients/" + o.contoso)
	o.ada.get("/clients/"+o.contoso).says(http.StatusOK, "Mine").lacks("Theirs")
	o.ada.post(at, "version", "2", "text", "x", "level", "info", "until", "soon").says(http.StatusUnprocessableEntity, "Write the day as")
}

// Every button of the panel works without script: nothing is saved before Save.
func TestPanelWithoutScript(t *testing.T) {
	o := newOffice(t)
	at := "/clients/" + o.contoso + "/overview"
	o.ada.get(at).says(http.StatusOK, "What a colleague has to know", "Ring twice", "No credential is flagged")
	o.ada.get(at+"/edit").says(http.StatusOK, "Nothing is written here yet")
	one := []string{"version", "0", "kind", "field", "name", "Contact", "value", "Ms Alder"}
	two := append(one[:len(one):len(one)], "kind", "text", "name", "", "value", "Line 1\r\nLine 2")
	a := o.ada.post(at+"/edit", append([]string{"act", "add text"}, one...)...).says(http.StatusOK, "Heading")
	if !strings.Contains(a.Body.String(), "Move item 2 up") {
		t.Error("no second item was added")
	}
	a = o.ada.post(at+"/edit", append([]string{"act", "up 1"}, two...)...).says(http.StatusOK)
	if body := a.Body.String(); strings.Index(body, "Line 1") > strings.Index(body, "Ms Alder") {
		t.Error("the item did not move up")
	}
	o.ada.post(at+"/edit", append([]string{"act", "remove 0"}, two...)...).says(http.StatusOK).lacks("Ms Alder")
	o.ada.get(at).lacks("Ms Alder")
	o.ada.post(at+"/edit", two...).leads(at)
	o.ada.get(at).says(http.StatusOK, "Contact", "Ms Alder", "Line 1 Line 2", "Overview saved.")

	a = o.ada.post(at+"/edit", "version", "0", "kind", "field", "name", "Mine", "value", "1").says(http.StatusConflict, "Somebody else changed this overview", "Contact: Ms Alder", "Mine: 1")
	o.ada.post(at+"/edit", "choosing", "1", "keep-panel", "yours", "version", a.value("version"), "panel", `[{"kind":"field","name":"Mine","value":"1"}]`).leads(at)
	o.ada.get(at).says(http.StatusOK, "Mine").lacks("Ms Alder")
	o.ada.post(at+"/edit", "version", "2", "kind", "field", "name", "", "value", "1").says(http.StatusUnprocessableEntity, "Give each field a name")
	tim := o.enter(t, "tim", perm.LevelTechnicianDefault)
	tim.get(at).says(http.StatusOK, "Mine").lacks("Arrange overview")
	tim.get(at + "/edit").says(http.StatusNotFound)
}

func TestTagsAndRotation(t *testing.T) {
	o := newOffice(t)
	at := "/clients/" + o.contoso
	o.ada.post(at+"/edit", "version", "1", "name", "Contoso", "website", "javascript:alert(1)").says(http.StatusUnprocessableEntity, "A website begins with https://").holds(`value="javascript:alert(1)"`)
	o.ada.post(at+"/edit", "version", "1", "name", "Contoso", "tags", "contract, Mondays, contract", "rotation_days", "90", "website", "contoso.example").leads(at)
	o.ada.get(at+"/overview").says(http.StatusOK, "contract", "Mondays", "Passwords are due after 90 days").lacks(`href="javascript:`)
	o.ada.get("/clients").says(http.StatusOK, "contract", "Fabrikam")
	o.ada.get("/clients?tag=mondays").says(http.StatusOK, "Contoso").lacks("Fabrikam")
	o.ada.get("/clients?tag=nobodys").says(http.StatusOK, "No client fits")
	o.ada.post(at+"/edit", "version", "2", "name", "Contoso", "rotation_days", "ninety").says(http.StatusUnprocessableEntity, "number of days")
	o.ada.post("/close")
	o.ada.get("/clients").says(http.StatusOK, "Contoso").lacks("contract")
	o.ada.get(at+"/overview").says(http.StatusOK, "Sealed in this session")
}

// A row of the list names two tags, and says how many more there are; the
// overview names all.
func TestTagsOfARow(t *testing.T) {
	o := newOffice(t)
	at := "/clients/" + o.contoso
	o.ada.post(at+"/edit", "version", "1", "name", "Contoso", "tags", "a-tag, b-tag, c-tag, d-tag").leads(at)
	page := o.ada.get("/clients").says(http.StatusOK, "a-tag", "b-tag", "+2").holds(`title="a-tag, b-tag, c-tag, d-tag"`)
	if strings.Contains(page.Body.String(), ">c-tag</a>") {
		t.Error("a row names a third tag")
	}
	o.ada.get(at+"/overview").holds(">c-tag</a>", ">d-tag</a>")
}

// The numbers of an overview lead to lists that show as many.
func TestNumbersLeadToTheirLists(t *testing.T) {
	o := newOffice(t)
	at, now := "/clients/"+o.contoso, o.Clock.Now().UTC().Truncate(24*time.Hour)
	folder, err := o.Vault.AddFolder(t.Context(), o.Admin, vault.Place{Client: o.contoso}, "Dated")
	o.Must(err)
	for title, days := range map[string]int{"Long over": -40, "Over": -1, "Today": 0, "Soon": 29, "Later": 31} {
		_, err := o.Vault.Add(t.Context(), o.Admin, vault.Place{Client: o.contoso, Folder: folder}, vault.Input{Overview: vault.Overview{Title: title}, Expires: now.AddDate(0, 0, days)})
		o.Must(err)
	}
	o.Must(o.Vault.Flag(t.Context(), o.Admin, o.firewall, "on a whiteboard"))
	o.Must(o.Vault.Rotate(t.Context()))
	page := o.ada.get(at + "/overview").says(http.StatusOK).Body.String()
	for link, want := range map[string]string{at + "?due=expired": "2 expired", at + "?due=soon": "2 expire soon", at + "?flagged=1": "3 flagged", at: "2 folders"} {
		n, word, _ := strings.Cut(want, " ")
		if !strings.Contains(page, "<b>"+n+"</b> <a href=\""+link+"\">"+word+"</a>") {
			t.Errorf("no number %s leads to %s", want, link)
		}
		if word != "folders" && !strings.Contains(o.ada.get(link).says(http.StatusOK).Body.String(), n+" credentials") {
			t.Errorf("%s shows another number than %s", link, want)
		}
	}
	o.ada.get(at+"?due=expired").says(http.StatusOK, "Long over", "2 of 5").lacks("Today", "Later").holds(`href="` + at + `"`)
	o.ada.get(at+"?due=soon").says(http.StatusOK, "Today", "Soon", "2 of 5").lacks("Long over", "Later")
	o.ada.get(at+"?due=soon&filter=today").says(http.StatusOK, "1 of 5", "1 credential").holds(`name="due" value="soon"`)
	o.ada.get(at+"?due=nonsense").says(http.StatusOK, "Later").lacks(" of 5")
	o.ada.get(at+"?due=expired&folder="+folder+"&filter=none").says(http.StatusOK, "No credential fits")
}

func TestDeleteClientAsksForItsName(t *testing.T) {
	o := newOffice(t)
	at := "/clients/" + o.contoso
	o.ada.get(at + "/delete").says(http.StatusNotFound) // it is enabled
	o.ada.post(at + "/disable").leads("/clients")
	o.ada.get(at+"/delete").says(http.StatusOK, "Delete Contoso for good?", "2 credentials and 1 folder")
	o.ada.post(at+"/delete", "name", "Consoto").says(http.StatusUnprocessableEntity, "just as it is written")
	o.ada.post(at+"/delete", "name", "Contoso").leads("/clients?disabled=1")
	o.ada.get(at).says(http.StatusNotFound)
	o.ada.get("/audit").says(http.StatusOK, "Deleted for good the client Contoso", "(deleted with its client)")
}
