package texts

import (
	"fmt"

	"bailiwick/internal/gate"
)

const columns = `id, name`

var (
	sqlOne  = gate.SQL(`SELECT ` + columns + ` FROM users WHERE org_id = $1`)
	sqlAll  = gate.Across("why", `SELECT id FROM organizations`)
	order   = "name"
	sqlBad  = gate.SQL(`SELECT id FROM users ORDER BY ` + order) // want `an SQL text that is not constant`
	outside = `DELETE FROM users`                                // want `SQL outside of gate.SQL`
)

func find(name string) gate.Stmt {
	_ = fmt.Sprintf("select id from users where name = '%s'", name) // want `SQL outside of gate.SQL`
	_ = "Select a client, update it and go on"
	_ = "WITH recursive care"
	return gate.SQL("SELECT 1") // want `SQL in a function: register the text`
}
