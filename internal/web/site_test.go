package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"bailiwick/internal/people"
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
	if off, err := l.People.Offboarding(t.Context(), l.there.Admin, uma); err != nil || off.ByName != "Northwind IT" {
		t.Errorf("the off-boarding was begun by %q: %v", off.ByName, err)
	}
}

// The tab of site users is exported by itself: as narrowed to a client, with the
// client of each user, and none of the provider's own.
func TestSiteUsersAreExported(t *testing.T) {
	l := newLinked(t)
	l.there.Enrol("uma", perm.LevelSiteUser)
	for _, link := range []string{"/users/export?client=" + l.contoso + "&kind=site", "/users/export?kind=site"} {
		narrowed := strings.Replace(strings.TrimPrefix(link, "/users/export"), "&", "&amp;", 1)
		l.ada.get(usersPath + strings.Replace(narrowed, "&amp;", "&", 1)).says(http.StatusOK).holds(`action="/users/export` + narrowed + `"`)
		file := l.ada.post(link)
		if text := file.Body.String(); file.Code != http.StatusOK || !strings.Contains(text, "Client,Name,Email,Permission level,") || !strings.Contains(text, ",uma@contoso.example,") || strings.Count(text, "Contoso,") != 2 || strings.Contains(text, "ada@") {
			t.Errorf("%s: %d %s", link, file.Code, text)
		}
		if name := file.Header().Get("Content-Disposition"); !strings.Contains(name, "site-users-") {
			t.Errorf("%s is named %s", link, name)
		}
	}
	l.ada.post("/users/export?kind=site&client=" + l.fabrikam).says(http.StatusNotFound)
	l.ada.get(usersPath).says(http.StatusOK).holds(`action="/users/export"`)
	l.ada.get(usersPath+"?kind=site").says(http.StatusOK, "Level, client").lacks("Level, kind, roles")
	l.ada.get(usersPath+"?kind=administrator").says(http.StatusOK, "Level, kind, roles")
	l.sue.get(usersPath+"?kind=administrator").says(http.StatusOK, "sue@contoso.example").lacks("Level, kind, roles", "Level, client")
	l.ada.get("/clients/" + l.contoso + "/edit").says(http.StatusOK).holds(`data-copy-text="` + l.App.Public() + `/o/contoso"`)
}

// Where nothing is mailed, who resets or invites a site's user is shown the
// link: the site's outbox is not the provider's to read.
func TestProviderPassesSiteLinksOn(t *testing.T) {
	l := newLinked(t)
	uma := usersPath + "/" + l.there.Enrol("uma", perm.LevelSiteUser)
	page := l.ada.post(uma+"/reset").says(http.StatusOK, "Reset link of", "Nothing is sent").holds("/reset?token=")
	link := regexp.MustCompile(`/reset\?token=[^"&]+`).FindString(page.Body.String())
	l.surfer(t).get(link).says(http.StatusOK, "uma@contoso.example")
	l.ada.get("/audit").says(http.StatusOK).lacks("token=")

	added := l.ada.post(addPeoplePath, "site", l.contoso, "email", "una@contoso.example", "name", "Una", "kind", "member", "level", perm.LevelSiteUser, "act", "add")
	added.says(http.StatusOK, "1 person invited").holds(`href="/users/add?site=`+l.contoso, `href="/users?client=`+l.contoso+`&amp;kind=site"`)
	if strings.Count(added.Body.String(), `href="/users/add"`) != strings.Count(l.ada.get(usersPath+"?kind=site").Body.String(), `href="/users/add"`) {
		t.Error("a way on from the site's people leads to the provider's own") // but for the menu of every page
	}
	una := usersPath + "/" + regexp.MustCompile(`user_[0-9a-z]+`).FindString(added.Body.String())
	l.ada.post(una+"/resend").says(http.StatusOK).holds("/invitation?token=", `href="/users?kind=site"`).lacks("Add more people")
	l.ada.get(addPeoplePath + "?site=" + l.contoso).says(http.StatusOK).holds(`href="/users?client=` + l.contoso + `&amp;kind=site"`)
}

// Who is added to a site that waits is preset to be its administrator only as
// long as it has none.
func TestFirstOfSiteIsItsAdministrator(t *testing.T) {
	o := newOffice(t)
	o.Must(o.Clients.OpenSite(t.Context(), o.Admin, o.contoso))
	preset := func(kind string) {
		t.Helper()
		o.ada.post(addPeoplePath, "site", o.contoso, "addresses", "new@contoso.example", "act", "check").says(http.StatusOK).holds(`value="` + kind + `" selected`)
	}
	preset(kindAdministrator)
	o.ada.post(addPeoplePath, "site", o.contoso, "email", "sue@contoso.example", "name", "Sue", "kind", kindAdministrator, "act", "add").says(http.StatusOK, "1 person invited")
	preset(kindMember)
}

// A link that is good has a heading of its own where it is of no use yet: it is
// not said to lead nowhere.
func TestInvitationsThatWait(t *testing.T) {
	o := newOffice(t)
	o.Must(o.Clients.OpenSite(t.Context(), o.Admin, o.contoso))
	who, err := o.People.In(t.Context(), o.Admin, o.contoso)
	o.Must(err)
	added, err := o.People.Invite(t.Context(), who, []people.Invitee{{Email: "sue@contoso.example", Level: perm.LevelSiteAdministrator}, {Email: "uma@contoso.example", Level: perm.LevelSiteUser}}, "")
	o.Must(err)
	path, secret, _ := strings.Cut(added[0].Link.Reveal(), "#")
	_, token, _ := strings.Cut(path, "token=")
	b := o.surfer(t)
	wrong := strings.Repeat("A", 43) + "." + strings.Repeat("A", 43)
	b.post("/activate", "token", token, "secret", wrong, "name", "Sue", "password", "a new pass phrase of sue").says(http.StatusUnprocessableEntity, "This code is not the one of the link").lacks("leads nowhere")
	b.get(added[1].Link.Reveal()).says(http.StatusOK, "Set password").lacks("Set password and sign in")

	o.Must(o.Clients.CloseSite(t.Context(), o.Admin, o.contoso))
	b.get(path).says(http.StatusUnprocessableEntity, "This site is switched off", "Your link is good").lacks("leads nowhere")
	o.Must(o.Clients.OpenSite(t.Context(), o.Admin, o.contoso))
	b.get(path).says(http.StatusOK, "Activate Contoso")

	b.post("/activate", "token", token, "secret", secret, "name", "Sue", "password", "a new pass phrase of sue").leads("/activate/organization-key")
	other, err := o.People.Invite(t.Context(), who, []people.Invitee{{Email: "sam@contoso.example", Level: perm.LevelSiteAdministrator}}, "")
	o.Must(err)
	in := o.Activation(other[0].Link.Reveal())
	in.Name = "Sam"
	_, err = o.People.Activate(t.Context(), in)
	o.Must(err)
	b.post("/activate", "token", token, "secret", secret, "name", "Sue", "password", "a new pass phrase of sue").says(http.StatusUnprocessableEntity, "The site is activated already").lacks("leads nowhere")
	b.get(path).says(http.StatusOK, "Welcome to Contoso")
	b.get("/invitation?token=nonsense").says(http.StatusUnprocessableEntity, "This link leads nowhere any more")
}

// A form that does not say what the switch is to become switches nothing: a
// site's users would be signed out by it.
func TestSwitchOfSiteIsSaid(t *testing.T) {
	o := newOffice(t)
	at := "/clients/" + o.contoso + "/site"
	o.ada.post(at, "login", "1").leads(addPeoplePath + "?site=" + o.contoso)
	for _, f := range [][]string{{}, {"login", "maybe"}, {"login", "off"}} {
		o.ada.post(at, f...).says(http.StatusUnprocessableEntity, "Nothing was changed.")
	}
	o.ada.post(at+"/types", "force", "zzz").says(http.StatusUnprocessableEntity, "Nothing was changed.")
	o.ada.post(at+"/types", "force", "1").leads("/clients/" + o.contoso + "/edit#site")
	s, err := o.Clients.Site(t.Context(), o.Admin, o.contoso)
	if err != nil || !s.Login || !s.ForceTypes {
		t.Errorf("%+v %v", s, err)
	}
	o.ada.post(at, "login", "0").leads("/clients/" + o.contoso + "/edit#site")
	if s, err = o.Clients.Site(t.Context(), o.Admin, o.contoso); err != nil || s.Login {
		t.Errorf("%+v %v", s, err)
	}
}
