package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

// Rows of a form (addresses, custom fields) are added, taken away and put in
// order by its own buttons. They send the form, and its page comes back with
// the rows changed and nothing saved; with script only the part with the rows
// is replaced.

// arrange does what a button of the rows of a kind asks for, and reports
// whether it was one. The row at focus has the focus then.
func arrange[T any](rows []T, kind, act string) (changed []T, focus int, is bool) {
	var empty T
	what, number, _ := strings.Cut(strings.TrimPrefix(act, kind+"-"), "-")
	n, err := strconv.Atoi(number)
	switch {
	case !strings.HasPrefix(act, kind+"-"):
		return rows, -1, false
	case what == "add":
		return append(rows, empty), len(rows), true
	case err != nil || n < 0 || n >= len(rows):
		return rows, -1, true
	case what == "remove":
		return slices.Delete(slices.Clone(rows), n, n+1), min(n, len(rows)-2), true
	case what == "up" && n > 0:
		rows[n-1], rows[n] = rows[n], rows[n-1]
		return rows, n - 1, true
	case what == "down" && n < len(rows)-1:
		rows[n+1], rows[n] = rows[n], rows[n+1]
		return rows, n + 1, true
	}
	return rows, n, true
}

// swapped are attributes of what sends a form and has one part of it replaced.
func swapped(part string) templ.Attributes {
	return templ.Attributes{"hx-post": "", "hx-target": "#" + part, "hx-select": "#" + part, "hx-swap": "outerHTML", "hx-push-url": "false"}
}

// swappedOnChange is swapped for a select: it is sent when its choice changes.
func swappedOnChange(part, act string) templ.Attributes {
	a := swapped(part)
	a["hx-trigger"], a["hx-vals"] = "change", `{"act":"`+act+`"}`
	return a
}

// rowButtons are the buttons of one row of several.
type rowButtons struct {
	part, kind, what string // "addresses" (the part that is replaced), "url", "address"
	n, of            int
	ordered          bool
}

func (r rowButtons) button(act, label string, drawing icon.Name) ui.IconButtonParams {
	attrs := swapped(r.part)
	attrs["formnovalidate"] = true
	return ui.IconButtonParams{Label: label + " " + r.what + " " + strconv.Itoa(r.n+1), Icon: drawing, Type: "submit", Name: "act", Value: r.kind + "-" + act + "-" + strconv.Itoa(r.n), Attrs: attrs}
}
