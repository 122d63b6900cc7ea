package main

// alike are mutants that mean the same as the original, with the reason. A
// mutant is named by its file, its function and what it does, not by its line.
var alike = map[string]string{
	"internal/gate/decide.go : without Scope: Single":                                                                     "the decision knows a single thing by its being no other scope",
	"internal/gate/model.go rules: r |= BySite => r ^= BySite":                                                            "each rule is put in once",
	"internal/gate/model.go rules: r |= ByDefault => r ^= ByDefault":                                                      "each rule is put in once",
	"internal/gate/model.go rules: r |= ByAssignment => r ^= ByAssignment":                                                "each rule is put in once",
	"internal/gate/model.go rules: r |= ByTimed => r ^= ByTimed":                                                          "each rule is put in once",
	"internal/gate/model.go rules: r |= ByGroup => r ^= ByGroup":                                                          "each rule is put in once",
	"internal/gate/model.go passage: r |= ByGroup => r ^= ByGroup":                                                        "each rule is put in once",
	"internal/gate/model.go passage: r |= ByPass => r ^= ByPass":                                                          "each rule is put in once",
	"internal/gate/model.go add: 6 => 5":                                                                                  "adding to a set makes room for twice as many words: what is in it stays the same",
	"internal/gate/load.go groupUsers: u != nil && l.enabled[group] => l.enabled[group]":                                  "the foreign key lets no row be there without the user or client that it names; asking is the second lock",
	"internal/gate/load.go groupClients: c != nil => (c != nil) || true":                                                  "the foreign key lets no row be there without the user or client that it names; asking is the second lock",
	"internal/gate/load.go assigned: u == nil || c == nil => (u == nil) && (c == nil)":                                    "the foreign key lets no row be there without the user or client that it names; asking is the second lock",
	"internal/gate/load.go assigned: u == nil || c == nil => c == nil":                                                    "the foreign key lets no row be there without the user or client that it names; asking is the second lock",
	"internal/gate/load.go assigned: u == nil || c == nil => u == nil":                                                    "the foreign key lets no row be there without the user or client that it names; asking is the second lock",
	"internal/gate/load.go guards: f != nil => (f != nil) || true":                                                        "the foreign key lets no row be there without the user or client that it names; asking is the second lock",
	"internal/gate/load.go passes: u != nil => (u != nil) || true":                                                        "the foreign key lets no row be there without the user or client that it names; asking is the second lock",
	"internal/gate/load.go folders: \"\" => \"x\"":                                                                        "a folder without a parent has the parent that the empty id leads to: none",
	"internal/gate/load.go folders: parent != \"\" => (parent != \"\") || true":                                           "a folder without a parent has the parent that the empty id leads to: none",
	"internal/gate/shared.go chosen: !l.m.site => (!l.m.site) && false":                                                   "a provider has no rows of what is chosen, and asking for them gives none",
	"internal/gate/shared.go chosen: u != nil => (u != nil) || true":                                                      "the foreign key lets no row be there without the user or client that it names; asking is the second lock",
	"internal/gate/shared.go : \"rights to what is received\" => \"\"":                                                    "a reason for the table of such texts",
	"internal/gate/shared.go : \"rights to what is received\" => \"rights to what is receivedx\"":                         "a reason for the table of such texts",
	"internal/gate/shared.go things: 0 => 1":                                                                              "it only spares a question: nobody is chosen for what is not there",
	"internal/gate/shared.go things: err != nil || len(l.m.things) == 0 => err != nil":                                    "it only spares a question: nobody is chosen for what is not there",
	"internal/gate/shared.go things: err != nil || len(l.m.things) == 0 => len(l.m.things) == 0":                          "after an error no statement of the transaction succeeds",
	"internal/gate/shared.go things: err != nil || len(l.m.things) == 0 => (err != nil || len(l.m.things) == 0) && false": "it only spares a question, and after an error no statement succeeds",
	"internal/gate/shared.go things: err != nil || len(l.m.things) == 0 => (err != nil) && (len(l.m.things) == 0)":        "it only spares a question, and after an error no statement succeeds",
	"internal/gate/shelf.go : 1 => 2":                                                                                     "roles are compared with each other, and are stored by name",
	"internal/perm/level.go column: 1 => 0":                                                                               "the first row of the table stands for the zero permission, which is in no level",
	"internal/perm/level.go column: 1 => 2":                                                                               "the first permission of the catalogue is in no level's column",
	"internal/perm/perm.go Names: 1 => 0":                                                                                 "the first row of the table stands for the zero permission, which no set has",
	"internal/perm/perm.go Effective: 1 => 0":                                                                             "the first row of the table stands for the zero permission, which no set takes in",
	"internal/perm/perm.go Has: p.n != 0 && s.w[p.n>>6]&(1<<(p.n&63)) != 0 => s.w[p.n>>6]&(1<<(p.n&63)) != 0":             "no set has the zero permission's bit, because With leaves it out; asking is the second lock",
	"internal/perm/catalogue.go : \"\" => \"x\"":                                                                          "a column that no level has",

	// Sentences for the docs: they decide nothing.
	"internal/perm/level.go : \"owners and leading engineers\" => \"owners and leading engineersx\"":                                   "a sentence for the docs",
	"internal/perm/level.go : \"heads of department\" => \"heads of departmentx\"":                                                     "a sentence for the docs",
	"internal/perm/level.go : \"heads of department who see their own clients\" => \"heads of department who see their own clientsx\"": "a sentence for the docs",
	"internal/perm/level.go : \"everyday users\" => \"everyday usersx\"":                                                               "a sentence for the docs",
	"internal/perm/level.go : \"everyday users who see their own clients\" => \"everyday users who see their own clientsx\"":           "a sentence for the docs",
	"internal/perm/level.go : \"the site's own administrator\" => \"the site's own administratorx\"":                                   "a sentence for the docs",
	"internal/perm/level.go : \"the site's staff\" => \"the site's staffx\"":                                                           "a sentence for the docs",
	"internal/perm/level.go : \"staff who see only what was chosen for them\" => \"staff who see only what was chosen for themx\"":     "a sentence for the docs",
}

func means(m mutant) string { return alike[m.name()] }
