package web

import (
	"net/http"
	"strings"
	"testing"

	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// What a Site User - Limited sees is chosen on a page of his administrator.
func TestChosenForLimitedUser(t *testing.T) {
	l := newLinked(t)
	at := vault.Place{Client: l.there.Company}
	lim, una := l.there.Enrol("lim", perm.LevelSiteUserLimited), l.there.Enrol("una", perm.LevelSiteUser)
	page := "/users/" + lim + "/chosen"
	l.sue.get(page).says(http.StatusOK, "What lim sees", "Nothing to choose from yet")
	desk, err := l.Vault.AddFolder(t.Context(), l.there.Admin, at, "Desk")
	l.Must(err)
	_, err = l.Vault.AddFolder(t.Context(), l.there.Admin, at, "Safe")
	l.Must(err)
	add := func(title, folder string) string {
		id, err := l.Vault.Add(t.Context(), l.there.Admin, vault.Place{Client: l.there.Company, Folder: folder}, vault.Input{Overview: vault.Overview{Title: title, Username: "u-" + title}, Secret: vault.Secret{Password: canaryPassword}})
		l.Must(err)
		return id
	}
	till, alarm := add("Till", desk), add("Alarm", "")
	l.sue.get("/users/"+lim).says(http.StatusOK, "What this user sees")
	l.sue.get("/users/" + una).says(http.StatusOK).lacks("What this user sees")
	l.sue.get("/users/"+una+"/chosen").says(http.StatusUnprocessableEntity, "Only for a Site User - Limited")
	l.sue.get(page).says(http.StatusOK, "Desk", "Safe", "Till", "u-Till · Desk", "Alarm").hidden()
	limited := l.enterSite(t, "lim")
	limited.get(l.company()).lacks("Till", "Alarm")

	b := l.sue.get(page)
	l.sue.send(page, b.form(), "folder", desk).leads("/users/" + lim)
	limited.get(l.company()).says(http.StatusOK, "Till").lacks("Alarm", "Safe")
	// A page that was read before loses nothing that was chosen since.
	l.sue.send(page, b.form(), "credential", alarm).leads("/users/" + lim)
	limited.get(l.company()).says(http.StatusOK, "Till", "Alarm")
	form := l.sue.get(page).form()
	form.Del("folder")
	l.sue.send(page, form).leads("/users/" + lim)
	limited.get(l.company()).says(http.StatusOK, "Alarm").lacks("Till")
	limited.get("/credentials/" + till).says(http.StatusNotFound)
	l.sue.script().post(page+"/lists", "lists", "credential").says(http.StatusOK, "Till")

	// Nobody else chooses.
	for _, other := range []*surfer{limited, l.ada} {
		other.get(page).sameAs(other.get("/users/user_nobody/chosen"))
		if a := other.post(page, "credential", till); a.Code != http.StatusNotFound && a.Code != http.StatusForbidden {
			t.Errorf("somebody else chose: %d", a.Code)
		}
	}
	if strings.Contains(limited.get(l.company()).text(), "Till") {
		t.Error("somebody else's choice counts")
	}
}
