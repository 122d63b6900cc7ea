package api

import (
	"context"
	"net/http"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/people"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/sdk"
)

func (s *Server) sessionRoutes() {
	mount(s, route{method: "POST", path: "/sessions", id: "sign-in", summary: "Sign in with email and password", status: http.StatusCreated,
		public: "signing in is how a stranger becomes somebody",
		note:   "Where the address and password fit in several organizations, the answer is 422 of kind choose with their list. Where the user has a second factor, it is 422 of kind second_factor with what finishes the sign-in."}, s.signIn)
	mount(s, route{method: "GET", path: "/sessions", id: "list-sessions", summary: "List one's own sessions and known devices", op: session.OpList}, s.listSessions)
	mountEmpty(s, route{method: "DELETE", path: "/sessions/{id}", id: "end-session", summary: "End one of one's own sessions", op: session.OpEnd}, s.endSession)
	mountEmpty(s, route{method: "DELETE", path: "/sessions/current", id: "sign-out", summary: "Sign out", op: session.OpSignOut}, s.signOut)
	mount(s, route{method: "POST", path: "/sessions/current/open", id: "open-session", summary: "Open the vault in this session", op: session.OpOpen,
		note: "By the Organization Key, or on a known device by what an earlier sign-in gave."}, s.openSession)
	mountEmpty(s, route{method: "POST", path: "/users/{id}/perspective", id: "begin-perspective", summary: "See the product as another user does", op: session.OpPerspective,
		note: "This session then shows what that user sees, and changes nothing, until the perspective is left or the session ends."}, s.beginPerspective)
	mountEmpty(s, route{method: "DELETE", path: "/sessions/current/perspective", id: "end-perspective", summary: "Leave a user perspective", op: session.OpPerspectiveEnd}, s.endPerspective)
	mountEmpty(s, route{method: "POST", path: "/sessions/current/close", id: "close-session", summary: "Seal the vault in this session", op: session.OpClose}, s.closeSession)
	mount(s, route{method: "POST", path: "/sessions/current/renew-keys", id: "renew-keys", summary: "Renew one's own keys", op: session.OpRenewKeys,
		note: "One's other sessions end, no other device is known any more, and the recovery code is void."}, s.renewKeys)
	mount(s, route{method: "POST", path: "/me/password", id: "change-password", summary: "Change one's own password", op: session.OpPassword,
		note: "One's other sessions end. Where somebody lost the vault since one's keys were made, they are renewed: a device comes with the answer then, and no other one is known any more."}, s.changePassword)
	mountEmpty(s, route{method: "DELETE", path: "/devices/{id}", id: "forget-device", summary: "Forget a known device", op: session.OpForget,
		note: "It could open the vault, so a new epoch of keys is made or due."}, s.forgetDevice)
}

// ByID names one thing. The parts of inputs that several routes share are
// exported because huma reads exported fields only.
type ByID struct {
	ID string `path:"id" doc:"Id of the thing"`
}

func (s *Server) signIn(ctx context.Context, c call, in *struct{ Body sdk.SignIn }) (sdk.SignedIn, error) {
	code, err := codeOf(in.Body.OrganizationKey)
	if err != nil {
		return sdk.SignedIn{}, err
	}
	try := session.SignIn{Email: in.Body.Email, Password: seal.NewSecret(in.Body.Password.Reveal()), Org: in.Body.Organization, Code: code,
		Devices: map[string]seal.Token{}, IP: c.meta.IP, Agent: c.agent, Trace: c.meta.Trace}
	if user, token, ok := parseDevice(in.Body.Device); ok {
		try.Devices[user] = token
	}
	made, err := s.app.Sessions.SignIn(ctx, try)
	if err != nil {
		return sdk.SignedIn{}, err
	}
	return signedIn(made), nil
}

func codeOf(text sdk.Secret) (seal.Code, error) {
	if strings.TrimSpace(text.Reveal()) == "" {
		return seal.Code{}, nil
	}
	code, err := seal.ParseCode(text.Reveal())
	if err != nil {
		return code, fault.Bad("organization_key", "%s", err)
	}
	return code, nil
}

// A device names its user, because a sign-in has to find the right one among
// those of several accounts before it knows who signs in.
const devicePrefix = "bwd_"

func deviceText(user string, token seal.Token) sdk.Secret {
	if !token.Valid() {
		return ""
	}
	return sdk.Secret(devicePrefix + user + "." + token.Reveal())
}

func parseDevice(text sdk.Secret) (user string, token seal.Token, ok bool) {
	rest, ok := strings.CutPrefix(text.Reveal(), devicePrefix)
	user, secret, cut := strings.Cut(rest, ".")
	token, err := seal.ParseToken(secret)
	return user, token, ok && cut && err == nil
}

func (s *Server) openSession(ctx context.Context, c call, in *struct{ Body sdk.Open }) (sdk.Opened, error) {
	open := session.Open{Bearer: c.bearer, Password: seal.NewSecret(in.Body.Password.Reveal()), Agent: c.agent}
	if typed := in.Body.OrganizationKey.Reveal(); strings.TrimSpace(typed) != "" {
		if err := open.Type(typed); err != nil {
			return sdk.Opened{}, fault.Bad("organization_key", "%s", err)
		}
	}
	if in.Body.Link != "" {
		var err error
		if open.Link, err = keyLink(in.Body.Link, in.Body.Digits); err != nil {
			return sdk.Opened{}, err
		}
	}
	if user, token, ok := parseDevice(in.Body.Device); ok && user == c.who.User() {
		open.Device = token
	}
	known, err := s.app.Sessions.Open(ctx, c.who, open)
	return sdk.Opened{Device: deviceText(c.who.User(), known), Open: err == nil}, err
}

func (s *Server) renewKeys(ctx context.Context, c call, in *struct{ Body sdk.RenewKeys }) (sdk.Opened, error) {
	known, err := s.app.Sessions.RenewKeys(ctx, c.who, session.Password{Bearer: c.bearer, Present: seal.NewSecret(in.Body.Password.Reveal()), Agent: c.agent})
	return sdk.Opened{Device: deviceText(c.who.User(), known), Open: err == nil}, err
}

func (s *Server) changePassword(ctx context.Context, c call, in *struct{ Body sdk.ChangePassword }) (sdk.Opened, error) {
	known, err := s.app.Sessions.ChangePassword(ctx, c.who, session.Password{Bearer: c.bearer, Present: seal.NewSecret(in.Body.Password.Reveal()),
		Next: seal.NewSecret(in.Body.NewPassword.Reveal()), Agent: c.agent})
	return sdk.Opened{Device: deviceText(c.who.User(), known), Open: c.who.Open()}, err
}

func (s *Server) closeSession(ctx context.Context, c call, _ *struct{}) error {
	return s.app.Sessions.Close(ctx, c.who, c.bearer)
}

func (s *Server) beginPerspective(ctx context.Context, c call, in *ByID) error {
	return s.app.Sessions.Look(ctx, c.who, in.ID)
}

func (s *Server) endPerspective(ctx context.Context, c call, _ *struct{}) error {
	return s.app.Sessions.Leave(ctx, c.who)
}

func (s *Server) signOut(ctx context.Context, c call, _ *struct{}) error {
	if c.who.Kind() == gate.Perspective { // it returns to one's own session
		return s.app.Sessions.Leave(ctx, c.who)
	}
	return s.app.Sessions.SignOut(ctx, c.who)
}

func (s *Server) endSession(ctx context.Context, c call, in *ByID) error {
	return s.app.Sessions.End(ctx, c.who, in.ID)
}

func (s *Server) forgetDevice(ctx context.Context, c call, in *ByID) error {
	return s.app.Sessions.Forget(ctx, c.who, in.ID)
}

func (s *Server) listSessions(ctx context.Context, c call, _ *struct{}) (sdk.Sessions, error) {
	sessions, devices, err := s.app.Sessions.List(ctx, c.who)
	out := sdk.Sessions{Sessions: []sdk.Session{}, Devices: []sdk.Device{}}
	for _, i := range sessions {
		out.Sessions = append(out.Sessions, sdk.Session{ID: i.ID, IP: i.IP, Agent: i.Agent, Open: i.Open, Current: i.Current,
			CreatedAt: i.Created, LastUsedAt: i.LastUsed, ExpiresAt: i.Expires})
	}
	for _, d := range devices {
		out.Devices = append(out.Devices, sdk.Device{ID: d.ID, Label: d.Label, CreatedAt: d.Created, LastUsedAt: d.LastUsed, ExpiresAt: d.Expires})
	}
	return out, err
}

func (s *Server) meRoutes() {
	mount(s, route{method: "GET", path: "/me", id: "me", summary: "See one's own profile and permissions", op: people.OpMe}, s.me)
	mount(s, route{method: "GET", path: "/organization", id: "organization", summary: "See one's own organization", op: opOrganization}, s.organization)
}

func (s *Server) me(ctx context.Context, c call, _ *struct{}) (sdk.Me, error) {
	m, err := s.app.People.Me(ctx, c.who)
	return sdk.Me{ID: m.ID, Name: m.Name, Email: m.Email, Kind: m.Kind, Level: m.LevelName, Organization: m.Organization,
		OrganizationID: m.OrganizationID, Open: m.Open, Waiting: m.Waiting, Permissions: list(m.Permissions.Names())}, err
}
