package api

import (
	"context"
	"net/http"
	"time"

	"bailiwick/internal/org"
	"bailiwick/internal/session"
	"bailiwick/sdk"
)

var opOrganization = org.OpView

func (s *Server) tokenRoutes() {
	mount(s, route{method: "GET", path: "/tokens", id: "list-tokens", summary: "List one's own API tokens", op: session.OpTokens}, s.listTokens)
	mount(s, route{method: "POST", path: "/tokens", id: "add-token", summary: "Make an API token", op: session.OpTokenAdd, status: http.StatusCreated,
		note: "Plugin Access is needed besides. The bearer is shown this once, so a repeated request makes another token."}, s.addToken)
	mountEmpty(s, route{method: "DELETE", path: "/tokens/{id}", id: "revoke-token", summary: "Revoke one of one's own API tokens", op: session.OpTokenRevoke,
		note: "It could open a part of the vault, so a new epoch of keys is made or due."}, s.revokeToken)
}

func (s *Server) listTokens(ctx context.Context, c call, _ *struct{}) (sdk.Tokens, error) {
	tokens, err := s.app.Sessions.Tokens(ctx, c.who)
	out := sdk.Tokens{Tokens: []sdk.Token{}}
	for _, t := range tokens {
		out.Tokens = append(out.Tokens, sdk.Token{ID: t.ID, Name: t.Name, Permissions: list(t.Permissions), AllClients: t.AllClients, Clients: list(t.Clients),
			CreatedAt: t.Created, ExpiresAt: t.Expires, LastUsedAt: when(t.LastUsed)})
	}
	return out, err
}

func (s *Server) addToken(ctx context.Context, c call, in *struct{ Body sdk.NewToken }) (sdk.MadeToken, error) {
	b := in.Body
	made, err := s.app.Sessions.AddToken(ctx, c.who, session.NewToken{Name: b.Name, Permissions: b.Permissions, AllClients: b.AllClients, Clients: b.Clients, Days: b.Days})
	return sdk.MadeToken{ID: made.ID, Bearer: sdk.Secret(made.Bearer)}, err
}

func (s *Server) revokeToken(ctx context.Context, c call, in *ByID) error {
	return s.app.Sessions.RevokeToken(ctx, c.who, in.ID)
}

func (s *Server) organization(ctx context.Context, c call, _ *struct{}) (sdk.Organization, error) {
	v, err := s.app.Org.View(ctx, c.who)
	return sdk.Organization{ID: v.ID, Kind: v.Kind, Name: v.Name, Slug: v.Slug, KeyEpoch: v.KeyEpoch, EpochDue: v.EpochDue}, err
}

// list is never null in an answer.
func list(texts []string) []string {
	if texts == nil {
		return []string{}
	}
	return texts
}

// when is a time that may be missing.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
