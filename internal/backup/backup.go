// Package backup writes a whole database as one stream, and fills an empty
// database from it. The stream is the same for both engines, so it also moves
// a vault from SQLite to PostgreSQL or back.
//
// It is not a feature behind the gate: who runs it holds the database's files
// or its address, and it copies sealed values without opening one. It never
// sees the instance key, it does not encrypt (seal does, around it), and it
// leaves out everything that somebody could be signed in with.
package backup

import (
	"errors"
	"time"

	"bailiwick/internal/db"
)

// version is the one format that is written and read (docs/security.md).
const version = 1

const magic = "bailiwick backup\n"

var (
	// ErrDamaged is a stream that was cut or changed, or is none of ours.
	ErrDamaged = errors.New("the backup is damaged or cut")
	// ErrNewer is a stream of a later version of Bailiwick.
	ErrNewer = errors.New("the backup was made by a newer version of Bailiwick: restore it with that version or a later one")
	// ErrNotEmpty is a target that has rows already.
	ErrNotEmpty = errors.New("there is data already: restore into an empty directory or database only")
)

// LeftOut names the tables whose rows are in no backup, and why: whoever stole
// a cookie or an API token must not find in a backup what it opens, and what
// was ended after the backup must not come back with it.
var LeftOut = map[string]string{
	"sessions":            "a restore ends every session",
	"devices":             "a restore makes every browser unknown",
	"tokens":              "a restore ends every API token",
	"token_scopes":        "it belongs to an API token",
	"token_clients":       "it belongs to an API token",
	"token_client_keys":   "it belongs to an API token",
	"mails":               "a restore sends nothing again",
	"key_links":           "a restore makes every link that opens the vault void",
	"user_links":          "a restore makes every one-time link void",
	"external_links":      "a restore makes every link to somebody outside void",
	"external_link_views": "it belongs to an external link",
	"sign_ins":            "a restore ends every sign-in that waits",
	"browsers":            "a restore makes every browser unknown",
}

// Manifest begins a stream and says what is in it.
type Manifest struct {
	Format        int            `json:"format"`
	Made          time.Time      `json:"made"`
	Engine        string         `json:"engine"` // that it was made from
	Schema        []db.Migration `json:"schema"`
	Organizations []Position     `json:"organizations"`
	Tables        []db.Table     `json:"tables"` // all of the schema, also those left out
}

// Position is how far an organization's history had come: what was
// acknowledged up to it is in the backup, and nothing later.
type Position struct {
	ID          string `json:"id"`
	AuditSize   int64  `json:"audit_size"`
	ChangeSeq   int64  `json:"change_seq"`
	AccessEpoch int64  `json:"access_epoch"`
	KeyEpoch    int64  `json:"key_epoch"`
}

// Total ends a table's rows: how many there were, and what they come to.
type Total struct {
	Table string `json:"table"`
	Rows  int64  `json:"rows"`
	Sum   []byte `json:"sum"` // of the SHA-256 of each row, modulo 2^256: any order gives the same
}

// Summary is a finished backup or restore.
type Summary struct {
	Manifest
	Totals []Total
	Bytes  int64 // of the stream, before encryption
}

// Rows counts all rows.
func (s Summary) Rows() (n int64) {
	for _, t := range s.Totals {
		n += t.Rows
	}
	return n
}
