package cli

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"bailiwick/sdk"
)

// A path that fits several folders is never taken for one of them.
func TestFoldersAtAPath(t *testing.T) {
	all := []sdk.Folder{
		{ID: "folder_1", Name: "Network"}, {ID: "folder_2", Name: "network"},
		{ID: "folder_3", Name: "Wi-Fi", Folder: "folder_1"}, {ID: "folder_4", Name: "Wi-Fi", Folder: "folder_1"},
		{ID: "folder_5", Name: "a/b"}, {ID: "folder_6", Name: "A"}, {ID: "folder_7", Name: "B", Folder: "folder_6"},
	}
	for path, want := range map[string][]string{
		"Network":       {"folder_1"},
		"network":       {"folder_2"},
		"NETWORK":       {"folder_1", "folder_2"},
		"network/wi-fi": {"folder_3", "folder_4"},
		"Network/Wi-Fi": {"folder_3", "folder_4"},
		"a/b":           {"folder_5", "folder_7"},
		"a":             {"folder_6"},
		"Switches":      nil,
	} {
		var got []string
		for _, f := range foldersAt(all, path) {
			got = append(got, f.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", path, diff)
		}
	}
}

func TestClientsNamed(t *testing.T) {
	all := []sdk.Client{{ID: "client_1", Name: "North", ShortCode: "NW"}, {ID: "client_2", Name: "nw"}, {ID: "client_3", Name: "Northwind"}}
	for text, want := range map[string]int{"nw": 2, "north": 1, "nor": 3} {
		if got := clientsNamed(all, text); len(got) != want {
			t.Errorf("%s: %+v", text, got)
		}
	}
}
