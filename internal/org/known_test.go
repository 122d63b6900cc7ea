package org

import (
	"strings"
	"testing"

	"bailiwick/internal/seal"
)

// Known passwords are refused as they are, and in the ways in which people
// vary them; what only resembles them is not.
func TestKnownPasswords(t *testing.T) {
	lines := strings.Fields(knownText)
	if len(lines) < 500 {
		t.Fatalf("%d known passwords", len(lines))
	}
	for _, p := range append(lines, "correct horse battery staple", "Correct-Horse-Battery-Staple!", "c0rrecth0rsebatterystaple", "correcthorsebatterystaple1", "2024correcthorsebatterystaple!!", "MayTheForceBeWithYou") {
		if CheckPassword(seal.NewSecret(p)) == "" {
			t.Errorf("%q is taken", p)
		}
	}
	for _, p := range []string{"correct horse battery staple nine", "walnut harbor copper thistle 27", "demo-ada-walnut-harbor-27"} {
		if text := CheckPassword(seal.NewSecret(p)); text != "" {
			t.Errorf("%q is refused: %s", p, text)
		}
	}
}
