package sheet

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzMapping: a mapping that a browser or the API sends is refused by Check
// before Rows trusts it, or works; and reads back as it was written.
func FuzzMapping(f *testing.F) {
	for _, s := range []string{`{}`, `{"Columns":[{"Index":0,"To":"title"},{"Index":1,"To":"password"}]}`, `{"Columns":[{"Index":-1,"To":"custom"}]}`,
		`{"Columns":[{"Index":0,"To":"title"},{"Index":0,"To":"url"}],"DateOrder":"day first"}`, `{"Columns":[{"To":"target 99"}]}`, `{"Columns":null,"Layout":"KeePassXC"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var m, again Mapping
		if json.Unmarshal(data, &m) != nil {
			return
		}
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &again); err != nil || !cmp.Equal(m, again) {
			t.Fatalf("%s reads back differently: %v", text, err)
		}
		s, err := Open(strings.NewReader("Title,Password,Expires\nRouter,canary,2026-01-02\n\"a,b\",,03/04/2026\n"))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range s.Check(m) {
			if p.Fatal {
				return
			}
		}
		for r := range s.Rows(m) {
			if r.Row < 2 {
				t.Fatalf("row %d", r.Row)
			}
		}
	})
}

// FuzzGuess: whatever the headings say, the guess fits the file.
func FuzzGuess(f *testing.F) {
	for _, s := range []string{"", "Title,Password", "name,url,username,password,note", ",,", "Group,Title,Username,Password,URL,Notes", "PASSWORD,password,Pass word"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		headings := strings.Split(s, ",")
		m := Guess(headings)
		if len(m.Columns) != len(headings) {
			t.Fatalf("%d columns of %d", len(m.Columns), len(headings))
		}
		for i, c := range m.Columns {
			if c.Index != i || int(c.To) >= len(targetWords) {
				t.Fatalf("column %d is guessed as %+v", i, c)
			}
		}
	})
}

// FuzzTOTP: what is taken for a one-time code has a secret that can be read.
func FuzzTOTP(f *testing.F) {
	for _, s := range []string{"", "JBSWY3DPEHPK3PXP", "jbsw y3dp-ehpk 3pxp==", "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=8&period=60", "otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP",
		"steam://JBSWY3DPEHPK3PXP", "otpauth://totp/%zz", "OTPAUTH://TOTP?secret=JBSWY3DP&algorithm=SHA-256"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		complaint := totpComplaint(s)
		if complaint != "" && (!strings.HasSuffix(complaint, ".") || len(s) > 24 && strings.Contains(complaint, s)) {
			t.Fatalf("%q: %s", s, complaint)
		}
		if complaint == "" && len(s) < 8 {
			t.Fatalf("%q is taken for a one-time code", s)
		}
		_ = host(s)
	})
}
