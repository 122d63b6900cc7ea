package sheet

import "strings"

// Neutral keeps a spreadsheet from taking a cell of a file that we write for a
// formula: such a cell gets an apostrophe before it (OWASP, CSV injection).
func Neutral(cell string) string {
	if cell == "" {
		return cell
	}
	if strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
		return "'" + cell
	}
	for _, wide := range []string{"＝", "＋", "－", "＠"} {
		if strings.HasPrefix(cell, wide) {
			return "'" + cell
		}
	}
	return cell
}

// Plain takes away the apostrophe that Neutral put before a cell.
func Plain(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && Neutral(rest) == cell {
		return rest
	}
	return cell
}
