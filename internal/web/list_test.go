package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"bailiwick/internal/vault"
)

// many adds so many credentials to Fabrikam.
func (o *office) many(n int) {
	o.t().Helper()
	for i := range n {
		_, err := o.Vault.Add(context.Background(), o.Admin, vault.Place{Client: o.fabrikam}, vault.Input{Type: "Server",
			Overview: vault.Overview{Title: fmt.Sprintf("Server %03d", i), Username: fmt.Sprintf("user-%03d", 999-i), URLs: []string{"https://s.example"}}})
		o.Must(err)
	}
}

func (o *office) t() testing.TB { return o.World.T }

// inOrder demands that a page has these words in this order.
func (a answer) inOrder(words ...string) answer {
	a.t.Helper()
	rest := a.Body.String()
	for _, w := range words {
		_, after, found := strings.Cut(rest, w)
		if !found {
			a.t.Fatalf("%q is not there, or not in its place of %q", w, words)
		}
		rest = after
	}
	return a
}

func TestSortFilterColumns(t *testing.T) {
	o := newOffice(t)
	o.many(5)
	list := "/clients/" + o.fabrikam
	o.ada.get(list).inOrder("Server 000", "Server 001", "Server 004")
	o.ada.get(list+"?descending=1").inOrder("Server 004", "Server 001", "Server 000")
	o.ada.get(list+"?sort=username").inOrder(`aria-sort="ascending"`, "Server 004", "Server 003", "Server 000")
	o.ada.get(list+"?sort=nonsense").inOrder("Server 000", "Server 004")
	o.ada.get(list+"?filter=sérver+002").says(http.StatusOK, "Server 002", "1 credential").lacks("Server 001")
	o.ada.get(list+"?filter=user-998").says(http.StatusOK, "Server 001").lacks("Server 002")
	o.ada.post("/me/columns", "column", "type", "column", "added", "back", list).leads(list)
	o.ada.get(list).says(http.StatusOK, "The columns of your lists are saved.", "Added").inOrder(`data-columns="type added"`, `data-user="user-999"`)
	// What is chosen shows as soon as it leaves the title enough, by order of importance.
	o.ada.post("/me/columns", "column", "type", "column", "tags", "column", "changed", "column", "by", "back", list).leads(list)
	o.ada.get(list).says(http.StatusOK, "not shown at this width").inOrder(`yielded yielded-44`, `yielded yielded-36`, `yielded yielded-52`,
		`data-yields="4w44 5w36 6w52"`, `yields-44`, `yields-36`, `yields-52`)
	o.ada.post("/me/columns", "column", "password", "back", list).says(http.StatusUnprocessableEntity)
	o.ada.post("/me/columns", "back", list).leads(list)
	o.ada.get(list).says(http.StatusOK).inOrder(`data-columns=""`, "Server 000")
}

// Page by page without script; any part of it for the script.
func TestLongList(t *testing.T) {
	o := newOffice(t)
	o.many(105)
	list := "/clients/" + o.fabrikam
	first := o.ada.get(list).says(http.StatusOK, "1 to 60 of 105", "Next").inOrder(`data-total="105"`, "Server 000", "Server 059")
	first.lacks("Server 060")
	if n := len(first.Body.Bytes()); n > 60_000 {
		t.Errorf("the page of a client with 105 takes %d bytes", n)
	} else {
		t.Logf("the page of a client with 105 takes %d bytes", n)
	}
	part := o.ada.script().get(list+"?rows=102").says(http.StatusOK, "Server 102", "Server 104").lacks("Server 101")
	if strings.Contains(part.Body.String(), "<html") || part.Header().Get("X-Total") != "105" {
		t.Error("the script gets a whole page, or no total")
	}
	o.ada.script().get(list + "?rows=100000").says(http.StatusOK).lacks("Server")
	if ids := strings.Fields(o.ada.script().get(list + "?rows=ids&filter=server+10").Body.String()); len(ids) != 7 || !strings.HasPrefix(ids[0], "cred_") {
		t.Errorf("%d ids", len(ids))
	}
}
