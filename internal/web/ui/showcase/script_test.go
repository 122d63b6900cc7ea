package showcase

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// until waits for a condition in the page.
func until(t *testing.T, ctx context.Context, condition string) {
	t.Helper()
	for range 100 {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+condition+")"))
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			return
		}
		if err := chromedp.Do(ctx, chromedp.Sleep(30*time.Millisecond)); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("never: %s", condition)
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// clipboard lets the page read and write the clipboard, as a user may allow.
func clipboard(t *testing.T, ctx context.Context) {
	t.Helper()
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		_, err := chromedp.CallBrowser(ctx, browser.SetPermission, browser.SetPermissionParams{
			Permission: &browser.PermissionDescriptor{Name: name}, Setting: "granted"})
		if err != nil {
			t.Fatal(err)
		}
	}
}

const clip = `navigator.clipboard.readText()`

func clipped(t *testing.T, ctx context.Context) string {
	t.Helper()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](clip, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A password is copied by shortcut, typed words and one key, and is never in
// the document.
func TestPaletteCopiesThePassword(t *testing.T) {
	ctx, address := browserAt(t, "/client-list")
	clipboard(t, ctx)
	do(t, ctx, chromedp.KeyEvent("k", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	until(t, ctx, `document.querySelector("#palette").open`)
	do(t, ctx, chromedp.KeyEvent("fw"))
	until(t, ctx, `document.querySelectorAll("#palette [role=option]").length === 7 && document.querySelector("#palette input").value === "fw"`)
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown))
	until(t, ctx, `document.querySelector("#palette input").getAttribute("aria-activedescendant") === "result-0-1"`)
	picture(t, ctx, "palette")
	do(t, ctx, chromedp.KeyEvent("c", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	until(t, ctx, `document.querySelector(".toast")?.textContent.includes("cleared in 30 s")`)
	picture(t, ctx, "palette-copied")
	if got := clipped(t, ctx); got != password {
		t.Errorf("the clipboard holds %q", got)
	}
	shown, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.documentElement.outerHTML.includes("`+password+`")`))
	if err != nil || shown {
		t.Errorf("the password is in the document: %v, %v", shown, err)
	}
	do(t, ctx, chromedp.KeyEvent("u", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	until(t, ctx, `document.querySelector(".toast:last-child")?.textContent.includes("User name")`)
	if got := clipped(t, ctx); got != "bw-admin" {
		t.Errorf("the clipboard holds %q", got)
	}
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `location.href === "`+address+`/client"`)
}

func TestListKeys(t *testing.T) {
	ctx, address := browserAt(t, "/client-list")
	clipboard(t, ctx)
	do(t, ctx, chromedp.KeyEvent("j"), chromedp.KeyEvent(kb.ArrowDown))
	until(t, ctx, `document.activeElement.textContent === "Domain join account"`)
	do(t, ctx, chromedp.KeyEvent("x"))
	until(t, ctx, `getComputedStyle(document.querySelector(".selection")).display === "flex"`)
	until(t, ctx, `document.querySelector("[data-selected-count]").textContent === "1"`)
	do(t, ctx, chromedp.KeyEvent("c"))
	until(t, ctx, `document.querySelector(".toast")?.textContent.includes("copied")`)
	if got := clipped(t, ctx); got != password {
		t.Errorf("the clipboard holds %q", got)
	}
	picture(t, ctx, "list-keys")
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `!document.querySelector("#panel").hidden && location.pathname === "/client"`)
	until(t, ctx, `document.querySelector(".row-current .row-link").textContent === "Domain join account"`)
	do(t, ctx, chromedp.KeyEvent("?"))
	until(t, ctx, `document.querySelector("#keys").open`)
	picture(t, ctx, "keys")
	do(t, ctx, chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent("g"), chromedp.KeyEvent("d"))
	until(t, ctx, `location.href === "`+address+`/dashboard"`)
}

// A revealed secret leaves the document when its time is up.
func TestRevealHidesAgain(t *testing.T) {
	ctx, _ := browserAt(t, "/client")
	do(t, ctx, chromedp.Click(chromedp.CSS(`[data-reveal-target="secret-console"]`)))
	until(t, ctx, `document.querySelector("#secret-console .secret")?.textContent === "`+password+`"`)
	until(t, ctx, `document.querySelector("#secret-console [data-countdown]").textContent.includes("1 s")`)
	until(t, ctx, `!document.querySelector("#secret-console .secret") && document.querySelector("#secret-console .masked")`)
}

func TestGeneratorFillsTheField(t *testing.T) {
	ctx, _ := browserAt(t, "/edit")
	do(t, ctx, chromedp.Click(chromedp.CSS(`.generator > summary`)))
	until(t, ctx, `document.querySelector("[data-generated]").textContent.length === 20`)
	picture(t, ctx, "generator")
	do(t, ctx, chromedp.Click(chromedp.CSS(`[data-generate]`)))
	until(t, ctx, `/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^\w]|.*_)[^O0o1lI|5S2Z8B]{20}$/.test(document.querySelector("#password").value)`)
	until(t, ctx, `document.querySelector("#password-strength strong")?.textContent === "Strong"`)
}

func browserAt(t *testing.T, path string) (context.Context, string) {
	t.Helper()
	ctx, address := newBrowser(t)
	do(t, ctx, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(address+path))
	return ctx, address
}
