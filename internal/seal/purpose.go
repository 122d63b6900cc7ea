package seal

import "strconv"

// Purpose names what a sealed value is for. Purposes are authenticated like
// places, so a value sealed for one purpose never opens for another. The list
// below is the inventory of all uses of sealing keys (ASVS 11.1.2).
type Purpose uint8

// The purposes. Only their names are part of the formats, not their numbers.
const (
	_ Purpose = iota
	PurposeOverview
	PurposeSecret
	PurposeItemKey
	PurposeItemPrevious
	PurposeClientKey
	PurposeClientPrevious
	PurposeVaultPrevious
	PurposeOuterInstance
	PurposeOuterVault
	PurposeOuterPrevious
	PurposePassword
	PurposePasswordInner
	PurposeHome
	PurposeHomeInner
	PurposeDevice
	PurposeDeviceInner
	PurposeRecovery
	PurposeRecoveryInner
	PurposeSession
	PurposeSessionInner
	PurposeGrant
	PurposeOrgGrant
	PurposeSignKey
	PurposeOrgKEM
	PurposeTokenScope
	PurposeLink
	PurposeShare
	PurposePersonalPrevious
	PurposeSignInTOTP
	PurposeAuditName
	PurposeJob
	PurposeNotes
	PurposeServerSecret
	PurposePasskey
	PurposePasskeyP
	PurposePasskeyPInner
	PurposeFactorCodes
	PurposeLinkPassphrase
	PurposeLinkOuter
	PurposeReceivedKey
	PurposeActivation
	PurposePartner
	purposeEnd
)

var purposes = [purposeEnd]struct{ name, use string }{
	PurposeOverview:         {"overview", "overview envelope of an item, under its item key"},
	PurposeSecret:           {"secret", "secret envelope of an item, under its item key"},
	PurposeItemKey:          {"item key", "item key, under the client key"},
	PurposeItemPrevious:     {"previous item key", "older item key, under the newer"},
	PurposeClientKey:        {"client key", "client key, under the vault key"},
	PurposeClientPrevious:   {"previous client key", "older client key, under the newer"},
	PurposeVaultPrevious:    {"previous vault key", "older vault key, under the newer"},
	PurposeOuterInstance:    {"outer key, instance", "outer key of an organization, under the instance key"},
	PurposeOuterVault:       {"outer key, vault", "outer key of an organization, under the vault key"},
	PurposeOuterPrevious:    {"previous outer key", "older outer key, under the newer"},
	PurposePassword:         {"password", "password record, outer layer, under the outer key"},
	PurposePasswordInner:    {"password, inner", "P, under the Argon2id output of the password"},
	PurposeHome:             {"home", "home way in, outer layer, under the vault key"},
	PurposeHomeInner:        {"home, inner", "user seed, under P"},
	PurposeDevice:           {"device", "device way in, outer layer, under the outer key"},
	PurposeDeviceInner:      {"device, inner", "user seed, under P and the device secret, or the device secret"},
	PurposeRecovery:         {"recovery", "recovery way in, outer layer, under the outer key"},
	PurposeRecoveryInner:    {"recovery, inner", "user seed, under the recovery code"},
	PurposeSession:          {"session", "keys of a session, outer layer, under the outer key"},
	PurposeSessionInner:     {"session, inner", "P, seed and vault key, under the session token"},
	PurposeGrant:            {"key grant", "vault key, sealed to a holder in the roster"},
	PurposeOrgGrant:         {"organization key grant", "key grant of the Organization Key, outer layer, under the outer key"},
	PurposeSignKey:          {"signing key", "Ed25519 key of an organization, under the vault key"},
	PurposeOrgKEM:           {"organization key pair", "HPKE private key of an organization, under the vault key"},
	PurposeTokenScope:       {"token scope", "scope key of an API token, sealed to it, and client keys under it"},
	PurposeLink:             {"link", "copy of the chosen fields, under the key of an external link"},
	PurposeShare:            {"share", "item key, sealed to another organization"},
	PurposePersonalPrevious: {"previous personal key", "older personal-vault key, under the newer"},
	PurposeSignInTOTP:       {"sign-in totp", "TOTP seed of a user's second factor, under the outer key"},
	PurposeAuditName:        {"audit name", "name of an audit event's target, under the client key"},
	PurposeJob:              {"job", "job key under the vault key, and input and results under it"},
	PurposeNotes:            {"notes", "notes of a client, folder or user, under the client or vault key"},
	PurposeServerSecret:     {"server secret", "SMTP, LDAP and OIDC secrets, and mails that wait, under the instance key"},
	PurposePasskey:          {"passkey", "public key of a user's passkey, under the outer key"},
	PurposePasskeyP:         {"passkey P", "passkey's way to P, outer layer, under the outer key"},
	PurposePasskeyPInner:    {"passkey P, inner", "P, under what a passkey's PRF gives"},
	PurposeFactorCodes:      {"factor codes", "hashes of a user's second-factor recovery codes, under the outer key"},
	PurposeLinkPassphrase:   {"link, passphrase", "copy of an external link, middle layer, under the P of its passphrase"},
	PurposeLinkOuter:        {"link, outer", "copy of an external link, outer layer, under the outer key"},
	PurposeReceivedKey:      {"received key", "item key that another organization shares, under the client key of the one that received it"},
	PurposeActivation:       {"activation", "activation secret of a client's site, under the client key"},
	PurposePartner:          {"partner", "public signing key of a partner organization as it was pinned, under the vault key"},
}

// Purposes returns the inventory, in the order of the list.
func Purposes() []Purpose {
	var all []Purpose
	for p := Purpose(1); p < purposeEnd; p++ {
		all = append(all, p)
	}
	return all
}

// String returns the name as it goes into the sealed formats.
func (p Purpose) String() string {
	if !p.valid() {
		return "purpose " + strconv.Itoa(int(p))
	}
	return purposes[p].name
}

// Use returns what is sealed for this purpose and under which key.
func (p Purpose) Use() string {
	if !p.valid() {
		return ""
	}
	return purposes[p].use
}

func (p Purpose) valid() bool { return p > 0 && p < purposeEnd }
