package web

import (
	"context"
	"net/http"
	"strconv"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

func archiveCredential(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	made, err := v.app.Vault.ArchiveAll(v.ctx(), v.who, []vault.Chosen{{ID: c.ID}})
	if err != nil {
		return err
	}
	v.archived(made, homeOf(c), "")
	return v.finish(vaultView{base: baseOf(placeOf(c)), folder: v.text("folder")}.link())
}

func restoreCredential(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	made, err := v.app.Vault.RestoreAll(v.ctx(), v.who, []vault.Chosen{{ID: c.ID}})
	if err != nil {
		return err
	}
	was := homeOf(c)
	c.Archived = false
	v.restored(made, was)
	return v.finish(homeOf(c))
}

// saved offers to bring the state before an edit back. Where nothing was
// changed there is nothing to bring back.
func (v *visit) saved(c vault.Credential, version, before int64) {
	if version == before {
		v.flash("Nothing to change: all is as it was.", "")
		return
	}
	v.undoable("Credential saved.", homeOf(c), func(ctx context.Context, who gate.Actor) error {
		_, err := v.app.Vault.RestoreVersion(ctx, who, c.ID, version, version-1)
		return err
	})
}

// deleting is the page that asks for the title of what is deleted for good.
type deleting struct {
	vault.Credential
	versions int
	once     string
	typed    string
	problem  string
}

func showDeleteCredential(v *visit) error { return v.askDelete(http.StatusOK, deleting{}) }

func (v *visit) askDelete(status int, d deleting) (err error) {
	if d.Credential, err = v.credential(); err != nil {
		return err
	}
	if !d.MayDelete {
		return fault.NotFound()
	}
	history, err := v.app.Vault.History(v.ctx(), v.who, d.ID)
	if err != nil {
		return err
	}
	d.versions, d.once = len(history), once()
	crumbs, err := v.crumbsTo(placeOf(d.Credential))
	if err != nil {
		return err
	}
	f, err := v.frame("Delete for good", append(crumbs, ui.Crumb{Label: d.Title, Href: homeOf(d.Credential)})...)
	if err != nil {
		return err
	}
	return v.renderAs(status, credentialDeletePage(f, d))
}

func deleteCredential(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(v.text("version"), 10, 64)
	err = v.app.Vault.Delete(v.ctx(), v.who, c.ID, version, v.text("title"))
	if bad, ok := fieldErrors(err); ok {
		return v.askDelete(http.StatusUnprocessableEntity, deleting{typed: v.text("title"), problem: bad["title"]})
	}
	if err != nil {
		return err
	}
	v.flash("Credential deleted for good.", "")
	return v.goTo(vaultView{base: baseOf(placeOf(c)), archived: true}.link())
}
