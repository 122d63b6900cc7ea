package main

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
)

// The packages of testdata say in comments what is to be found in them; what
// has no comment must not be found.
func TestRules(t *testing.T) {
	for _, c := range []struct {
		rule int
		in   []string
	}{
		{0, []string{"bailiwick/internal/people", "bailiwick/internal/seal"}},
		{1, []string{"bailiwick/internal/names", "bailiwick/internal/clock", "bailiwick/internal/door", "bailiwick/internal/session"}},
		{2, []string{"bailiwick/internal/compare", "bailiwick/internal/seal"}},
		{3, []string{"bailiwick/internal/reveal", "bailiwick/internal/session"}},
		{4, []string{"bailiwick/internal/texts", "bailiwick/internal/importer"}},
	} {
		t.Run(rules[c.rule].Name, func(t *testing.T) {
			analysistest.Run(t, analysistest.TestData(), rules[c.rule], c.in...)
		})
	}
}
