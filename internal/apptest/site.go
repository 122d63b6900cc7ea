package apptest

import (
	"context"
	"strings"

	"bailiwick/internal/gate"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
)

// Site is an activated site of one of the provider's clients.
type Site struct {
	World    *World
	ID       string
	Client   string // the provider's, whose site it is
	Company  string // its one client
	Code     seal.Code
	Recovery seal.Code
	Admin    gate.Actor // its Site Administrator, with the vault open
	AdminID  string
	Domain   string // of its users' addresses
}

// Activate opens the site of a client, and has its first Site Administrator,
// sue@DOMAIN, activate it.
func (w *World) Activate(client, domain string) *Site {
	w.T.Helper()
	ctx := context.Background()
	w.Must(w.Clients.OpenSite(ctx, w.Admin, client))
	visitor, err := w.People.In(ctx, w.Admin, client)
	w.Must(err)
	s := &Site{World: w, ID: visitor.Org(), Client: client, Code: seal.NewCode(), Recovery: seal.NewCode(), Domain: domain}
	added, err := w.People.Invite(ctx, visitor, []people.Invitee{{Email: "sue@" + domain, Level: perm.LevelSiteAdministrator}}, "")
	w.Must(err)
	in := w.Activation(added[0].Link.Reveal())
	in.Name, in.Code, in.Recovery = "Sue of "+domain, s.Code, s.Recovery
	made, err := w.People.Activate(ctx, in)
	w.Must(err)
	first, err := w.Sessions.Begin(ctx, made, "127.0.0.1", "test", nil)
	w.Must(err)
	s.AdminID, s.Company, s.Admin = made.User, made.Company, w.Resume(first)
	w.Must(w.Org.ConfirmRecovery(ctx, s.Admin))
	return s
}

// Activation reads the link of an invitation that activates a site.
func (w *World) Activation(link string) people.Activating {
	w.T.Helper()
	in, err := ReadActivation(link)
	w.Must(err)
	return in
}

// ReadActivation is Activation without a test.
func ReadActivation(link string) (in people.Activating, err error) {
	path, proof, _ := strings.Cut(link, "#")
	_, token, _ := strings.Cut(path, "token=")
	l, err := people.ParseLink(token)
	if err != nil {
		return in, err
	}
	in = people.Activating{Acceptance: people.Acceptance{Link: l, Name: "Sue", Password: seal.NewSecret(Password), IP: "127.0.0.1"}, Code: seal.NewCode(), Recovery: seal.NewCode()}
	if proof != "" {
		in.Proof, err = seal.ParseActivation(proof)
	}
	return in, err
}

// Enrol makes a user of a level and gives his id.
func (s *Site) Enrol(name, level string) string {
	s.World.T.Helper()
	id, err := s.World.People.Enrol(context.Background(), s.Admin, people.NewUser{Name: name, Email: name + "@" + s.Domain, Level: level, Password: seal.NewSecret(Password)})
	s.World.Must(err)
	return id
}

// SignIn signs a user of the site in on a new browser with its Organization Key.
func (s *Site) SignIn(name string) gate.Actor {
	s.World.T.Helper()
	return s.World.Resume(s.SignedIn(name))
}

// SignedIn signs a user of the site in and gives what his browser would keep.
func (s *Site) SignedIn(name string) session.SignedIn {
	s.World.T.Helper()
	in, err := s.World.Sessions.SignIn(context.Background(), session.SignIn{Email: name + "@" + s.Domain, Org: s.ID, Password: seal.NewSecret(Password), Code: s.Code, IP: "127.0.0.1", Agent: "test"})
	s.World.Must(err)
	return in
}
