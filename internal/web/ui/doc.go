// Package ui draws the parts that every page of the web interface is made of.
// It knows how things look, not what they mean: it reads no database, asks no
// permission and holds no path of the application; pages give it words, links
// and values that the viewer may see.
//
// A page is a templ component of internal/web that calls one of two frames:
//
//	@ui.Frame(ui.FrameParams{Page: ui.Page{Title: "Clients"}, Nav: nav, Crumbs: crumbs}) {
//		@ui.Heading(ui.HeadingParams{Title: "Clients", Sub: "25 clients"}) {
//			@ui.Button(ui.ButtonParams{Label: "New client", Icon: icon.Add, Href: "/clients/new", Variant: ui.Primary, Key: "n"})
//		}
//		@ui.Table(ui.TableParams{Label: "Clients", Columns: columns}) {
//			@ui.Rows() { … @ui.Row(…) { @ui.TitleCell(…) @ui.Cell(…) { … } @ui.RowActions() { … } } }
//		}
//	}
//
// Frame is for people who are signed in, Plain for signing in and setting up.
// Frame's Panel slot shows the details of the selected row; links with
// PanelAttrs replace only that slot and keep the address right.
//
// Everything works without script. What app.js adds hangs on data attributes:
//
//	data-key="c"                 that key presses this button of the focused row, else of the panel, else of the page
//	data-go="c"                  "g" then that key follows this link
//	data-row, data-row-link      a row that the arrows reach, and its link
//	data-select                  the checkbox of a row
//	data-copy-url                POST it (X-Requested-With: bailiwick), answer text/plain, put on the clipboard, cleared after 30 s
//	data-copy-text               a value that is no secret, put on the clipboard
//	data-copy-name               what was copied, for the message
//	data-reveal-url, -target     POST it, the answer (ui.Revealed) takes the place of the target's content until its data-seconds have run
//	data-dialog-open, -close     opens the <dialog> of that id, closes the one around it
//	data-dirty                   a form that warns before its changes are lost
//	data-password-toggle         shows or hides the input of that id
//	data-generate                fills the input of that id from the generator around it
//	data-theme-set               light, dark or system
//	data-search-url              on the palette: GET it with ?q=, answer ui.Results
//
// No markup here has inline script or style: the content security policy
// forbids both.
package ui
