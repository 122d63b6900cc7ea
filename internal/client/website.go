package client

import (
	"regexp"
	"slices"
	"strings"

	"bailiwick/internal/fault"
)

// A scheme before a colon; what is a port after it is none.
var (
	active = []string{"javascript", "data", "vbscript", "file", "blob", "about", "filesystem", "view-source"} // never a host's name
	scheme = regexp.MustCompile(`^([a-z][a-z0-9+.-]*):`)
	port   = regexp.MustCompile(`^[^:/?#]+:[0-9]{1,5}([/?#]|$)`)
)

// website refuses an address that is none of the web: it would be no link, and
// javascript: or data: would lie in wait for whoever makes it one. Blanks and
// control characters count for nothing, as browsers pass over some of them.
func website(in string) error {
	plain := strings.ToLower(strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f {
			return -1
		}
		return r
	}, in))
	found := scheme.FindStringSubmatch(plain)
	if found == nil || found[1] == "https" || found[1] == "http" || port.MatchString(plain) && !slices.Contains(active, found[1]) {
		return nil
	}
	return fault.Bad("website", "A website begins with https:// or http://, or is a name such as www.example.com. Addresses that begin with %s: are not taken.", found[1])
}
