package api_test

import (
	"context"
	"testing"

	"bailiwick/internal/perm"
	"bailiwick/sdk"
)

// Levels, groups and access as a program has them.
func TestAccess(t *testing.T) {
	ctx := context.Background()
	s := start(t)
	client, err := s.admin.AddClient(ctx, sdk.NewClient{Name: "Contoso"})
	s.Must(err)
	folder, err := s.admin.AddFolder(ctx, sdk.NewFolder{Client: client.ID, Name: "Network"})
	s.Must(err)
	tim := s.Enrol("tim", perm.LevelTechnicianAssigned)
	technician, _, err := s.anonymous().SignIn(ctx, sdk.SignIn{Email: "tim@northwind.example", Password: "correct horse battery staple nine", OrganizationKey: sdk.Secret(s.Code.Chars())})
	s.Must(err)

	level, err := s.admin.AddLevel(ctx, sdk.NewLevel{Name: "Desk", Permissions: []string{"Client: View List"}})
	s.Must(err)
	if _, err := s.admin.AddLevel(ctx, sdk.NewLevel{Name: "Odd", Permissions: []string{"Password: Eat"}}); !sdk.Is(err, sdk.Invalid) {
		t.Errorf("an unknown permission: %v", err)
	}
	s.Enrol("dana", level.ID)
	effects, err := s.admin.PreviewLevel(ctx, level.ID, sdk.LevelPreview{Permissions: []string{"Password: View"}})
	s.Must(err)
	if len(effects.Effects) != 2 || effects.Effects[0].Permission != "Client: View List" || len(effects.Effects[0].Lose) != 1 || len(effects.Effects[1].Gain) != 1 {
		t.Errorf("foreseen: %+v", effects)
	}
	_, err = s.admin.EditLevel(ctx, level.ID, sdk.LevelChange{Version: 1, Name: "Desk", Permissions: []string{"Client: View List", "Password: View"}})
	s.Must(err)
	if err := s.admin.DeleteLevel(ctx, level.ID, 2, ""); !sdk.Is(err, sdk.Invalid) {
		t.Errorf("deleting a level in use: %v", err)
	}
	s.Must(s.admin.DeleteLevel(ctx, level.ID, 2, perm.LevelTechnicianAssigned))
	levels, err := s.admin.Levels(ctx)
	s.Must(err)
	if len(levels.Levels) != 8 || !levels.Levels[0].BuiltIn {
		t.Errorf("%d levels", len(levels.Levels))
	}

	group, err := s.admin.AddGroup(ctx, sdk.NewGroup{Name: "Network people"})
	s.Must(err)
	s.Must(s.admin.GuardFolder(ctx, folder.ID, 1, []string{group.ID}))
	what, err := s.admin.PreviewGroup(ctx, group.ID, sdk.GroupPreview{Users: []string{tim}, Clients: []string{client.ID}})
	s.Must(err)
	if len(what.Effects) != 1 || len(what.Effects[0].Clients) != 1 || len(what.Effects[0].Folders) != 1 {
		t.Errorf("foreseen: %+v", what)
	}
	s.Must(s.admin.Assign(ctx, client.ID, tim, nil, 2))
	s.Must(s.admin.GivePass(ctx, folder.ID, tim, nil, 0))
	s.Must(s.admin.AssignGroup(ctx, client.ID, group.ID))
	who, err := s.admin.WhoSeesFolder(ctx, folder.ID)
	s.Must(err)
	if len(who.Users) != 2 || who.Users[1].By[0] != "timed assignment" || who.Users[1].Until == nil || who.Users[1].Doors[0].By[0] != "pass" {
		t.Errorf("%+v", who)
	}
	sight, err := s.admin.WhatUserSees(ctx, tim)
	s.Must(err)
	if len(sight.Clients) != 1 || len(sight.Folders) != 1 || !sight.Folders[0].Open {
		t.Errorf("%+v", sight)
	}
	access, err := s.admin.FolderAccess(ctx, folder.ID)
	s.Must(err)
	if len(access.Groups) != 1 || len(access.Passes) != 1 || access.Passes[0].Until != nil {
		t.Errorf("%+v", access)
	}
	assigned, err := s.admin.ClientAccess(ctx, client.ID)
	s.Must(err)
	if len(assigned.Users) != 2 || len(assigned.Groups) != 1 {
		t.Errorf("%+v", assigned)
	}
	s.Must(s.admin.EndPass(ctx, folder.ID, tim))
	s.Must(s.admin.Unassign(ctx, client.ID, tim))
	s.Must(s.admin.UnassignGroup(ctx, client.ID, group.ID, false))
	s.Must(s.admin.EnableGroup(ctx, group.ID, false))
	s.Must(s.admin.EnableGroup(ctx, group.ID, true))
	_, err = s.admin.EditGroup(ctx, group.ID, sdk.GroupChange{Version: 3, Name: "Net people", Users: []string{tim}, Clients: []string{}})
	s.Must(err)
	if err := s.admin.DeleteGroup(ctx, group.ID, 4, false, "", false); !sdk.Is(err, sdk.Invalid) {
		t.Errorf("deleting a group that guards: %v", err)
	}
	s.Must(s.admin.DeleteGroup(ctx, group.ID, 4, true, "", true))

	s.Must(technician.RequestAccess(ctx, sdk.NewAccessRequest{Name: "contoso", Message: "Please"}))
	s.Must(technician.RequestAccess(ctx, sdk.NewAccessRequest{Name: "No such client"}))
	waiting, err := s.admin.AccessRequests(ctx)
	s.Must(err)
	if len(waiting.ToDecide) != 1 || waiting.ToDecide[0].Client.Name != "Contoso" {
		t.Fatalf("%+v", waiting)
	}
	s.Must(s.admin.DecideRequest(ctx, waiting.ToDecide[0].ID, sdk.AccessDecision{Allow: true, Hours: 1}))
	mine, err := technician.AccessRequests(ctx)
	s.Must(err)
	if len(mine.Mine) != 2 || mine.Mine[1].State != "allowed" || mine.Mine[1].Client != nil {
		t.Errorf("%+v", mine)
	}
	s.Must(technician.WithdrawRequest(ctx, mine.Mine[0].ID))
	if u, err := technician.Unassigned(ctx); err != nil || u.Shown || len(u.Clients) != 0 {
		t.Errorf("%+v %v", u, err)
	}
	if _, err := technician.Level(ctx, perm.LevelAdmin); !sdk.Is(err, sdk.Absent) {
		t.Errorf("a technician sees a level: %v", err)
	}
}
