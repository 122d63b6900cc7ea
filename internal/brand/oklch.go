package brand

import "math"

// shade is a colour in OKLCH, where lightness can be changed and the hue stays
// what it is to the eye.
type shade struct{ l, c, h float64 } // h in radians

// shade follows https://www.w3.org/TR/css-color-4/#color-conversion-code.
func (c Colour) shade() shade {
	r, g, b := linear(c.r), linear(c.g), linear(c.b)
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	x := 1.9779984951*l - 2.4285922050*m + 0.4505937099*s
	y := 0.0259040371*l + 0.7827717662*m - 0.8086757660*s
	return shade{0.2104542553*l + 0.7936177850*m - 0.0040720468*s, math.Hypot(x, y), math.Atan2(y, x)}
}

// colour gives the nearest sRGB colour of the same lightness and hue: what is
// too vivid for a screen loses chroma.
func (s shade) colour() Colour {
	for s.c = max(s.c, 0); ; s.c = max(s.c-0.004, 0) {
		r, g, b := s.linear()
		if s.c == 0 || shown(r) && shown(g) && shown(b) {
			return Colour{channel(r), channel(g), channel(b), true}
		}
	}
}

func (s shade) linear() (r, g, b float64) {
	x, y := s.c*math.Cos(s.h), s.c*math.Sin(s.h)
	l := cube(s.l + 0.3963377774*x + 0.2158037573*y)
	m := cube(s.l - 0.1055613458*x - 0.0638541728*y)
	n := cube(s.l - 0.0894841775*x - 1.2914855480*y)
	return 4.0767416621*l - 3.3077115913*m + 0.2309699292*n,
		-1.2684380046*l + 2.6097574011*m - 0.3413193965*n,
		-0.0041960863*l - 0.7034186147*m + 1.7076147010*n
}

func cube(v float64) float64 { return v * v * v }

func shown(v float64) bool { return v >= -0.0005 && v <= 1.0005 }

// channel puts the gamma on.
func channel(v float64) uint8 {
	v = min(max(v, 0), 1)
	if v <= 0.0031308 {
		v *= 12.92
	} else {
		v = 1.055*math.Pow(v, 1/2.4) - 0.055
	}
	return uint8(math.Round(v * 255))
}
