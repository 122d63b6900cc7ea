package web

import (
	"context"
	"net/http"
	"testing"

	"bailiwick/internal/perm"
)

func TestPerspectivePages(t *testing.T) {
	ctx := context.Background()
	o := newOffice(t)
	tim := o.Enrol("till", perm.LevelTechnicianDefault)
	b := o.surfer(t).signIn(ada)
	b.get("/organization/keys").says(http.StatusOK)
	b.post("/users/" + tim + "/perspective").leads("/")
	page := b.get("/").says(http.StatusOK, "You see Bailiwick as till does", "This is a user perspective", "Exit")
	page.lacks("/organization/keys", "State of this user")
	b.get("/organization/keys").says(http.StatusUnprocessableEntity, "Choose Exit", "You see Bailiwick as till does")
	b.get("/clients").says(http.StatusOK, "Contoso", "You see Bailiwick as till does")
	b.get("/clients/"+o.contoso).says(http.StatusOK, "You see Bailiwick as till does")
	b.get("/my").says(http.StatusOK, "not in your session", "You see Bailiwick as till does")
	b.get("/me").says(http.StatusUnprocessableEntity, "Choose Exit", "You see Bailiwick as till does")
	b.get("/settings/people").says(http.StatusNotFound, "You see Bailiwick as till does", "Exit")
	b.post("/me/theme", "theme", "dark").says(http.StatusUnprocessableEntity, "Choose Exit")
	b.post("/sign-out").leads("/")
	b.get("/organization/keys").says(http.StatusOK).lacks("This is a user perspective")
	b.post("/perspective/exit").says(http.StatusNotFound)

	// Who may look no longer is himself again at the next request.
	level, err := o.Access.AddLevel(ctx, o.Admin, "Looker", perm.SetOf(perm.ClientViewList, perm.UserPerspective))
	o.Must(err)
	viewer, err := o.Access.AddLevel(ctx, o.Admin, "Viewer", perm.SetOf(perm.ClientViewList))
	o.Must(err)
	vera := o.Enrol("vera", viewer)
	lola := o.enter(t, "lola", level)
	lola.post("/users/" + tim + "/perspective").says(http.StatusNotFound)
	lola.post("/users/" + vera + "/perspective").leads("/")
	lola.get("/clients").says(http.StatusOK, "You see Bailiwick as vera does")
	o.Must(o.Access.Assign(ctx, o.Admin, o.contoso, vera, 0))
	lola.get("/clients").leads("/")
	lola.get("/").says(http.StatusOK).lacks("This is a user perspective")
}
