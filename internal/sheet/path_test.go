package sheet

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFoldersComeBack(t *testing.T) {
	for _, names := range [][]string{nil, {"a"}, {"a", "b"}, {"a/b", "c"}, {`a\`, `\b`}, {`CORP\new`, "/"}, {`\\server\share`, `x\/y`}} {
		if diff := cmp.Diff(names, SplitFolders(JoinFolders(names))); diff != "" {
			t.Error(diff)
		}
	}
	if diff := cmp.Diff([]string{"A", "B", "C"}, SplitFolders(` A \B/ C/`)); diff != "" {
		t.Error(diff)
	}
}
