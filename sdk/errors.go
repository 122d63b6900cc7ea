package sdk

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Error is an answer with an error. Its text is a sentence for people; Kind
// and Errors are for programs.
type Error struct {
	Problem
	After time.Duration // when trying again makes sense; 0 when unknown
}

// Error gives the sentence, and each field with what is wrong with it.
func (e *Error) Error() string {
	text := e.Detail
	for _, f := range e.Errors {
		text += "\n  " + strings.TrimSpace(f.Field+": "+f.Text)
	}
	if e.Kind == Internal {
		text += " Request " + e.RequestID + "."
	}
	return text
}

// Field gives what is wrong with a field, "" when nothing is.
func (e *Error) Field(name string) string {
	for _, f := range e.Errors {
		if f.Field == name {
			return f.Text
		}
	}
	return ""
}

// Is reports whether err is, or wraps, an answer of this kind.
func Is(err error, k Kind) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == k
}

// NetworkError means that no answer came: it is not known whether the request
// arrived.
type NetworkError struct {
	Address string
	Cause   error
}

// Error says which server did not answer, and why.
func (e *NetworkError) Error() string {
	return fmt.Sprintf("%s did not answer: %v", e.Address, e.Cause)
}

// Unwrap gives the cause.
func (e *NetworkError) Unwrap() error { return e.Cause }

func errorOf(res *http.Response, body []byte) error {
	e := &Error{}
	media, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if media != "application/problem+json" || json.Unmarshal(body, &e.Problem) != nil {
		return fmt.Errorf("%s answered %s, which is not Bailiwick's API: is the address right?", res.Request.URL.Host, res.Status)
	}
	if n, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && n > 0 {
		e.After = time.Duration(n) * time.Second
	}
	return e
}

// retryable tells whether the same request may succeed soon, and when.
func retryable(err error, pause time.Duration) (time.Duration, bool) {
	var e *Error
	var n *NetworkError
	switch {
	case errors.As(err, &n):
		return pause, true
	case !errors.As(err, &e):
		return 0, false
	case e.Kind == Unavailable || e.Kind == Unknown || e.Kind == Throttled:
		return max(pause, e.After), e.After <= patience
	}
	return 0, false
}
