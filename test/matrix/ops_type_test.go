package matrix

import (
	"bailiwick/internal/refmodel"
	"bailiwick/internal/vault"
)

// kindOf adds a custom credential type to the builder's organization.
func (b *builder) kindOf(name, canary string) {
	if b.err == nil {
		made, err := b.Vault.AddType(b.ctx, b.admin, vault.TypeInput{Name: canary + " " + name, Icon: "car", Fields: []vault.Field{{Name: canary, Hidden: true}}})
		b.name("type", name, made, err)
	}
}

// kinds makes cells of a type of the organization, of the other one's, and of
// none. The model has no types: an organization, or a user, stands for them.
func typesOf(call func(w *world, a acting, id string) (any, error)) (o operation) {
	for _, c := range []struct {
		name string
		as   refmodel.Target
	}{{"one", thing("organization", "one")}, {"foreign", thing("user", "eve")}, {"random", thing("user", "random")}} {
		o.cells = append(o.cells, cell{label: "type " + c.name, target: c.as, call: func(w *world, a acting) (any, error) { return call(w, a, w.id("type", c.name)) }})
	}
	return o
}

func typeOps() map[string]operation {
	return map[string]operation{
		"type.list": simple(func(w *world, a acting) (any, error) { return ok1(w.Vault.Kinds(w.ctx, a.Actor)) }),
		"type.add": simple(func(w *world, a acting) (any, error) {
			return ok1(w.Vault.AddType(w.ctx, a.Actor, vault.TypeInput{Name: "Gate", Icon: "plug"}))
		}),
		"type.edit": typesOf(func(w *world, a acting, id string) (any, error) {
			return ok0(w.Vault.EditType(w.ctx, a.Actor, id, 1, vault.TypeInput{Name: "Gate", Icon: "plug"}))
		}),
		"type.delete": typesOf(func(w *world, a acting, id string) (any, error) {
			return ok0(w.Vault.DeleteType(w.ctx, a.Actor, id, 1, ""))
		}),
		"credential.settings.view": simple(func(w *world, a acting) (any, error) { return ok1(w.Vault.Settings(w.ctx, a.Actor)) }),
		"credential.settings.save": simple(func(w *world, a acting) (any, error) {
			return ok0(w.Vault.SaveSettings(w.ctx, a.Actor, vault.Settings{RevealSeconds: 30}, vault.Settings{RevealSeconds: 60}))
		}),
	}
}
