package sdk

import "time"

// Code is a one-time code.
type Code struct {
	Code   Secret    `json:"code"`
	Until  time.Time `json:"until" doc:"When it stops to hold"`
	Left   int       `json:"left" doc:"For how many seconds it still holds"`
	Period int       `json:"period" doc:"For how many seconds each code holds"`
}

// NewTOTP sets or replaces the TOTP secret of a credential: by its text, or by
// a picture of its QR code.
type NewTOTP struct {
	Version int64  `json:"version" minimum:"1" example:"1" doc:"The version that was read; a conflict if it is not the present one"`
	Secret  Secret `json:"secret,omitempty" maxLength:"2000" doc:"Base32, or an otpauth:// address"`
	Picture []byte `json:"picture,omitempty" maxLength:"11000000" doc:"A picture of the QR code, in base64: PNG, JPEG or GIF of at most 8 MB"`
}
