package importer

import (
	"encoding/binary"
	"hash/maphash"
	"slices"

	"bailiwick/internal/org"
	"bailiwick/internal/sheet"
	"bailiwick/internal/vault"
)

// twinKey stands for a title and a username. Two independent hashes of 64 bits
// keep the memory small, and nobody outside can make two texts meet.
type twinKey [2]uint64

var seeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}

// twin is a credential that is there.
type twin struct {
	id      string
	folder  *folder
	version int64
	taken   bool // a row of the file updates it already
}

// earlier is the first row of the file with a title and username. There is one
// for each row, so it is small.
type earlier struct {
	row     int32
	content [8]byte // a hash of all that the row has
}

func twinOf(title, username string) twinKey {
	return keyOf(org.Fold(title), org.Fold(username))
}

// keyOf hashes texts with their lengths, so that no two lists read the same.
func keyOf(texts ...string) (k twinKey) {
	var length [8]byte
	for i := range seeds {
		var h maphash.Hash
		h.SetSeed(seeds[i])
		for _, t := range texts {
			binary.LittleEndian.PutUint64(length[:], uint64(len(t)))
			h.Write(length[:])
			h.WriteString(t)
		}
		k[i] = h.Sum64()
	}
	return k
}

func (d *dest) addTwin(b vault.Brief) {
	key := twinOf(b.Title, b.Username)
	if old := d.twins[key]; old == nil || b.ID < old.id { // the oldest of several
		d.twins[key] = &twin{id: b.ID, folder: d.folders[b.FolderID], version: b.Version}
	}
}

// contentOf stands for everything that a row has.
func contentOf(r sheet.Record) (hash [8]byte) {
	texts := []string{r.Title, r.Username, r.Password, r.Notes, r.TOTP, r.Folder, r.Type}
	if r.Expires != nil {
		texts = append(texts, r.Expires.String())
	}
	texts = slices.Concat(texts, []string{"urls"}, r.URLs, []string{"tags"}, r.Tags, []string{"fields"})
	for _, f := range r.Fields {
		texts = append(texts, f.Name, f.Value)
	}
	binary.LittleEndian.PutUint64(hash[:], keyOf(texts...)[0])
	return hash
}
