// Package leak says whether a text looks as if it held a secret, for the
// warning of the editors of texts that are not sealed. It finds what has a known
// form and what stands after words such as "password:"; it can't find what looks
// like any other word, and it never repeats what it found.
package leak

import (
	"regexp"
	"strings"
)

// Found is a place that looks like a secret.
type Found struct {
	Line int    // from 1
	Why  string // a whole sentence without the secret
}

// most is how many places are told: the first ones say enough.
const most = 20

// Look gives the places of a text that look like secrets, one a line at most.
func Look(text string) []Found {
	var found []Found
	hidden := false // inside of a private key's block
	for i, line := range strings.Split(text, "\n") {
		if len(found) == most {
			break
		}
		line = clipped(line)
		switch {
		case strings.Contains(line, "-----END "):
			hidden = false
		case keyBlock.MatchString(line):
			hidden = true
			found = append(found, Found{i + 1, "This is the beginning of a private key."})
		case hidden:
		default:
			if why := known(line); why != "" {
				found = append(found, Found{i + 1, why})
			} else if word := named(line); word != "" {
				found = append(found, Found{i + 1, "A value stands after “" + word + "”."})
			}
		}
	}
	return found
}

// clipped bounds the work on one line.
func clipped(line string) string { return strings.TrimRight(line[:min(len(line), 20_000)], "\r") }

var keyBlock = regexp.MustCompile(`-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|^PuTTY-User-Key-File-\d`)

// forms are secrets that are known by their form alone.
var forms = []struct {
	re  *regexp.Regexp
	why string
}{
	{regexp.MustCompile(`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`), "This looks like an access key of AWS."},
	{regexp.MustCompile(`\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b`), "This looks like a token of GitHub."},
	{regexp.MustCompile(`\bglpat-[A-Za-z0-9_-]{20,}`), "This looks like a token of GitLab."},
	{regexp.MustCompile(`\bxox[abeoprs]-[A-Za-z0-9-]{10,}`), "This looks like a token of Slack."},
	{regexp.MustCompile(`hooks\.slack\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{16,}|\.webhook\.office\.com/webhookb2/[0-9a-f-]{36}|discord(?:app)?\.com/api/webhooks/\d+/[A-Za-z0-9_-]{30,}`), "Whoever has the address of this webhook can post there."},
	{regexp.MustCompile(`\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}`), "This looks like a key of Stripe."},
	{regexp.MustCompile(`\bAIza[A-Za-z0-9_-]{35}`), "This looks like an API key of Google."},
	{regexp.MustCompile(`\bya29\.[A-Za-z0-9_-]{20,}|\bGOCSPX-[A-Za-z0-9_-]{20,}`), "This looks like a token of Google."},
	{regexp.MustCompile(`\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}`), "This looks like the key of an API."},
	{regexp.MustCompile(`\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{30,}`), "This looks like a key of SendGrid."},
	{regexp.MustCompile(`\b(?:npm_[A-Za-z0-9]{36}|pypi-AgEI[A-Za-z0-9_-]{30,}|dop_v1_[0-9a-f]{64}|hvs\.[A-Za-z0-9_-]{24,}|shp(?:at|ss)_[0-9a-fA-F]{32}|dckr_pat_[A-Za-z0-9_-]{20,})`), "This looks like an access token."},
	{regexp.MustCompile(`\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b`), "This looks like the token of a Telegram bot."},
	{regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}`), "This looks like a signed token (JWT)."},
	{regexp.MustCompile(`\bAGE-SECRET-KEY-1[0-9A-Z]{50,}`), "This looks like a private key of age."},
	{regexp.MustCompile(`(?i)\botpauth(?:-migration)?://\S+`), "This is the secret of one-time codes."},
	{regexp.MustCompile(`(?i)\b(?:AccountKey|SharedAccessKey)\s*=\s*[A-Za-z0-9+/]{30,}`), "This looks like a storage key of Azure."},
	{regexp.MustCompile(`(?i)[?&]sig=[A-Za-z0-9%+/]{30,}`), "Whoever has this signed address gets in by it."},
	{regexp.MustCompile(`(?i)\bAuthorization:\s*(?:Basic|Bearer)\s+[A-Za-z0-9+/=._~-]{8,}`), "This header lets somebody in."},
	{regexp.MustCompile(`(?i)\b(?:https?|ftps?|sftp|ssh|rdp|vnc|smb|postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis|amqps?|ldaps?)://[^\s/:@<>]+:([^\s/@<>]+)@`), "This address has a password in it."},
	{regexp.MustCompile(`(?i)^\s*(?:PrivateKey|PresharedKey)\s*=\s*[A-Za-z0-9+/]{42,43}=\s*$`), "This looks like a private key of WireGuard."},
	{regexp.MustCompile(`(?i)\b(?:mysql|mysqldump|mariadb)\b.*\s-p[^\s-]\S{2,}|\bcurl\b.*\s(?:-u|--user)\s+['"]?[^\s:'"<]+:[^\s<]{3,}|\bnet\s+user\s+\S+\s+[^\s/*<]{4,}.*\s/add\b|\bsshpass\s+-p\s*\S+`), "This command has a password in it."},
}

func known(line string) string {
	for _, f := range forms {
		if m := f.re.FindStringSubmatch(line); m != nil && (len(m) < 2 || !placeholder(m[1])) {
			return f.why
		}
	}
	return ""
}
