package api

import (
	"context"
	"net/http"

	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/sdk"
)

func (s *Server) clientRoutes() {
	mount(s, route{method: "GET", path: "/clients", id: "list-clients", summary: "List the clients that one reaches", op: client.OpList}, s.listClients)
	mount(s, route{method: "POST", path: "/clients", id: "add-client", summary: "Add a client", op: client.OpAdd, status: http.StatusCreated,
		note: "Who adds it is assigned to it."}, s.addClient)
	mount(s, route{method: "GET", path: "/clients/{id}", id: "get-client", summary: "See a client", op: client.OpView}, s.getClient)
	mount(s, route{method: "PATCH", path: "/clients/{id}", id: "edit-client", summary: "Change a client", op: client.OpEdit}, s.editClient)
	mount(s, route{method: "GET", path: "/clients/{id}/overview", id: "get-client-overview", summary: "See a client's overview: panel, banner, numbers, what expires, flags", op: client.OpOverview,
		note: "Recent activity is the audit log's, with client= set."}, s.clientOverview)
	mount(s, route{method: "PUT", path: "/clients/{id}/panel", id: "set-client-panel", summary: "Arrange a client's overview panel", op: client.OpPanel}, s.setPanel)
	mount(s, route{method: "PUT", path: "/clients/{id}/banner", id: "set-client-banner", summary: "Change a client's notification banner", op: client.OpEditBanner,
		note: "It stands at the top of all pages of the client."}, s.setBanner)
	mountEmpty(s, route{method: "POST", path: "/clients/{id}/delete", id: "delete-client", summary: "Delete a disabled client for good, with all in it", op: client.OpDelete,
		note: "Nobody can take this back. The audit log keeps its name."}, s.deleteClient)
	mountEmpty(s, route{method: "POST", path: "/clients/{id}/disable", id: "disable-client", summary: "Disable a client", op: client.OpDisable,
		note: "It and all in it is hidden from whoever may not disable clients. The users of its site are disabled and their sessions end; GET /clients/{id}/site says how many."}, s.disableClient)
	mountEmpty(s, route{method: "POST", path: "/clients/{id}/enable", id: "enable-client", summary: "Enable a client", op: client.OpEnable}, s.enableClient)
	mountEmpty(s, route{method: "PUT", path: "/clients/{id}/bookmark", id: "set-bookmark", summary: "Put a client first in one's own lists", op: client.OpBookmark}, s.bookmark)
	mountEmpty(s, route{method: "DELETE", path: "/clients/{id}/bookmark", id: "remove-bookmark", summary: "Take one's own bookmark away", op: client.OpBookmark}, s.unbookmark)
}

// Page is which part of a list is asked for.
type Page struct {
	After string `query:"after" doc:"What the page before gave as next"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"How many at most"`
}

func (s *Server) listClients(ctx context.Context, c call, in *struct {
	Page
	Text     string `query:"text" maxLength:"200" doc:"Words that the name or short code holds"`
	Tag      string `query:"tag" maxLength:"200" doc:"Only clients that have this tag; needs an open session"`
	Marked   bool   `query:"bookmarked" doc:"Only bookmarked ones, and the company vault"`
	Disabled bool   `query:"disabled" doc:"Disabled ones too"`
}) (sdk.Clients, error) {
	found, more, err := s.app.Clients.List(ctx, c.who, client.Filter{Text: in.Text, Tag: in.Tag, Marked: in.Marked, Disabled: in.Disabled, Counts: true, After: in.After, Limit: in.Limit})
	out := sdk.Clients{Clients: []sdk.Client{}}
	for _, f := range found {
		out.Clients = append(out.Clients, clientOf(f))
		if more {
			out.Next = f.ID
		}
	}
	return out, err
}

func clientOf(c client.Client) sdk.Client {
	return sdk.Client{ID: c.ID, Name: c.Name, ShortCode: c.ShortCode, Phone: c.Phone, Address: c.Address, Website: c.Website, Notes: c.Notes, Tags: c.Tags, Rotation: c.RotationDays, Types: c.Types, Sealed: c.Sealed,
		Company: c.Company, Enabled: c.Enabled, Bookmarked: c.Bookmarked, Credentials: c.Credentials, Flagged: c.Flagged, CreatedAt: c.Created, ChangedAt: c.Changed,
		Version: c.Version, MayEdit: c.MayEdit, MayBanner: c.MayBanner, MayDisable: c.MayDisable, MayDelete: c.MayDelete}
}

func (s *Server) getClient(ctx context.Context, c call, in *ByID) (sdk.Client, error) {
	found, err := s.app.Clients.Get(ctx, c.who, in.ID)
	return clientOf(found), err
}

func (s *Server) addClient(ctx context.Context, c call, in *struct{ Body sdk.NewClient }) (sdk.Done, error) {
	b := in.Body
	made, err := s.app.Clients.Add(ctx, c.who, client.Input{Name: b.Name, ShortCode: b.ShortCode, Phone: b.Phone, Address: b.Address, Website: b.Website, Notes: b.Notes, Tags: b.Tags, RotationDays: b.Rotation, Types: b.Types})
	return sdk.Done{ID: made, Version: 1}, err
}

// editClient fills what was not given from the present state. Should that
// change in between, the version does not fit any more.
func (s *Server) editClient(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.ClientChange
}) (sdk.Done, error) {
	old, err := s.app.Clients.Get(ctx, c.who, in.ID)
	if err != nil {
		return sdk.Done{}, err
	}
	next := old.Input()
	given(&next.Name, in.Body.Name)
	given(&next.ShortCode, in.Body.ShortCode)
	given(&next.Phone, in.Body.Phone)
	given(&next.Address, in.Body.Address)
	given(&next.Website, in.Body.Website)
	given(&next.Notes, in.Body.Notes)
	given(&next.Tags, in.Body.Tags)
	given(&next.RotationDays, in.Body.Rotation)
	given(&next.Types, in.Body.Types)
	version, err := s.app.Clients.Edit(ctx, c.who, in.ID, in.Body.Version, next)
	if fault.Is(err, fault.Conflict) {
		return sdk.Done{}, s.conflict(ctx, err, old.Version)
	}
	return sdk.Done{ID: in.ID, Version: version}, err
}

func given[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// conflict adds the version that is there now.
func (s *Server) conflict(ctx context.Context, err error, version int64) error {
	p := problemOf(ctx, s.log, err)
	p.PresentVersion = version
	return p
}

func (s *Server) disableClient(ctx context.Context, c call, in *ByID) error {
	return s.app.Clients.Disable(ctx, c.who, in.ID)
}

func (s *Server) enableClient(ctx context.Context, c call, in *ByID) error {
	return s.app.Clients.Enable(ctx, c.who, in.ID)
}

func (s *Server) bookmark(ctx context.Context, c call, in *ByID) error {
	return s.app.Clients.Bookmark(ctx, c.who, in.ID, true)
}

func (s *Server) unbookmark(ctx context.Context, c call, in *ByID) error {
	return s.app.Clients.Bookmark(ctx, c.who, in.ID, false)
}
