package web

import (
	"time"

	"bailiwick/internal/vault"
)

// dueFilters are the filters by expiry date. The overview of a client leads to
// them from its numbers.
var dueFilters = map[string]string{"expired": "Expired", "soon": "Expires soon"}

func (w vaultView) isDue(l vault.Line, now time.Time) bool {
	return w.due == "" || l.IsDue(w.due, now)
}

// always is the same view without the filter by expiry date.
func (w vaultView) always() string {
	w.due, w.after, w.selected = "", "", ""
	return w.link()
}

// narrowed reports whether the list leaves out some of what its folders hold.
func (w vaultView) narrowed() bool { return w.filter != "" || w.flagged || w.due != "" }
