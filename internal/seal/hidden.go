package seal

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
)

const hiddenText = "[secret]"

// hidden is embedded in every secret type. It makes fmt, JSON, XML, slog and
// text encoders print [secret], and == a compile error. The secret itself
// always lies behind a function, because fmt ignores these methods for
// unexported fields of other structs, and follows even pointers when the verb
// doesn't fit. Nothing that prints by reflection can look behind a function.
type hidden struct {
	_ [0]func()
}

// String returns [secret].
func (hidden) String() string { return hiddenText }

// GoString returns [secret].
func (hidden) GoString() string { return hiddenText }

// Format prints [secret] for every verb.
func (hidden) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hiddenText) }

// MarshalText returns [secret].
func (hidden) MarshalText() ([]byte, error) { return []byte(hiddenText), nil }

// LogValue returns [secret].
func (hidden) LogValue() slog.Value { return slog.StringValue(hiddenText) }

type behind[T any] func() *T

func hide[T any](v *T) behind[T] { return func() *T { return v } }

// get returns what is hidden, or nil for a zero value.
func (b behind[T]) get() *T {
	if b == nil {
		return nil
	}
	return b()
}

// Secret is text that must never reach a log, an error or an answer by
// accident: a password, a TOTP seed, a note. The zero Secret is empty.
type Secret struct {
	hidden
	text behind[string]
}

// NewSecret hides s.
func NewSecret(s string) Secret {
	if s == "" {
		return Secret{}
	}
	return Secret{text: hide(&s)}
}

// Reveal returns the text, for the one place that needs it.
func (s Secret) Reveal() string {
	if text := s.text.get(); text != nil {
		return *text
	}
	return ""
}

// IsEmpty reports whether there is no text.
func (s Secret) IsEmpty() bool { return s.Reveal() == "" }

// Equal compares in a time that depends on neither content nor position of
// the first difference.
func (s Secret) Equal(other Secret) bool {
	return Equal(Hash([]byte(s.Reveal())), Hash([]byte(other.Reveal())))
}

// UnmarshalText reads a secret from a request. It refuses the text that
// secrets print as, so that a printed form sent back can't overwrite one.
func (s *Secret) UnmarshalText(text []byte) error {
	if string(text) == hiddenText {
		return errors.New("seal: a hidden secret was sent back")
	}
	*s = NewSecret(string(text))
	return nil
}
