package door

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// Compressed gives the table behind gzip. Lengths get a random addition, so
// that they tell little about a secret beside something an attacker chose
// (BREACH).
func (t *Table) Compressed() (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.RandomJitter(64, 0, false),
		gzhttp.ContentTypes([]string{"text/html", "application/json", "application/problem+json", "application/yaml", "text/csv"}))
	if err != nil {
		return nil, err
	}
	return wrap(t), nil
}
