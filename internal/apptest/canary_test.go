package apptest

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
	"unicode/utf16"
)

// A leak detector that finds nothing proves nothing: each form is found, at
// each shift, in the midst of something else, and nothing else is.
func TestLeakFindsEveryForm(t *testing.T) {
	var c Canaries
	for shift := range 7 {
		text := strings.Repeat("x", shift) + c.New("title") + "yy"
		var le, be []byte
		for _, u := range utf16.Encode([]rune(text)) {
			le, be = append(le, byte(u), byte(u>>8)), append(be, byte(u>>8), byte(u))
		}
		for form, data := range map[string][]byte{"plain": []byte(text), "upper case": []byte(strings.ToUpper(text)),
			"hex": []byte(hex.EncodeToString([]byte(text))), "upper hex": []byte(strings.ToUpper(hex.EncodeToString([]byte(text)))),
			"utf-16le": le, "utf-16be": be,
			"base64": []byte(base64.StdEncoding.EncodeToString([]byte(text))), "base64url": []byte(base64.URLEncoding.EncodeToString([]byte(text)))} {
			if Leak(append([]byte("before "), data...)) == "" {
				t.Errorf("%s after %d characters is not found", form, shift)
			}
		}
	}
	if found := Leak([]byte(strings.Repeat("zq7kanary4v zq7 kanary", 1000))); found != "" {
		t.Errorf("found what is none: %s", found)
	}
	if c.Made() != 7 {
		t.Errorf("%d made", c.Made())
	}
}
