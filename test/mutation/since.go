package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
)

// hunk is the heading of a change in a diff without context: where its lines
// are in the new file, and how many, one if it does not say.
var hunk = regexp.MustCompile(`(?m)^@@ -\S+ \+(\d+)(?:,(\d+))? @@`)

// changedSince tells the lines of a file that differ from a commit's, all of
// them for no commit. A line that only went is of no use: nothing is left of it
// to change.
func changedSince(ctx context.Context, commit, file string) (func(line int) bool, error) {
	if commit == "" {
		return func(int) bool { return true }, nil
	}
	out, err := exec.CommandContext(ctx, "git", "diff", "--unified=0", "--no-color", "--no-ext-diff", commit, "--", file).Output()
	if err != nil {
		return nil, fmt.Errorf("git diff %s -- %s: %w: is it a commit of this repository?", commit, file, err)
	}
	return lines(string(out)), nil
}

func lines(diff string) func(line int) bool {
	changed := map[int]bool{}
	for _, m := range hunk.FindAllStringSubmatch(diff, -1) {
		from, _ := strconv.Atoi(m[1])
		n := 1
		if m[2] != "" {
			n, _ = strconv.Atoi(m[2])
		}
		for l := from; l < from+n; l++ {
			changed[l] = true
		}
	}
	return func(line int) bool { return changed[line] }
}
