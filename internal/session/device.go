package session

import (
	"errors"

	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

var (
	sqlDevice     = gate.SQL(`SELECT id, outer_epoch, way_in_box FROM devices WHERE org_id = $1 AND lookup = $2 AND user_id = $3 AND expires_at > $4`)
	sqlDeviceOver = gate.SQL(`UPDATE devices SET expires_at = 0 WHERE org_id = $1 AND lookup = $2 AND user_id = $3 AND expires_at <= $4`)
	sqlAddDevice  = gate.SQL(`INSERT INTO devices (org_id, id, user_id, lookup, outer_epoch, way_in_box, label, created_at, last_used, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)`)
	sqlRollDevice = gate.SQL(`UPDATE devices SET lookup = $3, outer_epoch = $4, way_in_box = $5, label = $6, last_used = $7, expires_at = $8 WHERE org_id = $1 AND id = $2`)
)

// byDevice opens the seed by a known device; device is "" when it is not known.
func (s *Store) byDevice(tx *gate.Tx, user string, p seal.Key, token seal.Token, epoch int64) (opened org.Opened, device string, err error) {
	var outerEpoch int64
	var box []byte
	err = tx.Row(sqlDevice, token.Lookup(), user, tx.Millis()).Scan(&device, &outerEpoch, &box)
	if errors.Is(err, gate.ErrNoRows) {
		_, err := tx.Exec(sqlDeviceOver, token.Lookup(), user, tx.Millis()) // also when the clock goes back later
		return opened, "", err
	}
	if err != nil {
		return opened, "", err
	}
	outer, err := s.org.Outer(tx, outerEpoch)
	if err != nil {
		return opened, "", err
	}
	seed, err := seal.OpenDevice(p, token, outer, org.PlaceOfDevice(tx.Who().Org(), device, outerEpoch), box)
	if err != nil {
		return opened, "", nil // of an earlier P: the Organization Key is needed
	}
	opened, err = s.org.BySeed(tx, user, seed, epoch)
	if org.NoGrant(err) {
		return org.Opened{}, "", nil
	}
	return opened, device, err
}

// rollDevice gives the browser a new device secret: a stolen older one is of
// no use after the next sign-in.
func (s *Store) rollDevice(tx *gate.Tx, user, device, agent string, p, seed, outer seal.Key, epoch int64) (string, seal.Token, error) {
	token := seal.NewToken()
	expires := tx.Now().Add(DeviceLifetime).UnixMilli()
	known := device != ""
	if !known {
		device = id.New("device")
	}
	box := seal.SealDevice(p, token, outer, org.PlaceOfDevice(tx.Who().Org(), device, epoch), seed)
	var err error
	if known {
		err = tx.One(sqlRollDevice, device, token.Lookup(), epoch, box, cut(agent, 300), tx.Millis(), expires)
	} else {
		_, err = tx.Exec(sqlAddDevice, device, user, token.Lookup(), epoch, box, cut(agent, 300), tx.Millis(), expires)
	}
	return device, token, err
}
