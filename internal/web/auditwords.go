package web

import (
	"strings"
	"sync"

	"bailiwick/internal/audit"
	"bailiwick/internal/gate"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

// act is how the log speaks of an operation: "Ada Admin <does> <target>".
type act struct {
	does   string
	icon   icon.Name
	kind   ui.Kind
	change bool // shown among the recent changes
}

var acts = map[string]act{
	"credential.reveal":             {"saw the secret of", icon.Reveal, ui.Warning, false},
	"credential.copy":               {"copied the secret of", icon.Copy, ui.Warning, false},
	"credential.reveal.version":     {"saw an earlier secret of", icon.Reveal, ui.Warning, false},
	"credential.restore.version":    {"restored an earlier version of", icon.History, ui.Info, true},
	"credential.reveal.field":       {"saw the custom field", icon.Reveal, ui.Warning, false},
	"credential.copy.field":         {"copied the custom field", icon.Copy, ui.Warning, false},
	"credential.code":               {"took a one-time code of", icon.Code, ui.Warning, false},
	"credential.totp":               {"changed the TOTP secret of", icon.Code, ui.Info, true},
	"credential.settings.save":      {"changed the settings about credentials", icon.Settings, ui.Info, true},
	"type.add":                      {"added the credential type", icon.Tag, ui.Success, true},
	"type.edit":                     {"changed the credential type", icon.Tag, ui.Info, true},
	"type.delete":                   {"deleted the credential type", icon.Tag, ui.Danger, true},
	"credential.share":              {"shared", icon.Share, ui.Info, true},
	"credential.unshare":            {"stopped sharing", icon.Unshare, ui.Warning, true},
	"share.taken":                   {"took over the key of", icon.Received, ui.Neutral, false},
	"share.blocked":                 {"met other keys than those that were agreed on, and did not hand over", icon.Danger, ui.Danger, false},
	"share.forged":                  {"met a key that nobody signed, of", icon.Danger, ui.Danger, false},
	"chosen.save":                   {"chose what is seen by", icon.User, ui.Info, false},
	"credential.add":                {"added", icon.Add, ui.Success, true},
	"credential.edit":               {"changed", icon.Edit, ui.Info, true},
	"credential.move":               {"moved", icon.Move, ui.Info, true},
	"credential.archive":            {"archived", icon.Archive, ui.Neutral, true},
	"credential.delete":             {"deleted for good", icon.Delete, ui.Danger, true},
	"credential.restore":            {"restored from the archive", icon.Restore, ui.Success, true},
	"client.add":                    {"added the client", icon.Clients, ui.Success, true},
	"client.edit":                   {"changed the client", icon.Edit, ui.Info, true},
	"client.disable":                {"disabled the client", icon.Ban, ui.Danger, true},
	"client.enable":                 {"enabled the client", icon.Success, ui.Success, true},
	"client.panel.edit":             {"arranged the overview of", icon.Note, ui.Info, true},
	"client.banner.edit":            {"changed the banner of", icon.Bell, ui.Info, true},
	"client.delete":                 {"deleted for good the client", icon.Delete, ui.Danger, true},
	"client.assign":                 {"changed who is assigned to", icon.Users, ui.Info, false},
	"folder.add":                    {"added the folder", icon.FolderAdd, ui.Success, true},
	"folder.edit":                   {"renamed a folder to", icon.Folder, ui.Info, true},
	"folder.move":                   {"moved the folder", icon.Move, ui.Info, true},
	"folder.delete":                 {"deleted the folder", icon.Delete, ui.Danger, true},
	"folder.guard":                  {"changed the security groups of", icon.Lock, ui.Info, false},
	"group.add":                     {"added the security group", icon.Group, ui.Success, false},
	"group.enable":                  {"switched the security group", icon.Group, ui.Info, false},
	"level.add":                     {"added the permission level", icon.Lock, ui.Success, false},
	"level.edit":                    {"changed the permission level", icon.Lock, ui.Info, false},
	"level.delete":                  {"deleted the permission level", icon.Lock, ui.Danger, false},
	"group.edit":                    {"changed the security group", icon.Group, ui.Info, false},
	"group.delete":                  {"deleted the security group", icon.Group, ui.Danger, false},
	"folder.pass":                   {"changed the personal passes of", icon.Lock, ui.Info, false},
	"client.assign.group":           {"changed the groups assigned to", icon.Group, ui.Info, false},
	"request.add":                   {"asked for access to", icon.Bell, ui.Info, false},
	"request.withdraw":              {"withdrew a request for access", icon.Bell, ui.Neutral, false},
	"request.decide":                {"decided on a request for access to", icon.Bell, ui.Info, false},
	"user.enrol":                    {"added the user", icon.User, ui.Success, true},
	"user.disable":                  {"disabled the user", icon.Ban, ui.Danger, true},
	"profile.edit":                  {"changed their own profile", icon.Edit, ui.Neutral, false},
	"user.enable":                   {"enabled the user", icon.Success, ui.Success, true},
	"user.invite":                   {"invited people", icon.User, ui.Success, false},
	"user.invited":                  {"invited", icon.User, ui.Success, true},
	"user.import":                   {"imported users", icon.Import, ui.Success, false},
	"user.resend":                   {"sent the invitation again to", icon.Mail, ui.Neutral, false},
	"user.accept":                   {"accepted the invitation as", icon.User, ui.Success, true},
	"user.register":                 {"registered themselves as", icon.User, ui.Info, false},
	"user.approve":                  {"changed the approval of", icon.User, ui.Info, true},
	"user.promote":                  {"made an administrator of", icon.Users, ui.Danger, true},
	"user.demote":                   {"made a member of the administrator", icon.Users, ui.Info, true},
	"user.member":                   {"made a member of the guest", icon.Users, ui.Success, true},
	"user.guest":                    {"made a guest of", icon.Users, ui.Info, true},
	"user.edit":                     {"changed the user", icon.Edit, ui.Info, true},
	"user.end-sessions":             {"ended the sessions of", icon.SignOut, ui.Warning, true},
	"user.delete":                   {"deleted the user", icon.Delete, ui.Danger, true},
	"user.reset":                    {"sent a password-reset link to", icon.Key, ui.Info, false},
	"user.forgot":                   {"asked for a password-reset link for", icon.Key, ui.Neutral, false},
	"user.password":                 {"set a new password by a link as", icon.Key, ui.Warning, true},
	"user.address.confirm":          {"confirmed a new address as", icon.Mail, ui.Info, true},
	"user.locked-out":               {"was locked out:", icon.Lock, ui.Warning, true},
	"user.unlock":                   {"unlocked the user", icon.Open, ui.Success, true},
	"user.export":                   {"exported the users", icon.Import, ui.Warning, false},
	"user.off-boarding.decide":      {"decided on what is known to", icon.Users, ui.Info, true},
	"credential.exported":           {"exported", icon.Export, ui.Warning, false},
	"credential.flagged":            {"flagged for change", icon.Warning, ui.Warning, false},
	"credential.flag":               {"flagged for change", icon.Flag, ui.Warning, true},
	"credential.unflag":             {"cleared flags of", icon.Flag, ui.Neutral, true},
	"credential.unflag.undo":        {"put back flags of", icon.Flag, ui.Neutral, false},
	"rotation.flag":                 {"flagged as expired", icon.Expired, ui.Warning, false},
	"rotation.lift":                 {"took back the flag of", icon.Expired, ui.Neutral, false},
	"passwords.settings.save":       {"changed the minimums of passwords", icon.Weak, ui.Info, true},
	"credential.waived":             {"let stay as it is", icon.Success, ui.Neutral, false},
	"organization.brand.set":        {"changed the colour of the organization", icon.Brand, ui.Info, true},
	"people.settings.save":          {"changed the settings about people", icon.Users, ui.Info, true},
	"session.sign-in":               {"signed in", icon.User, ui.Neutral, false},
	"session.sign-out":              {"signed out", icon.SignOut, ui.Neutral, false},
	"session.end":                   {"ended one of their own sessions", icon.SignOut, ui.Neutral, false},
	"device.forget":                 {"forgot one of their own devices", icon.Device, ui.Neutral, false},
	"vault.open":                    {"opened the vault", icon.Open, ui.Neutral, false},
	"vault.close":                   {"sealed the vault", icon.Sealed, ui.Neutral, false},
	"password.change":               {"changed their own password", icon.Key, ui.Info, false},
	"keys.renew":                    {"renewed their own keys", icon.Refresh, ui.Info, false},
	"factor.add":                    {"set up the second factor", icon.Factor, ui.Success, true},
	"factor.rename":                 {"renamed a second factor to", icon.Factor, ui.Neutral, false},
	"factor.remove":                 {"removed the second factor", icon.Factor, ui.Warning, true},
	"factor.codes":                  {"made new recovery codes of their second factor", icon.Factor, ui.Info, false},
	"factor.prove":                  {"proved their second factor again", icon.Factor, ui.Neutral, false},
	"user.reset-factor":             {"reset the second factor of", icon.Factor, ui.Warning, true},
	"recovery-code.confirm":         {"made a new recovery code", icon.Key, ui.Info, false},
	"perspective.begin":             {"began to look as", icon.Reveal, ui.Info, true},
	"perspective.end":               {"stopped looking as", icon.Reveal, ui.Neutral, true},
	"vault.entered":                 {"got keys of the vault", icon.Key, ui.Success, false},
	"token.add":                     {"made the API token", icon.Code, ui.Success, false},
	"token.revoke":                  {"revoked the API token", icon.Code, ui.Neutral, false},
	"site.open":                     {"switched site login on for", icon.Group, ui.Success, true},
	"site.close":                    {"switched site login off for", icon.Ban, ui.Danger, true},
	"site.types":                    {"changed whose credential types are offered by the site of", icon.Tag, ui.Info, true},
	"site.activate":                 {"activated this site", icon.Group, ui.Success, true},
	"site.pin":                      {"pinned the keys of sites", icon.Key, ui.Success, false},
	"key.send":                      {"sent the organization key to", icon.Key, ui.Warning, true},
	"key.request":                   {"asked for the organization key", icon.Key, ui.Neutral, false},
	"key.request.at-sign-in":        {"asked at the sign-in page for the organization key for", icon.Key, ui.Neutral, false},
	"site.pinned":                   {"pinned the keys of the site", icon.Key, ui.Success, false},
	"site.unproved":                 {"met keys that no activation link proves, of the site", icon.Danger, ui.Danger, true},
	"site.suspended":                {"switched this site off, and with it everybody here", icon.Ban, ui.Danger, true},
	"site.resumed":                  {"switched this site on again, with everybody who was enabled", icon.Success, ui.Success, true},
	"organization.setup":            {"set up the organization", icon.CompanyVault, ui.Success, false},
	"organization.recover":          {"recovered with the Recovery key", icon.Key, ui.Danger, true},
	"organization.recover.user":     {"let in again", icon.User, ui.Danger, true},
	"organization.restored":         {"restored the database:", icon.Restore, ui.Danger, true},
	"organization.key.change":       {"changed the Organization Key", icon.Key, ui.Danger, true},
	"organization.recovery.confirm": {"confirmed the Recovery key", icon.Key, ui.Success, true},
	"import.upload":                 {"uploaded a file to import", icon.Import, ui.Neutral, false},
	"import.unlock":                 {"unlocked an uploaded KeePass database", icon.Import, ui.Neutral, false},
	"import.run":                    {"started an import", icon.Import, ui.Info, false},
	"import.done":                   {"imported credentials", icon.Import, ui.Success, true},
	"import.cancel":                 {"cancelled an import", icon.Close, ui.Neutral, false},
	"import.undo":                   {"undid an import", icon.Undo, ui.Info, true},
	"mail.settings.save":            {"changed the settings of mail", icon.Mail, ui.Info, false},
	"mail.test":                     {"wrote a test mail", icon.Mail, ui.Neutral, false},
	"mail.show":                     {"read a mail that waits for", icon.Reveal, ui.Warning, false},
	"mail.drop":                     {"took out of the outbox a mail to", icon.Mail, ui.Neutral, false},
	"link.add":                      {"made a link for somebody outside to", icon.Link, ui.Warning, true},
	"link.open":                     {"somebody outside saw by an external link", icon.Link, ui.Warning, false},
	"link.try":                      {"somebody outside tried the passphrase of a link to", icon.Key, ui.Neutral, false},
	"link.revoke":                   {"revoked an external link to", icon.Link, ui.Info, false},
	"link.end":                      {"an external link came to its end, to", icon.Link, ui.Neutral, false},
	"export.credentials":            {"exported credentials", icon.Export, ui.Warning, true},
	"client.export":                 {"exported the clients", icon.Export, ui.Warning, false},
	"export.own":                    {"exported their personal vault", icon.Export, ui.Warning, false},
	"organization.epoch.made":       {"made new keys of the vault", icon.Refresh, ui.Info, false},
	"organization.epoch.make":       {"made new keys of the vault", icon.Refresh, ui.Info, false},
	"knowledge-base.add":            {"added the knowledge base", icon.Note, ui.Success, true},
	"knowledge-base.rename":         {"changed name or address of the knowledge base", icon.Note, ui.Info, true},
	"knowledge-base.delete":         {"deleted for good the knowledge base", icon.Delete, ui.Danger, true},
	"knowledge-base.settings":       {"changed the settings of the knowledge base", icon.Settings, ui.Info, true},
	"knowledge-base.role":           {"changed who has which role in the knowledge base", icon.Users, ui.Info, true},
	"knowledge-base.import":         {"imported articles into the knowledge base", icon.Import, ui.Info, true},
	"knowledge-base.export":         {"exported the knowledge base", icon.Export, ui.Warning, false},
	"article.import":                {"imported the article", icon.Import, ui.Success, false},
	"knowledge-base.share":          {"gave people a role in the knowledge base", icon.Users, ui.Info, true},
	"knowledge-base.default.set":    {"changed the default role in knowledge bases", icon.Users, ui.Info, true},
	"article.misses.clear":          {"cleared the searches without hits of", icon.Search, ui.Neutral, false},
	"file.add":                      {"added a file to an article:", icon.File, ui.Success, false},
	"file.delete":                   {"deleted the file", icon.Delete, ui.Warning, false},
	"category.add":                  {"added the category", icon.FolderAdd, ui.Success, false},
	"category.edit":                 {"changed the category", icon.Folder, ui.Info, false},
	"category.move":                 {"moved the category", icon.Move, ui.Info, false},
	"category.delete":               {"deleted the category", icon.Delete, ui.Danger, true},
	"article.add":                   {"began the article", icon.Note, ui.Success, false},
	"article.edit":                  {"changed the article", icon.Edit, ui.Info, false},
	"article.publish":               {"published the article", icon.Success, ui.Success, true},
	"article.unpublish":             {"took back from its readers the article", icon.Hide, ui.Warning, true},
	"article.restore":               {"restored an earlier version of the article", icon.History, ui.Info, false},
	"article.delete":                {"deleted for good the article", icon.Delete, ui.Danger, true},
}

// actOf says how to speak of an event; a refusal names what was tried.
func actOf(e audit.Event) act {
	a, ok := acts[e.Operation]
	if !ok {
		a = act{does: "did: " + operationText(e.Operation), icon: icon.Activity, kind: ui.Neutral}
	}
	if e.Outcome == "refused" {
		a = act{does: "was refused: " + operationText(e.Operation), icon: icon.Ban, kind: ui.Danger}
	}
	return a
}

var sentences = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, o := range gate.Ops() {
		all[o.Name] = o.Sentence
	}
	return all
})

func operationText(name string) string {
	s := sentences()[name]
	if s == "" {
		return name
	}
	return strings.ToLower(s[:1]) + s[1:]
}

func doneWords(e audit.Event) string { return actOf(e).does }

// targetName is what the event was about, as far as the viewer's session opens
// it.
func targetName(e audit.Event) string {
	switch {
	case e.Title != "":
		return e.Title
	case e.Name != "":
		return e.Name
	case e.Kind == "client" && e.ClientName != "":
		return e.ClientName
	case e.Outcome == "refused": // its sentence says already what kind of thing
		return ""
	case e.Kind == "client" || e.Kind == "folder" || e.Kind == "credential":
		return "a " + e.Kind
	}
	return ""
}

// targetLink leads to what the event was about, where that has a page.
func targetLink(e audit.Event) string {
	switch {
	case e.Outcome == "refused" || e.ClientDeleted:
		return ""
	case e.Kind == "credential":
		return "/credentials/" + e.ID
	case e.Kind == "client":
		return "/clients/" + e.ID
	}
	return ""
}

// sentenceOf is the whole event in words, for the row's title.
func sentenceOf(e audit.Event) string {
	words := strings.TrimSpace(actOf(e).does + " " + targetName(e))
	if changed := changedFields(e); changed != "" {
		words += ": " + changed
	}
	return words
}

// changedFields names what was changed; ids of users say nothing here.
func changedFields(e audit.Event) string {
	switch e.Operation {
	case "client.assign", "client.assign.group", "folder.pass", "group.add", "group.edit", "request.decide":
		return ""
	}
	return fieldNames(e.Fields)
}

// fieldNames lists names of changed fields as the forms call them.
func fieldNames(fields []string) string {
	shown := map[string]string{"urls": "addresses", "totp": "one-time code", "fields": "custom fields", "expires": "expiry date", "username": "username"}
	var names []string
	for _, f := range fields {
		if s, ok := shown[f]; ok {
			f = s
		}
		names = append(names, f)
	}
	return strings.Join(names, ", ")
}

// changes are the operations that the dashboard shows.
func changes() []string {
	var names []string
	for name, a := range acts {
		if a.change {
			names = append(names, name)
		}
	}
	return names
}

// operationsLike are the operations whose words contain all words of a text;
// the log is filtered by them.
func operationsLike(text string) []string {
	var names []string
	for _, o := range gate.Ops() {
		in := strings.ToLower(o.Name + " " + o.Sentence + " " + acts[o.Name].does)
		all := true
		for _, w := range strings.Fields(strings.ToLower(text)) {
			all = all && strings.Contains(in, w)
		}
		if all {
			names = append(names, o.Name)
		}
	}
	if names == nil {
		names = []string{"none"}
	}
	return names
}
