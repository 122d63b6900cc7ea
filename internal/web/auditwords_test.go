package web

import (
	"slices"
	"testing"

	"bailiwick/internal/gate"
)

// Whatever is written into the log has words there.
func TestEverythingLoggedHasWords(t *testing.T) {
	var mute []string
	for _, o := range gate.Ops() {
		if _, ok := acts[o.Name]; o.Audit && !ok {
			mute = append(mute, o.Name)
		}
	}
	slices.Sort(mute)
	if len(mute) > 0 {
		t.Errorf("the log has no words for %v", mute)
	}
}
