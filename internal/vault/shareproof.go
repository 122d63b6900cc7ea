package vault

import (
	"slices"

	"bailiwick/internal/fault"
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

// altered says what is wrong with the rights of a share as the row has them: of
// one's own, that nobody here chose them; of what is received, that they are not
// those that count here.
func (s *Shared) altered(tx *gate.Tx, credential string) (string, error) {
	slices.Sort(s.chosen)
	if !s.Out {
		rights, there := tx.Rights(credential)
		if there && rights.Terms != gate.TermsText(gate.TermsOfShare(s.Org, s.Everyone, s.Writes, s.History, s.since, s.chosen)) {
			return "These are not the rights that count here: the database was changed from outside.", nil
		}
		return "", nil
	}
	if s.epoch < 1 || s.epoch > tx.KeyEpoch() {
		return notChosen, nil
	}
	key, err := tx.ClientKey(s.client, s.epoch)
	switch {
	case fault.Is(err, fault.Sealed): // it can't be told without it
		return "", nil
	case damaged(err):
		return notChosen, nil
	case err != nil:
		return "", err
	}
	terms := gate.TermsOfShare(tx.Who().Org(), s.Everyone, s.Writes, s.History, s.since, s.chosen)
	if !seal.Equal(proofOf(tx, key, credential, s.Org, terms), s.proof) {
		return notChosen, nil
	}
	return "", nil
}

// notChosen is what is wrong with a row that nobody here has made.
const notChosen = "These are not the rights that were chosen here: the database was changed from outside. No key is handed over. Stop sharing it, or share it anew."

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
