package matrix

import (
	"bailiwick/internal/gate"
	"bailiwick/internal/refmodel"
)

// on does an act on a random other user whose state allows it, and to the model
// what it means.
func (h *history) on(op string, do func(gate.Actor, string) error, fits func(*refmodel.User) bool, change func(u *refmodel.User, name string)) bool {
	who, a, _ := h.who()
	name := h.pick("user", names(h.org.Users))
	u := h.org.Users[name]
	if name == "admin" || u.Invited || !fits(u) {
		return false
	}
	ok := h.judge(try(op, a, thing("user", name), refmodel.Target{}), do(who, h.id("user", name)))
	if ok {
		change(u, name)
	}
	return ok
}

func (h *history) approve() bool {
	return h.on("user.approve", func(who gate.Actor, id string) error { return h.People.Approve(h.ctx, who, id) },
		func(u *refmodel.User) bool { return !u.Approved }, func(u *refmodel.User, _ string) { u.Approved = true })
}

func (h *history) unapprove() bool {
	return h.on("user.approve", func(who gate.Actor, id string) error { return h.People.Unapprove(h.ctx, who, id) },
		func(u *refmodel.User) bool { return u.Approved }, func(u *refmodel.User, _ string) { u.Approved = false })
}

func (h *history) enableUser() bool {
	return h.on("user.enable", func(who gate.Actor, id string) error { return h.People.Enable(h.ctx, who, id) },
		func(u *refmodel.User) bool { return !u.Enabled }, func(u *refmodel.User, _ string) { u.Enabled = true })
}

func (h *history) promote() bool {
	return h.on("user.promote", func(who gate.Actor, id string) error { return h.People.Promote(h.ctx, who, id) },
		func(u *refmodel.User) bool { return u.Kind == "member" },
		func(u *refmodel.User, name string) {
			h.earlier[name] = *u
			u.Kind, u.Level, u.Permissions = "administrator", h.org.Users["admin"].Level, nil
		})
}

// demote takes back a promotion; who never was a member gets the default level.
func (h *history) demote() bool {
	return h.on("user.demote", func(who gate.Actor, id string) error { return h.People.Demote(h.ctx, who, id) },
		func(u *refmodel.User) bool { return u.Kind == "administrator" },
		func(u *refmodel.User, name string) {
			was, promoted := h.earlier[name]
			if !promoted {
				was = refmodel.User{Level: "Technician - Assigned Access"}
			}
			u.Kind, u.Level, u.Permissions = "member", was.Level, was.Permissions
			delete(h.earlier, name)
		})
}
