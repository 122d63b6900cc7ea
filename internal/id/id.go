// Package id makes and recognizes the names of rows: TypeIDs such as
// cred_01j…, a prefix and a UUIDv7 (https://github.com/jetify-com/typeid).
//
// An id is public. It orders by the time it was made and must never serve as
// a secret or as proof that somebody may see the row.
package id

import (
	"strings"

	"go.jetify.com/typeid"
)

// New returns a new id with the given prefix, 1 to 63 characters of a-z and _.
// It panics when the prefix isn't one, since prefixes are written in the code.
func New(prefix string) string {
	made, err := typeid.WithPrefix(prefix)
	if err != nil || prefix == "" {
		panic("id: bad prefix " + prefix)
	}
	return made.String()
}

// Valid reports whether s is the canonical form of an id with that prefix.
func Valid(prefix, s string) bool {
	if prefix == "" || len(s) > len(prefix)+27 || !strings.HasPrefix(s, prefix+"_") {
		return false
	}
	read, err := typeid.FromString(s)
	return err == nil && read.Prefix() == prefix && read.String() == s
}
