package client

import (
	"context"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

// What hangs on a row goes with it by the foreign keys: versions, who has seen
// what, keys, assignments, bookmarks, requests.
var (
	sqlDropCredentials = gate.SQL(`DELETE FROM credentials WHERE org_id = $1 AND client_id = $2`)
	sqlDropFolders     = gate.SQL(`DELETE FROM folders WHERE org_id = $1 AND client_id = $2`)
	sqlDrop            = gate.SQL(`DELETE FROM clients WHERE org_id = $1 AND id = $2 AND NOT company AND NOT enabled`)
)

// Delete takes a disabled client away for good, with everything in it; named
// is its name, typed again. Its keys go too, so not even an old copy of a
// title in the audit log opens any more. The log keeps the client's name.
func (s *Store) Delete(ctx context.Context, who gate.Actor, clientID, named string) error {
	_, err := gate.Do(ctx, s.gate, who, OpDelete, gate.Client(clientID), func(tx *gate.Tx) (bool, error) {
		c, err := scan(tx.Row(sqlOne, who.User(), clientID))
		if err != nil {
			return false, err
		}
		switch {
		case c.Company:
			return false, fault.Cannot("The company vault can't be deleted.")
		case c.Enabled:
			return false, fault.Cannot("Only a disabled client can be deleted. Disable it first, and see for a while whether somebody misses it.")
		case strings.TrimSpace(named) != c.Name:
			return false, fault.Bad("name", "Type the client's name just as it is written: %s", c.Name)
		}
		site, err := s.siteOf(tx, clientID)
		if err != nil {
			return false, err
		}
		if site.There() {
			return false, fault.Cannot("This client has a site, an organization of its own, which would be left without a provider. A client with a site can't be deleted; disabled it stays out of everybody's way.")
		}
		tx.Event().Name = c.Name
		if _, err := tx.NextChange(); err != nil {
			return false, err
		}
		for _, stmt := range []gate.Stmt{sqlDropCredentials, sqlDropFolders} {
			if _, err := tx.Exec(stmt, clientID); err != nil {
				return false, err
			}
		}
		if err := tx.One(sqlDrop, clientID); err != nil {
			return false, err
		}
		return true, tx.BumpAccess()
	})
	return err
}
