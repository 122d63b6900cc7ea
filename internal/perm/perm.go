// Package perm is the catalogue of permissions and of the eight built-in
// permission levels. One table feeds the checks, the labels and the docs.
//
// It decides nothing: the gate does.
package perm

import "sort"

// P is one permission. Only this package makes them, so that a check can't
// name one that does not exist. The zero P is held by nobody.
type P struct{ n uint8 }

// Info says what a permission is.
type Info struct {
	P        P
	Name     string // as stored and shown: "Password: View"
	Group    string
	Sentence string
	levels   string
}

// table[0] stands for the zero P.
var table = []Info{{}}
var byName = map[string]P{}

func def(name, group, sentence, levels string) P {
	p := P{uint8(len(table))}
	if _, twice := byName[name]; twice {
		panic("permission defined twice: " + name)
	}
	table = append(table, Info{p, name, group, sentence, levels})
	byName[name] = p
	return p
}

// All lists the permissions in the order of the catalogue.
func All() []Info { return append([]Info(nil), table[1:]...) }

// Named finds a permission by its stored name.
func Named(name string) (P, bool) {
	p, ok := byName[name]
	return p, ok
}

// String is the stored name.
func (p P) String() string { return table[p.n].Name }

// Info gives the row of the catalogue.
func (p P) Info() Info { return table[p.n] }

// Valid is false for the zero P.
func (p P) Valid() bool { return p.n != 0 }

// Set holds any number of permissions; the zero Set is empty. It is asked for
// one permission at a time, never for "any of".
type Set struct{ w [2]uint64 }

// SetOf makes a Set.
func SetOf(ps ...P) Set {
	var s Set
	for _, p := range ps {
		s = s.With(p)
	}
	return s
}

// With gives the set and p.
func (s Set) With(p P) Set {
	if p.Valid() {
		s.w[p.n>>6] |= 1 << (p.n & 63)
	}
	return s
}

// Without gives the set less p.
func (s Set) Without(p P) Set {
	s.w[p.n>>6] &^= 1 << (p.n & 63)
	return s
}

// Has reports whether p itself is in the set; what is implied was added by
// Effective. The zero P is in no set.
func (s Set) Has(p P) bool {
	return p.n != 0 && s.w[p.n>>6]&(1<<(p.n&63)) != 0
}

// Within reports whether every permission of s is in t.
func (s Set) Within(t Set) bool {
	return s.w[0]&^t.w[0] == 0 && s.w[1]&^t.w[1] == 0
}

// And is what both hold.
func (s Set) And(t Set) Set {
	return Set{[2]uint64{s.w[0] & t.w[0], s.w[1] & t.w[1]}}
}

// Or is what either holds.
func (s Set) Or(t Set) Set {
	return Set{[2]uint64{s.w[0] | t.w[0], s.w[1] | t.w[1]}}
}

// Effective adds what is implied: Password: Edit implies Password: View, and
// Organization: Admin implies all.
func (s Set) Effective() Set {
	if s.Has(OrganizationAdmin) {
		for _, i := range table[1:] {
			s = s.With(i.P)
		}
	}
	if s.Has(PasswordEdit) {
		s = s.With(PasswordView)
	}
	return s
}

// Names lists the set as stored, sorted.
func (s Set) Names() []string {
	var names []string
	for _, i := range table[1:] {
		if s.Has(i.P) {
			names = append(names, i.Name)
		}
	}
	sort.Strings(names)
	return names
}

// Parse reads stored names; unknown ones are given back.
func Parse(names []string) (s Set, unknown []string) {
	for _, n := range names {
		if p, ok := Named(n); ok {
			s = s.With(p)
		} else {
			unknown = append(unknown, n)
		}
	}
	return s, unknown
}
