package find

import "testing"

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{" Pavel Horák ": "pavel horak", "ŁÓDŹ": "lodz", "Straße": "strasse", "Ærø": "aero", "Ｆｕｌｌ": "full", "plain": "plain", "": ""} {
		if got := Plain(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
