package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/vault"
	"bailiwick/sdk"
)

// The list narrows to what has expired, or soon does, as the page does.
func TestListByExpiryDate(t *testing.T) {
	s, ctx := start(t), context.Background()
	contoso, err := s.admin.AddClient(ctx, sdk.NewClient{Name: "Contoso"})
	s.Must(err)
	add := func(title string, days int) {
		day := s.Clock.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, days)
		_, err := s.admin.AddCredential(ctx, sdk.NewCredential{Client: contoso.ID, Title: title, Password: "x", ExpiresAt: &day})
		s.Must(err)
	}
	add("a", -40)
	add("b", -1)
	add("c", 0)
	add("d", 29)
	add("e", 31)
	_, err = s.admin.AddCredential(ctx, sdk.NewCredential{Client: contoso.ID, Title: "f", Password: "x"})
	s.Must(err)
	for due, want := range map[string]string{"": "a b c d e f", "expired": "a b", "soon": "c d"} {
		f := sdk.CredentialFilter{Place: sdk.Place{Client: contoso.ID}, Due: due, Page: sdk.Page{Limit: 1}}
		var got []string
		for more := true; more; more = f.After != "" {
			part, err := s.admin.Credentials(ctx, f)
			s.Must(err)
			for _, c := range part.Credentials {
				got = append(got, c.Title)
			}
			f.After = part.Next
		}
		if strings.Join(got, " ") != want {
			t.Errorf("due %q: %v, not %s", due, got, want)
		}
	}
	if r := s.send("GET", "/api/v1/credentials?client="+contoso.ID+"&due=tomorrow", s.bearer(), ""); r.status != http.StatusUnprocessableEntity ||
		r.problem.Errors[0].Field != "due" || !strings.Contains(r.problem.Errors[0].Text, "expired, soon") {
		t.Errorf("%d %s", r.status, r.body)
	}
	_, _, err = s.Vault.List(ctx, s.Admin, vault.Listing{Place: vault.Place{Client: contoso.ID}, Due: "tomorrow"})
	if f, is := fault.As(err); !is || f.Fields[0].Name != "due" || !strings.Contains(f.Fields[0].Text, "expired or soon") {
		t.Error(err)
	}
	if vault.Soon != client.Soon {
		t.Error("a client's overview counts other days than its list")
	}
}
