package showcase

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"bailiwick/test/browser/chrome"
)

// A password is copied by shortcut, typed words and one key, and is never in
// the document.
func TestPaletteCopiesThePassword(t *testing.T) {
	p := open(t, "/client-list").MayUseClipboard()
	p.Keys("k", chromedp.ModifierCtrl).Until(`document.querySelector("#palette").open`)
	p.Keys("fw").Until(`document.querySelectorAll("#palette [role=option]").length === 7 && document.querySelector("#palette input").value === "fw"`)
	p.Keys(kb.ArrowDown).Until(`document.querySelector("#palette input").getAttribute("aria-activedescendant") === "result-0-1"`)
	p.Picture("palette")
	p.Keys("c", chromedp.ModifierCtrl).Until(`document.querySelector(".toast")?.textContent.includes("cleared in 30 s")`)
	p.Picture("palette-copied")
	holds(t, p, password)
	p.SeesNot(password)
	p.Keys("u", chromedp.ModifierCtrl).Until(`document.querySelector(".toast:last-child")?.textContent.includes("Username")`)
	holds(t, p, "bw-admin")
	p.Keys(kb.Enter).Lands("/client")
}

func holds(t *testing.T, p *chrome.Tab, want string) {
	t.Helper()
	if got := p.Clipboard(); got != want {
		t.Errorf("the clipboard holds %q", got)
	}
}

func TestListKeys(t *testing.T) {
	p := open(t, "/client-list").MayUseClipboard()
	p.Keys("j").Keys(kb.ArrowDown).Until(`document.activeElement.textContent === "Domain join account"`)
	p.Keys("x").Until(`getComputedStyle(document.querySelector(".selection")).display === "flex"`)
	p.Until(`document.querySelector("[data-selected-count]").textContent === "1"`)
	p.Keys("c").Until(`document.querySelector(".toast")?.textContent.includes("copied")`)
	holds(t, p, password)
	p.Picture("list-keys")
	p.Keys(kb.Enter).Until(`!document.querySelector("#panel").hidden && location.pathname === "/client"`)
	p.Until(`document.querySelector(".row-current .row-link").textContent === "Domain join account"`)
	p.Keys("?").Until(`document.querySelector("#keys").open`)
	p.Picture("keys")
	p.Keys(kb.Escape).Keys("g").Keys("d").Lands("/dashboard")
}

// A revealed secret leaves the document when its time is up.
func TestRevealHidesAgain(t *testing.T) {
	p := open(t, "/client")
	p.PressOne(`document.querySelector('[data-reveal-target="secret-console"]')`)
	p.Until(`document.querySelector("#secret-console .secret")?.textContent === "` + password + `"`)
	p.Until(`document.querySelector("#secret-console [data-countdown]").textContent.includes("1 s")`)
	p.Until(`!document.querySelector("#secret-console .secret") && document.querySelector("#secret-console .masked")`)
}

func TestGeneratorFillsTheField(t *testing.T) {
	p := open(t, "/edit")
	p.PressOne(`document.querySelector(".generator > summary")`).Until(`document.querySelector("[data-generated]").textContent.length === 20`)
	p.Picture("generator")
	p.PressOne(`document.querySelector("[data-generate]")`)
	p.Until(`/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^\w]|.*_)[^O0o1lI|5S2Z8B]{20}$/.test(document.querySelector("#password").value)`)
	p.Until(`document.querySelector("#password-strength strong")?.textContent === "Strong"`)
}
