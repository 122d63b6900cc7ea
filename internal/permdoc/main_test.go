package main

import (
	"bytes"
	"os"
	"testing"
)

func TestPermissionsPageIsCurrent(t *testing.T) {
	kept, err := os.ReadFile("../../docs/permissions.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, page()) {
		t.Error("docs/permissions.md is not what the code declares: run make generate")
	}
}
