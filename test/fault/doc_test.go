// Package fault breaks what the server stands on, and then asks what it had
// promised: it is killed, its disk fails, fills up or can't be written, its
// PostgreSQL dies or loses its standby, the clock jumps, callers come by the
// thousand or never end.
//
// The server is the real program in a process of its own, spoken to over HTTP.
// What each caller was told is written down (ledger_test.go): an acknowledged
// change must be there afterwards, a refused one must not, and one that got no
// answer may be either, but never half.
//
// The short form runs with all other tests; `make fault` runs the long one.
// Random choices come from -seed, which a failure names. Some faults need
// root (a small file system is mounted) and strace, and all need Linux.
//
// It does not cut power: what SQLite does with an unsynced file is taken from
// its authors. That a change is synced before it is acknowledged is shown by
// the order of system calls.
package fault
