package gate

import "slices"

// What features ask about knowledge bases within an operation. Lists are cut by
// Opens and Reads, which are the decision itself.

var reading = &Op{Scope: Shelf, Role: Public, View: true}

// BaseID, CategoryID and ArticleID are what the target is or lies in, "" where
// it does not.
func (t *Tx) BaseID() string {
	if t.spot.base == nil {
		return ""
	}
	return t.spot.base.id
}

// CategoryID is the category that the target is or lies in.
func (t *Tx) CategoryID() string {
	if t.spot.category == nil {
		return ""
	}
	return t.spot.category.id
}

// ArticleID is the article that the target is or belongs to.
func (t *Tx) ArticleID() string {
	if t.spot.article == nil {
		return ""
	}
	return t.spot.article.id
}

// RoleIn is the actor's role in a knowledge base, 0 where there is none such.
func (t *Tx) RoleIn(baseID string) Role {
	b := t.model.bases[baseID]
	if b == nil {
		return 0
	}
	return t.model.roleIn(t.user, t.who, b)
}

// Opens reports whether the actor may know of a knowledge base: he has a role
// in it, or there is something public in it.
func (t *Tx) Opens(baseID string) bool {
	b := t.model.bases[baseID]
	return b != nil && t.model.decide(t.user, t.who, reading, spot{base: b}, t.now)
}

// ReadsCategory reports whether the actor reads a category.
func (t *Tx) ReadsCategory(id string) bool {
	c := t.model.categories[id]
	return c != nil && t.model.decide(t.user, t.who, reading, spot{base: c.base, category: c}, t.now)
}

// Reads reports whether the actor reads an article that lies in a category and
// was published then; 0 is a draft.
func (t *Tx) Reads(categoryID string, publishedAt int64) bool {
	c := t.model.categories[categoryID]
	return c != nil && t.model.decide(t.user, t.who, reading, spot{base: c.base, category: c, article: &article{publishedAt: publishedAt}}, t.now)
}

// ServiceRole is a user's role in a knowledge base, and how he comes by it.
type ServiceRole struct {
	Person
	Kind     string
	Role     Role
	Explicit Role // 0: none is
	Default  Role // without an explicit one
	Active   bool // else he has, for now, what anybody has
	Fixed    bool // an administrator: nothing else can be given to him
}

func (m *Model) serviceRole(u *user, b *base) ServiceRole {
	r := ServiceRole{Person: Person{u.id, u.name, u.email, u.level}, Kind: u.kind, Explicit: b.roles[u.id], Default: m.givenRole(u, b), Active: u.active, Fixed: u.override}
	r.Role = m.roleIn(u, Actor{kind: Perspective}, b) // as if he were active
	return r
}

// ServiceRoles lists everybody with his role in a knowledge base, by name.
func (t *Tx) ServiceRoles(baseID string) (all []ServiceRole) {
	b := t.model.bases[baseID]
	if b == nil {
		return nil
	}
	for _, u := range t.model.users {
		all = append(all, t.model.serviceRole(u, b))
	}
	slices.SortFunc(all, func(a, b ServiceRole) int { return byName(a.Person, b.Person) })
	return all
}

// ServiceRoleOf is one user's role in a knowledge base.
func (t *Tx) ServiceRoleOf(userID, baseID string) (ServiceRole, bool) {
	u, b := t.model.users[userID], t.model.bases[baseID]
	if u == nil || b == nil {
		return ServiceRole{}, false
	}
	return t.model.serviceRole(u, b), true
}

// DefaultRoleIn is the role that members have in a knowledge base by default.
func (t *Tx) DefaultRoleIn(baseID string) Role {
	if b := t.model.bases[baseID]; b != nil && b.byDefault != 0 {
		return b.byDefault
	}
	return t.model.defaultRole
}

var (
	sqlSpotArticle = SQL(`SELECT id, category_id, published_at FROM kb_articles WHERE org_id = $1 AND id = $2`)
	sqlSpotPage    = SQL(`SELECT id, category_id, published_at FROM kb_articles WHERE org_id = $1 AND base_id = $2 AND slug = $3`)
	sqlSpotFile    = SQL(`SELECT a.id, a.category_id, a.published_at FROM kb_files f JOIN kb_articles a ON a.org_id = f.org_id AND a.id = f.article_id WHERE f.org_id = $1 AND f.id = $2`)
)

// locateShelf finds what lies in a knowledge base. An article whose category
// the model does not know is nowhere.
func (t *Tx) locateShelf(target Target) (s spot, ok bool) {
	switch target.Kind {
	case KindBase:
		s.base, ok = t.model.bases[target.ID]
		return s, ok
	case KindCategory:
		c, ok := t.model.categories[target.ID]
		if !ok {
			return s, false
		}
		return spot{base: c.base, category: c}, true
	}
	stmt, args := sqlSpotArticle, []any{target.ID}
	switch {
	case target.Kind == KindFile:
		stmt = sqlSpotFile
	case target.base != "":
		b, ok := t.model.bases[target.base]
		if !ok {
			return s, false
		}
		stmt, args = sqlSpotPage, []any{b.id, target.ID}
	}
	a := &article{}
	var in string
	if err := t.Row(stmt, args...).Scan(&a.id, &in, &a.publishedAt); err != nil {
		return s, false
	}
	c := t.model.categories[in]
	if c == nil {
		return s, false
	}
	return spot{base: c.base, category: c, article: a}, true
}

// name gives an event the id of what was addressed by its path.
func (s spot) name(e *Event) {
	switch TargetKind(e.Kind) {
	case KindBase:
		e.ID = s.base.id
	case KindArticle:
		e.ID = s.article.id
	}
}

// OpenToAll reports whether anybody reads something of a knowledge base.
func (t *Tx) OpenToAll(baseID string) bool {
	b := t.model.bases[baseID]
	return b != nil && b.public
}

// InBase reports whether a category is one of a knowledge base.
func (t *Tx) InBase(categoryID, baseID string) bool {
	c := t.model.categories[categoryID]
	return c != nil && c.base.id == baseID
}

// Categories lists the categories of a knowledge base that the actor reads, and
// whether these are all.
func (t *Tx) Categories(baseID string) (ids []string, all bool) {
	all = true
	for id, c := range t.model.categories {
		if c.base.id != baseID {
			continue
		}
		if t.ReadsCategory(id) {
			ids = append(ids, id)
		} else {
			all = false
		}
	}
	slices.Sort(ids)
	return ids, all
}

// Stamp tells whether an answer to a passer-by would be another one by now: as
// long as it is the same, only time brings something new.
type Stamp struct{ Access, Shelf int64 }

// Stamp is that of what this operation reads.
func (t *Tx) Stamp() Stamp { return Stamp{t.state.accessEpoch, t.state.shelfSeq} }

var sqlShelved = SQL(`UPDATE organizations SET shelf_seq = shelf_seq + 1 WHERE id = $1`)

// shelved changes the stamp with whatever an editor writes. What anybody may
// write changes nothing that others read, or anybody could have all answers made
// anew.
func (t *Tx) shelved() error {
	if t.op.Scope != Shelf || !t.op.Write || t.op.Role == Public {
		return nil
	}
	_, err := t.Exec(sqlShelved)
	return err
}

// Postgres reports which engine runs statements of one engine.
func (t *Tx) Postgres() bool { return t.tx.Remote() }
