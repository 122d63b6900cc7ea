package web

import (
	"context"
	"strconv"

	"bailiwick/internal/gate"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

// historyPage is the versions of a credential, the present one first.
type historyPage struct {
	*visit
	credential vault.Credential
	versions   []vault.Version
	shown      int64 // without script: the version whose secret is shown
	revealed   *revealed
}

func showHistory(v *visit) error { return v.showHistory(0, nil) }

func (v *visit) showHistory(shown int64, secret *revealed) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	p := historyPage{visit: v, credential: c, shown: shown, revealed: secret}
	if p.versions, err = v.app.Vault.History(v.ctx(), v.who, c.ID); err != nil {
		return err
	}
	crumbs, err := v.crumbsTo(placeOf(c))
	if err != nil {
		return err
	}
	f, err := v.frame("History", append(crumbs, ui.Crumb{Label: c.Title, Href: "/credentials/" + c.ID})...)
	if err != nil {
		return err
	}
	return v.render(historyPageOf(f, p))
}

func (v *visit) version() int64 {
	n, _ := strconv.ParseInt(v.r.PathValue("version"), 10, 64)
	return n
}

func revealVersion(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	secret, err := v.app.Vault.RevealVersion(v.ctx(), v.who, c.ID, v.version())
	if err != nil {
		return err
	}
	r := revealedOf(c, v.version(), secret)
	if v.partial() {
		return v.render(revealedSecret(r))
	}
	return v.showHistory(v.version(), &r)
}

func restoreVersion(v *visit) error {
	present, _ := strconv.ParseInt(v.text("present"), 10, 64)
	id := v.r.PathValue("id")
	version, err := v.app.Vault.RestoreVersion(v.ctx(), v.who, id, present, v.version())
	if err != nil {
		return err
	}
	back := "/credentials/" + id + "/history"
	if version == present {
		v.flash("Nothing to change: that version is like the present one.", "")
		return v.goTo(back)
	}
	v.undoable("The earlier version is the present one now. What was before stays in the history.", back, func(ctx context.Context, who gate.Actor) error {
		_, err := v.app.Vault.RestoreVersion(ctx, who, id, version, present)
		return err
	})
	return v.goTo(back)
}

// changedWords says what a version changed.
func changedWords(x vault.Version, first bool) string {
	switch {
	case x.ChangedByName == "": // who did what is not for the other side to see
		return "Saved"
	case len(x.Fields) > 0:
		return "changed " + fieldNames(x.Fields)
	case first && x.Version == 1: // the other side sees no more than what came after
		return "added it"
	}
	return "saved it"
}
