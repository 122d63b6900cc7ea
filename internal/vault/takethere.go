package vault

import "bailiwick/internal/gate"

// One's own shares in a range of credentials of a client, and what it received
// there, each with where it lies at the other side.
var sqlTakenThere = gate.SQLShared("the other side's log tells what is taken", `SELECT c.id, r.org_id, COALESCE(r.client_id, '') FROM shares s JOIN credentials c ON c.org_id = s.org_id AND c.id = s.credential_id
		JOIN credentials r ON r.org_id = s.to_org AND r.id = s.credential_id
		WHERE s.org_id = $1 AND s.credential_id >= $3 AND s.credential_id <= $4 AND c.client_id = $2
	UNION ALL SELECT c.id, r.org_id, COALESCE(r.client_id, '') FROM credentials c JOIN credentials r ON r.org_id = c.from_org AND r.id = c.id
		WHERE c.org_id = $1 AND c.client_id = $2 AND c.from_org <> '' AND c.id >= $3 AND c.id <= $4`)

// exportedThere has the log of the other organization say of each shared one of
// these, which are of one client and in order, that it is exported here. It is
// asked before they are opened: where it has something to say, what was begun
// ahead of its turn to write is begun anew.
func exportedThere(tx *gate.Tx, of Place, all []*stored) error {
	if of.Own || len(all) == 0 {
		return nil
	}
	taken, there := map[string]bool{}, map[string][]gate.Event{}
	for _, c := range all {
		taken[c.ID] = true
	}
	err := tx.Each(sqlTakenThere, func(r *gate.Rows) error {
		e := gate.Event{Operation: "credential.exported", Kind: string(gate.KindCredential)}
		var org string
		err := r.Scan(&e.ID, &org, &e.Client)
		if taken[e.ID] {
			there[org] = append(there[org], e)
		}
		return err
	}, of.Client, all[0].ID, all[len(all)-1].ID)
	for org, events := range there {
		if err == nil {
			err = tx.Beside(org, func(b *gate.Tx) error {
				for _, e := range events {
					b.Note(e, "")
				}
				return nil
			})
		}
	}
	return err
}
