package foreign

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"

	"bailiwick/internal/sheet"
)

var base32Code = base32.StdEncoding.WithPadding(base32.NoPadding)

// code finds the secret of a one-time code in the ways that KeePass and its
// plug-ins and relatives write it.
func (e *entry) code(b *sheet.Builder) {
	if v := e.take("otp"); v != "" {
		b.TOTP("otp", keeOTP(v))
	}
	if v, name := e.timeOTP(); v != "" {
		q := url.Values{"secret": {v}}
		put(q, "digits", e.take("TimeOtp-Length"))
		put(q, "period", e.take("TimeOtp-Period"))
		put(q, "algorithm", strings.ReplaceAll(strings.TrimPrefix(e.take("TimeOtp-Algorithm"), "HMAC-"), "-", ""))
		b.TOTP(name, otpauth(q))
	}
	if v := e.take("TOTP Seed"); v != "" {
		q := url.Values{"secret": {v}}
		settings := strings.Split(e.take("TOTP Settings"), ";")
		if len(settings) > 1 && settings[1] == "S" {
			b.TOTP("TOTP Seed", "steam://"+v)
			return
		}
		put(q, "period", settings[0])
		if len(settings) > 1 {
			put(q, "digits", settings[1])
		}
		b.TOTP("TOTP Seed", otpauth(q))
	}
}

// timeOTP is the secret that KeePass itself keeps, in Base32.
func (e *entry) timeOTP() (secret, name string) {
	for _, n := range []string{"TimeOtp-Secret-Base32", "TimeOtp-Secret-Hex", "TimeOtp-Secret-Base64", "TimeOtp-Secret"} {
		v := e.take(n)
		if v == "" || secret != "" {
			continue
		}
		raw, err := []byte(v), error(nil)
		switch n {
		case "TimeOtp-Secret-Base32":
			secret, name = v, n
			continue
		case "TimeOtp-Secret-Hex":
			raw, err = hex.DecodeString(strings.ReplaceAll(v, " ", ""))
		case "TimeOtp-Secret-Base64":
			raw, err = base64.StdEncoding.DecodeString(v)
		}
		if secret, name = base32Code.EncodeToString(raw), n; err != nil {
			secret = v // what is wrong with it is said, and it is kept
		}
	}
	return secret, name
}

func put(q url.Values, key, v string) {
	if v = strings.TrimSpace(v); v != "" {
		q.Set(key, v)
	}
}

// otpauth is the plain secret where nothing differs from what is usual.
func otpauth(q url.Values) string {
	if len(q) == 1 {
		return q.Get("secret")
	}
	q.Set("secret", strings.NewReplacer(" ", "", "-", "").Replace(q.Get("secret")))
	return "otpauth://totp/KeePass?" + q.Encode()
}

// keeOTP understands the plug-in KeeOtp, which writes key=…&size=…&step=….
func keeOTP(v string) string {
	if !strings.HasPrefix(v, "key=") && !strings.Contains(v, "&key=") {
		return v
	}
	old, err := url.ParseQuery(v)
	if err != nil {
		return v
	}
	q := url.Values{"secret": {old.Get("key")}}
	put(q, "digits", old.Get("size"))
	put(q, "period", old.Get("step"))
	put(q, "algorithm", strings.TrimPrefix(strings.ToUpper(old.Get("otpHashMode")), "HMAC"))
	return otpauth(q)
}
