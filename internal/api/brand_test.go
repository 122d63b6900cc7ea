package api_test

import (
	"context"
	"testing"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/sdk"
)

// The colour is set, seen and taken back, on both engines; what is stored and
// no colour, is none.
func TestBrandByTheAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := startOn(t, d)
		sees := func(want sdk.Brand) {
			t.Helper()
			if is, err := s.admin.Brand(ctx); err != nil || is != want {
				t.Errorf("%+v %v", is, err)
			}
		}
		sees(sdk.Brand{})
		s.Must(s.admin.SetBrand(ctx, sdk.NewBrand{Colour: "#2B6CB0"}))
		sees(sdk.Brand{Colour: "#2b6cb0", Shown: "#2b6cb0"})
		if want(t, s.admin.SetBrand(ctx, sdk.NewBrand{Colour: "#2b6cb"}), sdk.Invalid).Field("colour") == "" {
			t.Error("which field is wrong is not said")
		}
		sees(sdk.Brand{Colour: "#2b6cb0", Shown: "#2b6cb0"})
		s.Must(d.Write(ctx, "", func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE settings SET value = '#000}*{' WHERE name = 'brand-colour'`)
			return err
		}))
		sees(sdk.Brand{})
		s.Must(s.admin.SetBrand(ctx, sdk.NewBrand{}))
		sees(sdk.Brand{})
	})
}
