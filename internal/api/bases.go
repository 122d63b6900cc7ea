package api

import (
	"context"
	"net/http"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/people"
	"bailiwick/sdk"
)

func (s *Server) baseRoutes() {
	const byPath = "A knowledge base is named by its id or its path."
	mount(s, route{method: "GET", path: "/knowledge-bases", id: "list-knowledge-bases", summary: "List the knowledge bases that one may read", op: kb.OpList}, s.listBases)
	mount(s, route{method: "POST", path: "/knowledge-bases", id: "add-knowledge-base", summary: "Add a knowledge base", op: kb.OpAdd, status: http.StatusCreated}, s.addBase)
	mount(s, route{method: "GET", path: "/knowledge-bases/{id}", id: "get-knowledge-base", summary: "See a knowledge base with its categories", op: kb.OpOpen, note: byPath}, s.getBase)
	mount(s, route{method: "PUT", path: "/knowledge-bases/{id}/name", id: "rename-knowledge-base", summary: "Change a knowledge base's name and address", op: kb.OpRename}, s.renameBase)
	mount(s, route{method: "PUT", path: "/knowledge-bases/{id}/settings", id: "set-knowledge-base", summary: "Change a knowledge base's settings", op: kb.OpSettings}, s.setBase)
	mount(s, route{method: "GET", path: "/knowledge-bases/{id}/weight", id: "weigh-knowledge-base", summary: "See what deleting a knowledge base would delete", op: kb.OpWeigh}, s.weighBase)
	mountEmpty(s, route{method: "POST", path: "/knowledge-bases/{id}/delete", id: "delete-knowledge-base", summary: "Delete a knowledge base with everything in it", op: kb.OpDelete}, s.deleteBase)
	mount(s, route{method: "GET", path: "/settings/knowledge-bases", id: "get-default-role", summary: "See the role that members have in knowledge bases by default", op: kb.OpDefault}, s.defaultRole)
	mountEmpty(s, route{method: "PUT", path: "/settings/knowledge-bases", id: "set-default-role", summary: "Change it, for everybody without a role of their own at once", op: kb.OpSetDefault}, s.setDefaultRole)
	mount(s, route{method: "GET", path: "/knowledge-bases/{id}/people", id: "list-service-roles", summary: "See who has which role in a knowledge base", op: kb.OpRoles}, s.serviceRoles)
	mount(s, route{method: "POST", path: "/knowledge-bases/{id}/people", id: "share-knowledge-base", summary: "Give people a role by their addresses", op: people.OpShare,
		note: "Who is no user yet is invited as a guest, which takes User: Add; all of them, or nobody."}, s.shareBase)
	mountEmpty(s, route{method: "PUT", path: "/knowledge-bases/{id}/people/{user}", id: "set-service-role", summary: "Give or take a user's role", op: kb.OpSetRole,
		note: "Up to one's own. none takes it away, also against the default."}, s.setServiceRole)
	mount(s, route{method: "GET", path: "/knowledge-bases/{id}/groups", id: "list-category-groups", summary: "List the security groups that a category can be limited to", op: kb.OpGroups}, s.categoryGroups)
	mount(s, route{method: "POST", path: "/knowledge-bases/{id}/categories", id: "add-category", summary: "Add a category", op: kb.OpCategoryAdd, status: http.StatusCreated}, s.addCategory)
	mount(s, route{method: "PUT", path: "/categories/{id}", id: "edit-category", summary: "Change a category's name and who reads it", op: kb.OpCategoryEdit,
		note: asksOpening}, s.editCategory)
	mountEmpty(s, route{method: "POST", path: "/categories/{id}/move", id: "move-category", summary: "Move a category in the tree", op: kb.OpCategoryMove, note: asksOpening}, s.moveCategory)
	mountEmpty(s, route{method: "POST", path: "/categories/{id}/delete", id: "delete-category", summary: "Delete a category; its articles go to another", op: kb.OpCategoryDelete, note: asksOpening}, s.deleteCategory)
}

const asksOpening = "Where articles become readable by anybody, the answer is 422 for the field sure, with how many, until sure says so."

func baseOf(b kb.Base) sdk.KnowledgeBase {
	return sdk.KnowledgeBase{ID: b.ID, Path: b.Path, Name: b.Name, Description: b.Description, Role: b.Role.String(), Public: b.Public, DefaultRole: b.DefaultRole.String(),
		SelfRegistration: b.SelfRegistration, AsksHelpful: b.AsksHelpful, Version: b.Version}
}

func (s *Server) listBases(ctx context.Context, c call, _ *struct{}) (sdk.KnowledgeBases, error) {
	all, err := s.app.Bases.List(ctx, c.who)
	out := sdk.KnowledgeBases{KnowledgeBases: []sdk.KnowledgeBase{}}
	for _, b := range all {
		out.KnowledgeBases = append(out.KnowledgeBases, baseOf(b))
	}
	return out, err
}

func (s *Server) addBase(ctx context.Context, c call, in *struct{ Body sdk.NewKnowledgeBase }) (sdk.Done, error) {
	id, err := s.app.Bases.Add(ctx, c.who, kb.NewBase(in.Body))
	return sdk.Done{ID: id, Version: 1}, err
}

func (s *Server) getBase(ctx context.Context, c call, in *ByID) (sdk.KnowledgeBaseFront, error) {
	f, err := s.app.Bases.Open(ctx, c.who, in.ID)
	out := sdk.KnowledgeBaseFront{KnowledgeBase: baseOf(f.Base), Categories: []sdk.Category{}}
	for _, g := range f.Categories {
		out.Categories = append(out.Categories, sdk.Category{ID: g.ID, Parent: g.Parent, Name: g.Name, Depth: g.Depth, Visibility: g.Visibility, Groups: namedOf(g.Groups), Articles: g.Articles, Version: g.Version})
	}
	return out, err
}

func namedOf(all []kb.Named) []sdk.Named {
	out := []sdk.Named{}
	for _, n := range all {
		out = append(out, sdk.Named(n))
	}
	return out
}

func (s *Server) renameBase(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.KnowledgeBaseName
}) (sdk.Done, error) {
	v, err := s.app.Bases.Rename(ctx, c.who, in.ID, in.Body.Version, in.Body.Name, in.Body.Path)
	return sdk.Done{ID: in.ID, Version: v}, s.baseConflict(ctx, c, in.ID, err)
}

// baseConflict adds the version that a knowledge base has now.
func (s *Server) baseConflict(ctx context.Context, c call, id string, err error) error {
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	b, failed := s.app.Bases.Open(ctx, c.who, id)
	if failed != nil {
		return failed
	}
	return s.conflict(ctx, err, b.Version)
}

func (s *Server) setBase(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.KnowledgeBaseSettings
}) (sdk.Done, error) {
	role, _ := gate.RoleNamed(in.Body.DefaultRole)
	v, err := s.app.Bases.Set(ctx, c.who, in.ID, in.Body.Version, kb.Settings{Description: in.Body.Description, DefaultRole: role, SelfRegistration: in.Body.SelfRegistration, AsksHelpful: in.Body.AsksHelpful})
	return sdk.Done{ID: in.ID, Version: v}, s.baseConflict(ctx, c, in.ID, err)
}

func (s *Server) weighBase(ctx context.Context, c call, in *ByID) (sdk.KnowledgeBaseWeight, error) {
	w, err := s.app.Bases.Weigh(ctx, c.who, in.ID)
	return sdk.KnowledgeBaseWeight(w), err
}

func (s *Server) deleteBase(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.TypedName
}) error {
	return s.app.Bases.Delete(ctx, c.who, in.ID, in.Body.Name)
}

func (s *Server) defaultRole(ctx context.Context, c call, _ *struct{}) (sdk.DefaultRole, error) {
	r, err := s.app.Bases.Default(ctx, c.who)
	return sdk.DefaultRole{Role: r.String()}, err
}

func (s *Server) setDefaultRole(ctx context.Context, c call, in *struct{ Body sdk.DefaultRole }) error {
	role, _ := gate.RoleNamed(in.Body.Role)
	return s.app.Bases.SetDefault(ctx, c.who, role)
}

func (s *Server) serviceRoles(ctx context.Context, c call, in *ByID) (sdk.ServiceRoles, error) {
	p, err := s.app.Bases.People(ctx, c.who, in.ID)
	out := sdk.ServiceRoles{People: []sdk.ServiceRole{}}
	for _, r := range p.People {
		out.People = append(out.People, sdk.ServiceRole{User: r.ID, Name: r.Name, Email: r.Email, Kind: r.Kind, Role: r.Role.String(), Explicit: r.Explicit.String(), Fixed: r.Fixed, Active: r.Active, MayChange: r.MayChange})
	}
	return out, err
}

func (s *Server) shareBase(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.ShareKnowledgeBase
}) (sdk.SharedKnowledgeBase, error) {
	role, _ := gate.RoleNamed(in.Body.Role)
	got, err := s.app.People.ShareBase(ctx, c.who, in.ID, people.Sharing{People: people.Sharees(in.Body.Emails, role), Message: in.Body.Message})
	out := sdk.SharedKnowledgeBase{Users: append([]string{}, got.Users...), Invited: []sdk.InvitedUser{}}
	for _, a := range got.Invited {
		out.Invited = append(out.Invited, invitedUser(a))
	}
	return out, err
}

func (s *Server) setServiceRole(ctx context.Context, c call, in *struct {
	ByID
	User string `path:"user" doc:"Id of the user"`
	Body sdk.NewServiceRole
}) error {
	role, _ := gate.RoleNamed(in.Body.Role) // default is none of them
	return s.app.Bases.SetRole(ctx, c.who, in.ID, in.User, role)
}

func servicesOf(all []kb.Service) []sdk.UserService {
	out := []sdk.UserService{}
	for _, v := range all {
		out = append(out, sdk.UserService{ID: v.ID, Name: v.Name, Role: v.Role.String(), Explicit: v.Explicit.String(), MayChange: v.MayChange})
	}
	return out
}

func servicesSet(all []sdk.UserServiceRole) (out []people.Service) {
	for _, v := range all {
		role, _ := gate.RoleNamed(v.Role) // default is none of them
		out = append(out, people.Service{Base: v.ID, Role: role})
	}
	return out
}

func servicesIn(all []sdk.InviteeService) (out []people.Service) {
	for _, v := range all {
		role, _ := gate.RoleNamed(v.Role)
		out = append(out, people.Service{Base: v.ID, Role: role})
	}
	return out
}

func (s *Server) categoryGroups(ctx context.Context, c call, in *ByID) (sdk.NamedList, error) {
	all, err := s.app.Bases.Groups(ctx, c.who, in.ID)
	return sdk.NamedList{Things: namedOf(all)}, err
}

func categoryInput(b sdk.CategoryChange) kb.CategoryInput {
	return kb.CategoryInput{Name: b.Name, Visibility: b.Visibility, Groups: b.Groups, Sure: b.Sure}
}

func (s *Server) addCategory(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.CategoryChange
}) (sdk.Done, error) {
	id, err := s.app.Bases.AddCategory(ctx, c.who, in.ID, in.Body.Parent, categoryInput(in.Body))
	return sdk.Done{ID: id, Version: 1}, err
}

func (s *Server) editCategory(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.CategoryChange
}) (sdk.Done, error) {
	v, err := s.app.Bases.EditCategory(ctx, c.who, in.ID, in.Body.Version, categoryInput(in.Body))
	if fault.Is(err, fault.Conflict) {
		now, failed := s.app.Bases.Category(ctx, c.who, in.ID)
		if failed != nil {
			return sdk.Done{}, failed
		}
		err = s.conflict(ctx, err, now.Version)
	}
	return sdk.Done{ID: in.ID, Version: v}, err
}

func (s *Server) moveCategory(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.CategoryMove
}) error {
	return s.app.Bases.MoveCategory(ctx, c.who, in.ID, in.Body.Parent, in.Body.Before, in.Body.Sure)
}

func (s *Server) deleteCategory(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.CategoryDelete
}) error {
	return s.app.Bases.DeleteCategory(ctx, c.who, in.ID, in.Body.To, in.Body.Sure)
}

// moment is a stored time; 0 is none.
func moment(ms int64) *time.Time {
	if ms == 0 {
		return nil
	}
	t := time.UnixMilli(ms).UTC()
	return &t
}
