package api

import (
	"context"

	"bailiwick/internal/vault"
	"bailiwick/sdk"
)

const allOrNone = "All or none: in one transaction, each decided on by itself and an event of its own in the audit log."

func (s *Server) selectedRoutes() {
	mount(s, route{method: "POST", path: "/selected/move", id: "move-selected", summary: "Move several credentials to another folder, client or vault", op: vault.OpMove, note: allOrNone}, s.moveSelected)
	mount(s, route{method: "POST", path: "/selected/archive", id: "archive-selected", summary: "Archive several credentials", op: vault.OpArchive, note: allOrNone}, s.archiveSelected)
	mount(s, route{method: "POST", path: "/selected/restore", id: "restore-selected", summary: "Restore several credentials from the archive", op: vault.OpRestore, note: allOrNone}, s.restoreSelected)
	mount(s, route{method: "POST", path: "/selected/type", id: "retype-selected", summary: "Give several credentials another type", op: vault.OpEdit, note: allOrNone}, s.retypeSelected)
	mount(s, route{method: "POST", path: "/selected/flag", id: "flag-selected", summary: "Flag several credentials for change, with one note", op: vault.OpFlag, note: allOrNone}, s.flagSelected)
	mount(s, route{method: "POST", path: "/selected/unflag", id: "unflag-selected", summary: "Clear the flags of several credentials", op: vault.OpUnflag, note: allOrNone + " Each must have a flag."}, s.unflagSelected)
	mount(s, route{method: "POST", path: "/selected/unflag/undo", id: "reflag-selected", summary: "Put back the flags of several credentials that one has just cleared", op: vault.OpReflag, note: allOrNone + " Within ten minutes, and only one's own clearing."}, s.reflagSelected)
	mountEmpty(s, route{method: "POST", path: "/credentials/{id}/delete", id: "delete-credential", summary: "Delete an archived credential for good", op: vault.OpDelete,
		note: "With its versions and the record of who has seen it. Nothing brings it back."}, s.deleteCredential)
	mount(s, route{method: "GET", path: "/me/columns", id: "get-columns", summary: "See which columns one has chosen for lists of credentials", op: vault.OpColumns}, s.columns)
	mount(s, route{method: "PUT", path: "/me/columns", id: "save-columns", summary: "Choose the columns of lists of credentials", op: vault.OpSaveColumns}, s.saveColumns)
}

func chosenOf(all []sdk.Selected) (chosen []vault.Chosen) {
	for _, c := range all {
		chosen = append(chosen, vault.Chosen{ID: c.ID, Version: c.Version})
	}
	return chosen
}

// outcomeOf tells the versions; of what was as wanted before, 0.
func outcomeOf(changed []vault.Changed, err error) (sdk.SelectedDone, error) {
	out := sdk.SelectedDone{Credentials: []sdk.Done{}}
	for _, c := range changed {
		out.Credentials = append(out.Credentials, sdk.Done{ID: c.ID, Version: c.Version})
	}
	return out, err
}

func (s *Server) moveSelected(ctx context.Context, c call, in *struct{ Body sdk.MoveSelected }) (sdk.SelectedDone, error) {
	place, err := placeOf(in.Body.Client, in.Body.Personal, in.Body.Folder)
	if err != nil {
		return sdk.SelectedDone{}, err
	}
	var all []vault.Moving
	for _, one := range chosenOf(in.Body.Credentials) {
		all = append(all, vault.Moving{Chosen: one, To: place})
	}
	return outcomeOf(s.app.Vault.MoveAll(ctx, c.who, all))
}

func (s *Server) archiveSelected(ctx context.Context, c call, in *struct{ Body sdk.Selection }) (sdk.SelectedDone, error) {
	return outcomeOf(s.app.Vault.ArchiveAll(ctx, c.who, chosenOf(in.Body.Credentials)))
}

func (s *Server) restoreSelected(ctx context.Context, c call, in *struct{ Body sdk.Selection }) (sdk.SelectedDone, error) {
	return outcomeOf(s.app.Vault.RestoreAll(ctx, c.who, chosenOf(in.Body.Credentials)))
}

func (s *Server) retypeSelected(ctx context.Context, c call, in *struct{ Body sdk.RetypeSelected }) (sdk.SelectedDone, error) {
	var all []vault.TypeChange
	for _, one := range chosenOf(in.Body.Credentials) {
		all = append(all, vault.TypeChange{Chosen: one, Type: in.Body.Type})
	}
	return outcomeOf(s.app.Vault.Retype(ctx, c.who, all))
}

func (s *Server) flagSelected(ctx context.Context, c call, in *struct{ Body sdk.FlagSelected }) (sdk.SelectedDone, error) {
	return outcomeOf(s.app.Vault.FlagAll(ctx, c.who, chosenOf(in.Body.Credentials), in.Body.Note.Reveal()))
}

func (s *Server) unflagSelected(ctx context.Context, c call, in *struct{ Body sdk.UnflagSelected }) (sdk.SelectedDone, error) {
	return outcomeOf(s.app.Vault.UnflagAll(ctx, c.who, chosenOf(in.Body.Credentials), in.Body.Cause))
}

func (s *Server) reflagSelected(ctx context.Context, c call, in *struct{ Body sdk.Selection }) (sdk.SelectedDone, error) {
	return outcomeOf(s.app.Vault.ReflagAll(ctx, c.who, chosenOf(in.Body.Credentials)))
}

func (s *Server) deleteCredential(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.CredentialDeletion
}) error {
	return s.stale(ctx, c, in.ID, s.app.Vault.Delete(ctx, c.who, in.ID, in.Body.Version, in.Body.Title))
}

func (s *Server) columns(ctx context.Context, c call, _ *struct{}) (sdk.Columns, error) {
	shown, err := s.app.Vault.ShownColumns(ctx, c.who)
	return sdk.Columns{Columns: list(shown), All: vault.Columns}, err
}

func (s *Server) saveColumns(ctx context.Context, c call, in *struct{ Body sdk.ColumnChoice }) (sdk.Columns, error) {
	if err := s.app.Vault.SaveColumns(ctx, c.who, in.Body.Columns); err != nil {
		return sdk.Columns{}, err
	}
	return s.columns(ctx, c, nil)
}
