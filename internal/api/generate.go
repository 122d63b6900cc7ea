package api

import (
	"bailiwick/internal/fault"
	"bailiwick/internal/seal"
	"bailiwick/sdk"
)

// letters leave out what is mistaken for something else: 0 O, 1 l I. There are
// 64, so that six bits choose one without a bias.
const letters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!#%+=@_"

// chosen is the password that was typed, or one made here, which then never
// travels at all.
func chosen(typed sdk.Secret, length int) (sdk.Secret, error) {
	if length == 0 {
		return typed, nil
	}
	if typed != "" {
		return "", fault.Bad("generate", "Give a password or have one generated, not both.")
	}
	made := make([]byte, length)
	for i, b := range seal.Random(length) {
		made[i] = letters[b&63]
	}
	return sdk.Secret(made), nil
}
