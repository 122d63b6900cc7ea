package sheet

import (
	"strings"
	"time"
)

// KindListHeading is that of a column of custom fields with their kinds, as our
// own export writes it.
const KindListHeading = "Custom fields (with kind)"

const (
	hiddenMark = " (hidden)"
	dateMark   = " (date)"
	textMark   = " (text)" // only where a name ends like one of the others
)

// KindList writes custom fields so that a person can read them and kindList
// gives back the same: "PIN (hidden): 4711", one a line. Further lines of a
// value are indented.
func KindList(fields []Field) string {
	var all []string
	for _, f := range fields {
		name := escape.Replace(f.Name)
		switch {
		case f.Hidden:
			name += hiddenMark
		case f.Date:
			name += dateMark
		case strings.HasSuffix(name, hiddenMark) || strings.HasSuffix(name, dateMark) || strings.HasSuffix(name, textMark):
			name += textMark
		}
		all = append(all, name+": "+strings.ReplaceAll(f.Value, "\n", "\n  "))
	}
	return strings.Join(all, "\n")
}

// A colon in a name is told from the one behind it.
var (
	escape   = strings.NewReplacer(`\`, `\\`, ":", `\:`, "\n", `\n`)
	unescape = strings.NewReplacer(`\\`, `\`, `\:`, ":", `\n`, "\n")
)

// kindList reads what KindList wrote. A line that is no field goes to the
// value above it; one with nothing above it is kept hidden.
func (a *assembler) kindList(v string) {
	start := len(a.rec.Fields)
	for line := range strings.SplitSeq(strings.ReplaceAll(v, "\r\n", "\n"), "\n") {
		name, value, ok := cutName(line)
		n := len(a.rec.Fields)
		switch {
		case ok && !strings.HasPrefix(line, " "):
			a.kindField(name, value)
		case n > start:
			f := &a.rec.Fields[n-1]
			f.Value += "\n" + strings.TrimPrefix(line, "  ")
			a.limit(f.Value, MaxField)
		case strings.TrimSpace(line) != "":
			a.field(a.label, line, true)
		}
	}
}

// cutName cuts a line at the first colon that is not escaped.
func cutName(line string) (name, value string, ok bool) {
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case ':':
			return line[:i], strings.TrimPrefix(line[i+1:], " "), i > 0
		}
	}
	return "", "", false
}

func (a *assembler) kindField(name, value string) {
	f := Field{Value: value}
	for _, mark := range []string{hiddenMark, dateMark, textMark} {
		if rest, ok := strings.CutSuffix(name, mark); ok && rest != "" {
			name, f.Hidden, f.Date = rest, mark == hiddenMark, mark == dateMark
			break
		}
	}
	f.Name = unescape.Replace(name)
	if _, err := time.Parse(time.DateOnly, value); f.Date && value != "" && err != nil {
		f.Date = false
		a.problem(false, "The custom field %q says that it is a date and is none, such as 2027-03-31. It becomes a text.", f.Name)
	}
	a.limit(f.Name, MaxName)
	a.limit(f.Value, MaxField)
	a.rec.Fields = append(a.rec.Fields, f)
}
