package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/factor"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
)

// branded demands that a page has the provider's name, in its title and beside
// the mark, and the product's nowhere.
func (a answer) branded(words ...string) answer {
	a.t.Helper()
	a.says(http.StatusOK, words...)
	if body := a.Body.String(); !strings.Contains(body, " · Northwind IT</title>") || !strings.Contains(body, `<span class="brand-name">Northwind IT</span>`) || strings.Contains(body, "Bailiwick") {
		a.t.Errorf("not the provider's name: %s", a.text())
	}
	return a
}

// Every page before signing in that is about a site has its provider's name,
// and leads back to the site's own address.
func TestBrandBeforeSigningIn(t *testing.T) {
	l := newLinked(t)
	una := l.there.Enrol("una", perm.LevelSiteUser)
	b := l.surfer(t)
	back := `href="/o/contoso"`
	for _, page := range []answer{b.get("/o/contoso"), b.get("/forgot?at=contoso"), b.post("/forgot", "at", "contoso", "email", "una@contoso.example"), b.get("/request-key?at=contoso"),
		b.post("/request-key", "at", "contoso", "email", "una@contoso.example")} {
		page.branded()
	}
	for _, path := range []string{"/forgot", "/request-key"} {
		b.get("/o/contoso").says(http.StatusOK)
		if !strings.Contains(b.get("/o/contoso").Body.String(), path+"?at=contoso") || !strings.Contains(b.get(path+"?at=contoso").Body.String(), back) {
			t.Errorf("%s is not of the site", path)
		}
		b.get(path).says(http.StatusOK, "Bailiwick")
	}

	// A reset, and its link once it is used.
	reset := l.mailed(t, l.sue, "/users/"+una+"/reset")
	b.get(reset).branded("Set a new password", "Contoso")
	_, token, _ := strings.Cut(reset, "token=")
	b.post("/reset", "token", token, "password", "a new pass phrase of una", "destroy", "yes").leads("/o/contoso")
	dead := b.get(reset)
	if dead.Code = http.StatusOK; !strings.Contains(dead.branded("leads nowhere any more").Body.String(), back) {
		t.Error("a dead link does not lead to the site's address")
	}

	// An invitation, and the second factor.
	added, err := l.People.Invite(t.Context(), l.there.Admin, []people.Invitee{{Email: "leo@contoso.example", Level: perm.LevelSiteUser}}, "")
	l.Must(err)
	b.get(added[0].Link.Reveal()).branded("Welcome to Contoso")
	b.post("/o/contoso", "email", "sue@contoso.example", "password", "wrong").says(http.StatusUnauthorized)
	l.second(l.there.SignedIn("sue"))
	sue := l.surfer(t)
	sue.post("/o/contoso", "email", "sue@contoso.example", "password", apptest.Password).leads("/sign-in/second?next=%2F")
	sue.get("/sign-in/second").branded("Second factor")
	sue.post("/sign-in/second", "code", "000000").says(http.StatusUnprocessableEntity, "Northwind IT")

	// A passkey that signs nobody in, also where nothing is asked for any more.
	b.post("/sign-in/passkey", "organization", l.there.ID, "passkey", "{}").says(http.StatusUnauthorized, "Northwind IT").holds(`action="/o/contoso"`)

	// Signing out leads to the site's address, and an absent page has the name.
	l.sue.get("/nothing-there").says(http.StatusNotFound)
	if page := l.sue.get("/users/user_none").says(http.StatusNotFound).Body.String(); !strings.Contains(page, "Northwind IT") {
		t.Error("an absent page lacks the provider's name")
	}
	l.sue.post("/sign-out").leads("/o/contoso")
	l.ada.post("/sign-out").leads("/sign-in")
}

// What a site's administrator sees has its provider's name too, and nothing
// that a site does not have: guests, account roles, levels of a provider.
func TestBrandInside(t *testing.T) {
	l := newLinked(t)
	una := l.there.Enrol("una", perm.LevelSiteUser)
	l.sue.get("/settings/people").branded("Site User unless you change it").lacks("Technician")
	l.ada.get("/settings/people").says(http.StatusOK, "Technician - Assigned Access unless you change it")
	for _, b := range []*surfer{l.sue, l.ada} {
		page := b.get("/users/"+una).says(http.StatusOK, "Site User - Limited", "Only levels within your own permissions can be given.")
		page.lacks("Account roles", "None: guest", "Organization Admin makes")
	}
	tim := l.Enrol("till", perm.LevelTechnicianDefault)
	l.ada.get("/users/"+tim).says(http.StatusOK, "Account roles", "None: guest", "Organization Admin makes")

	l.sue.post("/users/" + una + "/perspective").leads("/")
	l.sue.get("/").branded("You see Northwind IT as una")
	l.sue.post("/perspective/exit").leads("/")

	_, err := l.People.Invite(t.Context(), l.there.Admin, []people.Invitee{{Email: "leo@contoso.example", Level: perm.LevelSiteUser}}, "")
	l.Must(err)
	list := l.sue.get("/organization/mail/outbox").branded("leo@contoso.example").Body.String()
	_, id, _ := strings.Cut(list, `"/organization/mail/outbox/mail_`)
	id, _, _ = strings.Cut(id, `"`)
	l.sue.post("/organization/mail/outbox/mail_"+strings.TrimSuffix(id, "/drop")+"/show").branded("invites you to work with Contoso.", "Sent by Northwind IT for Contoso.")
}

// All steps of an activation, and who waits for it.
func TestBrandOfActivation(t *testing.T) {
	o := newOffice(t)
	l := &linked{office: o}
	l.Must(l.Clients.OpenSite(t.Context(), l.Admin, l.contoso))
	visitor, err := l.People.In(t.Context(), l.Admin, l.contoso)
	l.Must(err)
	added, err := l.People.Invite(t.Context(), visitor, []people.Invitee{{Email: "una@contoso.example", Level: perm.LevelSiteUser}, {Email: "sue@contoso.example", Level: perm.LevelSiteAdministrator}}, "")
	l.Must(err)
	una := l.surfer(t)
	early := added[0].Link.Reveal()
	una.get(early).branded("Welcome to Contoso", "as soon as the site's administrator has activated it")
	_, token, _ := strings.Cut(early, "token=")
	waits := una.post("/invitation", "token", token, "name", "Una", "password", "a new pass phrase of una").branded("waits for activation by its administrator")
	if !strings.Contains(waits.Body.String(), `href="/o/contoso"`) {
		t.Error("the waiting page does not lead to the site's address")
	}
	una.post("/o/contoso", "email", "una@contoso.example", "password", "a new pass phrase of una")

	sue := l.surfer(t)
	link, secret, _ := strings.Cut(added[1].Link.Reveal(), "#")
	sue.get(link).branded("Activate Contoso")
	_, token, _ = strings.Cut(link, "token=")
	sue.post("/activate", "token", token, "secret", secret, "name", "Sue", "password", "a new pass phrase of sue").leads("/activate/organization-key")
	sue.get("/activate/organization-key").branded("Print your Organization Key")
	sue.get("/activate/organization-key?confirm=1").branded("Type two parts")
	sue.prove("/activate/organization-key").leads("/activate/recovery-key")
	sue.get("/activate/recovery-key").branded("Print your Recovery key")
	sue.get("/activate/recovery-key?confirm=1").branded("Type two groups")
	sue.finishesOnce("/activate/recovery-key")
	sue.get("/").branded("Contoso is activated")
}

// finishesOnce finishes an activation in several tabs at once: one is in, and
// the others are told that it is done.
func (b *surfer) finishesOnce(path string) {
	b.t.Helper()
	answers := make(chan answer, 8)
	jars := make([]*surfer, cap(answers))
	for i := range jars {
		jars[i] = b.site.surfer(b.t)
		jars[i].cookies[activationCookie] = b.cookies[activationCookie]
		go func() { answers <- jars[i].post(path, "later", "1") }()
	}
	done := 0
	for range jars {
		switch a := <-answers; a.Code {
		case http.StatusSeeOther:
			done++
		case http.StatusUnprocessableEntity:
		default:
			b.t.Errorf("status %d: %s", a.Code, a.text())
		}
	}
	for _, other := range jars {
		if _, in := other.cookies[sessionCookie]; in {
			b.cookies = other.cookies
		}
	}
	if done != 1 {
		b.t.Errorf("activated %d times", done)
	}
}

// mailed asks for a mail by an act of a page, and gives the link in it.
func (l *linked) mailed(t *testing.T, by *surfer, act string) string {
	t.Helper()
	to := by.post(act).Header().Get("Location")
	page := by.post(to+"/show").says(http.StatusOK, "Copy link").Body.String()
	i := strings.Index(page, "/reset?token=")
	if i < 0 {
		t.Fatalf("there is no link: %s", page)
	}
	return page[i : i+strings.IndexAny(page[i:], "\"< ")]
}

// second sets up an app for a user of the site.
func (l *linked) second(in session.SignedIn) {
	ctx := context.Background()
	who := l.Resume(in)
	id, err := l.Factors.Begin(ctx, who, factor.NewFactor{Kind: factor.TOTP, Name: "Telephone", Password: seal.NewSecret(apptest.Password), Holder: session.Holder(in.Bearer())})
	l.Must(err)
	shown, err := l.Factors.Show(ctx, who, id)
	l.Must(err)
	_, err = l.Factors.Confirm(ctx, who, factor.Confirmation{ID: id, Code: shown.Seed.Code(seal.TOTPStep(l.Clock.Now()))})
	l.Must(err)
}
