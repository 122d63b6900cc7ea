// Command permdoc writes docs/permissions.md from the catalogue of permissions
// and the registered operations: go run ./internal/permdoc FILE, from the
// module's root. Its test fails when the file is not current.
//
// It decides nothing and opens no database: it prints what the code declares.
package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"bailiwick/internal/gate"
	"bailiwick/internal/perm"

	// The operations are package variables of the features.
	_ "bailiwick/internal/app"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: permdoc FILE")
		os.Exit(2)
	}
	// #nosec G306 G703 -- a page for everybody to read, where the developer wants it
	if err := os.WriteFile(os.Args[1], page(), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, "permdoc:", err)
		os.Exit(1)
	}
}

func page() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `# Permissions and operations

<!-- Made by internal/permdoc from internal/perm and the operations; run make generate to make it anew. -->

A permission level is a set of permissions. Each member has exactly one level; guests have none. %d permissions, %d operations.

`, len(perm.All()), len(gate.Ops()))
	levels(&b)
	permissions(&b)
	operations(&b)
	return b.Bytes()
}

func levels(b *bytes.Buffer) {
	b.WriteString("## Built-in levels\n\n| | level | for | users of |\n| --- | --- | --- | --- |\n")
	for i, l := range perm.Builtin() {
		users := "a provider"
		if l.Site {
			users = "a site"
		}
		row(b, fmt.Sprint(i+1), l.Name, l.For, users)
	}
	fmt.Fprintf(b, `
Two account roles add permissions to a member's level: **Account** (%s) and **User manager** (%s).

Password: Edit includes Password: View. Organization: Admin includes everything, and is not held back by assignments and security groups; nor is a Site Administrator. Custom levels can hold every permission but %s.

`, join(perm.RoleAccount), join(perm.RoleUserManager), never())
}

func permissions(b *bytes.Buffer) {
	b.WriteString("## Permissions\n\nThe numbered columns are the built-in levels above.\n\n| permission | lets a user |")
	rule := "| --- | --- |"
	for i := range perm.Builtin() {
		fmt.Fprintf(b, " %d |", i+1)
		rule += " --- |"
	}
	b.WriteString("\n" + rule + "\n")
	for _, p := range perm.All() {
		cells := []string{p.Name, p.Sentence}
		for _, l := range perm.Builtin() {
			cells = append(cells, mark(l.Set.Has(p.P)))
		}
		row(b, cells...)
	}
}

func operations(b *bytes.Buffer) {
	b.WriteString(`
## Operations

Everything that can be done goes through one of these. *Decided on* says what the decision looks at: **single** is one client, folder or credential, or a place in one, which the actor must also reach; **listed** is a list, cut to what the actor reaches; **whole** is the organization; **shelf** is a knowledge base, or a category, article or file of one, by the role in it (what needs *anybody* shows published articles of public categories to whoever comes by); **self** is the actor's own things; **anyone** needs no sign-in. Reaching something in a client of a provider takes Client: View List too. *Own vault* operations also work on one's own personal vault, where Vault Access takes the place of what is needed. *Tokens* may be used by API tokens whose owner holds Plugin Access and Password: Add; *guests* by guests too, *waiting* by whoever waits for approval. *Keys* need an open session or a token. *Logged* writes an event when it was done; a refusal of somebody signed in is always an event.

| operation | what it does | decided on | needs | own vault | tokens | guests | waiting | keys | logged |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
`)
	for _, o := range gate.Ops() {
		needs := ""
		if o.Needs.Valid() {
			needs = o.Needs.String()
		}
		if o.Role != 0 {
			needs = map[gate.Role]string{gate.Public: "anybody", gate.Reader: "Reader", gate.Editor: "Content editor", gate.Admin: "Admin (of the knowledge base)"}[o.Role]
		}
		if o.Or.Valid() {
			needs += " or " + o.Or.String()
		}
		row(b, "`"+o.Name+"`", o.Sentence, string(o.Scope), needs, mark(o.Personal), mark(o.Tokens), mark(o.Guests), mark(o.Waiting), mark(o.Keys), mark(o.Audit))
	}
}

func row(b *bytes.Buffer, cells ...string) {
	for _, c := range cells {
		b.WriteString("| " + strings.ReplaceAll(c, "|", "\\|") + " ")
	}
	b.WriteString("|\n")
}

func mark(on bool) string {
	if on {
		return "x"
	}
	return ""
}

func join(s perm.Set) string { return strings.Join(s.Names(), ", ") }

// never names what no custom level can hold.
func never() string {
	var s perm.Set
	for _, p := range perm.All() {
		if !p.P.Custom() {
			s = s.With(p.P)
		}
	}
	return strings.Join(s.Names(), " and ")
}
