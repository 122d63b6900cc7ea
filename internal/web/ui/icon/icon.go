// Package icon draws the icons of the web interface as inline SVG. It holds no
// meaning of its own: an icon is always hidden from screen readers, and the
// words beside it (or the label of the button around it) say what it is.
package icon

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// Name is one of the constants of this package.
type Name string

// Draw returns the icon in the size and colour of the text around it; class
// may add to that. An unknown name draws nothing.
func Draw(name Name, class ...string) templ.Component {
	shape, ok := shapes[name]
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		if !ok {
			return nil
		}
		classes := "icon"
		for _, c := range class {
			classes += " " + c
		}
		_, err := io.WriteString(w, `<svg class="`+templ.EscapeString(classes)+
			`" viewBox="0 0 24 24" aria-hidden="true">`+shape+`</svg>`)
		return err
	})
}

// Known reports whether there is a drawing of that name.
func Known(name Name) bool {
	_, ok := shapes[name]
	return ok
}
