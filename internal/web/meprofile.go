package web

import (
	"strconv"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/people"
	"bailiwick/internal/web/ui"
)

// ownForm is what one changes of one's own profile.
type ownForm struct {
	People                             people.Profile
	MailGiven                          bool
	Guest                              bool   // nobody gives him clients
	Stale                              string // what somebody else changed in between
	name, email, phone, zone, password ui.FieldParams
}

func (v *visit) ownForm(bad map[string]string) (f ownForm, err error) {
	if f.People, err = v.app.People.Profile(v.ctx(), v.who); err != nil {
		return f, err
	}
	is, typed := f.People, bad != nil
	if typed {
		is.Name, is.Email, is.Phone, is.TimeZone, is.MailGiven = v.text("name"), v.text("email"), v.text("phone"), v.text("time_zone"), v.text("mail_given") != ""
	}
	f.MailGiven, f.Guest = is.MailGiven, v.me.Kind == "guest"
	f.name = ui.FieldParams{Name: "name", Label: "Name", Value: is.Name, Autocomplete: "name", Required: true, MaxLength: 200, Error: bad["name"]}
	f.email = ui.FieldParams{Name: "email", Label: "Email", Type: "email", Value: is.Email, Autocomplete: "email", Required: true, MaxLength: 254, Error: bad["email"], Hint: "Another one counts when you have confirmed it by a link that is mailed there."}
	f.phone = ui.FieldParams{Name: "phone", Label: "Phone", Type: "tel", Value: is.Phone, Autocomplete: "tel", Optional: true, MaxLength: 60, Error: bad["phone"]}
	f.zone = ui.FieldParams{Name: "time_zone", Label: "Time zone", Value: is.TimeZone, Optional: true, MaxLength: 60, Error: bad["time_zone"], Placeholder: "Europe/London", Hint: "Area and city, such as Europe/London."}
	f.password = ui.FieldParams{ID: "profile-password", Name: "password", Label: "Present password", Autocomplete: "current-password", Optional: true, Error: bad["password"], Hint: "Only for another email."}
	return f, nil
}

func saveProfile(v *visit) error {
	version, err := strconv.ParseInt(v.text("version"), 10, 64)
	if err != nil {
		return fault.Cannot("This form is not complete. Nothing was saved. Load the page again.")
	}
	was, err := v.app.People.Profile(v.ctx(), v.who)
	if err != nil {
		return err
	}
	in := people.Profile{Name: v.text("name"), Email: v.text("email"), Phone: v.text("phone"), TimeZone: v.text("time_zone"), MailGiven: v.text("mail_given") != "", Version: version}
	err = v.app.People.SaveProfile(v.ctx(), v.who, in, v.secret("password"))
	bad, ok := fieldErrors(err)
	if fault.Is(err, fault.Conflict) {
		bad, ok = map[string]string{}, true
	}
	if ok {
		p, failed := v.profile(nil)
		if failed == nil {
			p.own, failed = v.ownForm(bad)
		}
		if failed != nil {
			return failed
		}
		if fault.Is(err, fault.Conflict) {
			p.own.Stale = "Your profile was changed in the meantime, here or by an administrator. What you typed is below, not saved; save it again if it is still right. It is now: " + was.Name + ", " + was.Email + "."
		}
		return v.renderAs(door.Status(err), mePage(p))
	}
	if err != nil {
		return err
	}
	if in.Email != was.Email && in.Email != was.PendingEmail {
		v.flash("Your profile is saved. The new address counts when you have confirmed it by the link in the mail there.", "")
	} else {
		v.flash("Your profile is saved.", "")
	}
	return v.goTo("/me")
}

// place is where one stands: the organization, and the level that one has.
func (p profile) place() string {
	switch {
	case p.me.Waiting:
		return p.me.Organization + " · Waits for approval"
	case p.me.LevelName == "":
		return p.me.Organization + " · Guest"
	}
	return p.me.Organization + " · " + p.me.LevelName
}

// outside is the page of whoever waits for approval: without the frame, whose
// search and navigation are not his.
func (p profile) outside() ui.PlainParams {
	out := p.plain(p.me.Name, p.place())
	out.Page.Theme, out.Wide = p.me.Theme, true
	return out
}
