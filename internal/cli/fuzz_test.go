package cli

import (
	"testing"
	"time"
)

// What is read as a time is one that a link can be asked for, or is refused
// by linkFits; days are days.
func FuzzLifetime(f *testing.F) {
	for _, s := range []string{"3d", "10m", "8h", "30d", "31d", "-1d", "99999999d", "soon", "d", "1h30m"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var l lifetime
		if l.UnmarshalText([]byte(text)) != nil || linkFits(1, l) != nil {
			return
		}
		if d := time.Duration(l); d < 10*time.Minute || d > 30*24*time.Hour {
			t.Errorf("%q is %s", text, d)
		}
		if n := l.minutes(); n < 10 || n > 43_200 {
			t.Errorf("%q is %d minutes", text, n)
		}
	})
}
