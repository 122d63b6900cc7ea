// Package cli is the client commands of the command line: signing in, finding,
// copying and changing credentials. It speaks the JSON API by package sdk.
//
// It takes no secret as an argument, because arguments are seen by every
// process of the machine and kept in the shell's history; and it writes none
// to a file but the sign-in, which lies in the system's keyring or in a file
// that only its owner may read.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"bailiwick/sdk"
)

// Commands is the client commands, to be embedded in a kong grammar.
type Commands struct {
	Login        Login        `cmd:"" group:"Client" help:"Sign in to a server."`
	Logout       Logout       `cmd:"" group:"Client" help:"Sign out."`
	Open         Open         `cmd:"" group:"Client" help:"Open the vault in a sealed session."`
	Close        Close        `cmd:"" group:"Client" help:"Seal the vault in the session."`
	Whoami       Whoami       `cmd:"" group:"Client" help:"Say who is signed in where."`
	Sites        Sites        `cmd:"" group:"Client" help:"Sites: the own organizations of clients, and their users."`
	Clients      Clients      `cmd:"" group:"Client" help:"Clients: list, show, add, edit, bookmark, disable."`
	List         List         `cmd:"" group:"Client" help:"List the credentials of a client."`
	Search       Search       `cmd:"" group:"Client" help:"Find clients, credentials and people."`
	Get          Get          `cmd:"" group:"Client" help:"Copy a password, or another field, to the clipboard."`
	Add          Add          `cmd:"" group:"Client" help:"Add a credential."`
	Edit         Edit         `cmd:"" group:"Client" help:"Change a credential."`
	Move         Move         `cmd:"" group:"Client" help:"Move a credential to another folder, client or vault."`
	Archive      Archive      `cmd:"" group:"Client" help:"Archive a credential."`
	Unarchive    Unarchive    `cmd:"" group:"Client" help:"Take a credential out of the archive."`
	Delete       Delete       `cmd:"" group:"Client" help:"Delete an archived credential for good."`
	Selected     Selected     `cmd:"" group:"Client" help:"Move, archive, restore or change the type of several credentials at once."`
	Folders      Folders      `cmd:"" group:"Client" help:"The folders of a client: list, add, rename, move, delete."`
	History      History      `cmd:"" group:"Client" help:"Show who changed a credential when."`
	Flag         Flag         `cmd:"" group:"Client" help:"Flag a credential for change."`
	Unflag       Unflag       `cmd:"" group:"Client" help:"Clear the flags of a credential."`
	Generate     Generate     `cmd:"" group:"Client" help:"Print a new password, which is stored nowhere."`
	Passwords    Passwords    `cmd:"" group:"Client" help:"The minimums of passwords."`
	Share        Share        `cmd:"" group:"Client" help:"Make a temporary link to a credential for somebody outside."`
	Links        Links        `cmd:"" group:"Client" help:"External links: list, revoke."`
	Shares       Shares       `cmd:"" group:"Client" help:"Sharing with the other organization, a provider's with its clients' sites: list, with, add, stop."`
	Chosen       Chosen       `cmd:"" group:"Client" help:"What a Site User - Limited sees: show, save."`
	KB           KB           `cmd:"" name:"kb" group:"Client" help:"Knowledge bases: articles, categories, people, import, export."`
	Import       Import       `cmd:"" group:"Client" help:"Import credentials from a spreadsheet (CSV) or from another password program."`
	Export       Export       `cmd:"" group:"Client" help:"Export credentials with their secrets to a file."`
	TOTP         TOTP         `cmd:"" name:"totp" group:"Client" help:"Set or remove the TOTP secret of a credential."`
	Types        Types        `cmd:"" group:"Client" help:"The credential types."`
	Levels       Levels       `cmd:"" group:"Client" help:"The permission levels."`
	Groups       Groups       `cmd:"" group:"Client" help:"The security groups."`
	Access       Access       `cmd:"" group:"Client" help:"Who reaches what, and requests for access."`
	Audit        Audit        `cmd:"" group:"Client" help:"Show the audit log."`
	Mail         Mail         `cmd:"" group:"Client" help:"The outbox and the settings of mail."`
	Users        Users        `cmd:"" group:"Client" help:"Users: list, invite, edit, disable."`
	Profile      Profile      `cmd:"" group:"Client" help:"One's own profile."`
	Password     Password     `cmd:"" group:"Client" help:"Change one's own password."`
	Sessions     Sessions     `cmd:"" group:"Client" help:"One's own sessions and known browsers: list, end."`
	Recovery     Recovery     `cmd:"" name:"recovery-code" group:"Client" help:"Make one's own recovery code anew."`
	Organization Organization `cmd:"" group:"Client" help:"The organization: the colour of its pages."`
	OrgKey       OrgKey       `cmd:"" name:"organization-key" group:"Client" help:"Change the Organization Key."`
	Factor       Factor       `cmd:"" group:"Client" help:"One's own second factors."`

	ClipboardClear ClipboardClear `cmd:"" hidden:"" help:"Wait, and clear the clipboard if it still holds what stands on the standard input."`
}

// Env is what the commands see of the outside.
type Env struct {
	Context  context.Context
	In       *os.File
	Out, Err io.Writer
	Getenv   func(string) string
	Agent    string // names the program in the list of sessions
}

// System is the real outside.
func System(ctx context.Context) *Env {
	return &Env{Context: ctx, In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv, Agent: "bailiwick command line"}
}

// Exit codes.
const (
	ExitOK       = 0
	ExitError    = 1
	ExitUsage    = 2
	ExitAbsent   = 3
	ExitSignIn   = 4 // sign in, or open the vault
	ExitConflict = 5
)

// problem is an error of the command line's own, with its exit code.
type problem struct {
	code int
	text string
}

func (p *problem) Error() string { return p.text }

func fail(code int, format string, args ...any) error {
	return &problem{code, fmt.Sprintf(format, args...)}
}

// Exit says which exit code an error has.
func Exit(err error) int {
	var own *problem
	var usage *kong.ParseError
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &own):
		return own.code
	case errors.As(err, &usage):
		return ExitUsage
	case sdk.Is(err, sdk.Absent):
		return ExitAbsent
	case sdk.Is(err, sdk.Unsigned), sdk.Is(err, sdk.Sealed):
		return ExitSignIn
	case sdk.Is(err, sdk.Conflict):
		return ExitConflict
	}
	return ExitError
}

// Report writes an error for a person and gives its exit code.
func Report(e *Env, err error) int {
	switch {
	case err == nil:
		return ExitOK
	case sdk.Is(err, sdk.Unsigned):
		fmt.Fprintln(e.Err, "bailiwick: "+clean(err.Error()))
		fmt.Fprintln(e.Err, "Sign in with: bailiwick login ADDRESS")
	case sdk.Is(err, sdk.Sealed):
		fmt.Fprintln(e.Err, "bailiwick: The vault is sealed in this session. Nothing was shown or changed.")
		fmt.Fprintln(e.Err, "Open it with: bailiwick open")
	default:
		fmt.Fprintln(e.Err, "bailiwick: "+cleanLines(err.Error()))
	}
	return Exit(err)
}

// Main runs the client commands alone and gives the exit code.
func Main(e *Env, args []string) int {
	var grammar Commands
	code := -1
	parser, err := kong.New(&grammar, kong.Name("bailiwick"), kong.Description("Passwords of your clients, from the command line."),
		kong.Writers(e.Out, e.Err), kong.Exit(func(n int) { code = n }), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return Report(e, err)
	}
	run, err := parser.Parse(args)
	if code >= 0 { // help was asked for
		return code
	}
	if err != nil {
		fmt.Fprintf(e.Err, "bailiwick: %s\nSee: bailiwick --help\n", clean(err.Error()))
		return ExitUsage
	}
	return Report(e, run.Run(e))
}

// terminal reports whether somebody sits there who can be asked.
func (e *Env) terminal() bool { return term.IsTerminal(int(e.In.Fd())) }
