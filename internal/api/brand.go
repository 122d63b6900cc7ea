package api

import (
	"context"

	"bailiwick/internal/org"
	"bailiwick/sdk"
)

func (s *Server) brandRoutes() {
	mount(s, route{method: "GET", path: "/settings/branding", id: "get-brand", summary: "See the colour of the organization's pages", op: org.OpBrand}, s.brand)
	mountEmpty(s, route{method: "PUT", path: "/settings/branding", id: "set-brand", summary: "Choose the colour of the organization's pages, or none", op: org.OpSetBrand,
		note: "Where the colour could not be read or seen, pages show a darker or lighter one of the same hue."}, s.setBrand)
}

func (s *Server) brand(ctx context.Context, c call, _ *struct{}) (sdk.Brand, error) {
	b, err := s.app.Org.Brand(ctx, c.who)
	return sdk.Brand{Colour: b.Own.String(), Shown: b.Shown.String()}, err
}

func (s *Server) setBrand(ctx context.Context, c call, in *struct{ Body sdk.NewBrand }) error {
	return s.app.Org.SetBrand(ctx, c.who, in.Body.Colour)
}
