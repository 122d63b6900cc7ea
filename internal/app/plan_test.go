package app_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"regexp"
	"testing"

	_ "modernc.org/sqlite" // asked for its plans

	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/gate"
)

// grows are the tables that have more rows the more an installation is used, in
// all organizations together.
var grows = regexp.MustCompile(`^SCAN (credentials|credential_versions|audit_events|seen|flags|shares|share_users|share_keys|received_keys|users|clients|folders|sessions|import_rows|mails|c|o|s|v|e|u|k|f)\b`)

// A text that is bound to its organization finds it by an index. One that goes
// through everybody's rows gets slower with each organization.
func TestNoTextGoesThroughEverybodysRows(t *testing.T) {
	dir := dbtest.SQLiteDir(t, nil)
	d, err := sql.Open("sqlite", filepath.Join(dir, "bailiwick.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	n := 0
	for _, text := range gate.Texts() {
		most := 0
		for _, m := range regexp.MustCompile(`\$(\d+)`).FindAllStringSubmatch(text, -1) {
			k := 0
			fmt.Sscan(m[1], &k)
			most = max(most, k)
		}
		rows, err := d.Query(`EXPLAIN QUERY PLAN `+text, make([]any, most)...)
		if err != nil {
			t.Errorf("%v:\n%s", err, text)
			continue
		}
		for rows.Next() {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				t.Fatal(err)
			}
			n++
			if grows.MatchString(step) {
				t.Errorf("%s:\n%s", step, text)
			}
		}
		rows.Close()
	}
	if n < 300 {
		t.Errorf("only %d steps", n)
	}
}
