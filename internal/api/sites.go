package api

import (
	"context"
	"net/http"

	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/people"
	"bailiwick/sdk"
)

func (s *Server) siteRoutes() {
	mount(s, route{method: "GET", path: "/clients/{id}/site", id: "get-site", summary: "See how it stands with a client's site", op: client.OpSite}, s.site)
	mountEmpty(s, route{method: "POST", path: "/clients/{id}/site/open", id: "open-site", summary: "Switch site login of a client on", op: client.OpSiteOpen,
		note: "The first time it makes the site, which waits until its first Site Administrator activates it. Site User: Add is needed besides."}, s.openSite)
	mountEmpty(s, route{method: "POST", path: "/clients/{id}/site/close", id: "close-site", summary: "Switch site login of a client off", op: client.OpSiteClose,
		note: "The site's users are disabled; on again enables those who were enabled. Site User: Add is needed besides."}, s.closeSite)
	mountEmpty(s, route{method: "PUT", path: "/clients/{id}/site/types", id: "set-site-types", summary: "Force the provider's credential types on a site, or leave it its own", op: client.OpSiteTypes}, s.siteTypes)
	mount(s, route{method: "GET", path: "/site-users", id: "list-site-users", summary: "List the users of the sites of clients that one reaches", op: people.OpSites,
		note: "They are acted on as other users are, by their ids."}, s.siteUsers)
	mount(s, route{method: "POST", path: "/site-users/export", id: "export-site-users", summary: "Export the users of the sites of clients that one reaches as CSV", op: people.OpExport,
		note: "Each site's own log has the export, too. Security groups and knowledge bases are the site's own and are left out."}, s.exportSiteUsers)
	mount(s, route{method: "POST", path: "/clients/{id}/site/users", id: "invite-site-users", summary: "Invite people to a client's site", op: people.OpInvite, status: http.StatusCreated,
		note: "Levels: site-administrator, site-user, site-user-limited. The organization key does not go along: the provider does not have the site's."}, s.inviteToSite)
}

func (s *Server) site(ctx context.Context, c call, in *ByID) (sdk.Site, error) {
	is, err := s.app.Clients.Site(ctx, c.who, in.ID)
	if err == nil && is.Inside {
		err = fault.NotFound()
	}
	return sdk.Site{ID: is.ID, Name: is.Name, Slug: is.Slug, Login: is.Login, ForceTypes: is.ForceTypes, Users: is.Users, Sessions: is.Sessions, ActivatedAt: when(is.Activated), Keys: string(is.State), MaySet: is.MaySet}, err
}

func (s *Server) openSite(ctx context.Context, c call, in *ByID) error {
	return s.app.Clients.OpenSite(ctx, c.who, in.ID)
}

func (s *Server) closeSite(ctx context.Context, c call, in *ByID) error {
	return s.app.Clients.CloseSite(ctx, c.who, in.ID)
}

func (s *Server) siteTypes(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.SiteTypes
}) error {
	return s.app.Clients.ForceTypes(ctx, c.who, in.ID, in.Body.Force)
}

func (s *Server) siteUsers(ctx context.Context, c call, in *struct {
	Page
	Client   string `query:"client" maxLength:"64" doc:"Id of a client: only the users of its site"`
	Text     string `query:"text" maxLength:"200" doc:"Words that the name or address holds"`
	Disabled bool   `query:"disabled" doc:"Disabled ones too"`
}) (sdk.SiteUsers, error) {
	found, err := s.app.People.SiteUsers(ctx, c.who, in.Client, people.Filter{Text: in.Text, Disabled: in.Disabled, After: in.After, Limit: in.Limit})
	out := sdk.SiteUsers{Users: []sdk.SiteUser{}, Next: found.Next}
	for _, u := range found.Users {
		out.Users = append(out.Users, sdk.SiteUser{User: userOf(u.Person), Client: u.Site.Client, ClientName: u.Site.ClientName})
	}
	return out, err
}

func (s *Server) exportSiteUsers(ctx context.Context, c call, in *struct {
	Client string `query:"client" maxLength:"64" doc:"Id of a client: only the users of its site"`
}) (sdk.Sheet, error) {
	csv, err := s.app.People.ExportSites(ctx, c.who, in.Client)
	return sdk.Sheet{CSV: string(csv)}, err
}

func (s *Server) inviteToSite(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.Invite
}) (sdk.Invited, error) {
	who, err := s.app.People.In(ctx, c.who, in.ID)
	if err != nil {
		return sdk.Invited{}, err
	}
	return s.inviteAs(ctx, who, in.Body)
}
