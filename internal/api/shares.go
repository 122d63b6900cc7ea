package api

import (
	"context"

	"bailiwick/internal/gate"
	"bailiwick/internal/vault"
	"bailiwick/sdk"
)

func (s *Server) shareRoutes() {
	mount(s, route{method: "GET", path: "/clients/{id}/partner", id: "get-partner", summary: "See with whom at the other organization a client's credentials can be shared", op: vault.OpPartners}, s.partner)
	mount(s, route{method: "POST", path: "/shares", id: "share-credentials", summary: "Share credentials of one client with the other organization, or change how they are shared", op: vault.OpShare, note: allOrNone + " What was shared before gets the new rights."}, s.share)
	mount(s, route{method: "POST", path: "/shares/stop", id: "unshare-credentials", summary: "Stop sharing credentials, on either side", op: vault.OpUnshare, note: allOrNone + " They are gone from the other side at once, and stay with the organization that made them."}, s.unshare)
	mount(s, route{method: "GET", path: "/shares", id: "list-shares", summary: "List what is shared with whom, and what came from another organization", op: vault.OpShares}, s.shares)
	mount(s, route{method: "GET", path: "/users/{id}/chosen", id: "get-chosen", summary: "See what was chosen for a Site User - Limited", op: vault.OpChosen}, s.chosenFor)
	mountEmpty(s, route{method: "PUT", path: "/users/{id}/chosen", id: "save-chosen", summary: "Choose what a Site User - Limited sees", op: vault.OpChoose, note: "Nothing else but what is shared with him by name."}, s.choose)
	mountEmpty(s, route{method: "POST", path: "/chosen", id: "choose-for-users", summary: "Choose folders and credentials for Site Users - Limited, or take them away", op: vault.OpChoose, note: allOrNone + " What else was chosen for them stays."}, s.chooseThese)
}

func partnerPeople(all []gate.Person) []sdk.PartnerPerson {
	out := []sdk.PartnerPerson{}
	for _, p := range all {
		out = append(out, sdk.PartnerPerson{ID: p.ID, Name: p.Name, Email: p.Email})
	}
	return out
}

func (s *Server) partner(ctx context.Context, c call, in *ByID) (sdk.Partner, error) {
	p, err := s.app.Vault.Partner(ctx, c.who, in.ID)
	return sdk.Partner{Organization: p.Org, Name: p.Name, People: partnerPeople(p.People), Problem: p.Problem}, err
}

func (s *Server) share(ctx context.Context, c call, in *struct{ Body sdk.NewShares }) (sdk.SelectedDone, error) {
	b := in.Body
	return outcomeOf(s.app.Vault.ShareAll(ctx, c.who, chosenOf(b.Credentials), vault.Sharing{Everyone: b.Everyone, Users: b.Users, Writes: b.Write, History: b.History}))
}

func (s *Server) unshare(ctx context.Context, c call, in *struct{ Body sdk.EndShares }) (sdk.SelectedDone, error) {
	return outcomeOf(s.app.Vault.UnshareAll(ctx, c.who, chosenOf(in.Body.Credentials), !in.Body.KeepQuiet))
}

// sharedOf is how a credential is shared; nil where it is not.
func sharedOf(c *vault.Shared, by string) *sdk.Shared {
	if c == nil {
		return nil
	}
	return &sdk.Shared{Received: !c.Out, Organization: c.OrgName, Everyone: c.Everyone, People: partnerPeople(c.Users), Write: c.Writes, History: c.History, Since: c.Since, By: by, Waits: c.Waits, Off: c.Off, Problem: c.Problem}
}

func (s *Server) shares(ctx context.Context, c call, in *struct {
	Client string `query:"client" maxLength:"64" doc:"Only those of this client"`
}) (sdk.Shares, error) {
	rows, err := s.app.Vault.Shares(ctx, c.who, in.Client)
	out := sdk.Shares{Shares: []sdk.Share{}}
	for _, r := range rows {
		out.Shares = append(out.Shares, sdk.Share{Credential: r.Credential, Title: r.Title, Username: r.Username, Client: r.ClientID, ClientName: r.ClientName, Shared: *sharedOf(&r.Shared, r.ByName)})
	}
	return out, err
}

func (s *Server) chosenFor(ctx context.Context, c call, in *ByID) (sdk.Chosen, error) {
	l, err := s.app.Vault.Chosen(ctx, c.who, in.ID)
	return sdk.Chosen{Folders: list(l.Folders), Credentials: list(l.Credentials)}, err
}

func (s *Server) choose(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.Chosen
}) error {
	return s.app.Vault.Choose(ctx, c.who, in.ID, in.Body.Folders, in.Body.Credentials)
}

func (s *Server) chooseThese(ctx context.Context, c call, in *struct{ Body sdk.ChooseFor }) error {
	b := in.Body
	return s.app.Vault.ChooseThese(ctx, c.who, vault.Given{Folders: b.Folders, Credentials: b.Credentials, To: b.Add, From: b.Remove})
}
