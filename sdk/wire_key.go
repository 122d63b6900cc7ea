package sdk

// NewOrganizationKey is an Organization Key that does not count yet.
type NewOrganizationKey struct {
	OrganizationKey Secret `json:"organization_key"`
}

// ChangeOrganizationKey takes the place of the Organization Key.
type ChangeOrganizationKey struct {
	Password        Secret `json:"password" maxLength:"4096" doc:"One's own"`
	OrganizationKey Secret `json:"organization_key" maxLength:"300" example:"…" doc:"The new one"`
}

// NewRecoveryCode is one's own recovery code.
type NewRecoveryCode struct {
	RecoveryCode Secret `json:"recovery_code" maxLength:"300" example:"…"`
}
