// Package browser tests the product as people meet it: the built server, a
// real Chromium, a mouse and a keyboard. Each test is a story of somebody's.
package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"bailiwick/test/browser/chrome"
)

// Made once for all tests: they share the demo, and each works on things of
// its own there.
var (
	binary   string
	chromium *chrome.Browser
	demo     *server
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "bailiwick-browser-")
	if err != nil {
		return failed(err)
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "bailiwick")
	build := exec.CommandContext(context.Background(), "go", "build", "-o", binary, "bailiwick/cmd/bailiwick")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return failed(fmt.Errorf("%w\n%s", err, out))
	}
	if chromium, err = chrome.Start(); err != nil {
		return failed(err)
	}
	defer chromium.End()
	if demo, err = startDemo(filepath.Join(dir, "demo"), os.Stderr); err != nil {
		return failed(err)
	}
	defer demo.stop()
	return m.Run()
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}
