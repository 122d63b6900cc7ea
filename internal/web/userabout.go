package web

import (
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/web/ui"
)

// What the pages of acts say: whom an act is about, what it does, what ends.

func who(e people.Editing) string { return shownName(e.Person) }

func aboutApprove(e people.Editing) asking {
	a := asking{title: "Approve " + who(e) + "?", does: "Approve", effect: who(e) + " then reaches what the permission level, clients and groups give, and is told by mail."}
	if e.Kind == "guest" {
		a.effect = who(e) + " then reaches what is shared with guests one by one, and is told by mail. A guest has no permission level and no vault."
	} else if e.Invited {
		a.effect = who(e) + " then reaches what the permission level, clients and groups give, once the invitation is accepted."
	}
	return a
}

func aboutUnapprove(e people.Editing) asking {
	return asking{title: "Make " + who(e) + " pending again?", does: "Make pending again", danger: true, ends: sessionsOf(e),
		effect: who(e) + " can still sign in, but reaches only public content until somebody approves again. Sessions end now."}
}

func aboutPromote(e people.Editing) asking {
	return asking{title: "Make " + who(e) + " an administrator?", does: "Promote", danger: true,
		effect: who(e) + " then has every permission and reaches " + everything(e) + ". The present level, " + e.LevelName + ", comes back with a demotion."}
}

// everything is what an administrator reaches: a site has no clients.
func everything(e people.Editing) string {
	if e.Level == perm.LevelSiteUser || e.Level == perm.LevelSiteUserLimited {
		return "everything here"
	}
	return "every client"
}

func aboutDemote(e people.Editing) asking {
	return asking{title: "Make " + who(e) + " a member?", does: "Demote", danger: true,
		effect: who(e) + " is no administrator then. The permission level from before comes back; where there was none, it is the default level."}
}

func aboutAddMember(e people.Editing) asking {
	return asking{title: "Add " + who(e) + " as a member?", does: "Add as member",
		effect: "The guest gets the default permission level. To open the vault, a new member needs the Organization Key, or the link that Send organization key makes."}
}

func aboutMakeGuest(e people.Editing) asking {
	return asking{title: "Make " + who(e) + " a guest?", does: "Make guest", danger: true, ends: append(sessionsOf(e), "permission level, clients, security groups and account roles"),
		effect: "Vault access ends as in disabling, and the vault gets new keys. Roles in knowledge bases stay. The off-boarding page then lists every password that " + who(e) + " has seen."}
}

func aboutResend(e people.Editing) asking {
	effect := "A new link goes to " + e.Email + ". The earlier one no longer works."
	switch {
	case e.KeyAlong && e.May[people.SendKey]:
		effect += " The organization-key link that went along is made anew, too."
	case e.KeyAlong:
		effect += " The organization-key link that went along is not made anew, and ends when it was to end: that takes somebody who may send the organization key, with an open vault."
	}
	return asking{title: "Send the invitation again to " + who(e) + "?", does: "Resend invitation", effect: effect,
		message: &ui.TextareaParams{Name: "message", Label: "Message", Optional: true, Rows: 4, Hint: "It stands in the mail, in your name. At most 2,000 characters."}}
}

func aboutSendKey(e people.Editing) asking {
	return asking{title: "Send the organization key to " + who(e) + "?", does: "Send organization key",
		effect: "A link goes to " + e.Email + " that opens the vault in one browser, once, within 24 hours, and only after " + who(e) + " has signed in. The key itself is shown to nobody. An earlier link no longer works."}
}

func aboutReset(e people.Editing) asking {
	a := asking{title: "Reset " + who(e) + "?", does: "Send the reset link",
		effect: "A link goes to " + e.Email + " that sets a new password, once. Nobody else sees or sets it. All sessions and devices end when it is used; without the recovery code the personal vault is then destroyed, which the page says first."}
	if e.May[people.SendKey] {
		a.box = &ui.CheckboxParams{Name: "along", Value: "1", Label: "Send the organization key along", Hint: "A second link, for whoever has no recovery code: it opens the vault after signing in, within 24 hours."}
	}
	return a
}

func aboutResetFactor(e people.Editing) asking {
	return asking{title: "Reset the second factor of " + who(e) + "?", does: "Reset second factor", danger: true, ends: []string{e.Factor, "the recovery codes"},
		effect: "The next sign-in needs the password alone and leads through setting up a new one. Make sure that it is really " + who(e) + " who asks, for example by telephone. A mail tells " + who(e) + "."}
}

func aboutEndSessions(e people.Editing) asking {
	return asking{title: "End all sessions of " + who(e) + "?", does: "End sessions", danger: true, ends: append(sessionsOf(e), devicesOf(e)...),
		effect: who(e) + " is signed out everywhere at once, and what is being typed there is lost. Known devices need the Organization Key again, and the vault gets new keys."}
}

func aboutDisable(e people.Editing) asking {
	a := asking{title: "Disable " + who(e) + "?", does: "Disable " + who(e), danger: true}
	then := " The off-boarding page then lists every password that " + who(e) + " has seen."
	if e.Visited {
		then = " " + seenThere(e)
	}
	switch {
	case e.Invited:
		a.effect, a.ends = who(e)+" can no longer accept the invitation.", []string{"the invitation"}
	case e.Ends.Linger:
		a.ends = append(devicesOf(e), tokensOf(e)...)
		a.effect = who(e) + " can no longer sign in. Running sessions (" + number(e.Ends.Sessions) + " now) go on until sign-out or expiry, as the settings say." + then
	default:
		a.ends = append(append(sessionsOf(e), devicesOf(e)...), tokensOf(e)...)
		a.effect = who(e) + " can no longer sign in, and the vault gets new keys." + then
	}
	return a
}

// seenThere says where the passwords are that a user of a site has seen: its
// provider does not know them.
func seenThere(e people.Editing) string {
	return "Which passwords " + who(e) + " has seen is known in the site only: its administrator finds them under Off-boarding. Tell them."
}

func aboutEnable(e people.Editing) asking {
	a := asking{title: "Enable " + who(e) + "?", does: "Enable", effect: who(e) + " can sign in again, with the rights from before. To open the vault it takes the Organization Key, or the link that Send organization key makes."}
	if e.Visited {
		a.effect = who(e) + " can sign in again, with the rights from before. To open the vault it takes the site's Organization Key, or a link for it: both come from the site's own administrator."
	}
	return a
}

func aboutDelete(e people.Editing) asking {
	a := asking{title: "Delete " + who(e) + " for good?", does: "Delete " + who(e), danger: true, ends: []string{"the account with its level, clients, groups and roles", "the personal vault, which nobody can bring back"},
		effect: "Nothing undoes this. The audit log keeps the name as it was. The same address can be added later, as somebody new without any rights.",
		field:  &ui.FieldParams{Name: "email", Label: "Type the email of this user", Mono: true, Required: true, InputMode: "email", Placeholder: e.Email}}
	if e.Invited {
		a.ends = []string{"the invitation, with what it would have given"}
	}
	return a
}

func sessionsOf(e people.Editing) []string {
	return some(e.Ends.Sessions, "session", "sessions")
}
func devicesOf(e people.Editing) []string {
	return some(e.Ends.Devices, "known device", "known devices")
}
func tokensOf(e people.Editing) []string { return some(e.Ends.Tokens, "API token", "API tokens") }

func some(n int, one, many string) []string {
	if n == 0 {
		return nil
	}
	return []string{counted(n, one, many)}
}
