package vault

import (
	"context"
	"fmt"
	"slices"

	"bailiwick/internal/extlink"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

// Content says what becomes of what lies in a folder that is deleted.
type Content string

// What can become of it. An empty folder needs neither.
const (
	ContentUp      Content = "up"      // moves into the folder above
	ContentArchive Content = "archive" // credentials are archived, folders are deleted
)

var (
	sqlDeleteFolder  = gate.SQL(`DELETE FROM folders WHERE org_id = $1 AND id = $2`)
	sqlDeleteVersion = gate.SQL(`DELETE FROM folders WHERE org_id = $1 AND id = $2 AND (version = $3 OR $3 = 0)`)
	sqlLiftFolders   = gate.SQL(`UPDATE folders SET parent_id = NULLIF($3, ''), version = version + 1 WHERE org_id = $1 AND parent_id = $2`)
	sqlLiftItems     = gate.SQL(`UPDATE credentials SET folder_id = NULLIF($3, ''), change_seq = $4, version = version + CASE WHEN from_org = '' THEN 1 ELSE 0 END WHERE org_id = $1 AND folder_id = $2`)
	sqlShelve        = gate.SQL(`UPDATE credentials SET archived_at = $3, version = version + 1 WHERE org_id = $1 AND folder_id = $2 AND archived_at = 0 AND from_org = ''`)
	// What another organization has taken back or archived is nothing to anybody here.
	sqlInFolder = gate.SQL(`SELECT id, archived_at <> 0 OR from_org <> '' FROM credentials WHERE org_id = $1 AND folder_id = $2 AND (from_org = '' OR archived_at = 0) ORDER BY id`)
)

// Deleted counts what the deletion of a folder touched.
type Deleted struct{ Archived, Folders int }

// DeleteFolder deletes a folder that the actor read at a version (0: whichever
// is present). What is in it moves up, or its credentials are archived and its
// folders deleted with it. That needs Password: Archive unless the folder is
// empty, and where a guard would be lost, Security Groups: Manage.
func (s *Store) DeleteFolder(ctx context.Context, who gate.Actor, folder string, version int64, content Content) (Deleted, error) {
	return gate.Do(ctx, s.gate, who, OpFolderDelete, gate.Folder(folder), func(tx *gate.Tx) (Deleted, error) {
		var gone Deleted
		f, err := scanFolder(tx, tx.Row(sqlFolder, folder))
		if err != nil {
			return gone, err
		}
		tree, err := treeOf(tx, folder)
		if err != nil {
			return gone, err
		}
		n, live, err := inFolders(tx, tree)
		if err != nil {
			return gone, err
		}
		empty := len(tree) == 1 && n == 0
		if err := mayEmpty(tx, f, tree, empty, content); err != nil {
			return gone, err
		}
		switch {
		case empty:
		case content != ContentUp && content != ContentArchive:
			return gone, fault.Bad("content", "The folder is not empty. Say what becomes of its content: it moves up, or is archived. Nothing was deleted.")
		case content == ContentArchive && len(live) > Most:
			return gone, fault.Cannot("More than %d credentials lie in this folder: too many to be archived at once. Archive or move some of them first. Nothing was deleted.", Most)
		}
		seq, err := tx.NextChange()
		if err != nil {
			return gone, err
		}
		tx.Event().Name = f.Name
		if content == ContentArchive {
			gone.Archived, gone.Folders = len(live), len(tree)-1
			err = shelve(tx, f, tree, live, seq)
		} else {
			err = lift(tx, f, seq)
		}
		if err != nil {
			return gone, err
		}
		if !empty {
			tx.Event().Fields = []string{"content: " + map[Content]string{ContentUp: "moved up", ContentArchive: "archived"}[content]}
		}
		if err := staleFolder(tx.One(sqlDeleteVersion, folder, version)); err != nil {
			return gone, err
		}
		return gone, tx.BumpAccess()
	})
}

// mayEmpty refuses where the content is not the actor's to move or archive.
func mayEmpty(tx *gate.Tx, f Folder, tree []string, empty bool, content Content) error {
	if empty || f.OwnerID != "" {
		return nil
	}
	if !tx.Has(perm.PasswordArchive) || slices.ContainsFunc(tree, func(id string) bool { return !tx.SeesFolder(id) }) {
		return fault.NotFound()
	}
	if content != ContentArchive { // folders that move up keep their own guards
		tree = tree[:1]
	}
	lost := slices.ContainsFunc(tree, func(id string) bool { return tx.Leaves(id, f.ParentID) })
	if lost && !tx.Has(perm.SecurityGroupsManage) {
		return fault.NotFound()
	}
	return nil
}

// lift puts what is right in a folder into the one above.
func lift(tx *gate.Tx, f Folder, seq int64) error {
	if _, err := tx.Exec(sqlLiftItems, f.ID, f.ParentID, seq); err != nil {
		return err
	}
	_, err := tx.Exec(sqlLiftFolders, f.ID, f.ParentID)
	return err
}

// shelve archives what lies in a folder and below, and deletes those below.
// Restored, the credentials come back where the folder lay: behind the guards
// that are left.
func shelve(tx *gate.Tx, f Folder, tree []string, live []string, seq int64) error {
	rows, err := readChosen(tx, OpArchive, live)
	if err != nil {
		return err
	}
	for _, id := range live {
		c := rows[id]
		if c == nil {
			return fault.NotFound()
		}
		if err := extlink.EndOf(tx, id); err != nil {
			return err
		}
		tx.Note(gate.Event{Operation: OpArchive.Name, Kind: "credential", ID: id, Client: c.ClientID, Owner: c.OwnerID}, c.Title)
	}
	for _, folder := range slices.Backward(tree) { // those below first
		if _, err := tx.Exec(sqlShelve, folder, tx.Millis()); err != nil {
			return err
		}
		if _, err := tx.Exec(sqlLiftItems, folder, f.ParentID, seq); err != nil {
			return err
		}
		if folder == f.ID {
			continue
		}
		if err := tx.One(sqlDeleteFolder, folder); err != nil {
			return err
		}
	}
	return nil
}

// treeOf gives a folder and all below it, each after the one it lies in.
func treeOf(tx *gate.Tx, folder string) ([]string, error) {
	tree := []string{folder}
	for i := 0; i < len(tree); i++ {
		err := tx.Each(sqlChildren, func(r *gate.Rows) error {
			var c string
			err := r.Scan(&c)
			tree = append(tree, c)
			return err
		}, tree[i])
		if err != nil {
			return nil, err
		}
		if len(tree) > 100_000 {
			return nil, fmt.Errorf("the folders below %s have no end", folder)
		}
	}
	return tree, nil
}

// inFolders counts the credentials in folders, and names those that are not
// archived.
func inFolders(tx *gate.Tx, folders []string) (n int, live []string, err error) {
	for _, f := range folders {
		err = tx.Each(sqlInFolder, func(r *gate.Rows) error {
			var id string
			var stays bool // archived already, or another organization's: that one moves up
			err := r.Scan(&id, &stays)
			n++
			if !stays {
				live = append(live, id)
			}
			return err
		}, f)
		if err != nil {
			return n, live, err
		}
	}
	return n, live, nil
}
