package app_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/gate"
)

// The engines must agree on every text. (Known: SQLite takes a query that
// skips $1, PostgreSQL refuses it.)
func TestEveryTextIsPrepared(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := 0
		for _, text := range slices.Concat(gate.Texts(), slices.Sorted(maps.Keys(gate.TextsAcross())), slices.Sorted(maps.Keys(gate.TextsOfOne()))) {
			if only := gate.TextsOfOne()[text]; only != "" && only != d.Engine() {
				continue
			}
			n++
			if err := d.Prepare(t.Context(), text); err != nil {
				t.Errorf("%v:\n%s", err, text)
			}
		}
		if n < 100 {
			t.Errorf("only %d texts: are the features imported?", n)
		}
	})
}

var (
	spaces = regexp.MustCompile(`\s+`)
	// A table and what it is called in the text.
	tableRef = regexp.MustCompile(`(?i)\b(FROM|JOIN|UPDATE|INTO) ([a-z_]+)(?: (?:AS )?([a-z][a-z_]*))?`)
	keyword  = regexp.MustCompile(`(?i)^(where|on|set|values|select|join|left|order|group|limit|returning|union|cross|inner|using|as|and|for)$`)
	inserted = regexp.MustCompile(`(?i)INSERT INTO ([a-z_]+) \(([a-z_]+),.*?\) (VALUES \(\$1,|SELECT (?:[a-z]+\.)?(\$1|org_id)\b)`)
)

// unbound names the tables of a text that nothing binds to $1. Each SELECT in
// brackets is judged for itself.
func unbound(text string) (names []string) {
	text = spaces.ReplaceAllString(text, " ")
	ctes := map[string]bool{}
	for _, m := range cte.FindAllStringSubmatch(text, -1) {
		ctes[m[1]] = true
	}
	if m := inserted.FindStringSubmatch(text); m != nil {
		if m[2] != key(m[1]) {
			return []string{m[1]}
		}
	} else if strings.HasPrefix(strings.ToUpper(text), "INSERT") {
		return []string{"insert"}
	}
	for {
		at := -1
		for _, m := range bracket.FindAllStringIndex(text, -1) {
			at = m[0] // the last one that opens holds no other
		}
		if at < 0 {
			break
		}
		end := at + closing(text[at:])
		for _, part := range union.Split(text[at:end], -1) {
			names = append(names, alone(part, ctes)...)
		}
		text = text[:at] + "()" + text[end:]
	}
	for _, part := range union.Split(text, -1) {
		names = append(names, alone(part, ctes)...)
	}
	return names
}

var (
	bracket = regexp.MustCompile(`(?i)\( ?SELECT `)
	union   = regexp.MustCompile(`(?i)\bUNION( ALL)?\b`)
	cte     = regexp.MustCompile(`(?i)(?:WITH(?: RECURSIVE)?|,) ([a-z_]+)(?: ?\([^)]*\))? AS \(`)
)

// closing is where the bracket that opens a text closes, and its length.
func closing(text string) int {
	depth := 0
	for i, c := range text {
		if c == '(' {
			depth++
		} else if c == ')' {
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}

func key(table string) string {
	if table == "organizations" {
		return "id"
	}
	return "org_id"
}

// alone judges one SELECT, UPDATE or DELETE without what is in its brackets.
func alone(text string, ctes map[string]bool) (names []string) {
	refs := tableRef.FindAllStringSubmatch(text, -1)
	for _, m := range refs {
		verb, table, alias := strings.ToUpper(m[1]), m[2], m[3]
		if table == "kb_words" { // an index of kb_texts, whose rows it only numbers
			continue
		}
		if verb == "INTO" || ctes[table] || keyword.MatchString(table) {
			continue
		}
		if alias == "" || keyword.MatchString(alias) {
			alias = table
		}
		me := fmt.Sprintf(`\b%s\.%s`, alias, key(table))
		if len(refs) == 1 || alias == table && !strings.Contains(text, table+".") {
			me = fmt.Sprintf(`(?:\b%s\.|[^.a-z_])%s`, alias, key(table))
		}
		bound := regexp.MustCompile(`(?i)` + me + ` = (\$1\b|[a-z_]+\.(org_id|id)\b)|[a-z_]+\.(org_id|id) = ` + me + `\b`)
		if !bound.MatchString(text) {
			names = append(names, table)
		}
	}
	return names
}

func TestEveryTextIsBoundToItsOrganization(t *testing.T) {
	for _, text := range slices.Concat(gate.Texts(), slices.Sorted(maps.Keys(gate.TextsOfOne()))) {
		if _, shared := gate.TextsShared()[text]; shared {
			continue
		}
		flat := spaces.ReplaceAllString(text, " ")
		first := regexp.MustCompile(`org_id = \$1\b|\bid = \$1\b|VALUES \(\$1,|SELECT \$1,`)
		if names := unbound(text); len(names) > 0 || !first.MatchString(flat) {
			t.Errorf("not bound to $1 (%v):\n%s", names, text)
		}
	}
	for text, bad := range map[string]bool{
		`SELECT id FROM users WHERE id = $2`:                                                     true,
		`SELECT u.id FROM users u JOIN clients c ON c.id = u.id WHERE u.org_id = $1`:             true,
		`SELECT u.id FROM users u JOIN clients c ON c.org_id = u.org_id WHERE u.org_id = $1`:     false,
		`DELETE FROM tokens WHERE id = $1`:                                                       true,
		`INSERT INTO seen (credential_id, org_id) VALUES ($1, $2)`:                               true,
		`UPDATE organizations SET name = $2 WHERE id = $1`:                                       false,
		`UPDATE users SET name = $2 WHERE id = $1 OR org_id > $1`:                                true,
		`DELETE FROM seen WHERE org_id = $1 AND user_id IN (SELECT id FROM users WHERE id = $2)`: true,
	} {
		if got := len(unbound(text)) > 0; got != bad {
			t.Errorf("unbound is %v for %s", got, text)
		}
	}
}

// across: each text that reads several organizations is a hole that somebody
// has to look at. What it is for: what it reads.
var across = map[string]string{
	"a try for an unknown address is noted by the organization that was there first":   "id",
	"the instance key is one for all organizations":                                    "o.id, o.key_epoch, e.outer_instance_box",
	"before the first organization there is none to bind":                              "COUNT(*)",
	"where there is one organization only, the common address is its own":              "id, name, slug",
	"its own address tells the organization before anybody signs in":                   "o.id, o.name, o.slug, COALESCE(p.name, ''), COALESCE(own.value, theirs.value, '')",
	"pages before signing in show whose they are":                                      "o.id, o.name, o.slug, COALESCE(p.name, ''), COALESCE(own.value, theirs.value, '')",
	"which organizations have still to be recovered":                                   "o.id, o.name, o.key_epoch, e.outer_instance_box",
	"whose address this is tells the organization":                                     "u.org_id, u.id, o.slug, o.name",
	"whose forgotten password it may be tells the organization":                        "org_id, id",
	"registrations are dropped, and what lingers ends, in every organization":          "org_id",
	"whose address this is, and where, tells the organization":                         "org_id, id",
	"sessions of every organization are sealed in time, whether they come back or not": "DISTINCT org_id",
	"who restores or recovers a database is not yet of an organization":                "id",
	"a second factor that was not set up in time goes, in every organization":          "DISTINCT org_id",
	"metrics count sessions without saying whose":                                      "COUNT(*)",
	"metrics count jobs without saying whose":                                          "state, COUNT(*)",
	"metrics count due epochs without saying whose":                                    "COUNT(*), COALESCE(MIN(epoch_due_at), 0)",
	"old files are destroyed in every organization, whoever is signed in":              "j.org_id, j.id",
	"the rotation job runs for every organization in which something is due":           "c.org_id",
	"whose user an id of one of the sites is tells a visitor the site":                 "u.org_id",
	"the address of a site must be nobody's yet":                                       "COUNT(*)",
	"a provider makes the organization of its client's site":                           "INSERT INTO organizations (id, kind, name, slug, created_at, sign_public, provider_id, client_id, access_epoch) VALUES ($1, 'site', $2, $3, $4, $5, $6, $7, 1)",
	"a site's provider is checked by the fingerprint that the activation link carries": "p.id, p.name, p.sign_public",
	"an external link's id and proof tell the organization":                            "org_id, credential_id, made_by",
	"external links that are over are wiped in every organization":                     "org_id",
	"yesterday's voices are forgotten in every organization":                           "DISTINCT org_id",
	"mails of every organization are sent and given up in time, whoever is signed in":  "org_id",
}

func TestTextsAcrossOrganizations(t *testing.T) {
	left := maps.Clone(across)
	for text, why := range gate.TextsAcross() {
		columns, _, _ := strings.Cut(strings.TrimPrefix(spaces.ReplaceAllString(text, " "), "SELECT "), " FROM ")
		if want, ok := across[why]; !ok || columns != want {
			t.Errorf("across organizations, %q reads %q; known is %q", why, columns, want)
		}
		delete(left, why)
	}
	for why := range left {
		t.Errorf("no text is there to %q any more", why)
	}
}

// Each reason for which a text reaches rows of the other organization of a
// provider and its site, and how many do.
var sharedTexts = map[string]int{
	"a provider and its sites are a family":                7,
	"rights to what is received":                           2,
	"envelopes of what is received":                        13,
	"versions of what is received":                         3,
	"the row of what is received":                          1,
	"the other side's log tells what is taken":             1,
	"what is received follows its maker":                   8,
	"a key is handed to the other organization":            6,
	"with whom something is shared":                        7,
	"types that a provider forced once":                    1,
	"types that a provider gave its sites":                 1,
	"what is shared is touched for its maker, too":         1,
	"users of a site see their provider's name and colour": 1,
}

func TestSharedTextsBeginWithTheirOrganization(t *testing.T) {
	first := regexp.MustCompile(`\b(org_id|id|to_org|from_org|provider_id) = \$1\b|VALUES \(\$2, \$3, \$4, \$1,|SELECT CAST\(\$1 AS TEXT\)`)
	link := regexp.MustCompile(`\b(to_org|from_org|provider_id|site_id)\b`)
	left := maps.Clone(sharedTexts)
	for text, why := range gate.TextsShared() {
		if !first.MatchString(text) || !link.MatchString(text) {
			t.Errorf("%s: does not begin with its organization, or nothing links it with the other:\n%s", why, text)
		}
		left[why]--
	}
	for why, n := range left {
		if n != 0 {
			t.Errorf("%q: %d texts more or fewer than is known", why, -n)
		}
	}
}
