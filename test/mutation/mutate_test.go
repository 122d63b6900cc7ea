package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestMutants(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.go")
	const text = `package a

func f(a, b bool, n int) (bool, string) {
	if a && !b || n > 3 {
		return true, "x"
	}
	for n < 9 {
		n++
	}
	return g(n), ""
}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := mutants(file)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range all {
		changed := text[:m.start] + m.text + text[m.end:]
		if changed == text {
			t.Errorf("%s changes nothing", m)
		}
		got = append(got, m.what)
	}
	for _, want := range []string{
		"a && !b || n > 3 => !(a && !b || n > 3)", "a && !b || n > 3 => a && !b", "a && !b || n > 3 => n > 3", "a && !b => a", "a && !b => !b", "!b => b",
		"n > 3 => n >= 3", "n > 3 => n <= 3", "3 => 4", "3 => 2", "true => false", `"x" => ""`, "g(n) => true", "g(n) => false", "n < 9 => (n < 9) && false",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no mutant %q in\n%s", want, strings.Join(got, "\n"))
		}
	}
}

// What is listed as the same is a mutant that there is, with a reason.
func TestWhatIsTheSameIsThere(t *testing.T) {
	there := map[string]bool{}
	for _, d := range decisions {
		all, err := mutants(filepath.Join("..", "..", d.file))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d mutants", d.file, len(all))
		for _, m := range all {
			m.file = d.file
			there[m.name()] = true
		}
	}
	for m, why := range alike {
		if !there[m] || len(why) < 20 {
			t.Errorf("%s is not a mutant any more, or has no reason", m)
		}
	}
}

func TestLinesOfADiff(t *testing.T) {
	changed := lines("diff --git a/x.go b/x.go\n@@ -3 +3 @@ func f() {\n-a\n+b\n@@ -9,2 +9,0 @@\n-c\n-d\n@@ -20,0 +19,3 @@ type t struct {\n+e\n+f\n+@@ -1 +1 @@\n")
	for line, want := range map[int]bool{1: false, 2: false, 3: true, 4: false, 9: false, 18: false, 19: true, 21: true, 22: false} {
		if changed(line) != want {
			t.Errorf("line %d changed: %t", line, !want)
		}
	}
}
