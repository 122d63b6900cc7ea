package browser

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"bailiwick/test/browser/chrome"
)

// A client's overview is arranged by keyboard and by mouse, its banner stands
// on every page, and a tag finds it.
func TestClientOverview(t *testing.T) {
	t.Parallel()
	p := enter(t, "Carla")
	client := addClient(p, "Overbrook Mills")
	p.Go(client+"/edit").Type("Tags", "spinning, Mondays").Type("Days until a password is due", "180").Follow("Save").Sees("Client saved.")
	p.Go(client+"/overview").Sees("spinning", "Passwords are due after 180 days", "No credential expires").Follow("Arrange overview").Lands(client + "/overview/edit")
	p.Follow("Add field").Type("Name", "Contact").Type("Value", "Ms Weaver")
	p.Follow("Add text").Type("Text", "The loom network is not ours.")
	p.Press("Move item 2 up")
	order := `[...document.querySelectorAll("[data-arrange-item] [name=value]")].map((x) => x.value).join("|")`
	p.Until(order + ` === "The loom network is not ours.|Ms Weaver"`)
	p.PressOne(`page.field("Text")`).Keys(kb.ArrowDown, chromedp.ModifierAlt).Until(order + ` === "Ms Weaver|The loom network is not ours."`)
	chrome.Ask[bool](p, `(() => {
		const [first, second] = document.querySelectorAll("[data-arrange-item]"), data = new DataTransfer();
		first.querySelector("[data-arrange-grip]").dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
		first.dispatchEvent(new DragEvent("dragstart", { bubbles: true, dataTransfer: data }));
		second.dispatchEvent(new DragEvent("dragover", { bubbles: true, cancelable: true, dataTransfer: data, clientY: second.getBoundingClientRect().bottom }));
		first.dispatchEvent(new DragEvent("dragend", { bubbles: true, dataTransfer: data }));
		return true })()`)
	p.Until(order + ` === "The loom network is not ours.|Ms Weaver"`)
	inspectAs(t, p, "overview-edit")
	p.Follow("Save").Lands(client+"/overview").Sees("Overview saved.", "Ms Weaver", "The loom network is not ours.")

	p.Go(client+"/banner").Type("Text", "Power is off on Sunday.").Choose("Level", "Danger").Follow("Save").Sees("Banner saved.", "Power is off on Sunday.")
	addCredential(p, client, secret{title: "Overbrook gateway", username: "gw", password: "warp-and-weft-12"})
	p.Go(client + "/credentials/new").Sees("Power is off on Sunday.")
	inspectAs(t, p, "banner")
	p.Go(client+"/overview").Sees("Power is off on Sunday.", "Ms Weaver")
	inspectAs(t, p, "overview")
	p.Go("/clients?tag=spinning").Sees("Overbrook Mills").SeesNot("Bayside Dental")
	inspectAs(t, p, "clients-by-tag")
}

// Disabling says what it hides; deleting for good comes after it, and asks for
// the name.
func TestClientIsDeletedForGood(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	client := addClient(p, "Farewell Candles")
	addCredential(p, client, secret{title: "Farewell till", username: "till", password: "wax-and-wick-3"})
	p.Go(client+"/disable").Sees("Disable Farewell Candles?", "1 credential").Follow("Disable client").Sees("Client disabled")
	p.Go(client+"/delete").Sees("Delete Farewell Candles for good?", "1 credential")
	inspectAs(t, p, "client-delete")
	p.Type("Type the client's name to confirm", "Farewell").Follow("Delete for good").Sees("just as it is written")
	p.Type("Type the client's name to confirm", "Farewell Candles").Follow("Delete for good").Lands("/clients").Sees("Client deleted for good")
	p.SeesNot("Farewell Candles")
}
