package web

import (
	"net/http"
	"testing"

	"bailiwick/internal/people"
)

// A site's import of users knows its three levels, and neither kinds of users
// nor clients; what another organization's export says of them is left out.
func TestImportOfSiteUsers(t *testing.T) {
	l := newLinked(t)
	l.sue.get("/users/import").says(http.StatusOK, "Site User - Limited", "security groups").lacks("clients are", "kind,")
	template := l.sue.get("/users/import/template.csv").says(http.StatusOK)
	if got := template.Body.String(); got != "\ufeffName,Email,Permission level,Phone,Time zone,Security groups\r\n" {
		t.Errorf("the template: %q", got)
	}
	if got := l.ada.get("/users/import/template.csv").Body.String(); got != "\ufeffName,Email,Kind,Permission level,Account roles,Phone,Time zone,Security groups,Clients\r\n" {
		t.Errorf("the provider's template: %q", got)
	}

	page := l.sue.uploadUsers("Name,Email,Kind,Permission level,Account roles,Clients\n" +
		"Una,una@contoso.example,guest,Site User,Account,Contoso\nLeo,leo@contoso.example,,site user - limited,,\nSid,sid@contoso.example,administrator,Site Administrator,,\nDee,dee@contoso.example,,,,\n" +
		"Tom,tom@contoso.example,member,Technician - Assigned Access,,\n")
	page.says(http.StatusOK, "5 rows", "1 remark on rows", "A site has three: Site Administrator").lacks(">Kind</option>", ">Clients</option>", ">Account roles</option>")
	form := page.form()
	form.Set("only-good", "1")
	odd := page.form()
	odd.Set("column-2", "kind")
	l.sue.send("/users/import/run", odd, "act", "run").says(http.StatusUnprocessableEntity, "A column becomes something that there is not")
	l.sue.send("/users/import/run", form, "act", "run").leads("/users?pending=1")
	list, err := l.People.List(t.Context(), l.there.Admin, people.Filter{Pending: true})
	l.Must(err)
	levels := map[string]string{}
	for _, p := range list.People {
		levels[p.Name] = p.LevelName
	}
	if len(levels) != 4 || levels["Una"] != "Site User" || levels["Leo"] != "Site User - Limited" || levels["Sid"] != "Site Administrator" || levels["Dee"] != "Site User" {
		t.Errorf("%+v", levels)
	}

	// What a site exports has no columns that it can't import.
	file, err := l.People.Export(t.Context(), l.there.Admin)
	l.Must(err)
	view, err := l.People.PreviewImport(t.Context(), l.there.Admin, people.ImportFile{Data: file})
	l.Must(err)
	for i, want := range []string{"Name", "Email", "Permission level", "State", "Enabled", "Approved", "Second factor", "Last sign-in", "Phone", "Time zone", "Security groups", "Knowledge bases", "Id"} {
		if view.Columns[i].Label != want {
			t.Errorf("column %d is %s, want %s", i, view.Columns[i].Label, want)
		}
	}
}
