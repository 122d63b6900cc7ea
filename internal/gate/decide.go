package gate

import (
	"time"

	"bailiwick/internal/perm"
)

// spot is where a target lies: the facts of it that count.
type spot struct {
	client *client // nil in a personal vault
	owner  string  // of a personal vault
	folder *folder // nil at the root
	row    bool    // what lies there, not the place itself
	item   string  // the credential, where it is one
	got    *thing  // what another organization shares

	base     *base // knowledge base
	category *category
	article  *article
}

// decide is the one place where it is said what an actor may do. It is pure:
// the model, the actor, the operation, where the target lies, and the time.
func (m *Model) decide(u *user, who Actor, op *Op, s spot, now time.Time) bool {
	if op.Scope == Anyone {
		return true
	}
	if op.Job != "" {
		return op.Job == who.kind // below, no job is let in
	}
	if op.Scope == Shelf {
		return m.decideShelf(u, who, op, s, now)
	}
	if u == nil || u.kind == "guest" && !op.Guests {
		return false
	}
	if !u.active && who.kind != Perspective && !(u.waits && op.Waiting && who.kind == User) {
		return false
	}
	if !u.leveled && !op.Guests && !op.Needs.Valid() {
		return false // "being that user" takes a level, except for guests' own things
	}
	if op.Links != (who.kind == Link) {
		return false
	}
	set := u.permissions(who)
	if who.kind == Token {
		if !op.Tokens || !u.set.Has(perm.PluginAccess) || !u.set.Has(perm.PasswordAdd) || !now.Before(who.limit.Expires) {
			return false
		}
	} else if who.kind == Visitor {
		if !op.Visits {
			return false
		}
	} else if who.kind != User && who.kind != Perspective && who.kind != Link {
		return false
	}
	if op.Scope == Self || op.Scope == Whole || op.Scope == Listed {
		return !op.Needs.Valid() || m.held(u, who, op)
	}
	if s.owner != "" {
		// A personal vault is one user's own: nobody else's, and no token's.
		return op.Personal && s.owner == u.id && who.kind == User && set.Has(perm.VaultAccess)
	}
	if s.client == nil || !m.held(u, who, op) {
		return false
	}
	if !m.site && !set.Has(perm.ClientViewList) {
		return false
	}
	return u.reaches(m, who, s.client, now) && u.enters(s.folder, now) && s.got.admits(u, op) && u.chose(s)
}

// sees reports whether the actor may list what lies at a spot.
func (m *Model) sees(u *user, who Actor, s spot, now time.Time) bool {
	return m.decide(u, who, seeing, s, now)
}

var seeing = &Op{Scope: Single, Needs: perm.ClientViewList, Personal: true, Tokens: true, Shared: Received}

// SeesClient reports whether the actor reaches a client.
func (t *Tx) SeesClient(id string) bool {
	c, ok := t.model.clients[id]
	return ok && t.model.sees(t.user, t.who, spot{client: c}, t.now)
}

// SeesFolder reports whether the actor reaches a folder.
func (t *Tx) SeesFolder(id string) bool {
	f, ok := t.model.folders[id]
	return ok && t.model.sees(t.user, t.who, spot{client: f.client, owner: f.owner, folder: f}, t.now)
}

// Sees reports whether the actor reaches what lies in a client, or in an
// owner's personal vault, in a folder ("" is the root). Item is empty for what
// is decided on by its place alone: see AloneC.
func (t *Tx) Sees(lies Lies) bool {
	s, ok := t.lying(lies)
	return ok && t.model.sees(t.user, t.who, s, t.now)
}

// AloneC is the SQL for the Item of rows of credentials, called c, that are
// kept by place: who sees them is said by the place for all but a few.
const AloneC = `CASE WHEN c.alone THEN c.id ELSE '' END`

// Guarded reports whether a security group is on the folder or above it.
func (t *Tx) Guarded(folder string) bool {
	f, ok := t.model.folders[folder]
	return ok && f.guarded()
}

// Leaves reports whether what lies in a folder loses a guard when it is put
// into another of the same tree ("" is the root): some folder from the first
// one up has security groups and is not above the second.
func (t *Tx) Leaves(from, to string) bool {
	for f := t.model.folders[from]; f != nil; f = f.parent {
		if len(f.groups) > 0 && !t.Below(to, f.id) {
			return true
		}
	}
	return false
}

// Depth counts the folders from the root to this one; 0 is the root.
func (t *Tx) Depth(folder string) int {
	n := 0
	for f := t.model.folders[folder]; f != nil; f = f.parent {
		n++
	}
	return n
}

// Below reports whether folder is above's own or lies anywhere in it.
func (t *Tx) Below(folder, above string) bool {
	for f := t.model.folders[folder]; f != nil; f = f.parent {
		if f.id == above {
			return true
		}
	}
	return false
}

// locate finds where a target lies. What the organization does not have can't
// be located, so another organization's ids are absent here.
func (t *Tx) locate(op *Op, target Target) (spot, bool) {
	if t.who.kind == Link && target != Credential(t.who.about) {
		return spot{}, false
	}
	switch target.Kind {
	case KindNone:
		return spot{}, op.Scope != Single
	case KindClient:
		c, ok := t.model.clients[target.ID]
		return spot{client: c}, ok
	case KindFolder:
		f, ok := t.model.folders[target.ID]
		if !ok {
			return spot{}, false
		}
		return spot{client: f.client, owner: f.owner, folder: f}, true
	case KindCredential:
		return t.locateCredential(target.ID)
	case KindPlace:
		return t.locatePlace(target)
	case kindRow:
		return t.lying(target.lies)
	case KindBase, KindCategory, KindArticle, KindFile:
		return t.locateShelf(target)
	}
	return spot{}, false
}

var sqlSpot = SQL(`SELECT COALESCE(client_id, ''), COALESCE(owner_id, ''), COALESCE(folder_id, '') FROM credentials WHERE org_id = $1 AND id = $2`)

func (t *Tx) locateCredential(id string) (spot, bool) {
	at := Lies{Item: id}
	if err := t.Row(sqlSpot, id).Scan(&at.Client, &at.Owner, &at.Folder); err != nil {
		return spot{}, false
	}
	return t.lying(at)
}

func (t *Tx) lying(at Lies) (spot, bool) {
	s := spot{client: t.model.clients[at.Client], owner: at.Owner, folder: t.model.folders[at.Folder], row: true, item: at.Item, got: t.model.things[at.Item]}
	return s, at.Folder == "" || s.folder != nil
}

// find locates the operation's own target. Its row is read once where the
// operation needs it too; nothing of it is opened before the decision.
func (t *Tx) find(target Target) (spot, bool) {
	if t.op.Row == nil || target.Kind != KindCredential {
		return t.locate(t.op, target)
	}
	at, row, err := t.op.Row(t, target.ID)
	at.Item = target.ID
	if err != nil {
		return spot{}, false
	}
	t.found = row
	return t.lying(at)
}

func (t *Tx) locatePlace(p Target) (spot, bool) {
	s := spot{}
	if p.Own {
		s.owner = t.who.user
	} else if s.client = t.model.clients[p.Client]; s.client == nil {
		return s, false
	}
	if p.Folder == "" {
		return s, true
	}
	f, ok := t.model.folders[p.Folder]
	if !ok || f.client != s.client || f.owner != s.owner {
		return s, false
	}
	s.folder = f
	return s, true
}

// Outranks reports whether the actor may act on another user: never on
// himself, and only where that user has no permission that the actor lacks.
// It gives that user's name.
func (t *Tx) Outranks(user string) (name string, ok bool) {
	other := t.model.users[user]
	if other == nil || t.user == nil || other.id == t.user.id {
		return "", false
	}
	return other.name, other.set.Within(t.user.permissions(t.who))
}

// SeesTarget reports whether the actor reaches what an event names: events of
// a guarded folder's things are not for those outside its groups. What is no
// longer there is judged by its client alone.
func (t *Tx) SeesTarget(kind, id string) bool {
	switch TargetKind(kind) {
	case KindFolder:
		_, there := t.model.folders[id]
		return !there || t.SeesFolder(id)
	case KindCredential:
		s, found := t.locateCredential(id)
		return !found || t.model.sees(t.user, t.who, s, t.now)
	}
	return true
}
