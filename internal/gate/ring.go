package gate

import (
	"errors"
	"fmt"
	"sync"

	"bailiwick/internal/fault"
	"bailiwick/internal/seal"
)

// Ring is the keys of one session or token: the present vault key and what it
// opens, or a token's scope key. An empty Ring is sealed.
type Ring struct {
	mu       sync.Mutex
	epoch    int64
	vault    map[int64]seal.Key // by epoch
	seed     seal.Key
	token    string
	holder   seal.Identity      // of a token
	signer   []byte             // the organization's signing key as the token has it pinned
	scopes   map[int64]seal.Key // a token's scope keys by epoch
	clients  map[clientEpoch]seal.Key
	personal map[int64]seal.Key // keys of the personal vault, by number of the seed
	newest   int64              // the number of this seed, once it was asked for
}

type clientEpoch struct {
	client string
	epoch  int64
}

// NewRing holds a user's keys; an invalid vault key makes a sealed ring.
func NewRing(epoch int64, vault, seed seal.Key) *Ring {
	r := &Ring{epoch: epoch, seed: seed}
	if vault.Valid() {
		r.vault = map[int64]seal.Key{epoch: vault}
	}
	return r
}

// TokenRing holds the key pair of a token, which opens its scope keys, and the
// organization's signing key that the token has pinned, which they are
// checked by.
func TokenRing(token string, epoch int64, holder seal.Identity, signer []byte) *Ring {
	return &Ring{epoch: epoch, token: token, holder: holder, signer: signer}
}

// Open reports whether the ring opens anything of the vault.
func (r *Ring) Open() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.token != "" || r.vault[r.epoch].Valid()
}

// Epoch is the epoch of the present vault key that the ring holds.
func (r *Ring) Epoch() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.epoch
}

// Vault is the vault key of the ring's own epoch; invalid when sealed.
func (r *Ring) Vault() seal.Key {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.vault[r.epoch]
}

// Held is the epoch and the vault key of it, both of the same moment.
func (r *Ring) Held() (int64, seal.Key) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.epoch, r.vault[r.epoch]
}

// Seed is the user's seed; invalid when the session was opened without it.
func (r *Ring) Seed() seal.Key { return r.seed }

var (
	sqlPreviousVault = SQL(`SELECT previous_box FROM key_epochs WHERE org_id = $1 AND epoch = $2`)
	sqlClientKey     = SQL(`SELECT key_box FROM client_keys WHERE org_id = $1 AND client_id = $2 AND epoch = $3`)
	sqlClientKeys    = SQL(`SELECT client_id, key_box FROM client_keys WHERE org_id = $1 AND epoch = $2`)
	sqlTokenClient   = SQL(`SELECT key_box, scope_epoch FROM token_client_keys WHERE org_id = $1 AND token_id = $2 AND client_id = $3 AND epoch = $4`)
	sqlTokenScope    = SQL(`SELECT sealed FROM token_scopes WHERE org_id = $1 AND token_id = $2 AND epoch = $3`)
)

// VaultKey gives the vault key of an epoch, following the chain of earlier ones.
func (t *Tx) VaultKey(epoch int64) (seal.Key, error) {
	r := t.who.ring
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.vaultAt(t, epoch)
}

func (r *Ring) vaultAt(t *Tx, epoch int64) (seal.Key, error) {
	if !r.vault[r.epoch].Valid() || epoch > r.epoch || epoch < 1 {
		return seal.Key{}, fault.Closed()
	}
	at := r.epoch
	for !r.vault[epoch].Valid() && at > epoch {
		if !r.vault[at-1].Valid() {
			var box []byte
			if err := t.Row(sqlPreviousVault, at).Scan(&box); err != nil {
				return seal.Key{}, err
			}
			k, err := r.vault[at].Unwrap(seal.PurposeVaultPrevious, PlaceOfPreviousVault(t.who.org, at), box)
			if err != nil {
				return seal.Key{}, err
			}
			r.vault[at-1] = k
		}
		at--
	}
	return r.vault[epoch], nil
}

// ClientKey gives the key of a client at an epoch.
func (t *Tx) ClientKey(client string, epoch int64) (seal.Key, error) {
	r := t.who.ring
	r.mu.Lock()
	defer r.mu.Unlock()
	if k, ok := r.clients[clientEpoch{client, epoch}]; ok {
		return k, nil
	}
	k, err := r.openClient(t, client, epoch)
	if err != nil {
		return seal.Key{}, err
	}
	if r.clients == nil {
		r.clients = map[clientEpoch]seal.Key{}
	}
	r.clients[clientEpoch{client, epoch}] = k
	return k, nil
}

// ClientKeys gets the keys of many clients, each at an epoch, ready: to ask for
// them one by one takes a query each. What a session can't open is left out.
func (t *Tx) ClientKeys(wanted map[string]int64) error {
	r := t.who.ring
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.token != "" || !r.vault[r.epoch].Valid() {
		return nil
	}
	missing := map[int64]int{}
	for client, epoch := range wanted {
		if _, ok := r.clients[clientEpoch{client, epoch}]; !ok {
			missing[epoch]++
		}
	}
	for epoch, n := range missing {
		if n < fewKeys {
			continue
		}
		boxes := map[string][]byte{}
		err := t.Each(sqlClientKeys, func(rows *Rows) error {
			var client string
			var box []byte
			err := rows.Scan(&client, &box)
			if wanted[client] == epoch {
				boxes[client] = box
			}
			return err
		}, epoch)
		if err != nil {
			return err
		}
		vault, err := r.vaultAt(t, epoch)
		if err != nil {
			return err
		}
		if r.clients == nil {
			r.clients = map[clientEpoch]seal.Key{}
		}
		for client, box := range boxes {
			if r.clients[clientEpoch{client, epoch}], err = vault.Unwrap(seal.PurposeClientKey, PlaceOfClientKey(t.who.org, client, epoch), box); err != nil {
				return err
			}
		}
	}
	return nil
}

// fewKeys are read one by one.
const fewKeys = 8

func (r *Ring) openClient(t *Tx, client string, epoch int64) (seal.Key, error) {
	if r.token != "" {
		return r.openScoped(t, client, epoch)
	}
	vault, err := r.vaultAt(t, epoch)
	if err != nil {
		return seal.Key{}, err
	}
	var box []byte
	if err := t.Row(sqlClientKey, client, epoch).Scan(&box); err != nil {
		return seal.Key{}, err
	}
	return vault.Unwrap(seal.PurposeClientKey, PlaceOfClientKey(t.who.org, client, epoch), box)
}

// openScoped follows a token's scope keys: one per epoch, sealed to the token.
func (r *Ring) openScoped(t *Tx, client string, epoch int64) (seal.Key, error) {
	var box []byte
	var at int64
	err := t.Row(sqlTokenClient, r.token, client, epoch).Scan(&box, &at)
	if errors.Is(err, ErrNoRows) {
		return seal.Key{}, fault.Closed()
	}
	if err != nil {
		return seal.Key{}, err
	}
	scope, ok := r.scopes[at]
	if !ok {
		if scope, err = r.openScope(t, at); err != nil {
			return seal.Key{}, err
		}
		if r.scopes == nil {
			r.scopes = map[int64]seal.Key{}
		}
		r.scopes[at] = scope
	}
	return scope.Unwrap(seal.PurposeTokenScope, PlaceOfTokenClient(t.who.org, r.token, client, epoch), box)
}

const signatureSize = 64

// openScope opens the scope key of an epoch. Anybody can seal to the token's
// public key, so the signature is what makes it the organization's.
func (r *Ring) openScope(t *Tx, epoch int64) (seal.Key, error) {
	terms, err := TermsOf(t, r.token)
	if err != nil {
		return seal.Key{}, err
	}
	var sealed []byte
	if err := t.Row(sqlTokenScope, r.token, epoch).Scan(&sealed); err != nil {
		return seal.Key{}, err
	}
	at := PlaceOfScope(t.who.org, r.token, terms, epoch)
	if len(sealed) < signatureSize || !seal.Verify(r.signer, ScopeContext, ScopeText(at, sealed[signatureSize:]), sealed[:signatureSize]) {
		return seal.Key{}, seal.ErrOpen
	}
	return r.holder.OpenKey(seal.PurposeTokenScope, at, sealed[signatureSize:])
}

// Scope checks that a token opens its scope key of an epoch.
func (r *Ring) Scope(t *Tx, epoch int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, err := r.openScope(t, epoch)
	return err
}

var (
	sqlTerms       = SQL(`SELECT user_id, permissions, all_clients, expires_at, hpke_public FROM tokens WHERE org_id = $1 AND id = $2`)
	sqlTermClients = SQL(`SELECT client_id FROM token_clients WHERE org_id = $1 AND token_id = $2 ORDER BY client_id`)
)

// TermsOf is the hash of everything that says what a token may open.
func TermsOf(t *Tx, token string) ([]byte, error) {
	var user, permissions string
	var all bool
	var expires int64
	var public []byte
	if err := t.Row(sqlTerms, token).Scan(&user, &permissions, &all, &expires, &public); err != nil {
		return nil, err
	}
	parts := [][]byte{[]byte(user), []byte(permissions), fmt.Append(nil, all, expires), public}
	err := t.Each(sqlTermClients, func(r *Rows) error {
		var id string
		err := r.Scan(&id)
		parts = append(parts, []byte(id))
		return err
	}, token)
	return seal.Hash(parts...), err
}

// WriteKey gives the key of a client under which everything new is sealed.
func (t *Tx) WriteKey(client string) (key seal.Key, epoch int64, err error) {
	if t.who.ring.token != "" && t.state.dueAt != 0 && t.op.Once {
		return key, 0, errHeldUp
	}
	key, err = t.ClientKey(client, t.state.keyEpoch)
	return key, t.state.keyEpoch, err
}

// Advance takes over the vault key of a new epoch; the earlier ones stay
// readable.
func (r *Ring) Advance(epoch int64, vault seal.Key) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.vault == nil {
		r.vault = map[int64]seal.Key{}
	}
	r.vault[epoch] = vault
	r.epoch = epoch
}
