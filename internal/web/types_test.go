package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui/icon"
)

// Every icon that a type can have is drawn, has words, and looks like no other.
func TestTypeIcons(t *testing.T) {
	words := map[string]bool{}
	for _, name := range vault.Icons {
		drawn, _ := icon.ForType(name)
		if !icon.Known(icon.Name(name)) || string(drawn) != name || iconWords(name) == "" || words[iconWords(name)] {
			t.Errorf("%s is drawn as %s and called %q", name, drawn, iconWords(name))
		}
		words[iconWords(name)] = true
	}
	for _, typ := range vault.Types {
		if name, _ := icon.OfType(typ); !words[iconWords(string(name))] {
			t.Errorf("the icon of %s is none of the choices", typ)
		}
	}
}

func TestTypePages(t *testing.T) {
	o := newOffice(t)
	o.ada.get(typesPath).says(http.StatusOK, "Credential types", "Firewall", "Built in")
	o.ada.post(typesPath+"/new", "name", "", "icon", "car").says(http.StatusUnprocessableEntity, "Give the type a name")
	// Rows come and go without anything being saved.
	rows := o.ada.post(typesPath+"/new", "act", "field-add", "name", "Door", "icon", "door-closed", "field-name-0", "PIN", "field-kind-0", "hidden").says(http.StatusOK, "Add a field")
	if rows.value("field-name-0") != "PIN" || rows.value("name") != "Door" || !strings.Contains(rows.Body.String(), `id="field-name-1"`) || !strings.Contains(rows.Body.String(), "Move up field 2") {
		t.Error("a row was not added, or what was typed is lost")
	}
	o.ada.post(typesPath+"/new", "act", "field-remove-0", "name", "Door", "field-name-0", "PIN", "field-kind-0", "hidden").says(http.StatusOK).lacks("PIN")
	up := o.ada.post(typesPath+"/new", "act", "field-up-1", "field-name-0", "a", "field-kind-0", "text", "field-name-1", "b", "field-kind-1", "date")
	if up.value("field-name-0") != "b" || up.value("field-name-1") != "a" {
		t.Error("a row was not moved up")
	}
	first, again := o.ada.twice(typesPath+"/new", "name", "Door", "icon", "door-closed", "field-name-0", "PIN", "field-kind-0", "hidden", "field-name-1", "Serviced", "field-kind-1", "date")
	first.leads(typesPath)
	again.leads(typesPath)
	list := o.ada.get(typesPath).says(http.StatusOK, "Door", "PIN (hidden), Serviced (date)", "Credential type added.").Body.String()
	at := list[strings.Index(list, typesPath+"/type_"):][:len(typesPath)+1+len("type_")+26]
	id := strings.TrimPrefix(at, typesPath+"/")
	o.ada.get(at).says(http.StatusOK, "Edit credential type")

	// A new credential of that type begins with its fields, with script and
	// without; another type's empty ones go.
	fresh := "/clients/" + o.contoso + "/credentials/new"
	shown := o.ada.post(fresh, "act", "type", "type", id, "title", "Entrance", "field-name-0", "Mine", "field-value-0", "x").says(http.StatusOK)
	if shown.value("field-name-0") != "Mine" || shown.value("field-name-1") != "PIN" || shown.value("field-name-2") != "Serviced" || shown.value("title") != "Entrance" {
		t.Error("choosing a type does not bring its fields, or loses what was typed")
	}
	back := o.ada.post(fresh, "act", "type", "type", "Router", "field-name-0", "PIN", "field-kind-0", "hidden", "field-name-1", "Serviced", "field-value-1", "2026-01-01", "field-kind-1", "date").says(http.StatusOK)
	if back.value("field-name-0") != "Serviced" || back.value("field-name-1") != "" {
		t.Error("empty fields of another type stay, or filled ones go")
	}
	added := o.ada.post(fresh, "title", "Entrance", "type", id, "url-0", "https://door.example", "url-1", "", "url-2", "10.1.1.1", "field-name-0", "PIN", "field-value-0", "4711", "field-kind-0", "hidden")
	o.ada.get(added.Header().Get("Location")).says(http.StatusOK, "Entrance", "Door", "https://door.example", "10.1.1.1")

	o.ada.get(at+"/delete").says(http.StatusOK, "1 credential has this type")
	o.ada.post(at+"/delete", "version", "1").says(http.StatusUnprocessableEntity, "This type is in use")
	o.ada.post(at, "version", "1", "name", "Entry", "icon", "plug").leads(typesPath)
	o.ada.post(at, "version", "1", "name", "Mine", "icon", "car").says(http.StatusConflict, "Somebody else changed this type", "It is now: Entry")
	o.ada.post(at+"/delete", "version", "2", "replacement", "Alarm code").leads(typesPath)
	o.ada.get(typesPath).says(http.StatusOK, "Credential type deleted.").lacks("Entry")

	tim := o.enter(t, "tim", perm.LevelTechnicianDefault)
	if body := tim.get("/clients").Body.String(); strings.Contains(body, typesPath) {
		t.Error("the menu offers types to who may not change them")
	}
	for _, path := range []string{typesPath + "/new", at, at + "/delete", credentialSettingsPath} {
		tim.get(path).says(http.StatusNotFound)
	}
}

func TestCredentialSettingsPage(t *testing.T) {
	o := newOffice(t)
	o.ada.get(credentialSettingsPath).says(http.StatusOK, "Show a secret for")
	o.ada.post(credentialSettingsPath, "read", "30 false", "reveal-seconds", "3").says(http.StatusUnprocessableEntity, "5 to 300")
	o.ada.post(credentialSettingsPath, "read", "30 false", "reveal-seconds", "30", "hide-built-in-types", "on").says(http.StatusUnprocessableEntity, "Add a custom credential type first")
	o.ada.post(credentialSettingsPath, "read", "30 false", "reveal-seconds", "75").leads(credentialSettingsPath)
	o.ada.post(credentialSettingsPath, "read", "30 false", "reveal-seconds", "20").says(http.StatusConflict, "It is now: 75 seconds")
	if body := o.ada.script().post("/credentials/" + o.firewall + "/reveal").Body.String(); !strings.Contains(body, `data-seconds="75"`) {
		t.Error("the setting is not what a secret is shown for")
	}
}

func TestTagsAreSuggested(t *testing.T) {
	o := newOffice(t)
	o.ada.script().post("/tags", "tags", "old, peri").says(http.StatusOK)
	if body := o.ada.script().post("/tags", "tags", "old, peri").Body.String(); !strings.Contains(body, `value="old, perimeter"`) {
		t.Errorf("suggested: %s", body)
	}
	ann := o.enter(t, "ann", perm.LevelTechnicianAssigned)
	for _, typed := range []string{"peri", "", "old,"} {
		if body := ann.script().post("/tags", "tags", typed).Body.String(); strings.Contains(body, "perimeter") {
			t.Errorf("%q suggests a tag that is not reached", typed)
		}
	}
}

func TestHiddenFieldsOneByOne(t *testing.T) {
	o := newOffice(t)
	at := "/credentials/" + o.firewall + "/history/1/fields/0"
	if body := o.ada.script().post(at + "/reveal").says(http.StatusOK).Body.String(); !strings.Contains(body, "data-seconds") || strings.Contains(body, "<html") {
		t.Error("the script gets a whole page, or no countdown")
	}
	o.ada.post(at+"/reveal").says(http.StatusOK, canaryField, "Edge firewall")
	if a := o.ada.script().post(at + "/copy"); a.Body.String() != canaryField {
		t.Errorf("copied %q", a.Body.String())
	}
	o.ada.post(at + "/copy").says(http.StatusNotFound).hidden()
	o.ada.script().post("/credentials/" + o.firewall + "/history/1/fields/1/reveal").says(http.StatusNotFound).hidden()
	o.ada.get("/audit").says(http.StatusOK, "Saw the custom field Edge firewall: Console PIN", "Copied the custom field Edge firewall: Console PIN")
	title := "Edge firewall 2"
	_, err := o.Vault.Patch(context.Background(), o.Admin, o.firewall, 1, vault.Patch{Title: &title})
	o.Must(err)
	o.ada.post(at+"/reveal").says(http.StatusOK, canaryField, "Version 1") // an earlier version now
}
