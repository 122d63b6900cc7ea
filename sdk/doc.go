// Package sdk is the Go client of Bailiwick's JSON API, version 1, and its
// wire types: every request and every answer is one of the structs here.
//
// It keeps nothing: no secret, no bearer, no answer is written anywhere by it,
// and it follows no redirect. It will not talk to a server without TLS unless
// that server is on this machine.
package sdk

import "log/slog"

// Prefix is where the API lies on a server.
const Prefix = "/api/v1"

// Secret is a text that must not be shown by accident: printing, formatting
// and logging it give "[secret]". On the wire it is an ordinary string.
type Secret string

// Reveal gives the text itself.
func (s Secret) Reveal() string { return string(s) }

// String gives "[secret]".
func (Secret) String() string { return "[secret]" }

// GoString gives "[secret]".
func (Secret) GoString() string { return "[secret]" }

// LogValue gives "[secret]".
func (Secret) LogValue() slog.Value { return slog.StringValue("[secret]") }
