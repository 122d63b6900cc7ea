package api

import (
	"context"
	"net/http"

	"bailiwick/internal/access"
	"bailiwick/sdk"
)

func (s *Server) groupRoutes() {
	mount(s, route{method: "GET", path: "/groups", id: "list-groups", summary: "List the security groups", op: access.OpGroups,
		note: "Clients and folders are those that one reaches."}, s.listGroups)
	mount(s, route{method: "POST", path: "/groups", id: "add-group", summary: "Add a security group", op: access.OpGroupAdd, status: http.StatusCreated}, s.addGroup)
	mount(s, route{method: "GET", path: "/groups/{id}", id: "get-group", summary: "See a security group", op: access.OpGroups}, s.getGroup)
	mount(s, route{method: "PUT", path: "/groups/{id}", id: "edit-group", summary: "Change a security group's name, users and clients", op: access.OpGroupEdit,
		note: "Rank applies to users who are put in or taken out. What the group gives must be within one's own reach to put somebody in. Clients that one does not reach stay as they are."}, s.editGroup)
	mountEmpty(s, route{method: "POST", path: "/groups/{id}/enable", id: "enable-group", summary: "Enable a security group", op: access.OpGroupSet}, s.enableGroup)
	mountEmpty(s, route{method: "POST", path: "/groups/{id}/disable", id: "disable-group", summary: "Disable a security group", op: access.OpGroupSet,
		note: "It assigns nothing then, and what it guards stays closed."}, s.disableGroup)
	mountEmpty(s, route{method: "DELETE", path: "/groups/{id}", id: "delete-group", summary: "Delete a security group", op: access.OpGroupDelete,
		note: "One that guards folders needs exactly one of take_off and instead."}, s.deleteGroup)
	mount(s, route{method: "POST", path: "/groups/{id}/preview", id: "preview-group", summary: "See what a change of a group would do to whom", op: access.OpGroupPreview,
		note: "Nothing is changed."}, s.previewGroup)
}

func named(all []access.Named) []sdk.Named {
	out := []sdk.Named{}
	for _, n := range all {
		out = append(out, sdk.Named(n))
	}
	return out
}

func folderOf(f access.Folder) sdk.GuardedFolder {
	return sdk.GuardedFolder{ID: f.ID, Name: f.Name, Client: sdk.Named(f.Client)}
}

func guardedFolders(all []access.Folder) []sdk.GuardedFolder {
	out := []sdk.GuardedFolder{}
	for _, f := range all {
		out = append(out, folderOf(f))
	}
	return out
}

func groupOf(g access.Group) sdk.Group {
	return sdk.Group{ID: g.ID, Name: g.Name, Enabled: g.Enabled, Users: persons(g.Users), Clients: named(g.Clients), Folders: guardedFolders(g.Folders), Categories: named(g.Limits), Version: g.Version, MayChange: g.MayChange}
}

func (s *Server) listGroups(ctx context.Context, c call, _ *struct{}) (sdk.Groups, error) {
	all, err := s.app.Access.Groups(ctx, c.who)
	out := sdk.Groups{Groups: []sdk.Group{}}
	for _, g := range all {
		out.Groups = append(out.Groups, groupOf(g))
	}
	return out, err
}

func (s *Server) getGroup(ctx context.Context, c call, in *ByID) (sdk.Group, error) {
	g, err := s.app.Access.Group(ctx, c.who, in.ID)
	return groupOf(g), err
}

func (s *Server) addGroup(ctx context.Context, c call, in *struct{ Body sdk.NewGroup }) (sdk.Done, error) {
	id, err := s.app.Access.AddGroup(ctx, c.who, in.Body.Name, in.Body.Users, in.Body.Clients)
	return sdk.Done{ID: id, Version: 1}, err
}

func (s *Server) editGroup(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.GroupChange
}) (sdk.Done, error) {
	err := s.app.Access.EditGroup(ctx, c.who, in.ID, in.Body.Version, access.GroupInput{Name: in.Body.Name, Users: in.Body.Users, Clients: in.Body.Clients, Flag: in.Body.Flag})
	return sdk.Done{ID: in.ID, Version: in.Body.Version + 1}, err
}

func (s *Server) enableGroup(ctx context.Context, c call, in *ByID) error {
	return s.app.Access.EnableGroup(ctx, c.who, in.ID, true)
}

func (s *Server) disableGroup(ctx context.Context, c call, in *ByID) error {
	return s.app.Access.EnableGroup(ctx, c.who, in.ID, false)
}

func (s *Server) deleteGroup(ctx context.Context, c call, in *struct {
	ByID
	Version int64  `query:"version" required:"true" doc:"The version that was read"`
	TakeOff bool   `query:"take_off" doc:"The guard is taken off its folders"`
	Instead string `query:"instead" maxLength:"64" doc:"Or id of the group that is put on them"`
	FlagQuery
}) error {
	return s.app.Access.DeleteGroup(ctx, c.who, in.ID, in.Version, access.Guarded{TakeOff: in.TakeOff, Instead: in.Instead, Flag: in.Flag})
}

func (s *Server) previewGroup(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.GroupPreview
}) (sdk.GroupEffects, error) {
	out := sdk.GroupEffects{Effects: []sdk.GroupEffect{}}
	found, err := s.app.Access.PreviewGroupAsIs(ctx, c.who, in.ID, access.GroupInput{Users: in.Body.Users, Clients: in.Body.Clients})
	for _, e := range found {
		out.Effects = append(out.Effects, sdk.GroupEffect{User: personOf(e.Person), Clients: named(e.Clients), Folders: guardedFolders(e.Folders),
			LostClients: named(e.LostClients), LostFolders: guardedFolders(e.LostFolders)})
	}
	return out, err
}
