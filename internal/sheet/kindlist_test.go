package sheet

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Whatever the fields are, they come back as they were.
func TestKindListComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[ab:\\\n ]{0,6}( \((hidden|date|text)\))?[:\\\n ab]{0,4}`)
		var fields []Field
		for range rapid.IntRange(1, 4).Draw(t, "fields") {
			f := Field{Name: "n" + text.Draw(t, "name"), Value: text.Draw(t, "value")}
			switch rapid.IntRange(0, 2).Draw(t, "kind") {
			case 1:
				f.Hidden = true
			case 2:
				f.Date, f.Value = true, "2024-02-29"
			}
			fields = append(fields, f)
		}
		var a assembler
		a.kindList(KindList(fields))
		if d := cmp.Diff(fields, a.rec.Fields); d != "" || len(a.ps) > 0 {
			t.Errorf("%q\n%s%v", KindList(fields), d, a.ps)
		}
	})
}
