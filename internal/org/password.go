package org

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"bailiwick/internal/fault"
	"bailiwick/internal/password"
	"bailiwick/internal/seal"
)

const (
	shortest = 12
	longest  = 1024
)

// CheckPassword says what is wrong with a new password, or "". Any characters
// are fine; it must not be easy to guess, nor built from what is known of the
// person.
func CheckPassword(typed seal.Secret, about ...string) string {
	text := typed.Reveal()
	n := utf8.RuneCountInString(text)
	switch {
	case n < shortest:
		return fmt.Sprintf("Use at least %d characters; this has %d.", shortest, n)
	case n > longest:
		return fmt.Sprintf("Use at most %d characters; this has %d.", longest, n)
	}
	known := []string{"bailiwick"}
	for _, a := range about {
		known = append(known, words(a)...)
	}
	folded := strings.ToLower(text)
	for _, k := range known {
		if utf8.RuneCountInString(k) >= 4 && strings.Contains(folded, k) && n-utf8.RuneCountInString(k) < 8 {
			return "This is built from the name of the person, the organization or the product. Choose something else."
		}
	}
	if isKnown(text) {
		return "This is a known phrase or was found in a breach, so it is among the first that anybody tries. Choose something else."
	}
	if password.Score(text, known...) < 3 {
		return "This is too easy to guess. Use several unrelated words, or a generated password."
	}
	return ""
}

func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return strings.ContainsRune(" @.,-_+'\"", r)
	})
}

// CheckEmail says what is wrong with an address, or "".
func CheckEmail(email string) string {
	email = strings.TrimSpace(email)
	a, err := mail.ParseAddress(email)
	if err != nil || a.Address != email || len(email) > 254 || !strings.Contains(email, "@") {
		return "This is not an email address. It should look like name@example.com."
	}
	return ""
}

// Waiting turns a full queue of password checks into an answer to users.
func Waiting(err error) error {
	if errors.Is(err, seal.ErrBusy) {
		return fault.Busy("Many people are signing in at this moment. Try again in a few seconds.", 3*time.Second, err)
	}
	return err
}
