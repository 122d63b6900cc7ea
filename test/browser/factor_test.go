package browser

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	endian "encoding/binary"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bailiwick/test/browser/chrome"
)

// appCode is what an authenticator app shows in so many steps from now
// (RFC 6238), counted by hand and not by the product.
func appCode(t *testing.T, seed string, steps int64) string {
	t.Helper()
	key, err := base32.StdEncoding.DecodeString(strings.ReplaceAll(seed, " ", ""))
	if err != nil {
		t.Fatalf("%q: %v", seed, err)
	}
	h := hmac.New(sha1.New, key)
	_ = endian.Write(h, endian.BigEndian, time.Now().Unix()/30+steps)
	sum := h.Sum(nil)
	at := sum[19] & 15
	return fmt.Sprintf("%06d", endian.BigEndian.Uint32(sum[at:])&0x7fffffff%1000000)
}

// Bruno sets up an app, keeps his recovery codes, and signs in with a code and
// with a recovery code. Mira has a passkey: it is her second factor, opens the
// vault where she is known, and signs her in alone. Ada resets Bruno's,
// and he is led through setting up another. All on a server of their own.
func TestSecondFactor(t *testing.T) {
	t.Parallel()
	own, err := startDemo(filepath.Join(t.TempDir(), "demo"), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(own.stop)
	address := strings.Replace(own.Address, "127.0.0.1", "localhost", 1) // passkeys need a name
	at := func(p *chrome.Tab, name string) { t.Helper(); inspectAs(t, p, "factor-"+name) }
	bruno, mira := own.person("Bruno"), own.person("Mira")

	p := chromium.Profile(t, address)
	signIn(p, bruno)
	openVault(p, own.OrganizationKey)
	first := p
	p.Go("/me").Follow("Second factor").Sees("You have no second factor yet.")
	at(p, "1-none")
	p.Type("Name", "Telephone").Type("Your password", "wrong").Follow("Go on").Sees("The password is not right")
	at(p, "2-wrong")
	p.Type("Your password", bruno.Password).Follow("Go on").Sees("Scan this picture")
	seed := chrome.Ask[string](p, `document.querySelector(".factor-seed").textContent`)
	at(p, "3-app")
	p.Type("Code that the app shows", "000000").Follow("Turn it on").Sees("This is not the code")
	p.Type("Code that the app shows", appCode(t, seed, -1)).Follow("Turn it on").Sees("Your recovery codes")
	codes := chrome.Ask[[]string](p, `[...document.querySelectorAll(".factor-codes li")].map(li => li.textContent)`)
	if len(codes) != 10 {
		t.Fatalf("recovery codes: %v", codes)
	}
	at(p, "4-codes")
	p.Follow("I have kept them").Sees("Telephone", "Authenticator app", "10 recovery codes are left")
	at(p, "5-list")
	p.Follow("Edit Telephone").Sees("It is your only one")
	at(p, "6-one")
	p.Type("Name", "Old telephone").Follow("Save").Sees("Old telephone")

	p = chromium.Profile(t, address)
	signIn(p, bruno)
	p.Lands("/sign-in/second").Sees("Code of your app, or a recovery code")
	at(p, "7-second")
	p.Type("Code of your app, or a recovery code", "123456").Follow("Sign in").Sees("You are not signed in yet.")
	p.Type("Code of your app, or a recovery code", appCode(t, seed, 0)).Follow("Sign in").Sees("This browser is not known yet")
	p = chromium.Profile(t, address)
	signIn(p, bruno)
	p.Type("Code of your app, or a recovery code", strings.ToLower(codes[7])).Follow("Sign in").Sees("This browser is not known yet")
	p.Go("/me/factors").Sees("9 recovery codes are left")

	m := chromium.Profile(t, address).Passkeys()
	signIn(m, mira)
	openVault(m, own.OrganizationKey)
	m.Go("/me/factors").Press("Passkey or security key").Type("Name", "This laptop").Type("Your password", mira.Password).Follow("Go on").Sees("Your browser asks")
	at(m, "8-passkey")
	m.Follow("Make the passkey").Sees("Your recovery codes").Follow("I have kept them").Sees("This laptop", "Passkey, in place of the password")
	signOut := func() { m.Go("/").Press("Your menu, " + mira.Name).Follow("Sign out").Sees("You are signed out.") }
	signOut()
	at(m, "9-sign-in")
	signIn(m, mira)
	m.Lands("/sign-in/second").Sees("Use your passkey")
	at(m, "10-second-passkey")
	m.Follow("Use your passkey").Lands("/").Sees("Dashboard")
	signOut()
	m.Go("/sign-in").Follow("Sign in with a passkey").Lands("/").Sees("Dashboard").SeesNot("The vault is sealed")

	a := chromium.Profile(t, address)
	signIn(a, own.person("Ada"))
	openVault(a, own.OrganizationKey)
	user := ""
	for name := range first.Cookies() {
		if id, ok := strings.CutPrefix(name, "__Host-dev-"); ok {
			user = id
		}
	}
	a.Go("/users/"+user+"/reset-factor").Sees("Reset the second factor of Bruno", "TOTP")
	at(a, "11-reset")
	a.Follow("Reset second factor")
	p = chromium.Profile(t, address)
	signIn(p, bruno)
	p.Lands("/me/factors").Sees("Set one up to go on.").SeesNot("Dashboard")
	at(p, "12-enrol")
	p.Go("/clients").Lands("/me/factors")
	p.Type("Name", "New telephone").Type("Your password", bruno.Password).Follow("Go on").Sees("Scan this picture")
	at(p, "13-enrol-app")
	seed = chrome.Ask[string](p, `document.querySelector(".factor-seed").textContent`)
	p.Type("Code that the app shows", appCode(t, seed, 0)).Follow("Turn it on").Sees("Your recovery codes").Follow("I have kept them")
	p.Go("/me/factors").Sees("New telephone").SeesNot("Old telephone")
}
