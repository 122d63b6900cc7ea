package people

import (
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

// Act is something that can be done to another user.
type Act string

// The acts, as the Actions menu names them in its order.
const (
	ViewAs      Act = "view-as"
	Edit        Act = "edit"
	Approve     Act = "approve"
	Unapprove   Act = "unapprove"
	Promote     Act = "promote"
	Demote      Act = "demote"
	AddMember   Act = "add-as-member"
	MakeGuest   Act = "make-guest"
	Resend      Act = "resend"
	SendKey     Act = "send-key"
	Reset       Act = "reset"
	ResetFactor Act = "reset-factor"
	Unlock      Act = "unlock"
	EndSessions Act = "end-sessions"
	Disable     Act = "disable"
	Enable      Act = "enable"
	Offboard    Act = "off-board"
	Delete      Act = "delete"
)

// Acts are all of them, in the order of the menu.
func Acts() []Act {
	return []Act{ViewAs, Edit, Approve, Unapprove, Promote, Demote, AddMember, MakeGuest, Resend, SendKey, Reset, ResetFactor, Unlock, EndSessions, Disable, Enable, Offboard, Delete}
}

// rule is what an act needs besides rank. Why says what stands against it in
// the user's present state, "" if nothing does.
type rule struct {
	needs []perm.P // all of them
	any   []perm.P // one of them
	why   func(Person) string
}

func always(Person) string { return "" }

// unless refuses an act with a reason where a state holds.
func unless(pairs ...any) func(Person) string {
	return func(p Person) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i].(func(Person) bool)(p) {
				return pairs[i+1].(string)
			}
		}
		return ""
	}
}

func disabled(p Person) bool { return !p.Enabled }
func enabled(p Person) bool  { return p.Enabled }
func invited(p Person) bool  { return p.Invited }
func guest(p Person) bool    { return p.Kind == "guest" }
func not(is func(Person) bool) func(Person) bool {
	return func(p Person) bool { return !is(p) }
}

const (
	notAccepted = "The invitation was not accepted yet. Resend it instead."
	isDisabled  = "This user is disabled. Enable the user first."
	noGuest     = "A guest has no permission level and no vault. Add the guest as a member first."
)

var rules = map[Act]rule{
	ViewAs: {needs: []perm.P{perm.UserPerspective}, why: always},
	Edit: {any: []perm.P{perm.UserEdit, perm.UserDisable, perm.PermissionsEdit, perm.EditAccessAssignments, perm.SecurityGroupsManage, perm.OrganizationAdmin},
		why: always},
	Approve:   {needs: []perm.P{perm.UserEdit}, why: unless(func(p Person) bool { return p.Approved }, "This user is approved already.")},
	Unapprove: {needs: []perm.P{perm.UserEdit}, why: unless(func(p Person) bool { return !p.Approved }, "This user is not approved.")},
	Promote: {needs: []perm.P{perm.OrganizationAdmin}, why: unless(func(p Person) bool { return p.Kind == "administrator" }, "This user is an administrator already.",
		guest, noGuest)},
	Demote:    {needs: []perm.P{perm.OrganizationAdmin}, why: unless(func(p Person) bool { return p.Kind != "administrator" }, "This user is no administrator.")},
	AddMember: {needs: []perm.P{perm.UserAdd, perm.PermissionsEdit}, why: unless(not(guest), "This user is a member already.")},
	MakeGuest: {needs: []perm.P{perm.UserAdd, perm.PermissionsEdit}, why: unless(guest, "This user is a guest already.",
		func(p Person) bool { return p.Kind == "administrator" }, "Demote the administrator first.")},
	Resend:      {needs: []perm.P{perm.UserAdd}, why: unless(not(invited), "This user has accepted the invitation.", disabled, isDisabled)},
	SendKey:     {needs: []perm.P{perm.UserEdit}, why: unless(disabled, isDisabled, guest, noGuest)},
	Reset:       {needs: []perm.P{perm.UserEdit}, why: unless(disabled, isDisabled, invited, notAccepted)},
	ResetFactor: {needs: []perm.P{perm.UserEdit}, why: unless(invited, notAccepted, func(p Person) bool { return p.Factor == "" }, "This user has no second factor.")},
	Unlock:      {needs: []perm.P{perm.AdminManageUserLockouts}, why: unless(func(p Person) bool { return p.LockedUntil.IsZero() }, "This user is not locked out.")},
	EndSessions: {needs: []perm.P{perm.UserDisable}, why: unless(invited, notAccepted)},
	Disable:     {needs: []perm.P{perm.UserDisable}, why: unless(disabled, "This user is disabled already.")},
	Enable:      {needs: []perm.P{perm.UserDisable}, why: unless(enabled, "This user is enabled already.")},
	Offboard:    {needs: []perm.P{perm.UserDisable}, why: unless(func(p Person) bool { return p.offboarding == "" }, "Nothing is to be off-boarded: the user was not disabled.")},
	Delete: {needs: []perm.P{perm.UserDisable}, why: unless(func(p Person) bool { return p.Enabled && !p.Invited },
		"Disable the user first: that opens the off-boarding page. Then the user can be deleted.",
		func(p Person) bool { return p.offboarding == "open" }, "Finish the off-boarding page first. Then the user can be deleted.")},
}

// guestly are acts that a site lacks, for it has no guests; inside those that
// its provider leaves to the site.
var (
	guestly = map[Act]bool{AddMember: true, MakeGuest: true}
	inside  = map[Act]bool{ViewAs: true, Promote: true, Demote: true, SendKey: true, Offboard: true}
)

// may reports whether the actor has the rights and the rank for an act, and
// what stands against it as things are. Buttons, menus and the acts themselves
// ask it.
func may(tx *gate.Tx, act Act, p Person) (ok bool, why string) {
	r, known := rules[act]
	if !known || tx.Site() && guestly[act] || tx.Visits() && inside[act] {
		return false, ""
	}
	for _, n := range r.needs {
		if !tx.Has(n) {
			return false, ""
		}
	}
	one := len(r.any) == 0
	for _, n := range r.any {
		one = one || tx.Has(n)
	}
	if act == ViewAs {
		return one && tx.Looks(p.ID), r.why(p)
	}
	if _, ranks := tx.Outranks(p.ID); !ranks || act == SendKey && !tx.Who().Open() {
		return false, ""
	}
	return one, r.why(p)
}

// judge fills in what the viewer may do to users now. A guest is added with the
// default level: not by whom it goes beyond.
func judge(tx *gate.Tx, people ...*Person) error {
	asked, gives := false, false
	for _, p := range people {
		p.May = map[Act]bool{}
		for _, a := range Acts() {
			if ok, why := may(tx, a, *p); ok && why == "" {
				p.May[a] = true
			}
		}
		if !p.May[AddMember] {
			continue
		}
		if !asked {
			st, err := ReadSettings(tx)
			if err != nil {
				return err
			}
			text, err := giveable(tx, st.DefaultLevel, st.DefaultLevel)
			if err != nil {
				return err
			}
			asked, gives = true, text == ""
		}
		if !gives {
			delete(p.May, AddMember)
		}
	}
	return nil
}
