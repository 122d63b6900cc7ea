package showcase

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Every page, in both themes, wide and on a phone: axe-core finds nothing, the
// page breaks no rule of the content security policy, and nothing sticks out.
func TestPagesAreAccessible(t *testing.T) {
	script, err := os.ReadFile("testdata/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	ctx, address := newBrowser(t)
	listen := `addEventListener("securitypolicyviolation", (e) => (window.broken ??= []).push(e.violatedDirective + " " + e.blockedURI))`
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: listen}); err != nil {
		t.Fatal(err)
	}
	for _, width := range []int64{1280, 360} {
		height := map[int64]int64{1280: 800, 360: 780}[width]
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height)); err != nil {
			t.Fatal(err)
		}
		for _, theme := range []string{"light", "dark"} {
			for _, name := range slices.Sorted(maps.Keys(Pages(theme))) {
				t.Run(fmt.Sprintf("%s-%s-%d", name, theme, width), func(t *testing.T) {
					if err := chromedp.Do(ctx,
						chromedp.Navigate(address+"/"+name+"?theme="+theme),
						chromedp.Evaluate[chromedp.Void](`document.fonts.ready`, chromedp.EvalAwaitPromise)); err != nil {
						t.Fatal(err)
					}
					broken, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`window.broken ?? []`))
					if err != nil {
						t.Fatal(err)
					}
					if len(broken) > 0 {
						t.Errorf("the content security policy refused: %v", broken)
					}
					for _, f := range axe(t, ctx, string(script)) {
						for _, n := range f.Nodes {
							t.Errorf("%s (%s): %s\n%s", f.ID, f.Help, n.HTML, n.FailureSummary)
						}
					}
					wide, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth`))
					if err != nil {
						t.Fatal(err)
					}
					if int64(wide) > width {
						t.Errorf("the page is %d wide on a window of %d", wide, width)
					}
					picture(t, ctx, fmt.Sprintf("%s-%s-%d", name, theme, width))
				})
			}
		}
	}
}
