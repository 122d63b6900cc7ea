package session

import "bailiwick/internal/gate"

// Visit gives a user of a provider as the visitor of a site, who acts on its
// users within what his own organization lets him reach. The gate decides that
// anew for each operation.
func Visit(who gate.Actor, site string) gate.Actor { return who.Visit(site) }
