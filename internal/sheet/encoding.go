package sheet

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Encodings are the names that Options takes and Encoding gives.
var Encodings = []string{"UTF-8", "UTF-16 LE", "UTF-16 BE", "Windows-1252", "Windows-1250", "Windows-1251", "CP850", "CP437", "Mac OS Roman", "Shift-JIS", "GBK"}

var decoders = map[string]encoding.Encoding{
	"UTF-16 LE":    unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
	"UTF-16 BE":    unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	"Windows-1252": charmap.Windows1252,
	"Windows-1250": charmap.Windows1250,
	"Windows-1251": charmap.Windows1251,
	"CP850":        charmap.CodePage850,
	"CP437":        charmap.CodePage437,
	"Mac OS Roman": charmap.Macintosh,
	"Shift-JIS":    japanese.ShiftJIS,
	"GBK":          simplifiedchinese.GBK,
}

// encoding trusts a byte order mark, then zero bytes of UTF-16 without one, then
// whether the file is UTF-8. What is left is guessed from the letters.
func (s *Sheet) encoding(start []byte, want string) (string, error) {
	if want != "" {
		if !slices.Contains(Encodings, want) {
			return "", refuse("The encoding “%s” is not known.", want)
		}
		return want, nil
	}
	switch {
	case bytes.HasPrefix(start, []byte{0xff, 0xfe}):
		return "UTF-16 LE", nil
	case bytes.HasPrefix(start, []byte{0xfe, 0xff}):
		return "UTF-16 BE", nil
	}
	var zeros [2]int
	for i, b := range start {
		if b == 0 {
			zeros[i%2]++
		}
	}
	if half := len(start) / 2; half > 2 {
		switch {
		case zeros[1] > half/2 && zeros[0] < half/8:
			return "UTF-16 LE", nil
		case zeros[0] > half/2 && zeros[1] < half/8:
			return "UTF-16 BE", nil
		}
	}
	good, bad, err := s.countUTF8()
	switch {
	case err != nil:
		return "", err
	case bad == 0:
		return "UTF-8", nil
	case good > bad:
		s.warn(0, "", false, "The file is UTF-8 with damaged characters; they are shown as �. Rows where it matters are named below.")
		return "UTF-8", nil
	}
	name, sure, err := s.guessLetters()
	if err == nil && !sure {
		s.warn(0, "", false, "The encoding is a guess: %s. Look at names with letters such as ä or é. If they are wrong, passwords would be, too: choose another encoding.", name)
	}
	return name, err
}

// countUTF8 counts the characters beyond ASCII, and the bytes that are none.
func (s *Sheet) countUTF8() (good, bad int, err error) {
	if err := s.rewind(); err != nil {
		return 0, 0, err
	}
	buf := make([]byte, 64<<10)
	rest := 0
	for {
		n, err := s.src.Read(buf[rest:])
		part := buf[:rest+n]
		for len(part) > 0 {
			if part[0] < utf8.RuneSelf {
				part = part[1:]
				continue
			}
			if err == nil && !utf8.FullRune(part) {
				break
			}
			r, size := utf8.DecodeRune(part)
			if r == utf8.RuneError && size == 1 {
				bad++
			} else {
				good++
			}
			part = part[size:]
		}
		rest = copy(buf, part)
		if err == io.EOF {
			return good, bad, nil
		}
		if err != nil {
			return 0, 0, fmt.Errorf("read the file: %w", err)
		}
	}
}

// decoded reads the file from its start as UTF-8 without byte order mark.
func (s *Sheet) decoded() (io.Reader, error) {
	if err := s.rewind(); err != nil {
		return nil, err
	}
	e, ok := decoders[s.enc]
	if !ok {
		e = unicode.UTF8BOM // also turns what is no UTF-8 into U+FFFD
	}
	return transform.NewReader(io.LimitReader(s.src, MaxBytes), e.NewDecoder()), nil
}
