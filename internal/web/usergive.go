package web

import (
	"slices"
	"strconv"
	"strings"

	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/people"
	"bailiwick/internal/web/ui"
)

// given is what somebody is to get, or all together.
type given struct {
	kind, level                 string
	account, userManager, key   bool
	clients, groups             []string
	services                    map[string]string // roles by knowledge base; none: what the kind has by default
	findClient, findGroup       string            // what is typed above the lists
	levelProblem, givenProblems string
}

const (
	kindMember        = "member"
	kindGuest         = "guest"
	kindAdministrator = "administrator"
)

// at names a field of the n-th person, or of all together.
func at(field string, n int) string {
	if n < 0 {
		return field
	}
	return field + "-" + strconv.Itoa(n)
}

// everybody stands for all together where a person's number is asked for.
const everybody = -1

func (v *visit) given(n int) given {
	services := map[string]string{}
	for field, values := range v.r.PostForm {
		if base, ok := strings.CutPrefix(field, "service-"); ok && values[0] != "" {
			if n < 0 && strings.HasPrefix(base, "kb_") && !strings.Contains(base, "-") {
				services[base] = values[0]
			} else if own, ok := strings.CutSuffix(base, "-"+strconv.Itoa(n)); ok && n >= 0 {
				services[own] = values[0]
			}
		}
	}
	return given{services: services, kind: v.text(at("kind", n)), level: v.text(at("level", n)), account: v.text(at("role_account", n)) != "",
		userManager: v.text(at("role_user_manager", n)) != "", key: v.text(at("key", n)) != "", clients: v.r.PostForm[at("client", n)], groups: v.r.PostForm[at("group", n)],
		findClient: v.text("find-" + at("client", n)), findGroup: v.text("find-" + at("group", n))}
}

// prefill chooses a member with the default level, as far as it can be given;
// in a knowledge base a guest, and Reader.
func (f addForm) prefill(g given) given {
	if f.base != nil {
		if g.services[f.base.ID] == "" {
			g.services[f.base.ID] = gate.Reader.String()
		}
		g.kind = kindGuest
		return g
	}
	if g.kind == "" {
		g.kind = kindMember
		if len(f.levels()) == 0 {
			g.kind = kindGuest
		}
		if f.adding.First && slices.ContainsFunc(f.kinds(), func(o ui.Option) bool { return o.Value == kindAdministrator }) {
			g.kind = kindAdministrator // who activates it comes first
		}
	}
	if g.level == "" {
		g.level = f.adding.DefaultLevel
	}
	return g
}

// levels are the members' levels that can be given.
func (f addForm) levels() (options []ui.Option) {
	for _, l := range f.adding.Levels {
		if l.May && !topLevel(l.ID) {
			options = append(options, ui.Option{Value: l.ID, Label: l.Name})
		}
	}
	return options
}

func (f addForm) kinds() (options []ui.Option) {
	if len(f.levels()) > 0 {
		options = append(options, ui.Option{Value: kindMember, Label: "Member"})
	}
	if !f.adding.Site {
		options = append(options, ui.Option{Value: kindGuest, Label: "Guest: no permission level, never sees the vault"})
	}
	if slices.ContainsFunc(f.adding.Levels, func(l people.Level) bool { return l.May && topLevel(l.ID) }) {
		label := "Administrator: may do everything"
		if f.adding.Site {
			label = "Site Administrator: manages the site"
		}
		options = append(options, ui.Option{Value: kindAdministrator, Label: label})
	}
	return options
}

// services are the knowledge bases that somebody, or all together, can be given
// a role in. A user gets one in the dialog's own alone.
func (f addForm) services(n int) []people.ServiceChoice {
	if f.base == nil || f.someNew(n) {
		return f.adding.Services
	}
	return f.adding.Services[:1]
}

// someNew reports whether the one, or any of those together, becomes a guest.
func (f addForm) someNew(n int) bool {
	if n >= 0 {
		return !f.people[n].user
	}
	return slices.ContainsFunc(f.people, func(p addPerson) bool { return !p.Apart && !p.user })
}

// serviceOptions are the roles that somebody can be given: up to the viewer's
// own, and what somebody new has without one.
func (f addForm) serviceOptions(s people.ServiceChoice) (all []ui.Option) {
	switch {
	case f.base == nil:
		all = []ui.Option{{Label: "Default: members " + kb.Word(s.Default) + ", guests None"}, {Value: gate.Public.String(), Label: "None"}}
	case s.ID != f.base.ID:
		all = []ui.Option{{Label: "None"}}
	}
	for r := gate.Reader; r <= s.Own; r++ {
		all = append(all, ui.Option{Value: r.String(), Label: kb.Word(r)})
	}
	return all
}
