package chrome

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed find.js
var find string

// Ask evaluates an expression in the page. In it, page is what find.js gives.
func Ask[T any](p *Tab, expression string) T {
	p.t.Helper()
	v, err := ask[T](p, expression)
	p.must(err)
	return v
}

func ask[T any](p *Tab, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](fmt.Sprintf("(async (page) => (%s))((%s)(%s))", expression, find, quoted(p.within)), chromedp.EvalAwaitPromise))
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(b)
}

// Until waits for a condition of the page. A page that is just being left has
// none, so errors are only told when it never comes true.
func (p *Tab) Until(condition string) *Tab {
	p.t.Helper()
	tick := time.NewTicker(15 * time.Millisecond)
	defer tick.Stop()
	end := time.NewTimer(patience)
	defer end.Stop()
	for {
		ok, err := ask[bool](p, "Boolean("+condition+")")
		if err == nil && ok {
			return p
		}
		select {
		case <-end.C:
			p.Picture("failed-" + strings.ReplaceAll(p.t.Name(), "/", "-"))
			p.t.Fatalf("never: %s (%v)\n%s", condition, err, p.state())
		case <-tick.C:
		}
	}
}

// state says where a failed test was.
func (p *Tab) state() string {
	q := *p
	q.within = ""
	s, err := ask[string](&q, `location.href + "\n" + page.text().slice(0, 1500)`)
	if err != nil {
		return "the page can't be asked: " + err.Error()
	}
	return "at " + s
}

// Go opens a path of the server and waits until it is there.
func (p *Tab) Go(path string) *Tab {
	p.t.Helper()
	p.next(func() {
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		defer cancel()
		_ = chromedp.Do(ctx, chromedp.Navigate(p.base+path)) // a redirect may cut it short
	})
	return p.In("")
}

// next does what leads to another document, and waits for it.
func (p *Tab) next(act func()) {
	p.t.Helper()
	before, _ := ask[float64](p, "performance.timeOrigin")
	act()
	p.Until(fmt.Sprintf("performance.timeOrigin !== %v && document.readyState === 'complete'", before))
}

// Press presses what has that name.
func (p *Tab) Press(name string) *Tab {
	p.t.Helper()
	p.PressOne("page.press(" + quoted(name) + ")")
	return p
}

// PressOne presses the element that an expression gives, once it is there.
func (p *Tab) PressOne(element string) *Tab {
	p.t.Helper()
	p.Until(element + " && page.at(" + element + ").free")
	at := Ask[struct{ X, Y float64 }](p, "page.at("+element+")")
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	p.must(chromedp.Do(ctx, chromedp.MouseClickXY(at.X, at.Y)))
	return p
}

// Follow presses what leads to another page, and waits for that. All of the new
// page is looked at.
func (p *Tab) Follow(name string) *Tab {
	p.t.Helper()
	p.next(func() { p.Press(name) })
	return p.In("")
}

// FollowOne is Follow for the element that an expression gives.
func (p *Tab) FollowOne(element string) *Tab {
	p.t.Helper()
	p.next(func() { p.PressOne(element) })
	return p.In("")
}

// Type replaces what is in the field of that label.
func (p *Tab) Type(label, text string) *Tab {
	p.t.Helper()
	field := "page.field(" + quoted(label) + ")"
	p.Until(field)
	Ask[bool](p, "(e => { e.focus(); e.select?.(); return true })("+field+")")
	if text == "" {
		p.Keys("\b")
		return p
	}
	call(p, input.InsertText, input.InsertTextParams{Text: text})
	return p
}

// Choose chooses an option by its words.
func (p *Tab) Choose(label, option string) *Tab {
	p.t.Helper()
	field := "page.field(" + quoted(label) + ")"
	p.Until(fmt.Sprintf("[...%s.options].some(o => o.label.trim() === %s)", field, quoted(option)))
	Ask[bool](p, fmt.Sprintf(`(e => { e.value = [...e.options].find(o => o.label.trim() === %s).value;
		e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); return true })(%s)`, quoted(option), field))
	return p
}

// Keys presses keys one after the other, as a keyboard does: a key that types a
// letter and one that is a shortcut are the same key.
func (p *Tab) Keys(keys string, with ...chromedp.Modifier) *Tab {
	p.t.Helper()
	for _, r := range keys {
		strokes := kb.Encode(r)
		down, up := *strokes[0], *strokes[len(strokes)-1]
		for _, m := range with {
			down.Modifiers |= int64(m)
			up.Modifiers |= int64(m)
		}
		if len(strokes) == 3 && down.Modifiers&^int64(chromedp.ModifierShift) == 0 {
			down.Text, down.UnmodifiedText = strokes[1].Text, strokes[1].UnmodifiedText
		}
		if r == '\r' {
			down.Text = "\r"
		}
		call(p, input.DispatchKeyEvent, down)
		call(p, input.DispatchKeyEvent, up)
	}
	return p
}
