package gate

import (
	"errors"
	"time"

	"bailiwick/internal/db"
	"bailiwick/internal/fault"
)

// translate turns what the database says into what a user can act on.
func translate(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrNoRows):
		return fault.NotFound()
	case errors.Is(err, db.ErrText):
		return fault.Cannot("A text has a character that can't be stored: a zero byte, or something that is not UTF-8. Nothing was saved.")
	case errors.Is(err, db.ErrUnknown):
		return fault.Unsure(err)
	case errors.Is(err, db.ErrFull):
		return fault.Busy("The disk is full: nothing was saved, nothing was shown. Free some space and try again.", 5*time.Second, err)
	case errors.Is(err, db.ErrReadOnly):
		return fault.Busy("The database is read-only: nothing was saved.", 5*time.Second, err)
	case errors.Is(err, db.ErrBusy):
		return fault.Busy("Another change takes long just now. Nothing of yours was saved. Try again in a few seconds.", 5*time.Second, err)
	case errors.Is(err, db.ErrLost):
		return fault.Busy("The database can't be reached. Nothing was saved. Try again in a moment.", 2*time.Second, err)
	}
	return err
}
