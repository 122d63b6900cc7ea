package cli

import (
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/atotto/clipboard"
)

// clipboardReady says early whether there is a clipboard: a secret must not be
// fetched, and noted as seen, for nothing.
func clipboardReady() error {
	if clipboard.Unsupported {
		return fail(ExitError, "There is no clipboard here (wl-copy, xclip or xsel is needed). Nothing was fetched. Use --stdout to print it instead.")
	}
	return nil
}

// toClipboard puts text on the clipboard and leaves a process behind that
// takes it away again.
func (e *Env) toClipboard(text string, clearAfter time.Duration) error {
	if err := clipboard.WriteAll(text); err != nil {
		return fail(ExitError, "The clipboard does not take it: %s.", err)
	}
	if clearAfter <= 0 {
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	// The secret goes by the standard input: arguments are seen by everybody.
	// #nosec G204 -- this very program, and a duration
	c := exec.Command(self, "clipboard-clear", "--after", clearAfter.String())
	detach(c)
	in, err := c.StdinPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	if _, err := io.WriteString(in, text); err != nil {
		return err
	}
	if err := in.Close(); err != nil {
		return err
	}
	return c.Process.Release()
}

// ClipboardClear is the process that is left behind.
type ClipboardClear struct {
	After time.Duration `default:"30s" help:"How long to wait."`
}

// Run waits, and clears the clipboard unless it holds something else by now.
func (c *ClipboardClear) Run(e *Env) error {
	text, err := io.ReadAll(io.LimitReader(e.In, 1<<20))
	if err != nil {
		return err
	}
	t := time.NewTimer(c.After)
	defer t.Stop()
	<-t.C
	now, err := clipboard.ReadAll()
	if err != nil || now != string(text) {
		return err
	}
	return clipboard.WriteAll("")
}
