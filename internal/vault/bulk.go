package vault

import (
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/seal"
)

// What changes many credentials at once (an import) seals them outside of the
// transaction that puts them in place, so that others are not held up.

// Sealer seals credentials for one client under its key of one epoch.
type Sealer struct {
	org, client string
	Epoch       int64
	key         seal.Key
}

// NewSealer takes the client's present key.
func NewSealer(tx *gate.Tx, client string) (Sealer, error) {
	key, epoch, err := tx.WriteKey(client)
	return Sealer{tx.Who().Org(), client, epoch, key}, err
}

// SealerOf is for a client that is about to be added with this key.
func SealerOf(tx *gate.Tx, client string, key seal.Key) Sealer {
	return Sealer{tx.Who().Org(), client, tx.KeyEpoch(), key}
}

// Sealed is a credential as it is stored: an item key of its own, and both
// envelopes of one version.
type Sealed struct {
	KeyID                    string
	Epoch                    int64
	KeyBox, Overview, Secret []byte
}

// Hash is what an audit event keeps of it.
func (s Sealed) Hash() []byte { return seal.Hash(s.KeyBox, s.Overview, s.Secret) }

// Seal seals a version of a credential under a new item key.
func (s Sealer) Seal(credential string, version int64, in Input) (Sealed, error) {
	it := item{credential: credential, keyID: id.New("key"), epoch: s.Epoch, key: seal.NewKey()}
	it.keyBox = s.key.Wrap(seal.PurposeItemKey, placeOfItemKey(s.org, credential, it.keyID, it.epoch), it.key)
	if err := it.sealOverview(s.org, version, in.Overview); err != nil {
		return Sealed{}, err
	}
	if err := it.sealSecret(s.org, version, in.Secret); err != nil {
		return Sealed{}, err
	}
	it.key.Wipe()
	return Sealed{it.keyID, it.epoch, it.keyBox, it.overview, it.secret}, nil
}

// Check tidies an input and says everything that is wrong with it. Its type is
// to be one that Kinds.Find gave.
func (in *Input) Check() error { return in.check() }

// Differences names the fields in which two inputs differ; never their values.
func Differences(old, in Input) []string {
	c := &stored{Credential: Credential{Type: old.Type, Overview: old.Overview}, expires: millis(old.Expires)}
	return differences(c, old.Secret, in)
}

// Millis is a time as stored; 0 for none.
func (in Input) Millis() int64 { return millis(in.Expires) }

// Host is the host of the first address that has one.
func (o Overview) Host() string { return hostOf(o.URLs) }

var sqlEpochsOf = gate.SQL(`SELECT DISTINCT key_epoch FROM credentials WHERE org_id = $1 AND client_id = $2 AND archived_at = 0 AND from_org = ''`)

// Brief is what a search for duplicates needs of a present credential.
type Brief struct {
	ID, FolderID, Title, Username string
	Version                       int64
}

// EachPresent gives the present credentials of a client that the actor
// reaches, one by one, in no order: its memory does not grow with their number.
func EachPresent(tx *gate.Tx, client string, fn func(Brief)) error {
	var epochs []int64
	err := tx.Each(sqlEpochsOf, func(r *gate.Rows) error {
		var e int64
		err := r.Scan(&e)
		epochs = append(epochs, e)
		return err
	}, client)
	if err != nil {
		return err
	}
	for _, e := range epochs { // a query can't wait inside another
		if _, err := tx.ClientKey(client, e); err != nil {
			return err
		}
	}
	return tx.Each(sqlOf, func(r *gate.Rows) error {
		c, err := scan(r)
		if err != nil || c.got.from != "" || !tx.Sees(c.lies()) { // an import changes one's own only
			return err
		}
		if err := c.open(tx, c.ClientID); err != nil {
			return err
		}
		o, err := c.openOverview(tx.Who().Org())
		c.key.Wipe()
		fn(Brief{ID: c.ID, FolderID: c.FolderID, Title: o.Title, Username: o.Username, Version: c.Version})
		return err
	}, client, false)
}

// Whole is a credential of a client with its secret, for a change of it. It
// must not be shown: that would be a reveal without its event.
type Whole struct {
	ClientID, FolderID string
	Version, Rev       int64
	Input
}

// OpenWhole opens a credential for a change; the actor must be allowed that.
// former is one of its earlier versions; 0 is the present one.
func OpenWhole(tx *gate.Tx, credential string, former int64) (Whole, error) {
	c, err := load(tx, credential)
	if err != nil {
		return Whole{}, err
	}
	if c.ClientID == "" || !tx.May(OpEdit, gate.In(c.ClientID, c.FolderID)) {
		return Whole{}, fault.NotFound()
	}
	w := Whole{ClientID: c.ClientID, FolderID: c.FolderID, Version: c.Version, Rev: c.rev}
	if former == 0 {
		w.Input = Input{Type: c.Type, Expires: c.Expires, Overview: c.Overview}
		w.Secret, err = c.openSecret(tx.Who().Org())
		return w, err
	}
	_, v, secret, err := earlier(tx, credential, former)
	if err != nil {
		return Whole{}, err
	}
	w.Version, w.Rev = former, v.rev
	w.Input = Input{Type: v.typ, Expires: at(v.until), Secret: secret}
	w.Overview, err = v.openOverview(tx.Who().Org())
	return w, err
}
