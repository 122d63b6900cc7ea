package find

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxWord cuts longer words, in entries and in queries alike.
const maxWord = 64

// splitter folds a text (case, accents, full width) and cuts it into words.
// What words returns is valid until the next call.
type splitter struct {
	buf   []byte
	words [][]byte
	ends  []int32 // pairs of start and end in buf
}

// letters that Unicode does not decompose, as people type them
var plain = map[rune]string{
	'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'ħ': "h", 'ı': "i", 'æ': "ae", 'œ': "oe", 'þ': "th", 'ŧ': "t",
}

func (s *splitter) split(text string) [][]byte {
	s.buf, s.ends, s.words = s.buf[:0], s.ends[:0], s.words[:0]
	start, ascii := -1, true
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c >= utf8.RuneSelf:
			ascii = false
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
			fallthrough
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			if start < 0 {
				start = len(s.buf)
			}
			s.buf = append(s.buf, c)
			continue
		default:
			start = s.end(start)
			continue
		}
		break
	}
	if !ascii {
		s.buf, s.ends = s.buf[:0], s.ends[:0]
		start = s.splitUnicode(text)
	}
	s.end(start)
	for i := 0; i < len(s.ends); i += 2 {
		s.words = append(s.words, s.buf[s.ends[i]:s.ends[i+1]])
	}
	return s.words
}

// end closes the word that began at start, if there is one.
func (s *splitter) end(start int) int {
	if start >= 0 {
		s.ends = append(s.ends, int32(start), int32(min(len(s.buf), start+maxWord)))
	}
	return -1
}

// Plain is a text as people type it who look for it: without case and accents,
// and without spaces around it.
func Plain(text string) string {
	text = strings.TrimSpace(text)
	if strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return strings.ToLower(text)
	}
	var out strings.Builder
	for _, r := range folded(text) {
		if p, ok := plain[r]; ok {
			out.WriteString(p)
		} else if !unicode.Is(unicode.Mn, r) {
			out.WriteRune(r)
		}
	}
	return out.String()
}

func folded(text string) string {
	return norm.NFKD.String(cases.Fold().String(norm.NFKD.String(text)))
}

func (s *splitter) splitUnicode(text string) int {
	start := -1
	for _, r := range folded(text) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
			// written without spaces: each sign is a word
			s.end(start)
			start = s.end(s.add(r))
			continue
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
			at := s.add(r)
			if start < 0 {
				start = at
			}
		default:
			start = s.end(start)
		}
	}
	return start
}

func (s *splitter) add(r rune) (at int) {
	at = len(s.buf)
	if p, ok := plain[r]; ok {
		s.buf = append(s.buf, p...)
	} else {
		s.buf = utf8.AppendRune(s.buf, r)
	}
	return at
}

// appendName adds the folded title, the order of equal matches, to dst.
func (s *splitter) appendName(dst []byte, title string) []byte {
	for _, w := range s.split(title) {
		dst = append(append(dst, w...), ' ')
	}
	return dst
}

func titleSize(title string) uint8 { return uint8(min(255, utf8.RuneCountInString(title))) }

// Words folds a text and cuts it into words, in their order.
func Words(text string) []string {
	var s splitter
	words := s.split(text)
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = strings.ToValidUTF8(string(w), "") // a long word was cut, perhaps within a letter
	}
	return all
}
