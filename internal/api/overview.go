package api

import (
	"context"
	"time"

	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/sdk"
)

func (s *Server) clientOverview(ctx context.Context, c call, in *ByID) (sdk.ClientOverview, error) {
	o, err := s.app.Clients.Overview(ctx, c.who, in.ID)
	if err != nil {
		return sdk.ClientOverview{}, err
	}
	var named []string
	for _, d := range o.Due {
		named = append(named, d.Credential)
	}
	for _, f := range o.Flags {
		named = append(named, f.Credential)
	}
	titles := map[string]string{}
	if len(named) > 0 && c.who.Open() {
		if titles, err = s.app.Vault.Titles(ctx, c.who, named); err != nil {
			return sdk.ClientOverview{}, err
		}
	}
	n := o.Counts
	out := sdk.ClientOverview{Panel: panelOf(o.Panel), Banner: bannerOf(o.Banner), Expiring: []sdk.Expiring{}, Flags: []sdk.FlaggedItem{},
		Counts: sdk.ClientCounts{Credentials: n.Credentials, Archived: n.Archived, Folders: n.Folders, Flagged: n.Flagged, Expiring: n.Expiring, Expired: n.Expired}}
	for _, d := range o.Due {
		out.Expiring = append(out.Expiring, sdk.Expiring{Credential: d.Credential, Title: titles[d.Credential], ExpiresOn: d.Expires.Format(time.DateOnly), Expired: d.Passed})
	}
	for _, f := range o.Flags {
		out.Flags = append(out.Flags, sdk.FlaggedItem{Credential: f.Credential, Title: titles[f.Credential], Causes: f.Causes})
	}
	return out, nil
}

func panelOf(p client.Panel) sdk.Panel {
	out := sdk.Panel{Items: []sdk.PanelItem{}, Sealed: p.Sealed, Version: p.Version, ChangedAt: when(p.Changed)}
	for _, i := range p.Items {
		out.Items = append(out.Items, sdk.PanelItem{Kind: i.Kind, Name: i.Name, Value: i.Value})
	}
	return out
}

func bannerOf(b client.Banner) sdk.Banner {
	out := sdk.Banner{Text: b.Text, Level: b.Level, Shown: b.Shown(), Sealed: b.Sealed, Version: b.Version, MayEdit: b.MayEdit, ChangedAt: when(b.Changed)}
	if !b.Until.IsZero() {
		out.Until = b.Until.Format(time.DateOnly)
	}
	return out
}

func (s *Server) setPanel(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.PanelChange
}) (sdk.Done, error) {
	var items []client.Item
	for _, i := range in.Body.Items {
		items = append(items, client.Item{Kind: i.Kind, Name: i.Name, Value: i.Value})
	}
	version, err := s.app.Clients.SetPanel(ctx, c.who, in.ID, in.Body.Version, items)
	if fault.Is(err, fault.Conflict) {
		if o, failed := s.app.Clients.Overview(ctx, c.who, in.ID); failed == nil {
			return sdk.Done{}, s.conflict(ctx, err, o.Panel.Version)
		}
	}
	return sdk.Done{ID: in.ID, Version: version}, err
}

func (s *Server) setBanner(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.BannerChange
}) (sdk.Done, error) {
	next := client.BannerInput{Text: in.Body.Text, Level: in.Body.Level}
	if in.Body.Until != "" {
		var err error
		if next.Until, err = time.Parse(time.DateOnly, in.Body.Until); err != nil {
			return sdk.Done{}, fault.Bad("until", "Write the day as 2027-01-31.")
		}
	}
	version, err := s.app.Clients.SetBanner(ctx, c.who, in.ID, in.Body.Version, next)
	if fault.Is(err, fault.Conflict) {
		if b, failed := s.app.Clients.Banner(ctx, c.who, gate.Client(in.ID)); failed == nil {
			return sdk.Done{}, s.conflict(ctx, err, b.Version)
		}
	}
	return sdk.Done{ID: in.ID, Version: version}, err
}

func (s *Server) deleteClient(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.ClientDeletion
}) error {
	return s.app.Clients.Delete(ctx, c.who, in.ID, in.Body.Name)
}
