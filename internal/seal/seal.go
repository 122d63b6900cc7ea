// Package seal holds all cryptography of Bailiwick: keys, sealed boxes, key
// grants, signatures, codes, tokens, passwords and the ways in to a user's
// seed. docs/security.md specifies every format; testdata freezes them.
//
// It stores nothing, speaks no HTTP and decides nothing about access: it only
// makes sure that a value opens with the right key at the place it was sealed
// for, and nowhere else. Nothing outside this package imports crypto packages.
//
// Every opening fails with the same ErrOpen, whatever was wrong, so that
// nobody learns from the error how close a forgery came.
package seal

import "errors"

var (
	// ErrOpen is the one error of everything that does not open: wrong key,
	// wrong place, cut, changed or unknown format.
	ErrOpen = errors.New("seal: sealed value does not open")
	// ErrCost refuses a password record whose Argon2id parameters lie outside
	// the bounds that are compiled in.
	ErrCost = errors.New("seal: password parameters are outside the allowed bounds")
	// ErrBusy means that the queue for password checks is full: try again later.
	ErrBusy = errors.New("seal: too many password checks are waiting")
	// ErrMoved refuses to re-key a record to another row: its inner layer
	// would never open there.
	ErrMoved = errors.New("seal: re-keying must not move a record")
	// ErrPublicKey refuses a public key that isn't one of the suite in use.
	ErrPublicKey = errors.New("seal: not a public key of this suite")
	// ErrKey refuses key material of the wrong length or of zeros only.
	ErrKey = errors.New("seal: not a key")
	// ErrToken refuses text that isn't a token.
	ErrToken = errors.New("seal: not a token")
)

// The first byte of each format. A new construction gets a new number; the
// old one stays readable.
const (
	formatBox      = 0x01 // AES-256-GCM with key commitment
	formatPadded   = 0x02 // the same, of a padded plaintext
	formatGrant    = 0x01 // HPKE
	formatPassword = 0x01 // inner part of a password record
	formatSession  = 0x01
	formatRoster   = 0x01
	formatPin      = 0x01
)
