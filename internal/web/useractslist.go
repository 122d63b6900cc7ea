package web

import (
	"bailiwick/internal/mail"
	"bailiwick/internal/people"
	"bailiwick/internal/web/ui/icon"
)

// plainly does an act that takes nothing but the user.
func plainly(do func(*visit, string) error) func(*visit, people.Person) (string, error) {
	return func(v *visit, p people.Person) (string, error) { return "", do(v, p.ID) }
}

// leaving goes on to the off-boarding page, where there is one.
func leaving(do func(*visit, string) error) func(*visit, people.Person) (string, error) {
	return func(v *visit, p people.Person) (string, error) {
		if err := do(v, p.ID); err != nil || p.Invited || v.visits() {
			return "", err
		}
		return usersPath + "/" + p.ID + "/off-boarding", nil
	}
}

// userActs are the acts in the order of the menu, which is people.Acts'.
var userActs = []userAct{
	{act: people.ViewAs, code: "a", label: "View as user", icon: icon.Users, path: "perspective"},
	{act: people.Edit, code: "b", label: "Edit", icon: icon.Edit, link: true},
	{act: seeing, code: "z", label: "What can this user see?", icon: icon.Reveal, link: true},
	{act: people.Approve, code: "c", label: "Approve", icon: icon.Success, about: aboutApprove, done: "Approved.",
		do: plainly(func(v *visit, id string) error { return v.app.People.Approve(v.ctx(), v.on(), id) })},
	{act: people.Unapprove, code: "d", label: "Make pending again", icon: icon.Job, about: aboutUnapprove, done: "The user waits for approval again.",
		do: plainly(func(v *visit, id string) error { return v.app.People.Unapprove(v.ctx(), v.on(), id) })},
	{act: people.Promote, code: "e", label: "Promote to administrator", icon: icon.Up, about: aboutPromote, done: "The user is an administrator now.",
		do: plainly(func(v *visit, id string) error { return v.app.People.Promote(v.ctx(), v.on(), id) })},
	{act: people.Demote, code: "f", label: "Demote to member", icon: icon.Down, about: aboutDemote, done: "The user is a member now.",
		do: plainly(func(v *visit, id string) error { return v.app.People.Demote(v.ctx(), v.on(), id) })},
	{act: people.AddMember, code: "g", label: "Add as member", icon: icon.Add, about: aboutAddMember, done: "The guest is a member now.",
		do: plainly(func(v *visit, id string) error { return v.app.People.AddMember(v.ctx(), v.on(), id) })},
	{act: people.MakeGuest, code: "h", label: "Make guest", icon: icon.User, about: aboutMakeGuest, done: "The member is a guest now.",
		do: leaving(func(v *visit, id string) error { return v.app.People.MakeGuest(v.ctx(), v.on(), id) })},
	{act: people.Resend, code: "i", label: "Resend invitation", icon: icon.Mail, about: aboutResend, done: "The invitation is on its way again.", mails: mail.Invitation,
		do: resendInvitation},
	{act: people.SendKey, code: "j", label: "Send organization key", icon: icon.Key, about: aboutSendKey, mails: mail.KeyLink,
		done: "The organization key is on its way: a link that opens the vault once, for 24 hours.",
		do:   plainly(func(v *visit, id string) error { return v.app.KeyLinks.Send(v.ctx(), v.who, id) })},
	{act: people.Reset, code: "k", label: "Reset user", icon: icon.Refresh, about: aboutReset, done: "A link that sets a new password is on its way.", mails: mail.PasswordReset, do: resetUser},
	{act: people.ResetFactor, code: "l", label: "Reset second factor", icon: icon.Factor, about: aboutResetFactor, done: "The second factor is removed. The next sign-in sets up a new one.",
		do: plainly(func(v *visit, id string) error { return v.app.People.ResetFactor(v.ctx(), v.on(), id) })},
	{act: people.Unlock, code: "m", label: "Unlock", icon: icon.Open, done: "Unlocked.",
		do: plainly(func(v *visit, id string) error { return v.app.People.Unlock(v.ctx(), v.on(), id) })},
	{act: people.EndSessions, code: "n", label: "End sessions", icon: icon.SignOut, about: aboutEndSessions, done: "All sessions and devices of the user are ended.",
		do: plainly(func(v *visit, id string) error { return v.app.People.EndSessions(v.ctx(), v.on(), id) })},
	{act: people.Disable, code: "o", label: "Disable", icon: icon.Ban, danger: true, about: aboutDisable, done: "The user is disabled.",
		do: leaving(func(v *visit, id string) error { return v.app.People.Disable(v.ctx(), v.on(), id) })},
	{act: people.Enable, code: "p", label: "Enable", icon: icon.Success, about: aboutEnable, done: "The user is enabled.",
		do: plainly(func(v *visit, id string) error { return v.app.People.Enable(v.ctx(), v.on(), id) })},
	{act: people.Offboard, code: "q", label: "Off-boarding", icon: icon.Flag, path: "off-boarding", link: true},
	{act: people.Delete, code: "r", label: "Delete", icon: icon.Delete, danger: true, about: aboutDelete, done: "The user is deleted.",
		do: plainly(func(v *visit, id string) error { return v.app.People.Delete(v.ctx(), v.on(), id, v.text("email")) })},
}

// resetUser sends the organization key first, where that was chosen: where it
// can't be sent, nothing else is.
func resetUser(v *visit, p people.Person) (string, error) {
	if v.text("along") != "" {
		if err := v.app.KeyLinks.Send(v.ctx(), v.who, p.ID); err != nil {
			return "", err
		}
	}
	sent, err := v.app.People.Reset(v.ctx(), v.on(), p.ID)
	if err == nil && sent.Link.Reveal() != "" {
		v.instead = func() error { return v.showSentReset(p, sent) }
	}
	return "", err
}
