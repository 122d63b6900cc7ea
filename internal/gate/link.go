package gate

// LinkHolds reports whether an external link that a user sent of a credential
// would still be let through to an operation of external links: the decision
// that it will meet. It is for the sweep, which acts for nobody.
func (t *Tx) LinkHolds(op *Op, sender, credential string) (bool, error) {
	if t.model == nil {
		if err := t.begin(); err != nil {
			return false, err
		}
		m, err := t.gate.modelOf(t)
		if err != nil {
			return false, err
		}
		t.model = m
	}
	who := Actor{kind: Link, by: sender, about: credential}
	s, ok := t.locateCredential(credential)
	return ok && t.model.decide(t.model.acting(who), who, op, s, t.now), nil
}
