package gate

import (
	"testing"
	"time"

	"bailiwick/internal/perm"
)

// A job does its own operation and nothing else, whatever a user of its
// organization may do; and nobody else does it, whatever he holds. The same
// goes for a link.
func TestJobsDoTheirOwn(t *testing.T) {
	job := &Op{Scope: Whole, Job: Rotation}
	mighty := &user{active: true, leveled: true, kind: "administrator", set: perm.SetOf(perm.OrganizationAdmin, perm.ClientViewList)}
	m := &Model{}
	for _, c := range []struct {
		name string
		u    *user
		who  ActorKind
		op   *Op
		want bool
	}{
		{"its own", nil, Rotation, job, true},
		{"another operation", nil, Rotation, &Op{Scope: Whole}, false},
		{"another operation, with somebody's rights", mighty, Rotation, &Op{Scope: Whole, Needs: perm.ClientViewList}, false},
		{"what needs only a level", mighty, Rotation, &Op{Scope: Self}, false},
		{"a link", mighty, Link, &Op{Scope: Self, Links: true}, true},
		{"a link, what is for users", mighty, Link, &Op{Scope: Self}, false},
		{"an administrator", mighty, User, job, false},
		{"a stranger", nil, Anonymous, job, false},
		{"what anyone asks", nil, Rotation, &Op{Scope: Anyone}, true},
		{"an administrator elsewhere", mighty, User, &Op{Scope: Whole, Needs: perm.ClientViewList}, true},
	} {
		if got := m.decide(c.u, Actor{kind: c.who, user: "u", ring: &Ring{}}, c.op, spot{}, time.Unix(0, 0)); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}
