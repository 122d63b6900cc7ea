package chrome

import (
	"github.com/chromedp/cdproto/webauthn"
)

// Passkeys gives the tab an authenticator that verifies its owner and has a
// PRF, as a laptop's or a telephone's does.
func (p *Tab) Passkeys() *Tab {
	p.t.Helper()
	call(p, webauthn.Enable, webauthn.EnableParams{})
	call(p, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Ctap2version: webauthn.Ctap2versionCtap21, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, HasPrf: true, AutomaticPresenceSimulation: true, IsUserVerified: true}})
	return p
}
