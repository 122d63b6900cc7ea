package icon

import (
	"context"
	"strings"
	"testing"
)

func TestDraw(t *testing.T) {
	var out strings.Builder
	if err := Draw(Key, `a"b`).Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	got := out.String()
	for _, part := range []string{`class="icon a&#34;b"`, `aria-hidden="true"`, `<path`} {
		if !strings.Contains(got, part) {
			t.Errorf("no %s in %s", part, got)
		}
	}
	out.Reset()
	if err := Draw("no such icon").Render(context.Background(), &out); err != nil || out.Len() != 0 {
		t.Errorf("drew %q, %v", out.String(), err)
	}
}

// Each built-in type of the vault has its own drawing; a custom one looks like Other.
func TestEachTypeHasItsOwnIcon(t *testing.T) {
	seen := map[Name]string{}
	for kind := range types {
		name, hue := OfType(kind)
		if !Known(name) || hue < 0 || hue > 12 {
			t.Errorf("%s: %s, hue %d", kind, name, hue)
		}
		if other, ok := seen[name]; ok {
			t.Errorf("%s and %s look the same", kind, other)
		}
		seen[name] = kind
	}
	if len(seen) != 19 {
		t.Errorf("%d types", len(seen))
	}
	if name, _ := OfType("Toll booth"); name != TypeOther {
		t.Error(name)
	}
}
