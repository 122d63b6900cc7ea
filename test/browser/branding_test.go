package browser

import (
	"testing"

	"bailiwick/test/browser/chrome"
)

// A colour is seen before it is saved, whichever way it is chosen, and nothing
// becomes unreadable by it, there and on the pages for everybody.
func TestBranding(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	p.Go("/settings/branding").Sees("Branding", "Links", "Buttons")
	inspectAs(t, p, "branding")
	p.Type("Colour", "#ffd400").Until(`document.querySelector("#colour-preview").innerText.includes("As text on white it is shown darker")`)
	p.Until(`getComputedStyle(document.querySelector(".colour-dark .btn-primary")).backgroundColor === "rgb(255, 212, 0)"`)
	if got := chrome.Ask[string](p, `document.querySelector("[data-colour-of]").value`); got != "#ffd400" {
		t.Errorf("the choice beside the field has %s", got)
	}
	inspectAs(t, p, "branding-yellow")
	chrome.Ask[bool](p, `(() => { const pick = document.querySelector("[data-colour-of]"); pick.value = "#7a1f5c"; pick.dispatchEvent(new Event("input", { bubbles: true })); return true; })()`)
	p.Until(`document.querySelector("#colour").value === "#7a1f5c" && document.querySelector("#colour-preview").innerText.includes("#7a1f5c, its text")`)
	p.Follow("Save").Sees("The colour is saved.")
	p.Until(`getComputedStyle(document.querySelector("form .btn-primary")).backgroundColor === "rgb(122, 31, 92)"`)
}
