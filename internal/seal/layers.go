package seal

// Ways in to a user's seed. Each has two layers: an inner one that needs what
// the user has, and an outer one that makes a stolen database useless without
// the instance key (or, at home, the vault key). The inner layer's context has
// no epoch, so that a new epoch can re-key the outer one without the user.

// SealHome seals the seed under P, and that under the vault key: the way in
// from a new browser, with password and Organization Key.
func SealHome(p, vault Key, at Place, seed Key) []byte {
	return sealLayers(p, PurposeHomeInner, vault, PurposeHome, at, seed)
}

// OpenHome returns the seed that SealHome sealed, or ErrOpen.
func OpenHome(p, vault Key, at Place, box []byte) (Key, error) {
	return openLayers(p, PurposeHomeInner, vault, PurposeHome, at, box)
}

// SealDevice seals the seed under P and the device secret together, and that
// under the outer key: the way in from a known browser, with the password.
func SealDevice(p Key, device Token, outer Key, at Place, seed Key) []byte {
	return sealLayers(deviceKey(p, device), PurposeDeviceInner, outer, PurposeDevice, at, seed)
}

// OpenDevice returns the seed that SealDevice sealed, or ErrOpen.
func OpenDevice(p Key, device Token, outer Key, at Place, box []byte) (Key, error) {
	if !p.Valid() || !device.Valid() {
		return Key{}, ErrOpen
	}
	return openLayers(deviceKey(p, device), PurposeDeviceInner, outer, PurposeDevice, at, box)
}

// SealDeviceOnly is SealDevice for users without a password of ours (single
// sign-on, LDAP): the device secret alone, under the outer key. It is a
// function of its own so that a missing P can't weaken SealDevice.
func SealDeviceOnly(device Token, outer Key, at Place, seed Key) []byte {
	return sealLayers(device.Key().Derive("device only"), PurposeDeviceInner, outer, PurposeDevice, at, seed)
}

// OpenDeviceOnly returns the seed that SealDeviceOnly sealed, or ErrOpen.
func OpenDeviceOnly(device Token, outer Key, at Place, box []byte) (Key, error) {
	if !device.Valid() {
		return Key{}, ErrOpen
	}
	return openLayers(device.Key().Derive("device only"), PurposeDeviceInner, outer, PurposeDevice, at, box)
}

// SealRecovery seals the seed under the user's recovery code, and that under
// the outer key.
func SealRecovery(code RecoveryCode, outer Key, at Place, seed Key) []byte {
	return sealLayers(code.Key(), PurposeRecoveryInner, outer, PurposeRecovery, at, seed)
}

// OpenRecovery returns the seed that SealRecovery sealed, or ErrOpen.
func OpenRecovery(code RecoveryCode, outer Key, at Place, box []byte) (Key, error) {
	if !code.Valid() {
		return Key{}, ErrOpen
	}
	return openLayers(code.Key(), PurposeRecoveryInner, outer, PurposeRecovery, at, box)
}

// Rehome moves a home way in to the vault key of a new epoch, without P.
func Rehome(box []byte, oldVault Key, oldAt Place, newVault Key, newAt Place) ([]byte, error) {
	return RekeyOuter(box, PurposeHome, oldVault, oldAt, newVault, newAt)
}

// RekeyOuter opens the outer layer of a box and seals what is in it under a
// new key, at the same row but another epoch, key id or version. ErrMoved when
// anything else of the place differs, ErrOpen when the box doesn't open.
func RekeyOuter(box []byte, p Purpose, oldKey Key, oldAt Place, newKey Key, newAt Place) ([]byte, error) {
	if oldAt.lasting() != newAt.lasting() {
		return nil, ErrMoved
	}
	inner, err := oldKey.Open(p, oldAt, box)
	if err != nil {
		return nil, ErrOpen
	}
	return newKey.Seal(p, newAt, inner), nil
}

// deviceKey needs both: P proves the password, the device secret the browser.
func deviceKey(p Key, device Token) Key {
	secret := p.mustBytes()
	defer clear(secret[:])
	return keyOf([KeySize]byte(expand(append(secret[:], device.mustSecret()...), KeySize, "device")))
}

func sealLayers(inner Key, ip Purpose, outer Key, op Purpose, at Place, seed Key) []byte {
	return outer.Seal(op, at, inner.Wrap(ip, at.lasting(), seed))
}

func openLayers(inner Key, ip Purpose, outer Key, op Purpose, at Place, box []byte) (Key, error) {
	b, err := outer.Open(op, at, box)
	if err != nil {
		return Key{}, ErrOpen
	}
	return inner.Unwrap(ip, at.lasting(), b)
}
