package web

import (
	"time"

	"bailiwick/internal/client"
	"bailiwick/internal/vault"
)

// dueFilters are the filters by expiry date. The overview of a client leads to
// them from its numbers.
var dueFilters = map[string]string{"expired": "Expired", "soon": "Expires soon"}

// isDue counts as the overview does: a date holds until the end of its day.
func (w vaultView) isDue(l vault.Line, now time.Time) bool {
	if w.due == "" {
		return true
	}
	day := l.Expires()
	over := !now.Before(day.Add(24 * time.Hour))
	return !day.IsZero() && over == (w.due == "expired") && day.Before(now.Add(client.Soon))
}

// always is the same view without the filter by expiry date.
func (w vaultView) always() string {
	w.due, w.after, w.selected = "", "", ""
	return w.link()
}

// narrowed reports whether the list leaves out some of what its folders hold.
func (w vaultView) narrowed() bool { return w.filter != "" || w.flagged || w.due != "" }
