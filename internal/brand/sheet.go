package brand

import "strings"

// Sheet writes the palette of a colour as a style sheet of a selector, which
// is ours. Everything in it is made of numbers; where there is no colour,
// there is nothing in it.
func (c Colour) Sheet(selector string) string {
	if !c.chosen {
		return ""
	}
	p := Of(c)
	var b strings.Builder
	b.WriteString(selector + "{")
	for _, v := range []struct {
		name        string
		light, dark Colour
	}{
		{"primary", p.Light.Primary, p.Dark.Primary},
		{"primary-strong", p.Light.Strong, p.Dark.Strong},
		{"primary-foreground", p.Light.Foreground, p.Dark.Foreground},
		{"primary-text", p.Light.Text, p.Dark.Text},
		{"ring", p.Light.Ring, p.Dark.Ring},
		{"accent", p.Light.Accent, p.Dark.Accent},
	} {
		b.WriteString("--" + v.name + ":light-dark(" + v.light.String() + "," + v.dark.String() + ");")
	}
	b.WriteString("}\n")
	return b.String()
}
