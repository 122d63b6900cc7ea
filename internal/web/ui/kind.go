package ui

import (
	"hash/fnv"
	"strconv"
	"strings"
	"unicode"

	"github.com/a-h/templ"

	"bailiwick/internal/web/ui/icon"
)

// Kind gives a part its meaning and with it its colour. Colour never stands
// alone: a part of some kind also has an icon or words.
type Kind string

// The kinds. Accent is for what is selected or new.
const (
	Neutral Kind = "neutral"
	Accent  Kind = "accent"
	Success Kind = "success"
	Info    Kind = "info"
	Warning Kind = "warning"
	Danger  Kind = "danger"
	Violet  Kind = "violet"
)

func (k Kind) icon() icon.Name {
	switch k {
	case Success:
		return icon.Success
	case Warning:
		return icon.Warning
	case Danger:
		return icon.Danger
	}
	return icon.Info
}

// word says to who does not see the colour how urgent it is.
func (k Kind) word() string {
	switch k {
	case Warning:
		return "Warning"
	case Danger:
		return "Danger"
	}
	return "Notice"
}

// Hue is the colour of a name, and Letters are the letters of its avatar, for
// lists that draw it by the style sheet.
func Hue(name string) string { return hue(name) }

// Letters gives the two letters of an avatar.
func Letters(name string) string { return letters(name) }

// hues is how many colours an avatar may have; app.css has a class for each.
const hues = 12

// hue picks the colour of a name: always the same for the same name.
func hue(name string) string {
	sum := fnv.New32a()
	sum.Write([]byte(name))
	return "hue-" + strconv.Itoa(int(sum.Sum32()%hues))
}

// letters returns the two letters of an avatar: the first of two words, or the
// first two of the only one.
func letters(name string) string {
	var words [][]rune
	for _, w := range strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		words = append(words, []rune(w))
	}
	switch len(words) {
	case 0:
		return "?"
	case 1:
		return strings.ToUpper(string(words[0][:min(2, len(words[0]))]))
	}
	return strings.ToUpper(string(words[0][:1]) + string(words[1][:1]))
}

// PanelAttrs lets a link put its page's panel into the frame that is already
// there. The link still works as a link; the address changes either way.
func PanelAttrs(href string) templ.Attributes {
	attrs := templ.Attributes{"hx-target": "#panel", "hx-select": "#panel", "hx-swap": "outerHTML", "hx-push-url": "true"}
	if href != "" {
		attrs["hx-get"] = href
	}
	return attrs
}

func hueClass(h int) string { return "hue-" + strconv.Itoa(h) }
