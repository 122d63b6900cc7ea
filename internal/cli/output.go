package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
)

// Format is how a command shows its result.
type Format struct {
	JSON bool `help:"Print JSON, as the API gives it."`
}

// show prints v as JSON, or rows as a table under headings.
func (f Format) show(e *Env, v any, headings string, rows [][]string) error {
	if f.JSON {
		out := json.NewEncoder(e.Out)
		out.SetIndent("", "  ")
		out.SetEscapeHTML(false)
		return out.Encode(v)
	}
	if len(rows) == 0 {
		_, err := fmt.Fprintln(e.Err, "There is nothing to show.")
		return err
	}
	w := tabwriter.NewWriter(e.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, strings.ReplaceAll(headings, "|", "\t"))
	for _, r := range rows {
		for i := range r {
			r[i] = clean(r[i])
		}
		fmt.Fprintln(w, strings.Join(r, "\t"))
	}
	return w.Flush()
}

// done says in one line what was done, or prints v as JSON.
func (f Format) done(e *Env, v any, format string, args ...any) error {
	if f.JSON {
		return f.show(e, v, "", nil)
	}
	_, err := fmt.Fprintln(e.Err, clean(fmt.Sprintf(format, args...)))
	return err
}

// clean takes out what would steer the terminal: a title is written by
// somebody else, and must not move the cursor or change what was shown.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return '�'
		}
		return r
	}, s)
}

func cleanLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = clean(lines[i])
	}
	return strings.Join(lines, "\n")
}

func shown(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }

func yes(b bool, word string) string {
	if b {
		return word
	}
	return ""
}
