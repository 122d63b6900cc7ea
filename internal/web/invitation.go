package web

import (
	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/people"
	"bailiwick/internal/web/ui"
)

const byLink = "the one-time link is the proof; looking at the page does not use it"

func (s *Server) linkRoutes() {
	s.open("GET "+people.PathInvitation, byLink, showInvitation)
	s.open("POST "+people.PathInvitation, byLink, acceptInvitation)
	s.open("POST "+people.PathInvitation+"/strength", byLink, invitationStrength)
	s.open("GET "+people.PathAddress, byLink, showNewAddress)
	s.open("POST "+people.PathAddress, byLink, confirmNewAddress)
	s.resetRoutes()
	s.registerRoutes()
}

// passwordRules is what a new password has to be.
const passwordRules = "12 to 1,024 characters, any of them, and hard to guess: several unrelated words, or a generated one. Not built from your email or the organization's name."

// link reads the token of a one-time link: from the address it was followed
// by, then from the form, so that it stands in no address any more.
func (v *visit) link() (people.Link, error) {
	l, err := people.ParseLink(v.text("token"))
	v.under(l.Org())
	return l, err
}

func (v *visit) stranger() (ip string, trace *gate.Trace) { return door.Of(v.r).IP, door.Of(v.r).Trace }

// deadLink is the one page for a link that is used, expired, replaced or none
// of ours; what says what to do. What is good still, and of no use at present,
// has a heading of its own.
func (v *visit) deadLink(err error, what string) error {
	if !fault.Is(err, fault.Unacceptable) {
		return err
	}
	is, _ := fault.As(err)
	if is.Title != "" {
		return v.renderAs(door.Status(err), deadLinkPage(v.plain(is.Title, ""), is.Text, "", ""))
	}
	return v.renderAs(door.Status(err), deadLinkPage(v.plain("This link leads nowhere any more", ""), is.Text, what, v.signInPath()))
}

const deadInvitation = "If you have set your password already, sign in. Otherwise ask whoever invited you to send the invitation again."

// invitationForm is the page on which somebody who was invited, or registered
// himself, sets his name and password.
type invitationForm struct {
	page           ui.PlainParams
	Token          string
	In             people.Invitation
	Other          string // who is signed in in this browser now
	name, password ui.FieldParams
}

func (v *visit) invitationForm(in people.Invitation, name string, bad map[string]string) invitationForm {
	f := invitationForm{page: v.plain("Welcome to "+in.OrgName, in.Email), Token: v.text("token"), In: in}
	f.name = ui.FieldParams{Name: "name", Label: "Your name", Value: name, Autocomplete: "name", Required: true, MaxLength: 200, Error: bad["name"], Autofocus: name == "" || bad["name"] != ""}
	f.password = ui.FieldParams{Name: "password", Label: "New password", Autocomplete: "new-password", Required: true, Error: bad["password"], Hint: passwordRules, Autofocus: !f.name.Autofocus}
	if who, err := v.resume(); err == nil {
		if me, err := v.app.People.Me(v.ctx(), who); err == nil {
			f.Other = me.Email
		}
	}
	return f
}

func showInvitation(v *visit) error {
	l, err := v.link()
	var in people.Invitation
	if err == nil {
		ip, trace := v.stranger()
		in, err = v.app.People.Invitation(v.ctx(), l, ip, trace)
	}
	if err != nil {
		return v.deadLink(err, deadInvitation)
	}
	if in.Activates {
		return v.render(activationPage(v.activationForm(in, in.Name, nil)))
	}
	return v.render(invitationPage(v.invitationForm(in, in.Name, nil)))
}

func acceptInvitation(v *visit) error {
	l, err := v.link()
	if err != nil {
		return v.deadLink(err, deadInvitation)
	}
	ip, trace := v.stranger()
	e, err := v.app.People.Accept(v.ctx(), people.Acceptance{Link: l, Name: v.text("name"), Password: v.secret("password"), IP: ip, Trace: trace})
	if bad, ok := fieldErrors(err); ok {
		in, failed := v.app.People.Invitation(v.ctx(), l, ip, trace)
		if failed != nil {
			return v.deadLink(failed, deadInvitation)
		}
		return v.renderAs(door.Status(err), invitationPage(v.invitationForm(in, v.text("name"), bad)))
	}
	if err != nil {
		return v.deadLink(err, deadInvitation)
	}
	if e.Waits {
		return v.render(siteWaitsPage(v.plain("Your password is set", ""), v.signInPath()))
	}
	if err := v.signOutOther(); err != nil {
		return err
	}
	s, err := v.app.Sessions.BeginSealed(v.ctx(), e.Org, e.User, e.P, ip, v.r.UserAgent(), trace)
	if err != nil {
		return err
	}
	return v.enterAs(s, "/")
}

// signOutOther ends the session of somebody else in this browser.
func (v *visit) signOutOther() error {
	who, err := v.resume()
	if err != nil || who.Kind() != gate.User {
		return nil
	}
	return v.app.Sessions.SignOut(v.ctx(), who)
}

// invitationStrength judges a password for whoever holds a link.
func invitationStrength(v *visit) error {
	l, err := v.link()
	if err != nil {
		return v.showStrength()
	}
	ip, trace := v.stranger()
	in, err := v.app.People.Invitation(v.ctx(), l, ip, trace)
	if err != nil {
		return err
	}
	return v.showStrength(in.Email, in.OrgName)
}

const deadAddress = "If the new address counts already, sign in with it. Otherwise sign in with the earlier one, and give the new one again under Profile and password."

func showNewAddress(v *visit) error {
	l, err := v.link()
	var n people.NewAddress
	if err == nil {
		ip, trace := v.stranger()
		n, err = v.app.People.Address(v.ctx(), l, ip, trace)
	}
	if err != nil {
		return v.deadLink(err, deadAddress)
	}
	return v.render(newAddressPage(v.plain("Confirm your new address", n.OrgName), v.text("token"), n))
}

func confirmNewAddress(v *visit) error {
	l, err := v.link()
	if err == nil {
		ip, trace := v.stranger()
		err = v.app.People.ConfirmAddress(v.ctx(), l, ip, trace)
	}
	if err != nil {
		return v.deadLink(err, deadAddress)
	}
	return v.render(addressConfirmedPage(v.plain("Your address is confirmed", "")))
}

// inviter is who sent an invitation.
func inviter(in people.Invitation) string {
	if in.By == "" && in.Provider != "" {
		return in.Provider
	}
	if in.By == "" {
		return "An administrator"
	}
	return in.By
}
