// Package db keeps the data in SQLite or PostgreSQL and is the only place that
// knows a driver. The SQL of its callers is one text for both engines: $n for
// arguments, no engine's own functions.
//
// What a nil error of Write promises: the change is on disk (SQLite) or
// committed by the server (PostgreSQL), and stays so after a crash.
//
// What it will not do: retry a transaction, nest one in another (a Write
// inside a Write would wait for itself), decide who may do what, or hide which
// statement failed. A Tx whose statement failed is over, on both engines: it
// can only be rolled back, so ask with ON CONFLICT rather than by trying.
package db
