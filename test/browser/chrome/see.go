package chrome

import (
	"fmt"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Sees waits until all these words are on the page.
func (p *Tab) Sees(words ...string) *Tab {
	p.t.Helper()
	for _, w := range words {
		p.Until("page.sees(" + quoted(w) + ")")
	}
	return p
}

// SeesNot fails when one of these words is on the page, to be seen or not.
func (p *Tab) SeesNot(words ...string) *Tab {
	p.t.Helper()
	for _, w := range words {
		if Ask[bool](p, "page.sees("+quoted(w)+") || document.documentElement.outerHTML.includes("+quoted(w)+")") {
			p.t.Fatalf("%q is on the page\n%s", w, p.state())
		}
	}
	return p
}

// Offers reports whether something of that name can be pressed.
func (p *Tab) Offers(name string) bool {
	p.t.Helper()
	return Ask[bool](p, "page.press("+quoted(name)+") !== null")
}

// Lands waits until the address's path is this one.
func (p *Tab) Lands(path string) *Tab {
	p.t.Helper()
	p.Until("location.pathname === " + quoted(path) + " && document.readyState === 'complete'")
	return p
}

// Path is the present path with its query.
func (p *Tab) Path() string {
	p.t.Helper()
	return Ask[string](p, "location.pathname + location.search")
}

// Back goes back in the history, as the browser's button does.
func (p *Tab) Back() *Tab {
	p.t.Helper()
	h := call(p, page.GetNavigationHistory, struct{}{})
	if h.CurrentIndex == 0 {
		p.t.Fatal("there is nowhere to go back to")
	}
	p.next(func() {
		call(p, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: h.Entries[h.CurrentIndex-1].ID})
	})
	return p
}

// Size sets the size of the window.
func (p *Tab) Size(width, height int64) *Tab {
	p.t.Helper()
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
	return p
}

// MoveAway takes the mouse off the page.
func (p *Tab) MoveAway() *Tab {
	p.t.Helper()
	call(p, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: 0, Y: 0})
	return p
}

// Prefers sets what the system prefers: "light" or "dark".
func (p *Tab) Prefers(theme string) *Tab {
	p.t.Helper()
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
	return p
}

// Still waits until fonts are there and nothing moves any more.
func (p *Tab) Still() *Tab {
	p.t.Helper()
	Ask[bool](p, "document.fonts.ready.then(() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(true)))))")
	p.Until("document.getAnimations().every(a => a.playState !== 'running' || a.effect.getTiming().iterations === Infinity)")
	return p
}

// WithoutScript switches the scripts of pages off, as some users do.
func (p *Tab) WithoutScript() *Tab {
	p.t.Helper()
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	return p
}

// MayUseClipboard answers the browser's question with yes.
func (p *Tab) MayUseClipboard() *Tab {
	p.t.Helper()
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		_, err := chromedp.CallBrowser(p.ctx, browser.SetPermission, browser.SetPermissionParams{
			Permission: &browser.PermissionDescriptor{Name: name}, Setting: "granted", BrowserContextID: p.profile.id})
		p.must(err)
	}
	return p
}

// Clipboard is what would be pasted now.
func (p *Tab) Clipboard() string {
	p.t.Helper()
	return Ask[string](p, "navigator.clipboard.readText()")
}

// Cookies gives the names and values of this profile's cookies.
func (p *Tab) Cookies() map[string]string {
	p.t.Helper()
	all := map[string]string{}
	for _, c := range call(p, network.GetCookies, network.GetCookiesParams{}).Cookies {
		all[c.Name] = c.Value
	}
	return all
}

// Upload puts a file of this machine into the field of that label.
func (p *Tab) Upload(label, file string) *Tab {
	p.t.Helper()
	p.Until("page.field(" + quoted(label) + ")")
	id := Ask[string](p, "page.field("+quoted(label)+").id")
	p.must(chromedp.Do(p.ctx, chromedp.SetUploadFiles(chromedp.CSS(fmt.Sprintf("[id=%q]", id)), []string{file})))
	return p
}

// Prints shows pages as they are printed where the system prefers a theme.
func (p *Tab) Prints(theme string) *Tab {
	p.t.Helper()
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print", Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
	return p
}
