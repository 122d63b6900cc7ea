package api

import (
	"context"
	"net/http"

	"bailiwick/internal/vault"
	"bailiwick/sdk"
)

func (s *Server) typeRoutes() {
	mount(s, route{method: "GET", path: "/types", id: "list-types", summary: "List the credential types", op: vault.OpTypes}, s.listTypes)
	mount(s, route{method: "POST", path: "/types", id: "add-type", summary: "Add a custom credential type", op: vault.OpAddType, status: http.StatusCreated}, s.addType)
	mount(s, route{method: "PUT", path: "/types/{id}", id: "edit-type", summary: "Change a custom credential type", op: vault.OpEditType,
		note: "Credentials keep the custom fields that they have."}, s.editType)
	mountEmpty(s, route{method: "DELETE", path: "/types/{id}", id: "delete-type", summary: "Delete a custom credential type", op: vault.OpDeleteType,
		note: "One in use needs a replacement: credentials that have it, archived ones and earlier versions too, get that in the same transaction."}, s.deleteType)
	mount(s, route{method: "GET", path: "/settings/credentials", id: "get-credential-settings", summary: "See the settings about credentials", op: vault.OpSettings}, s.credentialSettings)
	mountEmpty(s, route{method: "PUT", path: "/settings/credentials", id: "set-credential-settings", summary: "Change the settings about credentials", op: vault.OpSaveSettings}, s.setCredentialSettings)
}

func (s *Server) listTypes(ctx context.Context, c call, in *struct {
	Client string `query:"client" maxLength:"64" doc:"Id: what is offered there, as a client may force some types"`
}) (sdk.Types, error) {
	kinds, err := s.app.Vault.Kinds(ctx, c.who)
	if in.Client != "" {
		kinds, err = s.app.Vault.KindsAt(ctx, c.who, vault.Place{Client: in.Client})
	}
	offered := map[string]bool{}
	for _, t := range kinds.Offered() {
		offered[t.ID] = true
	}
	out := sdk.Types{Types: []sdk.Type{}, Icons: vault.Icons}
	for _, t := range kinds.All {
		made := sdk.Type{ID: t.ID, Name: t.Name, Icon: t.Icon, BuiltIn: !t.Custom && !t.Provider, OfProvider: t.Provider, Offered: offered[t.ID], Fields: []sdk.FieldKind{}, Version: t.Version, Used: t.Used}
		for _, f := range t.Fields {
			made.Fields = append(made.Fields, sdk.FieldKind{Name: f.Name, Kind: f.Kind()})
		}
		out.Types = append(out.Types, made)
	}
	return out, err
}

func typeInput(name, icon string, fields []sdk.FieldKind) vault.TypeInput {
	in := vault.TypeInput{Name: name, Icon: icon}
	for _, f := range fields {
		in.Fields = append(in.Fields, vault.Field{Name: f.Name, Hidden: f.Kind == vault.FieldHidden, Date: f.Kind == vault.FieldDate})
	}
	return in
}

func (s *Server) addType(ctx context.Context, c call, in *struct{ Body sdk.NewType }) (sdk.Done, error) {
	id, err := s.app.Vault.AddType(ctx, c.who, typeInput(in.Body.Name, in.Body.Icon, in.Body.Fields))
	return sdk.Done{ID: id, Version: 1}, err
}

func (s *Server) editType(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.TypeChange
}) (sdk.Done, error) {
	err := s.app.Vault.EditType(ctx, c.who, in.ID, in.Body.Version, typeInput(in.Body.Name, in.Body.Icon, in.Body.Fields))
	return sdk.Done{ID: in.ID, Version: in.Body.Version + 1}, err
}

func (s *Server) deleteType(ctx context.Context, c call, in *struct {
	ByID
	Version     int64  `query:"version" required:"true" doc:"The version that was read"`
	Replacement string `query:"replacement" maxLength:"100" doc:"Id or name of the type that its credentials get"`
}) error {
	return s.app.Vault.DeleteType(ctx, c.who, in.ID, in.Version, in.Replacement)
}

func (s *Server) credentialSettings(ctx context.Context, c call, _ *struct{}) (sdk.CredentialSettings, error) {
	v, err := s.app.Vault.Settings(ctx, c.who)
	return sdk.CredentialSettings{HideBuiltInTypes: v.HideBuiltin, RevealSeconds: v.RevealSeconds}, err
}

func (s *Server) setCredentialSettings(ctx context.Context, c call, in *struct{ Body sdk.CredentialSettingsChange }) error {
	of := func(v sdk.CredentialSettings) vault.Settings {
		return vault.Settings{HideBuiltin: v.HideBuiltInTypes, RevealSeconds: v.RevealSeconds}
	}
	return s.app.Vault.SaveSettings(ctx, c.who, of(in.Body.Read), of(in.Body.Next))
}
