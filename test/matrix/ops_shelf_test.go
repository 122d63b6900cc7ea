package matrix

import (
	"bytes"
	"strconv"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/kb/bundle"
	"bailiwick/internal/people"
	"bailiwick/internal/refmodel"
)

var (
	baseNames     = []string{"handbook", "closed", "foreign", "random"}
	categoryNames = []string{"pub", "staff", "grp-in", "grp-out", "grp-off", "pub-staff", "staff-out", "shut", "abroad", "random"}
	articleNames  = []string{"a-pub", "a-draft", "a-later", "a-now", "a-staff", "a-in", "a-out", "a-off", "a-pubstaff", "a-staffout", "a-shut", "a-abroad", "random"}
)

// number is a column of a row, read beside the product.
func (w *world) number(text, id string) int64 {
	for _, v := range w.column1(text, id) {
		n, _ := strconv.ParseInt(v, 10, 64)
		return n
	}
	return 1
}

func answering(cells []cell, says string, kinds []fault.Kind, labels ...string) []cell {
	for i, c := range cells {
		if len(labels) == 0 || strings.Contains(" "+strings.Join(labels, " ")+" ", " "+c.label+" ") {
			cells[i].also, cells[i].says = kinds, says
		}
	}
	return cells
}

func rows(all []kb.Row) (ids []string) {
	for _, r := range all {
		ids = append(ids, r.ID)
	}
	return ids
}

// shown compares a list with what the model shows of a knowledge base.
func shownOf(cells []cell, kind string, shown func(any) []string) []cell {
	for i, c := range cells {
		cells[i].shown, cells[i].visible = shown, "shelf:"+kind+":"+c.target.ID
	}
	return cells
}

func out(o *refmodel.Org, _, name string) bool {
	a := o.Articles[name]
	return a != nil && a.PublishedAt != 0 && a.PublishedAt <= start.UnixMilli()
}

func readOps() map[string]operation {
	const never = "nothing of it was ever published: to its editors too there is nothing to read"
	absent := []fault.Kind{fault.Absent}
	find := shownOf(each("base", baseNames, func(w *world, a acting, id string) (any, error) {
		return ok1(w.Bases.Search(w.ctx, a.Actor, id, "CANARY te"))
	}), "article", func(v any) (ids []string) {
		for _, h := range v.(kb.Found).Hits {
			ids = append(ids, h.ID)
		}
		return ids
	})
	for i := range find {
		find[i].within = out
	}
	lists := shownOf(each("base", baseNames, func(w *world, a acting, id string) (any, error) {
		return ok1(w.Bases.Articles(w.ctx, a.Actor, id, kb.Listing{}))
	}), "article", func(v any) []string { return rows(v.(kb.Page).Rows) })
	newest := shownOf(each("base", baseNames, func(w *world, a acting, id string) (any, error) {
		return ok1(w.Bases.Newest(w.ctx, a.Actor, id, 50))
	}), "article", func(v any) []string { return rows(v.([]kb.Row)) })
	for i := range newest {
		newest[i].within, newest[i].label = out, "newest of "+newest[i].label
	}
	within := each("category", categoryNames, func(w *world, a acting, id string) (any, error) {
		base := "handbook"
		for _, s := range sections {
			if w.ids["category:"+s.name] == id {
				base = s.base
			}
		}
		return ok1(w.Bases.Articles(w.ctx, a.Actor, base, kb.Listing{Category: id}))
	})
	return map[string]operation{
		"knowledge-base.list": {cells: []cell{{label: "-", visible: "shelf:base:", call: func(w *world, a acting) (any, error) { return ok1(w.Bases.List(w.ctx, a.Actor)) },
			shown: func(v any) (ids []string) {
				for _, b := range v.([]kb.Base) {
					ids = append(ids, b.ID)
				}
				return ids
			}}}},
		"knowledge-base.view": {cells: shownOf(each("base", baseNames, func(w *world, a acting, id string) (any, error) { return ok1(w.Bases.Open(w.ctx, a.Actor, id)) }),
			"category", func(v any) (ids []string) {
				for _, c := range v.(kb.Front).Categories {
					ids = append(ids, c.ID)
				}
				return ids
			})},
		"article.list":   {cells: append(append(lists, newest...), within...)},
		"article.search": {cells: find},
		"article.read": {cells: answering(each("article", articleNames, func(w *world, a acting, id string) (any, error) {
			return ok1(w.Bases.Read(w.ctx, a.Actor, "", id))
		}), never, absent, "a-draft")},
		"article.helpful": {cells: answering(each("article", articleNames, func(w *world, a acting, id string) (any, error) {
			return ok0(w.Bases.Say(w.ctx, a.Actor, id, true, "test"))
		}), never, absent, "a-draft")},
		"file.read": {cells: files(func(w *world, a acting, id string) (any, error) {
			f, err := w.Bases.File(w.ctx, a.Actor, id)
			if err != nil {
				return nil, err
			}
			var to bytes.Buffer
			return ok0(w.Bases.WriteFile(w.ctx, a.Actor, f, &to))
		})},
	}
}

// files makes a cell of the file of each article; the model has the article.
func files(call func(w *world, a acting, id string) (any, error)) (all []cell) {
	for _, n := range articleNames {
		all = append(all, cell{label: "file of " + n, target: thing("article", n), call: func(w *world, a acting) (any, error) { return call(w, a, w.id("file", n)) }})
	}
	return all
}

func writeOps() map[string]operation {
	version := func(w *world, id string) int64 {
		return w.number(`SELECT version FROM kb_articles WHERE id = $1`, id)
	}
	on := func(call func(w *world, a acting, id string) (any, error)) operation {
		return operation{cells: each("article", articleNames, call)}
	}
	unpublish := on(func(w *world, a acting, id string) (any, error) {
		return ok1(w.Bases.Unpublish(w.ctx, a.Actor, id, version(w, id)))
	})
	answering(unpublish.cells, "a draft is not published: its editors may know", []fault.Kind{fault.Unacceptable}, "a-draft")
	return map[string]operation{
		"article.add": {cells: each("base", baseNames, func(w *world, a acting, id string) (any, error) {
			general := w.ids["category:general-"+w.names[id]]
			return ok1(w.Bases.Write(w.ctx, a.Actor, id, kb.Input{Category: general, Title: "New"}))
		})},
		"article.view": on(func(w *world, a acting, id string) (any, error) { return ok1(w.Bases.Draft(w.ctx, a.Actor, id)) }),
		"article.edit": on(func(w *world, a acting, id string) (any, error) {
			in := kb.Input{Title: "Changed", Markdown: "x"}
			for _, c := range w.column1(`SELECT category_id FROM kb_articles WHERE id = $1`, id) {
				in.Category = c
			}
			return ok1(w.Bases.Edit(w.ctx, a.Actor, id, version(w, id), in))
		}),
		"article.publish": on(func(w *world, a acting, id string) (any, error) {
			return ok1(w.Bases.Publish(w.ctx, a.Actor, id, version(w, id), 0))
		}),
		"article.unpublish": unpublish,
		"article.delete": on(func(w *world, a acting, id string) (any, error) {
			return ok0(w.Bases.Erase(w.ctx, a.Actor, id, version(w, id)))
		}),
		"article.history": on(func(w *world, a acting, id string) (any, error) { return ok1(w.Bases.History(w.ctx, a.Actor, id)) }),
		"article.restore": on(func(w *world, a acting, id string) (any, error) {
			return ok1(w.Bases.Restore(w.ctx, a.Actor, id, version(w, id), 1))
		}),
		"file.add": on(func(w *world, a acting, id string) (any, error) {
			return ok1(w.Bases.Attach(w.ctx, a.Actor, id, "x", []byte("x")))
		}),
		"file.delete": {cells: files(func(w *world, a acting, id string) (any, error) { return ok0(w.Bases.Detach(w.ctx, a.Actor, id)) })},
		"category.add": {cells: each("base", baseNames, func(w *world, a acting, id string) (any, error) {
			return ok1(w.Bases.AddCategory(w.ctx, a.Actor, id, "", kb.CategoryInput{Name: "New", Visibility: gate.ForReaders}))
		})},
		"category.edit": {cells: each("category", categoryNames, func(w *world, a acting, id string) (any, error) {
			return ok1(w.Bases.EditCategory(w.ctx, a.Actor, id, w.number(`SELECT version FROM kb_categories WHERE id = $1`, id), kb.CategoryInput{Name: "New", Visibility: gate.ForAnybody, Sure: true}))
		})},
		"category.move": {cells: each("category", categoryNames, func(w *world, a acting, id string) (any, error) {
			return ok0(w.Bases.MoveCategory(w.ctx, a.Actor, id, "", "", true))
		})},
		"category.delete": {cells: answering(each("category", categoryNames, func(w *world, a acting, id string) (any, error) {
			return ok0(w.Bases.DeleteCategory(w.ctx, a.Actor, id, w.ids["category:general-"+baseOf(w.names[id])], true))
		}), "there are categories in it", []fault.Kind{fault.Unacceptable}, "staff", "grp-out")},
		"category.groups": {cells: each("base", baseNames, func(w *world, a acting, id string) (any, error) { return ok1(w.Bases.Groups(w.ctx, a.Actor, id)) })},
	}
}

func keepOps() map[string]operation {
	on := func(call func(w *world, a acting, id string) (any, error)) operation {
		return operation{cells: each("base", baseNames, call)}
	}
	version := func(w *world, id string) int64 {
		return w.number(`SELECT version FROM kb_bases WHERE id = $1`, id)
	}
	own := []fault.Kind{fault.Unacceptable, fault.Invalid}
	const says = "within one's own role, and no administrator's: who has the role may know"
	var give, share []cell
	for _, u := range []string{"junior", "technicianA", "managerA", "technicianD", "guest", "disabled", "admin2", "self", "foreign", "random"} {
		t := thing("user", u)
		give = append(give, cell{label: "to " + u, target: thing("base", "handbook"), second: t, also: own, says: says, call: func(w *world, a acting) (any, error) {
			return ok0(w.Bases.SetRole(w.ctx, a.Actor, w.id("base", "handbook"), w.user(t, a), gate.Reader))
		}})
		if u != "foreign" && u != "random" {
			share = append(share, cell{label: "with " + u, target: thing("base", "handbook"), second: t, also: own, says: says, call: func(w *world, a acting) (any, error) {
				name := u
				if u == "self" {
					name = a.person
				}
				return ok1(w.People.ShareBase(w.ctx, a.Actor, w.id("base", "handbook"), people.Sharing{People: people.Sharees([]string{name + "@one.example"}, gate.Reader)}))
			}})
		}
	}
	for _, b := range baseNames {
		junior := thing("user", "junior")
		give = append(give, cell{label: "junior in " + b, target: thing("base", b), second: junior, also: own, says: says, call: func(w *world, a acting) (any, error) {
			return ok0(w.Bases.SetRole(w.ctx, a.Actor, w.id("base", b), w.id("user", "junior"), gate.Reader))
		}})
		share = append(share, cell{label: "new in " + b, target: thing("base", b), second: thing("permission", "User: Add"), also: own, says: "the answer says that nobody has this address", call: func(w *world, a acting) (any, error) {
			return ok1(w.People.ShareBase(w.ctx, a.Actor, w.id("base", b), people.Sharing{People: people.Sharees([]string{"new@elsewhere.example"}, gate.Reader)}))
		}})
	}
	return map[string]operation{
		"knowledge-base.add": simple(func(w *world, a acting) (any, error) {
			return ok1(w.Bases.Add(w.ctx, a.Actor, kb.NewBase{Path: "newest", Name: "New"}))
		}),
		"knowledge-base.rename": on(func(w *world, a acting, id string) (any, error) {
			return ok1(w.Bases.Rename(w.ctx, a.Actor, id, version(w, id), "New", "newest"))
		}),
		"knowledge-base.delete": on(func(w *world, a acting, id string) (any, error) {
			name := canaryOf[orgOfBase(w.names[id])] + " " + w.names[id]
			return ok0(w.Bases.Delete(w.ctx, a.Actor, id, name))
		}),
		"knowledge-base.weigh": on(func(w *world, a acting, id string) (any, error) { return ok1(w.Bases.Weigh(w.ctx, a.Actor, id)) }),
		"knowledge-base.settings": on(func(w *world, a acting, id string) (any, error) {
			return ok1(w.Bases.Set(w.ctx, a.Actor, id, version(w, id), kb.Settings{Description: "x"}))
		}),
		"knowledge-base.people": on(func(w *world, a acting, id string) (any, error) { return ok1(w.Bases.People(w.ctx, a.Actor, id)) }),
		"knowledge-base.role":   {cells: give},
		"knowledge-base.share":  {cells: share},
		"knowledge-base.import": on(func(w *world, a acting, id string) (any, error) {
			return ok1(w.Bases.Import(w.ctx, a.Actor, id, bytes.NewReader(archive), int64(len(archive)), kb.Importing{Publish: true}))
		}),
		"knowledge-base.export": on(func(w *world, a acting, id string) (any, error) {
			x, err := w.Bases.Export(w.ctx, a.Actor, id)
			if err != nil {
				return nil, err
			}
			var to bytes.Buffer
			if err := x.WriteTo(w.ctx, &to); err != nil {
				return nil, err
			}
			return to.String(), nil
		}),
		"knowledge-base.default":     simple(func(w *world, a acting) (any, error) { return ok1(w.Bases.Default(w.ctx, a.Actor)) }),
		"knowledge-base.default.set": simple(func(w *world, a acting) (any, error) { return ok0(w.Bases.SetDefault(w.ctx, a.Actor, gate.Editor)) }),
		"article.misses":             on(func(w *world, a acting, id string) (any, error) { return ok1(w.Bases.Misses(w.ctx, a.Actor, id)) }),
		"article.misses.clear":       on(func(w *world, a acting, id string) (any, error) { return ok0(w.Bases.ClearMisses(w.ctx, a.Actor, id)) }),
		"article.judged":             on(func(w *world, a acting, id string) (any, error) { return ok1(w.Bases.Judged(w.ctx, a.Actor, id)) }),
	}
}

// archive is a small one to be imported.
var archive = func() []byte {
	var b bytes.Buffer
	z := bundle.NewWriter(&b, []bundle.Place{{Slug: "one"}}, start)
	if err := z.Article(bundle.Article{Slug: "one", Title: "One", Markdown: "x"}); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}()

func init() {
	inside["knowledge-base.import.begin"] = "the first part of knowledge-base.import, before anything is unpacked"
	inside["article.import"] = "the last part of knowledge-base.import, for each article"
	inside["article.export"] = "the last part of knowledge-base.export, for each article"
	internal["knowledge-base.sweep"] = "the sweeper's: counts searches and forgets voices, by no actor"
	internal["knowledge-base.old"] = "the sweeper's: finds the organizations that have old voices, by no actor"
}
