package gate

var (
	sqlBases          = SQL(`SELECT id, path, default_role FROM kb_bases WHERE org_id = $1`)
	sqlBaseRoles      = SQL(`SELECT base_id, user_id, role FROM kb_roles WHERE org_id = $1`)
	sqlCategories     = SQL(`SELECT id, base_id, COALESCE(parent_id, ''), visibility FROM kb_categories WHERE org_id = $1`)
	sqlCategoryGroups = SQL(`SELECT category_id, group_id FROM kb_category_groups WHERE org_id = $1`)
)

// bases reads the knowledge bases. They are found by id and by path; a path has
// no underscore, and each id has one.
func (l *loader) bases() error {
	l.m.bases = map[string]*base{}
	err := l.t.Each(sqlBases, func(r *Rows) error {
		b := &base{roles: map[string]Role{}}
		var role string
		err := r.Scan(&b.id, &b.path, &role)
		b.byDefault, _ = RoleNamed(role)
		l.m.bases[b.id], l.m.bases[b.path] = b, b
		return err
	})
	if err != nil || len(l.m.bases) == 0 {
		return err
	}
	err = l.t.Each(sqlBaseRoles, func(r *Rows) error {
		var id, user, name string
		err := r.Scan(&id, &user, &name)
		if b := l.m.bases[id]; b != nil {
			b.roles[user], _ = RoleNamed(name)
		}
		return err
	})
	if err != nil {
		return err
	}
	return l.categories()
}

func (l *loader) categories() error {
	l.m.categories = map[string]*category{}
	parents := map[*category]string{}
	err := l.t.Each(sqlCategories, func(r *Rows) error {
		c := &category{}
		var in, parent string
		err := r.Scan(&c.id, &in, &parent, &c.visibility)
		if c.base = l.m.bases[in]; c.base != nil {
			l.m.categories[c.id] = c
			parents[c] = parent
		}
		return err
	})
	if err != nil {
		return err
	}
	for c, parent := range parents {
		if c.parent = l.m.categories[parent]; parent != "" && (c.parent == nil || c.parent.base != c.base) {
			delete(l.m.categories, c.id) // better absent than without the limit above it
		}
	}
	err = l.t.Each(sqlCategoryGroups, func(r *Rows) error {
		var id, group string
		err := r.Scan(&id, &group)
		if c := l.m.categories[id]; c != nil {
			c.groups = append(c.groups, l.groups[group])
		}
		return err
	})
	for _, c := range l.m.categories {
		c.base.public = c.base.public || (*user)(nil).readsCategory(c, Public)
	}
	return err
}
