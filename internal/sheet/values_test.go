package sheet

import (
	"strings"
	"testing"
)

func TestDates(t *testing.T) {
	for v, want := range map[string]string{
		"2026-12-31": "2026-12-31", "2026-12-31T10:00:00Z": "2026-12-31", "2026-12-31 10:00:00": "2026-12-31",
		"31.12.2026": "2026-12-31", "1.2.26": "2026-02-01", "31/12/2026": "2026-12-31", "12/31/2026": "2026-12-31",
		"31.12.2026 00:00": "2026-12-31", "12-31-26": "2026-12-31", "05/05/2026": "2026-05-05", "20261231": "2026-12-31",
		"31 Dec 2026": "2026-12-31", "Dec 31, 2026": "2026-12-31", "31-Dec-26": "2026-12-31", "46387": "2026-12-31",
		"1798675200": "2026-12-31", "1798675200000": "2026-12-31", "1/2/2026": "?", "30/02/2026": "", "31.02.2026": "",
		"soon": "", "0001-01-01": "", "1/2": "", "a/b/c": "", "99/99/9999": "", "12345678901": "", "xxxxyxxxxx yy": "",
	} {
		day, say := DateOrder("").day(v)
		got := day.Format("2006-01-02")
		if say != "" {
			got = ""
			if strings.Contains(say, "two ways") {
				got = "?"
			}
		}
		if got != want {
			t.Errorf("%q: %q %s, want %q", v, got, say, want)
		}
	}
	for o, want := range map[DateOrder]string{DayFirst: "2026-02-01", MonthFirst: "2026-01-02"} {
		if day, say := o.day("1/2/2026"); day.Format("2006-01-02") != want || say != "" {
			t.Errorf("%s: %s %s", o, day, say)
		}
	}
}

func TestTOTP(t *testing.T) {
	for v, good := range map[string]bool{
		"JBSWY3DPEHPK3PXP": true, "jbsw y3dp ehpk 3pxp": true, "JBSW-Y3DP": true, "GEZDGNBVGY3TQOI=": true, "steam://JBSWY3DPEHPK3PXP": true,
		"otpauth://totp/a?secret=JBSWY3DP&algorithm=SHA-256&digits=8&period=60": true, "otpauth://totp/a?secret=JBSWY3DP&digits=5&encoder=steam": true,
		"": false, "123456": false, "JBSWY1DP": false, "JBSW": false, "steam://": false, "otpauth://totp/a": false, "otpauth://hotp/a?secret=JBSWY3DP": false,
		"otpauth://x/a?secret=JBSWY3DP": false, "otpauth://totp/a?secret=JBSWY3DP&digits=9": false, "otpauth://totp/a?secret=JBSWY3DP&period=0": false,
		"otpauth://totp/a?secret=JBSWY3DP&algorithm=MD5": false, "otpauth://totp/%zz?secret=JBSWY3DP": false,
	} {
		if say := totpComplaint(v); (say == "") != good {
			t.Errorf("%q: %q", v, say)
		}
	}
}

func TestURLs(t *testing.T) {
	for v, want := range map[string]string{
		"https://a.example,https://b.example":      "https://a.example https://b.example",
		"https://a.example\r\nb.example":           "https://a.example b.example",
		"a.example, b.example:8443":                "a.example b.example:8443",
		"https://a.example/x?y=1,2":                "https://a.example/x?y=1,2",
		"androidapp://com.x, https://a.example/,z": "androidapp://com.x https://a.example/,z",
		"10.0.0.1":           "10.0.0.1",
		"[::1]:80":           "[::1]:80",
		"two words":          "two words !",
		"javascript:alert()": "javascript:alert() !",
		"http://":            "http:// !",
		"\\\\server\\share":  "\\\\server\\share !",
	} {
		s := open(t, "Title,URL\nx,\""+v+"\"\n")
		for r, ps := range s.Rows(s.Guess()) {
			got := strings.Join(r.URLs, " ")
			if len(ps) > 0 {
				got += " !"
			}
			if got != want {
				t.Errorf("%q: %q, want %q", v, got, want)
			}
		}
	}
}

// What is written so that no spreadsheet computes it is read as it was.
func TestNeutralComesBack(t *testing.T) {
	for _, cell := range []string{"", "a", "=a", "'", "''", "'a", "'=a", "''=a", "+1", "-", "@x", "＝x", "'＝x", "\tx", "a=b"} {
		guarded := Neutral(cell)
		if got := Plain(guarded); got != cell {
			t.Errorf("%q became %q and came back as %q", cell, guarded, got)
		}
		if guarded != "" && strings.ContainsAny(guarded[:1], "=+-@\t") {
			t.Errorf("%q is a formula", guarded)
		}
	}
}
