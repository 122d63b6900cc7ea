package web

import (
	"net/http"
	"strings"
	"testing"

	"bailiwick/internal/perm"
)

func TestFolderForms(t *testing.T) {
	o := newOffice(t)
	list := "/clients/" + o.contoso
	o.ada.post("/folders", "client", o.contoso, "name", " ").says(http.StatusUnprocessableEntity, "Give the folder a name")
	first, again := o.ada.twice("/folders", "client", o.contoso, "parent", o.folder, "name", "Wi-Fi")
	at := first.Header().Get("Location")
	if first.Code != http.StatusSeeOther || at != again.Header().Get("Location") {
		t.Fatalf("sent twice: %d %s then %d %s", first.Code, at, again.Code, again.Header().Get("Location"))
	}
	id := at[strings.LastIndex(at, "=")+1:]
	o.ada.get(at).says(http.StatusOK, "This folder is empty", "Wi-Fi")
	page := o.ada.get("/folders/"+id+"?client="+o.contoso).says(http.StatusOK, "Rename", "It is empty")
	o.ada.post("/folders/"+id+"/rename", "client", o.contoso, "version", page.value("version"), "name", "").says(http.StatusUnprocessableEntity, "Give the folder a name")
	o.ada.post("/folders/"+id+"/rename", "client", o.contoso, "version", page.value("version"), "name", "Wireless").leads(at)
	o.ada.post("/folders/"+id+"/rename", "client", o.contoso, "version", page.value("version"), "name", "Late").says(http.StatusConflict, "Somebody else changed this folder")
	o.ada.post("/folders/"+o.folder+"/move", "client", o.contoso, "version", "1", "was", "", "parent", id).says(http.StatusUnprocessableEntity, "can't be moved into itself")
	o.ada.post("/folders/"+id+"/move", "client", o.contoso, "version", "2", "was", o.folder, "parent", "").leads(at)
	toast := o.ada.get(list).says(http.StatusOK, "Folder moved.", "Undo")
	o.ada.post(toast.undo()).leads(at)
	holding := o.ada.get("/folders/"+o.folder+"?client="+o.contoso).says(http.StatusOK, "It holds 1 credential and 1 folder", "Archive 1 credential and delete 1 folder")
	o.ada.post("/folders/"+o.folder+"/delete", "client", o.contoso, "version", holding.value("version")).says(http.StatusUnprocessableEntity, "Say what becomes of its content")
	o.ada.post("/folders/"+o.folder+"/delete", "client", o.contoso, "version", "1000", "content", "up").says(http.StatusConflict, "Somebody else changed this folder")
	o.ada.post("/folders/"+o.folder+"/delete", "client", o.contoso, "version", holding.value("version"), "content", "up").leads(list)
	o.ada.get(list).says(http.StatusOK, "Edge firewall", "Wireless", "Folder deleted").lacks("Network")
}

func TestPersonalVault(t *testing.T) {
	o := newOffice(t)
	o.ada.get("/my").says(http.StatusOK, "Your own vault")
	o.ada.post("/folders", "own", "1", "name", "Private")
	o.ada.post("/my/credentials/new", "title", "My bank", "password", "own-secret-1")
	o.ada.get("/my").says(http.StatusOK, "My bank", "Private", "Only you can open these").lacks("own-secret-1")
	tim := o.enter(t, "tim", perm.LevelManagerDefault)
	tim.get("/my").says(http.StatusOK, "Your own vault").lacks("My bank")
	if strings.Contains(tim.get("/search?q=bank").text(), "My bank") {
		t.Error("search betrays a personal credential")
	}
}
