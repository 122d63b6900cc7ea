package brand

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func must(t testing.TB, text string) Colour {
	t.Helper()
	c, ok := Parse(text)
	if !ok {
		t.Fatalf("%q is no colour", text)
	}
	return c
}

func TestParse(t *testing.T) {
	for _, text := range []string{"#2b6cb0", "#000000", "#FFffFf"} {
		if got := must(t, text).String(); got != strings.ToLower(text) {
			t.Errorf("%s became %s", text, got)
		}
	}
	for _, text := range []string{"", "#", "2b6cb0", "#2b6", "#2b6cb00", "#2b6cbg", "#+b6cb0", "#-b6cb0", "#2b_cb0", "#0x1234", "red", "#2b6cb0;}", "#２b6c", "url(x)"} {
		if c, ok := Parse(text); ok || c.Chosen() || c.String() != "" {
			t.Errorf("%q was taken for the colour %s", text, c)
		}
	}
}

// Known ratios: the extremes, and greys that WebAIM's checker gives as the
// last below and the first above 4.5:1 on white.
func TestContrast(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{{"#000000", "#ffffff", 21}, {"#ffffff", "#ffffff", 1}, {"#777777", "#ffffff", 4.48}, {"#767676", "#ffffff", 4.54}, {"#ff0000", "#ffffff", 4.00}, {"#0000ff", "#ffffff", 8.59}} {
		for _, got := range []float64{Contrast(must(t, c.a), must(t, c.b)), Contrast(must(t, c.b), must(t, c.a))} {
			if math.Abs(got-c.want) > 0.005 {
				t.Errorf("%s on %s: %.3f, not %.2f", c.a, c.b, got, c.want)
			}
		}
	}
}

// every is each 15th value of each channel: 5,832 colours with all corners.
func every(yield func(Colour) bool) {
	for r := 0; r < 256; r += 15 {
		for g := 0; g < 256; g += 15 {
			for b := 0; b < 256; b += 15 {
				if !yield(Colour{uint8(r), uint8(g), uint8(b), true}) {
					return
				}
			}
		}
	}
}

// TestReadable: whatever is chosen, everything can be read on every surface
// that tokens.css has.
func TestReadable(t *testing.T) {
	for i, g := range []ground{light, dark} {
		surfaces := []Colour{tokens(t, "background")[i], tokens(t, "sunken")[i], tokens(t, "raised")[i], tokens(t, "hover")[i], tokens(t, "muted")[i]}
		for c := range every {
			p := g.theme(c)
			for _, on := range append(surfaces, p.Accent) {
				atLeast(t, Readable, c, "text", p.Text, on)
				atLeast(t, Visible, c, "button", p.Primary, on)
				atLeast(t, Visible, c, "ring", p.Ring, on)
			}
			atLeast(t, Readable, c, "text of a button", p.Foreground, p.Primary)
			atLeast(t, Readable, c, "text of a strong button", p.Foreground, p.Strong)
			atLeast(t, Readable, c, "the page's own text", tokens(t, "foreground")[i], p.Accent)
			atLeast(t, Readable, c, "the page's small text", tokens(t, "muted-foreground")[i], p.Accent)
			if p.Strong == p.Primary {
				t.Errorf("%s: pointing at a button changes nothing", c)
			}
			if t.Failed() {
				return
			}
		}
	}
}

func atLeast(t *testing.T, need float64, of Colour, what string, a, b Colour) {
	t.Helper()
	if got := Contrast(a, b); got < need {
		t.Errorf("%s: %s %s on %s has %.2f", of, what, a, b, got)
	}
}

// A colour that carries is left as it is; one that can't is moved, and keeps
// its hue.
func TestKept(t *testing.T) {
	blue := must(t, "#1d4ed8")
	if p := Of(blue); p.Light.Primary != blue || p.Light.Text != blue || p.Light.Foreground != white || p.Dark.Text == blue {
		t.Errorf("blue: %+v", p)
	}
	yellow := must(t, "#ffd400")
	p := Of(yellow)
	if p.Dark.Primary != yellow || p.Dark.Text != yellow || p.Dark.Foreground != black || p.Light.Primary == yellow {
		t.Errorf("yellow: %+v", p)
	}
	for _, c := range []Colour{p.Light.Primary, p.Light.Text, p.Light.Strong} {
		if d := math.Abs(c.shade().h - yellow.shade().h); d > 0.06 {
			t.Errorf("%s is no yellow: %.3f", c, d)
		}
	}
	if p.Light.Text.luminance() >= p.Light.Primary.luminance() {
		t.Error("text needs more contrast than a button")
	}
}

// TestRoundTrip: to OKLCH and back is the same colour.
func TestRoundTrip(t *testing.T) {
	for c := range every {
		if back := c.shade().colour(); back != c {
			t.Fatalf("%s became %s", c, back)
		}
	}
}

// The surfaces that the palette reckons with are those of the style sheet.
func TestSurfaces(t *testing.T) {
	for i, g := range []ground{light, dark} {
		if want := tokens(t, "background")[i]; g.page != want {
			t.Errorf("the page is %s, not %s", want, g.page)
		}
		for n, name := range []string{"sunken", "raised", "hover", "muted"} {
			if want := tokens(t, name)[i]; g.surfaces[n].colour() != want {
				t.Errorf("--%s is %s, not %s", name, want, g.surfaces[n].colour())
			}
		}
	}
}

var sheetForm = regexp.MustCompile(`^:root\{(--[a-z-]+:light-dark\(#[0-9a-f]{6},#[0-9a-f]{6}\);){6}\}\n$`)

func TestSheet(t *testing.T) {
	for c := range every {
		if css := c.Sheet(":root"); !sheetForm.MatchString(css) {
			t.Fatalf("%s: %s", c, css)
		}
	}
	if css := (Colour{}).Sheet(":root"); css != "" {
		t.Errorf("no colour, and yet %s", css)
	}
	for _, m := range regexp.MustCompile(`--[a-z-]+:`).FindAllString(must(t, "#2b6cb0").Sheet(":root"), -1) {
		tokens(t, strings.Trim(m, "-:")) // is there, to be set anew
	}
}

func BenchmarkSheet(b *testing.B) {
	c := must(b, "#ffd400")
	for b.Loop() {
		c.Sheet(":root")
	}
}

var (
	kept  = map[string][2]Colour{}
	value = `(#fff|oklch\([0-9. ]+\))`
)

// tokens gives the two values of a variable in tokens.css.
func tokens(t *testing.T, name string) (of [2]Colour) {
	t.Helper()
	if of, ok := kept[name]; ok {
		return of
	}
	css, err := os.ReadFile("../../web/src/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`--` + name + `: light-dark\(` + value + `, ` + value + `\)`).FindStringSubmatch(string(css))
	if m == nil {
		t.Fatalf("tokens.css has no --%s", name)
	}
	for i, text := range m[1:] {
		if of[i] = white; text != "#fff" {
			of[i] = oklch(t, text)
		}
	}
	kept[name] = of
	return of
}

func oklch(t *testing.T, text string) Colour {
	t.Helper()
	var n [3]float64
	for i, f := range strings.Fields(strings.TrimSuffix(strings.TrimPrefix(text, "oklch("), ")")) {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil || i > 2 {
			t.Fatal(fmt.Errorf("%s: %w", text, err))
		}
		n[i] = v
	}
	return shade{n[0], n[1], n[2] * degree}.colour()
}

// Whatever is typed or stored, a style sheet is made of a colour or there is none.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"", "#2b6cb0", "#2B6CB0", "red", "#2b6cb0}a{"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, ok := Parse(text)
		if ok != c.Chosen() || ok && c.String() != strings.ToLower(text) {
			t.Fatalf("%q became %q", text, c)
		}
		if css := c.Sheet(":root"); ok != sheetForm.MatchString(css) || !ok && css != "" {
			t.Fatalf("%q: %s", text, css)
		}
	})
}
