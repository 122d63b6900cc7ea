package api

import (
	"context"
	"net/http"

	"bailiwick/internal/fault"
	"bailiwick/internal/vault"
	"bailiwick/sdk"
)

func (s *Server) folderRoutes() {
	mount(s, route{method: "GET", path: "/folders", id: "list-folders", summary: "List the folders of a client, or of one's personal vault", op: vault.OpFolders}, s.listFolders)
	mount(s, route{method: "POST", path: "/folders", id: "add-folder", summary: "Add a folder", op: vault.OpFolderAdd, status: http.StatusCreated}, s.addFolder)
	mount(s, route{method: "PATCH", path: "/folders/{id}", id: "rename-folder", summary: "Rename a folder", op: vault.OpFolderEdit}, s.renameFolder)
	mount(s, route{method: "POST", path: "/folders/{id}/move", id: "move-folder", summary: "Move a folder within its client", op: vault.OpFolderMove,
		note: "Out of a guarded folder it needs Security Groups: Manage besides."}, s.moveFolder)
	mountEmpty(s, route{method: "DELETE", path: "/folders/{id}", id: "delete-folder", summary: "Delete a folder", op: vault.OpFolderDelete,
		note: "Its content moves up, or is archived. Unless it is empty it needs Password: Archive besides, and Security Groups: Manage where a guard would be lost."}, s.deleteFolder)
}

// PlaceQuery names a client or the personal vault.
type PlaceQuery struct {
	Client   string `query:"client" doc:"Id of the client"`
	Personal bool   `query:"personal" doc:"Or one's own personal vault"`
}

// placeOf demands exactly one of client and personal vault.
func placeOf(client string, personal bool, folder string) (vault.Place, error) {
	switch {
	case client == "" && !personal:
		return vault.Place{}, fault.Bad("client", "Name a client, or set personal.")
	case client != "" && personal:
		return vault.Place{}, fault.Bad("personal", "Name a client or set personal, not both.")
	}
	return vault.Place{Client: client, Own: personal, Folder: folder}, nil
}

func (s *Server) listFolders(ctx context.Context, c call, in *PlaceQuery) (sdk.Folders, error) {
	place, err := placeOf(in.Client, in.Personal, "")
	if err != nil {
		return sdk.Folders{}, err
	}
	found, err := s.app.Vault.Folders(ctx, c.who, place)
	out := sdk.Folders{Folders: []sdk.Folder{}}
	for _, f := range found {
		out.Folders = append(out.Folders, sdk.Folder{ID: f.ID, Client: f.ClientID, Personal: f.OwnerID != "", Folder: f.ParentID, Name: f.Name,
			Guarded: f.Guarded, Depth: f.Depth, Version: f.Version, MayEdit: f.MayEdit, ChangedAt: when(f.Changed), ChangedBy: f.ChangedByName})
	}
	return out, err
}

func (s *Server) addFolder(ctx context.Context, c call, in *struct{ Body sdk.NewFolder }) (sdk.Done, error) {
	place, err := placeOf(in.Body.Client, in.Body.Personal, in.Body.Folder)
	if err != nil {
		return sdk.Done{}, err
	}
	made, err := s.app.Vault.AddFolder(ctx, c.who, place, in.Body.Name)
	return sdk.Done{ID: made, Version: 1}, err
}

func (s *Server) renameFolder(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.FolderChange
}) (sdk.Done, error) {
	err := s.app.Vault.RenameFolder(ctx, c.who, in.ID, in.Body.Version, in.Body.Name)
	return sdk.Done{ID: in.ID, Version: in.Body.Version + 1}, err
}

func (s *Server) moveFolder(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.FolderMove
}) (sdk.Done, error) {
	err := s.app.Vault.MoveFolder(ctx, c.who, in.ID, in.Body.Version, in.Body.Folder)
	return sdk.Done{ID: in.ID, Version: in.Body.Version + 1}, err
}

func (s *Server) deleteFolder(ctx context.Context, c call, in *struct {
	ByID
	Content string `query:"content" doc:"What becomes of what is in it: up (into the folder above) or archive. An empty folder needs neither."`
	Version int64  `query:"version" minimum:"0" doc:"The version that was read; without it, whichever is present"`
}) error {
	_, err := s.app.Vault.DeleteFolder(ctx, c.who, in.ID, in.Version, vault.Content(in.Content))
	return err
}
