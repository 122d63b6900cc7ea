package bundle

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// decode reads a text in UTF-8, UTF-16 with its mark, or else Windows-1252.
func decode(b []byte) string {
	var s string
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}), bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		units := make([]uint16, 0, len(b)/2)
		big := b[0] == 0xfe
		for i := 2; i+1 < len(b); i += 2 {
			if big {
				units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
			} else {
				units = append(units, uint16(b[i+1])<<8|uint16(b[i]))
			}
		}
		s = string(utf16.Decode(units))
	case utf8.Valid(b):
		s = strings.TrimPrefix(string(b), "\ufeff")
	default:
		var out strings.Builder
		for _, c := range b {
			if c >= 0x80 && c < 0xa0 {
				out.WriteRune(windows[c-0x80])
			} else {
				out.WriteRune(rune(c))
			}
		}
		s = out.String()
	}
	return strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"), "\x00", "\ufffd")
}

// windows is what Windows-1252 has where ISO 8859-1 has nothing.
var windows = []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ")
