package access_test

import (
	"maps"
	"testing"

	"bailiwick/internal/access"
	"bailiwick/internal/client"
	"bailiwick/internal/mail"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Whoever gets a client by a security group is mailed, once for each change,
// whatever way the group gives it; who has it already, and who does not want
// to be told, is not.
func TestToldOfClientsOfAGroup(t *testing.T) {
	each(t, func(o *office) {
		dora, nils := o.Enrol("dora", perm.LevelTechnicianDefault), o.Enrol("nils", perm.LevelTechnicianAssigned)
		p, err := o.People.Profile(ctx, o.SignIn("nils"))
		o.Must(err)
		p.MailGiven = false
		o.Must(o.People.SaveProfile(ctx, o.SignIn("nils"), p, seal.Secret{}))
		told := o.letters(mail.Given) // of the office itself
		since := func(want map[string]int) {
			t.Helper()
			now := o.letters(mail.Given)
			news := maps.Clone(now)
			for user, n := range told {
				if news[user] -= n; news[user] == 0 {
					delete(news, user)
				}
			}
			if told = now; !maps.Equal(news, want) {
				t.Fatalf("mailed: %v, want %v (tim %s, tina %s)", news, want, o.tim, o.tina)
			}
		}
		// Tim is assigned Contoso, Dora reaches all, Nils does not want it.
		group, err := o.Access.AddGroup(ctx, o.Admin, "Field", []string{o.tim, o.tina, dora, nils}, []string{o.contoso})
		o.Must(err)
		since(map[string]int{o.tina: 1})
		o.Must(o.Access.EditGroup(ctx, o.Admin, group, 1, access.GroupInput{Name: "Field", Users: []string{o.tim, o.tina, dora, nils}, Clients: []string{o.contoso, o.tail}}))
		since(map[string]int{o.tim: 1, o.tina: 1})
		o.Must(o.Access.EditGroup(ctx, o.Admin, group, 2, access.GroupInput{Name: "Field people", Users: []string{o.tina}, Clients: []string{o.contoso}}))
		since(map[string]int{})
		o.Must(o.Access.AssignGroup(ctx, o.Admin, o.tail, group, true))
		since(map[string]int{o.tina: 1})
		o.Must(o.Access.AssignGroup(ctx, o.Admin, o.tail, group, true)) // again
		since(map[string]int{})
		o.Must(o.Access.EnableGroup(ctx, o.Admin, group, false))
		since(map[string]int{})
		o.Must(o.Access.EditGroup(ctx, o.Admin, group, 4, access.GroupInput{Name: "Field people", Users: []string{o.tim, o.tina}, Clients: []string{o.contoso, o.tail}}))
		since(map[string]int{})
		o.Must(o.Access.EnableGroup(ctx, o.Admin, group, true))
		since(map[string]int{o.tim: 1, o.tina: 1})
		// A disabled client is reached by nobody of them.
		shut, err := o.Clients.Add(ctx, o.Admin, client.Input{Name: "Shut"})
		o.Must(err)
		o.Must(o.Clients.Disable(ctx, o.Admin, shut))
		o.Must(o.Access.AssignGroup(ctx, o.Admin, shut, group, true))
		since(map[string]int{})
	})
}
