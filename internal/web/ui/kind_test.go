package ui

import (
	"context"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
)

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var out strings.Builder
	if err := c.Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestLetters(t *testing.T) {
	got := map[string]string{}
	want := map[string]string{
		"Contoso": "CO", "Bergquell Brauerei GmbH": "BB", "Dr. Öztürk": "DÖ", "3M": "3M", "x": "X", "": "?", "…": "?",
	}
	for name := range want {
		got[name] = letters(name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Look-alikes and blanks are told apart, and nothing in a secret is markup.
func TestSecretText(t *testing.T) {
	got := render(t, SecretText(`aB1 <&`))
	want := `<code class="secret" translate="no"><span class="ch-l">a</span><span class="ch-u">B</span><span class="ch-d">1</span>` +
		`<span class="ch-s ch-space"> </span><span class="ch-s">&lt;</span><span class="ch-s">&amp;</span></code>`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSpoken(t *testing.T) {
	var got []string
	for _, c := range characters("qQ0 |ß") {
		got = append(got, c.word)
	}
	want := []string{"quebec", "capital QUEBEC", "zero", "space", "bar", "character U+00DF"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFieldNamesItsError(t *testing.T) {
	got := render(t, Field(FieldParams{Name: "title", Label: "Title", Hint: "short", Error: "missing"}))
	for _, part := range []string{`for="title"`, `aria-invalid="true"`, `aria-describedby="title-error title-hint"`, `id="title-error"`, `id="title-hint"`} {
		if !strings.Contains(got, part) {
			t.Errorf("no %s in %s", part, got)
		}
	}
}

// A link with a script in it becomes harmless where the address is a user's.
func TestDetailRefusesScriptAddresses(t *testing.T) {
	got := render(t, Detail(DetailParams{Label: "Web page", Value: "x", Href: "javascript:alert(1)"}))
	if strings.Contains(got, "javascript:") {
		t.Error(got)
	}
}
