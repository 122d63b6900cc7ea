package web

import (
	"net/url"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

func (s *Server) flagRoutes() {
	s.signed("GET /credentials/{id}/flag", showFlag)
	s.signed("POST /credentials/{id}/flag", flagCredential)
	s.signed("POST /credentials/{id}/unflag", unflagCredential)
	s.signed("POST /credentials/{id}/reflag", reflagCredential)
}

// causeLook is how a cause is shown.
var causeLook = map[string]ui.BadgeParams{
	vault.Manual:   {Label: "Flagged", Icon: icon.Flag, Kind: ui.Danger},
	vault.ADChange: {Label: "AD change", Icon: icon.ADChange, Kind: ui.Violet},
	vault.Touched:  {Label: "Touched", Icon: icon.Touched, Kind: ui.Warning},
	vault.Unshared: {Label: "Unshared", Icon: icon.Users, Kind: ui.Warning},
	vault.Expired:  {Label: "Expired", Icon: icon.Expired, Kind: ui.Danger},
	vault.Weak:     {Label: "Weak", Icon: icon.Weak, Kind: ui.Warning},
	vault.Reused:   {Label: "Reused", Icon: icon.Reused, Kind: ui.Info},
}

// flagReason says in a sentence why a password should be changed.
func flagReason(f vault.Flag) string {
	switch f.Cause {
	case vault.Manual:
		return f.Note
	case vault.ADChange:
		return "The directory has another password."
	case vault.Touched:
		return f.AboutName + " has seen it, and lost access on " + day(f.Set) + "."
	case vault.Unshared:
		return "Whoever it was shared with may still know it."
	case vault.Expired:
		if f.About == vault.ByPolicy {
			return "It is older than the rotation policy of the client allows."
		}
		return "Its expiry date has passed."
	case vault.Weak:
		return "It is below the minimums of your organization."
	case vault.Reused:
		return "Another credential has the same password."
	}
	return ""
}

// flagLook is a flag with its reason.
func flagLook(f vault.Flag) ui.BadgeParams {
	p := causeLook[f.Cause]
	p.Title = flagReason(f)
	return p
}

// flagForm is the page that asks for the note, for one or several.
type flagForm struct {
	list    []vault.Credential
	note    string
	problem string
	back    string
	lost    int // of those chosen, that can't be flagged
}

func (f flagForm) title() string {
	if len(f.list) == 1 {
		return "Flag " + f.list[0].Title
	}
	return "Flag " + counted(len(f.list), "credential", "credentials")
}

func showFlag(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	if !c.MayEdit {
		return fault.NotFound()
	}
	f := flagForm{list: []vault.Credential{c}, back: homeOf(c)}
	for _, flag := range c.Flags {
		f.note += flag.Note
	}
	return v.showFlagForm(200, f)
}

func (v *visit) showFlagForm(status int, f flagForm) error {
	crumbs, err := v.crumbsTo(placeOf(f.list[0]))
	if err != nil {
		return err
	}
	frame, err := v.frame(f.title(), crumbs...)
	if err != nil {
		return err
	}
	return v.renderAs(status, flagPage(frame, f))
}

func flagCredential(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	note := v.lines("note")
	err = v.app.Vault.Flag(v.ctx(), v.who, c.ID, note)
	if by, ok := fieldErrors(err); ok {
		return v.showFlagForm(422, flagForm{list: []vault.Credential{c}, note: note, problem: by["note"], back: homeOf(c)})
	}
	if err != nil {
		return err
	}
	v.flash("The credential is flagged.", "")
	return v.goTo(homeOf(c))
}

func unflagCredential(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	if err := v.app.Vault.Unflag(v.ctx(), v.who, c.ID, v.text("cause")); err != nil {
		return err
	}
	v.flash("The flags are cleared.", "/credentials/"+url.PathEscape(c.ID)+"/reflag")
	return v.finish(homeOf(c))
}

func reflagCredential(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	if err := v.app.Vault.Reflag(v.ctx(), v.who, c.ID); err != nil {
		return err
	}
	v.flash("The flags are back.", "")
	return v.finish(homeOf(c))
}

// askNote asks why the selected credentials are to be changed.
func (v *visit) askNote(ids []string) error {
	f := flagForm{back: v.backTo()}
	for _, id := range ids {
		c, err := v.app.Vault.Get(v.ctx(), v.who, id)
		switch {
		case fault.Is(err, fault.Absent) || err == nil && !c.MayEdit:
			f.lost++
		case err != nil:
			return err
		default:
			f.list = append(f.list, c)
		}
	}
	if len(f.list) == 0 {
		return fault.NotFound()
	}
	return v.showFlagForm(200, f)
}

func (v *visit) flagSelected(ids []string) error {
	if note := v.lines("note"); note != "" {
		done, err := v.each(ids, func(who gate.Actor, id string) error { return v.app.Vault.Flag(v.ctx(), who, id, note) })
		if err != nil {
			return err
		}
		v.flash(outcome("flagged", len(done), len(ids)), "")
		return v.finish(v.backTo())
	}
	return fault.Bad("note", "Say why they should be changed. Nothing was flagged.")
}

func (v *visit) unflagSelected(ids []string) error {
	done, err := v.each(ids, func(who gate.Actor, id string) error { return v.app.Vault.Unflag(v.ctx(), who, id, "") })
	if err != nil {
		return err
	}
	undo := "/credentials/selected?" + url.Values{"act": {"reflag"}, "id": done}.Encode()
	v.flash(clearedOutcome(len(done), len(ids)), short(undo))
	return v.finish(v.backTo())
}

func (v *visit) reflagSelected(ids []string) error {
	done, err := v.each(ids, func(who gate.Actor, id string) error { return v.app.Vault.Reflag(v.ctx(), who, id) })
	if err != nil {
		return err
	}
	v.flash("The flags of "+counted(len(done), "credential are back.", "credentials are back."), "")
	return v.finish(v.backTo())
}

func clearedOutcome(n, of int) string {
	words := "The flags of " + counted(n, "credential are cleared.", "credentials are cleared.")
	if n < of {
		words += " " + counted(of-n, "other had none, or is", "others had none, or are") + " not yours to clear."
	}
	return words
}

// flaggedBelow counts the flagged credentials in each folder and below.
func (p *vaultPage) flaggedBelow() map[string]int {
	parents, below := map[string]string{}, map[string]int{}
	for _, f := range p.folders {
		parents[f.ID] = f.ParentID
	}
	for folder, n := range p.flagged {
		for f := folder; f != ""; f = parents[f] {
			below[f] += n
		}
	}
	return below
}

// allFlagged counts those of the whole page's place.
func (p *vaultPage) allFlagged() (n int) {
	for _, m := range p.flagged {
		n += m
	}
	return n
}

// onlyFlagged is the same view with the filter switched.
func (w vaultView) onlyFlagged() string {
	w.flagged, w.after, w.selected = !w.flagged, "", ""
	return w.link()
}

// twins are the other credentials with the password of the one in the panel.
func (p *vaultPage) twins(c vault.Credential) ([]vault.Credential, error) {
	if !c.Has(vault.Reused) || !c.MayReveal || p.me.Looking {
		return nil, nil
	}
	list, _, err := p.app.Vault.Twins(p.ctx(), p.who, c.ID)
	return list, err
}
