package sdk

import "time"

// SignInSecond finishes a sign-in whose password was right with a second
// factor: a code, or what a browser made of the passkey options.
type SignInSecond struct {
	Pending         Secret `json:"pending" maxLength:"200" doc:"What the first step gave"`
	Code            Secret `json:"code,omitempty" maxLength:"100" doc:"Six digits of an authenticator app, or a recovery code"`
	Passkey         Secret `json:"passkey,omitempty" maxLength:"16384" doc:"The PublicKeyCredential of a browser, as JSON"`
	OrganizationKey Secret `json:"organization_key,omitempty" maxLength:"300" doc:"Characters or words; needed where this device is not known"`
	Device          Secret `json:"device,omitempty" maxLength:"200" doc:"What an earlier sign-in gave as device: stands for the Organization Key"`
}

// Factor is one of one's own second factors.
type Factor struct {
	ID         string     `json:"id"`
	Kind       string     `json:"kind" doc:"totp (authenticator app) or passkey"`
	Name       string     `json:"name"`
	CreatedAt  time.Time  `json:"created_at"`
	LastUsedAt *time.Time `json:"last_used_at,omitempty"`
	Opens      bool       `json:"opens" doc:"Whether the passkey stands for the password, too: it opens the vault on a known browser"`
}

// Factors is one's own second factors.
type Factors struct {
	Factors   []Factor `json:"factors"`
	CodesLeft int      `json:"codes_left" doc:"Recovery codes that were not used yet"`
	Forced    bool     `json:"forced" doc:"Whether the organization demands a second factor"`
	Due       bool     `json:"due" doc:"Whether this session has to set one up before it can do anything else"`
}

// NewFactor begins a second factor.
type NewFactor struct {
	Kind     string `json:"kind" enum:"totp,passkey"`
	Name     string `json:"name" maxLength:"60" doc:"By which one knows it"`
	Password Secret `json:"password" maxLength:"4096" doc:"One's own"`
}

// BegunFactor is what an app or a browser has to be given.
type BegunFactor struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Secret  Secret `json:"secret,omitempty" doc:"For an app: base32; SHA-1, six digits, 30 seconds"`
	Address Secret `json:"address,omitempty" doc:"The same as otpauth address, for a QR code"`
	Options string `json:"options,omitempty" doc:"For a browser: PublicKeyCredentialCreationOptionsJSON"`
}

// FactorProof proves a second factor.
type FactorProof struct {
	Code    Secret `json:"code,omitempty" maxLength:"100" doc:"Six digits of an authenticator app, or a recovery code"`
	Passkey Secret `json:"passkey,omitempty" maxLength:"16384" doc:"The PublicKeyCredential of a browser, as JSON"`
	PRF     Secret `json:"prf,omitempty" maxLength:"200" doc:"At setting up a passkey: what its PRF gave, in base64url"`
}

// FactorCodes are recovery codes; empty where there are enough.
type FactorCodes struct {
	Codes []Secret `json:"codes" doc:"Each takes the place of a second factor once. They are shown this once."`
}

// FactorName is another name.
type FactorName struct {
	Name string `json:"name" maxLength:"60"`
}

// Confirmation is one's own password, asked for again.
type Confirmation struct {
	Password Secret `json:"password" maxLength:"4096" doc:"One's own"`
}
