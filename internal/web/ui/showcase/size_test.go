package showcase

import (
	"bytes"
	"compress/gzip"
	"testing"
)

// After the first visit only the page itself is transferred: at most 30 kB.
func TestPagesAreSmall(t *testing.T) {
	for name, page := range Pages("") {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		if err := page.Render(t.Context(), w); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes", name, packed.Len())
		if packed.Len() > 30_000 {
			t.Errorf("%s: %d bytes", name, packed.Len())
		}
	}
}
