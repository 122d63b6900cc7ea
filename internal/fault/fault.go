// Package fault has the few kinds of error that a user may see. Whatever is
// none of them is internal: the front doors answer it with a request id and
// write the cause to the log only.
//
// It will not say more about a refusal than about an absence: both are Absent.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind tells a front door how to answer.
type Kind string

const (
	Absent       Kind = "absent"               // not there, or not the actor's to see or do
	Unsigned     Kind = "unsigned"             // nobody is signed in
	Invalid      Kind = "invalid"              // input that has to be mended; see Fields
	Conflict     Kind = "conflict"             // somebody else changed it in between
	Throttled    Kind = "throttled"            // too many tries; see After
	Sealed       Kind = "sealed"               // the session does not hold the vault's keys
	Unavailable  Kind = "unavailable"          // busy, disk full, database lost; see After
	Unknown      Kind = "unknown"              // it can't be told whether the change was kept
	Enrol        Kind = "set_up_second_factor" // the session has to set up a second factor before anything else
	Unacceptable Kind = "unacceptable"         // well-formed, but not possible as things stand
)

// Field is one thing to mend. Name is the field's name in forms and JSON.
type Field struct {
	Name string `json:"field"`
	Text string `json:"text"`
}

// Error is what users see. Text is a whole sentence: what happened, what was
// kept, what to do.
type Error struct {
	Kind   Kind
	Text   string
	Fields []Field
	After  time.Duration // when trying again makes sense; 0 when unknown
	Title  string        // heads a page that says nothing else
	cause  error
}

func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Kind, e.Text, e.cause)
	}
	return fmt.Sprintf("%s: %s", e.Kind, e.Text)
}

// Unwrap gives the cause, for the log.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether err is, or wraps, a fault of this kind.
func Is(err error, k Kind) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == k
}

// As gives the fault in err, if there is one.
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// NotFound is the one answer to what is absent and to what is refused.
func NotFound() error {
	return &Error{Kind: Absent, Text: "Not found, or not yours to see or change."}
}

// NotSignedIn asks for a sign-in.
func NotSignedIn() error {
	return &Error{Kind: Unsigned, Text: "Sign in first."}
}

// Bad says what is wrong with one field.
func Bad(field, format string, args ...any) error {
	return &Error{Kind: Invalid, Text: "Nothing was saved. Mend what is marked.",
		Fields: []Field{{field, fmt.Sprintf(format, args...)}}}
}

// BadFields says what is wrong with several fields, or nil if there are none.
func BadFields(fields []Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Text: "Nothing was saved. Mend what is marked.", Fields: fields}
}

// Stale says that the thing was changed since the actor read it.
func Stale(what string) error {
	return &Error{Kind: Conflict, Text: "Somebody else changed this " + what +
		" in the meantime. Nothing of yours was saved yet; compare and choose."}
}

// TooMany asks to wait.
func TooMany(after time.Duration) error {
	return &Error{Kind: Throttled, After: after,
		Text: fmt.Sprintf("Too many tries. Wait %s and try again.", wait(after))}
}

// Closed says that the vault's keys are needed and not there.
func Closed() error {
	return &Error{Kind: Sealed, Text: "The vault is sealed in this session. Enter the Organization Key to open it."}
}

// EnrolFirst says that a second factor is to be set up before anything else.
func EnrolFirst() error {
	return &Error{Kind: Enrol, Text: "Set up a second factor first. Nothing else can be done in this session before."}
}

// Cannot says why a well-formed request is not possible now.
func Cannot(format string, args ...any) error {
	return &Error{Kind: Unacceptable, Text: fmt.Sprintf(format, args...)}
}

// Titled is Cannot with the heading of its page.
func Titled(title, format string, args ...any) error {
	return &Error{Kind: Unacceptable, Title: title, Text: fmt.Sprintf(format, args...)}
}

// Busy says that the server can't do it right now, and why, for the log.
func Busy(text string, after time.Duration, cause error) error {
	return &Error{Kind: Unavailable, Text: text, After: after, cause: cause}
}

// Unsure says that the outcome of a change is not known.
func Unsure(cause error) error {
	return &Error{Kind: Unknown, cause: cause,
		Text: "The database went away while saving: look whether the change is there before you repeat it."}
}

func wait(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%d seconds", max(1, int(d.Seconds()+0.5)))
	}
	return fmt.Sprintf("%d minutes", int(d.Minutes()+0.99))
}
