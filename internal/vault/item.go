package vault

import (
	"encoding/json"
	"fmt"

	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/seal"
)

// item is a credential's item key and the sealed envelopes under it.
type item struct {
	credential, keyID string
	epoch             int64
	key               seal.Key
	keyBox            []byte

	overviewVersion, secretVersion int64
	overview, secret               []byte
}

// wrapping gives the key that item keys of a place lie under: the client's of
// an epoch, or the owner's personal-vault key, whose epochs are the numbers of
// his seed.
func wrapping(tx *gate.Tx, client string, epoch int64) (seal.Key, error) {
	if client == "" {
		return tx.PersonalKey(epoch)
	}
	return tx.ClientKey(client, epoch)
}

// writing gives the key that item keys of a place are put under now.
func writing(tx *gate.Tx, client string) (key seal.Key, epoch int64, err error) {
	if client == "" {
		return tx.PersonalWriteKey()
	}
	key, err = tx.ClientKey(client, tx.KeyEpoch())
	return key, tx.KeyEpoch(), err
}

func newItem(tx *gate.Tx, credential, client string) (*item, error) {
	outer, epoch, err := writing(tx, client)
	if err != nil {
		return nil, err
	}
	it := &item{credential: credential, keyID: id.New("key"), epoch: epoch, key: seal.NewKey()}
	it.keyBox = outer.Wrap(seal.PurposeItemKey, placeOfItemKey(tx.Who().Org(), credential, it.keyID, it.epoch), it.key)
	return it, nil
}

// open opens the item key; the envelopes are opened one by one when needed.
func (it *item) open(tx *gate.Tx, client string) error {
	outer, err := wrapping(tx, client, it.epoch)
	if err != nil {
		return err
	}
	it.key, err = outer.Unwrap(seal.PurposeItemKey, placeOfItemKey(tx.Who().Org(), it.credential, it.keyID, it.epoch), it.keyBox)
	return it.broken("item key", err)
}

func (it *item) broken(what string, err error) error {
	if err != nil {
		return fmt.Errorf("%s of %s does not open: the database was changed from outside, or is damaged: %w", what, it.credential, err)
	}
	return nil
}

func (it *item) place(org, envelope string, version int64) seal.Place {
	return placeOfEnvelope(org, it.credential, envelope, it.keyID, it.epoch, version)
}

func (it *item) sealOverview(org string, version int64, o Overview) error {
	plain, err := json.Marshal(o)
	it.overviewVersion = version
	it.overview = it.key.SealPadded(seal.PurposeOverview, it.place(org, "overview_box", version), plain)
	return err
}

func (it *item) sealSecret(org string, version int64, s Secret) error {
	plain, err := json.Marshal(s)
	it.secretVersion = version
	it.secret = it.key.SealPadded(seal.PurposeSecret, it.place(org, "secret_box", version), plain)
	clear(plain)
	return err
}

func (it *item) openOverview(org string) (o Overview, err error) {
	plain, err := it.key.OpenPadded(seal.PurposeOverview, it.place(org, "overview_box", it.overviewVersion), it.overview)
	if err != nil {
		return o, it.broken("overview", err)
	}
	return o, json.Unmarshal(plain, &o)
}

func (it *item) openSecret(org string) (s Secret, err error) {
	plain, err := it.key.OpenPadded(seal.PurposeSecret, it.place(org, "secret_box", it.secretVersion), it.secret)
	if err != nil {
		return s, it.broken("secret", err)
	}
	defer clear(plain)
	return s, json.Unmarshal(plain, &s)
}

func (it *item) hash() []byte { return seal.Hash(it.keyBox, it.overview, it.secret) }
