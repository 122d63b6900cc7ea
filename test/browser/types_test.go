package browser

import (
	"bytes"
	"encoding/base64"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"bailiwick/test/browser/chrome"
)

// A company makes a type of its own; its fields come in by themselves, and the
// hidden one is shown by itself.
func TestTypesAndFields(t *testing.T) {
	t.Parallel()
	p := enter(t, "Bruno")
	client := addClient(p, "Turnstile Works")
	p.Go("/settings/types/new").Type("Name", "Turnstile").PressOne(`document.querySelector('[name=icon][value="door-closed"]')`)
	p.Press("Add a field").Until(`document.activeElement.id === "field-name-0"`).Keys("Gate PIN")
	p.In("#fields").Choose("Kind", "Hidden").Press("Add a field").Until(`document.activeElement.id === "field-name-1"`).Keys("Floor")
	p.In("#fields").Press("Move up field 2").Until(`document.getElementById("field-name-0")?.value === "Floor" && document.getElementById("field-name-1").value === "Gate PIN"`)
	inspectAs(t, p, "type")
	p.Follow("Add type").Sees("Credential type added.", "Turnstile", "Floor, Gate PIN (hidden)")
	inspectAs(t, p, "types")

	p.Go(client+"/credentials/new").Type("Title", "North gate").Choose("Type", "Turnstile")
	p.Until(`document.getElementById("field-name-1")?.value === "Gate PIN"`)
	p.Until(`document.getElementById("title").value === "North gate"`)
	p.PressOne(`document.getElementById("field-value-1")`).Keys("471189")
	p.Press("Add an address").Until(`document.activeElement.id === "url-1"`).Keys("ssh://gate.example")
	inspectAs(t, p, "credential-fields")
	p.Follow("Add credential").In("#panel").Sees("North gate", "Turnstile", "ssh://gate.example").Press("Reveal Password")
	p.Sees("Gate PIN").SeesNot("471189")
	p.In("#panel").Press("Reveal Gate PIN").Sees("471189")
	inspectAs(t, p, "field-revealed")
	p.Go("/audit").Sees("Saw the custom field North gate: Gate PIN")
}

// The same without script: rows come by the form's own buttons.
func TestFieldsWithoutScript(t *testing.T) {
	t.Parallel()
	p := chromium.Profile(t, demo.Address).WithoutScript()
	signIn(p, demo.person("Bruno"))
	openVault(p, demo.OrganizationKey)
	client := addClient(p, "Plain Paper Mills")
	p.Go(client+"/credentials/new").Type("Title", "Plain boiler").Choose("Type", "Door controller")
	p = p.Follow("Use the fields of this type").Sees("Custom fields")
	if got := chrome.Ask[string](p, `document.getElementById("field-name-0").value + " " + document.getElementById("title").value`); got != "Master PIN Plain boiler" {
		t.Errorf("the form holds %q", got)
	}
	p.Follow("Remove field 2").Follow("Add an address").Follow("Add credential").In("#panel").Sees("Plain boiler", "Door controller")
}

var digits = regexp.MustCompile(`^[0-9]{6}$`)

// One-time codes: set by text, copied by a key, shown while they hold, replaced
// by pictures that are chosen or pasted, removed.
func TestOneTimeCodes(t *testing.T) {
	t.Parallel()
	p := enter(t, "Carla")
	usesClipboard(t, p)
	client := addClient(p, "Cipher Clocks")
	addCredential(p, client, secret{title: "Cipher portal", username: "clock", password: "tick-tock-1967"})
	p.In("#panel").Press("More for this credential").Follow("Set a TOTP secret").Sees("From then on Cipher portal gives one-time codes")
	inspectAs(t, p, "totp")
	p.Type("TOTP secret", "jbsw y3dp ehpk 3pxp").Follow("Save").Sees("The TOTP secret is saved.").In("#panel").Sees("One-time code")
	p.Keys("t").Sees("One-time code copied.")
	if got := p.Clipboard(); !digits.MatchString(got) {
		t.Errorf("the clipboard holds %q", got)
	}
	p.Keys("k", chromedp.ModifierCtrl).Keys("cipher por").Until(`document.querySelector("#palette [role=option]")?.dataset.copyCode`)
	p.Keys(kb.ArrowDown).Keys("t").Sees("Code copied.").Keys(kb.Escape)
	p.In("#panel").Press("Reveal One-time code").Sees("Holds for")
	inspectAs(t, p, "code")
	if chrome.Ask[bool](p, `document.documentElement.outerHTML.toUpperCase().includes("JBSWY3DP")`) {
		t.Error("the secret is on the page")
	}

	data := qrCodeOf(t, "otpauth://totp/Cipher?secret=GEZDGNBVGY3TQOJQGEZDGNBV&digits=8&period=60")
	file := filepath.Join(t.TempDir(), "screen.png")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	p.In("#panel").Press("More for this credential").Follow("Replace or remove the TOTP secret").Upload("Picture", file).Sees("The TOTP secret is saved.")
	p.In("#panel").Press("More for this credential").Follow("Replace or remove the TOTP secret").Sees("Or paste a picture")
	chrome.Ask[bool](p, `(() => {
		const bytes = Uint8Array.from(atob("`+base64.StdEncoding.EncodeToString(data)+`"), c => c.charCodeAt(0)), transfer = new DataTransfer();
		transfer.items.add(new File([bytes], "pasted.png", { type: "image/png" }));
		document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }));
		return true })()`)
	p.Until(`location.pathname.startsWith("/clients/")`).Sees("The TOTP secret is saved.")
	p.In("#panel").Press("More for this credential").Follow("Replace or remove the TOTP secret").Follow("Remove the TOTP secret").Sees("The TOTP secret is removed.")
	if p.In("#panel").Sees("Cipher portal").Offers("Reveal One-time code") {
		t.Error("a code of a secret that is removed")
	}
}

func qrCodeOf(t *testing.T, text string) []byte {
	t.Helper()
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err == nil {
		code, err = barcode.Scale(code, 300, 300)
	}
	var b bytes.Buffer
	if err == nil {
		err = png.Encode(&b, code)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
