package mail

import "slices"

// Kind is what a mail is about. The set is closed.
type Kind string

// The kinds. What each takes of a Mail stands in its texts below.
const (
	Invitation      Kind = "invitation"
	Activation      Kind = "activation" // its link activates a site: never in the database
	PasswordReset   Kind = "password-reset"
	ConfirmAddress  Kind = "confirm-address"
	Registration    Kind = "registration"    // of oneself
	AddressChanged  Kind = "address-changed" // to the former address
	Approved        Kind = "approved"
	KeyLink         Kind = "key-link" // its link opens the vault: never in the database
	KeyRequested    Kind = "key-requested"
	LockoutNotice   Kind = "lockout-notice" // to those who may unlock
	LockedOut       Kind = "locked-out"     // to the owner
	FactorChanged   Kind = "factor-changed"
	FactorReset     Kind = "factor-reset"
	NewBrowser      Kind = "new-browser"
	AccessRequested Kind = "access-requested"
	AccessDecided   Kind = "access-decided"
	Given           Kind = "given" // knowledge bases or clients
	KeyChanged      Kind = "key-changed"
	Forged          Kind = "forged"
	Offboarded      Kind = "off-boarded"  // to administrators, of what who off-boards can't reach
	LinkOpened      Kind = "link-opened"  // an external link, to its sender
	LinkGuessed     Kind = "link-guessed" // its passphrase, too often
	Test            Kind = "test"
)

// Kinds are all of them, by name.
func Kinds() []Kind {
	var all []Kind
	for k := range kinds {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// Name is the kind in words, for lists.
func (k Kind) Name() string { return kinds[k].name }

// kind is how a kind reads. The texts are templates of Go's text/template over
// words (render.go); subject and lines never have the link in them.
type kind struct {
	name      string
	subject   string
	lines     []string // paragraphs before the link
	link      string   // label of the link, a template too
	after     []string // small print after it
	must      bool     // makes no sense without a link
	held      bool     // its link opens the vault: in memory only
	elsewhere bool     // may go to another address of the user than the stored one
}

const (
	once    = `The link works once{{if .Expires}}, until {{.Expires}}{{end}}. It is yours: don't pass it on.`
	ignore  = `If you did not expect this mail, ignore it: nothing happens without the link.`
	notYou  = `If it was not you, change your password now and tell an administrator of {{.Org}}.`
	because = `You get this mail because you are an administrator of {{.Org}}.`
)

var kinds = map[Kind]kind{
	Invitation: {name: "Invitation", subject: `Your invitation to {{.Org}}`, must: true,
		lines: []string{`{{or .By "An administrator"}} invites you to work with {{.Org}}{{with .Product}} in {{.}}{{end}}.`, `Open the link to set your name and password.`},
		link:  "Accept the invitation", after: []string{once, ignore}},
	Activation: {name: "Activation of a site", subject: `Activate {{.Org}}`, must: true, held: true,
		lines: []string{`{{or .By "An administrator"}} has opened {{.Org}} for you: an organization of your own, to keep passwords and share single ones.`,
			`Open the link to set your name and password, and to activate it: you choose its Organization Key, which nobody else ever sees. Have a printer at hand, or something to write.`},
		link: "Activate", after: []string{once, `Open it as it stands here: what comes after the # proves your new keys to your provider.`, ignore}},
	PasswordReset: {name: "Password reset", subject: `Set a new password at {{.Org}}`, must: true,
		lines: []string{`{{if .By}}{{.By}} asks you to set a new password{{else}}Somebody asked for a new password{{end}} for your account at {{.Org}}.`},
		link:  "Set a new password", after: []string{once, `If you did not ask for it, ignore this mail: your password stays as it is.`}},
	ConfirmAddress: {name: "Address to be confirmed", subject: `Confirm your address at {{.Org}}`, must: true, elsewhere: true,
		lines: []string{`This address is to become the one of your account at {{.Org}}. It counts once you have confirmed it.`},
		link:  "Confirm this address", after: []string{once, ignore}},
	Registration: {name: "Registration to be confirmed", subject: `Confirm your registration at {{.Org}}`, must: true,
		lines: []string{`Somebody registered with this address at {{.Org}}{{if .About}}, to read the knowledge base {{.About}}{{end}}.`, `If that was you, open the link: it confirms the address, and leads to where you set your name and password.`},
		link:  "Confirm the registration", after: []string{once, `If it was not you, ignore this mail: without the link there is no account.`}},
	AddressChanged: {name: "Notice of a changed address", subject: `Your address at {{.Org}} was changed`, elsewhere: true,
		lines: []string{`Your account at {{.Org}} has another email address now. From now on mails go there, and you sign in with it.`},
		link:  "Sign in", after: []string{`If you know nothing of this, tell an administrator of {{.Org}} at once.`}},
	Approved: {name: "Approval", subject: `You are approved at {{.Org}}`,
		lines: []string{`{{or .By "An administrator"}} has approved your account at {{.Org}}. You can work with it now.`}, link: "Sign in"},
	KeyLink: {name: "Organization key link", subject: `Open the vault of {{.Org}} in your browser`, must: true, held: true,
		lines: []string{`{{or .By "An administrator"}} sends you the organization key of {{.Org}}.`, `Open the link in the browser that you work with, and sign in there. The key itself is not shown.`},
		link:  "Open the vault", after: []string{once, `It opens nothing without your own sign-in.`, ignore}},
	KeyRequested: {name: "Request for the organization key", subject: `{{or .About "Somebody"}} asks for the organization key`,
		lines: []string{`{{or .About "Somebody"}} can't open the vault of {{.Org}} in a new browser and asks for the organization key.`, `Make sure that it is really this person who asks, for example by telephone. Then send the key from the users page.`},
		link:  "Look at the user", after: []string{because}},
	LockoutNotice: {name: "Notice of a lockout", subject: `An account at {{.Org}} is locked out`,
		lines: []string{`{{or .About "A user"}} is locked out after too many wrong passwords.`},
		link:  "See the lockouts", after: []string{`You get this mail because you may unlock users of {{.Org}}.`}},
	LockedOut: {name: "Lockout", subject: `Your account at {{.Org}} is locked out`,
		lines: []string{`Too many wrong passwords were typed for your account at {{.Org}}. Nobody can sign in to it for a while.`},
		after: []string{`If it was you, wait, or ask an administrator to unlock it. If it was not, tell an administrator of {{.Org}}; your password was not guessed.`}},
	FactorChanged: {name: "Notice of a changed second factor", subject: `The second factor of your account at {{.Org}} was changed`,
		lines: []string{`{{or .About "A second factor"}} of your account at {{.Org}} was added, changed or removed.`}, link: "See your second factors", after: []string{notYou}},
	FactorReset: {name: "Notice of a second factor that was reset", subject: `The second factor of your account at {{.Org}} was removed`,
		lines: []string{`{{or .By "An administrator"}} has removed the second factor of your account at {{.Org}}. The next sign-in sets up a new one.`},
		link:  "Sign in", after: []string{`If you did not ask for this, tell an administrator of {{.Org}}.`}},
	NewBrowser: {name: "Notice of a new browser", subject: `A new browser signed in to your account at {{.Org}}`,
		lines: []string{`Somebody signed in to your account at {{.Org}} from a browser that was not used for it before.`}, link: "See your sessions", after: []string{`If it was you, all is well.`, notYou}},
	AccessRequested: {name: "Request for access", subject: `{{or .By "Somebody"}} asks for access at {{.Org}}`,
		lines: []string{`{{or .By "Somebody"}} asks for access{{if .About}} to {{.About}}{{end}}.`}, link: "Decide on the request", after: []string{`You get this mail because you may decide on it.`}},
	AccessDecided: {name: "Decision on access", subject: `Your request for access at {{.Org}}`,
		lines: []string{`Your request for access{{if .About}} to {{.About}}{{end}} was {{if .Allowed}}allowed{{else}}declined{{end}}{{if .By}} by {{.By}}{{end}}.{{if and .Allowed .Expires}} The access ends on {{.Expires}}.{{end}}`}, link: "Open {{.Brand}}"},
	Given: {name: "Notice of something given", subject: `You have been given access at {{.Org}}`,
		lines: []string{`{{or .By "An administrator"}} has given you access at {{.Org}}.`}, link: "Open {{.Brand}}"},
	KeyChanged: {name: "Notice of a changed Organization Key", subject: `The Organization Key of {{.Org}} was changed`,
		lines: []string{`{{or .By "Somebody"}} has changed the Organization Key of {{.Org}}. The earlier one opens nothing any more; known browsers go on.`},
		link:  "See the organization keys", after: []string{because, `If nobody of you meant to do this, talk to each other at once.`}},
	Forged: {name: "Warning of changed keys", subject: `Warning: stored keys of {{.Org}} were changed from outside`,
		lines: []string{`The server found keys in the database of {{.Org}} that nobody with the right keys has put there. It has not used them.`, `Somebody may have write access to the database, or an old copy was put back. Talk to whoever runs the server before you go on.`},
		link:  "See the audit log", after: []string{because}},
	Offboarded: {name: "Notice of an off-boarding", subject: `Passwords that {{or .About "a former user"}} knows were flagged`,
		lines: []string{`{{or .By "Somebody"}} off-boarded {{or .About "a user"}} and flagged passwords for change that they can't reach themselves.`},
		link:  "See the off-boarding", after: []string{because}},
	LinkOpened: {name: "Notice of an opened external link", subject: `Your external link{{if .About}} for {{.About}}{{end}} was opened`,
		lines: []string{`Somebody outside of {{.Org}} has opened a link that you made to a credential{{if .About}} of {{.About}}{{end}}.`}, link: "See your external links",
		after: []string{`If this can't have been the person whom you sent it to, revoke the link and change the password.`}},
	LinkGuessed: {name: "Notice of an external link that was guessed at", subject: `Your external link{{if .About}} for {{.About}}{{end}} is over: wrong passphrases`,
		lines: []string{`Somebody who has a link that you made to a credential{{if .About}} of {{.About}}{{end}} typed too many wrong passphrases. The link is over, and its copy is deleted.`}, link: "See your external links",
		after: []string{`If the recipient mistyped, make another link. If it was somebody else, the link itself has come into wrong hands, but not what it held.`}},
	Test: {name: "Test mail", subject: `Test mail of {{.Org}}`,
		lines: []string{`This is the test mail that you asked for. Mail from {{.Org}} reaches you.`}, link: "Open the settings of mail"},
}
