package web

import (
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"bailiwick/internal/importer"
)

// elsewhere reports whether a browser that stands on a page of this server
// would leave it: it takes backslashes for slashes, and drops tabs, line ends
// and blanks around (WHATWG URL).
func elsewhere(to string) bool {
	to = strings.NewReplacer("\t", "", "\n", "", "\r", "", "\\", "/").Replace(to)
	to = strings.TrimFunc(to, func(r rune) bool { return r <= ' ' })
	return strings.HasPrefix(to, "//") || !strings.HasPrefix(to, "/")
}

// FuzzWayBack: no link can make this server send a browser to another.
func FuzzWayBack(f *testing.F) {
	for _, s := range []string{"", "/", "/me?x=1#y", "//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example", "javascript:alert(1)", "/clients/x", "/clients/../../evil", "/my", "\x01//evil.example", "/clients/\\/evil"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := httptest.NewRequest("GET", "/x?"+url.Values{"next": {s}, "back": {s}}.Encode(), nil)
		v := &visit{w: httptest.NewRecorder(), r: r}
		for name, to := range map[string]string{"next": v.next(), "back": v.backTo()} {
			if elsewhere(to) {
				t.Fatalf("%s %q leads to %q", name, s, to)
			}
		}
	})
}

// FuzzCookies: whatever a browser sends as cookies, the message is text and a
// path of this server, and devices are whole tokens.
func FuzzCookies(f *testing.F) {
	for _, s := range []string{"", "__Host-flash=eyJ0IjoiU2F2ZWQuIiwidSI6Ii9tZSJ9", "__Host-flash=%%%", "__Host-dev-user_1=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; __Host-session=x", "__Host-dev-=x",
		"__Host-flash=eyJ0IjoieCIsInUiOiIvL2V2aWwuZXhhbXBsZSJ9", "theme=dark", "a=b; a=c", "=;;="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header["Cookie"] = []string{s}
		v := &visit{w: httptest.NewRecorder(), r: r}
		if toast := v.flashed(); toast != nil && (toast.Text == "" || len(toast.Text) > 300 || toast.UndoURL != "" && elsewhere(toast.UndoURL)) {
			t.Fatalf("%q says %+v", s, toast)
		}
		for user, token := range v.devices() {
			if !token.Valid() {
				t.Fatalf("%q is a device of %q", s, user)
			}
		}
		_, _ = v.bearer(), themeOf(r)
	})
}

var linkable = regexp.MustCompile(`^https?://[^/]`)

// FuzzLink: what a vault holds becomes a link only if it is one of the web.
func FuzzLink(f *testing.F) {
	for _, s := range []string{"", "example.com", "https://example.com/a?b#c", "javascript:alert(1)", "javascript://x/%0aalert(1)", " HTTP://x", "data:text/html,x", "file:///etc/passwd", "//x", "http:///x", "x:80", "münchen.example", "http://a@b:c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		href, ok := webLink(s)
		if ok && !linkable.MatchString(href) {
			t.Fatalf("%q becomes a link to %q", s, href)
		}
		if !ok && (hostOf([]string{s}) != "" || firstLink([]string{s}) != "") {
			t.Fatalf("%q is no link and has a host", s)
		}
	})
}

// FuzzForm: no form makes the reading of a credential, a client or a mapping
// panic, and what is read keeps no blanks that nobody typed on purpose.
func FuzzForm(f *testing.F) {
	for _, s := range []string{"", "title=x&password=y", "field-name-1=a&field-value-1=b&field-hidden-1=1", "url=a&url=b&tags=x%2Cy", "expires=2026-13-99", "expires=9999999-01-01", "%zz", "title=%ff%00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := httptest.NewRequest("POST", "/x", strings.NewReader(s))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		v := &visit{w: httptest.NewRecorder(), r: r}
		if v.enter(false) != nil {
			return
		}
		if title := v.text("title"); title != strings.TrimSpace(title) {
			t.Fatalf("%q", title)
		}
		c := v.credentialForm()
		for _, name := range c.in.Tags {
			if name == "" || name != strings.TrimSpace(name) {
				t.Fatalf("%q gives the tag %q", s, name)
			}
		}
		_, _, _ = c.expiryText(), c.rows, v.patch(c)
		client := v.clientForm("x")
		_, _, _ = client.in["name"], client.wrong(), v.choices(importer.Preview{})
	})
}
