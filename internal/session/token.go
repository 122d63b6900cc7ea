package session

import (
	"context"
	"errors"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// APIToken is one of one's own API tokens.
type APIToken struct {
	ID, Name                   string
	Permissions                []string
	AllClients                 bool
	Clients                    []string
	Created, Expires, LastUsed time.Time
}

// NewToken is what is asked for.
type NewToken struct {
	Name        string
	Permissions []string
	AllClients  bool
	Clients     []string
	Days        int // 1 to 365
}

// MadeToken holds the bearer, which is shown once.
type MadeToken struct{ ID, Bearer string }

var (
	sqlTokens         = gate.SQL(`SELECT id, name, permissions, all_clients, created_at, expires_at, last_used FROM tokens WHERE org_id = $1 AND user_id = $2 ORDER BY created_at DESC`)
	sqlTokenClients   = gate.SQL(`SELECT client_id FROM token_clients WHERE org_id = $1 AND token_id = $2 ORDER BY client_id`)
	sqlAddToken       = gate.SQL(`INSERT INTO tokens (org_id, id, user_id, name, lookup, hpke_public, pin, permissions, all_clients, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
	sqlAddTokenClient = gate.SQL(`INSERT INTO token_clients (org_id, token_id, client_id) VALUES ($1, $2, $3)`)
	sqlRevoke         = gate.SQL(`DELETE FROM tokens WHERE org_id = $1 AND id = $2 AND user_id = $3`)
	sqlToken          = gate.SQL(`SELECT t.id, t.user_id, t.permissions, t.all_clients, t.expires_at, t.last_used, t.pin, o.key_epoch
		FROM tokens t JOIN organizations o ON o.id = t.org_id WHERE t.org_id = $1 AND t.lookup = $2`)
	sqlTokenOver = gate.SQL(`UPDATE tokens SET last_used = expires_at WHERE org_id = $1 AND id = $2 AND last_used < expires_at`)
	sqlTokenUsed = gate.SQL(`UPDATE tokens SET last_used = $3, pin = $4 WHERE org_id = $1 AND id = $2`)
)

// AddToken makes an API token: its own key pair in the roster, and a scope key
// that opens only the clients in its scope.
func (s *Store) AddToken(ctx context.Context, who gate.Actor, in NewToken) (MadeToken, error) {
	set, err := in.check()
	if err != nil {
		return MadeToken{}, err
	}
	made, token := MadeToken{ID: id.New("token")}, seal.NewToken()
	holder := token.Key().Identity("token")
	return gate.Do(ctx, s.gate, who, OpTokenAdd, gate.Nothing(), func(tx *gate.Tx) (MadeToken, error) {
		if who.Kind() != gate.User || !tx.Has(perm.PluginAccess) {
			return made, fault.NotFound()
		}
		for _, p := range perm.All() {
			if set.Has(p.P) && !tx.Has(p.P) {
				return made, fault.Bad("permissions", "You can't give a token %q: it is not among your own permissions.", p.Name)
			}
		}
		if lacks, err := lacksFactor(tx, who.User()); err != nil || lacks {
			if err == nil {
				err = fault.Cannot("Your organization demands a second factor. Set one up before you make an API token.")
			}
			return made, err
		}
		tx.Event().Kind, tx.Event().ID, tx.Event().Name = "token", made.ID, in.Name
		e, err := s.org.Present(tx)
		if err != nil {
			return made, err
		}
		pin := seal.SealPin(token.Key(), who.Org(), made.ID, e.Sign.Public(), e.N)
		_, err = tx.Exec(sqlAddToken, made.ID, who.User(), in.Name, token.Lookup(), holder.Public(), pin, strings.Join(set.Names(), "\n"),
			in.AllClients, tx.Millis(), tx.Now().AddDate(0, 0, in.Days).UnixMilli())
		if err != nil {
			return made, err
		}
		for _, c := range in.Clients {
			if !tx.SeesClient(c) {
				return made, fault.Bad("clients", "There is no such client: %s.", cut(c, 64))
			}
			if _, err := tx.Exec(sqlAddTokenClient, made.ID, c); err != nil {
				return made, err
			}
		}
		if err := e.AdmitToken(tx, made.ID, holder.Public()); err != nil {
			return made, err
		}
		made.Bearer = Bearer(KindToken, who.Org(), token)
		return made, e.Scope(tx, made.ID, holder.Public(), in.AllClients, 1)
	})
}

func (in *NewToken) check() (perm.Set, error) {
	var bad []fault.Field
	in.Name = strings.TrimSpace(in.Name)
	if in.Name == "" || len(in.Name) > 100 {
		bad = append(bad, fault.Field{Name: "name", Text: "Give the token a name of at most 100 characters that says what it is for."})
	}
	if in.Days < 1 || in.Days > 365 {
		bad = append(bad, fault.Field{Name: "days", Text: "A token lives between 1 and 365 days."})
	}
	set, unknown := perm.Parse(in.Permissions)
	if len(unknown) > 0 {
		bad = append(bad, fault.Field{Name: "permissions", Text: "There is no permission " + unknown[0] + "."})
	}
	if len(in.Permissions) == 0 {
		bad = append(bad, fault.Field{Name: "permissions", Text: "Choose at least one permission."})
	}
	if !in.AllClients && len(in.Clients) == 0 {
		bad = append(bad, fault.Field{Name: "clients", Text: "Choose clients, or all that you reach."})
	}
	if in.AllClients {
		in.Clients = nil
	}
	return set, fault.BadFields(bad)
}

// Tokens lists the actor's own API tokens.
func (s *Store) Tokens(ctx context.Context, who gate.Actor) ([]APIToken, error) {
	return gate.Do(ctx, s.gate, who, OpTokens, gate.Nothing(), func(tx *gate.Tx) ([]APIToken, error) {
		var all []APIToken
		err := tx.Each(sqlTokens, func(r *gate.Rows) error {
			var t APIToken
			var names string
			var created, expires, used int64
			err := r.Scan(&t.ID, &t.Name, &names, &t.AllClients, &created, &expires, &used)
			t.Permissions, t.Created, t.Expires = strings.Split(names, "\n"), at(created), at(expires)
			if used > 0 {
				t.LastUsed = at(used)
			}
			all = append(all, t)
			return err
		}, who.User())
		for i := range all {
			if err == nil {
				err = tx.Each(sqlTokenClients, func(r *gate.Rows) error {
					var c string
					err := r.Scan(&c)
					all[i].Clients = append(all[i].Clients, c)
					return err
				}, all[i].ID)
			}
		}
		return all, err
	})
}

// RevokeToken ends an API token. It could open a part of the vault, so a new
// epoch is made or due.
func (s *Store) RevokeToken(ctx context.Context, who gate.Actor, token string) error {
	return s.org.Cut(func(removed func(*gate.Tx, string) error) error {
		_, err := gate.Do(ctx, s.gate, who, OpTokenRevoke, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			tx.Event().Kind, tx.Event().ID = "token", token
			if err := tx.One(sqlRevoke, token, who.User()); err != nil {
				return false, err
			}
			return true, removed(tx, "an API token was revoked")
		})
		return err
	})
}

func (s *Store) resumeToken(ctx context.Context, org string, token seal.Token, ip string, trace *gate.Trace) (gate.Actor, error) {
	type found struct {
		id, user, names      string
		all                  bool
		expires, used, epoch int64
		clients              map[string]bool
		pin                  []byte
	}
	f, err := gate.Do(ctx, s.gate, gate.Stranger(org, ip, trace), opFind, gate.Nothing(), func(tx *gate.Tx) (f found, err error) {
		f.clients = map[string]bool{}
		err = tx.Row(sqlToken, token.Lookup()).Scan(&f.id, &f.user, &f.names, &f.all, &f.expires, &f.used, &f.pin, &f.epoch)
		if err == nil && !f.all {
			err = tx.Each(sqlTokenClients, func(r *gate.Rows) error {
				var c string
				err := r.Scan(&c)
				f.clients[c] = true
				return err
			}, f.id)
		}
		return f, err
	})
	if fault.Is(err, fault.Absent) {
		return gate.Actor{}, fault.NotSignedIn()
	}
	if err == nil && max(s.clock.Now().UnixMilli(), f.used) >= f.expires {
		// For good: a clock that goes back later must not bring it back.
		_, err = gate.Do(ctx, s.gate, gate.Stranger(org, ip, trace), opTouch, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			_, err := tx.Exec(sqlTokenOver, f.id)
			return true, err
		})
		if err != nil && !notStored(err) {
			return gate.Actor{}, err
		}
		return gate.Actor{}, fault.NotSignedIn()
	}
	if err != nil {
		return gate.Actor{}, err
	}
	// A row that was made for another token, or says less than this one has
	// seen, is nobody's.
	signer, seen, err := seal.OpenPin(token.Key(), org, f.id, f.pin)
	if err != nil || seen > f.epoch {
		return gate.Actor{}, fault.NotSignedIn()
	}
	ring := gate.TokenRing(f.id, f.epoch, token.Key().Identity("token"), signer)
	if now := s.clock.Now().UnixMilli(); now-f.used > time.Minute.Milliseconds() || now < f.used || seen < f.epoch {
		_, err = gate.Do(ctx, s.gate, gate.Stranger(org, ip, trace), opTouch, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			if err := ring.Scope(tx, f.epoch); err != nil {
				return false, err
			}
			_, err := tx.Exec(sqlTokenUsed, f.id, now, seal.SealPin(token.Key(), org, f.id, signer, f.epoch))
			return true, err
		})
		if notStored(err) { // what has to be checked can be read
			_, err = gate.Do(ctx, s.gate, gate.Stranger(org, ip, trace), opFind, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
				return true, ring.Scope(tx, f.epoch)
			})
		}
		if errors.Is(err, seal.ErrOpen) || fault.Is(err, fault.Absent) {
			return gate.Actor{}, fault.NotSignedIn() // its terms were changed, or it was left out of an epoch
		}
		if err != nil {
			return gate.Actor{}, err
		}
	}
	set, _ := perm.Parse(strings.Split(f.names, "\n"))
	limit := &gate.Limit{Permissions: set.Effective(), AllClients: f.all, Clients: f.clients, Expires: at(f.expires)}
	return gate.Admit(gate.Admission{Kind: gate.Token, Org: org, User: f.user, Session: f.id, IP: ip, Limit: limit, Ring: ring, Trace: trace}), nil
}
