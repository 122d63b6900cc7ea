package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

const head = `# Bench

What Bailiwick costs, beside what the same machine gives without it. Written by ` + "`make bench`" + `; don't edit.

Each number is the median of several rounds, with the least and the most. *Bare* is the limit named below the table, measured in turns with ours in the same run. *Ratio* compares round with round: 1 is as fast as the bare limit, 0.5 takes twice as long. Machines differ, and a shared machine differs from minute to minute, so read ratios first. The load comes from the same machine and takes its part of the processors from both.

`

// reasons says why a goal is missed where it is known.
var reasons = map[string]string{
	"audited reveal, 64 connections sqlite": revealReason, "audited reveal, 64 connections postgres": revealReason,
	"page p99, of that of a quiet server": "Two checks of a password take both processors of a small machine for a quarter of a second, and the page gets its share of them from the operating system; see the line above for what bare Argon2id does to it. On a machine with more processors than the two checks that run at once there is no rise.",
	"start to first page":                 "Opening the database, checking its migrations and preparing statements come before the first page.",
	"sign-in, 2 at once":                  "Each sign-in commits twice besides its one check: the try before it, so that no try is free, and the session after it. With two at once no third check fills that time.",
	"export of 100,000 as CSV":            "Each credential takes three boxes to open and a row that says who has seen it, written durably with the others of its part before the part goes out. Parts are written down one after the other, as all writing of an organization is.",
	"opening search of 10,000":            openingReason, "opening search of 100,000": openingReason, "opening search of 1,000,000": openingReason,
	"search in 1,000,000, of 10,000": "A query of several words reads all that has the rarest of them in each place where a better result could lie.",
	"import of 100,000 rows":         "Each row is read twice (once to refuse what can't be imported before anything is written, once to write), sealed in two boxes under a key of its own, compared with what is there, set aside, and moved in one transaction at the end, with its seven indexes. On PostgreSQL two thirds of that transaction are its checks of foreign keys, row by row.",
}

const revealReason = "All but writing is done before the turn to write (docs/adr/0015-reveals-ahead.md), and a batch writes its events and its seen rows by one statement each. What remains above the bare handler: recognizing the session and finding the credential as the API's own work (route table, headers, request id, decoding and describing the answer), opening three boxes instead of one, a sealed title, a leaf of the Merkle tree and 26 columns instead of six."

const openingReason = "Each entry takes two boxes to open, each under a key of its own that has to be derived first, besides reading the row and sorting its words in. All processors take part, and the first search waits for it once in a quarter of an hour without use."

func (b *bench) report(took time.Duration) string {
	var s strings.Builder
	s.WriteString(head)
	fmt.Fprintf(&s, "This run: %d cores, %s of memory, %s, %d rounds, %s.\n\n", runtime.NumCPU(), memory(), runtime.Version(), b.rounds, took.Round(time.Second))
	s.WriteString("| what | engine | Bailiwick | bare | ratio | goal | reached |\n|---|---|---|---|---|---|---|\n")
	for _, r := range b.results {
		fmt.Fprintf(&s, "| %s | %s | %s %s | %s | %s | %s | %s |\n", r.what, r.engine, cell(r.ours), r.unit, cell(r.bare), cell(r.ratios()), r.goal.text(r.unit), r.reached())
	}
	s.WriteString("\n## The bare limits\n\n")
	said := map[string]bool{}
	for _, r := range b.results {
		if r.limit != "" && !said[r.what+r.limit] {
			said[r.what+r.limit] = true
			fmt.Fprintf(&s, "- **%s**: %s.\n", r.what, r.limit)
		}
	}
	b.notes(&s)
	return s.String()
}

// notes says what a number needs to be understood, and why a goal is missed.
func (b *bench) notes(s *strings.Builder) {
	s.WriteString("\n## Notes\n\n")
	said := map[string]bool{}
	for _, r := range b.results {
		if r.note != "" && !said[r.what] {
			said[r.what] = true
			fmt.Fprintf(s, "- **%s**: %s.\n", r.what, r.note)
		}
	}
	s.WriteString("\n## Goals that this run missed\n\n")
	missed := false
	for _, r := range b.results {
		if strings.Contains(r.reached(), "no") {
			missed = true
			why := reasons[r.what+" "+r.engine]
			if why == "" {
				why = reasons[r.what]
			}
			if why == "" {
				why = "No reason is known; look for other load on the machine, and profile it: `go run ./bench -only PART -profile FILE`."
			}
			fmt.Fprintf(s, "- **%s** (%s): %s %s instead of %s. %s\n", r.what, r.engine, cell(r.ours), r.unit, r.goal.text(r.unit), why)
		}
	}
	if !missed {
		s.WriteString("None.\n")
	}
}

// memory is the machine's.
func memory() string {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return "unknown size"
	}
	var kib float64
	fmt.Sscanf(string(text), "MemTotal: %f", &kib)
	return fmt.Sprintf("%.0f GB", kib*1024/1e9)
}
