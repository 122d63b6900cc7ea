package factor

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net"
	"net/url"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/go-webauthn/webauthn/webauthn"

	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

// Party is whom passkeys are made for (the relying party of WebAuthn): the
// server by the name in its address, and that address alone.
type Party struct{ ID, Origin string }

// ServeAt tells the address of this server, such as https://vault.example. It
// is called before the first request, and never with what a request says: who
// could choose the address could have passkeys made for another.
func (s *Store) ServeAt(public string) { s.party = PartyAt(public) }

// PartyAt is the party of an address; without an ID where passkeys can't be
// made for it, because it has a number instead of a name. On this machine
// alone, the name is localhost.
func PartyAt(public string) Party {
	u, err := url.Parse(public)
	if err != nil || u.Hostname() == "" {
		return Party{}
	}
	host := strings.ToLower(u.Hostname())
	if ip := net.ParseIP(host); ip != nil {
		if !ip.IsLoopback() || u.Scheme != "http" {
			return Party{}
		}
		host = "localhost"
	}
	origin := u.Scheme + "://" + host
	if u.Port() != "" && (u.Scheme != "https" || u.Port() != "443") && (u.Scheme != "http" || u.Port() != "80") {
		origin += ":" + u.Port()
	}
	return Party{ID: host, Origin: origin}
}

// Origin is the address at which passkeys work, "" where they don't.
func (s *Store) Origin() string { return s.party.Origin }

// passkey is what is kept of one: all of it public, and sealed so that nobody
// puts another in its place.
type passkey struct {
	ID         []byte   `json:"id"`
	Key        []byte   `json:"key"` // COSE
	Party      string   `json:"party"`
	AAGUID     []byte   `json:"aaguid,omitempty"`
	Transports []string `json:"transports,omitempty"`
	Eligible   bool     `json:"backup_eligible,omitempty"`
	Count      uint32   `json:"-"` // its counter has a column
	factor     string   // id of the row
}

// handleOf names a user towards his passkeys: two ids that tell nothing.
func handleOf(org, user string) []byte { return []byte(org + " " + user) }

// parseHandle reads what handleOf made.
func parseHandle(handle []byte) (org, user string, ok bool) {
	org, user, ok = strings.Cut(string(handle), " ")
	return org, user, ok && org != "" && user != "" && len(handle) <= 64
}

// prfSalt is what passkeys' PRFs are asked for; each has its own answer.
var prfSalt = seal.Hash([]byte("bailiwick v1"), []byte("passkey prf"))

var algorithms = []webauthncose.COSEAlgorithmIdentifier{webauthncose.AlgES256, webauthncose.AlgEdDSA, webauthncose.AlgRS256}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

type object = map[string]any

func descriptors(creds []passkey) []object {
	out := []object{}
	for _, c := range creds {
		d := object{"type": "public-key", "id": b64(c.ID)}
		if len(c.Transports) > 0 {
			d["transports"] = c.Transports
		}
		out = append(out, d)
	}
	return out
}

// creation is PublicKeyCredentialCreationOptions (WebAuthn level 3, 5.4).
func (p Party) creation(handle []byte, email, name, organization string, challenge []byte, have []passkey) object {
	var params []object
	for _, a := range algorithms {
		params = append(params, object{"type": "public-key", "alg": int(a)})
	}
	return object{
		"rp":                     object{"id": p.ID, "name": "Bailiwick, " + organization},
		"user":                   object{"id": b64(handle), "name": email, "displayName": name},
		"challenge":              b64(challenge),
		"pubKeyCredParams":       params,
		"timeout":                120000,
		"excludeCredentials":     descriptors(have),
		"authenticatorSelection": object{"residentKey": "preferred", "userVerification": "preferred"},
		"attestation":            "none",
		"extensions":             object{"prf": object{"eval": object{"first": b64(prfSalt)}}},
	}
}

// request is PublicKeyCredentialRequestOptions (5.5). Without passkeys to
// choose from, the browser offers those that it knows, and demands that their
// owner proves to be there.
func (p Party) request(challenge []byte, have []passkey) object {
	o := object{"rpId": p.ID, "challenge": b64(challenge), "timeout": 120000, "userVerification": "preferred", "allowCredentials": descriptors(have)}
	if have == nil {
		o["userVerification"] = "required"
		o["extensions"] = object{"prf": object{"eval": object{"first": b64(prfSalt)}}}
	}
	return o
}

// owner is a user as the library wants one.
type owner struct {
	handle []byte
	creds  []webauthn.Credential
}

func (o owner) WebAuthnID() []byte                         { return o.handle }
func (o owner) WebAuthnName() string                       { return "" }
func (o owner) WebAuthnDisplayName() string                { return "" }
func (o owner) WebAuthnCredentials() []webauthn.Credential { return o.creds }

func (p Party) library() (*webauthn.WebAuthn, error) {
	if p.ID == "" {
		return nil, ErrWrong
	}
	return webauthn.New(&webauthn.Config{RPID: p.ID, RPDisplayName: "Bailiwick", RPOrigins: []string{p.Origin}})
}

// mostAnswer bounds what a browser may send; a passkey's answer has about 1 kB.
const mostAnswer = 16 << 10

// created checks what the browser made of creation's options.
func (p Party) created(handle, challenge, answer []byte) (passkey, error) {
	lib, err := p.library()
	if err != nil {
		return passkey{}, err
	}
	if len(answer) > mostAnswer {
		return passkey{}, ErrWrong
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil || parsed.Response.CollectedClientData.Origin != p.Origin {
		return passkey{}, ErrWrong
	}
	session := webauthn.SessionData{Challenge: b64(challenge), RelyingPartyID: p.ID, UserID: handle, UserVerification: protocol.VerificationPreferred}
	for _, a := range algorithms {
		session.CredParams = append(session.CredParams, protocol.CredentialParameter{Type: protocol.PublicKeyCredentialType, Algorithm: a})
	}
	c, err := lib.CreateCredential(owner{handle: handle}, session, parsed)
	if err != nil {
		return passkey{}, ErrWrong
	}
	out := passkey{ID: c.ID, Key: c.PublicKey, Party: p.ID, AAGUID: c.Authenticator.AAGUID, Eligible: c.Flags.BackupEligible, Count: c.Authenticator.SignCount}
	for _, t := range c.Transport {
		if len(out.Transports) < 8 && len(t) < 32 {
			out.Transports = append(out.Transports, string(t))
		}
	}
	return out, nil
}

// asserted checks what the browser made of request's options, and gives the
// passkey that did it, with its counter as it is now.
func (p Party) asserted(handle, challenge []byte, have []passkey, verified bool, parsed *protocol.ParsedCredentialAssertionData) (passkey, error) {
	lib, err := p.library()
	if err != nil {
		return passkey{}, err
	}
	session := webauthn.SessionData{Challenge: b64(challenge), RelyingPartyID: p.ID, UserID: handle, UserVerification: protocol.VerificationPreferred}
	if verified {
		session.UserVerification = protocol.VerificationRequired
	}
	who := owner{handle: handle}
	for _, c := range have {
		if c.Party != p.ID { // made for an earlier address
			continue
		}
		session.AllowedCredentialIDs = append(session.AllowedCredentialIDs, c.ID)
		who.creds = append(who.creds, webauthn.Credential{ID: c.ID, PublicKey: c.Key, Flags: webauthn.CredentialFlags{BackupEligible: c.Eligible},
			Authenticator: webauthn.Authenticator{AAGUID: c.AAGUID, SignCount: c.Count}})
	}
	if len(who.creds) == 0 || parsed.Response.CollectedClientData.Origin != p.Origin {
		return passkey{}, ErrWrong
	}
	c, err := lib.ValidateLogin(who, session, parsed)
	if err != nil {
		return passkey{}, ErrWrong
	}
	for _, k := range have {
		if seal.Equal(k.ID, c.ID) {
			if c.Authenticator.CloneWarning {
				return k, ErrCloned
			}
			k.Count = c.Authenticator.SignCount
			return k, nil
		}
	}
	return passkey{}, ErrWrong
}

// parseAnswer reads what a browser made of request's options.
func parseAnswer(answer []byte) (*protocol.ParsedCredentialAssertionData, error) {
	if len(answer) > mostAnswer {
		return nil, ErrWrong
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return nil, ErrWrong
	}
	return parsed, nil
}

var sqlPasskeys = gate.SQL(`SELECT id, outer_epoch, version, factor_box, counter FROM factors WHERE org_id = $1 AND user_id = $2 AND kind = 'passkey' AND confirmed ORDER BY id`)

// credentials opens a user's passkeys. One that does not open proves nothing,
// and hinders no other.
func (s *Store) credentials(tx *gate.Tx, user string) ([]passkey, error) {
	rows, err := sealedFactors(tx, sqlPasskeys, user)
	if err != nil {
		return nil, err
	}
	all := []passkey{}
	for _, i := range rows {
		outer, err := s.org.Outer(tx, i.epoch)
		if err != nil {
			return nil, err
		}
		text, err := outer.Open(seal.PurposePasskey, org.PlaceOfFactor(tx.Who().Org(), i.id, user, Passkey, i.epoch, i.version), i.box)
		if errors.Is(err, seal.ErrOpen) {
			continue
		}
		k := passkey{factor: i.id, Count: uint32(i.counter)}
		if err != nil || json.Unmarshal(text, &k) != nil {
			continue
		}
		all = append(all, k)
	}
	return all, nil
}

func has(all []passkey, id []byte) bool {
	for _, c := range all {
		if seal.Equal(c.ID, id) {
			return true
		}
	}
	return false
}

// answer is a browser's answer, taken apart.
type answer = *protocol.ParsedCredentialAssertionData
