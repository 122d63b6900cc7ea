// Command bailiwick is the server and its command line in one binary.
package main

import (
	"fmt"
	"os"

	"github.com/alecthomas/kong"

	"bailiwick/internal/cli"
)

type grammar struct {
	Serve serveCmd `cmd:"" help:"Start the server. On an empty data directory it prints an address with a one-time set-up token." group:"Server"`
	Demo  demoCmd  `cmd:"" help:"Start a server filled with a believable provider, to look around." group:"Server"`
	cli.Commands
}

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	var g grammar
	parser, err := kong.New(&g, kong.Name("bailiwick"), kong.UsageOnError(),
		kong.Description("The password and documentation vault for managed service providers."))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	ctx, err := parser.Parse(args)
	if err != nil {
		parser.Errorf("%s", err)
		return 2
	}
	if err := ctx.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "bailiwick: "+err.Error())
		return cli.ExitCode(err)
	}
	return 0
}
