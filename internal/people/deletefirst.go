package people

import "bailiwick/internal/gate"

// deleteFirst says what has to be done before the actor can delete a user, ""
// where nothing stands against it or it is not his to do.
func deleteFirst(tx *gate.Tx, p Person) string {
	if ok, why := may(tx, Delete, p); ok {
		return why
	}
	return ""
}
