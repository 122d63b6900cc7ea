package mail_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"bailiwick/internal/brand"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/mail"
	"bailiwick/internal/seal"
)

var rule = regexp.MustCompile(`\.(button|address) \{([^}]*)\}`)

// TestColour: a mail's button and link have the organization's colour, and are
// readable on the mail's own grounds whatever was chosen, in light and in dark.
func TestColour(t *testing.T) {
	m := mail.Mail{Kind: mail.PasswordReset, To: "user_x", Link: seal.NewSecret("/reset?token=1")}
	for r := 0; r < 256; r += 51 {
		for g := 0; g < 256; g += 51 {
			for b := 0; b < 256; b += 51 {
				c, _ := brand.Parse(fmt.Sprintf("#%02x%02x%02x", r, g, b))
				l, err := m.WriteIn(c)
				if err != nil {
					t.Fatal(err)
				}
				for i, of := range rule.FindAllStringSubmatch(l.HTML, -1) {
					ground := value(t, map[bool]string{true: "#ffffff", false: "#1b2129"}[i < 2])
					on, text := ground, property(t, of[2], " color")
					if of[1] == "button" {
						on = property(t, of[2], "background")
						if brand.Contrast(on, ground) < brand.Visible {
							t.Errorf("%s: the button on %s", c, ground)
						}
					}
					if got := brand.Contrast(text, on); got < brand.Readable {
						t.Errorf("%s: %s on %s has %.2f", c, text, on, got)
					}
				}
				if n := len(rule.FindAllString(l.HTML, -1)); n != 4 {
					t.Fatalf("%d rules in\n%s", n, l.HTML)
				}
			}
		}
	}
}

func value(t *testing.T, text string) brand.Colour {
	t.Helper()
	c, ok := brand.Parse(text)
	if !ok {
		t.Fatalf("%q is no colour", text)
	}
	return c
}

func property(t *testing.T, rule, name string) brand.Colour {
	t.Helper()
	_, text, _ := strings.Cut(" "+rule, name+": ")
	text, _, _ = strings.Cut(text, ";")
	return value(t, text)
}

// TestColourOfTheOrganization: it is the one that was chosen for the pages, and
// the product's where none was.
func TestColourOfTheOrganization(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		shown := func() string {
			t.Helper()
			l, err := w.Mail.Show(t.Context(), w.Admin, w.write(reset(w.AdminID)))
			w.Must(err)
			return l.HTML
		}
		if !strings.Contains(shown(), "#1f5fbf") {
			t.Error("the product's colour is missing")
		}
		w.Must(w.Org.SetBrand(t.Context(), w.Admin, "#7a1f5c"))
		if html := shown(); !strings.Contains(html, "background: #7a1f5c; color: #ffffff") || strings.Contains(html, "#1f5fbf") {
			t.Error(html)
		}
	})
}
