package web

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// ago says how long ago something was; long ago it gives the date.
func ago(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case t.IsZero():
		return ""
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return strconv.Itoa(int(d.Minutes())) + " min ago"
	case d < 24*time.Hour:
		return strconv.Itoa(int(d.Hours())) + " h ago"
	case d < 48*time.Hour:
		return "yesterday"
	case d < 60*24*time.Hour:
		return strconv.Itoa(int(d.Hours()/24)) + " days ago"
	}
	return day(t)
}

func day(t time.Time) string { return t.Format("2 Jan 2006") }

// momentOf is a time as somebody reads it whose zone is not known.
func momentOf(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04") + " UTC" }

// until says how far off a date is, and whether it has passed.
func until(t, now time.Time) (words string, passed bool) {
	days := int(t.Sub(now.Truncate(24*time.Hour)).Hours() / 24)
	switch {
	case days < 0:
		return "Expired on " + day(t), true
	case days == 0:
		return "Expires today", false
	case days == 1:
		return "Expires tomorrow", false
	case days <= 60:
		return "Expires in " + strconv.Itoa(days) + " days", false
	}
	return "Expires on " + day(t), false
}

// number writes 12,345.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// counted writes "1 client" and "25 clients".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

var hostLike = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}.\-]*(:\d{1,5})?([/?#].*)?$`)

// webLink gives what a stored address links to. Only http and https are links:
// a browser must never be handed javascript:, data: or file: from a vault.
func webLink(stored string) (href string, ok bool) {
	s := strings.TrimSpace(stored)
	if !strings.Contains(s, "://") {
		if !hostLike.MatchString(s) {
			return "", false
		}
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return "", false
	}
	return u.String(), true
}

// hostOf is the host of the first address that is a link.
func hostOf(urls []string) string {
	for _, stored := range urls {
		if href, ok := webLink(stored); ok {
			u, _ := url.Parse(href)
			return u.Hostname()
		}
	}
	return ""
}

// firstLink is the first address that is a link.
func firstLink(urls []string) string {
	for _, stored := range urls {
		if href, ok := webLink(stored); ok {
			return href
		}
	}
	return ""
}

// capital begins a sentence.
func capital(s string) string {
	if s == "" {
		return s
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// soon reports whether a date is so near that it should be seen.
func soon(t, now time.Time) bool { return t.Sub(now) < 30*24*time.Hour }
