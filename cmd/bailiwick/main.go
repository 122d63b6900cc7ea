// Command bailiwick is the server and its command line in one binary.
package main

import (
	"context"
	"os"

	"github.com/alecthomas/kong"

	"bailiwick/internal/cli"
)

type grammar struct {
	Serve     serveCmd     `cmd:"" help:"Start the server. On an empty data directory it prints an address with a one-time set-up token." group:"Server"`
	Demo      demoCmd      `cmd:"" help:"Start a server filled with a believable provider, to look around." group:"Server"`
	Backup    backupCmd    `cmd:"" help:"Write an encrypted backup, also while the server runs." group:"Server"`
	BackupKey backupKeyCmd `cmd:"" help:"Make a key pair for backups." group:"Server"`
	Restore   restoreCmd   `cmd:"" help:"Restore a backup into an empty directory or database." group:"Server"`
	Recover   recoverCmd   `cmd:"" help:"Get in again with the Recovery key from paper." group:"Server"`
	cli.Commands
}

func main() {
	os.Exit(run(cli.System(context.Background()), os.Args[1:]))
}

func run(env *cli.Env, args []string) int {
	var g grammar
	parser, err := kong.New(&g, kong.Name("bailiwick"), kong.Bind(env),
		kong.Description("The password and documentation vault for managed service providers."))
	if err != nil {
		return cli.Report(env, err)
	}
	ctx, err := parser.Parse(args)
	if err != nil {
		return cli.Report(env, err)
	}
	return cli.Report(env, ctx.Run())
}
