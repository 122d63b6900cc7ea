package people

import (
	"errors"
	"net/mail"
	"strings"
	"unicode"

	"bailiwick/internal/gate"
	"bailiwick/internal/org"
)

// Candidate is one address of a text that was pasted.
type Candidate struct {
	Name, Email string
	Problem     string // why it can't be invited, or ""

	// Of a knowledge base's own dialog, where users are no problem:
	User     string    // id of the user whose address it is, or ""
	Role     gate.Role // that he has there, or would have
	Disabled bool
}

// most is how many people can be added at once.
const most = 200

// parse takes addresses apart that are separated by spaces, tabs, commas,
// semicolons or new lines; "Name <a@b>" gives a name too. What is wrong with an
// address by itself, or that it stands there twice, is said at each.
func parse(text string) []Candidate {
	var all []Candidate
	var name []string
	flush := func(address string) {
		all = append(all, Candidate{Name: cleanName(strings.Join(name, " ")), Email: address})
		name = nil
	}
	for _, part := range split(text) {
		inner, angled := strings.CutPrefix(part, "<")
		inner, closed := strings.CutSuffix(inner, ">")
		switch {
		case part == "\x00": // a separator ends whatever was begun
			for _, w := range name {
				all = append(all, Candidate{Email: w})
			}
			name = nil
		case angled && closed:
			flush(inner)
		case strings.Contains(part, "@") && !strings.HasPrefix(part, `"`):
			for _, w := range name {
				all = append(all, Candidate{Email: w})
			}
			name = nil
			flush(strings.Trim(part, "<>"))
		default:
			name = append(name, part)
		}
	}
	for _, w := range name {
		all = append(all, Candidate{Email: w})
	}
	seen := map[string]bool{}
	for i := range all {
		all[i].Problem = addressProblem(all[i].Email)
		if all[i].Problem != "" {
			continue
		}
		looks := org.Looks(all[i].Email)
		if seen[looks] {
			all[i].Problem = "This address, or one that looks the same, stands here twice."
		}
		seen[looks] = true
	}
	return all
}

// split cuts a text at white space and separators; "\x00" stands for a
// separator, and quotes keep a name together.
func split(text string) (parts []string) {
	var b strings.Builder
	quoted, angled := false, false
	end := func() {
		if b.Len() > 0 {
			parts = append(parts, b.String())
			b.Reset()
		}
	}
	for _, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
			b.WriteRune(r)
		case quoted && r != '\n':
			b.WriteRune(r)
		case r == '<':
			end()
			angled = true
			b.WriteRune(r)
		case r == '>' && angled:
			b.WriteRune(r)
			end()
			angled = false
		case strings.ContainsRune(",;\n", r):
			end()
			quoted, angled = false, false
			parts = append(parts, "\x00")
		case unicode.IsSpace(r):
			end()
		default:
			b.WriteRune(r)
		}
	}
	end()
	return parts
}

func cleanName(s string) string {
	s = strings.Join(strings.Fields(strings.ReplaceAll(s, `"`, "")), " ")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200])
	}
	return s
}

// addressProblem says what is wrong with an address by itself, or "".
func addressProblem(email string) string {
	if text := org.CheckEmail(email); text != "" {
		return text
	}
	if a, err := mail.ParseAddress(email); err != nil || a.Address != strings.TrimSpace(email) {
		return "This is not an email address. It should look like name@example.com."
	}
	if org.Mixed(email) {
		return "This address mixes letters of different alphabets or has letters that can't be seen. It may be an imitation of another one."
	}
	return ""
}

var (
	sqlSame  = gate.SQL(`SELECT id FROM users WHERE org_id = $1 AND (email_folded = $2 OR email_looks = $3) AND id <> $4 AND NOT unconfirmed`)
	sqlStale = gate.SQL(`DELETE FROM users WHERE org_id = $1 AND (email_folded = $2 OR email_looks = $3) AND unconfirmed`)
)

// taken says why an address can't become another user's, or "". Who registered
// with it himself but never confirmed it does not hold it.
func taken(tx *gate.Tx, email, user string) (string, error) {
	var other string
	err := tx.Row(sqlSame, org.Fold(email), org.Looks(email), user).Scan(&other)
	if errors.Is(err, gate.ErrNoRows) {
		_, err := tx.Exec(sqlStale, org.Fold(email), org.Looks(email))
		return "", err
	}
	if err != nil {
		return "", err
	}
	return "There is a user with this address, or with one that looks the same, already.", nil
}
