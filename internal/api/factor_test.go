package api_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bailiwick/internal/apptest"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/perm"
	"bailiwick/sdk"
)

// shows is what an authenticator app shows (RFC 6238), not by the product's own
// code.
func (s *server) shows(seed sdk.Secret) sdk.Secret {
	s.t.Helper()
	key, err := base32.StdEncoding.DecodeString(seed.Reveal())
	s.Must(err)
	h := hmac.New(sha1.New, key)
	_ = binary.Write(h, binary.BigEndian, s.Clock.Now().Unix()/30)
	sum := h.Sum(nil)
	at := sum[19] & 15
	return sdk.Secret(fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:])&0x7fffffff%1000000))
}

// Tim sets up an app by the API, signs in in two steps, and is reset by Ada.
func TestSecondFactorByAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := startOn(t, d)
		user := s.Enrol("tim", perm.LevelTechnicianDefault)
		tim := s.signIn("tim")
		_, err := tim.BeginFactor(ctx, sdk.NewFactor{Kind: "totp", Name: "Telephone", Password: "wrong horse"})
		if want(t, err, sdk.Invalid).Field("password") == "" {
			t.Error("what is wrong is not said")
		}
		_, err = tim.BeginFactor(ctx, sdk.NewFactor{Kind: "passkey", Name: "Key", Password: apptest.Password})
		want(t, err, sdk.Unacceptable) // this server is reached by a number
		begun, err := tim.BeginFactor(ctx, sdk.NewFactor{Kind: "totp", Name: "Telephone", Password: apptest.Password})
		s.Must(err)
		_, err = s.admin.ConfirmFactor(ctx, begun.ID, sdk.FactorProof{Code: s.shows(begun.Secret)})
		want(t, err, sdk.Absent) // it is Tim's
		codes, err := tim.ConfirmFactor(ctx, begun.ID, sdk.FactorProof{Code: s.shows(begun.Secret)})
		s.Must(err)
		if len(codes.Codes) != 10 {
			t.Fatalf("%d codes", len(codes.Codes))
		}
		in := sdk.SignIn{Email: "tim@northwind.example", Password: apptest.Password}
		_, _, err = s.anonymous().SignIn(ctx, in)
		needs := want(t, err, sdk.NeedsFactor)
		if diff := cmp.Diff([]string{"codes", "totp"}, needs.Ways); diff != "" {
			t.Error(diff)
		}
		second := sdk.SignInSecond{Pending: needs.Pending, Code: s.shows(begun.Secret), OrganizationKey: sdk.Secret(s.Code.Chars())}
		_, _, err = s.anonymous().SignInSecond(ctx, second)
		want(t, err, sdk.Invalid) // used at setting up
		s.Clock.Advance(time.Minute)
		second.Code = s.shows(begun.Secret)
		tim, made, err := s.anonymous().SignInSecond(ctx, second)
		if err != nil || !made.Open {
			t.Fatalf("open %v, %v", made.Open, err)
		}
		all, err := tim.Factors(ctx)
		s.Must(err)
		if len(all.Factors) != 1 || all.Factors[0].Name != "Telephone" || all.CodesLeft != 10 {
			t.Errorf("%+v", all)
		}
		s.Must(tim.RenameFactor(ctx, begun.ID, "Old telephone"))
		s.Must(tim.ProveFactor(ctx, sdk.FactorProof{Code: codes.Codes[0]}))
		again, err := tim.MakeFactorCodes(ctx, apptest.Password)
		if err != nil || len(again.Codes) != 10 || again.Codes[0] == codes.Codes[0] {
			t.Errorf("%d new codes, %v", len(again.Codes), err)
		}
		want(t, tim.ProveFactor(ctx, sdk.FactorProof{Code: codes.Codes[1]}), sdk.Invalid) // void
		u, err := s.admin.User(ctx, user)
		if err != nil || u.Factor != "TOTP" {
			t.Errorf("%q, %v", u.Factor, err)
		}
		s.Must(s.admin.ResetUserFactor(ctx, user))
		tim, made, err = s.anonymous().SignIn(ctx, in)
		if err != nil || !made.SetUpFactor {
			t.Fatalf("%+v, %v", made.SetUpFactor, err)
		}
		_, err = tim.Clients(ctx, sdk.ClientFilter{})
		var refused *sdk.Error
		if !errors.As(err, &refused) || refused.Kind != sdk.SetUpFactor || refused.Status != 403 {
			t.Errorf("before the second factor: %v", err)
		}
	})
}
