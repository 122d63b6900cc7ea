package web

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui/icon"
)

// selectedAct is one act under "With selected". It is offered where it can be
// done to something on the page, and then to all of the chosen or to none.
type selectedAct struct {
	name, label string // without a label it is a second step, and no button
	icon        icon.Name
	archived    bool // of the archive, not of the list
	may         func(*vaultPage, vault.Credential) bool
	do          func(*visit, []vault.Chosen) error
}

// selectedActs is all of them, in the order of the bar.
func selectedActs() []selectedAct {
	return []selectedAct{
		{name: "move", label: "Move", icon: icon.Move, may: mayMove, do: askWhere},
		{name: "put", do: putSelected},
		{name: "type", label: "Change type", icon: icon.Tag, may: mayEdit, do: askType},
		{name: "retype", do: retypeSelected},
		{name: "flag", label: "Flag", icon: icon.Flag, may: mayEdit, do: askNote},
		{name: "flagged", do: flagSelected},
		{name: "unflag", label: "Clear flags", icon: icon.Check, may: mayUnflag, do: unflagSelected},
		{name: "lend", label: "Share passwords", icon: icon.Share, may: mayLend, do: askLend},
		{name: "lent", do: lendSelected},
		{name: "end", label: "Stop sharing", icon: icon.Unshare, may: mayUnshare, do: askUnshare},
		{name: "ended", do: endSelected},
		{name: "choose", label: "Choose for users", icon: icon.Users, may: mayChoose, do: askChoosing},
		{name: "chose", do: chooseSelected},
		{name: "share", label: "Share by link", icon: icon.Link, may: mayShare, do: askShareAll},
		{name: "link", do: shareAll},
		{name: "export", label: "Export", icon: icon.Export, may: mayExport, do: askExportChosen},
		{name: "archive", label: "Archive", icon: icon.Archive, may: mayArchive, do: archiveSelected},
		{name: "restore", label: "Restore", icon: icon.Restore, archived: true, may: mayArchive, do: restoreSelected},
	}
}

func mayMove(_ *vaultPage, c vault.Credential) bool    { return c.MayMove }
func mayEdit(_ *vaultPage, c vault.Credential) bool    { return c.MayEdit }
func mayUnflag(_ *vaultPage, c vault.Credential) bool  { return c.MayClear && len(c.Flags) > 0 }
func mayShare(_ *vaultPage, c vault.Credential) bool   { return c.MayShare }
func mayExport(_ *vaultPage, c vault.Credential) bool  { return c.MayExport }
func mayArchive(_ *vaultPage, c vault.Credential) bool { return c.MayArchive }

// offered are the acts of the bar that can be done to something on the page.
func (p *vaultPage) offered() (acts []selectedAct) {
	for _, a := range selectedActs() {
		if a.label != "" && a.archived == p.view.archived && p.may(func(c vault.Credential) bool { return a.may(p, c) }) {
			acts = append(acts, a)
		}
	}
	return acts
}

func actOnSelected(v *visit) error {
	chosen := v.chosen()
	if len(chosen) > vault.Most {
		return fault.Cannot("At most %s credentials can be chosen at a time, and these are %s. Nothing was changed. Filter the list, or choose folder by folder.", number(vault.Most), number(len(chosen)))
	}
	if len(chosen) == 0 {
		return fault.Cannot("No credential is chosen. Nothing was changed. Go back and choose some.")
	}
	for _, a := range selectedActs() {
		if a.name == v.text("act") {
			return a.do(v, chosen)
		}
	}
	return fault.NotFound()
}

// chosen is what the form names: a field "id" for each checked box, and "those"
// for rows that are not in the page, or with the versions that a step before
// has read.
func (v *visit) chosen() (all []vault.Chosen) {
	for _, id := range v.r.Form["id"] {
		all = append(all, vault.Chosen{ID: id})
	}
	for _, one := range strings.Fields(v.r.Form.Get("those")) {
		id, version, _ := strings.Cut(one, ":")
		n, _ := strconv.ParseInt(version, 10, 64)
		all = append(all, vault.Chosen{ID: id, Version: n})
	}
	return all
}

// those writes credentials with their versions for the next step.
func those(list []vault.Credential) string {
	all := make([]string, len(list))
	for i, c := range list {
		all[i] = c.ID + ":" + strconv.FormatInt(c.Version, 10)
	}
	return strings.Join(all, " ")
}

// onceEach is the actor with an idempotency key of the form and of what is
// chosen: a page that is used again after going back is another request.
func (v *visit) onceEach(chosen []vault.Chosen) gate.Actor {
	key := v.r.PostForm.Get("once")
	if key == "" {
		return v.who
	}
	parts := [][]byte{[]byte(key), []byte(v.text("act"))}
	for _, c := range chosen {
		parts = append(parts, []byte(c.ID))
	}
	return v.who.Once(hex.EncodeToString(seal.Hash(parts...))[:40], seal.Hash([]byte(v.r.URL.Path), []byte(v.r.PostForm.Encode())))
}

func askWhere(v *visit, chosen []vault.Chosen) error {
	m := moving{to: v.text("to"), folder: v.text("folder"), filter: v.text("filter"), back: v.backTo()}
	list, err := v.these(chosen, mayMove)
	if err != nil {
		return err
	}
	m.list, m.lost = list, len(chosen)-len(list)
	if v.text("chosen") != "" && v.text("chosen") != m.to { // another client: its root
		m.folder = ""
	}
	return v.showMoving(m)
}

// these reads the chosen that an act can be done to.
func (v *visit) these(chosen []vault.Chosen, may func(*vaultPage, vault.Credential) bool) ([]vault.Credential, error) {
	ids := make([]string, len(chosen))
	for i, c := range chosen {
		ids[i] = c.ID
	}
	found, err := v.app.Vault.Those(v.ctx(), v.who, ids)
	if err != nil {
		return nil, err
	}
	var list []vault.Credential
	for _, c := range found {
		if may(nil, c) {
			list = append(list, c)
		}
	}
	if len(list) == 0 {
		return nil, fault.NotFound()
	}
	return list, nil
}

func putSelected(v *visit, chosen []vault.Chosen) error {
	to := placeNamed(v.text("to"), v.text("folder"))
	all := make([]vault.Moving, len(chosen))
	for i, c := range chosen {
		all[i] = vault.Moving{Chosen: c, To: to}
	}
	made, err := v.app.Vault.MoveAll(v.ctx(), v.onceEach(chosen), all)
	if err != nil {
		return v.together(err)
	}
	back := vaultView{base: baseOf(to), folder: to.Folder}.link()
	if v.text("stay") != "" {
		back = v.backTo()
	}
	v.undoMove(made)
	return v.finish(back)
}

// undoMove offers to put what was moved back to where it lay.
func (v *visit) undoMove(made []vault.Changed) {
	words := happened(len(made), "moved")
	back := make([]vault.Moving, len(made))
	for i, c := range made {
		switch {
		case c.NoUndo && c.Was != "":
			v.flash(words+" There is no Undo for this: others may have seen it already. Archive it there if it was a mistake; yours is in your archive.", "")
			return
		case c.NoUndo:
			v.flash(words, "")
			return
		}
		back[i] = vault.Moving{Chosen: vault.Chosen{ID: c.ID, Version: c.Version}, To: c.From}
	}
	from := made[0].From
	if made[0].Was != "" {
		v.undoable(words+" The original is in the client's archive.", vaultView{base: baseOf(from), folder: from.Folder}.link(), func(ctx context.Context, who gate.Actor) error {
			return v.app.Vault.MoveBack(ctx, who, made)
		})
		return
	}
	v.undoable(words, vaultView{base: baseOf(from), folder: from.Folder}.link(), func(ctx context.Context, who gate.Actor) error {
		_, err := v.app.Vault.MoveAll(ctx, who, back)
		return err
	})
}

// archiveSelected leaves what another organization shares, which is not this
// side's to archive.
func archiveSelected(v *visit, chosen []vault.Chosen) error {
	var ids []string
	for _, c := range chosen {
		ids = append(ids, c.ID)
	}
	list, err := v.app.Vault.Those(v.ctx(), v.who, ids)
	if err != nil {
		return v.together(err)
	}
	theirs := map[string]bool{}
	for _, c := range list {
		theirs[c.ID] = c.Shared != nil && !c.Shared.Out
	}
	own := slices.DeleteFunc(slices.Clone(chosen), func(c vault.Chosen) bool { return theirs[c.ID] })
	if len(own) == 0 {
		return fault.Cannot("Nothing was archived: what is chosen is shared by another organization, and only that one can archive it. You can stop sharing it.")
	}
	made, err := v.app.Vault.ArchiveAll(v.ctx(), v.onceEach(own), own)
	if err != nil {
		return v.together(err)
	}
	v.archived(made, v.backTo(), stays(len(chosen)-len(own)))
	return v.finish(v.backTo())
}

func stays(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return " One is shared by another organization, and stays."
	}
	return fmt.Sprintf(" %d are shared by another organization, and stay.", n)
}

func restoreSelected(v *visit, chosen []vault.Chosen) error {
	made, err := v.app.Vault.RestoreAll(v.ctx(), v.onceEach(chosen), chosen)
	if err != nil {
		return v.together(err)
	}
	v.restored(made, v.backTo())
	return v.finish(v.backTo())
}

// archived and restored offer the other of the two as the way back.
func (v *visit) archived(made []vault.Changed, back, more string) {
	v.undoable(happened(len(made), "archived")+more, back, func(ctx context.Context, who gate.Actor) error {
		return fine(v.app.Vault.RestoreAll(ctx, who, asMade(made)))
	})
}

func (v *visit) restored(made []vault.Changed, back string) {
	v.undoable(happened(len(made), "restored"), back, func(ctx context.Context, who gate.Actor) error {
		return fine(v.app.Vault.ArchiveAll(ctx, who, asMade(made)))
	})
}

func happened(n int, what string) string {
	if n == 1 {
		return "Credential " + what + "."
	}
	return number(n) + " credentials " + what + "."
}

func fine(_ []vault.Changed, err error) error { return err }

// asMade names what an act changed, by the versions that it made.
func asMade(made []vault.Changed) (chosen []vault.Chosen) {
	for _, c := range made {
		if c.Version != 0 {
			chosen = append(chosen, vault.Chosen{ID: c.ID, Version: c.Version})
		}
	}
	return chosen
}

// together says of a conflict that the act was for all or for none.
func (v *visit) together(err error) error {
	if fault.Is(err, fault.Conflict) {
		return &fault.Error{Kind: fault.Conflict, Text: "Somebody else changed one of these credentials in the meantime. It is all or none: nothing was changed. Go back to the list and choose again."}
	}
	return err
}
