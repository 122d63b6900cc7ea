package vault

import (
	"encoding/json"
	"fmt"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/seal"
)

// item is a credential's item key and the sealed envelopes under it.
type item struct {
	credential string
	keyID      string // of the envelopes
	epoch      int64  // of theirs
	key        seal.Key
	keyBox     []byte
	got        received // where another organization shares it

	overviewVersion, secretVersion int64
	overview, secret               []byte
}

// received is what a row says of a credential that another organization shares:
// its envelopes lie there, and its key lies here, bound to the rights.
type received struct {
	from   string // "": it is one's own
	keyID  string // of the key that was taken over
	epoch  int64  // of the client key that it lies under
	terms  string
	former bool // a key of received_keys, which no right is bound to
}

// learn puts the rights of a received credential to it, without which its key
// does not open.
func (it *item) learn(tx *gate.Tx) {
	if it.got.from != "" && !it.got.former {
		rights, _ := tx.Rights(it.credential)
		it.got.terms = rights.Terms
	}
}

// under is the epoch of the key that the item key lies under.
func (it *item) under() int64 {
	if it.got.from != "" {
		return it.got.epoch
	}
	return it.epoch
}

// waits reports whether the key of a received credential was not taken over yet.
func (it *item) waits() bool { return it.got.from != "" && it.got.keyID != it.keyID }

// unwrap opens the item key under the key that it lies under.
func (it *item) unwrap(outer seal.Key, org string) (err error) {
	if it.got.from == "" {
		it.key, err = outer.Unwrap(seal.PurposeItemKey, placeOfItemKey(org, it.credential, it.keyID, it.epoch), it.keyBox)
		return it.broken("item key", err)
	}
	if it.waits() {
		return keyWaits(nil)
	}
	it.key, err = outer.Unwrap(seal.PurposeReceivedKey, placeOfReceivedKey(org, it.credential, it.keyID, it.got.terms, it.got.epoch), it.keyBox)
	return it.broken("key of what is shared", err)
}

func keyWaits(cause error) error {
	return fault.Busy("The key of this credential is being renewed by the organization that shares it: somebody there has to open the vault. Nothing was changed. Try again later.", time.Minute, cause)
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
	outer, err := wrapping(tx, client, it.under())
	if err != nil {
		return err
	}
	it.learn(tx)
	return it.unwrap(outer, tx.Who().Org())
}

func (it *item) broken(what string, err error) error {
	if err != nil {
		return fmt.Errorf("%s of %s does not open: the database was changed from outside, or is damaged: %w", what, it.credential, err)
	}
	return nil
}

func (it *item) place(org, envelope string, version int64) seal.Place {
	if it.got.from != "" {
		org = it.got.from
	}
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
