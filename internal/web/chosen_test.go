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

// The same from the list, for several at once, and from a folder.
func TestChooseForUsers(t *testing.T) {
	l := newLinked(t)
	at := vault.Place{Client: l.there.Company}
	desk, err := l.Vault.AddFolder(t.Context(), l.there.Admin, at, "Desk")
	l.Must(err)
	add := func(title, folder string) string {
		id, err := l.Vault.Add(t.Context(), l.there.Admin, vault.Place{Client: l.there.Company, Folder: folder}, vault.Input{Overview: vault.Overview{Title: title}, Secret: vault.Secret{Password: canaryPassword}})
		l.Must(err)
		return id
	}
	till, alarm, door := add("Till", desk), add("Alarm", ""), add("Door", "")
	folder, several := "/folders/"+desk+"/chosen", "/credentials/selected"

	// Where there is nobody to choose for, nothing is offered.
	l.sue.get(l.company()).says(http.StatusOK).lacks("Choose for users")
	l.sue.get(l.company() + "?folder=" + desk).says(http.StatusOK).lacks("Choose for users")
	lim, leo := l.there.Enrol("lim", perm.LevelSiteUserLimited), l.there.Enrol("leo", perm.LevelSiteUserLimited)
	l.there.Enrol("una", perm.LevelSiteUser)
	limited := l.enterSite(t, "lim")
	l.sue.get(l.company()+"?folder="+desk).says(http.StatusOK, "Choose for users").hidden()
	l.sue.get(l.company()+"?c="+alarm).says(http.StatusOK, "Choose for users")

	// Two credentials for one of them; the other one keeps what he has.
	l.Must(l.Vault.Choose(t.Context(), l.there.Admin, leo, nil, []string{alarm}))
	page := l.sue.post(several, "act", "choose", "id", alarm, "id", door).says(http.StatusOK, "Choose 2 credentials for users", "Alarm", "Door", "lim", "sees 1 of them").hidden().lacks("una@")
	if checked(page.Body.String(), "user-"+lim) || checked(page.Body.String(), "user-"+leo) {
		t.Error("somebody is checked who does not see all of it")
	}
	l.sue.post(several, "act", "chose", "those", alarm+" "+door, "user", lim, "back", l.company()).leads(l.company())
	l.sue.get(l.company()).says(http.StatusOK, "Saved: chosen for 1 user more.")
	limited.get(l.company()).says(http.StatusOK, "Alarm", "Door").lacks("Till")
	l.enterSite(t, "leo").get(l.company()).says(http.StatusOK, "Alarm").lacks("Door")
	l.sue.get("/audit").says(http.StatusOK, "Chose what is seen by lim (added)")

	// The folder; then the same box unchecked takes it away, and nothing else.
	l.sue.get(folder).says(http.StatusOK, "Choose Desk for users", "With all that is in the folder")
	l.sue.post(folder, "user", lim).leads(l.company() + "?folder=" + desk)
	limited.get(l.company()).says(http.StatusOK, "Till")
	l.sue.get("/credentials/"+till+"/chosen").says(http.StatusOK, "Choose Till for users", "sees it by a folder or a share")
	if !checked(l.sue.get(folder).Body.String(), "user-"+lim) {
		t.Error("the folder's page does not show for whom it is chosen")
	}
	l.sue.post(folder, "user", lim, "user-in", lim).leads(l.company() + "?folder=" + desk)
	l.sue.get("/").says(http.StatusOK, "Nothing to change.")
	l.sue.post(folder, "user-in", lim).leads(l.company() + "?folder=" + desk)
	limited.get(l.company()).says(http.StatusOK, "Alarm", "Door").lacks("Till")

	// Nobody else chooses, and nobody for others; a provider does not at all.
	for _, other := range []*surfer{limited, l.enterSite(t, "una"), l.ada} {
		other.get(folder).says(http.StatusNotFound).sameAs(other.get("/folders/folder_none/chosen"))
		other.post(folder, "user", lim).says(http.StatusNotFound)
		other.post(several, "act", "chose", "those", till, "user", lim).says(http.StatusNotFound)
	}
	l.ada.get("/clients/" + l.contoso).says(http.StatusOK).lacks("Choose for users")
	l.ada.get("/credentials/" + l.firewall + "/chosen").says(http.StatusNotFound).sameAs(l.ada.get("/credentials/cred_none/chosen"))
	l.sue.post(folder, "user", l.there.AdminID).says(http.StatusUnprocessableEntity, "Only for a Site User - Limited")
	limited.get(l.company()).says(http.StatusOK).lacks("Till")
}
