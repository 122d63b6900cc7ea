package chrome

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// notes is what a tab heard from its browser.
type notes struct {
	mu     sync.Mutex
	faults []string
	asked  int // times that leaving a page was asked about
	total  float64
}

// hear runs where messages arrive, so it only writes down.
func (n *notes) hear(ctx context.Context) func(any) {
	return func(event any) {
		n.mu.Lock()
		defer n.mu.Unlock()
		switch e := event.(type) {
		case *log.EventEntryAdded:
			if f := entry(e.Entry); f != "" {
				n.faults = append(n.faults, f)
			}
		case *runtime.EventExceptionThrown:
			n.faults = append(n.faults, fmt.Sprintf("the script failed: %s %s", e.ExceptionDetails.Text, described(e.ExceptionDetails.Exception)))
		case *runtime.EventConsoleAPICalled:
			if e.Type == "error" || e.Type == "warning" || e.Type == "assert" {
				n.faults = append(n.faults, "the console says: "+arguments(e.Args))
			}
		case *network.EventLoadingFinished:
			n.total += e.EncodedDataLength
		case *page.EventJavascriptDialogOpening:
			n.asked++
			go func() { // an answer must not be given from where messages arrive
				_, _ = chromedp.Call(ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
			}()
		}
	}
}

// entry is what is wrong about an entry of the browser's log. That a page
// answers 4xx is no fault by itself: tests ask for refusals.
func entry(e *log.Entry) string {
	if e.Level != "error" && e.Level != "warning" {
		return ""
	}
	refused := e.Source == "network" && strings.Contains(e.Text, "status of 4") && !strings.Contains(e.URL, "/static/")
	if refused {
		return ""
	}
	return fmt.Sprintf("%s %s: %s %s", e.Source, e.Level, e.Text, e.URL)
}

func described(o *runtime.RemoteObject) string {
	if o == nil {
		return ""
	}
	return o.Description
}

func arguments(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		if a.Description != "" {
			words = append(words, a.Description)
		} else {
			words = append(words, string(a.Value))
		}
	}
	return strings.Join(words, " ")
}

// Faults gives what was noted since the last time.
func (n *notes) Faults() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	f := n.faults
	n.faults = nil
	return f
}

// Asked is how often the browser asked whether to leave a page.
func (n *notes) Asked() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.asked
}

// Transferred gives the bytes that came over the network since the last time,
// heads of answers included.
func (n *notes) Transferred() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	t := n.total
	n.total = 0
	return int(t)
}
