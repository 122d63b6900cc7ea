package api

import (
	"cmp"
	"context"
	"slices"

	"bailiwick/internal/vault"
	"bailiwick/sdk"
)

func (s *Server) flagRoutes() {
	mountEmpty(s, route{method: "POST", path: "/credentials/{id}/flag", id: "flag-credential", summary: "Flag a credential for change", op: vault.OpFlag,
		note: "Flagging again changes the note."}, s.flag)
	mountEmpty(s, route{method: "POST", path: "/credentials/{id}/unflag", id: "unflag-credential", summary: "Clear the flags of a credential", op: vault.OpUnflag,
		note: "What the server set by itself is not set again until the password changes."}, s.unflag)
	mountEmpty(s, route{method: "POST", path: "/credentials/{id}/unflag/undo", id: "reflag-credential", summary: "Put back flags that one has just cleared", op: vault.OpReflag,
		note: "Within ten minutes, and only one's own clearing."}, s.reflag)
	mount(s, route{method: "GET", path: "/credentials/{id}/twins", id: "list-twins", summary: "See which other credentials have the same password", op: vault.OpTwins}, s.twins)
	mount(s, route{method: "GET", path: "/flags", id: "count-flags", summary: "Count the flagged credentials of each client", op: vault.OpFlagSums}, s.flagCounts)
}

func flagsOf(all []vault.Flag) []sdk.Flag {
	out := make([]sdk.Flag, 0, len(all))
	for _, f := range all {
		about := f.About
		if f.Cause == vault.Touched {
			about = f.AboutName
		}
		out = append(out, sdk.Flag{Cause: f.Cause, About: about, Note: sdk.Secret(f.Note), SetAt: f.Set, SetBy: f.SetByName})
	}
	return out
}

func (s *Server) flag(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.NewFlag
}) error {
	return s.app.Vault.Flag(ctx, c.who, in.ID, in.Body.Note.Reveal())
}

func (s *Server) unflag(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.Unflag
}) error {
	return s.app.Vault.Unflag(ctx, c.who, in.ID, in.Body.Cause)
}

func (s *Server) reflag(ctx context.Context, c call, in *ByID) error {
	return s.app.Vault.Reflag(ctx, c.who, in.ID)
}

func (s *Server) twins(ctx context.Context, c call, in *ByID) (sdk.Twins, error) {
	found, known, err := s.app.Vault.Twins(ctx, c.who, in.ID)
	out := sdk.Twins{Credentials: []sdk.Credential{}, Compared: known}
	for _, f := range found {
		out.Credentials = append(out.Credentials, credentialOf(f))
	}
	return out, err
}

func (s *Server) flagCounts(ctx context.Context, c call, _ *struct{}) (sdk.FlagCounts, error) {
	sums, err := s.app.Vault.FlagCounts(ctx, c.who)
	out := sdk.FlagCounts{Clients: []sdk.FlagCount{}}
	for client, n := range sums {
		out.Clients = append(out.Clients, sdk.FlagCount{Client: client, Flagged: n})
	}
	slices.SortFunc(out.Clients, func(a, b sdk.FlagCount) int {
		return cmp.Or(b.Flagged-a.Flagged, cmp.Compare(a.Client, b.Client))
	})
	return out, err
}
