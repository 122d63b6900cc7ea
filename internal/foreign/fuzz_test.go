package foreign

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"bailiwick/internal/seal/kdbx"
	"bailiwick/internal/sheet"
)

// sound demands that what a file gives keeps the limits, and that an error is a
// sentence.
func sound(t *testing.T, read func(Sink) ([]string, error)) {
	t.Helper()
	last := 0
	_, err := read(func(r sheet.Record, ps []sheet.Problem) error {
		if r.Row != last+1 {
			t.Fatalf("entry %d after %d", r.Row, last)
		}
		last = r.Row
		fatal := false
		for _, p := range ps {
			fatal = fatal || p.Fatal
			if !strings.HasSuffix(p.Text, ".") || p.Row != r.Row {
				t.Fatalf("no sentence: %+v", p)
			}
		}
		for _, v := range []string{r.Title, r.Username, r.Password, r.Notes, r.Folder, strings.Join(r.Tags, "")} {
			if !utf8.ValidString(v) || strings.Contains(v, "\x00") {
				t.Fatal("a value is no text")
			}
		}
		if !fatal && (r.Title == "" || utf8.RuneCountInString(r.Title) > sheet.MaxTitle || len(r.URLs) > sheet.MaxURLs) {
			t.Fatal("a record without fatal problem breaks a limit")
		}
		return nil
	})
	var p sheet.Problem
	if err != nil && !errors.Is(err, ErrKey) && (!errors.As(err, &p) || !p.Fatal || !strings.HasSuffix(p.Text, ".")) {
		t.Fatalf("not a problem: %v", err)
	}
}

// FuzzBitwarden: no JSON makes the reader panic or break its limits.
func FuzzBitwarden(f *testing.F) {
	f.Add(data(f, "bitwarden.json"))
	f.Add(data(f, "bitwarden-organization.json"))
	for _, s := range []string{"{", `{"items":null}`, `{"encrypted":true}`, `{"items":[{"type":3,"card":{"code":[1]},"fields":[{"value":{"a":1}}]}]}`, `{"items":[{"name":"\u0000/"}]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) { sound(t, bitwardenOf(b)) })
}

// FuzzOnePUX: nor does an archive, or what is in it.
func FuzzOnePUX(f *testing.F) {
	f.Add(pux(f), false)
	f.Add(data(f, "onepux.json"), true)
	f.Add([]byte(`{"accounts":[{"vaults":[{"items":[{"details":{"sections":[{"fields":[{"value":{"address":7,"sshKey":null,"monthYear":-1}}]}]}}]}]}]}`), true)
	f.Fuzz(func(t *testing.T, b []byte, inner bool) {
		if inner {
			b = archive(t, map[string][]byte{"export.data": b})
		}
		sound(t, puxOf(b))
	})
}

// FuzzKeePassXML: nor does what is inside of a database.
func FuzzKeePassXML(f *testing.F) {
	f.Add(data(f, "keepass.xml"))
	for _, s := range []string{"<KeePassFile/>", "<KeePassFile><Root><Group><Entry/></Group></Root></KeePassFile>", "<KeePassFile><Entry></Entry></KeePassFile>",
		`<KeePassFile><Root><Group><Entry><String><Key>otp</Key><Value Protected="True">!</Value></String></Entry></Group></Root></KeePassFile>`, "<Group></Group>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		sound(t, func(s Sink) ([]string, error) {
			k := newKeepass(strings.NewReader(string(b)), nothingHidden{}, s)
			err := k.read()
			if err != nil {
				err = keepassError(err)
			}
			return nil, err
		})
	})
}

type nothingHidden struct{}

func (nothingHidden) Unhide(b []byte) []byte { return b }

var _ hidden = (*kdbx.Database)(nil)
