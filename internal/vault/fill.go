package vault

import (
	"runtime"
	"sync"

	"bailiwick/internal/find"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

const brief = `c.id, COALESCE(c.client_id, ''), COALESCE(c.owner_id, ''), COALESCE(c.folder_id, ''), c.type, c.archived_at, c.alone, ` + keyColumns + `, ` + overviewColumns

var (
	sqlChanged     = gate.SQLShared("envelopes of what is received", `SELECT `+brief+` `+source+` WHERE c.org_id = $1 AND c.change_seq > $2 AND c.client_id IS NOT NULL`)
	sqlChangedKeys = gate.SQL(`SELECT DISTINCT COALESCE(client_id, ''), key_epoch FROM credentials WHERE org_id = $1 AND change_seq > $2 AND client_id IS NOT NULL AND archived_at = 0 AND key_epoch > 0`)
	sqlOwnSince    = gate.SQLShared("envelopes of what is received", `SELECT `+brief+` `+source+` WHERE c.org_id = $1 AND c.change_seq > $2 AND c.owner_id = $3`)
	sqlOwnKeys     = gate.SQL(`SELECT DISTINCT COALESCE(client_id, ''), key_epoch FROM credentials WHERE org_id = $1 AND change_seq > $2 AND owner_id = $3 AND archived_at = 0`)
)

// wrapper is what item keys lie under.
type wrapper struct {
	client string
	epoch  int64
}

// filling is the work of one follow: this goroutine reads rows, as many as
// there are processors open them, and one puts them into the structure. Each
// row is opened and forgotten, so memory holds the structure alone.
type filling struct {
	org     string
	keys    map[wrapper]seal.Key
	batches chan []sealedEntry
	opened  chan []find.Entry

	mu     sync.Mutex
	failed error
}

// sealedEntry is an entry whose texts are still to be opened.
type sealedEntry struct {
	item  item
	entry find.Entry
}

const batchSize = 256

// credentials takes in the credentials that changed. What failed to open is
// tried again by the next search, because the sequence does not move on.
func (ix *index) credentials(tx *gate.Tx, stmt gate.Stmt, args ...any) error {
	args = append([]any{ix.seq}, args...)
	keys, err := wrappers(tx, stmt, args)
	if err != nil {
		return err
	}
	f := &filling{org: tx.Who().Org(), keys: keys, batches: make(chan []sealedEntry, 4), opened: make(chan []find.Entry, 4)}
	var openers, loader sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		openers.Go(f.open)
	}
	loader.Go(func() { ix.find.Load(f.entries) })
	gone, err := ix.read(tx, stmt, args, f)
	close(f.batches)
	openers.Wait()
	close(f.opened)
	loader.Wait()
	ix.find.Remove(gone...)
	if err == nil {
		err = f.failed
	}
	return err
}

// read hands on the rows, and gives the ids of what was archived.
func (ix *index) read(tx *gate.Tx, stmt gate.Stmt, args []any, f *filling) (gone []string, err error) {
	var batch []sealedEntry
	err = tx.Each(stmt, func(r *gate.Rows) error {
		var s sealedEntry
		var owner string
		var archived int64
		var alone bool
		e, it := &s.entry, &s.item
		if err := r.Scan(append(append([]any{&e.ID, &e.Client, &owner, &e.Folder, &e.Type, &archived, &alone}, it.keyDest()...), &it.overviewVersion, &it.overview)...); err != nil {
			return err
		}
		e.Type = ix.kinds.Of(e.Type).Name
		if archived != 0 || it.waits() {
			gone = append(gone, e.ID)
			return nil
		}
		if tx.Who().Kind() == gate.Token && !tx.SeesClient(e.Client) {
			return nil
		}
		it.credential, e.Kind, e.ClientName = e.ID, HitCredential, ix.names[e.Client]
		it.learn(tx)
		at := gate.Lies{Client: e.Client, Owner: owner, Folder: e.Folder}
		if alone {
			at.Item = e.ID
		}
		e.Place = ix.place(spotKey{Lies: at})
		if batch = append(batch, s); len(batch) == batchSize {
			f.batches <- batch
			batch = nil
		}
		return nil
	}, args...)
	if len(batch) > 0 {
		f.batches <- batch
	}
	return gone, err
}

// wrappers opens the keys of the rows beforehand: a query can't wait inside
// another.
func wrappers(tx *gate.Tx, stmt gate.Stmt, args []any) (map[wrapper]seal.Key, error) {
	if stmt == sqlOwnSince {
		stmt = sqlOwnKeys
	} else {
		stmt = sqlChangedKeys
	}
	var all []wrapper
	err := tx.Each(stmt, func(r *gate.Rows) error {
		var w wrapper
		err := r.Scan(&w.client, &w.epoch)
		if tx.Who().Kind() != gate.Token || tx.SeesClient(w.client) {
			all = append(all, w)
		}
		return err
	}, args...)
	keys := map[wrapper]seal.Key{}
	for _, w := range all {
		if err == nil {
			keys[w], err = wrapping(tx, w.client, w.epoch)
		}
	}
	return keys, err
}

// open opens overviews until there are no more.
func (f *filling) open() {
	for batch := range f.batches {
		entries := make([]find.Entry, 0, len(batch))
		for i := range batch {
			it, e := &batch[i].item, batch[i].entry
			o, err := it.openUnder(f.keys[wrapper{e.Client, it.under()}], f.org)
			if err != nil {
				f.mu.Lock()
				f.failed = err
				f.mu.Unlock()
				continue
			}
			e.Title, e.Username, e.Host, e.Tags = o.Title, o.Username, hostOf(o.URLs), o.Tags
			entries = append(entries, e)
		}
		f.opened <- entries
	}
}

// entries gives what was opened, in any order.
func (f *filling) entries(yield func(find.Entry) bool) {
	for batch := range f.opened {
		for _, e := range batch {
			if !yield(e) {
				return
			}
		}
	}
}

// openUnder opens the item key under a key that is at hand, and the overview.
func (it *item) openUnder(outer seal.Key, org string) (o Overview, err error) {
	if err = it.unwrap(outer, org); err != nil {
		return o, err
	}
	return it.openOverview(org)
}
