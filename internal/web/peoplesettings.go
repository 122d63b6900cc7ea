package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/web/ui"
)

const peopleSettingsPath = "/settings/people"

func (s *Server) peopleSettingsRoutes() {
	s.signed("GET "+peopleSettingsPath, showPeopleSettings)
	s.signed("POST "+peopleSettingsPath, savePeopleSettings)
}

// toggle is a setting that is on or off.
type toggle struct {
	name, label, hint string
	at                func(*people.Settings) *bool
	notInSites        bool // it says nothing where there is one client and nobody but its people
}

// measure is a setting that is a number.
type measure struct {
	name, label, unit, hint string
	at                      func(*people.Settings) *int
	least, most             int
}

// settingsPart is a part of the page. Each setting says its default and what
// changing it does.
type settingsPart struct {
	title, text string
	level       bool // the default level stands here
	measures    []measure
	toggles     []toggle
}

var settingsParts = []settingsPart{
	{title: "New people", text: "How somebody becomes a user.", level: true,
		measures: []measure{
			{"invitation-hours", "Invitation link, hours", "hours", "How long it works. 1 to 720; 168 (7 days) unless you change it. Links that are on their way keep their end.", func(s *people.Settings) *int { return &s.InvitationHours }, 1, 720},
		},
		toggles: []toggle{
			{"approval-required", "User approval required", "On unless you change it. Whoever was not added by somebody who may approve (self-registration, import) waits for approval, and reads public content only until then. Switching it off approves nobody by itself; switching it on asks nothing of those approved already.", func(s *people.Settings) *bool { return &s.ApprovalRequired }, false},
			{"self-registration", "Self-registration", "Off unless you change it. People register themselves as guests, after confirming their address, and are Reader of the knowledge base where they did, once they are approved. They never see the vault. Each knowledge base has a switch of its own, too.", func(s *people.Settings) *bool { return &s.SelfRegistration }, true},
			{"names-to-partners", "Show our users' names to the other organization", "Off unless you change it. Between a provider and its sites, each side's log names the other organization for what it does to what both see. With this on, it also names the user who did it.", func(s *people.Settings) *bool { return &s.NamesToPartners }, false},
			{"key-link-digits", "Six digits for an organization key that goes along", "On unless you change it. A link that opens the vault, sent along with an invitation, asks for six digits that the inviter tells by other means. Without them, the mailbox alone opens the vault.", func(s *people.Settings) *bool { return &s.KeyLinkDigits }, false},
		}},
	{title: "Signing in", text: "Passwords, wrong tries and second factors.",
		measures: []measure{
			{"reset-hours", "Password-reset link, hours", "hours", "How long it works. 1 to 168; 24 unless you change it.", func(s *people.Settings) *int { return &s.ResetHours }, 1, 168},
			{"lockout-tries", "Lockout after wrong tries", "wrong tries", "In a row. 3 to 50; 10 unless you change it.", func(s *people.Settings) *int { return &s.LockoutTries }, 3, 50},
			{"lockout-minutes", "Lockout, minutes", "minutes", "15 unless you change it; 0 is until somebody unlocks. Administrators' lockouts always end by time.", func(s *people.Settings) *int { return &s.LockoutMinutes }, 0, 10080},
			{"idle-minutes", "Open vault closes after, minutes", "minutes", "Without a request. 1 to 1440; 15 unless you change it. Whoever was away stays signed in, and opens the vault again. A sign-in ends after 24 hours in any case.", func(s *people.Settings) *int { return &s.IdleMinutes }, 1, 1440},
		},
		toggles: []toggle{
			{"force-second-factor", "Force second factor for everybody", "Off unless you change it. Whoever has none sets one up at the next sign-in.", func(s *people.Settings) *bool { return &s.ForceSecondFactor }, false},
		}},
	{title: "Leaving", text: "What happens when somebody is disabled.",
		toggles: []toggle{
			{"let-sessions-end", "Let running sessions end by themselves", "Off unless you change it: sessions of a disabled user end at once. On, they go on until sign-out or expiry; signing in stops at once all the same.", func(s *people.Settings) *bool { return &s.LetSessionsEnd }, false},
		}},
	{title: "Clients", text: "What people see of what they don't reach. A change holds from the next request on.",
		toggles: []toggle{
			{"show-unassigned", "Show unassigned clients and folders", "Off unless you change it. On, clients and guarded folders that somebody does not reach show by name, with Request access.", func(s *people.Settings) *bool { return &s.ShowUnassigned }, true},
			{"company-vault-by-default-access", "Company vault by default access", "Off unless you change it. On, whoever has Client: Default Access reaches your own company vault too, and not by assignment or group alone.", func(s *people.Settings) *bool { return &s.CompanyByDefault }, true},
		}},
}

// inSiteParts are the parts of the page for a site.
func inSiteParts() (parts []settingsPart) {
	for _, p := range settingsParts {
		p.toggles = slices.DeleteFunc(slices.Clone(p.toggles), func(t toggle) bool { return t.notInSites })
		if p.level || len(p.measures)+len(p.toggles) > 0 {
			parts = append(parts, p)
		}
	}
	return parts
}

// settingsForm is the page. read is what it was made from, and goes back with
// it; typed are the numbers as they were typed.
type settingsForm struct {
	frame      ui.FrameParams
	read, next people.Settings
	typed, bad map[string]string
	levels     []ui.Option
	parts      []settingsPart
	inSite     bool
	stale      bool
}

// levelHint names the level that is the default where nobody has chosen one.
func (f settingsForm) levelHint() string {
	usual := perm.LevelTechnicianAssigned
	if f.inSite {
		usual = perm.LevelSiteUser
	}
	l, _ := perm.LevelByID(usual)
	return "Of new members where nobody chooses. " + l.Name + " unless you change it; nobody who is there already changes."
}

func (f settingsForm) number(m measure) string {
	if text, ok := f.typed[m.name]; ok {
		return text
	}
	return strconv.Itoa(*m.at(&f.next))
}

func (f settingsForm) wrong() []ui.FieldParams {
	all := []ui.FieldParams{{Name: "default-level", Label: "Default level", Error: f.bad["default-level"]}}
	for _, p := range settingsParts {
		for _, m := range p.measures {
			all = append(all, ui.FieldParams{Name: m.name, Label: m.label, Error: f.bad[m.name]})
		}
	}
	return wrong(all...)
}

// settingsText keeps settings in the form, in the order of the page.
func settingsText(s people.Settings) string {
	words := []string{s.DefaultLevel}
	for _, p := range settingsParts {
		for _, m := range p.measures {
			words = append(words, strconv.Itoa(*m.at(&s)))
		}
		for _, t := range p.toggles {
			words = append(words, strconv.FormatBool(*t.at(&s)))
		}
	}
	return strings.Join(words, " ")
}

// settingsOf reads them back; what was tampered with is answered as a conflict.
func settingsOf(text string) (s people.Settings) {
	words := strings.Fields(text)
	next := func() string {
		if len(words) == 0 {
			return ""
		}
		w := words[0]
		words = words[1:]
		return w
	}
	s.DefaultLevel = next()
	for _, p := range settingsParts {
		for _, m := range p.measures {
			*m.at(&s), _ = strconv.Atoi(next())
		}
		for _, t := range p.toggles {
			*t.at(&s) = next() == "true"
		}
	}
	return s
}

func showPeopleSettings(v *visit) error {
	s, err := v.app.People.Settings(v.ctx(), v.who)
	if err != nil {
		return err
	}
	return v.showSettings(http.StatusOK, settingsForm{read: s, next: s})
}

func (v *visit) showSettings(status int, f settingsForm) error {
	f.inSite = v.me.Site
	if f.parts = settingsParts; f.inSite {
		f.parts = inSiteParts()
	}
	all, err := v.app.Access.Levels(v.ctx(), v.who)
	if err != nil {
		return err
	}
	for _, l := range all {
		if builtin, ok := perm.LevelByID(l.ID); !ok || builtin.Site == v.me.Site && !topLevel(l.ID) {
			f.levels = append(f.levels, ui.Option{Value: l.ID, Label: l.Name})
		}
	}
	if f.frame, err = v.frame("People settings"); err != nil {
		return err
	}
	return v.renderAs(status, peopleSettingsPage(f))
}

func savePeopleSettings(v *visit) error {
	f := settingsForm{read: settingsOf(v.text("read")), typed: map[string]string{}, bad: map[string]string{}}
	f.next.DefaultLevel = v.text("default-level")
	for _, p := range settingsParts {
		for _, m := range p.measures {
			n, err := strconv.Atoi(v.text(m.name))
			if err != nil || n < m.least || n > m.most {
				f.bad[m.name], n = "Type a number between "+strconv.Itoa(m.least)+" and "+strconv.Itoa(m.most)+".", m.least
			}
			f.typed[m.name], *m.at(&f.next) = v.text(m.name), n
		}
		for _, t := range p.toggles {
			if *t.at(&f.next) = v.text(t.name) != ""; v.me.Site && t.notInSites { // not on the page
				*t.at(&f.next) = *t.at(&f.read)
			}
		}
	}
	if len(f.bad) > 0 {
		if err := v.offers(false, perm.OrganizationAdmin); err != nil {
			return err
		}
		return v.showSettings(http.StatusUnprocessableEntity, f)
	}
	err := v.app.People.SaveSettings(v.ctx(), v.who, f.read, f.next)
	bad, invalid := fieldErrors(err)
	switch {
	case err == nil:
		v.flash("The settings about people are saved.", "")
		return v.goTo(peopleSettingsPath)
	case invalid:
		f.bad = bad
		return v.showSettings(http.StatusUnprocessableEntity, f)
	case fault.Is(err, fault.Conflict):
		return v.settingsConflict(f)
	}
	return err
}

// settingsConflict shows what was chosen beside what is there now.
func (v *visit) settingsConflict(f settingsForm) error {
	now, err := v.app.People.Settings(v.ctx(), v.who)
	if err != nil {
		return err
	}
	f.bad = map[string]string{}
	note := func(name string, differs bool, text string) {
		if differs {
			f.bad[name] = "It is now: " + text
		}
	}
	note("default-level", now.DefaultLevel != f.next.DefaultLevel, now.DefaultLevel)
	for _, p := range settingsParts {
		for _, m := range p.measures {
			note(m.name, *m.at(&now) != *m.at(&f.next), strconv.Itoa(*m.at(&now))+" "+m.unit)
		}
		for _, t := range p.toggles {
			note(t.name, *t.at(&now) != *t.at(&f.next), map[bool]string{true: "on", false: "off"}[*t.at(&now)])
		}
	}
	f.read, f.stale = now, true
	return v.showSettings(http.StatusConflict, f)
}

// levelLabel is the name of a level among the options.
func (f settingsForm) levelNow() string {
	id, ok := strings.CutPrefix(f.bad["default-level"], "It is now: ")
	i := slices.IndexFunc(f.levels, func(o ui.Option) bool { return o.Value == id })
	if !ok || i < 0 {
		return f.bad["default-level"]
	}
	return "It is now: " + f.levels[i].Label
}
