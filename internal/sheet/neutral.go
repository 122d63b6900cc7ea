package sheet

import "strings"

// Neutral keeps a spreadsheet from taking a cell of a file that we write for a
// formula: such a cell gets an apostrophe before it (OWASP, CSV injection). So
// does one that has apostrophes before such a character already: Plain gives
// back exactly what there was.
func Neutral(cell string) string {
	if formula(strings.TrimLeft(cell, "'")) {
		return "'" + cell
	}
	return cell
}

// Plain takes away the apostrophe that Neutral put before a cell.
func Plain(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && formula(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return cell
}

func formula(cell string) bool {
	if cell == "" {
		return false
	}
	if strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
		return true
	}
	for _, wide := range []string{"＝", "＋", "－", "＠"} {
		if strings.HasPrefix(cell, wide) {
			return true
		}
	}
	return false
}
