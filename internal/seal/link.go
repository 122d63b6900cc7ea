package seal

// An external link: a copy of some fields that its bearer's browser opens by
// what stands behind the # of its address. The server never gets that; it gets
// the token's proof, and answers with the innermost of up to three layers.

// Proof returns the 32 bytes by which the bearer of an external link shows
// that he has its token, without giving it away. They tell nothing about Key
// and are not Lookup.
func (t Token) Proof() []byte { return expand(t.mustSecret(), KeySize, "link proof") }

// HashProof returns the 32 bytes to store of a proof.
func HashProof(proof []byte) []byte { return Hash(proof) }

// SealLink seals a copy for the bearer of a token: padded under the token's
// key, then, where a passphrase is asked for, under its P, then under the
// outer key, so that a copy of the database is of no use to a bearer whose
// link is over. Only the outermost layer is bound to the whole place.
func SealLink(token Token, p, outer Key, at Place, plain []byte) []byte {
	inner := token.Key().SealPadded(PurposeLink, at.lasting(), plain)
	if p.Valid() {
		inner = p.Seal(PurposeLinkPassphrase, at.lasting(), inner)
	}
	return outer.Seal(PurposeLinkOuter, at, inner)
}

// OpenLink takes the outer layers off what SealLink sealed, and gives what only
// the bearer can open; p is invalid where no passphrase is asked for. ErrOpen
// otherwise.
func OpenLink(p, outer Key, at Place, box []byte) ([]byte, error) {
	inner, err := outer.Open(PurposeLinkOuter, at, box)
	if err == nil && p.Valid() {
		inner, err = p.Open(PurposeLinkPassphrase, at.lasting(), inner)
	}
	if err != nil {
		return nil, ErrOpen
	}
	return inner, nil
}

// OpenLinkInner is what the bearer's browser does with the innermost layer.
func OpenLinkInner(token Token, at Place, box []byte) ([]byte, error) {
	return token.Key().OpenPadded(PurposeLink, at.lasting(), box)
}
