package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/perm"
)

// upload sends a file as the form of the import page does.
func (b *surfer) upload(name, content string, fields ...string) answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i < len(fields); i += 2 {
		_ = w.WriteField(fields[i], fields[i+1])
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	_, _ = part.Write([]byte(content))
	w.Close()
	r := httptest.NewRequest("POST", "/import", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	for n, v := range b.cookies {
		r.AddCookie(&http.Cookie{Name: n, Value: v})
	}
	out := httptest.NewRecorder()
	b.site.table.ServeHTTP(out, r)
	return answer{out, b.t}
}

const exported = "Title,Username,Password,URL,Folder\r\nRouter,admin,canary-IMPORT-1,https://r.example,Network\r\nEdge firewall,fw-root,canary-IMPORT-2,,\r\n,,canary-IMPORT-3,,\r\n"

func TestImportFromUploadToUndo(t *testing.T) {
	o := newOffice(t)
	o.secrets = append(o.secrets, "canary-IMPORT-1", "canary-IMPORT-2", "canary-IMPORT-3")
	o.ada.get("/import?client="+o.contoso).says(http.StatusOK, "New import", "Contoso")
	if a := o.ada.get("/import/template.csv"); a.Code != http.StatusOK || !strings.HasPrefix(a.Header().Get("Content-Type"), "text/csv") || !strings.Contains(a.Body.String(), "Client,Folder,Title") {
		t.Errorf("template: %d %s", a.Code, a.Header())
	}
	o.ada.upload("", "").says(http.StatusUnprocessableEntity, "Choose a file")
	o.ada.upload("empty.csv", "").says(http.StatusUnprocessableEntity, "empty")
	a := o.ada.upload("export.csv", exported, "client", o.contoso)
	at := a.Header().Get("Location")
	if a.Code != http.StatusSeeOther || !strings.HasPrefix(at, "/import/") {
		t.Fatalf("upload: %d %s", a.Code, a.text())
	}
	o.ada.get(at).says(http.StatusOK, "export.csv", "3 rows", "Router", "will be added", "can't be imported").lacks("canary-IMPORT")
	o.ada.get("/import").says(http.StatusOK, "export.csv", "Go on")
	o.ada.get(at + "/problems.csv").says(http.StatusOK).lacks("canary-IMPORT")
	o.ada.post(at, "act", "run", "to", o.contoso, "duplicates", "skip").says(http.StatusUnprocessableEntity, "can't be imported").lacks("canary-IMPORT")
	o.ada.post(at, "act", "check", "to", o.contoso, "duplicates", "skip", "only-good", "1").leads(at)
	o.ada.post(at, "act", "run", "to", o.contoso, "duplicates", "skip", "only-good", "1").leads(at)
	for range 1000 { // ten seconds, where a hundredth of one is usual
		if o.ada.get(at+"/progress").Header().Get("HX-Refresh") != "" {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	o.ada.get(at).says(http.StatusOK, "added", "Undo this import", "What was left out").lacks("canary-IMPORT")
	if p := o.ada.get(at + "/progress"); p.Header().Get("HX-Refresh") != "true" || strings.Contains(p.Body.String(), "hx-trigger") {
		t.Error("the bar goes on asking after the end")
	}
	o.ada.get(at+"/left-out.csv").says(http.StatusOK, "Row,Column,Problem").lacks("canary-IMPORT")
	o.ada.get("/clients/"+o.contoso).says(http.StatusOK, "Router")
	o.ada.post(at + "/undo").leads(at)
	o.ada.get("/clients/"+o.contoso).says(http.StatusOK, "Import undone").lacks(">Router<")

	tim := o.enter(t, "tim", perm.LevelManagerDefault) // may import, but this is another's
	for _, path := range []string{at, at + "/progress", at + "/left-out.csv", at + "/problems.csv"} {
		tim.get(path).says(http.StatusNotFound).sameAs(tim.get(strings.Replace(path, at, "/import/job_nothing", 1)))
	}
	tim.post(at + "/undo").says(http.StatusNotFound)
}

func TestImportDraftIsDiscarded(t *testing.T) {
	o := newOffice(t)
	at := o.ada.upload("export.csv", exported).Header().Get("Location")
	o.ada.get(at).says(http.StatusOK, "Choose where the credentials belong")
	o.ada.post(at, "act", "run").says(http.StatusUnprocessableEntity, "Choose the client")
	o.ada.post(at + "/cancel").leads("/import")
	o.ada.get("/import").says(http.StatusOK, "File discarded").lacks("export.csv")
	o.ada.get(at).says(http.StatusOK, "Nothing was imported")
}

func TestImportWithoutHeadings(t *testing.T) {
	o := newOffice(t)
	const rows = "Router,admin,canary-BARE-1x,https://r.example\nSwitch,admin,canary-BARE-2x,https://s.example\n"
	o.secrets = append(o.secrets, "canary-BARE-1x", "canary-BARE-2x")
	at := o.ada.upload("bare.csv", rows, "client", o.contoso).Header().Get("Location")
	o.ada.get(at).says(http.StatusOK, "2 rows", "The first row looks like data", "Column 4", "Found out: data", "Import 2 credentials")
	o.ada.post(at, "act", "check", "to", o.contoso, "duplicates", "skip", "first", "headings").leads(at)
	o.ada.get(at).says(http.StatusOK, "1 rows", "Names of the columns", "Column 3").lacks("looks like data, so", "canary-BARE")
	o.ada.post(at, "act", "check", "to", o.contoso, "duplicates", "skip", "first", "data").leads(at)
	o.ada.get(at).says(http.StatusOK, "Import 2 credentials").lacks("canary-BARE")
}
