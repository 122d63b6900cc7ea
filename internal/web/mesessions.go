package web

import (
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/session"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

var sessionsCrumb = ui.Crumb{Label: "Sessions and devices", Href: "/me/sessions"}

func (s *Server) sessionRoutes() {
	s.signed("GET /me/sessions", showSessions)
	s.signed("GET /me/sessions/end", askEndOthers)
	s.signed("POST /me/sessions/end", endOthers)
	s.signed("GET /me/sessions/{id}/end", askEnd)
	s.signed("POST /me/sessions/{id}/end", endSession)
	s.signed("GET /me/devices/{id}/forget", askForget)
	s.signed("POST /me/devices/{id}/forget", forgetDevice)
}

// signedIn is the page of one's own sessions and devices.
type signedIn struct {
	*visit
	frame    ui.FrameParams
	now      time.Time
	sessions []session.Info
	devices  []session.Device
}

// others counts the sessions besides this one.
func (s signedIn) others() int { return max(0, len(s.sessions)-1) }

func showSessions(v *visit) error {
	f, err := v.frame("Sessions and devices")
	if err != nil {
		return err
	}
	s := signedIn{visit: v, frame: f, now: v.app.Clock.Now()}
	if s.sessions, s.devices, err = v.app.Sessions.List(v.ctx(), v.who); err != nil {
		return err
	}
	return v.render(sessionsPage(s))
}

func askEnd(v *visit) error {
	list, _, err := v.app.Sessions.List(v.ctx(), v.who)
	if err != nil {
		return err
	}
	for _, s := range list {
		if s.ID == v.r.PathValue("id") && !s.Current {
			return v.ask(question{Title: "End this session?", Text: browser(s.Agent) + ", from " + s.IP + ", last used " + ago(s.LastUsed, v.app.Clock.Now()) + ".",
				Effect: "That browser is signed out at once, and what is being typed there is lost. It can sign in again with the password; if you don't know it, change your password, too.",
				Does:   "End session", Post: "/me/sessions/" + s.ID + "/end", Back: "/me/sessions", Icon: icon.SignOut}, sessionsCrumb)
		}
	}
	return fault.NotFound()
}

func endSession(v *visit) error {
	if err := v.app.Sessions.End(v.ctx(), v.who, v.r.PathValue("id")); err != nil {
		return err
	}
	v.flash("The session is ended.", "")
	return v.goTo("/me/sessions")
}

func askEndOthers(v *visit) error {
	list, _, err := v.app.Sessions.List(v.ctx(), v.who)
	if err != nil {
		return err
	}
	others := counted(len(list)-1, "other session", "other sessions")
	return v.ask(question{Title: "End " + others + "?", Text: "You stay signed in here.",
		Effect: "Those browsers are signed out at once, and what is being typed there is lost. They can sign in again with the password.",
		Does:   "End " + others, Post: "/me/sessions/end", Back: "/me/sessions", Icon: icon.SignOut}, sessionsCrumb)
}

func endOthers(v *visit) error {
	list, _, err := v.app.Sessions.List(v.ctx(), v.who)
	if err != nil {
		return err
	}
	ended := 0
	for _, s := range list {
		if s.Current {
			continue
		}
		if err := v.app.Sessions.End(v.ctx(), v.who, s.ID); err != nil && !fault.Is(err, fault.Absent) {
			return err
		}
		ended++
	}
	v.flash("Ended "+counted(ended, "other session", "other sessions")+".", "")
	return v.goTo("/me/sessions")
}

func askForget(v *visit) error {
	_, list, err := v.app.Sessions.List(v.ctx(), v.who)
	if err != nil {
		return err
	}
	for _, d := range list {
		if d.ID == v.r.PathValue("id") {
			return v.ask(question{Title: "Forget this device?", Text: browser(d.Label) + ", known since " + day(d.Created) + ", last used " + ago(d.LastUsed, v.app.Clock.Now()) + ".",
				Effect: "The next sign-in there needs the Organization Key besides the password. The vault gets new keys, so that what was kept on that device opens nothing that is written from now on. A session that is open there goes on until you end it.",
				Does:   "Forget device", Post: "/me/devices/" + d.ID + "/forget", Back: "/me/sessions", Icon: icon.Device}, sessionsCrumb)
		}
	}
	return fault.NotFound()
}

func forgetDevice(v *visit) error {
	if err := v.app.Sessions.Forget(v.ctx(), v.who, v.r.PathValue("id")); err != nil {
		return err
	}
	if v.who.Open() {
		v.flash("The device is forgotten, and the vault has new keys.", "")
	} else {
		v.flash("The device is forgotten. The vault gets new keys when somebody next opens it.", "")
	}
	return v.goTo("/me/sessions")
}

// browser makes a few words of what a browser says of itself.
func browser(agent string) string {
	named := func(table [][2]string) string {
		for _, row := range table {
			if strings.Contains(agent, row[0]) {
				return row[1]
			}
		}
		return ""
	}
	name := named([][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"}, {"HeadlessChrome", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}})
	system := named([][2]string{{"Windows", "Windows"}, {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Mac OS", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}})
	switch {
	case name != "" && system != "":
		return name + " on " + system
	case name+system != "":
		return name + system
	case agent != "":
		return "Another program"
	}
	return "Unknown browser"
}
