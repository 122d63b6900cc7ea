package browser

import (
	"testing"

	"github.com/chromedp/chromedp/kb"

	"bailiwick/test/browser/chrome"
)

// Tab reaches everything that can be pressed or typed into, and where one is
// can always be seen.
func TestTab(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	panel := chrome.Ask[string](p.Go("/clients").Follow("Foxglove Veterinary"), `document.querySelector(".row-link").getAttribute("href")`)
	for _, path := range []string{"/", "/clients", panel, "/my/credentials/new", "/me", "/me/sessions", "/organization/keys", "/import"} {
		t.Run(shape(path), func(t *testing.T) {
			p := p.For(t)
			p.Go(path)
			chrome.Ask[bool](p, `(document.querySelector(".skip").focus(), window.reached = new Set([document.activeElement]), window.last = document.activeElement, window.unseen = [], true)`)
			for range 1500 {
				p.Keys(kb.Tab)
				if chrome.Ask[bool](p, step) {
					break
				}
			}
			for _, missed := range chrome.Ask[[]string](p, missed) {
				t.Errorf("Tab does not reach %s", missed)
			}
			for _, unseen := range chrome.Ask[[]string](p, `window.unseen`) {
				t.Errorf("the focus is not to be seen on %s", unseen)
			}
		})
	}
}

// step looks at what has the focus now, and says whether that was so before.
const step = `(async () => {
	const e = document.activeElement;
	if (!e || e === document.body) return true;
	if (e === last) return false; // within a field of several parts, such as a date
	window.last = e;
	if (reached.has(e)) return true;
	reached.add(e);
	await Promise.all(e.getAnimations().map((a) => a.finished));
	const lined = (x, part) => { const s = getComputedStyle(x, part); return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none"; };
	const marked = (x) => lined(x) || lined(x, "::after");
	const box = e.getBoundingClientRect();
	const there = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
	if (!there || !(marked(e) || marked(e.parentElement) || marked(e.parentElement.parentElement))) unseen.push((there ? "" : "out of sight ") + e.outerHTML.slice(0, 160));
	return false;
})()`

const missed = `(() => {
	const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")];
	const meant = (e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true}) && !e.closest("dialog, [hidden], [inert]") && e.getClientRects().length;
	const sister = (e) => e.type === "radio" && [...reached].some(r => r.type === "radio" && r.name === e.name);
	return all.filter(e => meant(e) && !reached.has(e) && !sister(e)).map(e => e.outerHTML.slice(0, 160));
})()`
