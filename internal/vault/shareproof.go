package vault

import (
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// A row of a share says to whom keys are handed, whenever there is a new one.
// So that no row from elsewhere does, its rights are proved by a MAC under the
// key of the credential's client.

var (
	sqlProof   = gate.SQL(`SELECT proof, proof_epoch FROM shares WHERE org_id = $1 AND credential_id = $2 AND to_org = $3`)
	sqlReprove = gate.SQL(`UPDATE shares SET proof = $4, proof_epoch = $5 WHERE org_id = $1 AND credential_id = $2 AND to_org = $3`)
)

func proofOf(tx *gate.Tx, key seal.Key, credential, to string, terms []byte) []byte {
	return key.MAC("share", []byte(tx.Who().Org()), []byte(to), []byte(credential), terms)
}

// prove gives the proof of a share's rights under the client's present key.
func prove(tx *gate.Tx, c *stored, to string, terms []byte) (proof []byte, epoch int64, err error) {
	key, epoch, err := tx.WriteKey(c.ClientID)
	if err != nil {
		return nil, 0, err
	}
	return proofOf(tx, key, c.ID, to, terms), epoch, nil
}

// proved reports whether a share's rights are those that somebody here chose,
// and puts the proof under the present key.
func proved(tx *gate.Tx, c *stored, to string, terms []byte) (bool, error) {
	var proof []byte
	var epoch int64
	if err := tx.Row(sqlProof, c.ID, to).Scan(&proof, &epoch); err != nil {
		return false, err
	}
	if epoch < 1 || epoch > tx.KeyEpoch() {
		return false, nil
	}
	key, err := tx.ClientKey(c.ClientID, epoch)
	if err != nil || !seal.Equal(proofOf(tx, key, c.ID, to, terms), proof) {
		return false, passOver(err)
	}
	if epoch == tx.KeyEpoch() {
		return true, nil
	}
	if proof, epoch, err = prove(tx, c, to, terms); err != nil {
		return false, err
	}
	_, err = tx.Exec(sqlReprove, c.ID, to, proof, epoch)
	return true, err
}
