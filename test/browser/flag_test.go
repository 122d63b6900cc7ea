package browser

import (
	"regexp"
	"strings"
	"testing"

	"bailiwick/test/browser/chrome"
)

// A technician flags what stands on a whiteboard; it shows on the row, in the
// panel and in the count; clearing can be taken back.
func TestFlagAndClear(t *testing.T) {
	t.Parallel()
	p := enter(t, "Carla")
	client := addClient(p, "Flagstaff Bakery")
	addCredential(p, client, secret{title: "Flagstaff router", username: "admin", password: "plinth-umbrella-quarry-84-violet"})
	p.In("#panel").SeesNot("Clear flags")
	p.In("#panel").Press("More for this credential").Follow("Flag for change")
	p.Sees("Flag Flagstaff router").Follow("Flag")
	p.Sees("Say why it should be changed")
	p.Type("Note", "It stands on the whiteboard").Follow("Flag")
	p.Sees("Credential flagged.").In("#panel").Sees("It stands on the whiteboard", "Carla Mendes")
	p.Until(`document.querySelector(".row .reason").dataset.reason === "Flagged: It stands on the whiteboard"`)
	p.Until(`document.querySelector(".flagged-switch .count").textContent === "1"`)
	sound(t, p)
	p.In("#panel").Follow("Clear flags")
	p.Sees("The flags are cleared.").Until(`!document.querySelector(".row .reason")`)
	p.Follow("Undo").Sees("Undone.").Until(`document.querySelector(".row .reason")`)
	addCredential(p, client, secret{title: "Flagstaff printer", username: "admin", password: "printer1"})
	p.In("#panel").Sees("Weak", "below the minimums")
	p.Go(client+"?flagged=1").Sees("Flagstaff printer", "Flagstaff router")
	p.Picture("flags")
}

// The generator in the browser keeps its rules, and draws evenly.
func TestGeneratorInTheBrowser(t *testing.T) {
	t.Parallel()
	p := enter(t, "Carla")
	client := addClient(p, "Generation Mills")
	p.Go(client + "/credentials/new")
	p.PressOne(`document.querySelector(".generator > summary")`).Until(`document.querySelector("[data-generated]").textContent.length === 20`)
	p.Picture("generator-characters")
	set := func(rule, value string) {
		chrome.Ask[bool](p, `(() => { const e = document.querySelector('[data-rule="`+rule+`"]'); e.value = "`+value+`"; e.dispatchEvent(new Event("input", { bubbles: true })); return true })()`)
	}
	set("style", "pronounceable")
	p.Until(`/^([bcdfghjkmnpqrstvwxz]?([aeiu][bcdfghjkmnpqrstvwxz])*[aeiu]?)[0-9][^a-zA-Z0-9]$/i.test(document.querySelector("[data-generated]").textContent)`)
	set("style", "passphrase")
	set("words", "6")
	p.Until(`/^([a-z-]+-){5}[a-z-]+$/.test(document.querySelector("[data-generated]").textContent)`)
	p.Picture("generator-words")
	sound(t, p)
	p.Choose("Type", "Alarm code").Until(`/^[0-9]{6}$/.test(document.querySelector("[data-generated]").textContent)`)
	// 3,000 draws of 64 digits: chi-square with 9 degrees of freedom is beyond
	// 60 once in a thousand million times.
	set("length", "64")
	even := chrome.Ask[float64](p, `(async () => {
		const counts = Array(10).fill(0), out = document.querySelector("[data-generated]"), again = document.querySelector("[data-regenerate]");
		for (let i = 0; i < 3000; i += 1) { again.click(); await null; for (const c of out.textContent) counts[c] += 1; }
		const total = counts.reduce((a, b) => a + b), each = total / 10;
		return total < 180000 ? 1e9 : counts.reduce((sum, n) => sum + (n - each) ** 2 / each, 0);
	})()`)
	if even > 60 {
		t.Errorf("chi-square %.0f", even)
	}
	p.Choose("Type", "Wi-Fi").Until(`document.querySelector("[data-rule=style]").value === "passphrase"`)
	p.PressOne(`document.querySelector("[data-generate]")`)
	made := chrome.Ask[string](p, `document.querySelector("#password").value`)
	if !regexp.MustCompile(`^[a-z-]{15,63}$`).MatchString(made) || strings.Count(made, "-") < 4 {
		t.Errorf("the field has %q", made)
	}
	p.Until(`document.querySelector("#password-strength strong")`)
}

// An administrator says what the generator begins with for a type of one's own;
// numbers that are none are refused.
func TestPasswordMinimums(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	client := addClient(p, "Minim Music")
	p.Go("/settings/passwords").Sees("Minimums", "Generator")
	inspectAs(t, p, "password-settings")
	p.Choose("Door controller", "6 digits").Follow("Save").Sees("The settings of passwords are saved.")
	p.Type("Least characters", "").Follow("Save").Sees("Nothing was saved.", "Type a number between 0 and 64.")
	p.Go(client+"/credentials/new").Choose("Type", "Door controller")
	p.PressOne(`document.querySelector(".generator > summary")`).Until(`/^[0-9]{6}$/.test(document.querySelector("[data-generated]").textContent)`)
}

// sound fails where the page is not accessible, or wider than it should be.
func sound(t *testing.T, p *chrome.Tab) {
	t.Helper()
	for _, found := range p.Accessible(chrome.Every) {
		t.Error(found)
	}
	if wide := p.TooWide(); wide != "" {
		t.Error(wide)
	}
}

// Several at once from the list: flagged, taken back, flagged, cleared and put
// back; folder and list say how many and why.
func TestFlagSeveral(t *testing.T) {
	t.Parallel()
	p := enter(t, "Carla")
	client := addClient(p, "Flagon Brewers")
	p.Go(client).Press("New folder").Type("Name", "Cellar").Follow("Add folder")
	for _, title := range []string{"Flagon pump", "Flagon scale"} {
		addCredential(p, client, secret{title: title, username: "admin", password: "plinth-umbrella-quarry-" + title})
	}
	count := func(want string) {
		p.Until(`(document.querySelector("a.flagged-switch")?.title || "") === "` + want + `"`)
	}
	p.Go(client).Keys("j").Keys("x").Keys("j").Keys("x")
	p.In("#selection").Follow("Flag").Sees("Flag 2 credentials", "Flagon pump", "Flagon scale").Type("Note", "The tap was open").Follow("Flag")
	p.Sees("2 credentials flagged.")
	count("2 flagged credentials: 2 by hand")
	p.Follow("Undo").Sees("Undone.")
	count("")
	p.Keys("j").Keys("x").Keys("j").Keys("x")
	p.In("#selection").Follow("Flag").Type("Note", "The tap was open").Follow("Flag")
	p.Drag(`[...document.querySelectorAll("tr[data-row]")].find((r) => r.querySelector(".row-link").textContent === "Flagon pump")`, leaf("Cellar")).Sees("Credential moved.")
	p.Until(leaf("Cellar") + `.querySelector(".flag-count").title === "1 flagged credential: 1 by hand"`)
	p.Follow("Undo").Sees("Undone.").Until(`!` + leaf("Cellar") + `.querySelector(".flag-count")`)
	p.Go("/clients").Type("Filter clients", "Flagon").Until(`document.querySelector("td .badge[title='2 flagged credentials: 2 by hand']")`)
	p.Go(client + "?flagged=1").Keys("j").Keys("x").Keys("j").Keys("x")
	p.In("#selection").Follow("Clear flags")
	p.Sees("The flags of 2 credentials are cleared.", "Nothing is flagged here").Follow("Undo").Sees("Undone.", "Flagon pump", "Flagon scale")
	p.Until(`document.querySelector("a.flagged-switch[aria-current]")`)
	inspectAs(t, p, "flagged-list")
	p.PressOne(`document.querySelector(".row-link")`).In("#panel").Sees("The tap was open", "Clear flags")
	inspectAs(t, p, "flagged-panel")
	p.Press("More for this credential").Follow("Flag for change").Sees("Flag Flagon")
	inspectAs(t, p, "flag-form")
}
