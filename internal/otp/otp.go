// Package otp reads the secrets of one-time codes (TOTP, RFC 6238) in the forms
// in which services give them, and makes codes of them. It stores nothing, and
// none of its errors repeats what was typed.
package otp

import (
	"encoding/base32"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/seal"
)

// Limits of what is read.
const (
	mostText    = 2_000
	leastSecret = 5 // bytes; shorter ones are typing errors
	mostPeriod  = 86_400
)

// Key is a secret with how codes are made of it.
type Key struct {
	Text           string // as it is to be kept: tidied, and read again by Parse
	Algorithm      string // SHA1, SHA256 or SHA512
	Digits, Period int    // Period in seconds
	Steam          bool   // five letters and digits instead
	secret         []byte
}

var (
	unpadded  = base32.StdEncoding.WithPadding(base32.NoPadding)
	ungrouped = strings.NewReplacer(" ", "", "-", "", "\t", "", "\n", "", "\r", "", "\u00a0", "")
)

// Parse reads a secret in base32, in any case and with spaces, an otpauth://
// address, or a steam:// one.
func Parse(text string) (Key, error) {
	text = strings.TrimSpace(text)
	lower := strings.ToLower(text)
	k := Key{Text: text, Algorithm: "SHA1", Digits: 6, Period: 30}
	switch {
	case len(text) > mostText:
		return Key{}, fault.Bad("totp", "This is too long for a TOTP secret.")
	case strings.HasPrefix(lower, "steam://"):
		k.Steam = true
		return k, k.take(text[len("steam://"):])
	case strings.HasPrefix(lower, "otpauth-migration:"):
		return Key{}, fault.Bad("totp", "This is an export of several accounts at once. Show the QR code or secret of the one account instead.")
	case strings.HasPrefix(lower, "otpauth:"):
		return k, k.address(text)
	}
	err := k.take(text)
	k.Text = unpadded.EncodeToString(k.secret)
	return k, err
}

func (k *Key) take(secret string) error {
	secret = strings.ToUpper(strings.TrimRight(ungrouped.Replace(secret), "="))
	b, err := unpadded.DecodeString(secret)
	if err != nil || len(b) < leastSecret {
		return fault.Bad("totp", "This is no TOTP secret. It is letters A to Z and digits 2 to 7 (spaces don't matter), at least 8 of them, or an address that begins with otpauth://.")
	}
	k.secret = b
	return nil
}

func (k *Key) address(text string) error {
	u, err := url.Parse(text)
	if err != nil {
		return fault.Bad("totp", "This otpauth address can't be read. Copy it again from where it came from.")
	}
	q := u.Query()
	switch {
	case strings.EqualFold(u.Host, "hotp"):
		return fault.Bad("totp", "This is for codes by a counter (HOTP). Only codes by time (TOTP) can be kept.")
	case !strings.EqualFold(u.Host, "totp"):
		return fault.Bad("totp", "An otpauth address for codes by time begins with otpauth://totp/.")
	}
	if a := strings.ToUpper(strings.ReplaceAll(q.Get("algorithm"), "-", "")); a != "" {
		if _, known := seal.OneTime(nil, a, 0); !known {
			return fault.Bad("totp", "This otpauth address names an algorithm other than SHA1, SHA256 and SHA512.")
		}
		k.Algorithm = a
	}
	if k.Steam = strings.EqualFold(q.Get("encoder"), "steam"); !k.Steam {
		if k.Digits, err = within(q.Get("digits"), 6, 8, 6); err != nil {
			return fault.Bad("totp", "This otpauth address asks for codes that do not have 6 to 8 digits.")
		}
	}
	if k.Period, err = within(q.Get("period"), 1, mostPeriod, 30); err != nil {
		return fault.Bad("totp", "This otpauth address has a period that is not between 1 and 86400 seconds.")
	}
	return k.take(q.Get("secret"))
}

func within(text string, least, most, usual int) (int, error) {
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err == nil && (n < least || n > most) {
		err = strconv.ErrRange
	}
	return n, err
}

const steamLetters = "23456789BCDFGHJKMNPQRTVWXY"

// Code gives the code at a time, and until when it holds.
func (k Key) Code(at time.Time) (code string, until time.Time) {
	seconds, period := at.Unix(), int64(k.Period)
	step := seconds / period
	until = time.Unix((step+1)*period, 0).UTC()
	number, _ := seal.OneTime(k.secret, k.Algorithm, uint64(max(step, 0)))
	if k.Steam {
		letters := make([]byte, 5)
		for i := range letters {
			letters[i] = steamLetters[int(number)%len(steamLetters)]
			number /= uint32(len(steamLetters))
		}
		return string(letters), until
	}
	most := uint32(1)
	for range k.Digits {
		most *= 10
	}
	return fmt.Sprintf("%0*d", k.Digits, number%most), until
}
