package api

import (
	"context"

	"bailiwick/internal/vault"
	"bailiwick/sdk"
)

func (s *Server) historyRoutes() {
	mount(s, route{method: "GET", path: "/credentials/{id}/history", id: "credential-history", summary: "See who changed a credential when", op: vault.OpHistory}, s.history)
	mount(s, route{method: "POST", path: "/credentials/{id}/versions/{version}/reveal", id: "reveal-version", summary: "See an earlier secret", op: vault.OpRevealVersion}, s.revealVersion)
	mount(s, route{method: "POST", path: "/credentials/{id}/versions/{version}/restore", id: "restore-version", summary: "Make an earlier version the present one", op: vault.OpRestoreOld}, s.restoreVersion)
}

// ByVersion names an earlier version of a credential.
type ByVersion struct {
	ByID
	Version int64 `path:"version" minimum:"1" doc:"Number of the earlier version"`
}

func (s *Server) history(ctx context.Context, c call, in *ByID) (sdk.History, error) {
	versions, err := s.app.Vault.History(ctx, c.who, in.ID)
	out := sdk.History{Versions: []sdk.Version{}}
	for _, v := range versions {
		out.Versions = append(out.Versions, sdk.Version{Version: v.Version, Present: v.Present, ChangedAt: v.Changed, ChangedBy: v.ChangedByName,
			Fields: list(v.Fields), Type: v.TypeName, ExpiresAt: when(v.Expires), HasCode: v.Code, OtherCode: v.OtherCode, Title: v.Title, Username: v.Username, URLs: list(v.URLs), Tags: list(v.Tags)})
	}
	return out, err
}

func (s *Server) revealVersion(ctx context.Context, c call, in *ByVersion) (sdk.Revealed, error) {
	secret, err := s.app.Vault.RevealVersion(ctx, c.who, in.ID, in.Version)
	return revealed(secret), err
}

func (s *Server) restoreVersion(ctx context.Context, c call, in *struct {
	ByVersion
	Body sdk.Restore
}) (sdk.Done, error) {
	version, err := s.app.Vault.RestoreVersion(ctx, c.who, in.ID, in.Body.Version, in.ByVersion.Version)
	return sdk.Done{ID: in.ID, Version: version}, s.stale(ctx, c, in.ID, err)
}
