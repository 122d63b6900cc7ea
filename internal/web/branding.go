package web

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"bailiwick/internal/brand"
	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/org"
	"bailiwick/internal/web/ui"
)

const brandingPath = "/settings/branding"

func (s *Server) brandingRoutes() {
	s.signed("GET "+brandingPath, showBranding)
	s.signed("POST "+brandingPath, saveBranding)
	s.signed("GET "+brandingPath+"/preview.css", showPreviewSheet)
}

// branding is the page. typed is the colour as it was typed, shown the one of
// the preview.
type branding struct {
	frame      ui.FrameParams
	is         org.Brand
	site       bool
	typed, bad string
	shown      brand.Colour
}

func (f branding) field() ui.FieldParams {
	return ui.FieldParams{Name: "colour", Label: "Colour", Value: f.typed, Mono: true, MaxLength: 7, Placeholder: "#2b6cb0", Error: f.bad, Hint: "# and six digits. Empty: " + f.otherwise() + ".",
		Attrs: map[string]any{"data-colour": true, "hx-get": brandingPath, "hx-trigger": "input changed delay:300ms", "hx-target": "#colour-preview", "hx-swap": "outerHTML", "hx-sync": "this:replace"}}
}

// otherwise names the colours of whoever chooses none.
func (f branding) otherwise() string {
	if f.site {
		return "your provider's colours"
	}
	return "the product's colours"
}

// previewed is the address of the style sheet of the preview alone.
func (f branding) previewed() string {
	return brandingPath + "/preview.css?colour=" + url.QueryEscape(f.shown.String())
}

// sample is the preview in one theme.
type sample struct {
	name, class, text, button string
	notes                     []string
}

func (f branding) samples() []sample {
	p := brand.Of(f.shown)
	return []sample{sampleOf("Light", "white", "darker", f.shown, p.Light), sampleOf("Dark", "dark pages", "lighter", f.shown, p.Dark)}
}

func sampleOf(name, page, moved string, c brand.Colour, t brand.Theme) sample {
	s := sample{name: name, class: "colour-" + strings.ToLower(name)}
	s.text = fmt.Sprintf("%s, %s on the page", t.Text, ratio(t.Text, t.Page))
	s.button = fmt.Sprintf("%s, its text %s on it", t.Primary, ratio(t.Foreground, t.Primary))
	if t.Text != c {
		s.notes = append(s.notes, fmt.Sprintf("As text on %s it is shown %s: %s, to stay readable.", page, moved, t.Text))
	}
	if t.Primary != c {
		s.notes = append(s.notes, fmt.Sprintf("As a button on %s it is shown %s: %s, to stand out.", page, moved, t.Primary))
	}
	return s
}

func ratio(a, b brand.Colour) string { return fmt.Sprintf("%.1f:1", brand.Contrast(a, b)) }

// branding is the page for what was typed, of which the preview is made.
func (v *visit) branding(typed *string) (f branding, err error) {
	if f.is, err = v.app.Org.Brand(v.ctx(), v.who); err != nil {
		return f, err
	}
	f.site, f.typed, f.shown = v.me.Site, f.is.Own.String(), f.is.Shown
	if typed != nil {
		f.typed = *typed
		f.shown, _ = brand.Parse(f.typed)
	}
	return f, nil
}

func (v *visit) renderBranding(status int, f branding) (err error) {
	if f.frame, err = v.frame("Branding"); err != nil {
		return err
	}
	return v.renderAs(status, brandingPage(f))
}

func showBranding(v *visit) error {
	var typed *string
	if v.r.URL.Query().Has("colour") {
		text := v.text("colour")
		typed = &text
	}
	f, err := v.branding(typed)
	if err != nil {
		return err
	}
	if v.partial() {
		return v.render(colourPreview(f))
	}
	if typed != nil && f.typed != "" && !f.shown.Chosen() {
		f.bad = org.NoColour
		return v.renderBranding(http.StatusUnprocessableEntity, f)
	}
	return v.renderBranding(http.StatusOK, f)
}

func saveBranding(v *visit) error {
	text := v.text("colour")
	switch v.text("act") {
	case "preview":
		return v.goTo(brandingPath + "?colour=" + url.QueryEscape(text))
	case "none":
		text = ""
	}
	err := v.app.Org.SetBrand(v.ctx(), v.who, text)
	if bad, ok := fieldErrors(err); ok {
		f, failed := v.branding(&text)
		if failed != nil {
			return failed
		}
		f.bad = bad["colour"]
		return v.renderBranding(door.Status(err), f)
	}
	if err != nil {
		return err
	}
	if text == "" {
		v.flash("No colour of your own is set any more.", "")
	} else {
		v.flash("The colour is saved. Your pages have it from now on.", "")
	}
	return v.goTo(brandingPath)
}

// showPreviewSheet colours the preview alone, before anything is saved.
func showPreviewSheet(v *visit) error {
	if _, err := v.app.Org.Brand(v.ctx(), v.who); err != nil {
		return err
	}
	c, ok := brand.Parse(v.text("colour"))
	if !ok {
		return fault.NotFound()
	}
	v.w.Header().Set("Content-Type", cssKind)
	_, err := io.WriteString(v.w, c.Sheet(".colour-preview"))
	return err
}
