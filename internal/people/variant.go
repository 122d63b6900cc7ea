package people

import (
	"errors"
	"strings"

	"bailiwick/internal/gate"
	"bailiwick/internal/org"
)

var sqlVariants = gate.SQL(`SELECT id FROM users WHERE org_id = $1 AND (email_looks = $2 OR email_looks LIKE $3 ESCAPE '!') AND NOT unconfirmed LIMIT 1`)

// takenByVariant is taken, for somebody who registers himself: nor can he do so
// with a variant of a user's address, ada+x@ of ada@ or the other way around,
// which reaches the same person. Who invites others may mean that.
func takenByVariant(tx *gate.Tx, email string) (string, error) {
	looks := plain(org.Looks(email))
	at := strings.LastIndex(looks, "@")
	literal := strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace
	var user string
	err := tx.Row(sqlVariants, looks, literal(looks[:at])+"+%"+literal(looks[at:])).Scan(&user)
	switch {
	case errors.Is(err, gate.ErrNoRows):
		return taken(tx, email, "")
	case err != nil:
		return "", err
	}
	return "There is a user with this address, or with a variant of it, already.", nil
}

// plain is an address without what stands after a + in its first part.
func plain(email string) string {
	at := strings.LastIndex(email, "@")
	if plus := strings.Index(email, "+"); plus > 0 && plus < at {
		return email[:plus] + email[at:]
	}
	return email
}
