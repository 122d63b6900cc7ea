package sheet

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// dump writes everything that a file gives, secrets too: they are invented.
func dump(s *Sheet) string {
	var b strings.Builder
	problem := func(p Problem) {
		fmt.Fprintf(&b, "  ! row %d, %q", p.Row, p.Column)
		if p.Fatal {
			b.WriteString(", fatal")
		}
		if p.Ends {
			b.WriteString(", ends")
		}
		fmt.Fprintf(&b, ": %s\n", p.Text)
	}
	m := s.Guess()
	fmt.Fprintf(&b, "%s, separator %q, headings in row %d, layout %s\n", s.Encoding(), s.Separator(), s.HeadingRow(), m.Layout)
	for _, r := range m.Remarks {
		fmt.Fprintf(&b, "  # %s\n", r)
	}
	for _, p := range append(s.Problems(), s.Check(m)...) {
		problem(p)
	}
	for _, c := range m.Columns {
		fmt.Fprintf(&b, "  %s -> %s", c.Label, c.To)
		if c.To == ToCustom {
			fmt.Fprintf(&b, " %q hidden=%v", c.Name, c.Hidden)
		}
		b.WriteString("\n")
	}
	for r, ps := range s.Rows(m) {
		fmt.Fprintf(&b, "row %d\n", r.Row)
		line := func(name, v string) {
			if v != "" {
				fmt.Fprintf(&b, "  %s: %q\n", name, v)
			}
		}
		line("title", r.Title)
		line("username", r.Username)
		line("password", r.Password)
		for _, u := range r.URLs {
			line("url", u)
		}
		line("notes", r.Notes)
		line("totp", r.TOTP)
		line("client", r.Client)
		line("folder", r.Folder)
		line("type", r.Type)
		line("tags", strings.Join(r.Tags, ", "))
		if r.Expires != nil {
			line("expires", r.Expires.Format("2006-01-02 15:04 MST"))
		}
		for _, f := range r.Fields {
			fmt.Fprintf(&b, "  field %q hidden=%v: %q\n", f.Name, f.Hidden, f.Value)
		}
		for _, p := range ps {
			problem(p)
		}
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.csv")
	if err != nil || len(files) < 14 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			f, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			s, err := Open(f)
			if err != nil {
				t.Fatal(err)
			}
			got := dump(s)
			if again := dump(s); again != got {
				t.Errorf("the second reading differs: %s", cmp.Diff(got, again))
			}
			golden := strings.TrimSuffix(name, ".csv") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), got); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

func open(t *testing.T, text string) *Sheet {
	t.Helper()
	s, err := Open(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return s
}

func refused(t *testing.T, text, want string) {
	t.Helper()
	_, err := Open(strings.NewReader(text))
	var p Problem
	if !errors.As(err, &p) || !p.Fatal || !strings.Contains(p.Text, want) {
		t.Errorf("%.20q: %v, want a problem with %q", text, err, want)
	}
}
