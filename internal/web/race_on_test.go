//go:build race

package web

// underRace: the race detector makes everything slow, and times say nothing.
const underRace = true
