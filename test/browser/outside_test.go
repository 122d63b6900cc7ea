package browser

import (
	"testing"

	"bailiwick/test/browser/chrome"
)

// The pages before one is in: setting up, signing in, opening, being refused.
func TestPagesOutside(t *testing.T) {
	t.Parallel()
	p := chromium.Profile(t, demo.Address)
	at := func(name string) { t.Helper(); inspectAs(t, p, "outside-"+name) }
	p.Go("/sign-in")
	at("sign-in")
	p.Type("Email", "nobody@example.com").Type("Password", "wrong password").Follow("Sign in")
	at("sign-in-wrong")
	signIn(p, demo.person("Liam"))
	at("open")
	p.Type("Organization Key", "AAAAA-AAAAA").Follow("Open the vault")
	at("open-wrong")
	p.Press("Request the organization key")
	at("open-help")
	p.Type("Organization Key", demo.OrganizationKey).Follow("Open the vault")
	at("recovery-offer")
	p.Go("/setup")
	at("no-setup")
}

func TestPagesOfTheWizard(t *testing.T) {
	t.Parallel()
	s, printed := startEmpty(t)
	p := chromium.Profile(t, s.Address)
	at := func(name string) { t.Helper(); inspectAs(t, p, "wizard-"+name) }
	p.Go("/")
	at("closed")
	p.Go(printed)
	at("1-organization")
	p.Type("Organization", "First Provider").Type("Your name", "Sam First").Type("Your email", "sam@first.example").Type("Your password", "short").Follow("Go on to the keys")
	at("2-organization-wrong")
	p.Press("Generate").Until(`document.querySelector("[data-generated]").textContent.length > 11`)
	at("3-generator")
	p.Press("Use this password").Sees("Very hard to guess")
	at("4-strength")
	p.Follow("Go on to the keys")
	at("5-key")
	p.Follow("As twelve words")
	at("6-key-words")
	key := readKey(p)
	p.Follow("I have it: confirm")
	at("7-key-confirm")
	confirm(p, key, "wrong")
	p.Follow("Confirm and go on")
	at("8-key-confirm-wrong")
	confirm(p, key, "")
	p.Follow("Confirm and go on")
	at("9-recovery")
	p.Follow("Finish, and confirm it later")
	at("10-first-dashboard")
	p.Go("/clients")
	at("11-first-clients")
}

// What opens above a page.
func TestOpenParts(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	at := func(name string) { t.Helper(); inspectAs(t, p, "open-"+name) }
	p.Go("/clients").Keys("?").Until(`document.querySelector("#keys").open`)
	at("keys")
	p.Press("Close").Keys("/").Until(`document.querySelector("#palette").open`)
	at("palette-empty")
	p.Keys("fw").Until(`document.querySelectorAll("#palette [role=option]").length > 3`)
	at("palette")
	// What a menu covers is not to be judged by what is left of it.
	menu := func(name string) {
		t.Helper()
		inspectAs(t, p.In("details.menu[open]"), "open-"+name)
	}
	p.Go("/clients").Press("New")
	menu("menu-new")
	p.Go("/clients").Press("Your menu, Ada Lindqvist")
	menu("menu-me")
	p.Go("/clients").Follow("Bayside Dental Group").PressOne(`document.querySelectorAll(".row-link")[2]`).In("#panel").Sees("Password")
	p.In("#panel").Press("More for this credential")
	menu("menu-credential")
	p.PressOne(`document.querySelector("h1")`).In("#panel").Press("Reveal Password").Press("Read it out")
	at("revealed")
	p.Keys("j").Keys("x").Keys("j").Keys("x").Until(`document.querySelector("[data-selected-count]").textContent === "2"`)
	at("selected")
	p.In("#selection").Follow("Move")
	at("move-several")
	chrome.Ask[bool](p.Go("/clients/new"), `!(document.querySelector("#name").required = false)`)
	p.Follow("Add client").Sees("Not saved yet. What you typed is kept.")
	at("client-wrong")
	p.Go("/clients").Size(360, 780).Press("Open the navigation").Still()
	for _, f := range p.Accessible(chrome.Every) {
		t.Error(f)
	}
	p.Picture("open-nav-360")
}
