package api

import (
	"context"
	"encoding/base64"
	"net/http"

	"bailiwick/internal/factor"
	"bailiwick/internal/people"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/sdk"
)

func (s *Server) factorRoutes() {
	mount(s, route{method: "POST", path: "/sessions/second", id: "sign-in-second", summary: "Finish a sign-in with a second factor", status: http.StatusCreated,
		public: "signing in is how a stranger becomes somebody",
		note:   "Takes what the first step's answer of kind second_factor gave as pending, within five minutes and five tries."}, s.signInSecond)
	mount(s, route{method: "GET", path: "/me/factors", id: "list-factors", summary: "List one's own second factors", op: factor.OpList}, s.listFactors)
	mount(s, route{method: "POST", path: "/me/factors", id: "begin-factor", summary: "Begin to set up a second factor", op: factor.OpAdd, status: http.StatusCreated,
		note: "It counts when it is confirmed, within 15 minutes. The answer shows its secret this once."}, s.beginFactor)
	mount(s, route{method: "POST", path: "/me/factors/{id}/confirm", id: "confirm-factor", summary: "Confirm a second factor by proving it", op: factor.OpAdd,
		note: "With the first factor come recovery codes, shown this once."}, s.confirmFactor)
	mountEmpty(s, route{method: "PATCH", path: "/me/factors/{id}", id: "rename-factor", summary: "Rename a second factor", op: factor.OpRename}, s.renameFactor)
	mountEmpty(s, route{method: "POST", path: "/me/factors/{id}/remove", id: "remove-factor", summary: "Remove a second factor", op: factor.OpRemove}, s.removeFactor)
	mount(s, route{method: "POST", path: "/me/factors/codes", id: "make-factor-codes", summary: "Make the recovery codes of the second factor anew", op: factor.OpCodes,
		note: "They are shown this once; the earlier ones are void."}, s.factorCodes)
	mountEmpty(s, route{method: "POST", path: "/me/factors/prove", id: "prove-factor", summary: "Prove one's own second factor again", op: session.OpProve,
		note: "For what asks for it besides the password, within 30 minutes."}, s.proveFactor)
	mountEmpty(s, route{method: "POST", path: "/users/{id}/reset-factor", id: "reset-user-factor", summary: "Remove a user's second factors", op: people.OpResetFactor,
		note: "The next sign-in leads through setting one up. The user is mailed."}, s.resetFactor)
}

func proofOf(code, passkey sdk.Secret) factor.Proof {
	return factor.Proof{Code: code.Reveal(), Answer: []byte(passkey.Reveal())}
}

func (s *Server) signInSecond(ctx context.Context, c call, in *struct{ Body sdk.SignInSecond }) (sdk.SignedIn, error) {
	code, err := codeOf(in.Body.OrganizationKey)
	if err != nil {
		return sdk.SignedIn{}, err
	}
	try := session.Second{Pending: seal.NewSecret(in.Body.Pending.Reveal()), Proof: proofOf(in.Body.Code, in.Body.Passkey), Code: code,
		Devices: map[string]seal.Token{}, IP: c.meta.IP, Agent: c.agent, Trace: c.meta.Trace}
	if user, token, ok := parseDevice(in.Body.Device); ok {
		try.Devices[user] = token
	}
	made, err := s.app.Sessions.SecondStep(ctx, try)
	if err != nil {
		return sdk.SignedIn{}, err
	}
	return signedIn(made), nil
}

func signedIn(made session.SignedIn) sdk.SignedIn {
	return sdk.SignedIn{Bearer: sdk.Secret(made.Bearer()), Device: deviceText(made.User, made.Device),
		Session: made.Session, User: made.User, Organization: made.Org, Open: made.Open, SetUpFactor: made.Enrol}
}

func (s *Server) listFactors(ctx context.Context, c call, _ *struct{}) (sdk.Factors, error) {
	st, err := s.app.Factors.List(ctx, c.who)
	out := sdk.Factors{Factors: []sdk.Factor{}, CodesLeft: st.Codes, Forced: st.Forced, Due: st.Due}
	for _, f := range st.Factors {
		out.Factors = append(out.Factors, sdk.Factor{ID: f.ID, Kind: f.Kind, Name: f.Name, CreatedAt: f.Created, LastUsedAt: when(f.LastUsed), Opens: f.Opens})
	}
	return out, err
}

func (s *Server) beginFactor(ctx context.Context, c call, in *struct{ Body sdk.NewFactor }) (sdk.BegunFactor, error) {
	id, err := s.app.Factors.Begin(ctx, c.who, factor.NewFactor{Kind: in.Body.Kind, Name: in.Body.Name, Password: seal.NewSecret(in.Body.Password.Reveal()), Holder: session.Holder(c.bearer)})
	if err != nil {
		return sdk.BegunFactor{}, err
	}
	e, err := s.app.Factors.Show(ctx, c.who, id)
	out := sdk.BegunFactor{ID: id, Kind: e.Kind, Options: string(e.Options)}
	if err == nil && e.Kind == factor.TOTP {
		out.Secret, out.Address = sdk.Secret(e.Seed.Reveal()), sdk.Secret(e.Address.Reveal())
	}
	return out, err
}

func codesOf(codes []seal.FactorCode, err error) (sdk.FactorCodes, error) {
	out := sdk.FactorCodes{Codes: []sdk.Secret{}}
	for _, c := range codes {
		out.Codes = append(out.Codes, sdk.Secret(c.Reveal()))
	}
	return out, err
}

func (s *Server) confirmFactor(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.FactorProof
}) (sdk.FactorCodes, error) {
	prf, err := base64.RawURLEncoding.DecodeString(in.Body.PRF.Reveal())
	if err != nil {
		prf = nil
	}
	return codesOf(s.app.Factors.Confirm(ctx, c.who, factor.Confirmation{ID: in.ID, Code: in.Body.Code.Reveal(), Answer: []byte(in.Body.Passkey.Reveal()), PRF: prf, Holder: session.Holder(c.bearer)}))
}

func (s *Server) renameFactor(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.FactorName
}) error {
	return s.app.Factors.Rename(ctx, c.who, in.ID, in.Body.Name)
}

func (s *Server) removeFactor(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.Confirmation
}) error {
	return s.app.Factors.Remove(ctx, c.who, in.ID, seal.NewSecret(in.Body.Password.Reveal()))
}

func (s *Server) factorCodes(ctx context.Context, c call, in *struct{ Body sdk.Confirmation }) (sdk.FactorCodes, error) {
	return codesOf(s.app.Factors.NewCodes(ctx, c.who, seal.NewSecret(in.Body.Password.Reveal())))
}

func (s *Server) proveFactor(ctx context.Context, c call, in *struct{ Body sdk.FactorProof }) error {
	return s.app.Sessions.Prove(ctx, c.who, c.bearer, proofOf(in.Body.Code, in.Body.Passkey))
}

func (s *Server) resetFactor(ctx context.Context, c call, in *ByID) error {
	return s.app.People.ResetFactor(ctx, c.who, in.ID)
}
