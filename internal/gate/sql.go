package gate

import (
	"database/sql"
	"sort"
	"strings"

	"bailiwick/internal/db"
)

// Stmt is a registered SQL text. The gate binds the organization as $1 and
// the caller's arguments from $2 on.
type Stmt struct {
	text   string
	remote string // for PostgreSQL, where that is another one
	state  bool   // it may change what every operation begins with
}

// Everywhere is a registered text that reads across organizations: only what
// happens before an organization is known may use one, and each says why.
type Everywhere struct{ text, why string }

var (
	stmts      = map[string]bool{}
	everywhere = map[string]string{}
	shared     = map[string]string{}
	engines    = map[string]string{}
)

// ErrNoRows is what Scan gives when there is no such row.
var ErrNoRows = db.ErrNoRows

// SQL registers a text. A test prepares every one on both engines and demands
// that it filters by $1.
func SQL(text string) Stmt {
	stmts[text] = true
	return Stmt{text, text, strings.Contains(text, "UPDATE organizations")}
}

// SQLEach registers a text of each engine: the full-text search of articles is
// the one thing that has no text for both.
func SQLEach(sqlite, postgres string) Stmt {
	engines[sqlite], engines[postgres] = "sqlite", "postgres"
	return Stmt{sqlite, postgres, false}
}

// TextsOfOne lists the texts of one engine, and which it is.
func TextsOfOne() map[string]string { return engines }

// SQLShared registers a text that begins with rows of the organization, $1, and
// from there reaches rows of the other one of a provider and its site, by what
// is shared between them or by what makes them a family. A test keeps the list
// of these texts' reasons and demands the link.
func SQLShared(why, text string) Stmt {
	stmts[text], shared[text] = true, why
	return Stmt{text, text, strings.Contains(text, "UPDATE organizations")}
}

// TextsShared lists those with their reasons.
func TextsShared() map[string]string { return shared }

// Across registers a text that is not bound to an organization.
func Across(why, text string) Everywhere {
	everywhere[text] = why
	return Everywhere{text, why}
}

// Texts lists every registered text bound to an organization, for its test.
func Texts() []string {
	var all []string
	for t := range stmts {
		all = append(all, t)
	}
	sort.Strings(all)
	return all
}

// TextsAcross lists the others with their reasons.
func TextsAcross() map[string]string { return everywhere }

// Rows is a result to be scanned row by row.
type Rows = sql.Rows
