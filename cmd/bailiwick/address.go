package main

import (
	"errors"

	"bailiwick/internal/db"
)

// address is where a PostgreSQL database is. Anything else is refused: taken
// for a directory, a mistyped address would begin an empty vault.
type address string

// Validate takes postgres://… and nothing at all. What was given is not
// repeated: it may hold a password.
func (a address) Validate() error {
	if a != "" && !db.IsPostgres(string(a)) {
		return errors.New("the address of a database begins with postgres:// or postgresql://, in small letters; leave it out for the embedded database")
	}
	return nil
}
