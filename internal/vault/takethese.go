package vault

import (
	"slices"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

var (
	sqlTakeThese = gate.SQLShared("envelopes of what is received", `SELECT `+columns+`, `+secretColumn+` `+source+` WHERE c.org_id = $1 AND c.archived_at = 0 AND c.id IN (`+marks(2, some)+`) ORDER BY c.id`)
)

// PlacesOf says where credentials lie whose secrets the actor may see; others
// are as if they were not there.
func PlacesOf(tx *gate.Tx, ids []string) (map[string]Place, error) {
	rows, err := readChosen(tx, OpReveal, ids)
	places := map[string]Place{}
	for id, c := range rows {
		if !c.Archived {
			places[id] = c.where()
		}
	}
	return places, err
}

// TakeThese is Take of chosen credentials of one place, all of them or none.
// Every one counts as seen by the actor from then on.
func TakeThese(tx *gate.Tx, of Place, ids []string) (out []Taken, err error) {
	kinds, err := KindsIn(tx)
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(ids, some) {
		var read []*stored
		err := tx.Each(sqlTakeThese, func(r *gate.Rows) error {
			var secret []byte
			c, err := scan(r, &secret)
			if err == nil {
				c.secret = secret
				read = append(read, c)
			}
			return err
		}, someOf(part)...)
		if err != nil {
			return nil, err
		}
		if len(read) != len(part) {
			return nil, fault.NotFound() // one was archived or moved away in the meantime
		}
		for _, c := range read {
			at := c.where()
			if at.Client != of.Client || at.Own != of.Own || of.Own && c.OwnerID != tx.Who().User() || !tx.May(OpReveal, gate.At(c.lies())) {
				return nil, fault.NotFound()
			}
		}
		if err := exportedThere(tx, of, read); err != nil {
			return nil, err
		}
		taken, err := takeAll(tx, kinds, read)
		if err != nil {
			return nil, err
		}
		out = append(out, taken...)
	}
	return out, nil
}
