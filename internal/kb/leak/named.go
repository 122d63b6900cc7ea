package leak

import (
	"regexp"
	"strings"
	"unicode"
)

// label is a word for a secret, with what may stand between it and the value in
// lines, tables, configuration and code.
var label = regexp.MustCompile("(?i)(?:^|[^\\pL\\pN])" +
	`(pass ?word|passwd|passphrase|passcode|pass|pwd|pw|secret(?:[ _-]?key)?|client[ _-]?secret|api[ _-]?key|access[ _-]?key|auth[ _-]?key|private[ _-]?key|encryption[ _-]?key|(?:access|auth|api|bearer|refresh)[ _-]?token|token|pre-?shared[ _-]?key|psk|wi-?fi[ _-]?key|wpa2?[ _-]?key|community(?: string)?|snmp[ _-]?community|pin(?: code)?|recovery[ _-]?(?:key|code)|passwort|kennwort|kennwörter|geheimnis|mot de passe|contraseña|wachtwoord|hasło|lösenord|senha|пароль)` +
	"[\"'`*_ \t]*(?::=|=>|[:=|]|\\bis\\b|\\bist\\b|→)[\"'`*_|\\s]*" + `(.*)$`)

// named gives the word after which a line has a value that may be a secret.
func named(line string) string {
	for range 4 { // labels of one line
		m := label.FindStringSubmatchIndex(line)
		if m == nil {
			return ""
		}
		word, rest := line[m[2]:m[3]], line[m[4]:m[5]]
		if isValue(strings.ToLower(word), rest) {
			return strings.ToLower(word)
		}
		line = rest
	}
	return ""
}

// isValue reports whether what stands after a label is a value, and not words
// about one.
func isValue(word, rest string) bool {
	rest, _, _ = strings.Cut(rest, "|") // the next cell of a table
	fields := strings.FieldsFunc(rest, func(r rune) bool { return unicode.IsSpace(r) })
	if len(fields) == 0 {
		return false
	}
	first := strings.Trim(fields[0], "\"'`*_,;.()[]")
	if placeholder(first) || placeholder(strings.TrimSpace(rest)) {
		return false
	}
	pin := strings.HasPrefix(word, "pin")
	switch {
	case pin:
		return len(first) >= 4 && strings.Trim(first, "0123456789") == ""
	case len(fields) == 1:
		return len(first) >= 4
	}
	return len(first) >= 6 && mixed(first)
}

// mixed reports whether a word has what ordinary words have not: digits among
// letters, signs within, capitals after small letters.
func mixed(s string) bool {
	var letter, digit, sign, inner bool
	before := rune(0)
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			digit = true
		case unicode.IsLetter(r):
			letter = true
			inner = inner || unicode.IsUpper(r) && unicode.IsLower(before)
		case r != '-' && r != '\'' && r != '’' && r != '/' && r != '.':
			sign = true
		}
		before = r
	}
	return letter && (digit || sign || inner)
}

// fillers are what people write where no secret is to stand.
var fillers = regexp.MustCompile(`(?i)^(?:[x*.…•●_#?-]+|<.*>?|\[.*\]?|\{.*\}?|\$.*|%.*%?|@.*|x{2,}.*|your[-_ ]?.*|my[-_]?.*|the|a|an|in|at|see|ask|same|none|nil|null|no|yes|true|false|empty|blank|default|required|optional|mandatory|string|password|passwort|secret|token|changeme|change[-_]?me|change[-_ ]?it|example|hidden|redacted|removed|vault|unchanged|n/a|tbd|todo|must|should|will|can|may|not|never|always|stored|kept|set|sent|enter|type|choose|use|minimum|at least|min\.?|max\.?|https?://.*|/.*|credential.*|cred_.*)$`)

func placeholder(s string) bool {
	s = strings.Trim(s, "\"'`*_,;.() ")
	return s == "" || fillers.MatchString(s)
}
