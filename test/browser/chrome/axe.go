package chrome

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed axe.min.js
var axe string

// Every is all of axe-core's rules that this project keeps.
const Every = `{runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}`

// Contrast is the one rule that a theme can break alone.
const Contrast = `{runOnly: {type: "rule", values: ["color-contrast"]}}`

type finding struct {
	ID, Help string
	Nodes    []struct{ HTML, FailureSummary string }
}

// Accessible gives what axe-core finds. It runs in a world of its own, so that
// the page's policy stays in force for the page.
func (p *Tab) Accessible(rules string) []string {
	p.t.Helper()
	frames := call(p, page.GetFrameTree, cdp.Empty{})
	world := call(p, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: frames.FrameTree.Frame.ID, WorldName: "axe"})
	evaluate := func(expression string) *runtime.RemoteObject {
		yes := true
		r := call(p, runtime.Evaluate, runtime.EvaluateParams{Expression: expression, ContextID: world.ExecutionContextID, AwaitPromise: &yes, ReturnByValue: &yes})
		if r.ExceptionDetails != nil {
			p.t.Fatal(r.ExceptionDetails)
		}
		return r.Result
	}
	if string(evaluate("typeof axe").Value) == `"undefined"` {
		evaluate(axe + "; true")
	}
	answer := evaluate(`axe.run(` + p.scope() + `, ` + rules + `).then(r => JSON.stringify(r.violations.map(v =>
		({id: v.id, help: v.help, nodes: v.nodes.map(n => ({html: n.html, failureSummary: n.failureSummary}))}))))`)
	var text string
	var found []finding
	p.must(json.Unmarshal(answer.Value, &text))
	p.must(json.Unmarshal([]byte(text), &found))
	var faults []string
	for _, f := range found {
		for _, n := range f.Nodes {
			faults = append(faults, fmt.Sprintf("%s (%s): %s\n%s", f.ID, f.Help, n.HTML, n.FailureSummary))
		}
	}
	return faults
}

// scope is what axe-core looks at: the page, or the part that this tab does.
func (p *Tab) scope() string {
	if p.within == "" {
		return "document"
	}
	return quoted(p.within)
}

// TooWide names what sticks out of the window sideways.
func (p *Tab) TooWide() string {
	p.t.Helper()
	return Ask[string](p, `(() => {
		const most = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= most && document.body.scrollWidth <= most) return "";
		const wide = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > most + 1);
		return "the page is " + document.documentElement.scrollWidth + " wide on a window of " + most + ": " + wide.slice(-3).map(e => e.outerHTML.slice(0, 120)).join("\n");
	})()`)
}

// Picture keeps what is to be seen, when BAILIWICK_PICTURES names a folder.
func (p *Tab) Picture(name string) {
	p.t.Helper()
	folder := os.Getenv("BAILIWICK_PICTURES")
	if folder == "" {
		return
	}
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), png, 0o600)
	}
	if err != nil {
		p.t.Errorf("the picture %s: %v", name, err)
	}
}
