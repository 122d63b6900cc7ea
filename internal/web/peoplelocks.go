package web

import (
	"time"

	"bailiwick/internal/people"
	"bailiwick/internal/web/ui"
)

// lockouts is the list of who is locked out.
type lockouts struct {
	frame ui.FrameParams
	list  []people.Lockout
	now   time.Time
}

func showLockouts(v *visit) error {
	list, err := v.app.People.Lockouts(v.ctx(), v.who)
	if err != nil {
		return err
	}
	f, err := v.frame("Lockouts", usersCrumb)
	if err != nil {
		return err
	}
	return v.render(lockoutsPage(lockouts{f, list, v.app.Clock.Now()}))
}

// lockoutEnd is when a lockout ends by itself; a far end is none.
func lockoutEnd(t time.Time) string {
	if t.IsZero() || t.Year() > 9000 {
		return "somebody unlocks"
	}
	return t.Format("2 Jan 2006, 15:04 MST")
}

// left says how long a lockout still lasts.
func (l lockouts) left(o people.Lockout) string {
	if o.Until.IsZero() {
		return "until somebody unlocks"
	}
	if min := int(o.Until.Sub(l.now).Minutes()) + 1; min < 120 {
		return "for " + counted(min, "minute", "minutes")
	}
	return "until " + lockoutEnd(o.Until)
}

// leavers is the list of off-boardings that are not done.
type leavers struct {
	frame ui.FrameParams
	list  []people.Waiting
	now   time.Time
}

func showLeavers(v *visit) error {
	list, err := v.app.People.Offboardings(v.ctx(), v.who)
	if err != nil {
		return err
	}
	f, err := v.frame("Off-boardings", usersCrumb)
	if err != nil {
		return err
	}
	return v.render(leaversPage(leavers{f, list, v.app.Clock.Now()}))
}
