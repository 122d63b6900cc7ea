package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"slices"
	"time"

	"bailiwick/internal/extlink"
	"bailiwick/internal/fault"
	"bailiwick/internal/seal"
	"bailiwick/sdk"
)

func (s *Server) extLinkRoutes() {
	mount(s, route{method: "POST", path: "/credentials/{id}/links", id: "share-by-link", summary: "Make a temporary link for somebody outside", op: extlink.OpAdd, status: http.StatusCreated,
		note: "Password: View is needed too, unless only title, username and urls are copied. The address is in this answer only: a repeated request with the same idempotency key makes nothing and is told so."}, s.shareByLink)
	mount(s, route{method: "POST", path: "/selected/links", id: "share-selected-by-link", summary: "Make a temporary link to each of several credentials", op: extlink.OpAdd, status: http.StatusCreated,
		note: "All or none, at most 20: in one transaction, each decided on by itself. The addresses are in this answer only."}, s.shareSelected)
	mount(s, route{method: "GET", path: "/credentials/{id}/links", id: "list-links-of-credential", summary: "List the external links to a credential", op: extlink.OpOf}, s.linksOf)
	mount(s, route{method: "GET", path: "/links", id: "list-links", summary: "List one's own external links", op: extlink.OpList,
		note: "With Organization: Admin, everybody's."}, s.listLinks)
	mountEmpty(s, route{method: "DELETE", path: "/links/{id}", id: "revoke-link", summary: "End an external link", op: extlink.OpRevoke,
		note: "One's own; with Organization: Admin, anybody's."}, func(ctx context.Context, c call, in *ByID) error {
		return s.app.Links.Revoke(ctx, c.who, in.ID)
	})
	mount(s, route{method: "POST", path: "/links/{id}/open", id: "open-link", summary: "Look at what an external link holds", public: "whoever holds the link needs no account",
		note: "One view of it. Unknown, used up, expired and revoked links are answered alike. A passphrase that is missing or wrong is answered as invalid, and uses no view."}, s.openLink)
}

func (s *Server) shareByLink(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.NewExternalLink
}) (sdk.MadeExternalLink, error) {
	made, err := s.app.Links.Add(ctx, c.who, in.ID, newLinkOf(in.Body))
	return sdk.MadeExternalLink{ID: made.ID, Credential: made.Credential, Address: sdk.Secret(made.Address.Reveal()), ExpiresAt: made.Expires}, err
}

func newLinkOf(b sdk.NewExternalLink) extlink.NewLink {
	if len(b.Fields) == 0 {
		b.Fields = []string{extlink.Title, extlink.Username, extlink.Password, extlink.URLs}
	}
	return extlink.NewLink{Fields: b.Fields, Views: b.Views, Life: time.Duration(b.Minutes) * time.Minute,
		Passphrase: seal.NewSecret(b.Passphrase.Reveal()), Note: seal.NewSecret(b.Note.Reveal())}
}

func (s *Server) shareSelected(ctx context.Context, c call, in *struct{ Body sdk.ShareSelected }) (sdk.MadeExternalLinks, error) {
	var ids []string
	for _, one := range in.Body.Credentials {
		ids = append(ids, one.ID)
	}
	made, err := s.app.Links.AddAll(ctx, c.who, ids, newLinkOf(in.Body.Link))
	out := sdk.MadeExternalLinks{Links: []sdk.MadeExternalLink{}}
	for _, m := range made {
		out.Links = append(out.Links, sdk.MadeExternalLink{ID: m.ID, Credential: m.Credential, Address: sdk.Secret(m.Address.Reveal()), ExpiresAt: m.Expires})
	}
	return out, err
}

func (s *Server) linksOf(ctx context.Context, c call, in *ByID) (sdk.ExternalLinks, error) {
	list, err := s.app.Links.Of(ctx, c.who, in.ID)
	return extLinks(list), err
}

func (s *Server) listLinks(ctx context.Context, c call, _ *struct{}) (sdk.ExternalLinks, error) {
	list, err := s.app.Links.List(ctx, c.who)
	return extLinks(list), err
}

func extLinks(found []extlink.Link) sdk.ExternalLinks {
	out := sdk.ExternalLinks{Links: []sdk.ExternalLink{}}
	for _, l := range found {
		link := sdk.ExternalLink{ID: l.ID, Credential: l.Credential, Title: l.Title, Client: l.Client, ClientName: l.ClientName, Shared: list(slices.Clone(l.Fields)),
			MadeBy: l.By, MadeByName: l.ByName, MadeAt: l.Made, ExpiresAt: l.Expires, Views: l.Views, MostViews: l.Most, Passphrase: l.Guarded, WrongTries: l.Tries,
			Ended: l.Why, EndedAt: when(l.Ended), Log: []sdk.ExternalLinkView{}, MayRevoke: l.MayRevoke}
		for _, v := range l.Seen {
			link.Log = append(link.Log, sdk.ExternalLinkView{At: v.At, IP: v.IP})
		}
		out.Links = append(out.Links, link)
	}
	return out
}

func (s *Server) openLink(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.OpenExternalLink
}) (sdk.OpenedExternalLink, error) {
	proof, err := base64.RawURLEncoding.DecodeString(in.Body.Proof.Reveal())
	if err != nil {
		proof = nil
	}
	who, ok, err := s.app.Sessions.Link(ctx, in.ID, proof, c.meta.IP, c.meta.Trace)
	if err != nil || !ok {
		if err == nil {
			err = fault.NotFound()
		}
		return sdk.OpenedExternalLink{}, err
	}
	o, err := s.app.Links.Open(ctx, who, seal.NewSecret(in.Body.Passphrase.Reveal()))
	return sdk.OpenedExternalLink{ID: in.ID, OrganizationID: o.Org, Organization: o.Organization, Sender: o.Sender, Box: o.Box, View: o.View, Views: o.Most, ExpiresAt: o.Expires}, err
}
