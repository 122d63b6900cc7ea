package people

// States of a user, in the order in which they count.
const (
	Disabled  = "Disabled"
	Pending   = "Pending approval"
	Invited   = "Invited"
	LockedOut = "Locked out"
	Active    = "Active"
)

// flags is what a user's state is derived from.
type flags struct {
	enabled, approved, invited bool
	lockedUntil                int64
}

func (f flags) state(now int64) string {
	switch {
	case !f.enabled:
		return Disabled
	case !f.approved:
		return Pending
	case f.invited:
		return Invited
	case f.lockedUntil > now:
		return LockedOut
	}
	return Active
}
