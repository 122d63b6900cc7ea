package web

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/app"
	"bailiwick/internal/apptest"
	"bailiwick/internal/clock"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/seal"
)

// bareSite is a server on which nobody has set up anything.
func bareSite(t *testing.T) (*site, seal.Token) {
	t.Helper()
	argon, err := seal.NewArgonAt(apptest.Cheap, 2, 32)
	if err != nil {
		t.Fatal(err)
	}
	token := seal.NewToken()
	a := app.New(dbtest.SQLite(t), seal.NewKey(), argon, clock.NewFake(time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)))
	s := mountSite(t, a, Options{SetupToken: token})
	s.World = &apptest.World{App: a}
	s.secrets = append(s.secrets, apptest.Password)
	return s, token
}

func firstStep(b *surfer, token seal.Token) {
	b.get("/setup?token=" + token.Reveal()).leads("/setup/organization")
	b.get("/setup/organization").says(200, "Your organization", "Organization Key", "Recovery key")
	b.post("/setup/organization", "organization", "Northwind IT", "name", "Ada Admin", "email", ada, "password", apptest.Password).leads("/setup/organization-key")
}

// groupsOf reads the shown key.
func groupsOf(page answer) []string {
	var groups []string
	for _, m := range regexp.MustCompile(`(?s)<span class="keycode-group">(.*?)</span>\s*(?:<span class="keycode-dash"|</p>|</span>)`).FindAllStringSubmatch(page.Body.String(), -1) {
		groups = append(groups, strings.TrimSuffix(strings.TrimSpace(tags.ReplaceAllString(m[1], "")), "-"))
	}
	return groups
}

func wordsOf(page answer) []string {
	var words []string
	_, list, _ := strings.Cut(page.Body.String(), `class="keycode-words"`)
	list, _, _ = strings.Cut(list, "</ol>")
	for _, m := range regexp.MustCompile(`<li>([a-z]+)</li>`).FindAllStringSubmatch(list, -1) {
		words = append(words, m[1])
	}
	return words
}

// asked gives the two numbers that a confirm page asks for.
func asked(page answer, unit string) [2]int {
	page.t.Helper()
	found := regexp.MustCompile(unit+` (\d+)`).FindAllStringSubmatch(page.text(), -1)
	if len(found) != 2 {
		page.t.Fatalf("%d fields are asked for: %s", len(found), page.text())
	}
	n := [2]int{}
	for i, m := range found {
		for _, c := range m[1] {
			n[i] = n[i]*10 + int(c-'0')
		}
	}
	return n
}

// prove reads a key from its page and types what is asked for.
func (b *surfer) prove(path string) answer {
	b.t.Helper()
	groups := groupsOf(b.get(path).says(200, "Print"))
	if len(groups) != 6 {
		b.t.Fatalf("the key has %d groups: %v", len(groups), groups)
	}
	n := asked(b.get(path+"?confirm=1").says(200).lacks(groups[0], groups[1], groups[4]), "Group")
	return b.post(path, "first", strings.ToLower(groups[n[0]-1]), "second", " "+groups[n[1]-1])
}

func TestSetUp(t *testing.T) {
	s, token := bareSite(t)
	b := s.surfer(t)
	firstStep(b, token)
	b.prove("/setup/organization-key").leads("/setup/recovery-key")
	b.prove("/setup/recovery-key").leads("/")
	b.get("/").says(200, "Bailiwick is set up, and the vault is open.")
	b.get("/").lacks("Bailiwick is set up")
	b.get("/organization/keys").says(200, "Confirmed").lacks("Not confirmed")
	if _, kept := b.cookies["__Host-setup"]; kept {
		t.Error("the cookie of set-up is still there")
	}
	known := s.surfer(t)
	for n, v := range b.cookies {
		if strings.HasPrefix(n, "__Host-dev-") {
			known.cookies[n] = v
		}
	}
	known.post("/sign-in", "email", ada, "password", apptest.Password).leads("/")
}

func TestSetUpByWordsAndRecoveryLater(t *testing.T) {
	s, token := bareSite(t)
	b := s.surfer(t)
	firstStep(b, token)
	shown := b.get("/setup/organization-key?form=words").says(200)
	words := wordsOf(shown)
	if len(words) != 12 {
		t.Fatalf("the key has %d words", len(words))
	}
	n := asked(b.get("/setup/organization-key?confirm=1&form=words"), "Word")
	b.post("/setup/organization-key", "form", "words", "first", words[n[0]-1], "second", "wrong").says(422, "This is not word", "of the key")
	b.get("/setup/recovery-key").leads("/setup/organization-key")
	b.post("/setup/recovery-key", "later", "1").leads("/setup/organization-key")
	b.post("/setup/organization-key", "form", "words", "first", words[n[0]-1][:3]+words[n[0]-1][3:], "second", strings.ToUpper(words[n[1]-1])).leads("/setup/recovery-key")
	b.post("/setup/recovery-key", "later", "1").leads("/")
	b.get("/organization/keys").says(200, "The Recovery key is not confirmed yet")
	code, err := seal.ParseCode(strings.Join(words, " "))
	if err != nil {
		t.Fatal(err)
	}
	other := s.surfer(t)
	other.post("/sign-in", "email", ada, "password", apptest.Password).leads("/open?next=%2F")
	other.post("/open", "organization_key", code.Chars()).leads("/me/recovery-code?next=%2F")
}

func TestSetUpNeedsItsToken(t *testing.T) {
	s, token := bareSite(t)
	b := s.surfer(t)
	for _, path := range []string{"/", "/sign-in", "/me", "/organization/keys"} {
		b.get(path).leads("/setup")
	}
	b.post("/sign-in", "email", ada, "password", apptest.Password).leads("/setup")
	b.get("/setup").says(200, "open the address that it printed")
	wrong := b.get("/setup?token="+seal.NewToken().Reveal()).says(404, "no longer good, or not whole")
	none := b.get("/setup?token=x").says(404)
	for _, path := range []string{"/setup/organization", "/setup/organization-key", "/setup/recovery-key"} {
		b.get(path).leads("/setup")
		b.post(path, "later", "1").leads("/setup")
	}
	firstStep(b, token)
	replay := s.surfer(t) // another browser with the same address, and one with the cookie of the first
	replay.get("/setup?token=" + token.Reveal()).leads("/setup/organization")
	stale := s.surfer(t)
	stale.cookies["__Host-setup"] = b.cookies["__Host-setup"]
	b.prove("/setup/organization-key")
	b.post("/setup/recovery-key", "later", "1").leads("/")
	used := replay.get("/setup?token=" + token.Reveal()).says(404)
	if withoutID(wrong) != withoutID(none) {
		t.Error("a wrong and a malformed token are answered differently")
	}
	if withoutID(used) != withoutID(replay.get("/no-such-page").says(404)) {
		t.Error("after set-up its address is still something")
	}
	replay.post("/setup/organization", "organization", "Evil", "name", "E", "email", "e@evil.example", "password", apptest.Password).says(404)
	stale.post("/setup/recovery-key", "later", "1").says(404)
	stale.get("/setup/organization-key").says(404)
}

func withoutID(a answer) string {
	return strings.ReplaceAll(a.Body.String(), a.Header().Get("X-Request-Id"), "")
}

func TestSetUpFinishesOnce(t *testing.T) {
	s, token := bareSite(t)
	b := s.surfer(t)
	firstStep(b, token)
	b.prove("/setup/organization-key")
	answers := make(chan answer, 8)
	for range cap(answers) {
		go func() {
			other := s.surfer(t)
			other.cookies["__Host-setup"] = b.cookies["__Host-setup"]
			answers <- other.post("/setup/recovery-key", "later", "1")
		}()
	}
	done := 0
	for range cap(answers) {
		switch a := <-answers; {
		case a.Code == 303 && a.Header().Get("Location") == "/":
			done++
		case a.Code != 404:
			t.Errorf("status %d to %q", a.Code, a.Header().Get("Location"))
		}
	}
	if done != 1 {
		t.Errorf("set up %d times", done)
	}
}

func TestFirstStepKeepsWhatWasTyped(t *testing.T) {
	s, token := bareSite(t)
	b := s.surfer(t)
	b.get("/setup?token=" + token.Reveal())
	page := b.post("/setup/organization", "organization", "", "name", "Ada Admin", "email", "ada at northwind", "password", apptest.Password).
		says(422, "Give the organization a name", "not an email address", "Kept from before").lacks(apptest.Password)
	if got := page.value("name"); got != "Ada Admin" {
		t.Errorf("the name came back as %q", got)
	}
	b.get("/setup/organization-key").leads("/setup/organization")
	b.post("/setup/organization", "organization", "N", "name", "Ada Admin", "email", ada, "password", "short").says(422, "at least 12 characters").lacks("Kept from before")
	b.post("/setup/organization", "organization", "N", "name", "Ada Admin", "email", ada).says(422, "at least 12 characters")
	b.post("/setup/organization", "organization", "N", "name", "Ada Admin", "email", ada, "password", apptest.Password).leads("/setup/organization-key")
	first := groupsOf(b.get("/setup/organization-key"))
	b.get("/setup/organization").says(200, "Kept from before")
	b.post("/setup/organization", "organization", "N2", "name", "Ada Admin", "email", ada).leads("/setup/organization-key")
	if again := groupsOf(b.get("/setup/organization-key")); strings.Join(again, "-") != strings.Join(first, "-") {
		t.Error("going back made another key, and the printout would be worthless")
	}
	b.post("/setup/strength", "password", "password").says(200, "Very weak")
	b.post("/setup/strength", "password", apptest.Password).says(200, "Very strong").lacks(apptest.Password)
}
