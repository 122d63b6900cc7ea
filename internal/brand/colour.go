// Package brand makes the colours of an organization's pages out of the one
// colour that it chose, so that everything stays readable whatever it chose.
// It has no database, no HTTP and no say in who may choose.
package brand

import (
	"fmt"
	"math"
	"strconv"
)

// Colour is an sRGB colour. The zero value is none: the product's own colours.
type Colour struct {
	r, g, b uint8
	chosen  bool
}

var (
	white = Colour{255, 255, 255, true}
	black = Colour{0, 0, 0, true}
)

// Parse reads "#rrggbb". All else is no colour.
func Parse(text string) (Colour, bool) {
	if len(text) != 7 || text[0] != '#' {
		return Colour{}, false
	}
	n, err := strconv.ParseUint(text[1:], 16, 32)
	if err != nil {
		return Colour{}, false
	}
	return Colour{uint8(n >> 16), uint8(n >> 8), uint8(n), true}, true // #nosec G115 -- a byte of each
}

// Chosen reports whether there is a colour.
func (c Colour) Chosen() bool { return c.chosen }

// String is "#rrggbb", or "" where there is none.
func (c Colour) String() string {
	if !c.chosen {
		return ""
	}
	return fmt.Sprintf("#%02x%02x%02x", c.r, c.g, c.b)
}

// luminance is the relative luminance of WCAG 2.2.
func (c Colour) luminance() float64 {
	return 0.2126*linear(c.r) + 0.7152*linear(c.g) + 0.0722*linear(c.b)
}

// linear takes the gamma off one channel.
func linear(channel uint8) float64 {
	v := float64(channel) / 255
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// Contrast is the contrast ratio of WCAG 2.2, from 1 to 21.
func Contrast(a, b Colour) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
