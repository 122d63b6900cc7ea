package gate

import (
	"testing"

	"bailiwick/internal/perm"
)

func TestFoldersOfATree(t *testing.T) {
	withRows(t, func(as inside) {
		tx := as("o", "ann")
		for id, want := range map[string]struct {
			depth   int
			guarded bool
		}{"": {0, false}, "f9": {0, false}, "open": {1, false}, "shut": {2, true}, "deep": {3, true}, "dead": {1, true}, "mine": {1, false}} {
			if tx.Depth(id) != want.depth || tx.Guarded(id) != want.guarded {
				t.Errorf("%s is %d deep, guarded %v", id, tx.Depth(id), tx.Guarded(id))
			}
		}
		for _, c := range []struct {
			a, b          string
			below, leaves bool // a below b; what lies in a and goes to b leaves a guard
		}{
			{"open", "open", true, false}, {"deep", "open", true, true}, {"deep", "shut", true, true}, {"deep", "deep", true, false}, {"open", "deep", false, false},
			{"shut", "deep", false, false}, {"shut", "open", true, true}, {"shut", "", false, true}, {"open", "", false, false}, {"dead", "open", false, true},
			{"open", "dead", false, false}, {"", "open", false, false}, {"f9", "open", false, false}, {"open", "f9", false, false}, {"deep", "dead", false, true},
		} {
			if tx.Below(c.a, c.b) != c.below || tx.Leaves(c.a, c.b) != c.leaves {
				t.Errorf("%s and %s: below %v, leaves %v", c.a, c.b, tx.Below(c.a, c.b), tx.Leaves(c.a, c.b))
			}
		}
	})
}

// Where a target is found, and what is refused although it could be found
// elsewhere.
func TestLocate(t *testing.T) {
	single, list := &Op{Scope: Single, Needs: perm.PasswordView, Personal: true}, &Op{Scope: Listed}
	withRows(t, func(as inside) {
		tx := as("o", "ann")
		for name, c := range map[string]struct {
			op                    *Op
			target                Target
			found                 bool
			client, owner, folder string
		}{
			"nothing of a list":            {list, Nothing(), true, "", "", ""},
			"nothing of one":               {single, Nothing(), false, "", "", ""},
			"client":                       {single, Client("c1"), true, "c1", "", ""},
			"no client":                    {single, Client("c9"), false, "", "", ""},
			"of no kind that there is":     {list, Target{Kind: "planet", ID: "c1"}, false, "", "", ""},
			"folder":                       {single, Folder("shut"), true, "c1", "", "shut"},
			"own folder":                   {single, Folder("mine"), true, "", "ann", "mine"},
			"no folder":                    {single, Folder("f9"), false, "", "", ""},
			"credential":                   {single, Credential("k1"), true, "c1", "", ""},
			"credential in a folder":       {single, Credential("kshut"), true, "c1", "", "shut"},
			"own credential":               {single, Credential("kown"), true, "", "ann", "mine"},
			"no credential":                {single, Credential("k9"), false, "", "", ""},
			"place":                        {single, In("c1", ""), true, "c1", "", ""},
			"place in a folder":            {single, In("c1", "open"), true, "c1", "", "open"},
			"place in another's folder":    {single, In("c1", "other"), false, "c1", "", ""},
			"place in somebody's own":      {single, In("c1", "mine"), false, "c1", "", ""},
			"place in no folder":           {single, In("c1", "f9"), false, "c1", "", ""},
			"place in no client":           {single, In("c9", ""), false, "", "", ""},
			"place without a client":       {single, In("", ""), false, "", "", ""},
			"own place":                    {single, Mine(""), true, "", "ann", ""},
			"own place in a folder":        {single, Mine("mine"), true, "", "ann", "mine"},
			"own place in a client's":      {single, Mine("open"), false, "", "ann", ""},
			"a kind that there is not":     {single, Target{Kind: "file", ID: "c1"}, false, "", "", ""},
			"a list of a kind that is not": {list, Target{Kind: "file"}, false, "", "", ""},
		} {
			s, found := tx.locate(c.op, c.target)
			client, folder := "", ""
			if s.client != nil {
				client = s.client.id
			}
			if s.folder != nil {
				folder = s.folder.id
			}
			if found != c.found || client != c.client || s.owner != c.owner || folder != c.folder {
				t.Errorf("%s: found %v in client %q, of %q, in folder %q", name, found, client, s.owner, folder)
			}
			want := found && tx.model.decide(tx.user, tx.who, c.op, s, tx.now)
			if tx.May(c.op, c.target) != want {
				t.Errorf("%s: may %v", name, !want)
			}
		}
		// Another user's place is not Ann's.
		if s, ok := as("o", "bob").locate(single, Mine("mine")); ok {
			t.Errorf("Bob's own place in Ann's folder: %+v", s)
		}
		// A credential whose folder the model does not know is nowhere: better
		// absent than without the folder's guard.
		delete(tx.model.folders, "shut")
		if _, ok := tx.locate(single, Credential("kshut")); ok {
			t.Error("a credential without its folder was found")
		}
		if _, ok := tx.locate(single, Credential("k1")); !ok {
			t.Error("a credential at the root was lost")
		}
	})
}

// A link's only target is its own credential: not another one that the sender
// reaches, and not what its own one lies in. What a user's session is about
// binds him to nothing.
func TestLinksLocateTheirOwn(t *testing.T) {
	op := &Op{Scope: Single, Needs: perm.PasswordView, Links: true}
	withRows(t, func(as inside) {
		tx := as("o", "ann")
		for _, c := range []struct {
			name   string
			kind   ActorKind
			target Target
			found  bool
		}{
			{"a link, its own", Link, Credential("k1"), true},
			{"a link, another of the client", Link, Credential("kshut"), false},
			{"a link, the client", Link, Client("c1"), false},
			{"a link, something else of its own id", Link, Target{Kind: KindClient, ID: "k1"}, false},
			{"a link, nothing", Link, Nothing(), false},
			{"a user, another", User, Credential("kshut"), true},
			{"a user, the client", User, Client("c1"), true},
		} {
			tx.who = Actor{kind: c.kind, org: "o", user: "ann", by: "ann", about: "k1"}
			if _, found := tx.locate(op, c.target); found != c.found {
				t.Errorf("%s: found %t", c.name, found)
			}
		}
	})
}

// A link acts as its sender, whoever else is named; nobody else acts as another.
func TestLinksActAsTheirSender(t *testing.T) {
	withRows(t, func(as inside) {
		m := as("o", "ann").model
		for _, c := range []struct {
			who  Actor
			want *user
		}{
			{Actor{kind: Link, org: "o", by: "ann"}, m.users["ann"]},
			{Actor{kind: Link, org: "o", user: "ada", by: "ann"}, m.users["ann"]},
			{Actor{kind: Link, org: "o", user: "ada"}, nil},
			{Actor{kind: User, org: "o", user: "ann", by: "ada"}, m.users["ann"]},
			{Actor{kind: Perspective, org: "o", user: "ann", by: "ada"}, m.users["ann"]},
		} {
			if u := m.acting(c.who); u != c.want {
				t.Errorf("%s of %q by %q acts as %+v", c.who.kind, c.who.user, c.who.by, u)
			}
		}
	})
}

// A token sees what its owner does, of the clients and with the permissions
// that it was given.
func TestWhatTokensSee(t *testing.T) {
	withRows(t, func(as inside) {
		for name, c := range map[string]struct {
			limit   Limit
			kind    ActorKind
			clients string
		}{
			"all":           {Limit{AllClients: true, Permissions: perm.SetOf(perm.ClientViewList), Expires: at(1)}, Token, "c1 c4"},
			"chosen":        {Limit{Clients: map[string]bool{"c4": true, "c2": true}, Permissions: perm.SetOf(perm.ClientViewList), Expires: at(1)}, Token, "c4"},
			"expired":       {Limit{AllClients: true, Permissions: perm.SetOf(perm.ClientViewList), Expires: at(0)}, Token, ""},
			"without list":  {Limit{AllClients: true, Permissions: perm.SetOf(perm.PasswordView), Expires: at(1)}, Token, ""},
			"not a session": {Limit{}, Anonymous, ""},
		} {
			tx := as("o", "ann")
			tx.user.set = tx.user.set.Or(perm.SetOf(perm.PluginAccess, perm.PasswordAdd))
			tx.who.kind, tx.who.limit = c.kind, &c.limit
			if got := seen(tx.SeesClient, "c1 c2 c3 c4"); got != c.clients || tx.SeesFolder("mine") {
				t.Errorf("%s: a token sees %q, want %q; its owner's own %v", name, got, c.clients, tx.SeesFolder("mine"))
			}
		}
	})
}

func TestOutranks(t *testing.T) {
	withRows(t, func(as inside) {
		for _, c := range []struct {
			who, other string
			want       bool
		}{{"ada", "ann", true}, {"ada", "mia", true}, {"ann", "ada", false}, {"ann", "ann", false}, {"ada", "ada", false}, {"ada", "gus", true}, {"ann", "gus", true},
			{"bob", "ann", false}, {"ann", "bob", false}, {"ada", "nobody", false}, {"nobody", "ann", false}, {"gus", "ann", false}} {
			name, ok := as("o", c.who).Outranks(c.other)
			if ok != c.want || ok && name == "" || (c.who == c.other || c.other == "nobody") && name != "" {
				t.Errorf("%s outranks %s: %v %q", c.who, c.other, ok, name)
			}
		}
		// A token outranks by what it was given, not by its owner's rights.
		tx := as("o", "ada")
		tx.who.kind, tx.who.limit = Token, &Limit{AllClients: true, Permissions: perm.SetOf(perm.UserEdit)}
		if _, ok := tx.Outranks("ann"); ok {
			t.Error("a token with one permission outranks")
		}
		if _, ok := tx.Outranks("gus"); !ok {
			t.Error("a token does not outrank who has nothing")
		}
	})
}

// Where an operation reads the credential's row itself, the credential lies
// where the row says, and only there.
func TestFind(t *testing.T) {
	lies := map[string]Lies{"k1": {Client: "c1"}, "kshut": {Client: "c1", Folder: "shut"}, "kown": {Owner: "ann", Folder: "mine"}, "lost": {Client: "c1", Folder: "f9"}}
	withRows(t, func(as inside) {
		for _, c := range []struct {
			target                Target
			found, asked          bool
			client, owner, folder string
		}{
			{Credential("k1"), true, true, "c1", "", ""},
			{Credential("kshut"), true, true, "c1", "", "shut"},
			{Credential("kown"), true, true, "", "ann", "mine"},
			{Credential("lost"), false, true, "c1", "", ""},
			{Credential("k9"), false, true, "", "", ""},
			{Client("c1"), true, false, "c1", "", ""},
			{Folder("shut"), true, false, "c1", "", "shut"},
		} {
			for _, reads := range []bool{true, false} {
				if !reads && c.target.ID == "lost" {
					continue // no such row
				}
				tx, asked := as("o", "ann"), false
				tx.op = &Op{Scope: Single}
				if reads {
					tx.op.Row = func(_ *Tx, id string) (Lies, any, error) {
						asked = true
						if at, ok := lies[id]; ok {
							return at, id, nil
						}
						return Lies{}, id, ErrNoRows
					}
				}
				s, found := tx.find(c.target)
				client, folder := "", ""
				if s.client != nil {
					client = s.client.id
				}
				if s.folder != nil {
					folder = s.folder.id
				}
				if found != c.found || client != c.client || s.owner != c.owner || folder != c.folder || asked != (reads && c.asked) {
					t.Errorf("%v, reads %v: found %v in client %q, of %q, in folder %q; asked %v", c.target, reads, found, client, s.owner, folder, asked)
				}
				if row, there := tx.Found().(string); there != (asked && c.target.ID != "k9") || there && row != c.target.ID {
					t.Errorf("%v: the row is %q", c.target, row)
				}
			}
		}
	})
}
