package api

import (
	"context"
	"slices"

	"bailiwick/internal/fault"
	"bailiwick/internal/people"
	"bailiwick/internal/seal"
	"bailiwick/sdk"
)

func (s *Server) lockouts(ctx context.Context, c call, _ *struct{}) (sdk.Lockouts, error) {
	list, err := s.app.People.Lockouts(ctx, c.who)
	out := sdk.Lockouts{Lockouts: []sdk.Lockout{}}
	for _, l := range list {
		out.Lockouts = append(out.Lockouts, sdk.Lockout{ID: l.ID, Name: l.Name, Email: l.Email, At: l.At, Until: when(l.Until), IP: l.IP, Tries: l.Tries, MayUnlock: l.MayUnlock})
	}
	return out, err
}

func (s *Server) offboardings(ctx context.Context, c call, _ *struct{}) (sdk.OffBoardings, error) {
	list, err := s.app.People.Offboardings(ctx, c.who)
	out := sdk.OffBoardings{OffBoardings: []sdk.OpenOffBoarding{}}
	for _, w := range list {
		out.OffBoardings = append(out.OffBoardings, sdk.OpenOffBoarding{User: w.User, Name: w.Name, BeganAt: w.Began})
	}
	return out, err
}

// known gives an off-boarding with the titles that the session opens.
func (s *Server) known(ctx context.Context, c call, user string) (people.Offboarding, map[string]string, error) {
	o, err := s.app.People.Offboarding(ctx, c.who, user)
	if err != nil || !c.who.Open() {
		return o, nil, err
	}
	var ids []string
	for _, k := range append(slices.Clone(o.Rows), o.Past...) {
		ids = append(ids, k.Credential)
	}
	titles, err := s.app.Vault.Titles(ctx, c.who, ids)
	if fault.Is(err, fault.Sealed) || fault.Is(err, fault.Absent) {
		titles, err = nil, nil
	}
	return o, titles, err
}

func (s *Server) offboarding(ctx context.Context, c call, in *ByID) (sdk.OffBoarding, error) {
	o, titles, err := s.known(ctx, c, in.ID)
	out := sdk.OffBoarding{User: o.User, Name: o.Name, BeganAt: o.Began, By: o.ByName, DoneAt: when(o.Done), Open: o.Open, Hidden: o.Hidden, HiddenOpen: o.HiddenOpen,
		Rows: knownPasswords(o.Rows, titles), Past: knownPasswords(o.Past, titles)}
	return out, err
}

func knownPasswords(all []people.Known, titles map[string]string) []sdk.KnownPassword {
	out := []sdk.KnownPassword{}
	for _, k := range all {
		out = append(out, sdk.KnownPassword{Credential: k.Credential, Title: titles[k.Credential], Client: k.Client, ClientName: k.ClientName, SeenAt: k.Seen,
			Action: k.Action, Reason: k.Reason, By: k.By, DecidedAt: when(k.Decided)})
	}
	return out
}

func (s *Server) offboardingSheet(ctx context.Context, c call, in *ByID) (sdk.Sheet, error) {
	o, titles, err := s.known(ctx, c, in.ID)
	if err != nil {
		return sdk.Sheet{}, err
	}
	csv, err := o.Evidence(titles)
	return sdk.Sheet{CSV: string(csv)}, err
}

func (s *Server) decideOffboarding(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.OffBoardingDecisions
}) error {
	var d people.Decisions
	for _, r := range in.Body.Rows {
		d.Rows = append(d.Rows, people.Decision{Credential: r.Credential, Action: r.Action, Reason: r.Reason})
	}
	if r := in.Body.Rest; r != nil {
		d.Rest = people.Decision{Action: r.Action, Reason: r.Reason}
	}
	return s.app.People.Decide(ctx, c.who, in.ID, d)
}

func (s *Server) peopleSettings(ctx context.Context, c call, _ *struct{}) (sdk.PeopleSettings, error) {
	st, err := s.app.People.Settings(ctx, c.who)
	return sdk.PeopleSettings(st), err
}

func (s *Server) setPeopleSettings(ctx context.Context, c call, in *struct{ Body sdk.NewPeopleSettings }) error {
	return s.app.People.SaveSettings(ctx, c.who, people.Settings(in.Body.Read), people.Settings(in.Body.Next))
}

func (s *Server) profile(ctx context.Context, c call, _ *struct{}) (sdk.Profile, error) {
	p, err := s.app.People.Profile(ctx, c.who)
	return sdk.Profile(p), err
}

func (s *Server) setProfile(ctx context.Context, c call, in *struct{ Body sdk.NewProfile }) error {
	b := in.Body
	return s.app.People.SaveProfile(ctx, c.who, people.Profile{Name: b.Name, Email: b.Email, Phone: b.Phone, TimeZone: b.TimeZone, MailGiven: b.MailGiven, Version: b.Version}, seal.NewSecret(b.Password.Reveal()))
}
