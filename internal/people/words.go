package people

import (
	"errors"
	"strconv"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

// errNotYours is the answer to what the actor may not do.
var errNotYours = fault.NotFound()

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func numberOf(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func orUsed(err error) error {
	if errors.Is(err, gate.ErrNoRows) {
		return errUsed
	}
	return err
}
