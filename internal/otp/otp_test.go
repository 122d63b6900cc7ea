package otp

import (
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"net/url"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/fault"
)

// The vectors of RFC 6238, appendix B.
func TestVectors(t *testing.T) {
	secrets := map[string]string{"SHA1": "12345678901234567890", "SHA256": "12345678901234567890123456789012", "SHA512": "1234567890123456789012345678901234567890123456789012345678901234"}
	for _, v := range []struct {
		at   int64
		want map[string]string
	}{
		{59, map[string]string{"SHA1": "94287082", "SHA256": "46119246", "SHA512": "90693936"}},
		{1111111109, map[string]string{"SHA1": "07081804", "SHA256": "68084774", "SHA512": "25091201"}},
		{1111111111, map[string]string{"SHA1": "14050471", "SHA256": "67062674", "SHA512": "99943326"}},
		{1234567890, map[string]string{"SHA1": "89005924", "SHA256": "91819424", "SHA512": "93441116"}},
		{2000000000, map[string]string{"SHA1": "69279037", "SHA256": "90698825", "SHA512": "38618901"}},
		{20000000000, map[string]string{"SHA1": "65353130", "SHA256": "77737706", "SHA512": "47863826"}},
	} {
		for algorithm, want := range v.want {
			k, err := Parse(address(base32.StdEncoding.EncodeToString([]byte(secrets[algorithm])), algorithm, 8, 30))
			if err != nil {
				t.Fatal(err)
			}
			got, until := k.Code(time.Unix(v.at, 0))
			if got != want || until.Unix() != v.at/30*30+30 {
				t.Errorf("%s at %d: %s until %v, want %s", algorithm, v.at, got, until, want)
			}
		}
	}
}

func address(secret, algorithm string, digits, period int) string {
	return "otpauth://totp/Acme:ada?" + url.Values{"secret": {secret}, "algorithm": {algorithm}, "digits": {strconv.Itoa(digits)}, "period": {strconv.Itoa(period)}}.Encode()
}

// Codes are those of oathtool, a program of others, for every algorithm, number
// of digits, and periods of all kinds.
func TestAgreesWithOathtool(t *testing.T) {
	tool, err := exec.LookPath("oathtool")
	if err != nil {
		t.Fatal("oathtool is missing: scripts/tools.sh installs it")
	}
	secrets := []string{"3132333435", "00ff10a55a", strings.Repeat("c0ffee", 7), strings.Repeat("5e", 64), strings.Repeat("0a1b2c3d", 40)}
	n := 0
	for _, algorithm := range []string{"SHA1", "SHA256", "SHA512"} {
		for digits := 6; digits <= 8; digits++ {
			for i, period := range []int{1, 7, 30, 60, 90, 3600, 86400} {
				secret := secrets[(i+digits)%len(secrets)]
				at := time.Unix(1_111_111_111+int64(i)*77_777_777, 0).UTC()
				raw, err := hex.DecodeString(secret)
				if err != nil {
					t.Fatal(err)
				}
				out, err := exec.Command(tool, "--totp="+algorithm, "--digits="+strconv.Itoa(digits), fmt.Sprintf("--time-step-size=%ds", period),
					"--now="+at.Format("2006-01-02 15:04:05")+" UTC", secret).CombinedOutput()
				if err != nil {
					t.Fatalf("%v: %s", err, out)
				}
				k, err := Parse(address(strings.TrimRight(base32.StdEncoding.EncodeToString(raw), "="), algorithm, digits, period))
				if err != nil {
					t.Fatal(err)
				}
				if got, _ := k.Code(at); got != strings.TrimSpace(string(out)) {
					t.Errorf("%s, %d digits, %d s: %s, oathtool %s", algorithm, digits, period, got, out)
				}
				n++
			}
		}
	}
	if n != 63 {
		t.Errorf("%d compared", n)
	}
}

// All ways to write a secret give the same codes.
func TestParse(t *testing.T) {
	at := time.Unix(1_700_000_000, 0)
	want := ""
	for _, text := range []string{"JBSWY3DPEHPK3PXP", " jbsw y3dp-ehpk 3pxp ", "JBSWY3DPEHPK3PXP======", "otpauth://totp/Acme%20GmbH:ada?secret=jbsw%20y3dp%20ehpk%203pxp&issuer=Acme",
		"OTPAUTH://TOTP/x?secret=JBSWY3DPEHPK3PXP&algorithm=SHA-1&digits=6&period=30"} {
		k, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		again, err := Parse(k.Text)
		if err != nil || again.Text != k.Text {
			t.Errorf("%s is kept as %s, which reads as %s, %v", text, k.Text, again.Text, err)
		}
		got, _ := k.Code(at)
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("%s gives %s, want %s", text, got, want)
		}
	}
	for text, part := range map[string]string{"": "no TOTP secret", "JBSW": "no TOTP secret", "JBSWY3DPEHPK3PX1": "no TOTP secret", "otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP&counter=1": "HOTP",
		"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=5": "6 to 8", "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&period=0": "period", "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&algorithm=MD5": "SHA1",
		"otpauth://totp/x": "no TOTP secret", "otpauth-migration://offline?data=abc": "several accounts", "otpauth://%zz": "can't be read", strings.Repeat("A", 2001): "too long"} {
		_, err := Parse(text)
		f, ok := fault.As(err)
		if !ok || len(f.Fields) != 1 || !strings.Contains(f.Fields[0].Text, part) {
			t.Errorf("%.40s: %v", text, err)
		}
	}
}

// Steam shows five letters and digits; these are the vectors of KeePassXC.
func TestSteam(t *testing.T) {
	for _, text := range []string{"steam://63BEDWCQZKTQWPESARIERL5DTTQFCJTK", "otpauth://totp/Steam:x?secret=63BEDWCQZKTQWPESARIERL5DTTQFCJTK&encoder=steam"} {
		k, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		for at, want := range map[int64]string{1511200518: "FR8RV", 1511200714: "9P3VP"} {
			if got, _ := k.Code(time.Unix(at, 0)); got != want {
				t.Errorf("%s gives %s, want %s", text, got, want)
			}
		}
	}
}

// FuzzParse: what is read gives codes of the promised form, is kept in a form
// that reads the same, and no complaint repeats what was typed.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "JBSWY3DPEHPK3PXP", "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=8&period=60&algorithm=SHA512", "steam://JBSWY3DPEHPK3PXP", "otpauth://totp/%zz"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k, err := Parse(s)
		if err != nil {
			if len(s) > 24 && strings.Contains(err.Error(), s) {
				t.Fatalf("%q is repeated: %v", s, err)
			}
			return
		}
		code, until := k.Code(time.Unix(1_700_000_000, 0))
		if k.Steam && len(code) != 5 || !k.Steam && len(code) != k.Digits || until.Unix() <= 1_700_000_000 {
			t.Fatalf("%q gives %q until %v", s, code, until)
		}
		again, err := Parse(k.Text)
		if err != nil {
			t.Fatalf("%q is kept as %q: %v", s, k.Text, err)
		}
		if same, _ := again.Code(time.Unix(1_700_000_000, 0)); same != code {
			t.Fatalf("%q is kept as %q, which gives other codes", s, k.Text)
		}
	})
}
