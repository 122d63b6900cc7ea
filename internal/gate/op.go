// Package gate is the only way to the database: no permission, no transaction.
//
// A feature names an operation and a target; the gate opens a transaction with
// the organization bound as $1, reads the access epoch, decides by a pure
// function over the compiled access model, runs the feature's function, writes
// the audit event in the same transaction, and commits. Refusals are written
// to the audit log too, and look like absence.
//
// It will not make actors out of passwords or cookies (session does), and it
// has no actor that may do everything.
package gate

import (
	"fmt"
	"sort"

	"bailiwick/internal/perm"
)

// Scope says what an operation is decided on.
type Scope string

const (
	Anyone Scope = "anyone" // without sign-in: set-up, sign-in
	Self   Scope = "self"   // the actor's own things: being that user is enough
	Whole  Scope = "whole"  // the organization as a whole
	Listed Scope = "listed" // a list, filtered by what the actor reaches
	Single Scope = "single" // one client, folder or credential, or a place in one
	Shelf  Scope = "shelf"  // a knowledge base, or a category, article or file of one, by the role in it
)

// Op is one operation: what the matrix tests, the audit log names and the docs
// list. It is declared once, as a package variable of the feature.
type Op struct {
	Name     string // "credential.reveal"
	Sentence string // what it does, for the docs: "See a secret"
	Scope    Scope
	Needs    perm.P    // besides reach; the zero P where being the user is enough
	Or       perm.P    // or this one in its place
	Role     Role      // least role in the knowledge base, where the scope is Shelf
	Personal bool      // works on one's own personal vault, with Vault Access instead of Needs
	View     bool      // may be done in a user perspective: shows, and changes nothing
	Tokens   bool      // API tokens may do it, within their permissions
	Visits   bool      // a user of the provider may do it in the site of a client that he reaches
	Links    bool      // external links do it, and nobody else; Needs is asked of the sender
	Enrol    bool      // may be done in a session that has to set up a second factor first
	Guests   bool      // guests may do it: it touches no vault
	Waiting  bool      // somebody who waits for approval may do it
	Write    bool      // runs in a write transaction
	Audit    bool      // writes an event also when it is allowed
	Once     bool      // takes an idempotency key
	Lock     string    // serializes the writers of more than one organization
	Keys     bool      // needs the vault's keys
	Job      ActorKind // only this job of the server may do it, and it may do nothing else
	Ahead    bool      // is done before its turn to write, and verified in it: see ahead.go
	Settles  bool      // sees to keys of shared credentials that wait: it can't wait for itself
	Shared   Uses      // what it may be done to of what another organization shares

	// Row reads a credential's row whole, for an operation that needs it
	// anyway: where it lies, and what Tx.Found then gives.
	Row func(t *Tx, id string) (lies Lies, row any, err error)
}

// Lies is where a credential's row says that it lies, and which one it is.
type Lies struct{ Client, Owner, Folder, Item string }

var ops = map[string]*Op{}

// Define registers an operation.
func Define(o Op) *Op {
	if _, twice := ops[o.Name]; twice {
		panic("operation defined twice: " + o.Name)
	}
	if o.Ahead && (!o.Write || o.Once || o.Lock != "" || o.Scope == Anyone) {
		panic(o.Name + ": what is done ahead only leaves rows, and is not kept for a second request")
	}
	if o.Audit && !o.Write {
		panic(fmt.Sprintf("%s: an audited operation writes its event, so it needs Write", o.Name))
	}
	if o.View && o.Write {
		panic(o.Name + ": what may be done in a perspective changes nothing")
	}
	if !o.Needs.Valid() && (o.Scope == Whole || o.Scope == Single) && !o.Personal && o.Job == "" {
		panic(fmt.Sprintf("%s: needs a permission", o.Name))
	}
	if o.Waiting && (o.Scope != Self || o.Needs.Valid() || !o.Guests) {
		panic(o.Name + ": who waits for approval has nothing but his own account")
	}
	if o.Links && (o.Scope != Single || o.Personal || o.Tokens || o.View || o.Guests || o.Row != nil) { // Row would find any credential
		panic(o.Name + ": an external link acts on its own credential, and its operations are nobody else's")
	}
	if (o.Scope == Shelf) != (o.Role != 0) || o.Role != 0 && (o.Needs.Valid() || o.Personal || o.Tokens || o.Visits || o.Guests || o.Waiting || o.Keys || o.Ahead || o.Row != nil) {
		panic(o.Name + ": in a knowledge base the role decides, and neither levels nor keys do")
	}
	if o.Visits && (o.Scope != Whole && o.Scope != Listed || o.Keys || o.Personal || o.Ahead) {
		panic(o.Name + ": who visits a site acts on its users, and has no keys there")
	}
	ops[o.Name] = &o
	return &o
}

// Ops lists the operations by name.
func Ops() []Op {
	var all []Op
	for _, o := range ops {
		all = append(all, *o)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all
}

// TargetKind is what a target is.
type TargetKind string

const (
	KindNone       TargetKind = ""
	KindClient     TargetKind = "client"
	KindFolder     TargetKind = "folder"
	KindCredential TargetKind = "credential"
	KindPlace      TargetKind = "place" // where something is to be put
	kindRow        TargetKind = "row"   // a credential whose row was read

	KindBase     TargetKind = "knowledge base"
	KindCategory TargetKind = "category"
	KindArticle  TargetKind = "article"
	KindFile     TargetKind = "file" // a picture or attachment of an article
)

// Target is the thing that an operation acts on.
type Target struct {
	Kind   TargetKind
	ID     string
	Client string // of a place
	Folder string // of a place; "" is the root
	Own    bool   // a place in the actor's personal vault
	lies   Lies
	base   string // of an article that is named by its address
}

// Nothing is the target of operations on the organization, lists and own things.
func Nothing() Target { return Target{} }

// Client targets one client.
func Client(id string) Target { return Target{Kind: KindClient, ID: id} }

// Folder targets one folder.
func Folder(id string) Target { return Target{Kind: KindFolder, ID: id} }

// Credential targets one credential.
func Credential(id string) Target { return Target{Kind: KindCredential, ID: id} }

// At targets a credential whose row was read already: it is not read again.
func At(lies Lies) Target { return Target{Kind: kindRow, ID: lies.Item, lies: lies} }

// In targets a place in a client: a folder, or the root with folder "".
func In(client, folder string) Target {
	return Target{Kind: KindPlace, Client: client, Folder: folder}
}

// Mine targets a place in the actor's personal vault.
func Mine(folder string) Target { return Target{Kind: KindPlace, Own: true, Folder: folder} }

// Base targets a knowledge base, by id or path.
func Base(id string) Target { return Target{Kind: KindBase, ID: id} }

// Category targets a category of a knowledge base.
func Category(id string) Target { return Target{Kind: KindCategory, ID: id} }

// Article targets one article.
func Article(id string) Target { return Target{Kind: KindArticle, ID: id} }

// Page targets an article by its address in a knowledge base.
func Page(base, slug string) Target { return Target{Kind: KindArticle, ID: slug, base: base} }

// File targets a picture or attachment of an article.
func File(id string) Target { return Target{Kind: KindFile, ID: id} }

func (t Target) id() string {
	if t.ID == "" && t.Folder != "" {
		return t.Folder
	}
	if t.ID == "" {
		return t.Client
	}
	return t.ID
}
