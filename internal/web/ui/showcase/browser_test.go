package showcase

import (
	"net/http/httptest"
	"testing"

	"bailiwick/test/browser/chrome"
)

// open starts Chromium on a page of the showcase.
func open(t *testing.T, path string) *chrome.Tab {
	t.Helper()
	server := httptest.NewServer(Handler())
	t.Cleanup(server.Close)
	browser, err := chrome.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(browser.End)
	return browser.Profile(t, server.URL).Go(path)
}
