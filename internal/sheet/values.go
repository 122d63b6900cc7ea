package sheet

import (
	"encoding/base32"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var rounded = regexp.MustCompile(`^[0-9][.,][0-9]+E\+[0-9]{2,}$`)

// spoiled finds what Excel leaves of long numbers and of "=..." and "-..." texts.
func spoiled(v string) bool {
	return v != "" && (v[0] == '#' && (v == "#NAME?" || v == "#VALUE!" || v == "#REF!" || strings.Trim(v, "#") == "" && len(v) > 4) ||
		v[0] >= '0' && v[0] <= '9' && rounded.MatchString(v))
}

func (a *assembler) notes(v string) {
	r := &a.rec
	switch {
	case r.Notes == "":
		r.Notes = v
	default:
		r.Notes += "\n\n" + a.label + ": " + v
	}
	a.limit(r.Notes, MaxNotes)
}

func (a *assembler) tags(v string) {
	for t := range strings.FieldsFuncSeq(v, func(r rune) bool { return r == ',' || r == ';' || r == '\n' || r == '\r' }) {
		if t = strings.TrimSpace(t); t != "" && !slices.Contains(a.rec.Tags, t) {
			a.limit(t, MaxName)
			a.rec.Tags = append(a.rec.Tags, t)
		}
	}
	if len(a.rec.Tags) > MaxTags {
		a.problem(true, "There are more than %d tags. Remove some.", MaxTags)
	}
}

// folder reads a path. Our own exports say which slashes belong to a name.
// LastPass separates with backslashes only; Bitwarden's collections come as a
// list, of which the first is the folder.
func (a *assembler) folder(v string) {
	if plainHeading(a.label) == "collections" {
		first, rest, more := strings.Cut(v, ",")
		if v = first; more {
			a.problem(false, "The entry is in several collections. The first becomes its folder, the others become tags.")
			a.tags(rest)
		}
	}
	if a.m.Layout == Keeper {
		v, _, _ = strings.Cut(v, "#") // what others may do in a shared folder
	}
	parts := strings.FieldsFunc(v, func(r rune) bool { return r == '/' || r == '\\' })
	if a.m.Layout == Own {
		parts = SplitFolders(v)
	}
	if a.m.Layout == KeePassXC && len(parts) > 0 && parts[0] == "Root" {
		parts = parts[1:]
		if len(parts) > 0 && parts[0] == "Recycle Bin" {
			a.problem(false, "The entry is in the recycle bin of KeePassXC. Leave the row out if it should stay deleted.")
		}
	}
	var clean []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			a.limit(p, MaxName)
			clean = append(clean, p)
		}
	}
	if len(clean) > MaxDepth {
		a.problem(true, "The folder is more than %d levels deep. Shorten its path.", MaxDepth)
	}
	path := JoinFolders(clean)
	switch {
	case a.rec.Folder == "":
		a.rec.Folder = path
	case path != a.rec.Folder && path != "":
		a.field(a.label, v, false)
	}
}

var scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://`)

// urls reads one address or several, separated by line breaks, or by commas
// where another address follows.
func (a *assembler) urls(v string) {
	if a.m.Layout == LastPass && v == "http://sn" {
		a.secureNote()
		return
	}
	for line := range strings.FieldsFuncSeq(v, func(r rune) bool { return r == '\n' || r == '\r' }) {
		from := 0
		for i := 0; i < len(line); i++ {
			if line[i] == ',' && scheme.MatchString(strings.TrimSpace(line[i+1:])) || line[i] == ',' && !strings.Contains(line[from:i], "/") {
				a.url(line[from:i])
				from = i + 1
			}
		}
		a.url(line[from:])
	}
}

func (a *assembler) url(v string) {
	if v = strings.TrimSpace(v); v == "" || slices.Contains(a.rec.URLs, v) {
		return
	}
	if len(a.rec.URLs) == MaxURLs {
		a.problem(true, "There are more than %d web addresses. Remove some.", MaxURLs)
		return
	}
	a.rec.URLs = append(a.rec.URLs, v)
	if a.limit(v, MaxURL) && host(v) == "" {
		a.problem(false, "This does not look like a web address or a host. It is kept as text, but cannot be opened.")
	}
}

// host of an address with or without scheme; "" when there is none.
func host(v string) string {
	if strings.ContainsAny(v, " \t\"<>") {
		return ""
	}
	if !scheme.MatchString(v) {
		v = "any://" + v
	}
	u, err := url.Parse(v)
	if err != nil {
		return ""
	}
	h := u.Hostname()
	if h == "" || strings.Trim(h, ".-") == "" || u.Opaque != "" {
		return ""
	}
	return h
}

// totp takes an otpauth address, Steam's, or a bare Base32 secret. A wrong one is
// fatal, but kept as hidden field so that nothing is lost on "import anyway".
func (a *assembler) totp(v string) {
	if a.rec.TOTP != "" {
		a.field(a.label, v, true)
		return
	}
	if len(v) <= MaxTOTP {
		complaint := totpComplaint(v)
		if complaint == "" {
			a.rec.TOTP = v
			return
		}
		a.problem(true, "%s", complaint)
	} else {
		a.limit(v, MaxTOTP)
	}
	a.field(a.label, v, true)
}

func totpComplaint(v string) string {
	lower := strings.ToLower(v)
	if secret, ok := strings.CutPrefix(lower, "steam://"); ok {
		return secretComplaint(secret)
	}
	if !strings.HasPrefix(lower, "otpauth://") {
		return secretComplaint(v)
	}
	u, err := url.Parse(v)
	if err != nil {
		return "The otpauth address of the one-time code is malformed. Copy it again from its source."
	}
	if strings.EqualFold(u.Host, "hotp") {
		return "This is a counter-based code (HOTP). Only time-based codes (TOTP) are supported."
	}
	q := u.Query()
	algorithm := strings.ToUpper(strings.ReplaceAll(q.Get("algorithm"), "-", ""))
	switch {
	case !strings.EqualFold(u.Host, "totp"):
		return "The otpauth address must begin with otpauth://totp/."
	case algorithm != "" && algorithm != "SHA1" && algorithm != "SHA256" && algorithm != "SHA512":
		return "The otpauth address has an unknown algorithm. SHA1, SHA256 and SHA512 are supported."
	case !between(q.Get("digits"), 6, 8) && q.Get("encoder") != "steam":
		return "The otpauth address must have 6 to 8 digits."
	case !between(q.Get("period"), 1, 3600):
		return "The otpauth address has a period that is not between 1 and 3600 seconds."
	}
	return secretComplaint(q.Get("secret"))
}

func between(v string, lo, hi int) bool {
	n, err := strconv.Atoi(v)
	return v == "" || err == nil && lo <= n && n <= hi
}

var (
	ungrouped = strings.NewReplacer(" ", "", "-", "")
	unpadded  = base32.StdEncoding.WithPadding(base32.NoPadding)
)

func secretComplaint(v string) string {
	v = strings.ToUpper(strings.TrimRight(ungrouped.Replace(v), "="))
	if b, err := unpadded.DecodeString(v); err != nil || len(b) < 5 {
		return "This is not the secret of a one-time code. It must be Base32 (letters A to Z and digits 2 to 7, at least 8 characters) or an otpauth address."
	}
	return ""
}
