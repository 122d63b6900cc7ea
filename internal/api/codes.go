package api

import (
	"bytes"
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/otp"
	"bailiwick/internal/vault"
	"bailiwick/sdk"
)

func (s *Server) codeRoutes() {
	mount(s, route{method: "POST", path: "/credentials/{id}/code", id: "credential-code", summary: "See or copy the present one-time code", op: vault.OpCode,
		note: "The TOTP secret that it comes from is given out by nothing."}, s.code)
	mount(s, route{method: "PUT", path: "/credentials/{id}/totp", id: "set-totp", summary: "Set or replace the TOTP secret", op: vault.OpTOTP, body: 12 << 20,
		note: "Give its text, or a picture of its QR code."}, s.setTOTP)
	mount(s, route{method: "DELETE", path: "/credentials/{id}/totp", id: "remove-totp", summary: "Remove the TOTP secret", op: vault.OpTOTP}, s.removeTOTP)
	mount(s, route{method: "POST", path: "/credentials/{id}/versions/{version}/fields/{number}/reveal", id: "reveal-field", summary: "See one custom field", op: vault.OpRevealField}, s.revealField)
	mount(s, route{method: "POST", path: "/credentials/{id}/versions/{version}/fields/{number}/copy", id: "copy-field", summary: "Copy one custom field without showing it", op: vault.OpCopyField}, s.copyField)
}

func (s *Server) code(ctx context.Context, c call, in *ByID) (sdk.Code, error) {
	code, err := s.app.Vault.Code(ctx, c.who, in.ID)
	return sdk.Code{Code: sdk.Secret(code.Code), Until: code.Until, Left: code.Left, Period: code.Period}, err
}

func (s *Server) setTOTP(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.NewTOTP
}) (sdk.Done, error) {
	text := in.Body.Secret.Reveal()
	switch {
	case (text == "") == (len(in.Body.Picture) == 0):
		return sdk.Done{}, fault.Bad("secret", "Give the secret or a picture of its QR code: one of them.")
	case text == "":
		var err error
		if text, err = otp.Picture(ctx, bytes.NewReader(in.Body.Picture)); err != nil {
			return sdk.Done{}, err
		}
	}
	version, err := s.app.Vault.SetTOTP(ctx, c.who, in.ID, in.Body.Version, text)
	return sdk.Done{ID: in.ID, Version: version}, s.stale(ctx, c, in.ID, err)
}

func (s *Server) removeTOTP(ctx context.Context, c call, in *struct {
	ByID
	Version int64 `query:"version" required:"true" doc:"The version that was read"`
}) (sdk.Done, error) {
	version, err := s.app.Vault.SetTOTP(ctx, c.who, in.ID, in.Version, "")
	return sdk.Done{ID: in.ID, Version: version}, s.stale(ctx, c, in.ID, err)
}

// ByField names a custom field of a version.
type ByField struct {
	ByID
	Version int64 `path:"version" minimum:"1" doc:"Number of the version that was read, or of an earlier one"`
	Number  int   `path:"number" minimum:"0" maximum:"99" doc:"Number of the field, from 0"`
}

func fieldOf(f vault.Field) sdk.Field {
	return sdk.Field{Name: f.Name, Value: sdk.Secret(f.Value), Hidden: f.Hidden, Date: f.Date}
}

func (s *Server) revealField(ctx context.Context, c call, in *ByField) (sdk.Field, error) {
	f, err := s.app.Vault.RevealField(ctx, c.who, in.ID, in.Version, in.Number)
	return fieldOf(f), err
}

func (s *Server) copyField(ctx context.Context, c call, in *ByField) (sdk.Field, error) {
	f, err := s.app.Vault.CopyField(ctx, c.who, in.ID, in.Version, in.Number)
	return fieldOf(f), err
}
