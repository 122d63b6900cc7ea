package web

import (
	"context"
	"net/http"
	"slices"

	"bailiwick/internal/gate"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

// retyping is the page that asks which type several credentials get.
type retyping struct {
	list    []vault.Credential
	typ     string
	types   []ui.Option
	back    string
	once    string
	lost    int
	problem string
}

func askType(v *visit, chosen []vault.Chosen) error {
	list, err := v.these(chosen, mayEdit)
	if err != nil {
		return err
	}
	return v.showRetyping(http.StatusOK, retyping{list: list, lost: len(chosen) - len(list), typ: list[0].Type})
}

func (v *visit) showRetyping(status int, r retyping) error {
	crumbs, err := v.crumbsTo(placeOf(r.list[0]))
	if err != nil {
		return err
	}
	kinds, err := v.app.Vault.KindsAt(v.ctx(), v.who, placeOf(r.list[0]))
	if err != nil {
		return err
	}
	if slices.ContainsFunc(r.list, received) {
		kinds = kinds.Received()
	}
	for _, t := range kinds.Offered() {
		r.types = append(r.types, ui.Option{Value: t.ID, Label: t.Name})
	}
	r.back, r.once = v.backTo(), once()
	f, err := v.frame("Change type", crumbs...)
	if err != nil {
		return err
	}
	return v.renderAs(status, retypePage(f, r))
}

func retypeSelected(v *visit, chosen []vault.Chosen) error {
	changes := make([]vault.TypeChange, len(chosen))
	for i, c := range chosen {
		changes[i] = vault.TypeChange{Chosen: c, Type: v.text("type")}
	}
	made, err := v.app.Vault.Retype(v.ctx(), v.onceEach(chosen), changes)
	if bad, ok := fieldErrors(err); ok && bad["type"] != "" {
		list, err := v.these(chosen, mayEdit)
		if err != nil {
			return err
		}
		return v.showRetyping(http.StatusUnprocessableEntity, retyping{list: list, lost: len(chosen) - len(list), typ: v.text("type"), problem: bad["type"]})
	}
	if err != nil {
		return v.together(err)
	}
	var back []vault.TypeChange
	for _, c := range made {
		if c.Version != 0 {
			back = append(back, vault.TypeChange{Chosen: vault.Chosen{ID: c.ID, Version: c.Version}, Type: c.Type})
		}
	}
	if len(back) == 0 {
		v.flash("Nothing to change: all of them had this type.", "")
		return v.finish(v.backTo())
	}
	v.undoable(counted(len(back), "credential has", "credentials have")+" another type.", v.backTo(), func(ctx context.Context, who gate.Actor) error {
		return fine(v.app.Vault.Retype(ctx, who, back))
	})
	return v.finish(v.backTo())
}
