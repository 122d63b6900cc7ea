package seal

import "testing"

// Whoever lacks the secret can't prove a key, and whoever has it proves one key
// of one site; the fingerprint fits one provider.
func TestActivationProvesOneKeyOfOneSite(t *testing.T) {
	provider, site := signKeyN(9).Public(), signKeyN(10).Public()
	a := NewActivation(tokenN(5), provider)
	mac := a.MAC("org_a", site)
	for what, other := range map[string][]byte{
		"another secret": NewActivation(tokenN(6), provider).MAC("org_a", site),
		"another site":   a.MAC("org_b", site),
		"another key":    a.MAC("org_a", provider),
	} {
		if Equal(mac, other) {
			t.Errorf("%s gives the same MAC", what)
		}
	}
	if !a.Fits(provider) || a.Fits(site) || a.Fits(nil) {
		t.Error("the fingerprint does not tell the provider's key from others")
	}
	read, err := ParseActivation(a.Reveal())
	if err != nil || !Equal(read.MAC("org_a", site), mac) || !read.Fits(provider) {
		t.Errorf("it reads back differently: %v", err)
	}
}
