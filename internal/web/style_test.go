package web

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func styleSheet(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("static/dist/app.css")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What has the focus is scrolled to above the buttons that stick to the bottom
// (WCAG 2.4.11).
func TestFocusStaysAboveTheButtons(t *testing.T) {
	if !strings.Contains(styleSheet(t), "scroll-padding-bottom:5rem") {
		t.Error("the page is scrolled so that the buttons hide what has the focus")
	}
}

// The style sheet knows each width at which a chosen column can yield.
func TestEachYieldingColumnHasAStyle(t *testing.T) {
	css := styleSheet(t)
	for first := range listColumns {
		p := &vaultPage{columns: listColumns[first:]}
		for i, c := range p.columns[1:] {
			at := p.yieldsAt(c.name)
			for _, want := range []string{fmt.Sprintf(".yields-%d,", at), fmt.Sprintf(`"%dw%d"`, i+4, at), fmt.Sprintf(".yielded-%d{", at)} {
				if !strings.Contains(css, want) {
					t.Errorf("%s beside %d columns: the style sheet lacks %s", c.name, len(p.columns)-1, want)
				}
			}
		}
	}
}
