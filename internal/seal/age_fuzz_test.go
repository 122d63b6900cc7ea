package seal

import (
	"strings"
	"testing"
)

// FuzzBackupKeys: what is no key is refused without being repeated; it may be
// one that was mistyped.
func FuzzBackupKeys(f *testing.F) {
	for _, s := range []string{"", "age1", "AGE-SECRET-KEY-1", "# comment\n", "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p", "\xff", " age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		one, err := ParseReader(s)
		if one.Any() != (err == nil) {
			t.Fatalf("%q: %v", s, err)
		}
		many, manyErr := ParseReaders(strings.NewReader(s))
		if many.Any() && manyErr != nil {
			t.Fatalf("%q: %v", s, manyErr)
		}
		_, openErr := ParseOpeners(strings.NewReader(s))
		for _, err := range []error{err, manyErr, openErr} {
			if err != nil && len(s) > 24 && strings.Contains(err.Error(), s) {
				t.Fatalf("the error repeats %q", s)
			}
		}
	})
}
