package importer

import "bailiwick/internal/gate"

func sqlRows(rows int) gate.Stmt {
	text := `INSERT INTO rows VALUES `
	for range rows {
		text += "($1)"
	}
	return gate.SQL(text)
}

func other(text string) gate.Stmt {
	return gate.SQL(text) // want `SQL in a function` `an SQL text that is not constant`
}

func marks(n int) string { return "$1" }

var sqlMarks = gate.SQL(`SELECT id FROM rows WHERE org_id IN (` + marks(2) + `)`) // want `an SQL text that is not constant`
