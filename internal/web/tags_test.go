package web

import (
	"testing"

	"bailiwick/internal/vault"
)

func TestTagsText(t *testing.T) {
	for want, tags := range map[string][]string{"": nil, "a, b, c": {"a", "b", "c"}, "a, b, c +2": {"a", "b", "c", "d", "e"}} {
		if got := tagsText(vault.Credential{Overview: vault.Overview{Tags: tags}}); got != want {
			t.Errorf("%v: %q", tags, got)
		}
	}
}
