package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

func TestCredentialFormAdds(t *testing.T) {
	o := newOffice(t)
	at := "/clients/" + o.contoso + "/credentials/new"
	o.ada.get(at+"?folder="+o.folder).says(http.StatusOK, "New credential", "Network")
	bad := o.ada.post(at, "username", "root", "password", " kept to the letter ", "expires", "tomorrow").says(http.StatusUnprocessableEntity, "This is not a date")
	if bad.value("username") != "root" || bad.value("password") != " kept to the letter " {
		t.Errorf("what was typed is lost: %q %q", bad.value("username"), bad.value("password"))
	}
	o.ada.post(at, "username", "root").says(http.StatusUnprocessableEntity, "Give the credential a title")
	o.ada.post(at, "title", "x", "field-value-1", "no name").says(http.StatusUnprocessableEntity, "Give the custom field")
	first, again := o.ada.twice(at, "title", "Core switch", "type", "Switch", "password", " p w ", "urls", "10.0.0.1\r\nhttps://sw.example", "tags", "a, b", "folder", o.folder,
		"expires", "2027-03-31", "notes", "n1\r\nn2", "field-name-0", "Serial", "field-value-0", "42", "field-name-2", "PIN", "field-value-2", "77", "field-kind-2", "hidden")
	if first.Code != http.StatusSeeOther || first.Header().Get("Location") != again.Header().Get("Location") {
		t.Fatalf("sent twice: %d %s then %d %s", first.Code, first.Header().Get("Location"), again.Code, again.Header().Get("Location"))
	}
	o.ada.get(first.Header().Get("Location")).says(http.StatusOK, "Core switch", "Expires on 31 Mar 2027", "https://sw.example", "Credential added.")
	id := first.Header().Get("Location")[strings.LastIndex(first.Header().Get("Location"), "=")+1:]
	got, err := o.Vault.Reveal(context.Background(), o.Admin, id)
	o.Must(err)
	if got.Password != " p w " || got.Notes != "n1\nn2" || len(got.Fields) != 2 || got.Fields[1] != (vault.Field{Name: "PIN", Value: "77", Hidden: true}) {
		t.Errorf("saved %q %q %v", got.Password, got.Notes, got.Fields)
	}
}

// Editing without revealing keeps the secret, what is not in the form too.
func TestEditKeepsTheSecret(t *testing.T) {
	o := newOffice(t)
	at := "/credentials/" + o.firewall
	page := o.ada.get(at+"/edit").says(http.StatusOK, "Reveal and edit").hidden()
	o.ada.post(at+"/edit", "version", page.value("version"), "title", "Edge firewall 2", "type", "Firewall", "username", "fw-root").leads("/clients/" + o.contoso + "?c=" + o.firewall)
	secret, err := o.Vault.Reveal(context.Background(), o.Admin, o.firewall)
	o.Must(err)
	if secret.Password != canaryPassword || secret.Notes != canaryNotes || len(secret.Fields) != 1 {
		t.Errorf("the edit changed the secret: %q %q %v", secret.Password, secret.Notes, secret.Fields)
	}
	// Revealing is an act of its own; then an empty field means empty.
	shown := o.ada.post(at+"/edit", "act", "reveal", "version", "2", "title", "typed title").says(http.StatusOK, canaryNotes)
	if shown.value("password") != canaryPassword || shown.value("title") != "typed title" || shown.value("revealed") != "1" || shown.value("field-value-0") != canaryField {
		t.Error("revealing in the form does not show the secret, or loses what was typed")
	}
	o.ada.get("/audit").says(http.StatusOK, "Saw the secret of Edge firewall 2")
	o.ada.post(at+"/edit", "version", "2", "revealed", "1", "title", "Edge firewall 2", "type", "Firewall", "password", "n3w", "notes", "")
	secret, err = o.Vault.Reveal(context.Background(), o.Admin, o.firewall)
	o.Must(err)
	if secret.Password != "n3w" || secret.Notes != "" || len(secret.Fields) != 0 {
		t.Errorf("after the edit: %+v", secret.Fields)
	}
	if _, err := o.Vault.Code(context.Background(), o.Admin, o.firewall); err != nil {
		t.Errorf("after the edit there is no code: %v", err)
	}
}

func TestCredentialConflict(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	at := "/credentials/" + o.firewall
	o.Enrol("bob", perm.LevelManagerDefault)
	bob := o.SignIn("bob")
	user, theirs := "bobs-name", "bobs-secret-4471"
	_, err := o.Vault.Patch(ctx, bob, o.firewall, 1, vault.Patch{Username: &user, Password: &theirs})
	o.Must(err)
	o.secrets = append(o.secrets, theirs)
	typed := []string{"version", "1", "title", "Adas title", "type", "Firewall", "username", "fw-root", "urls", "https://fw.contoso.example:8443/login\r\njavascript:alert(1)", "tags", "perimeter", "password", "adas-secret-9"}
	a := o.ada.post(at+"/edit", typed...).says(http.StatusConflict, "bob changed this while you did", "Adas title", "bobs-name").hidden().lacks(theirs)
	body := a.Body.String()
	for _, want := range []string{`name="keep-title" value="yours" checked`, `name="keep-username" value="theirs" checked`, `name="keep-password" value="theirs" checked`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(body, `name="keep-urls"`) {
		t.Error("a field that nobody changed is to be chosen")
	}
	typed[1] = a.value("version")
	o.ada.post(at+"/edit", append(typed, "keep-title", "yours", "keep-username", "theirs", "keep-password", "yours")...).leads("/clients/" + o.contoso + "?c=" + o.firewall)
	c, err := o.Vault.Get(ctx, o.Admin, o.firewall)
	o.Must(err)
	secret, err := o.Vault.Reveal(ctx, o.Admin, o.firewall)
	o.Must(err)
	if c.Title != "Adas title" || c.Username != "bobs-name" || secret.Password != "adas-secret-9" || secret.Notes != canaryNotes {
		t.Errorf("after choosing: %q %q %q", c.Title, c.Username, secret.Password)
	}
}

func TestRevealAndCopy(t *testing.T) {
	o := newOffice(t)
	at := "/credentials/" + o.firewall
	part := o.ada.script().post(at+"/reveal").says(http.StatusOK, canaryNotes, "Console PIN").lacks(canaryField)
	if body := part.Body.String(); strings.Contains(body, "<html") || !strings.Contains(body, `data-seconds="30"`) {
		t.Error("the script gets a whole page, or no countdown")
	}
	if strings.Contains(part.text(), "JBSWY3DPEHPK3PXP") {
		t.Error("the one-time-code secret is shown again")
	}
	plain := o.ada.post(at+"/reveal").says(http.StatusOK, canaryNotes, "Edge firewall")
	if !strings.Contains(plain.Body.String(), "<html") {
		t.Error("without script there is no page")
	}
	o.ada.post(at + "/copy").says(http.StatusNotFound).hidden()
	o.ada.with("X-Requested-With", "somebody").post(at + "/copy").says(http.StatusNotFound).hidden()
	if a := o.ada.script().post(at + "/copy"); a.Body.String() != canaryPassword || a.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("copied %q as %s", a.Body.String(), a.Header().Get("Content-Type"))
	}
	o.ada.get("/audit?text=copy").says(http.StatusOK, "Copied the secret of Edge firewall").lacks("Saw the secret")
}

func TestSealedSessionShowsNothing(t *testing.T) {
	o := newOffice(t)
	o.ada.post("/close")
	o.ada.get("/clients/" + o.contoso).leads("/open?next=%2Fclients%2F" + o.contoso)
	o.ada.script().post("/credentials/" + o.firewall + "/reveal").says(http.StatusLocked).hidden()
	o.ada.get("/search?q=edge").says(http.StatusOK, "sealed in this session").lacks("Edge firewall")
	o.ada.get("/clients").says(http.StatusOK, "Contoso")
}

func TestMoveArchiveUndo(t *testing.T) {
	o := newOffice(t)
	at := "/credentials/" + o.firewall
	list := "/clients/" + o.contoso
	o.ada.get(at+"/move").says(http.StatusOK, "Move Edge firewall", "Contoso", "My passwords", "Network")
	o.ada.post("/credentials/selected", "act", "move", "id", o.firewall, "id", o.hostile, "to", o.fabrikam, "chosen", o.contoso, "back", list).says(http.StatusOK, "Move 2 credentials")
	o.ada.post("/credentials/selected", "act", "put", "those", o.firewall+":1", "to", o.fabrikam, "folder", "", "back", list).leads("/clients/" + o.fabrikam)
	toast := o.ada.get("/clients/"+o.fabrikam).says(http.StatusOK, "Edge firewall", "Credential moved.", "Undo")
	o.ada.post(toast.undo()).leads(list + "?folder=" + o.folder)
	o.ada.get(list+"?folder="+o.folder).says(http.StatusOK, "Edge firewall")

	first, second := o.ada.twice("/credentials/selected", "act", "archive", "id", o.firewall, "id", o.hostile, "back", list)
	first.leads(list)
	second.leads(list)
	o.ada.get(list).says(http.StatusOK, "No credentials yet", "2 credentials archived.")
	o.ada.get(list+"?archived=1").says(http.StatusOK, "Edge firewall")
	o.ada.get(at).leads(list + "?archived=1&c=" + o.firewall)
	o.ada.post(at + "/restore").leads(list + "?c=" + o.firewall)
	o.ada.get(list).says(http.StatusOK, "Edge firewall")
	o.ada.post("/credentials/selected", "act", "archive", "id", "cred_nothing").says(http.StatusNotFound)
	o.ada.post("/credentials/selected", "act", "archive", "id", o.firewall, "back", "https://evil.example/").leads("/clients")

	tim := o.enter(t, "tim", perm.LevelTechnicianDefault) // may edit, may not archive
	o.ada.post(at + "/restore")
	if body := tim.get(list).Body.String(); strings.Contains(body, `value="archive"`) || !strings.Contains(body, `value="move"`) {
		t.Error("the bar for a selection offers what is refused, or lacks what is allowed")
	}
	tim.post("/credentials/selected", "act", "archive", "id", o.firewall).says(http.StatusNotFound)
}

func TestHistoryPage(t *testing.T) {
	o := newOffice(t)
	at := "/credentials/" + o.firewall
	o.ada.post(at+"/edit", "version", "1", "title", "Edge firewall", "type", "Firewall", "username", "other", "password", "second-password")
	o.ada.get(at+"/history").says(http.StatusOK, "Version 2", "changed", "username", "password", "Version 1", "added it", "Restore this version").hidden()
	o.ada.script().post(at+"/history/1/reveal").says(http.StatusOK, canaryNotes)
	o.ada.post(at+"/history/1/reveal").says(http.StatusOK, canaryNotes, "Version 1")
	o.ada.post(at+"/history/1/restore", "present", "1").says(http.StatusConflict)
	o.ada.post(at+"/history/1/restore", "present", "2").leads(at + "/history")
	secret, err := o.Vault.Reveal(context.Background(), o.Admin, o.firewall)
	o.Must(err)
	if secret.Password != canaryPassword {
		t.Error("the earlier version was not restored")
	}
}

func TestStrength(t *testing.T) {
	o := newOffice(t)
	weak := o.ada.script().post("/strength", "password", "password1").says(http.StatusOK, "weak")
	strong := o.ada.script().post("/strength", "password", "kV9#xtLq2!mZ8wRp").says(http.StatusOK, "strong")
	for _, a := range []answer{weak, strong} {
		a.lacks("password1", "kV9#xtLq2!mZ8wRp")
	}
	if got := o.ada.script().post("/strength", "password", ""); got.Code != http.StatusOK || got.Body.Len() != 0 {
		t.Errorf("nothing typed: %d %q", got.Code, got.Body.String())
	}
	o.surfer(t).script().post("/strength", "password", "x").says(http.StatusUnauthorized)
}
