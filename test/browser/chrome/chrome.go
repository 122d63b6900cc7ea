// Package chrome drives a real Chromium for tests, in the words of somebody
// who uses a page: he goes to an address, presses what has a name, types into
// what has a label, and sees words.
//
// A press is a press of the mouse on what is really to be seen at that place,
// so a covered or invisible button fails. Every tab notes broken content
// security policy, errors of the script and failed parts of a page, and fails
// its test with them. It never switches the policy off, and nothing waits for
// a time: everything waits for a condition.
package chrome

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// patience is how long a page may take until something is there.
const patience = 20 * time.Second

// Browser is one process of Chromium.
type Browser struct {
	ctx  context.Context
	stop func()
}

// Start starts Chromium; End ends it and removes what it wrote.
func Start() (*Browser, error) {
	profile, err := os.MkdirTemp("", "bailiwick-chromium-")
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.UserDataDir(profile), chromedp.Flag("force-color-profile", "srgb"))
	all, endAll := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, end := chromedp.NewContext(all)
	b := &Browser{ctx: ctx, stop: func() {
		_ = chromedp.Cancel(ctx)
		end()
		endAll()
		os.RemoveAll(profile)
	}}
	if err := chromedp.Do(ctx); err != nil {
		b.stop()
		return nil, fmt.Errorf("chromium did not start: %w", err)
	}
	return b, nil
}

// End ends the process.
func (b *Browser) End() { b.stop() }

// Profile is a browser that has seen nothing yet: cookies, storage and cache of
// its own.
type Profile struct {
	ctx context.Context
	id  cdp.BrowserContextID
}

// Tab is a page of a profile.
type Tab struct {
	t       testing.TB
	ctx     context.Context
	profile *Profile
	base    string // what paths are relative to
	within  string // selector of the part that is looked at
	*notes
}

// Profile opens a fresh profile with one tab on the given server.
func (b *Browser) Profile(t testing.TB, base string) *Tab {
	t.Helper()
	ctx, end := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(end)
	return newTab(t, &Profile{ctx: ctx}, ctx, base)
}

// Another opens a further tab of the same profile.
func (p *Tab) Another(t testing.TB) *Tab {
	t.Helper()
	ctx, end := chromedp.NewContext(p.profile.ctx, chromedp.WithExistingBrowserContext(p.profile.id))
	t.Cleanup(end)
	return newTab(t, p.profile, ctx, p.base)
}

func newTab(t testing.TB, profile *Profile, ctx context.Context, base string) *Tab {
	t.Helper()
	p := &Tab{t: t, ctx: ctx, profile: profile, base: base, notes: &notes{}}
	p.must(chromedp.Do(ctx))
	profile.id = chromedp.FromContext(ctx).BrowserContextID
	p.must(chromedp.Listen(ctx, p.hear(ctx)))
	call(p, log.Enable, cdp.Empty{})
	call(p, network.Enable, network.EnableParams{})
	call(p, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	p.Size(1280, 800)
	t.Cleanup(func() {
		for _, fault := range p.Faults() {
			t.Error(fault)
		}
	})
	return p
}

// For is the same tab in a part of a test.
func (p *Tab) For(t testing.TB) *Tab {
	q := *p
	q.t = t
	return &q
}

// In looks only at the part of the page that the selector names.
func (p *Tab) In(selector string) *Tab {
	q := *p
	q.within = selector
	return &q
}

func call[P, R any](p *Tab, c cdp.Command[P, R], params P) R {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	r, err := chromedp.Call(ctx, c, params)
	p.must(err)
	return r
}

func (p *Tab) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%v\n%s", err, p.state())
	}
}
