package vault

import (
	"context"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
)

// Deepest is how many folders may lie in one another.
const Deepest = 10

// Folder is a folder of a client or of a personal vault.
type Folder struct {
	ID, ClientID, OwnerID, ParentID, Name string
	Guarded                               bool // a security group is on it or above it
	Depth                                 int  // 1 for those at the root
	Version                               int64
	Changed                               time.Time // its name, place or security groups; zero: never
	ChangedByName                         string
	MayEdit                               bool
	MayChoose                             bool // for Site Users - Limited
}

// Operations on folders.
var (
	OpFolders      = gate.Define(gate.Op{Name: "folder.list", Sentence: "List folders", Scope: gate.Single, Needs: perm.ClientViewList, Personal: true, Tokens: true, View: true})
	OpFolderAdd    = gate.Define(gate.Op{Name: "folder.add", Sentence: "Add a folder", Scope: gate.Single, Needs: perm.FolderAddEdit, Personal: true, Tokens: true, Write: true, Audit: true, Once: true})
	OpFolderEdit   = gate.Define(gate.Op{Name: "folder.edit", Sentence: "Rename a folder", Scope: gate.Single, Needs: perm.FolderAddEdit, Personal: true, Tokens: true, Write: true, Audit: true, Once: true})
	OpFolderMove   = gate.Define(gate.Op{Name: "folder.move", Sentence: "Move a folder within its client (out of a guarded one needs Security Groups: Manage)", Scope: gate.Single, Needs: perm.FolderAddEdit, Personal: true, Tokens: true, Write: true, Audit: true, Once: true})
	OpFolderDelete = gate.Define(gate.Op{Name: "folder.delete", Sentence: "Delete a folder; its content moves up or is archived (unless it is empty, Password: Archive; where a guard would be lost, Security Groups: Manage)", Scope: gate.Single, Needs: perm.FolderAddEdit, Personal: true, Tokens: true, Write: true, Audit: true, Once: true})
)

const folderColumns = `id, COALESCE(client_id, ''), COALESCE(owner_id, ''), COALESCE(parent_id, ''), name, version, changed_at,
	COALESCE((SELECT u.name FROM users u WHERE u.org_id = folders.org_id AND u.id = folders.changed_by), '')`

var (
	sqlFolders    = gate.SQL(`SELECT ` + folderColumns + ` FROM folders WHERE org_id = $1 AND client_id = $2 ORDER BY name_folded, id`)
	sqlOwnFolders = gate.SQL(`SELECT ` + folderColumns + ` FROM folders WHERE org_id = $1 AND owner_id = $2 ORDER BY name_folded, id`)
	sqlFolder     = gate.SQL(`SELECT ` + folderColumns + ` FROM folders WHERE org_id = $1 AND id = $2`)
	sqlAddFolder  = gate.SQL(`INSERT INTO folders (org_id, id, client_id, owner_id, parent_id, name, name_folded, created_at) VALUES ($1, $2, NULLIF($3, ''), NULLIF($4, ''), NULLIF($5, ''), $6, $7, $8)`)
	sqlRename     = gate.SQL(`UPDATE folders SET name = $3, name_folded = $4, changed_at = $6, changed_by = $7, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $5`)
	sqlMoveFolder = gate.SQL(`UPDATE folders SET parent_id = NULLIF($3, ''), changed_at = $5, changed_by = $6, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $4`)
)

func scanFolder(tx *gate.Tx, r interface{ Scan(...any) error }) (Folder, error) {
	var f Folder
	var changed int64
	err := r.Scan(&f.ID, &f.ClientID, &f.OwnerID, &f.ParentID, &f.Name, &f.Version, &changed, &f.ChangedByName)
	f.Changed = at(changed)
	f.Guarded, f.Depth = tx.Guarded(f.ID), tx.Depth(f.ID)
	f.MayEdit = tx.May(OpFolderEdit, gate.Folder(f.ID))
	return f, err
}

// Folders lists the folders of a client, or of the actor's personal vault,
// that he reaches, each after the one it lies in.
func (s *Store) Folders(ctx context.Context, who gate.Actor, place Place) ([]Folder, error) {
	return gate.Do(ctx, s.gate, who, OpFolders, place.target(), func(tx *gate.Tx) ([]Folder, error) {
		stmt, of := sqlFolders, place.Client
		if place.Own {
			stmt, of = sqlOwnFolders, who.User()
		}
		var all []Folder
		chooses := chooses(tx)
		err := tx.Each(stmt, func(r *gate.Rows) error {
			f, err := scanFolder(tx, r)
			f.MayChoose = chooses && f.ClientID != ""
			if err == nil && tx.SeesFolder(f.ID) {
				all = append(all, f)
			}
			return err
		}, of)
		return inOrder(all), err
	})
}

// inOrder puts each folder after its parent, siblings by name.
func inOrder(all []Folder) []Folder {
	children := map[string][]Folder{}
	for _, f := range all {
		children[f.ParentID] = append(children[f.ParentID], f)
	}
	var out []Folder
	var walk func(string)
	walk = func(parent string) {
		for _, f := range children[parent] {
			out = append(out, f)
			walk(f.ID)
		}
	}
	walk("")
	return out
}

// AddFolder adds a folder at a place.
func (s *Store) AddFolder(ctx context.Context, who gate.Actor, place Place, name string) (string, error) {
	name, err := folderName(name)
	if err != nil {
		return "", err
	}
	return gate.Do(ctx, s.gate, who, OpFolderAdd, place.target(), func(tx *gate.Tx) (string, error) {
		if tx.Depth(place.Folder) >= Deepest {
			return "", fault.Bad("folder", "Folders can lie at most %d deep, and this one lies %d deep. Choose one further up. Nothing was added.", Deepest, Deepest)
		}
		return addFolder(tx, place, name)
	})
}

func addFolder(tx *gate.Tx, place Place, name string) (string, error) {
	folder, owner := id.New("folder"), ""
	if place.Own {
		owner = tx.Who().User()
	}
	if _, err := tx.Exec(sqlAddFolder, folder, place.Client, owner, place.Folder, name, org.Fold(name), tx.Millis()); err != nil {
		return "", err
	}
	e := tx.Event()
	e.Kind, e.ID, e.Name, e.Owner = "folder", folder, name, owner
	return folder, tx.BumpAccess()
}

func folderName(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 200 {
		return "", fault.Bad("name", "Give the folder a name of at most 200 characters.")
	}
	return name, nil
}

// RenameFolder renames a folder that the actor read at a version.
func (s *Store) RenameFolder(ctx context.Context, who gate.Actor, folder string, version int64, name string) error {
	name, err := folderName(name)
	if err != nil {
		return err
	}
	_, err = gate.Do(ctx, s.gate, who, OpFolderEdit, gate.Folder(folder), func(tx *gate.Tx) (bool, error) {
		tx.Event().Name, tx.Event().Fields = name, []string{"name"}
		return true, staleFolder(tx.One(sqlRename, folder, name, org.Fold(name), version, tx.Millis(), who.User()))
	})
	return err
}

func staleFolder(err error) error {
	if fault.Is(err, fault.Absent) {
		return fault.Stale("folder")
	}
	return err
}

// MoveFolder puts a folder into another of the same client or personal vault;
// parent "" is the root.
func (s *Store) MoveFolder(ctx context.Context, who gate.Actor, folder string, version int64, parent string) error {
	_, err := gate.Do(ctx, s.gate, who, OpFolderMove, gate.Folder(folder), func(tx *gate.Tx) (bool, error) {
		f, err := scanFolder(tx, tx.Row(sqlFolder, folder))
		if err != nil {
			return false, err
		}
		place := Place{Client: f.ClientID, Own: f.OwnerID != "", Folder: parent}
		return true, tx.Also(OpFolderMove, place.target(), func() error {
			switch {
			case tx.Below(parent, folder):
				return fault.Bad("folder", "A folder can't be moved into itself or into one of its own.")
			case tx.Depth(parent)+height(tx, folder) > Deepest:
				return fault.Bad("folder", "Folders can lie at most %d deep. With those in it, this one would reach a depth of %d there. Nothing was moved.", Deepest, tx.Depth(parent)+height(tx, folder))
			case tx.Leaves(f.ParentID, parent) && !tx.Has(perm.SecurityGroupsManage):
				return fault.NotFound() // out of a guarded folder
			}
			tx.Event().Name, tx.Event().Fields = f.Name, []string{"folder"}
			if err := staleFolder(tx.One(sqlMoveFolder, folder, parent, version, tx.Millis(), who.User())); err != nil {
				return err
			}
			return tx.BumpAccess()
		})
	})
	return err
}

var sqlChildren = gate.SQL(`SELECT id FROM folders WHERE org_id = $1 AND parent_id = $2`)

// height counts the levels from a folder down to its deepest one.
func height(tx *gate.Tx, folder string) int {
	var below []string
	_ = tx.Each(sqlChildren, func(r *gate.Rows) error {
		var c string
		err := r.Scan(&c)
		below = append(below, c)
		return err
	}, folder)
	deepest := 0
	for _, c := range below {
		deepest = max(deepest, height(tx, c))
	}
	return deepest + 1
}
