package api

import (
	"context"
	"net/http"

	"bailiwick/internal/fault"
	"bailiwick/internal/people"
	"bailiwick/internal/seal"
	"bailiwick/sdk"
)

const byLink = "the one-time link is the proof"

func (s *Server) linkRoutes() {
	s.keyLinkRoutes()
	mount(s, route{method: "POST", path: "/links/invitation", id: "see-invitation", summary: "See where an invitation's link leads", public: byLink}, s.seeInvitation)
	mount(s, route{method: "POST", path: "/links/invitation/accept", id: "accept-invitation", summary: "Accept an invitation", public: byLink, status: http.StatusCreated,
		note: "The session is sealed: the vault opens with the Organization Key."}, s.accept)
	mount(s, route{method: "POST", path: "/links/reset", id: "see-reset", summary: "See where a reset link leads", public: byLink}, s.seeReset)
	mount(s, route{method: "POST", path: "/links/reset/password", id: "set-password", summary: "Set a new password by a reset link", public: byLink,
		note: "All sessions and devices end. It does not sign in."}, s.setPassword)
	mountEmpty(s, route{method: "POST", path: "/links/address/confirm", id: "confirm-address", summary: "Confirm a new address by its link", public: byLink}, s.confirmAddress)
	mountEmpty(s, route{method: "POST", path: "/links/forgotten", id: "forgot-password", summary: "Ask for a reset link", public: "who forgot his password can't sign in",
		note: "The answer is the same whether the address is known or not."}, s.forgot)
	mountEmpty(s, route{method: "POST", path: "/links/registration", id: "register", summary: "Register oneself as a guest, where that is switched on", public: "who registers has no account yet",
		note: "The answer is the same whether the address is known or not."}, s.register)
}

func (s *Server) seeInvitation(ctx context.Context, c call, in *struct{ Body sdk.LinkToken }) (sdk.Invitation, error) {
	l, err := people.ParseLink(in.Body.Token.Reveal())
	if err != nil {
		return sdk.Invitation{}, err
	}
	i, err := s.app.People.Invitation(ctx, l, c.meta.IP, c.meta.Trace)
	return sdk.Invitation{Organization: i.OrgName, Name: i.Name, Email: i.Email, Guest: i.Guest, Registered: i.Registered, By: i.By, Clients: list(i.Things), ExpiresAt: i.Expires}, err
}

func (s *Server) accept(ctx context.Context, c call, in *struct{ Body sdk.AcceptInvitation }) (sdk.SignedIn, error) {
	l, err := people.ParseLink(in.Body.Token.Reveal())
	if err != nil {
		return sdk.SignedIn{}, err
	}
	e, err := s.app.People.Accept(ctx, people.Acceptance{Link: l, Name: in.Body.Name, Password: seal.NewSecret(in.Body.Password.Reveal()), IP: c.meta.IP, Trace: c.meta.Trace})
	if err != nil {
		return sdk.SignedIn{}, err
	}
	made, err := s.app.Sessions.BeginSealed(ctx, e.Org, e.User, e.P, c.meta.IP, c.agent, c.meta.Trace)
	if err != nil {
		return sdk.SignedIn{}, err
	}
	return sdk.SignedIn{Bearer: sdk.Secret(made.Bearer()), Session: made.Session, User: made.User, Organization: made.Org}, nil
}

func (s *Server) seeReset(ctx context.Context, c call, in *struct{ Body sdk.LinkToken }) (sdk.PasswordResetPage, error) {
	l, err := people.ParseLink(in.Body.Token.Reveal())
	if err != nil {
		return sdk.PasswordResetPage{}, err
	}
	r, err := s.app.People.Resetting(ctx, l, c.meta.IP, c.meta.Trace)
	return sdk.PasswordResetPage{Organization: r.OrgName, Email: r.Email, HasVault: r.Keys, Personal: r.Personal, ExpiresAt: r.Expires}, err
}

func (s *Server) setPassword(ctx context.Context, c call, in *struct{ Body sdk.SetPassword }) (sdk.PasswordSet, error) {
	b := in.Body
	l, err := people.ParseLink(b.Token.Reveal())
	if err != nil {
		return sdk.PasswordSet{}, err
	}
	next := people.NewPassword{Link: l, Password: seal.NewSecret(b.Password.Reveal()), Destroy: b.Destroy, IP: c.meta.IP, Agent: c.agent, Trace: c.meta.Trace}
	if b.Recovery != "" {
		if next.Recovery, err = seal.ParseRecoveryCode(b.Recovery.Reveal()); err != nil {
			return sdk.PasswordSet{}, fault.Bad("recovery_code", "%s", err)
		}
	}
	out, err := s.app.People.SetPassword(ctx, next)
	return sdk.PasswordSet{Device: deviceText(out.User, out.Device)}, err
}

func (s *Server) confirmAddress(ctx context.Context, c call, in *struct{ Body sdk.LinkToken }) error {
	l, err := people.ParseLink(in.Body.Token.Reveal())
	if err != nil {
		return err
	}
	return s.app.People.ConfirmAddress(ctx, l, c.meta.IP, c.meta.Trace)
}

func (s *Server) forgot(ctx context.Context, c call, in *struct{ Body sdk.ForgotPassword }) error {
	return s.app.People.Forgot(ctx, people.Forgotten{Email: in.Body.Email, Org: in.Body.Organization, IP: c.meta.IP, Trace: c.meta.Trace})
}

func (s *Server) register(ctx context.Context, c call, in *struct{ Body sdk.Registration }) error {
	return s.app.People.Register(ctx, people.Registration{Org: in.Body.Organization, Email: in.Body.Email, IP: c.meta.IP, Trace: c.meta.Trace})
}
