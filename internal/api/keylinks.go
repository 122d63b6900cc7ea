package api

import (
	"context"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/keylink"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
	"bailiwick/sdk"
)

func (s *Server) keyLinkRoutes() {
	mountEmpty(s, route{method: "POST", path: "/users/{id}/send-key", id: "send-organization-key", summary: "Send the organization key to a user", op: keylink.OpSend,
		note: "A link that opens the vault once, in that user's own session."},
		func(ctx context.Context, c call, in *ByID) error { return s.app.KeyLinks.Send(ctx, c.who, in.ID) })
	mountEmpty(s, route{method: "POST", path: "/sessions/current/request-key", id: "request-organization-key", summary: "Ask the administrators for the organization key", op: keylink.OpRequest,
		note: "At most once an hour."},
		func(ctx context.Context, c call, _ *struct{}) error { return s.app.KeyLinks.Request(ctx, c.who) })
	mountEmpty(s, route{method: "POST", path: "/links/organization-key", id: "request-organization-key-at-sign-in", summary: "Ask for the organization key before signing in", public: "who asks has an account but no session",
		note: "The answer is the same whether the address is known or not."},
		func(ctx context.Context, c call, in *struct{ Body sdk.RequestKey }) error {
			return s.app.People.RequestKey(ctx, in.Body.Email, c.meta.IP)
		})
}

// keyLink reads an organization-key link as it was mailed, or copied in part.
func keyLink(text, digits sdk.Secret) (l org.Link, err error) {
	path, secret, _ := strings.Cut(strings.TrimSpace(text.Reveal()), "#")
	_, id, ok := strings.Cut(path, "/key/")
	l = org.Link{ID: id, Digits: strings.Join(strings.Fields(digits.Reveal()), "")}
	if l.Secret, err = seal.ParseToken(secret); err != nil || !ok || id == "" {
		return l, fault.Bad("link", "This is not an organization-key link: it looks like https://vault.example/key/link_…#… and ends with 43 characters.")
	}
	return l, nil
}
