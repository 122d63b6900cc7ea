// Package matrix proves who may do what: every operation of the gate, by every
// kind of actor, on every relation to the thing, called through the real
// features over real databases, every cell on SQLite and on PostgreSQL, and
// compared with the reference model (internal/refmodel), which shares no code
// with them.
//
// The plan (plan_test.go) describes one world. From it two things are made,
// each without the other: the database (build_test.go), and the reference
// model's world (model_test.go). The gate's own decision is read by neither.
//
// The plan has a provider, another one, and two sites of the first. TestMatrix
// is about the provider; TestSites about the sites, who visits them, and what
// is shared in either direction (plansite_test.go, fillsite_test.go).
//
// It proves nothing about pages and the JSON API: those have a route table.
package matrix
