package change

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// drawn writes a difference as text: marks of lines, and words that changed in
// brackets.
func drawn(all []Line) string {
	var b strings.Builder
	for _, l := range all {
		fmt.Fprintf(&b, "%d %d %c", l.Before, l.After, " -+"[l.Kind])
		for _, p := range l.Parts {
			if p.Marked {
				b.WriteString("[" + p.Text + "]")
			} else {
				b.WriteString(p.Text)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestOf(t *testing.T) {
	for _, c := range []struct{ name, before, after, want string }{
		{"nothing", "", "", ""},
		{"the same", "a\nb\n", "a\nb", "1 1  a\n2 2  b\n"},
		{"all new", "", "a\nb", "0 1 +a\n0 2 +b\n"},
		{"all gone", "a\nb", "", "1 0 -a\n2 0 -b\n"},
		{"a line added", "a\nc", "a\nb\nc", "1 1  a\n0 2 +b\n2 3  c\n"},
		{"a line taken away", "a\nb\nc", "a\nc", "1 1  a\n2 0 -b\n3 2  c\n"},
		{"a word changed", "Call the old office.", "Call the new office.", "1 0 -Call the [old] office.\n0 1 +Call the [new] office.\n"},
		{"a word added", "port 443", "port 443 (TLS)", "1 0 -port 443\n0 1 +port 443[ (TLS)]\n"},
		{"nothing in common", "one two", "3 4 5", "1 0 -one two\n0 1 +3 4 5\n"},
		{"lines one by one", "ip 10.0.0.1\nx\nip 10.0.0.2", "ip 10.0.1.1\nx\nip 10.0.1.2", "1 0 -ip 10.0.[0].1\n0 1 +ip 10.0.[1].1\n2 2  x\n3 0 -ip 10.0.[0].2\n0 3 +ip 10.0.[1].2\n"},
		{"Windows", "a\r\nb\r\n", "a\nb\n", "1 1  a\n2 2  b\n"},
		{"letters of all scripts", "Über größe", "Über Größe", "1 0 -Über [größe]\n0 1 +Über [Größe]\n"},
	} {
		if d := cmp.Diff(c.want, drawn(Of(c.before, c.after))); d != "" {
			t.Errorf("%s:\n%s", c.name, d)
		}
		sound(t, c.before, c.after)
	}
}

// sound demands that a difference gives back both texts, line by line.
func sound(t *testing.T, before, after string) []Line {
	t.Helper()
	all := Of(before, after)
	a, b := linesOf(before), linesOf(after)
	i, j := 0, 0
	for _, l := range all {
		if l.Kind != New {
			if i++; l.Before != i || a[i-1] != l.Text() {
				t.Fatalf("%q to %q: line %d of the earlier text is %+v", before, after, i, l)
			}
		}
		if l.Kind != Gone {
			if j++; l.After != j || b[j-1] != l.Text() {
				t.Fatalf("%q to %q: line %d of the later text is %+v", before, after, j, l)
			}
		}
		for _, p := range l.Parts {
			if p.Text == "" || p.Marked && l.Kind == Same {
				t.Fatalf("%+v", l)
			}
		}
	}
	if i != len(a) || j != len(b) {
		t.Fatalf("%q to %q: %d and %d lines", before, after, i, j)
	}
	return all
}

// TestShortest: no more lines are changed than must be, by an exhaustive search.
func TestShortest(t *testing.T) {
	var texts []string
	for n := range 3 * 3 * 3 * 3 {
		s := ""
		for k := n; k > 0; k /= 3 {
			s += string("ab "[k%3]) + "\n"
		}
		texts = append(texts, s)
	}
	for _, x := range texts {
		for _, y := range texts {
			gone, added := Count(sound(t, x, y))
			a, b := linesOf(x), linesOf(y)
			if want := len(a) + len(b) - 2*shared(a, b); gone+added != want {
				t.Fatalf("%q to %q: %d changes, not %d", x, y, gone+added, want)
			}
		}
	}
}

func shared(a, b []string) int {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	if a[0] == b[0] {
		return 1 + shared(a[1:], b[1:])
	}
	return max(shared(a[1:], b), shared(a, b[1:]))
}

func TestHunks(t *testing.T) {
	before := "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12"
	all := Of(before, strings.Replace(strings.Replace(before, "\n3\n", "\nthree\n", 1), "\n10\n", "\n", 1))
	hunks, left := Hunks(all, 1)
	var got []string
	for _, h := range hunks {
		got = append(got, fmt.Sprintf("%d skipped\n%s", h.Skipped, drawn(h.Lines)))
	}
	if d := cmp.Diff([]string{"1 skipped\n2 2  2\n3 0 -3\n0 3 +three\n4 4  4\n", "4 skipped\n9 9  9\n10 0 -10\n11 10  11\n"}, got); d != "" || left != 1 {
		t.Error(d, left)
	}
	if hunks, left := Hunks(Of("a\nb", "a\nb"), 3); len(hunks) != 0 || left != 2 {
		t.Error(hunks, left)
	}
}

// TestBounds: long texts that have nothing or little in common take no long time.
func TestBounds(t *testing.T) {
	var x, y strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&x, "line %d of the earlier text\n", i)
		fmt.Fprintf(&y, "line %d of a later text\n", i*7919%20_000)
	}
	word := strings.Repeat("a b c ", 800)
	other := strings.Repeat("c b a d ", 600)
	for _, c := range [][2]string{{x.String(), y.String()}, {strings.Repeat(word+"\n", 90), strings.Repeat(other+"\n", 90)}} {
		start := time.Now()
		sound(t, c[0], c[1])
		if d := time.Since(start); d > 5*time.Second {
			t.Error(d)
		} else {
			t.Log(d)
		}
	}
}

// FuzzOf: every difference gives back both texts.
func FuzzOf(f *testing.F) {
	f.Add("a\nb\nc", "a\nx y\nc")
	f.Add("one two three", "one 2 three four\r\n")
	f.Fuzz(func(t *testing.T, before, after string) {
		all := sound(t, before, after)
		hunks, left := Hunks(all, 2)
		for _, h := range hunks {
			left += h.Skipped + len(h.Lines)
		}
		if left != len(all) {
			t.Fatalf("%d lines of %d", left, len(all))
		}
	})
}
