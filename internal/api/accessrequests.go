package api

import (
	"context"

	"bailiwick/internal/access"
	"bailiwick/sdk"
)

func (s *Server) requestRoutes() {
	mount(s, route{method: "GET", path: "/requests", id: "list-requests", summary: "List what waits for one's decision, and one's own requests for access", op: access.OpRequests}, s.listRequests)
	mountEmpty(s, route{method: "POST", path: "/requests", id: "request-access", summary: "Ask for access to a client or guarded folder", op: access.OpAsk,
		note: "By id for what shows by name, or by a client's name: then the answer is the same whether there is such a client or not."}, s.requestAccess)
	mount(s, route{method: "GET", path: "/requests/unassigned", id: "list-unassigned", summary: "List what one knows by name only, and may ask for", op: access.OpUnassigned}, s.unassigned)
	mountEmpty(s, route{method: "POST", path: "/requests/{id}/decide", id: "decide-request", summary: "Allow or decline a request for access", op: access.OpDecide,
		note: "For a client it needs Edit Access Assignments, for a folder Security Groups: Manage. Rank applies, and nobody decides his own."}, s.decideRequest)
	mountEmpty(s, route{method: "DELETE", path: "/requests/{id}", id: "withdraw-request", summary: "Withdraw one's own request", op: access.OpWithdraw}, s.withdrawRequest)
}

func requestOf(q access.Request) sdk.AccessRequest {
	out := sdk.AccessRequest{ID: q.ID, User: sdk.Named(q.User), Asked: q.Asked, Message: q.Message, State: q.State, CreatedAt: q.Created,
		DecidedAt: when(q.Decided), By: q.By, Until: when(q.Until), Reason: q.Reason}
	if n := sdk.Named(q.Client); n.ID != "" {
		out.Client = &n
	}
	if n := sdk.Named(q.Folder); n.ID != "" {
		out.Folder = &n
	}
	return out
}

func (s *Server) listRequests(ctx context.Context, c call, _ *struct{}) (sdk.AccessRequests, error) {
	found, err := s.app.Access.Requests(ctx, c.who)
	out := sdk.AccessRequests{ToDecide: []sdk.AccessRequest{}, Mine: []sdk.AccessRequest{}}
	for _, q := range found.ToDecide {
		out.ToDecide = append(out.ToDecide, requestOf(q))
	}
	for _, q := range found.Mine {
		out.Mine = append(out.Mine, requestOf(q))
	}
	return out, err
}

func (s *Server) requestAccess(ctx context.Context, c call, in *struct{ Body sdk.NewAccessRequest }) error {
	return s.app.Access.Request(ctx, c.who, access.Ask{Client: in.Body.Client, Folder: in.Body.Folder, Name: in.Body.Name, Message: in.Body.Message})
}

func (s *Server) unassigned(ctx context.Context, c call, _ *struct{}) (sdk.Unassigned, error) {
	found, err := s.app.Access.Unassigned(ctx, c.who)
	return sdk.Unassigned{Shown: found.Shown, Clients: named(found.Clients), Folders: guardedFolders(found.Folders)}, err
}

func (s *Server) decideRequest(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.AccessDecision
}) error {
	return s.app.Access.Decide(ctx, c.who, in.ID, access.Decision{Allow: in.Body.Allow, Until: s.until(in.Body.Until, in.Body.Hours), Reason: in.Body.Reason})
}

func (s *Server) withdrawRequest(ctx context.Context, c call, in *ByID) error {
	return s.app.Access.Withdraw(ctx, c.who, in.ID)
}
