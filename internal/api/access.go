package api

import (
	"context"
	"net/http"
	"time"

	"bailiwick/internal/access"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/sdk"
)

func (s *Server) accessRoutes() {
	s.levelRoutes()
	s.groupRoutes()
	s.reachRoutes()
	s.requestRoutes()
}

func (s *Server) levelRoutes() {
	mount(s, route{method: "GET", path: "/levels", id: "list-levels", summary: "List the permission levels", op: access.OpLevels}, s.listLevels)
	mount(s, route{method: "POST", path: "/levels", id: "add-level", summary: "Add a custom permission level", op: access.OpLevelAdd, status: http.StatusCreated,
		note: "Only permissions that one has oneself can be in it; Organization: Admin and User: Auto-provision never."}, s.addLevel)
	mount(s, route{method: "GET", path: "/levels/{id}", id: "get-level", summary: "See a permission level", op: access.OpLevels}, s.getLevel)
	mount(s, route{method: "PUT", path: "/levels/{id}", id: "edit-level", summary: "Change a custom permission level", op: access.OpLevelEdit}, s.editLevel)
	mountEmpty(s, route{method: "DELETE", path: "/levels/{id}", id: "delete-level", summary: "Delete a custom permission level", op: access.OpLevelDelete,
		note: "One in use needs a replacement within one's own permissions, and Permissions: Edit; whoever has it gets the replacement in the same transaction."}, s.deleteLevel)
	mount(s, route{method: "POST", path: "/levels/{id}/preview", id: "preview-level", summary: "See what a change of a level would give and take", op: access.OpLevelPreview,
		note: "Nothing is changed."}, s.previewLevel)
}

func personOf(p gate.Person) sdk.Person { return sdk.Person{ID: p.ID, Name: p.Name, Email: p.Email} }

func persons(all []gate.Person) []sdk.Person {
	out := []sdk.Person{}
	for _, p := range all {
		out = append(out, personOf(p))
	}
	return out
}

func levelOf(l access.Level) sdk.Level {
	return sdk.Level{ID: l.ID, Name: l.Name, BuiltIn: l.Builtin, Site: l.Site, Default: l.Default, Permissions: append([]string{}, l.Set.Names()...),
		Users: persons(l.Holders), Version: l.Version, MayEdit: l.MayEdit, MayDelete: l.MayDelete, MayGive: l.MayGive}
}

// setOf reads names of permissions; unknown ones are named.
func setOf(names []string) (perm.Set, error) {
	set, unknown := perm.Parse(names)
	if len(unknown) > 0 {
		return set, fault.Bad("permissions", "There is no permission called %q.", unknown[0])
	}
	return set, nil
}

func (s *Server) listLevels(ctx context.Context, c call, _ *struct{}) (sdk.Levels, error) {
	all, err := s.app.Access.Levels(ctx, c.who)
	out := sdk.Levels{Levels: []sdk.Level{}}
	for _, l := range all {
		out.Levels = append(out.Levels, levelOf(l))
	}
	return out, err
}

func (s *Server) getLevel(ctx context.Context, c call, in *ByID) (sdk.Level, error) {
	l, err := s.app.Access.Level(ctx, c.who, in.ID)
	return levelOf(l), err
}

func (s *Server) addLevel(ctx context.Context, c call, in *struct{ Body sdk.NewLevel }) (sdk.Done, error) {
	set, err := setOf(in.Body.Permissions)
	if err != nil {
		return sdk.Done{}, err
	}
	id, err := s.app.Access.AddLevel(ctx, c.who, in.Body.Name, set)
	return sdk.Done{ID: id, Version: 1}, err
}

func (s *Server) editLevel(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.LevelChange
}) (sdk.Done, error) {
	set, err := setOf(in.Body.Permissions)
	if err != nil {
		return sdk.Done{}, err
	}
	err = s.app.Access.EditLevel(ctx, c.who, in.ID, in.Body.Version, in.Body.Name, set)
	return sdk.Done{ID: in.ID, Version: in.Body.Version + 1}, err
}

func (s *Server) deleteLevel(ctx context.Context, c call, in *struct {
	ByID
	Version     int64  `query:"version" required:"true" doc:"The version that was read"`
	Replacement string `query:"replacement" maxLength:"64" doc:"Id of the level that its users get"`
}) error {
	return s.app.Access.DeleteLevel(ctx, c.who, in.ID, in.Version, in.Replacement)
}

func (s *Server) previewLevel(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.LevelPreview
}) (sdk.LevelEffects, error) {
	set, err := setOf(in.Body.Permissions)
	if err != nil {
		return sdk.LevelEffects{}, err
	}
	var found []access.LevelEffect
	if in.Body.Replacement != "" {
		found, err = s.app.Access.PreviewReplacement(ctx, c.who, in.ID, in.Body.Replacement)
	} else {
		found, err = s.app.Access.PreviewLevel(ctx, c.who, in.ID, set)
	}
	out := sdk.LevelEffects{Effects: []sdk.LevelEffect{}}
	for _, e := range found {
		out.Effects = append(out.Effects, sdk.LevelEffect{Permission: e.Permission.String(), Gain: persons(e.Gains), Lose: persons(e.Loses)})
	}
	return out, err
}

// until is an end as stored; 0: for good. Whatever came before 1970 is over.
func (s *Server) until(t *time.Time, hours int) int64 {
	switch {
	case t != nil:
		return max(1, t.UnixMilli())
	case hours > 0:
		return s.app.Clock.Now().Add(time.Duration(hours) * time.Hour).UnixMilli()
	}
	return 0
}
