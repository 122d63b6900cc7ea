package page

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/util"
)

// resolved is an address as a browser would see it, with the entities and
// escapes of Markdown undone.
func resolved(destination []byte) string {
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(destination))))
}

// address says where a link leads, or "" if it must not be one. What can't be
// taken apart without doubt is no link: browsers read more into an address than
// its grammar allows.
func address(raw, base string) string {
	raw = strings.TrimSpace(raw)
	if raw == "" || strings.ContainsFunc(raw, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\\' }) {
		return ""
	}
	u, err := url.Parse(strings.ReplaceAll(raw, " ", "%20"))
	if err != nil || u.User != nil {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		if u.Hostname() == "" || u.Opaque != "" {
			return ""
		}
		return u.String()
	case "mailto":
		if u.Opaque == "" {
			return ""
		}
		return u.String()
	case "":
		return relative(u, base)
	}
	return ""
}

// relative resolves an address without a scheme. One without a slash in front
// stays within the knowledge base.
func relative(u *url.URL, base string) string {
	if u.Host != "" || strings.HasPrefix(u.Path, "//") {
		return ""
	}
	if u.Fragment != "" && !strings.HasPrefix(u.Fragment, idPrefix) {
		u.Fragment, u.RawFragment = idPrefix+strings.ToLower(u.Fragment), ""
	}
	if u.Path == "" {
		if u.Fragment == "" {
			return ""
		}
		return (&url.URL{Fragment: u.Fragment}).String()
	}
	from, err := url.Parse(base)
	if err != nil {
		return ""
	}
	to := from.ResolveReference(u)
	if slices.Contains(strings.Split(to.Path, "/"), "..") || !strings.HasPrefix(u.Path, "/") && !strings.HasPrefix(to.Path, from.Path) || strings.HasPrefix(to.Path, "//") {
		return ""
	}
	return to.String()
}

// ownFile gives what stands after files/ if the address is one of the knowledge
// base's own files.
func ownFile(href, base string) (string, bool) {
	name, ok := strings.CutPrefix(href, base+FilesFolder)
	return name, ok && name != ""
}
