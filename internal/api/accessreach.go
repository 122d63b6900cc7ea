package api

import (
	"context"

	"bailiwick/internal/access"
	"bailiwick/internal/gate"
	"bailiwick/sdk"
)

func (s *Server) reachRoutes() {
	mount(s, route{method: "GET", path: "/clients/{id}/access", id: "get-client-access", summary: "See who is assigned to a client", op: access.OpAssignments}, s.clientAccess)
	mountEmpty(s, route{method: "PUT", path: "/clients/{id}/users/{user}", id: "assign-user", summary: "Assign a user to a client, for good or until a time", op: access.OpAssign,
		note: "Rank applies, and nobody assigns himself."}, s.assignUser)
	mountEmpty(s, route{method: "DELETE", path: "/clients/{id}/users/{user}", id: "unassign-user", summary: "Take a client from a user", op: access.OpAssign}, s.unassignUser)
	mountEmpty(s, route{method: "PUT", path: "/clients/{id}/groups/{group}", id: "assign-group", summary: "Assign a security group to a client", op: access.OpAssignGroup}, s.assignGroup)
	mountEmpty(s, route{method: "DELETE", path: "/clients/{id}/groups/{group}", id: "unassign-group", summary: "Take a client from a security group", op: access.OpAssignGroup}, s.unassignGroup)
	mount(s, route{method: "GET", path: "/folders/{id}/access", id: "get-folder-access", summary: "See the security groups and personal passes of a folder", op: access.OpGuards}, s.folderAccess)
	mountEmpty(s, route{method: "PUT", path: "/folders/{id}/groups", id: "guard-folder", summary: "Put exactly these security groups on a folder", op: access.OpGuard}, s.guardFolder)
	mountEmpty(s, route{method: "PUT", path: "/folders/{id}/passes/{user}", id: "give-pass", summary: "Give a user a personal pass to a guarded folder", op: access.OpPass,
		note: "It gives no access to the client. Rank applies."}, s.givePass)
	mountEmpty(s, route{method: "DELETE", path: "/folders/{id}/passes/{user}", id: "end-pass", summary: "End a user's personal pass", op: access.OpPass}, s.endPass)
	mount(s, route{method: "GET", path: "/clients/{id}/who", id: "who-sees-client", summary: "See who can see a client, and by which rule", op: access.OpWho}, s.who(gate.Client))
	mount(s, route{method: "GET", path: "/folders/{id}/who", id: "who-sees-folder", summary: "See who can see a folder, and by which rule", op: access.OpWho}, s.who(gate.Folder))
	mount(s, route{method: "GET", path: "/credentials/{id}/who", id: "who-sees-credential", summary: "See who can see a credential, and by which rule", op: access.OpWho}, s.who(gate.Credential))
	mount(s, route{method: "GET", path: "/users/{id}/sees", id: "what-user-sees", summary: "See what a user can see, of what one reaches oneself", op: access.OpWhat}, s.sees)
}

// UserOf is a user of a thing.
type UserOf struct {
	ByID
	User string `path:"user" doc:"Id of the user"`
}

// GroupOf is a security group of a thing.
type GroupOf struct {
	ByID
	Group string `path:"group" doc:"Id of the security group"`
}

func assignedUsers(all []access.Assigned) []sdk.AssignedUser {
	out := []sdk.AssignedUser{}
	for _, a := range all {
		out = append(out, sdk.AssignedUser{Person: personOf(a.Person), Until: when(a.Until), MayChange: a.MayChange})
	}
	return out
}

func (s *Server) clientAccess(ctx context.Context, c call, in *ByID) (sdk.ClientAccess, error) {
	a, err := s.app.Access.Assignments(ctx, c.who, in.ID)
	out := sdk.ClientAccess{Client: sdk.Named(a.Client), Users: assignedUsers(a.Users), Groups: []sdk.Named{}}
	for _, g := range a.Groups {
		out.Groups = append(out.Groups, sdk.Named(g.Named))
	}
	return out, err
}

// FlagQuery says what becomes of passwords that were seen.
type FlagQuery struct {
	Flag bool `query:"flag" doc:"Flag the passwords that were seen there, unless they are still reached in another way"`
}

func (s *Server) assignUser(ctx context.Context, c call, in *struct {
	UserOf
	Body sdk.Until
}) error {
	return s.app.Access.Assign(ctx, c.who, in.ID, in.User, s.until(in.Body.Until, in.Body.Hours))
}

func (s *Server) unassignUser(ctx context.Context, c call, in *struct {
	UserOf
	FlagQuery
}) error {
	if in.Flag {
		return s.app.Access.UnassignFlagging(ctx, c.who, in.ID, in.User)
	}
	return s.app.Access.Unassign(ctx, c.who, in.ID, in.User)
}

func (s *Server) assignGroup(ctx context.Context, c call, in *GroupOf) error {
	return s.app.Access.AssignGroup(ctx, c.who, in.ID, in.Group, true)
}

func (s *Server) unassignGroup(ctx context.Context, c call, in *struct {
	GroupOf
	FlagQuery
}) error {
	if in.Flag {
		return s.app.Access.UnassignGroupFlagging(ctx, c.who, in.ID, in.Group)
	}
	return s.app.Access.AssignGroup(ctx, c.who, in.ID, in.Group, false)
}

func (s *Server) folderAccess(ctx context.Context, c call, in *ByID) (sdk.FolderAccess, error) {
	g, err := s.app.Access.Guards(ctx, c.who, in.ID)
	return sdk.FolderAccess{Folder: folderOf(g.Folder), Groups: named(g.Groups), Above: g.Above, Passes: assignedUsers(g.Passes), MayChange: g.MayChange, Version: g.Version}, err
}

func (s *Server) guardFolder(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.FolderGuards
}) error {
	return s.app.Access.Guard(ctx, c.who, in.ID, in.Body.Version, in.Body.Groups)
}

func (s *Server) givePass(ctx context.Context, c call, in *struct {
	UserOf
	Body sdk.Until
}) error {
	return s.app.Access.Pass(ctx, c.who, in.ID, in.User, s.until(in.Body.Until, in.Body.Hours))
}

func (s *Server) endPass(ctx context.Context, c call, in *UserOf) error {
	return s.app.Access.EndPass(ctx, c.who, in.ID, in.User)
}

// rules names the ways of reaching something.
func rules(by gate.Rules) []string {
	out := []string{}
	for _, r := range []struct {
		rule gate.Rules
		name string
	}{{gate.ByOverride, "override"}, {gate.BySite, "site"}, {gate.ByDefault, "default access"}, {gate.ByAssignment, "assignment"}, {gate.ByTimed, "timed assignment"},
		{gate.ByGroup, "group"}, {gate.ByPass, "pass"}} {
		if by.Has(r.rule) {
			out = append(out, r.name)
		}
	}
	return out
}

func doors(all []access.Door) []sdk.Door {
	out := []sdk.Door{}
	for _, d := range all {
		out = append(out, sdk.Door{Folder: sdk.Named(d.Folder), By: rules(d.By), Groups: d.Groups, Until: when(access.Until(d.Until))})
	}
	return out
}

func (s *Server) who(of func(string) gate.Target) func(context.Context, call, *ByID) (sdk.Seers, error) {
	return func(ctx context.Context, c call, in *ByID) (sdk.Seers, error) {
		found, err := s.app.Access.Who(ctx, c.who, of(in.ID))
		out := sdk.Seers{Users: []sdk.Seer{}}
		for _, p := range found.People {
			out.Users = append(out.Users, sdk.Seer{Person: personOf(p.Person), Level: p.Level, By: rules(p.Client), Groups: p.Groups,
				Until: when(access.Until(p.Until)), Doors: doors(p.Doors), Secrets: p.Secrets})
		}
		if t := found.There; t != nil {
			out.There = &sdk.SeersThere{Organization: t.Org, Made: t.Made, Everyone: t.Everyone, Chosen: t.Chosen}
		}
		return out, err
	}
}

func (s *Server) sees(ctx context.Context, c call, in *ByID) (sdk.Sight, error) {
	found, err := s.app.Access.What(ctx, c.who, in.ID)
	out := sdk.Sight{User: personOf(found.Person), Level: found.LevelName, Clients: []sdk.SeenClient{}, Folders: []sdk.SeenFolder{}}
	for _, x := range found.Clients {
		out.Clients = append(out.Clients, sdk.SeenClient{ID: x.ID, Name: x.Name, By: rules(x.By), Groups: x.Groups, Until: when(access.Until(x.Until))})
	}
	for _, x := range found.Folders {
		out.Folders = append(out.Folders, sdk.SeenFolder{GuardedFolder: folderOf(x.Folder), Open: x.Open, Doors: doors(x.Doors)})
	}
	return out, err
}
