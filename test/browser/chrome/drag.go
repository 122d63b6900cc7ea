package chrome

import (
	"github.com/chromedp/cdproto/input"
)

// Drag presses the mouse on one element, moves it to another and lets go.
func (p *Tab) Drag(from, to string) *Tab {
	p.t.Helper()
	p.hold(from, to)
	p.next(func() { p.mouse(input.DispatchMouseEventTypeMouseReleased, to, 1) })
	return p.In("")
}

// Held is Drag without letting go, for a look at what is shown meanwhile.
func (p *Tab) Held(from, to string) *Tab {
	p.t.Helper()
	p.hold(from, to)
	return p
}

func (p *Tab) hold(from, to string) {
	p.t.Helper()
	p.Until(from + " && " + to)
	p.mouse(input.DispatchMouseEventTypeMouseMoved, from, 0)
	p.mouse(input.DispatchMouseEventTypeMousePressed, from, 1)
	p.mouse(input.DispatchMouseEventTypeMouseMoved, to, 1)
	p.mouse(input.DispatchMouseEventTypeMouseMoved, to, 1)
}

func (p *Tab) mouse(kind input.DispatchMouseEventType, element string, buttons int64) {
	p.t.Helper()
	at := Ask[struct{ X, Y float64 }](p, "(e => { const b = e.getBoundingClientRect(); return {X: b.left + Math.min(b.width / 2, 40), Y: b.top + b.height / 2} })("+element+")")
	in := input.DispatchMouseEventParams{Type: kind, X: at.X, Y: at.Y, Buttons: buttons}
	if kind != input.DispatchMouseEventTypeMouseMoved {
		in.Button, in.ClickCount = input.MouseButtonLeft, 1
	} else if buttons != 0 {
		in.Button = input.MouseButtonLeft
	}
	call(p, input.DispatchMouseEvent, in)
}

// DropFile drags a file of this machine onto an element, and lets it go there.
func (p *Tab) DropFile(element, file string) *Tab {
	p.t.Helper()
	Ask[bool](p, "("+element+".scrollIntoView({ block: 'center' }), true)")
	at := Ask[[2]float64](p, "(r => [r.x + r.width / 2, r.y + r.height / 2])("+element+".getBoundingClientRect())")
	data := &input.DragData{Items: []*input.DragDataItem{}, Files: []string{file}, DragOperationsMask: 1}
	for _, kind := range []input.DispatchDragEventType{input.DispatchDragEventTypeDragEnter, input.DispatchDragEventTypeDragOver, input.DispatchDragEventTypeDrop} {
		call(p, input.DispatchDragEvent, input.DispatchDragEventParams{Type: kind, X: at[0], Y: at[1], Data: data})
	}
	return p
}
