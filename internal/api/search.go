package api

import (
	"context"
	"slices"
	"strconv"

	"bailiwick/internal/audit"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/people"
	"bailiwick/internal/vault"
	"bailiwick/sdk"
)

func (s *Server) searchRoutes() {
	mount(s, route{method: "GET", path: "/search", id: "search", summary: "Search clients, credentials and people by prefixes of words, the best first", op: vault.OpSearch,
		note: "A sealed session finds no credentials. People are found by whoever sees the list of users, and not by API tokens."}, s.search)
}

func (s *Server) search(ctx context.Context, c call, in *struct {
	Q     string `query:"q" required:"true" minLength:"1" maxLength:"200" example:"edge fire" doc:"Beginnings of words, in any order"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"How many at most"`
}) (sdk.Hits, error) {
	found, err := s.app.Vault.Search(ctx, c.who, in.Q, in.Limit)
	out := sdk.Hits{Hits: []sdk.Hit{}}
	if err != nil {
		return out, err
	}
	users, err := s.searchPeople(ctx, c.who, in.Q, in.Limit)
	if err != nil {
		return out, err
	}
	score := map[string]int{}
	for _, h := range found {
		kind := "credential"
		if h.Kind == vault.HitClient {
			kind = "client"
		}
		score[h.ID] = h.Score
		out.Hits = append(out.Hits, sdk.Hit{Kind: kind, ID: h.ID, Title: h.Title, Username: h.Username, Host: h.Host, Type: h.Type,
			Client: h.ClientID, ClientName: h.ClientName, Folder: h.Folder, Personal: h.Personal, MayReveal: h.MayReveal})
	}
	for _, p := range users {
		score[p.ID] = p.Score
		out.Hits = append(out.Hits, sdk.Hit{Kind: "user", ID: p.ID, Title: p.Name, Username: p.Email})
	}
	slices.SortStableFunc(out.Hits, func(a, b sdk.Hit) int { return score[b.ID] - score[a.ID] })
	out.Hits = out.Hits[:min(len(out.Hits), in.Limit)]
	return out, nil
}

// searchPeople finds users for whoever sees their list.
func (s *Server) searchPeople(ctx context.Context, who gate.Actor, q string, limit int) ([]people.Match, error) {
	if who.Kind() == gate.Token {
		return nil, nil
	}
	me, err := s.app.People.Me(ctx, who)
	if err != nil || !me.SeesUsers() {
		return nil, err
	}
	return s.app.People.Search(ctx, who, q, limit)
}

func (s *Server) auditRoutes() {
	mount(s, route{method: "GET", path: "/audit", id: "audit", summary: "Read the audit log, the newest first", op: audit.OpList,
		note: "With Organization: Admin all of it, else that of the clients that one reaches; nobody sees another's personal vault."}, s.audit)
}

func (s *Server) audit(ctx context.Context, c call, in *struct {
	After  string `query:"after" doc:"What the page before gave as next"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"100" doc:"How many at most"`
	Client string `query:"client" doc:"Only what was done in this client"`
	Target string `query:"target" doc:"Only what was done to the thing of this id"`
	Actor  string `query:"actor" doc:"Only what the user of this id did"`
}) (sdk.Events, error) {
	before := int64(0)
	if in.After != "" {
		n, err := strconv.ParseInt(in.After, 10, 64)
		if err != nil || n < 1 {
			return sdk.Events{}, fault.Bad("after", "Give what the page before gave as next.")
		}
		before = n
	}
	found, more, err := s.app.Audit.List(ctx, c.who, audit.Filter{Before: before, Client: in.Client, Target: in.Target, Actor: in.Actor, Limit: in.Limit})
	out := sdk.Events{Events: []sdk.Event{}}
	for _, e := range found {
		name := e.Name
		if name == "" {
			name = e.Title
		}
		out.Events = append(out.Events, sdk.Event{Number: e.Seq, At: e.At, ActorKind: e.ActorKind, ActorID: e.ActorID, Actor: e.Actor, Session: e.Session, IP: e.IP, LookedAs: e.LookedAs, LookedAsID: e.LookedAsID,
			Operation: e.Operation, Outcome: e.Outcome, Kind: e.Kind, ID: e.ID, Name: name, Client: e.Client, ClientName: e.ClientName, Fields: list(e.Fields)})
		if more {
			out.Next = strconv.FormatInt(e.Seq, 10)
		}
	}
	return out, err
}
