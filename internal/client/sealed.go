package client

import (
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// sealed is a text about a client as it lies in its row. Epoch 0: there is none.
type sealed struct {
	epoch, version int64
	box            []byte
}

// envelope is where a client's text lies: three columns of its row.
type envelope struct {
	column      string
	read, write gate.Stmt
}

var (
	inNotes = envelope{"notes_box",
		gate.SQL(`SELECT notes_epoch, notes_version, notes_box FROM clients WHERE org_id = $1 AND id = $2`),
		gate.SQL(`UPDATE clients SET notes_epoch = $3, notes_version = $4, notes_box = $5 WHERE org_id = $1 AND id = $2`)}
	inTags = envelope{"tags_box",
		gate.SQL(`SELECT tags_epoch, tags_version, tags_box FROM clients WHERE org_id = $1 AND id = $2`),
		gate.SQL(`UPDATE clients SET tags_epoch = $3, tags_version = $4, tags_box = $5 WHERE org_id = $1 AND id = $2`)}
	inPanel = envelope{"panel_box",
		gate.SQL(`SELECT panel_epoch, panel_version, panel_box FROM clients WHERE org_id = $1 AND id = $2`),
		gate.SQL(`UPDATE clients SET panel_epoch = $3, panel_version = $4, panel_box = $5 WHERE org_id = $1 AND id = $2`)}
	inBanner = envelope{"banner_box",
		gate.SQL(`SELECT banner_epoch, banner_version, banner_box FROM clients WHERE org_id = $1 AND id = $2`),
		gate.SQL(`UPDATE clients SET banner_epoch = $3, banner_version = $4, banner_box = $5 WHERE org_id = $1 AND id = $2`)}
)

func (e envelope) place(org, client string, epoch, version int64) seal.Place {
	return seal.Place{Org: org, Table: "clients", Row: client, Envelope: e.column, Epoch: epoch, Version: version}
}

// load reads a text's columns.
func (e envelope) load(tx *gate.Tx, client string) (s sealed, err error) {
	err = tx.Row(e.read, client).Scan(&s.epoch, &s.version, &s.box)
	return s, err
}

// open opens a text; shut is true where the session does not hold the key.
func (e envelope) open(tx *gate.Tx, client string, s sealed) (text string, shut bool, err error) {
	if s.epoch == 0 {
		return "", false, nil
	}
	key, err := tx.ClientKey(client, s.epoch)
	if fault.Is(err, fault.Sealed) {
		return "", true, nil
	}
	if err != nil {
		return "", false, err
	}
	plain, err := key.OpenPadded(seal.PurposeNotes, e.place(tx.Who().Org(), client, s.epoch, s.version), s.box)
	return string(plain), false, err
}

// save seals a text at a version, or takes it away, and gives what was sealed.
func (e envelope) save(tx *gate.Tx, client, text string, version int64) ([]byte, error) {
	if text == "" {
		return nil, tx.One(e.write, client, 0, version, nil)
	}
	key, epoch, err := tx.WriteKey(client)
	if err != nil {
		return nil, err
	}
	box := key.SealPadded(seal.PurposeNotes, e.place(tx.Who().Org(), client, epoch, version), []byte(text))
	return box, tx.One(e.write, client, epoch, version, box)
}

// sealedIn gives the event of the operation the hash of what was sealed.
func sealedIn(tx *gate.Tx, boxes ...[]byte) {
	if hash := hashOf(boxes...); hash != nil {
		tx.Event().Sealed = hash
	}
}

// hashOf is the hash of what was sealed; nil where nothing was.
func hashOf(boxes ...[]byte) []byte {
	var written [][]byte
	for _, b := range boxes {
		if b != nil {
			written = append(written, b)
		}
	}
	if written == nil {
		return nil
	}
	return seal.Hash(written...)
}
