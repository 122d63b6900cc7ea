package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/apptest"
	"bailiwick/internal/perm"
	"bailiwick/internal/session"
)

func TestSignInOnANewAndOnAKnownBrowser(t *testing.T) {
	s := newSite(t)
	b := s.surfer(t)
	b.get("/me?x=1").leads("/sign-in?next=%2Fme%3Fx%3D1")
	if b.get("/sign-in?next=/me/sessions").value("next") != "/me/sessions" {
		t.Error("the sign-in forgets where one was on the way to")
	}
	b.post("/sign-in", "email", ada, "password", apptest.Password, "next", "/me/sessions").leads("/open?next=%2Fme%2Fsessions")
	b.get("/open?next=/me/sessions").says(200, "Organization Key", "Request the organization key").lacks(`name="password"`)
	b.get("/sign-in?next=/me").leads("/me")
	b.post("/open", "organization_key", s.Code.Words(), "next", "/me/sessions").leads("/me/recovery-code?next=%2Fme%2Fsessions")
	b.get("/open?next=/me").leads("/me")

	b.post("/sign-out").leads("/sign-in")
	b.get("/sign-in").says(200, "You are signed out.")
	b.get("/me").leads("/sign-in?next=%2Fme")
	b.post("/sign-in", "email", " ADA@northwind.example", "password", apptest.Password).leads("/")

	s.Clock.Advance(session.Idle + time.Second)
	b.get("/me/recovery-code/new").leads("/open?next=%2Fme%2Frecovery-code%2Fnew")
	b.get("/open").says(200, "Your password opens it").lacks(`name="organization_key"`)
	b.post("/open", "password", "wrong horse battery staple").says(422, "The password is not right").lacks("wrong horse")
	b.post("/open", "password", apptest.Password).leads("/me/recovery-code?next=%2F")
}

func TestSealNow(t *testing.T) {
	s := newSite(t)
	b := s.surfer(t).signIn(ada)
	b.post("/close").leads("/")
	b.get("/me").says(200, "Sealed", "The vault is sealed in this browser")
	for n := range b.cookies {
		if strings.HasPrefix(n, "__Host-dev-") {
			delete(b.cookies, n)
		}
	}
	b.get("/open").says(200, "Organization Key", "Password")
	b.post("/open", "organization_key", s.Code.Chars(), "password", "wrong horse battery staple").says(422, "The password is not right")
	typo := strings.Replace(s.Code.Chars(), "-", "-?", 1)
	b.post("/open", "organization_key", typo[:len(typo)-3], "password", apptest.Password).says(422, "too short").lacks(apptest.Password)
	b.post("/open", "organization_key", s.Recovery.Chars(), "password", apptest.Password).says(422, "This is not the Organization Key of this organization")
	b.post("/open", "organization_key", s.Code.Chars(), "password", apptest.Password, "next", "/me").leads("/me/recovery-code?next=%2Fme")
}

func TestRefusedSignInTellsNothing(t *testing.T) {
	s := newSite(t)
	b := s.surfer(t)
	a := b.post("/sign-in", "email", ada, "password", "wrong horse battery staple", "next", "/me").says(401, "do not fit").lacks("wrong horse")
	if a.value("email") != ada || a.value("next") != "/me" {
		t.Error("email or next is lost")
	}
	none := b.post("/sign-in", "email", "eve@northwind.example", "password", "wrong horse battery staple", "next", "/me").says(401)
	if once := a.value("once"); once == none.value("once") {
		t.Error("two forms have the same idempotency key")
	}
	same := func(a answer, email string) string {
		return strings.ReplaceAll(strings.ReplaceAll(a.Body.String(), a.value("once"), ""), email, "")
	}
	if same(a, ada) != same(none, "eve@northwind.example") {
		t.Error("an address without an account is answered differently")
	}
	if len(b.cookies) != 0 {
		t.Errorf("a refused sign-in set cookies: %v", b.cookies)
	}
}

func TestTooManyTries(t *testing.T) {
	s := newSite(t)
	b := s.surfer(t)
	var last answer
	for range 61 {
		last = b.post("/sign-in", "email", "eve@northwind.example", "password", strings.Repeat("x", 5000))
	}
	last.says(429, "Too many tries. Wait 10 minutes and try again.")
	if last.Header().Get("Retry-After") != "600" {
		t.Errorf("Retry-After is %q", last.Header().Get("Retry-After"))
	}
}

func TestNextStaysHere(t *testing.T) {
	s := newSite(t)
	b := s.surfer(t)
	for _, evil := range []string{"https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example", "evil.example", "/%0d%0aSet-Cookie:x", "///evil.example"} {
		b.cookies = map[string]string{}
		a := b.post("/sign-in", "email", ada, "password", apptest.Password, "next", evil)
		to := a.Header().Get("Location")
		u, err := url.Parse(to)
		if err != nil || u.Host != "" || u.Scheme != "" || u.Path != "/open" {
			t.Errorf("next=%q leads to %q", evil, to)
		}
		after := b.post("/open", "organization_key", s.Code.Chars(), "next", evil).Header().Get("Location")
		if u, err := url.Parse(after); err != nil || u.Host != "" || u.Path != "/me/recovery-code" {
			t.Errorf("after opening, next=%q leads to %q", evil, after)
		}
		if to := b.get("/sign-in?next=" + url.QueryEscape(evil)).Header().Get("Location"); strings.Contains(to, "evil") && !strings.HasPrefix(to, "/%0d") {
			t.Errorf("somebody signed in is sent to %q", to)
		}
	}
}

func TestOwnAddressOfAnOrganization(t *testing.T) {
	s := newSite(t)
	b := s.surfer(t)
	b.get("/o/northwind-it").says(200, "Northwind IT")
	b.get("/o/somebody-else").says(404)
	b.post("/o/northwind-it", "email", ada, "password", "wrong horse battery staple").says(401, "Northwind IT")
	b.post("/o/northwind-it", "email", ada, "password", apptest.Password).leads("/open?next=%2F")
}

func TestSeveralOrganizations(t *testing.T) {
	s := newSite(t)
	b := s.surfer(t)
	b.get("/sign-in/choose").leads("/sign-in")
	b.post("/sign-in/choose", "organization", s.OrgID).leads("/sign-in")
	// The feature finds the organizations; what the pages do with them is tested here.
	ticket := b.keepChoice(s)
	page := b.get("/sign-in/choose").says(200, "Northwind IT", "Contoso").lacks(apptest.Password)
	if strings.Contains(page.Body.String(), ticket) {
		t.Error("the ticket is in the page")
	}
	b.post("/sign-in/choose", "organization", "org_other").says(404)
	b.post("/sign-in/choose", "organization", s.OrgID).leads("/open?next=%2Fme")
	b.cookies["__Host-choice"] = ticket
	b.post("/sign-in/choose", "organization", s.OrgID).leads("/sign-in")
	again := s.surfer(t)
	again.cookies["__Host-choice"] = again.keepChoice(s)
	s.Clock.Advance(4 * time.Minute)
	again.get("/sign-in/choose").leads("/sign-in")
}

func TestOtherSitesAreRefused(t *testing.T) {
	s := newSite(t)
	b := s.surfer(t).signIn(ada)
	b.header.Set("Sec-Fetch-Site", "cross-site")
	for _, path := range []string{"/sign-in", "/sign-out", "/close", "/open", "/me/password", "/me/tokens/new", "/me/sessions/end", "/organization/keys/change"} {
		b.post(path, "email", ada, "password", apptest.Password).says(404, "This request came from another site")
	}
	b.header.Del("Sec-Fetch-Site")
	b.header.Set("Origin", "https://evil.example")
	b.post("/sign-out").says(404)
	b.header.Del("Origin")
	b.get("/me").says(200, "Ada Admin")
}

func TestErrorPages(t *testing.T) {
	s := newSite(t)
	b := s.surfer(t).signIn(ada)
	page := b.get("/no-such-page").says(404, "Not found", "Request req_")
	if !strings.Contains(page.text(), page.Header().Get("X-Request-Id")) {
		t.Error("the page names another request")
	}
	b.header.Set("X-Requested-With", "bailiwick")
	if a := b.get("/no-such-page").says(404); a.Header().Get("Content-Type") != "text/plain; charset=utf-8" || strings.Contains(a.Body.String(), "<") {
		t.Error("the script gets a page")
	}
	b.header.Del("X-Requested-With")
	w := s.surfer(t)
	w.post("/me/password", "password", apptest.Password, "new_password", "x").says(401, "Sign in first").lacks(apptest.Password)
	big := url.Values{"email": {ada}, "password": {strings.Repeat("canary", 400_000)}}
	w.do("POST", "/sign-in", big).says(413, "too large").lacks("canary")
}

func TestGuestsHaveNoVault(t *testing.T) {
	s := newSite(t)
	s.Enrol("gus", "")
	b := s.surfer(t)
	b.post("/sign-in", "email", "gus@northwind.example", "password", apptest.Password).leads("/open?next=%2F")
	b.get("/open?next=/me").leads("/me")
	b.get("/me").says(200, "Guest").lacks("Recovery code", "API tokens", `href="/my"`, "Organization keys", "Import")
	b.get("/").says(200, "Nothing is shared with you yet").lacks("Search the vault", "Search clients", "This session holds the keys", "My passwords")
	b.get("/search?q=prof").says(200, "Profile and password").lacks("Credentials")
	for _, path := range []string{"/me/recovery-code", "/organization/keys", "/me/tokens/new", "/me/tokens"} {
		if a := b.get(path); a.Code != http.StatusNotFound && a.Code != http.StatusSeeOther {
			t.Errorf("%s: status %d", path, a.Code)
		}
	}
}

func TestNavigationShowsWhatOneMayUse(t *testing.T) {
	s := newSite(t)
	s.Enrol("tina", perm.LevelTechnicianAssigned)
	s.surfer(t).signIn("tina@northwind.example").get("/me").says(200, "Clients", "My passwords").lacks("Audit log", "Organization keys", `href="/import"`, `data-go="v"`)
	s.surfer(t).signIn(ada).get("/me").says(200, "Clients", "My passwords", "Company vault", "Audit log", "Organization keys", "Import")
}
