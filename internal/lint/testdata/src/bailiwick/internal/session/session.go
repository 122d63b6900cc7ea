package session

import (
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

func actor() gate.Actor { return gate.Admit(gate.Admission{}) }

func bearer(s seal.Secret) string { return "bws_" + s.Reveal() }
