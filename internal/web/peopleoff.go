package web

import (
	"slices"
	"time"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/people"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

func (s *Server) offboardRoutes() {
	at := usersPath + "/{id}/off-boarding"
	s.signed("GET "+at, showOffboarding)
	s.signed("POST "+at, decideOffboarding)
	s.signed("POST "+at+"/rest", decideRest)
	s.signed("GET "+at+".csv", exportOffboarding)
}

// offboarding is the page of what somebody knows who has left.
type offboarding struct {
	frame ui.FrameParams
	people.Offboarding
	titles map[string]string
	sealed bool // titles need the vault
	chosen map[string]people.Decision
	bad    map[string]string
	now    time.Time
}

func (v *visit) offboarding() (o offboarding, err error) {
	o = offboarding{now: v.app.Clock.Now(), sealed: !v.who.Open()}
	if o.Offboarding, err = v.app.People.Offboarding(v.ctx(), v.who, v.r.PathValue("id")); err != nil {
		return o, err
	}
	o.titles, err = v.titles(append(slices.Clone(o.Rows), o.Past...))
	return o, err
}

// titles gives what the viewer's session opens of the titles.
func (v *visit) titles(rows []people.Known) (map[string]string, error) {
	if !v.who.Open() || len(rows) == 0 {
		return nil, nil
	}
	var ids []string
	for _, k := range rows {
		ids = append(ids, k.Credential)
	}
	titles, err := v.app.Vault.Titles(v.ctx(), v.who, ids)
	if fault.Is(err, fault.Sealed) || fault.Is(err, fault.Absent) {
		return nil, nil
	}
	return titles, err
}

func (v *visit) showOffboarding(status int, o offboarding) error {
	var err error
	if o.frame, err = v.frame("Off-boarding", usersCrumb, ui.Crumb{Label: o.Name, Href: usersPath + "/" + o.User + "/actions"}); err != nil {
		return err
	}
	return v.renderAs(status, offboardingPage(o))
}

func showOffboarding(v *visit) error {
	o, err := v.offboarding()
	if err != nil {
		return err
	}
	return v.showOffboarding(200, o)
}

// later leaves a row open.
const later = "later"

// decideOffboarding takes what was chosen row by row: what differs from what
// was decided before. When no open row is left for later, those out of reach
// are flagged with the rest.
func decideOffboarding(v *visit) error {
	o, err := v.offboarding()
	if err != nil {
		return err
	}
	o.chosen = map[string]people.Decision{}
	var d people.Decisions
	left := false
	for _, k := range o.Rows {
		c := people.Decision{Credential: k.Credential, Action: v.text("act-" + k.Credential), Reason: v.text("why-" + k.Credential)}
		o.chosen[k.Credential] = c
		switch {
		case c.Action == "" || c.Action == later:
			left = left || k.Action == ""
		case c.Action != k.Action || c.Action == people.Waived && c.Reason != k.Reason:
			if c.Action == people.Flagged {
				c.Reason = ""
			}
			d.Rows = append(d.Rows, c)
		}
	}
	if o.HiddenOpen > 0 && !left {
		d.Rest = people.Decision{Action: people.Flagged}
	}
	return v.decided(o, d)
}

// decideRest is one decision on all that are open.
func decideRest(v *visit) error {
	o, err := v.offboarding()
	if err != nil {
		return err
	}
	return v.decided(o, people.Decisions{Rest: people.Decision{Action: v.text("rest"), Reason: v.text("why")}})
}

func (v *visit) decided(o offboarding, d people.Decisions) error {
	if len(d.Rows) == 0 && d.Rest.Action == "" {
		v.flash("Nothing was chosen, so nothing was changed.", "")
		return v.goTo(o.path())
	}
	err := v.app.People.Decide(v.ctx(), v.who, o.User, d)
	if bad, ok := fieldErrors(err); ok {
		o.bad = bad
		return v.showOffboarding(door.Status(err), o)
	}
	if err != nil {
		return err
	}
	v.flash("Decided. What is flagged for change shows its flag in the lists of the vault.", "")
	return v.goTo(o.path())
}

func exportOffboarding(v *visit) error {
	o, err := v.offboarding()
	if err != nil {
		return err
	}
	csv, err := o.Evidence(o.titles)
	if err != nil {
		return err
	}
	v.attach("off-boarding-" + o.Began.Format(time.DateOnly) + ".csv")
	_, err = v.w.Write(csv)
	return v.sent(err)
}

func (o offboarding) path() string { return usersPath + "/" + o.User + "/off-boarding" }

// title is how a row is called: its title, or what is known without the vault.
func (o offboarding) title(k people.Known) string {
	if t := o.titles[k.Credential]; t != "" {
		return t
	}
	return "A credential of " + k.ClientName
}

// choice is what stands in a row's list: what was chosen, or decided, or the
// default, to flag.
func (o offboarding) choice(k people.Known) people.Decision {
	if d, ok := o.chosen[k.Credential]; ok {
		return d
	}
	if k.Action != "" {
		return people.Decision{Action: k.Action, Reason: k.Reason}
	}
	return people.Decision{Action: people.Flagged}
}

func (o offboarding) actionSelect(k people.Known) ui.SelectParams {
	options := []ui.Option{{Value: people.Flagged, Label: "Flag for change"}, {Value: people.Waived, Label: "No action, because…"}}
	if k.Action == "" {
		options = append(options, ui.Option{Value: later, Label: "Decide later"})
	}
	return ui.SelectParams{Name: "act-" + k.Credential, Label: "Action on " + o.title(k), Bare: true, Value: o.choice(k).Action, Options: options}
}

// decisionBadge says what is decided on a row.
func decisionBadge(k people.Known) ui.BadgeParams {
	switch k.Action {
	case people.Flagged:
		return ui.BadgeParams{Label: "Flagged", Icon: icon.Flag, Kind: ui.Warning}
	case people.Waived:
		return ui.BadgeParams{Label: "Waived", Icon: icon.Check, Kind: ui.Neutral, Title: k.Reason}
	}
	return ui.BadgeParams{Label: "Open", Icon: icon.Job, Kind: ui.Danger}
}

func (o offboarding) sub(now time.Time) string {
	text := "Began " + ago(o.Began, now)
	if o.ByName != "" {
		text += ", by " + o.ByName
	}
	if !o.Done.IsZero() {
		text += ". Done " + ago(o.Done, now)
	}
	return text + "."
}
