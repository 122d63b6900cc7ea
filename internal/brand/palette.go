package brand

const (
	// Readable is the least contrast of text (WCAG 2.2, 1.4.3, AA).
	Readable = 4.5
	// Visible is the least contrast of what is no text: a switch, a button's
	// shape, the ring around what has the focus (1.4.11).
	Visible = 3.0
)

// Theme is a brand's colours on light pages, or on dark ones.
type Theme struct {
	Primary    Colour // buttons, switches
	Strong     Colour // a button that is pointed at
	Foreground Colour // text on both
	Text       Colour // links, and what is marked
	Ring       Colour // around what has the focus
	Accent     Colour // ground of what is chosen
	Page       Colour // ground of the page, which is the product's
}

// Palette is what becomes of one chosen colour.
type Palette struct{ Light, Dark Theme }

// ground is what colours stand on in one theme: the product's surfaces of
// web/src/css/tokens.css, and how far the accent is toned down.
type ground struct {
	page     Colour
	surfaces []shade // --sunken, --raised, --hover, --muted
	accent   shade   // its lightness and the most chroma
	away     float64 // from the page: darker on light, lighter on dark
}

const degree = 0.017453292519943295

var (
	light = ground{white, []shade{{0.978, 0.004, 210 * degree}, {1, 0, 0}, {0.965, 0.006, 208 * degree}, {0.955, 0.006, 210 * degree}}, shade{0.955, 0.03, 0}, -1}
	dark  = ground{shade{0.19, 0.012, 222 * degree}.colour(), []shade{{0.168, 0.011, 222 * degree}, {0.225, 0.014, 222 * degree}, {0.232, 0.015, 220 * degree}, {0.255, 0.015, 220 * degree}}, shade{0.29, 0.05, 0}, 1}
)

// Of makes the palette of a colour.
func Of(c Colour) Palette { return Palette{light.theme(c), dark.theme(c)} }

func (g ground) theme(c Colour) Theme {
	t := Theme{Page: g.page, Accent: g.soft(c)}
	on := []Colour{g.page, t.Accent}
	for _, s := range g.surfaces {
		on = append(on, s.colour())
	}
	t.Primary = g.carry(c, on, Visible)
	t.Ring = t.Primary
	t.Text = g.carry(c, on, Readable)
	t.Foreground = textOn(t.Primary)
	t.Strong = g.strong(t.Primary, t.Foreground)
	return t
}

// soft is the colour as the ground of text.
func (g ground) soft(c Colour) Colour {
	s := c.shade()
	return shade{g.accent.l, min(s.c, g.accent.c), s.h}.colour()
}

// carry moves a colour away from the page until it stands out from everything
// that it may stand on. Black and white always do, so it comes to an end.
func (g ground) carry(c Colour, on []Colour, need float64) Colour {
	s := c.shade()
	for !enough(c, on, need) && s.l >= 0 && s.l <= 1 {
		s.l += g.away * 0.005
		c = s.colour()
	}
	return c
}

func enough(c Colour, on []Colour, need float64) bool {
	for _, ground := range on {
		if Contrast(c, ground) < need {
			return false
		}
	}
	return true
}

// textOn is white where that is readable, and else black, which then is: of
// the two, one has 4.58 on any colour.
func textOn(c Colour) Colour {
	if Contrast(white, c) >= Readable {
		return white
	}
	return black
}

// strong is a step further from the page, or towards it where the text on it
// would suffer or there is no further.
func (g ground) strong(c, text Colour) Colour {
	for _, step := range []float64{0.06 * g.away, -0.06 * g.away} {
		s := c.shade()
		s.l += step
		if to := s.colour(); s.l >= 0 && s.l <= 1 && Contrast(text, to) >= Readable {
			return to
		}
	}
	return c
}
