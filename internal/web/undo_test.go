package web

import (
	"context"
	"net/http"
	"regexp"
	"testing"
	"time"

	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

var undoForm = regexp.MustCompile(`action="(/undo/[^"]+)"`)

// undo is where the message on a page takes back what was just done.
func (a answer) undo() string {
	a.t.Helper()
	m := undoForm.FindStringSubmatch(a.Body.String())
	if m == nil {
		a.t.Fatalf("no Undo on the page: %s", a.text())
	}
	return m[1]
}

// Exactly the change is taken back, once, by whoever did it, and only while
// nobody has changed the thing since.
func TestUndo(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	at, list := "/credentials/"+o.firewall, "/clients/"+o.contoso
	title := func(want string) {
		t.Helper()
		c, err := o.Vault.Get(ctx, o.Admin, o.firewall)
		o.Must(err)
		if c.Title != want {
			t.Errorf("the title is %q, not %q", c.Title, want)
		}
	}
	rename := func(version, to string) string {
		t.Helper()
		o.ada.post(at+"/edit", "version", version, "title", to, "type", "Firewall", "username", "fw-root")
		return o.ada.get(list).says(http.StatusOK, "Credential saved.", "Undo").undo()
	}
	first := rename("1", "Renamed")
	tim := o.enter(t, "tim", perm.LevelManagerDefault)
	tim.post(first).says(http.StatusUnprocessableEntity, "too late to undo")
	title("Renamed")
	o.ada.post(first).leads(list + "?c=" + o.firewall)
	title("Edge firewall")
	o.ada.post(first).leads(list + "?c=" + o.firewall) // pressed twice
	title("Edge firewall")

	late := rename("3", "Later")
	o.Clock.Advance(21 * time.Second)
	o.ada.post(late).says(http.StatusUnprocessableEntity, "too late to undo")
	title("Later")

	crossed := rename("4", "Crossed")
	theirs := "Theirs"
	_, err := o.Vault.Patch(ctx, o.Admin, o.firewall, 5, vault.Patch{Title: &theirs})
	o.Must(err)
	o.ada.post(crossed).says(http.StatusConflict, "Somebody changed this since")
	title("Theirs")

	o.ada.post("/credentials/selected", "act", "archive", "id", o.firewall, "id", o.hostile, "back", list).leads(list)
	o.ada.post(o.ada.get(list).says(http.StatusOK, "2 credentials archived.").undo()).leads(list)
	o.ada.get(list).says(http.StatusOK, "Theirs", "Undone.")

	o.ada.post("/credentials/selected", "act", "retype", "those", o.firewall+":8 "+o.hostile+":3", "type", "Router", "back", list).leads(list)
	o.ada.post(o.ada.get(list).says(http.StatusOK, "2 credentials have another type.").undo()).leads(list)
	c, err := o.Vault.Get(ctx, o.Admin, o.firewall)
	o.Must(err)
	if c.Type != "Firewall" {
		t.Errorf("the type is %s", c.Type)
	}
	o.ada.get("/audit?text=restored").says(http.StatusOK, "Restored from the archive")
}

// All or none, also where one was changed meanwhile.
func TestSelectedAllOrNone(t *testing.T) {
	o := newOffice(t)
	list := "/clients/" + o.contoso
	o.ada.post("/credentials/selected", "act", "put", "those", o.firewall+":1 "+o.hostile+":7", "to", o.fabrikam, "back", list).says(http.StatusConflict, "all or none")
	o.ada.post("/credentials/selected", "act", "archive", "id", o.firewall, "id", "cred_nothing", "back", list).says(http.StatusNotFound)
	o.ada.post("/credentials/selected", "act", "archive", "back", list).says(http.StatusUnprocessableEntity, "No credential is chosen")
	o.ada.post("/credentials/selected", "act", "retype", "id", o.firewall, "type", "Nonsense", "back", list).says(http.StatusUnprocessableEntity, "no credential type")
	o.ada.post("/credentials/selected", "act", "type", "id", o.firewall, "id", "cred_nothing", "back", list).says(http.StatusOK, "Change the type of 1 credential", "1 selected credential can't be changed by you")
	o.ada.get(list).says(http.StatusOK, "Edge firewall", "2 credentials").lacks("Undo")
}

// Only from the archive, only by an administrator, only by its title.
func TestDeleteForGood(t *testing.T) {
	o := newOffice(t)
	at, archive := "/credentials/"+o.firewall+"/delete", "/clients/"+o.contoso+"?archived=1"
	o.ada.get(at).says(http.StatusNotFound)
	o.ada.post(at, "version", "1", "title", "Edge firewall").says(http.StatusUnprocessableEntity, "Archive the credential first")
	o.ada.post("/credentials/" + o.firewall + "/archive")
	tim := o.enter(t, "tim", perm.LevelManagerDefault)
	tim.get(at).says(http.StatusNotFound).hidden()
	tim.post(at, "version", "2", "title", "Edge firewall").says(http.StatusNotFound)
	if tim.get(archive+"&c="+o.firewall).says(http.StatusOK, "Restore").lacks("Delete for good"); t.Failed() {
		return
	}
	o.ada.get(archive+"&c="+o.firewall).says(http.StatusOK, "Delete for good")
	o.ada.get(at).says(http.StatusOK, "Nothing brings it back", "record of who has seen").hidden()
	o.ada.post(at, "version", "2", "title", "edge firewall").says(http.StatusUnprocessableEntity, "This is not its title")
	o.ada.post(at, "version", "1", "title", "Edge firewall").says(http.StatusConflict)
	o.ada.post(at, "version", "2", "title", "Edge firewall").leads(archive)
	o.ada.get(archive).says(http.StatusOK, "Credential deleted for good.", "The archive is empty")
	o.ada.get("/credentials/" + o.firewall).says(http.StatusNotFound)
	o.ada.get("/audit?text=deleted").says(http.StatusOK, "Deleted for good Edge firewall")
}
