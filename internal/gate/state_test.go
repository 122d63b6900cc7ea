package gate

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"bailiwick/internal/perm"
)

// state is everything that a decision may depend on, each part apart.
type state struct {
	scope                             Scope
	needs, personal, tokens, guests   bool // of the operation
	waiting, waits                    bool // for whoever waits for approval; he does
	nobody, active, leveled, override bool // of the user
	account                           string
	own, limit                        rights // what the user holds; what his token lets through
	kind                              ActorKind
	expires, until                    int // of the token, of an assignment: -1 past, 0 now, 1 later; 2 none
	all, chosen                       bool
	place                             string // "", "client", "mine", "theirs"
	site, enabled, reach              bool
	guards                            []int // from the folder up: 0 none, 1 his group, 2 another's, 3 both
	n                                 uint32
}

// rights are the permissions that a decision looks at.
type rights struct{ need, list, vault, disable, plugin, add bool }

func (r rights) set() (s perm.Set) {
	for _, x := range []struct {
		has bool
		p   perm.P
	}{{r.need, perm.PasswordView}, {r.list, perm.ClientViewList}, {r.vault, perm.VaultAccess}, {r.disable, perm.ClientDisable}, {r.plugin, perm.PluginAccess}, {r.add, perm.PasswordAdd}} {
		if x.has {
			s = s.With(x.p)
		}
	}
	return s
}

var now = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func at(when int) time.Time { return now.Add(time.Duration(when) * time.Millisecond) }

// real asks the decision.
func (s state) real() bool {
	op := &Op{Scope: s.scope, Personal: s.personal, Tokens: s.tokens, Guests: s.guests, Waiting: s.waiting}
	if s.needs {
		op.Needs = perm.PasswordView
	}
	who := Actor{kind: s.kind, org: "o", user: "me"}
	if s.kind == Token {
		who.limit = &Limit{Permissions: s.limit.set(), AllClients: s.all, Clients: map[string]bool{"c": s.chosen}, Expires: at(s.expires)}
	}
	c := &client{n: s.n, id: "c", enabled: s.enabled}
	u := &user{id: "me", kind: s.account, active: s.active, waits: s.waits && !s.active, leveled: s.leveled, override: s.override, set: s.own.set()}
	if s.reach {
		u.reach.add(s.n)
	}
	if s.until != 2 {
		u.timed = map[uint32]int64{s.n: at(s.until).UnixMilli()}
	}
	u.groups.add(s.n + 1)
	var f *folder
	for i := len(s.guards) - 1; i >= 0; i-- {
		f = &folder{id: fmt.Sprint(i), parent: f, groups: [][]uint32{nil, {s.n + 1}, {s.n}, {s.n, s.n + 1}}[s.guards[i]]}
	}
	where := map[string]spot{"": {}, "client": {client: c, folder: f}, "mine": {owner: "me", folder: f}, "theirs": {owner: "you", folder: f}}[s.place]
	if s.nobody {
		u = nil
	}
	return (&Model{site: s.site}).decide(u, who, op, where, now)
}

// reasons says, from docs/permissions.md and docs/security.md, why not. It is a list
// without order or exits, so that it is not written the way decide is.
func (s state) reasons() (why []string) {
	because := func(reason string, is bool) {
		if is {
			why = append(why, reason)
		}
	}
	if s.scope == Anyone {
		return nil
	}
	token, single := s.kind == Token, s.scope == Single
	through := func(own, limit bool) bool { return own && (!token || limit) }
	because("nobody", s.nobody)
	because("neither a user nor a token", s.kind == Anonymous)
	because("not active", !s.active && !s.waits && s.kind != Perspective)
	because("waits for approval", !s.active && s.waits && !s.waiting && s.kind != Perspective)
	because("waits for approval, and comes by a token", !s.active && s.waits && s.waiting && token)
	because("a guest", s.account == "guest" && !s.guests)
	because("no level, and nothing names a permission", !s.leveled && !s.guests && !s.needs)
	because("not for tokens", token && !s.tokens)
	because("the token's owner may have none", token && !(s.own.plugin && s.own.add))
	because("expired", token && s.expires < 1)
	because("lacks the permission", s.needs && !through(s.own.need, s.limit.need) && (!single || s.place == "client" || s.place == ""))
	if !single {
		return why
	}
	switch s.place {
	case "":
		because("nowhere", true)
	case "theirs":
		because("another's personal vault", true)
	case "mine":
		because("not for personal vaults", !s.personal)
		because("a token in a personal vault", token)
		because("another's eyes in a personal vault", s.kind == Perspective)
		because("lacks Vault Access", !s.own.vault)
	case "client":
		because("no permission opens it", !s.needs)
		because("lacks Client: View List", !s.site && !through(s.own.list, s.limit.list))
		because("beyond the token", token && !s.all && !s.chosen)
		because("disabled client", !s.enabled && !through(s.own.disable, s.limit.disable))
		because("not assigned", !s.override && !s.site && !s.reach && s.until != 1)
		for _, g := range s.guards {
			because("outside of a group", !s.override && g == 2)
		}
	}
	return why
}

// chance makes a state in which most parts let pass, so that single reasons,
// and pairs of them, come up often.
func chance(r *rand.Rand) state {
	good := func() bool { return r.IntN(8) != 0 }
	pick := func(best int, all ...int) int {
		if good() {
			return best
		}
		return all[r.IntN(len(all))]
	}
	some := func() rights { return rights{good(), good(), good(), good(), good(), good()} }
	s := state{scope: []Scope{Single, Single, Single, Single, Self, Whole, Listed, Anyone}[r.IntN(8)],
		needs: r.IntN(3) > 0, personal: r.IntN(2) > 0, tokens: good(), guests: !good(), waiting: r.IntN(2) > 0, waits: r.IntN(2) > 0,
		nobody: !good(), active: good(), leveled: good(), override: !good(), account: "member", own: some(), limit: some(),
		kind: []ActorKind{User, User, Perspective, Token, Token, Anonymous}[pick(r.IntN(5), 5)], expires: pick(1, -1, 0), until: pick(2, -1, 0, 1),
		all: r.IntN(2) > 0, chosen: good(), place: []string{"client", "mine", "theirs", ""}[pick(r.IntN(2), 2, 3)],
		site: !good(), enabled: good(), reach: good(), n: []uint32{0, 1, 62, 63, 64, 65, 127, 128, 200}[r.IntN(9)]}
	if !good() {
		s.account = "guest"
	}
	for range r.IntN(4) {
		s.guards = append(s.guards, pick(r.IntN(2), 2, 3))
	}
	return s
}

func TestDecideIsWhatTheReasonsSay(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	allowed, alone := 0, map[string]int{}
	for range 200_000 {
		s := chance(r)
		why := s.reasons()
		if got := s.real(); got != (len(why) == 0) {
			t.Fatalf("decided %v, but the reasons against it are %q: %+v", got, why, s)
		}
		if len(why) == 0 {
			allowed++
		}
		if len(why) == 1 {
			alone[why[0]]++
		}
	}
	t.Logf("%d allowed; refused for one reason only: %v", allowed, alone)
	if allowed < 10_000 || len(alone) < 23 {
		t.Errorf("%d allowed, %d reasons stood alone: the states say too little", allowed, len(alone))
	}
	for why, n := range alone {
		if n < 20 {
			t.Errorf("%q stood alone %d times only", why, n)
		}
	}
}

func TestBits(t *testing.T) {
	for _, n := range []uint32{0, 1, 31, 32, 63, 64, 65, 127, 128, 1000} {
		var b bits
		if b.has(n) || b.any([]uint32{n}) || b.any(nil) {
			t.Errorf("an empty set has %d", n)
		}
		b.add(n)
		b.add(n)
		for m := range uint32(1100) {
			if b.has(m) != (m == n) || b.any([]uint32{m}) != (m == n) {
				t.Errorf("a set of %d has %d: %v", n, m, b.has(m))
			}
		}
		if !b.any([]uint32{n + 1, n}) || b.any([]uint32{n + 1, n + 64}) {
			t.Errorf("any of %d", n)
		}
		b.add(0)
		if !b.has(0) || !b.has(n) {
			t.Errorf("adding 0 lost %d", n)
		}
	}
}
