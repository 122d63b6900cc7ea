package importer

import (
	"slices"
	"strings"

	"bailiwick/internal/client"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/sheet"
	"bailiwick/internal/vault"
)

// dest is a client that rows go to.
type dest struct {
	id, name string
	fresh    bool     // to be added
	used     bool     // rows are added there
	key      seal.Key // of a fresh one
	loaded   bool
	kinds    vault.Kinds
	sealer   vault.Sealer
	folders  map[string]*folder // by id; "" is the root
	below    map[spotKey]*folder
	twins    map[twinKey]*twin
	rows     map[twinKey]earlier
}

type spotKey struct{ parent, name string }

// folder is a place in a client. The actor reaches every one that is here:
// one that he does not reach is as if it were not there.
type folder struct {
	id, parent, name string
	fresh, used      bool // a fresh one is made where rows are added in it or below
	depth            int
	guard            string // the nearest folder that is there and guarded, itself too; "" if none
	mayAdd, mayEdit  bool
	mayMake          bool // folders in it
}

var (
	sqlClients = gate.SQL(`SELECT id, name, short_code FROM clients WHERE org_id = $1 AND enabled`)
	sqlFolders = gate.SQL(`SELECT id, COALESCE(parent_id, ''), name FROM folders WHERE org_id = $1 AND client_id = $2 ORDER BY id`)
)

// clients is the clients that the actor reaches, by folded name and code.
type clients struct {
	byID   map[string]*dest
	byName map[string][]*dest
	byCode map[string][]*dest
	fresh  []*dest
	mayAdd bool
	codes  bool // may set the secrets of one-time codes
	kinds  vault.Kinds
}

func readClients(tx *gate.Tx) (*clients, error) {
	c := &clients{byID: map[string]*dest{}, byName: map[string][]*dest{}, byCode: map[string][]*dest{}}
	c.mayAdd, c.codes = tx.May(client.OpAdd, gate.Nothing()), tx.Has(perm.PasswordTOTPAddRemove)
	var err error
	if c.kinds, err = vault.KindsIn(tx); err != nil {
		return nil, err
	}
	return c, tx.Each(sqlClients, func(r *gate.Rows) error {
		d := &dest{}
		var code string
		if err := r.Scan(&d.id, &d.name, &code); err != nil || !tx.SeesClient(d.id) {
			return err
		}
		name, code := org.Fold(d.name), org.Fold(code)
		c.byID[d.id], c.byName[name] = d, append(c.byName[name], d)
		if code != "" {
			c.byCode[code] = append(c.byCode[code], d)
		}
		return nil
	})
}

// find gives the client of a name, or else of a short code; why says in a
// sentence that there is none.
func (c *clients) find(name string, add bool) (d *dest, why string) {
	key := org.Fold(name)
	found := c.byName[key]
	if len(found) == 0 {
		found = c.byCode[key]
	}
	switch {
	case len(found) == 1:
		return found[0], ""
	case len(found) > 1:
		return nil, "Several clients have this name. Rename one of them, or import the rows of each by themselves."
	case !add:
		return nil, "There is no client of this name, or it is not yours to see. Correct the name, or choose that missing clients are added."
	case !c.mayAdd:
		return nil, "There is no client of this name that you see, and you may not add clients."
	case len(name) > client.LongestName:
		return nil, "The name is too long for a client."
	}
	d = &dest{id: id.New("client"), name: strings.Clone(strings.TrimSpace(name)), fresh: true, key: seal.NewKey()}
	c.byName[strings.Clone(key)] = []*dest{d}
	c.fresh = append(c.fresh, d)
	return d, ""
}

// load reads what is there in a client: folders, rights, keys, and with twins
// the titles by which duplicates are found.
func (d *dest) load(tx *gate.Tx, twins bool) (err error) {
	if d.loaded {
		return nil
	}
	d.folders, d.below = map[string]*folder{}, map[spotKey]*folder{}
	d.twins, d.rows = map[twinKey]*twin{}, map[twinKey]earlier{}
	if d.fresh {
		if d.kinds, err = vault.KindsIn(tx); err != nil {
			return err
		}
		may := tx.Has(perm.PasswordAdd) && tx.Has(perm.ClientViewList)
		d.folders[""] = &folder{mayAdd: may, mayMake: tx.Has(perm.FolderAddEdit)}
		d.sealer, d.loaded = vault.SealerOf(tx, d.id, d.key), true
		return nil
	}
	if d.kinds, err = vault.KindsAt(tx, vault.Place{Client: d.id}); err != nil {
		return err
	}
	if d.sealer, err = vault.NewSealer(tx, d.id); err != nil {
		return err
	}
	d.add(tx, &folder{})
	var all []*folder
	err = tx.Each(sqlFolders, func(r *gate.Rows) error {
		f := &folder{}
		if err := r.Scan(&f.id, &f.parent, &f.name); err != nil || !tx.SeesFolder(f.id) {
			return err
		}
		f.depth = tx.Depth(f.id)
		all = append(all, f)
		return nil
	}, d.id)
	if err != nil {
		return err
	}
	for _, f := range all {
		if tx.Guarded(f.id) {
			f.guard = f.id
		}
		d.add(tx, f)
	}
	d.loaded = true
	if twins {
		return vault.EachPresent(tx, d.id, d.addTwin)
	}
	return nil
}

func (d *dest) add(tx *gate.Tx, f *folder) {
	at := gate.In(d.id, f.id)
	f.mayAdd, f.mayEdit, f.mayMake = tx.May(vault.OpAdd, at), tx.May(vault.OpEdit, at), tx.May(vault.OpFolderAdd, at)
	d.folders[f.id] = f
	if f.id == "" {
		return
	}
	if key := (spotKey{f.parent, org.Fold(f.name)}); d.below[key] == nil {
		d.below[key] = f
	}
}

// find gives the folder of a path below a folder, a fresh one where there is
// none yet; why says in a sentence that it can't be.
func (d *dest) find(base, path string) (f *folder, why string) {
	if f = d.folders[base]; f == nil {
		return nil, "The folder that was chosen is not there any more. Choose another one."
	}
	for _, name := range sheet.SplitFolders(path) {
		key := spotKey{f.id, org.Fold(name)}
		next := d.below[key]
		switch {
		case next != nil:
			f = next
			continue
		case len(name) > 200:
			return nil, "The name of a folder is longer than 200 characters."
		case f.depth >= vault.Deepest:
			return nil, "The folders lie too deep in one another: at most 10."
		case !f.mayMake:
			return nil, "The folder is not there, and you may not make folders at this place."
		}
		next = &folder{id: id.New("folder"), parent: f.id, name: strings.Clone(name), fresh: true, depth: f.depth + 1,
			guard: f.guard, mayAdd: f.mayAdd, mayEdit: f.mayEdit, mayMake: true}
		key.name = strings.Clone(key.name)
		d.folders[next.id], d.below[key] = next, next
		f = next
	}
	if !f.mayAdd {
		return nil, "You may not add credentials at this place."
	}
	return f, ""
}

// use notes that a row is added in a folder: only then are it and its client
// made, where they are not there.
func (d *dest) use(f *folder) {
	d.used = true
	for ; f.fresh && !f.used; f = d.folders[f.parent] {
		f.used = true
	}
}

// freshFolders are the folders that are to be made.
func (d *dest) freshFolders() (list []*folder) {
	for _, f := range d.folders {
		if f.fresh && f.used {
			list = append(list, f)
		}
	}
	return list
}

// added are the clients that are to be made.
func (c *clients) added() []*dest {
	return slices.DeleteFunc(slices.Clone(c.fresh), func(d *dest) bool { return !d.used })
}
