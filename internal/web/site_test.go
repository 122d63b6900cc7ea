package web

import (
	"net/http"
	"testing"

	"bailiwick/internal/perm"
)

// A site shows its provider's name in the place of the product's, and the pages
// of its three levels offer what is of use there.
func TestInsideSite(t *testing.T) {
	l := newLinked(t)
	l.there.Enrol("uma", perm.LevelSiteUser)
	l.there.Enrol("lim", perm.LevelSiteUserLimited)
	l.surfer(t).get("/o/contoso").says(http.StatusOK, "Sign in · Northwind IT")
	l.ada.get("/").says(http.StatusOK, "Dashboard · Bailiwick")
	for name, b := range map[string]*surfer{"sue": l.sue, "uma": l.enterSite(t, "uma"), "lim": l.enterSite(t, "lim")} {
		b.get("/").says(http.StatusOK, "Dashboard · Northwind IT").lacks(`href="/clients"`)
		b.get("/clients").leads(l.company())
		b.get(l.company()).says(http.StatusOK, "Company vault · Northwind IT").lacks(`href="/clients"`)
		if name != "sue" {
			b.get(usersPath).says(http.StatusNotFound)
			b.get(peopleSettingsPath).says(http.StatusNotFound)
		}
	}
	l.sue.get(peopleSettingsPath).says(http.StatusOK, "Lockout", "Show our users").lacks("Self-registration", "Show unassigned", "Company vault by default access")
	l.ada.get(peopleSettingsPath).says(http.StatusOK, "Self-registration", "Show unassigned", "Company vault by default access")
}

// What somebody of a site has seen is known there: his provider is told so, and
// goes back to the users of sites.
func TestProviderDisablesSiteUser(t *testing.T) {
	l := newLinked(t)
	uma := l.there.Enrol("uma", perm.LevelSiteUser)
	l.there.SignIn("uma")
	l.ada.get("/clients/"+l.contoso+"/disable").says(http.StatusOK, "It disables 2 users of the site and ends ")
	l.ada.get(usersPath+"/"+uma+"/disable").says(http.StatusOK, "known in the site only").lacks("off-boarding page")
	l.ada.post(usersPath + "/" + uma + "/disable").leads(usersPath + "?kind=site")
	l.ada.get(usersPath+"?kind=site").says(http.StatusOK, "known in the site only")
	l.ada.get(usersPath+"/"+uma+"/enable").says(http.StatusOK, "site's Organization Key").lacks("Send organization key")
	l.sue.get(usersPath + "/" + uma + "/off-boarding").says(http.StatusOK)
}
