package sheet

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzOpen: no file makes the reader panic, loop, break its limits, give
// something else the second time, or repeat a cell in a problem.
func FuzzOpen(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.csv")
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	for _, s := range []string{"", "\"", "a\n\"", "sep=", "sep=;\n", "a,b\n\"\"\"", "\xff\xfea", "\xfe\xff\xd8", "a\rb\r\n\n", "Title,URL\n,http://[\n", "Title,Expires\nx,2026-13-13T\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Open(bytes.NewReader(data))
		if err != nil {
			var p Problem
			if !errors.As(err, &p) || !p.Fatal {
				t.Fatalf("not a problem: %v", err)
			}
			return
		}
		m := s.Guess()
		if len(m.Columns) != len(s.Labels()) {
			t.Fatal("the guess does not have all columns")
		}
		if text := dump(s); text != dump(s) || !utf8.ValidString(text) {
			t.Fatal("the second reading differs")
		}
		last := s.HeadingRow()
		for r, ps := range s.Rows(m) {
			if r.Row <= last {
				t.Fatalf("row %d after %d", r.Row, last)
			}
			last = r.Row
			fatal := false
			for _, p := range ps {
				fatal = fatal || p.Fatal
				if p.Text == "" || !strings.HasSuffix(p.Text, ".") {
					t.Fatalf("no sentence: %q", p.Text)
				}
			}
			if !fatal && (r.Title == "" || utf8.RuneCountInString(r.Title) > MaxTitle || len(r.URLs) > MaxURLs) {
				t.Fatal("a record without fatal problem breaks a limit")
			}
		}
	})
}
