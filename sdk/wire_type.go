package sdk

// FieldKind is a default custom field of a credential type.
type FieldKind struct {
	Name string `json:"name" maxLength:"200" example:"Enable password"`
	Kind string `json:"kind" enum:"text,hidden,date" example:"hidden"`
}

// Type is a credential type.
type Type struct {
	ID         string      `json:"id" doc:"Name of a built-in type"`
	Name       string      `json:"name"`
	Icon       string      `json:"icon"`
	BuiltIn    bool        `json:"built_in"`
	OfProvider bool        `json:"of_provider,omitempty" doc:"A type of the provider, which makes this site offer its types: it can't be changed or deleted here"`
	Offered    bool        `json:"offered" doc:"Whether credentials can be given it"`
	Fields     []FieldKind `json:"defaults" doc:"Custom fields that a new credential begins with"`
	Version    int64       `json:"version,omitempty" doc:"Goes back with a change; of custom types"`
	Used       int64       `json:"used,omitempty" doc:"How many credentials have it; told to those who may delete it"`
}

// Types is the credential types.
type Types struct {
	Types []Type   `json:"types"`
	Icons []string `json:"icons" doc:"What icon can be"`
}

// NewType is a custom credential type to be added.
type NewType struct {
	Name   string      `json:"name" maxLength:"100" example:"Door controller"`
	Icon   string      `json:"icon" maxLength:"50" example:"door-closed"`
	Fields []FieldKind `json:"defaults,omitempty" maxItems:"30" doc:"Custom fields that a new credential begins with"`
}

// TypeChange takes the place of a custom type.
type TypeChange struct {
	Version int64       `json:"version" minimum:"1" example:"1" doc:"The version that was read; a conflict if it is not the present one"`
	Name    string      `json:"name" maxLength:"100" example:"Door controller"`
	Icon    string      `json:"icon" maxLength:"50" example:"door-closed"`
	Fields  []FieldKind `json:"defaults,omitempty" maxItems:"30" doc:"Custom fields that a new credential begins with"`
}

// CredentialSettings are the organization's settings about credentials.
type CredentialSettings struct {
	HideBuiltInTypes bool `json:"hide_built_in_types" doc:"Built-in credential types are not offered; those who have one keep it"`
	RevealSeconds    int  `json:"reveal_seconds" minimum:"5" maximum:"300" example:"30" doc:"How long a page shows a secret"`
}

// CredentialSettingsChange takes the place of the settings as they were read.
type CredentialSettingsChange struct {
	Read CredentialSettings `json:"read" doc:"As they were read; a conflict if they are not the present ones"`
	Next CredentialSettings `json:"next"`
}
