package browser

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"bailiwick/test/browser/chrome"
)

// A session that is ended from elsewhere is over at its next request.
func TestEndAnotherSession(t *testing.T) {
	t.Parallel()
	here, there := enter(t, "Ines"), enter(t, "Ines")
	there.Go("/clients").Sees("Alder & Finch Attorneys")
	here.Go("/me/sessions").Sees("This one").Follow("End").Sees("That browser is signed out at once")
	here.Follow("End session").Sees("The session is ended.")
	there.Press("Alder & Finch Attorneys").Lands("/sign-in").SeesNot("Bayside Dental Group")
	here.Go("/clients").Sees("Alder & Finch Attorneys")
}

// Who renews his keys goes on in this browser, and makes a new recovery code.
func TestRenewKeys(t *testing.T) {
	t.Parallel()
	here, there := enter(t, "Hugo"), enter(t, "Hugo")
	here.Go("/me").Type("Your password", "wrong").Follow("Renew my keys").Sees("Your keys were not renewed.")
	inspectAs(t, here, "renew-keys-wrong")
	here.Type("Your password", demo.person("Hugo").Password).Follow("Renew my keys").Sees("Your keys are renewed.").Lands("/me/recovery-code")
	there.Go("/me").Lands("/sign-in")
	here.Follow("Make my recovery code").Sees("Recovery code of Hugo Laurent")
	here.Go("/clients").Sees("Bayside Dental Group")
}

// A token is made, shown once, works over the API within its limits, and dies
// when it is revoked.
func TestToken(t *testing.T) {
	t.Parallel()
	p := enter(t, "Elena")
	p.Go("/me/tokens").Follow("New token").Type("Name", "Night script").Press("Client: View List").Follow("Make token")
	token := chrome.Ask[string](p, `document.querySelector(".secret").textContent`)
	inspectAs(t, p, "token-made")
	p.Follow("I have copied it").Sees("Night script").SeesNot(token)
	p.Go("/me/tokens/made").Lands("/me/tokens")

	var list struct {
		Items   []struct{ Name string }
		Clients []struct{ Name string }
	}
	status, body := api(t, token, "/api/v1/clients")
	if status != http.StatusOK || json.Unmarshal(body, &list) != nil || !strings.Contains(string(body), "Alder & Finch Attorneys") && !strings.Contains(string(body), `Alder \u0026 Finch Attorneys`) {
		t.Errorf("the list of clients: %d %s", status, body)
	}
	if status, body = api(t, token, "/api/v1/audit"); status == http.StatusOK {
		t.Errorf("a token did what it was not given: %s", body)
	}
	p.Follow("Revoke").Sees("stops working at once").Follow("Revoke token").Sees("The token is revoked.")
	if status, _ = api(t, token, "/api/v1/clients"); status != http.StatusUnauthorized {
		t.Errorf("a revoked token is answered %d", status)
	}
}

func api(t *testing.T, token, path string) (int, []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, demo.Address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var body json.RawMessage
	if err := json.NewDecoder(answer.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, body
}
