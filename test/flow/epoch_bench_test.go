package flow

import (
	"fmt"
	"testing"

	"bailiwick/internal/client"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/perm"
)

// BenchmarkNewEpoch removes members of an organization with 500 clients and
// 200 members: new keys for every client, grants and ways in for every member,
// in one transaction.
func BenchmarkNewEpoch(b *testing.B) {
	s := begin(b, dbtest.SQLite(b))
	for i := range 500 {
		_, err := s.Clients.Add(ctx, s.Admin, client.Input{Name: fmt.Sprintf("Client %03d", i)})
		s.Must(err)
	}
	var members []string
	for i := range 200 {
		members = append(members, s.Enrol(fmt.Sprintf("member%03d", i), perm.LevelTechnicianDefault))
	}
	for b.Loop() {
		s.Must(s.People.Disable(ctx, s.Admin, members[0]))
		members = members[1:]
	}
}
