package api

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/org"
	"bailiwick/internal/people"
	"bailiwick/internal/seal"
	"bailiwick/sdk"
)

// Keys that people keep on paper are made here, kept by whoever asked, and
// sent back: they count from then on, and not before somebody has them.
func (s *Server) keyRoutes() {
	mount(s, route{method: "POST", path: "/organization/key/new", id: "new-organization-key", summary: "Make an Organization Key, which changes nothing yet", op: org.OpKeyState,
		note: "Print it, then send it with change-organization-key. It is not kept."}, s.newOrganizationKey)
	mountEmpty(s, route{method: "POST", path: "/organization/key", id: "change-organization-key", summary: "Change the Organization Key", op: org.OpChangeKey,
		note: "The earlier one opens nothing from then on. Whoever has a second factor proves it again before (prove-factor)."}, s.changeOrganizationKey)
	mount(s, route{method: "POST", path: "/me/recovery-code/new", id: "new-recovery-code", summary: "Make a recovery code of one's own, which changes nothing yet", op: people.OpMe,
		note: "Print it, then send it with set-recovery-code. It is not kept."}, s.newRecoveryCode)
	mountEmpty(s, route{method: "POST", path: "/me/recovery-code", id: "set-recovery-code", summary: "Make a recovery code one's own", op: people.OpConfirmRecovery,
		note: "An earlier one is void from then on."}, s.setRecoveryCode)
}

func (s *Server) newOrganizationKey(ctx context.Context, c call, _ *struct{}) (sdk.NewOrganizationKey, error) {
	if _, err := s.app.Org.Keys(ctx, c.who); err != nil {
		return sdk.NewOrganizationKey{}, err
	}
	return sdk.NewOrganizationKey{OrganizationKey: sdk.Secret(seal.NewCode().Chars())}, nil
}

func (s *Server) changeOrganizationKey(ctx context.Context, c call, in *struct{ Body sdk.ChangeOrganizationKey }) error {
	code, err := codeOf(in.Body.OrganizationKey)
	if err != nil {
		return err
	}
	return s.app.Org.ChangeKey(ctx, c.who, seal.NewSecret(in.Body.Password.Reveal()), code)
}

func (s *Server) newRecoveryCode(ctx context.Context, c call, _ *struct{}) (sdk.NewRecoveryCode, error) {
	me, err := s.app.People.Me(ctx, c.who)
	if err == nil && !me.Keys() {
		err = fault.NotFound()
	}
	if err != nil {
		return sdk.NewRecoveryCode{}, err
	}
	return sdk.NewRecoveryCode{RecoveryCode: sdk.Secret(seal.NewRecoveryCode().Chars())}, nil
}

func (s *Server) setRecoveryCode(ctx context.Context, c call, in *struct{ Body sdk.NewRecoveryCode }) error {
	code, err := seal.ParseRecoveryCode(in.Body.RecoveryCode.Reveal())
	if err != nil {
		return fault.Bad("recovery_code", "%s", err)
	}
	return s.app.People.RenewRecovery(ctx, c.who, code)
}
