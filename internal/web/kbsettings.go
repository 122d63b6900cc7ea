package web

import (
	"net/http"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/web/ui"
)

// kbSettings is the page of a knowledge base's settings.
type kbSettings struct {
	kbFrame
	in    kb.Settings
	name  string
	path  string
	bad   map[string]string
	stale bool
	roles []ui.Option
	site  bool
	shut  bool // the organization lets nobody register
}

func (s kbSettings) role() string { return s.in.DefaultRole.String() }

func (v *visit) showKBSettings(status int, s kbSettings) (err error) {
	if s.kbFrame, err = v.kbFrame("Settings", "Settings", gate.Admin); err != nil {
		return err
	}
	if s.bad == nil && !s.stale {
		s.in = kb.Settings{Description: s.base.Description, DefaultRole: s.base.DefaultRole, SelfRegistration: s.base.SelfRegistration, AsksHelpful: s.base.AsksHelpful}
	}
	if s.name == "" {
		s.name, s.path = s.base.Name, s.base.Path
	}
	s.site = v.me.Site
	_, _, open, err := v.registering(v.me.Slug, "")
	if err != nil {
		return err
	}
	s.shut = !open
	of := s.base.Default
	if s.base.DefaultRole != 0 {
		of = 0
	}
	organization := "The organization's default"
	if of != 0 {
		organization += ": " + kb.Word(of)
	}
	s.roles = append([]ui.Option{{Value: "", Label: organization}}, memberRoles...)
	return v.renderAs(status, kbSettingsPage(s))
}

func (s kbSettings) registerHint() string {
	text := "Who registers becomes a guest and Reader of this knowledge base, after the address was confirmed, and approval where that is required."
	if s.shut {
		return "This has no effect now: self-registration is off for the whole organization, in its People settings. " + text
	}
	return text
}

func showBaseSettings(v *visit) error { return v.showKBSettings(http.StatusOK, kbSettings{}) }

func saveBaseSettings(v *visit) error {
	role, _ := gate.RoleNamed(v.text("default_role"))
	s := kbSettings{in: kb.Settings{Description: v.text("description"), DefaultRole: role, SelfRegistration: v.text("self_registration") != "", AsksHelpful: v.text("asks_helpful") != ""}}
	_, err := v.app.Bases.Set(v.ctx(), v.who, v.r.PathValue("base"), v.versionRead(), s.in)
	return v.settingsSaved(s, err, v.r.PathValue("base"))
}

func renameBase(v *visit) error {
	s := kbSettings{name: v.text("name"), path: v.text("path")}
	_, err := v.app.Bases.Rename(v.ctx(), v.who, v.r.PathValue("base"), v.versionRead(), s.name, s.path)
	return v.settingsSaved(s, err, s.path)
}

// settingsSaved answers a change of settings.
func (v *visit) settingsSaved(s kbSettings, err error, path string) error {
	bad, invalid := fieldErrors(err)
	switch {
	case err == nil:
		v.flash("Settings saved.", "")
		return v.goTo(kbPath + "/" + path + "/settings")
	case invalid:
		s.bad = bad
		return v.showKBSettings(door.Status(err), s)
	case fault.Is(err, fault.Conflict):
		s.stale = true
		return v.showKBSettings(door.Status(err), s)
	}
	return err
}

func (v *visit) showBaseDelete(status int, bad string) error {
	k, err := v.kbFrame("Delete", "Settings", gate.Public)
	if err != nil {
		return err
	}
	w, err := v.app.Bases.Weigh(v.ctx(), v.who, k.base.ID)
	if err != nil {
		return err
	}
	return v.renderAs(status, deleteKBPage(k, w, bad))
}

func showDeleteBase(v *visit) error { return v.showBaseDelete(http.StatusOK, "") }

func deleteBase(v *visit) error {
	err := v.app.Bases.Delete(v.ctx(), v.who, v.r.PathValue("base"), v.text("name"))
	if bad, ok := fieldErrors(err); ok {
		return v.showBaseDelete(door.Status(err), bad["name"])
	}
	if err != nil {
		return err
	}
	v.flash("Knowledge base deleted.", "")
	return v.goTo(kbPath)
}
