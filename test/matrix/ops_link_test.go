package matrix

import (
	"strings"
	"time"

	"bailiwick/internal/extlink"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

func linkOps() map[string]operation {
	of := func(call func(w *world, a acting, id string) (any, error)) operation {
		return operation{reach: true, cells: each("credential", loginNames, call)}
	}
	add := func(fields ...string) func(w *world, a acting, id string) (any, error) {
		return func(w *world, a acting, id string) (any, error) {
			made, err := w.Links.Add(w.ctx, a.Actor, id, extlink.NewLink{Fields: fields})
			return made.ID, err
		}
	}
	make := of(add(extlink.Password))
	for i := range make.cells {
		make.cells[i].second = thing("permission", "Password: View")
		if make.cells[i].label == "archived" || make.cells[i].label == "p-gone" {
			make.cells[i].also, make.cells[i].says = []fault.Kind{fault.Unacceptable}, "it is archived"
		}
	}
	for _, c := range each("credential", []string{"root", "k-out", "own", "foreign", "random"}, add(extlink.Title, extlink.URLs)) {
		c.label += ", no secret"
		make.cells = append(make.cells, c)
	}
	// What a link does is decided on here; what comes of it, internal/extlink's
	// own tests show.
	by := func(op *gate.Op) operation {
		return of(func(w *world, a acting, id string) (any, error) {
			return gate.Do(w.ctx, w.Gate, a.Actor, op, gate.Credential(id), func(*gate.Tx) (bool, error) { return true, nil })
		})
	}
	revoke := operation{}
	for _, n := range []string{"self", "other", "admin2", "eve", "random"} {
		t := thing("user", n)
		revoke.cells = append(revoke.cells, cell{label: n, target: t, call: func(w *world, a acting) (any, error) {
			return ok0(w.Links.Revoke(w.ctx, a.Actor, w.linkOf(n, a)))
		}})
	}
	return map[string]operation{
		"link.add": make,
		"link.of": of(func(w *world, a acting, id string) (any, error) {
			return ok1(w.Links.Of(w.ctx, a.Actor, id))
		}),
		"link.list":   simple(func(w *world, a acting) (any, error) { return ok1(w.Links.List(w.ctx, a.Actor)) }),
		"link.revoke": revoke,
		"link.try":    by(extlink.OpTry),
		"link.open":   by(extlink.OpOpen),
	}
}

// linked is what everybody of an organization made a link of.
var linked = map[string]string{"one": "root", "site": "s-own", "site2": "t-own"}

// linkOf is the id of somebody's link.
func (w *world) linkOf(whose string, a acting) string {
	if whose == "self" {
		whose = a.person
	}
	switch whose {
	case "random":
		return w.id("xlink", "random")
	case "eve":
		return w.id("xlink", "eve>foreign")
	}
	return w.id("xlink", whose+">"+linked[homeOf(whose)])
}

// post makes a link of the plan.
func (b *builder) post(who gate.Actor, l posted) {
	if b.err != nil {
		return
	}
	made, err := b.Links.Add(b.ctx, who, b.ids["credential:"+l.credential], extlink.NewLink{Fields: extlink.AllFields, Views: 20, Life: 29 * 24 * time.Hour, Passphrase: seal.NewSecret("a passphrase")})
	b.name("xlink", l.name(), made.ID, err)
	_, secret, _ := strings.Cut(made.Address.Reveal(), "#")
	token, err := seal.ParseToken(secret)
	b.check(err)
	if err == nil {
		b.proofs[l.name()] = token.Proof()
	}
}

func init() {
	for name, why := range map[string]string{
		"link.find":     "finds a link by what its bearer shows; nobody is known yet",
		"link.try.back": "gives back a try that got no verdict, inside of opening",
		"link.end":      "ends a link whose sender lost access, or whose passphrase was guessed at",
		"link.due":      "finds what the sweep has to look after",
		"link.sweep":    "wipes what is over",
	} {
		internal[name] = why
	}
}
