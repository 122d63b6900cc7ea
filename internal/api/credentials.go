package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/vault"
	"bailiwick/sdk"
)

func (s *Server) credentialRoutes() {
	mount(s, route{method: "GET", path: "/credentials", id: "list-credentials", summary: "List the credentials of a client, or of one's personal vault", op: vault.OpList}, s.listCredentials)
	mount(s, route{method: "POST", path: "/credentials", id: "add-credential", summary: "Add a credential", op: vault.OpAdd, status: http.StatusCreated}, s.addCredential)
	mount(s, route{method: "GET", path: "/credentials/{id}", id: "get-credential", summary: "See a credential without its secret", op: vault.OpView}, s.getCredential)
	mount(s, route{method: "PATCH", path: "/credentials/{id}", id: "edit-credential", summary: "Change a credential", op: vault.OpEdit,
		note: "The earlier state stays in its history."}, s.editCredential)
	mount(s, route{method: "POST", path: "/credentials/{id}/reveal", id: "reveal-credential", summary: "See the secret", op: vault.OpReveal}, s.reveal)
	mount(s, route{method: "POST", path: "/credentials/{id}/copy", id: "copy-credential", summary: "Copy the secret without showing it", op: vault.OpCopy}, s.copy)
	mountEmpty(s, route{method: "POST", path: "/credentials/{id}/archive", id: "archive-credential", summary: "Archive a credential", op: vault.OpArchive}, s.archive)
	mountEmpty(s, route{method: "POST", path: "/credentials/{id}/restore", id: "restore-credential", summary: "Restore a credential from the archive", op: vault.OpRestore}, s.restore)
	mount(s, route{method: "POST", path: "/credentials/{id}/move", id: "move-credential", summary: "Move a credential to another folder, client or vault", op: vault.OpMove,
		note: "Needed at both places. Between a client and a personal vault it is a copy and an archive, and the copy has a new id."}, s.moveCredential)
}

func (s *Server) listCredentials(ctx context.Context, c call, in *struct {
	PlaceQuery
	Page
	Folder   string `query:"folder" doc:"Only what lies in this folder or below"`
	Archived bool   `query:"archived" doc:"The archived ones instead"`
	Filter   string `query:"filter" maxLength:"300" doc:"Words that all must occur in title, username, addresses, tags or type"`
	Sort     string `query:"sort" enum:"title,username,address,type,tags,expires,added,changed,by" doc:"Title otherwise"`
	Descends bool   `query:"descending" doc:"The last ones first"`
	Flagged  bool   `query:"flagged" doc:"Only those with a flag"`
	Due      string `query:"due" enum:"expired,soon" doc:"Only those whose expiry date has passed, or lies within 30 days. A date holds until the end of its day in UTC"`
}) (sdk.Credentials, error) {
	place, err := placeOf(in.Client, in.Personal, in.Folder)
	if err != nil {
		return sdk.Credentials{}, err
	}
	found, more, err := s.app.Vault.List(ctx, c.who, vault.Listing{Place: place, Archived: in.Archived, Flagged: in.Flagged, Due: in.Due, Filter: in.Filter, Sort: strings.TrimPrefix(in.Sort, "title"), Descends: in.Descends, After: in.After, Limit: in.Limit})
	out := sdk.Credentials{Credentials: []sdk.Credential{}}
	for _, f := range found {
		out.Credentials = append(out.Credentials, credentialOf(f))
		if more {
			out.Next = f.ID
		}
	}
	return out, err
}

func credentialOf(c vault.Credential) sdk.Credential {
	return sdk.Credential{ID: c.ID, Client: c.ClientID, Personal: c.OwnerID != "", Folder: c.FolderID, Type: c.TypeName, TypeID: typeID(c), HasCode: c.Code, Title: c.Title, Username: c.Username,
		URLs: list(c.URLs), Tags: list(c.Tags), Archived: c.Archived, ArchivedAt: when(c.ArchivedAt), ExpiresAt: when(c.Expires),
		CreatedAt: c.Created, ChangedAt: c.Changed, ChangedBy: c.ChangedByName, Version: c.Version,
		PasswordChangedAt: when(c.PasswordAt), Flags: flagsOf(c.Flags), MayClearFlags: c.MayClear,
		MayReveal: c.MayReveal, MayEdit: c.MayEdit, MayArchive: c.MayArchive, MayTOTP: c.MayTOTP, MayDelete: c.MayDelete, Shared: sharedOf(c.Shared, ""), MayShare: c.MayLend, MayUnshare: c.MayUnshare}
}

// typeID is the id of a custom type.
func typeID(c vault.Credential) string {
	if c.Type == c.TypeName {
		return ""
	}
	return c.Type
}

func (s *Server) getCredential(ctx context.Context, c call, in *ByID) (sdk.Credential, error) {
	found, err := s.app.Vault.Get(ctx, c.who, in.ID)
	return credentialOf(found), err
}

func (s *Server) addCredential(ctx context.Context, c call, in *struct{ Body sdk.NewCredential }) (sdk.Done, error) {
	b := in.Body
	place, err := placeOf(b.Client, b.Personal, b.Folder)
	if err != nil {
		return sdk.Done{}, err
	}
	password, err := s.chosen(ctx, c, b.Password, b.Type, b.Generate, b.Generator)
	if err != nil {
		return sdk.Done{}, err
	}
	next := vault.Input{Type: b.Type, Overview: vault.Overview{Title: b.Title, Username: b.Username, URLs: b.URLs, Tags: b.Tags},
		Secret: vault.Secret{Password: password.Reveal(), Notes: b.Notes.Reveal(), TOTP: b.TOTP.Reveal()}}
	if b.ExpiresAt != nil {
		next.Expires = b.ExpiresAt.UTC()
	}
	next.Fields = fieldsOf(b.Fields)
	made, err := s.app.Vault.Add(ctx, c.who, place, next)
	return sdk.Done{ID: made, Version: 1}, err
}

func (s *Server) editCredential(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.CredentialChange
}) (sdk.Done, error) {
	b := in.Body
	patch := vault.Patch{Type: b.Type, Title: b.Title, Username: b.Username, Password: text(b.Password), Notes: text(b.Notes), URLs: b.URLs, Tags: b.Tags}
	if b.Fields != nil {
		all := fieldsOf(*b.Fields)
		patch.Fields = &all
	}
	if b.ExpiresAt != nil || b.NeverExpires {
		var expires time.Time
		if !b.NeverExpires {
			expires = b.ExpiresAt.UTC()
		} else if b.ExpiresAt != nil {
			return sdk.Done{}, fault.Bad("never_expires", "Give a date or take it away, not both.")
		}
		patch.Expires = &expires
	}
	if b.Generate != 0 || b.Generator != nil {
		var typed sdk.Secret
		given(&typed, b.Password)
		typ := ""
		if given(&typ, b.Type); typ == "" {
			present, err := s.app.Vault.Get(ctx, c.who, in.ID)
			if err != nil {
				return sdk.Done{}, err
			}
			typ = present.Type
		}
		password, err := s.chosen(ctx, c, typed, typ, b.Generate, b.Generator)
		if err != nil {
			return sdk.Done{}, err
		}
		patch.Password = text(&password)
	}
	version, err := s.app.Vault.Patch(ctx, c.who, in.ID, b.Version, patch)
	return sdk.Done{ID: in.ID, Version: version}, s.stale(ctx, c, in.ID, err)
}

func fieldsOf(given []sdk.Field) []vault.Field {
	var all []vault.Field
	for _, f := range given {
		all = append(all, vault.Field{Name: f.Name, Value: f.Value.Reveal(), Hidden: f.Hidden, Date: f.Date})
	}
	return all
}

func text(s *sdk.Secret) *string {
	if s == nil {
		return nil
	}
	plain := s.Reveal()
	return &plain
}

// stale adds the present version to a conflict.
func (s *Server) stale(ctx context.Context, c call, credential string, err error) error {
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	present, failed := s.app.Vault.Get(ctx, c.who, credential)
	if failed != nil {
		return failed
	}
	return s.conflict(ctx, err, present.Version)
}

func (s *Server) reveal(ctx context.Context, c call, in *ByID) (sdk.Revealed, error) {
	secret, err := s.app.Vault.Reveal(ctx, c.who, in.ID)
	return revealed(secret), err
}

func (s *Server) copy(ctx context.Context, c call, in *ByID) (sdk.Revealed, error) {
	secret, err := s.app.Vault.Copy(ctx, c.who, in.ID)
	return revealed(secret), err
}

// revealed leaves the secret of one-time codes out: it is never shown again.
func revealed(s vault.Secret) sdk.Revealed {
	out := sdk.Revealed{Password: sdk.Secret(s.Password), Notes: sdk.Secret(s.Notes)}
	for _, f := range s.Fields {
		out.Fields = append(out.Fields, fieldOf(f))
	}
	return out
}

func (s *Server) archive(ctx context.Context, c call, in *ByID) error {
	return s.app.Vault.Archive(ctx, c.who, in.ID)
}

func (s *Server) restore(ctx context.Context, c call, in *ByID) error {
	return s.app.Vault.Restore(ctx, c.who, in.ID)
}

func (s *Server) moveCredential(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.CredentialMove
}) (sdk.Done, error) {
	place, err := placeOf(in.Body.Client, in.Body.Personal, in.Body.Folder)
	if err != nil {
		return sdk.Done{}, err
	}
	id, err := s.app.Vault.Move(ctx, c.who, in.ID, in.Body.Version, place)
	return sdk.Done{ID: id}, s.stale(ctx, c, in.ID, err)
}
