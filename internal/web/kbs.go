package web

import (
	"net/http"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/perm"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

// The pages on which knowledge bases are made, filled and ruled, within the
// frame of those who are signed in.

const kbPath = "/kb"

var kbCrumb = ui.Crumb{Label: "Knowledge bases", Href: kbPath}

func (s *Server) kbRoutes() {
	s.signed("GET "+kbPath, showBases)
	s.signed("GET "+kbPath+"/new", showNewBase)
	s.signed("POST "+kbPath+"/new", addBase)
	s.signed("POST "+kbPath+"/default-role", saveDefaultRole)
	s.signed("GET "+kbPath+"/{base}", func(v *visit) error { return v.goTo(v.r.URL.Path + "/") })
	s.signed("GET "+kbPath+"/{base}/{$}", showArticles)
	s.signed("GET "+kbPath+"/{base}/settings", showBaseSettings)
	s.signed("POST "+kbPath+"/{base}/settings", saveBaseSettings)
	s.signed("POST "+kbPath+"/{base}/rename", renameBase)
	s.signed("GET "+kbPath+"/{base}/delete", showDeleteBase)
	s.signed("POST "+kbPath+"/{base}/delete", deleteBase)
	s.signed("GET "+kbPath+"/{base}/misses", showMisses)
	s.signed("POST "+kbPath+"/{base}/misses", clearMisses)
	s.kbPeopleRoutes()
	s.kbEditRoutes()
	s.kbCategoryRoutes()
	s.kbImportRoutes()
}

// seesBases reports whether the menu has the knowledge bases: somebody with a
// role in one, or who may add one. What all read lies at its own address.
func (v *visit) seesBases() bool {
	if v.me.Waiting {
		return false
	}
	all, err := v.app.Bases.List(v.ctx(), v.who)
	return err == nil && (len(all) > 0 || v.me.Has(perm.OrganizationAdmin))
}

func showBases(v *visit) error {
	all, err := v.app.Bases.List(v.ctx(), v.who)
	if err != nil {
		return err
	}
	f, err := v.frame("Knowledge bases")
	if err != nil {
		return err
	}
	rules := v.me.Has(perm.OrganizationAdmin)
	var byDefault gate.Role
	if rules {
		if byDefault, err = v.app.Bases.Default(v.ctx(), v.who); err != nil {
			return err
		}
	}
	return v.render(kbsPage(f, all, v.me.Slug, rules, byDefault))
}

// memberRoles are what members can be by default.
var memberRoles = []ui.Option{{Value: gate.Public.String(), Label: "None: what anybody reads"}, {Value: gate.Reader.String(), Label: "Reader"}, {Value: gate.Editor.String(), Label: "Content editor"}}

func saveDefaultRole(v *visit) error {
	role, _ := gate.RoleNamed(v.text("role"))
	if err := v.app.Bases.SetDefault(v.ctx(), v.who, role); err != nil {
		return err
	}
	v.flash("Members by default: "+roleText(role)+".", "")
	return v.goTo(kbPath)
}

// kbTabs are the pages of one knowledge base.
func kbTabs(b kb.Front, current string) []ui.Tab {
	root := kbPath + "/" + b.Path + "/"
	tabs := []ui.Tab{{Label: "Articles", Href: root, Icon: icon.File}, {Label: "Categories", Href: root + "categories", Icon: icon.Folder}, {Label: "Readers", Href: root + "misses", Icon: icon.Search}}
	if b.MayAdmin {
		tabs = append(tabs, ui.Tab{Label: "People", Href: root + "people", Icon: icon.Users}, ui.Tab{Label: "Settings", Href: root + "settings", Icon: icon.Settings})
	}
	for i := range tabs {
		tabs[i].Current = tabs[i].Label == current
	}
	return tabs
}

// kbFrame is the frame of a knowledge base's page for those who write in it.
type kbFrame struct {
	ui.FrameParams
	base kb.Front
	tabs []ui.Tab
	read string // its own address
	here string // path of the pages in the frame, with a slash at its end
}

func (v *visit) kbFrame(title, tab string, role gate.Role, crumbs ...ui.Crumb) (k kbFrame, err error) {
	if k.base, err = v.app.Bases.Open(v.ctx(), v.who, v.r.PathValue("base")); err != nil {
		return k, err
	}
	if k.base.Role < role || k.base.Path != v.r.PathValue("base") {
		return k, fault.NotFound()
	}
	k.read, k.here, k.tabs = baseURL(v.me.Slug, k.base.Path), kbPath+"/"+k.base.Path+"/", kbTabs(k.base, tab)
	all := []ui.Crumb{kbCrumb}
	if title == "" {
		title = k.base.Name
	} else {
		all = append(all, ui.Crumb{Label: k.base.Name, Href: k.here})
	}
	k.FrameParams, err = v.frame(title, append(all, crumbs...)...)
	k.Page.Styles = []string{"kb.css"}
	return k, err
}

// kbForm is the page of a new knowledge base.
type kbForm struct {
	frame ui.FrameParams
	in    kb.NewBase
	bad   map[string]string
	slug  string
}

func (f kbForm) name() ui.FieldParams {
	return ui.FieldParams{Name: "name", Label: "Name", Value: f.in.Name, Error: f.bad["name"], Required: true, MaxLength: 100, Autofocus: true, Placeholder: "Staff handbook"}
}

func (f kbForm) path() ui.FieldParams {
	return ui.FieldParams{Name: "path", Label: "Address", Value: f.in.Path, Error: f.bad["path"], Required: true, MaxLength: 60, Mono: true, Placeholder: "handbook",
		Hint: "It is read at /o/" + f.slug + "/kb/ and this word: lower-case letters, digits and hyphens."}
}

func (v *visit) showBaseForm(status int, f kbForm) (err error) {
	if err := v.offers(false, perm.OrganizationAdmin); err != nil {
		return err
	}
	f.slug = v.me.Slug
	if f.frame, err = v.frame("New knowledge base", kbCrumb); err != nil {
		return err
	}
	return v.renderAs(status, newKBPage(f))
}

func showNewBase(v *visit) error { return v.showBaseForm(http.StatusOK, kbForm{}) }

func addBase(v *visit) error {
	f := kbForm{in: kb.NewBase{Name: v.text("name"), Path: v.text("path"), Description: v.text("description")}}
	_, err := v.app.Bases.Add(v.ctx(), v.who, f.in)
	if bad, ok := fieldErrors(err); ok {
		f.bad = bad
		return v.showBaseForm(door.Status(err), f)
	}
	if err != nil {
		return err
	}
	v.flash("Knowledge base added.", "")
	return v.goTo(kbPath + "/" + f.in.Path + "/")
}

func showMisses(v *visit) error {
	k, err := v.kbFrame("Readers", "Readers", gate.Editor)
	if err != nil {
		return err
	}
	missed, err := v.app.Bases.Misses(v.ctx(), v.who, k.base.ID)
	if err != nil {
		return err
	}
	judged, err := v.app.Bases.Judged(v.ctx(), v.who, k.base.ID)
	if err != nil {
		return err
	}
	return v.render(kbMissesPage(k, missed, judged, v.app.Clock.Now()))
}

func clearMisses(v *visit) error {
	k, err := v.kbFrame("Readers", "Readers", gate.Editor)
	if err != nil {
		return err
	}
	if err := v.app.Bases.ClearMisses(v.ctx(), v.who, k.base.ID); err != nil {
		return err
	}
	v.flash("The list of searches was cleared.", "")
	return v.goTo(k.here + "misses")
}
