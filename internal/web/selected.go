package web

import (
	"cmp"
	"net/url"
	"strconv"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/vault"
)

// actOnSelected does something with several credentials: "move" asks where to,
// "put" moves, "archive" archives and "restore" takes that back; "flag" asks
// why, "flagged" flags, "unflag" clears flags and "reflag" takes that back. Each one is an
// act of its own; what is refused is counted and left as it was.
func actOnSelected(v *visit) error {
	ids := v.r.Form["id"]
	if len(ids) > mostSelected {
		return fault.Cannot("At most %d credentials can be chosen at a time. Nothing was changed.", mostSelected)
	}
	switch v.text("act") {
	case "move":
		return v.askWhere(ids)
	case "put":
		return v.putSelected(ids)
	case "archive":
		return v.archiveSelected(ids)
	case "restore":
		return v.restoreSelected(ids)
	case "flag":
		return v.askNote(ids)
	case "flagged":
		return v.flagSelected(ids)
	case "unflag":
		return v.unflagSelected(ids)
	case "reflag":
		return v.reflagSelected(ids)
	}
	return fault.NotFound()
}

func (v *visit) askWhere(ids []string) error {
	m := moving{to: v.text("to"), folder: v.text("folder"), filter: v.text("filter"), back: v.backTo()}
	for _, id := range ids {
		c, err := v.app.Vault.Get(v.ctx(), v.who, id)
		switch {
		case fault.Is(err, fault.Absent) || err == nil && !c.MayMove:
			m.lost++
		case err != nil:
			return err
		default:
			m.list = append(m.list, c)
		}
	}
	if len(m.list) == 0 {
		return fault.NotFound()
	}
	if v.text("chosen") != "" && v.text("chosen") != m.to { // another client: its root
		m.folder = ""
	}
	return v.showMoving(m)
}

// each does an act for each of several things. One form has one idempotency
// key, so each thing gets its own, made of that and of itself.
func (v *visit) each(ids []string, act func(who gate.Actor, id string) error) (done []string, err error) {
	var first error
	for _, id := range ids {
		who := v.who
		if key, request := v.onceKey(id); key != "" {
			who = who.Once(key, request)
		}
		switch err := act(who, id); {
		case err == nil:
			done = append(done, id)
		case fault.Is(err, fault.Absent), fault.Is(err, fault.Conflict), fault.Is(err, fault.Unacceptable):
			first = cmp.Or(first, err)
		default:
			return done, err
		}
	}
	if len(done) == 0 {
		return nil, cmp.Or(first, fault.NotFound())
	}
	return done, nil
}

func (v *visit) putSelected(ids []string) error {
	to := placeNamed(v.text("to"), v.text("folder"))
	var from []vault.Credential
	var made []string
	done, err := v.each(ids, func(who gate.Actor, id string) error {
		c, err := v.app.Vault.Get(v.ctx(), v.who, id)
		if err != nil {
			return err
		}
		if n, err := strconv.ParseInt(v.text("version-"+id), 10, 64); err == nil {
			c.Version = n
		}
		now, err := v.app.Vault.Move(v.ctx(), who, id, c.Version, to)
		if err == nil {
			from, made = append(from, c), append(made, now)
		}
		return err
	})
	if err != nil {
		return err
	}
	undo := ""
	if v.text("once") != "" { // an undo is not undone again
		undo = undoOfMove(from, made)
	}
	v.flash(outcome("moved", len(done), len(ids)), undo)
	return v.finish(vaultView{base: baseOf(to), folder: to.Folder}.link())
}

func (v *visit) archiveSelected(ids []string) error {
	done, err := v.each(ids, func(who gate.Actor, id string) error { return v.app.Vault.Archive(v.ctx(), who, id) })
	if err != nil {
		return err
	}
	undo := "/credentials/selected?" + url.Values{"act": {"restore"}, "id": done}.Encode()
	v.flash(outcome("archived", len(done), len(ids)), short(undo))
	return v.finish(v.backTo())
}

func (v *visit) restoreSelected(ids []string) error {
	done, err := v.each(ids, func(who gate.Actor, id string) error { return v.app.Vault.Restore(v.ctx(), who, id) })
	if err != nil {
		return err
	}
	v.flash(outcome("restored", len(done), len(ids)), "")
	return v.finish(v.backTo())
}

// outcome says how many of several it was done to.
func outcome(done string, n, of int) string {
	words := counted(n, "credential", "credentials") + " " + done + "."
	if n < of {
		words += " " + counted(of-n, "other was left as it was", "others were left as they were") + ": changed in between, or not yours to change."
	}
	return words
}

// versionsOf are the hidden fields of a form about several credentials.
func versionsOf(list []vault.Credential) [][2]string {
	var out [][2]string
	for _, c := range list {
		out = append(out, [2]string{c.ID, strconv.FormatInt(c.Version, 10)})
	}
	return out
}
