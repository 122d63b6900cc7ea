package web

import (
	"bytes"
	"context"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"bailiwick/internal/otp"
	"bailiwick/internal/perm"
)

func TestOneTimeCodePages(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	at := "/credentials/" + o.firewall
	key, err := otp.Parse("JBSWY3DPEHPK3PXP")
	o.Must(err)
	want, _ := key.Code(o.Clock.Now())
	if body := o.ada.script().post(at + "/code").says(http.StatusOK).Body.String(); !strings.Contains(body, groupedCode(want)) || !strings.Contains(body, "data-seconds") || strings.Contains(body, "<html") {
		t.Errorf("the script gets %s", body)
	}
	o.ada.post(at+"/code").says(http.StatusOK, groupedCode(want), "Edge firewall").hidden()
	if a := o.ada.script().post(at + "/code/copy"); a.Body.String() != want {
		t.Errorf("copied %q, want %s", a.Body.String(), want)
	}
	o.ada.post(at + "/code/copy").says(http.StatusNotFound)
	o.ada.get("/audit").says(http.StatusOK, "Took a one-time code of Edge firewall")
	o.ada.get("/clients/"+o.contoso+"?c="+o.firewall).says(http.StatusOK, "One-time code", "Replace or remove the TOTP secret").hidden()
	if body := o.ada.get("/clients/" + o.contoso).Body.String(); !strings.Contains(body, `data-row="ret-"`) {
		t.Error("the row does not say that there is a code")
	}

	page := o.ada.get(at+"/totp").says(http.StatusOK, "Replace the TOTP secret", "Remove the TOTP secret").hidden()
	o.ada.post(at+"/totp", "version", page.value("version"), "totp", "").says(http.StatusUnprocessableEntity, "Type or paste the secret")
	o.ada.post(at+"/totp", "version", page.value("version"), "totp", "nonsense!").says(http.StatusUnprocessableEntity, "no TOTP secret")
	o.ada.post(at+"/totp", "version", "1", "act", "remove").leads("/clients/" + o.contoso + "?c=" + o.firewall)
	o.ada.post(at+"/totp", "version", "1", "totp", "GEZDGNBVGY3TQOJQ").says(http.StatusConflict, "changed this credential in the meantime")
	o.ada.get(at+"/totp").says(http.StatusOK, "Set a TOTP secret").lacks("Remove the TOTP secret")

	// By a picture.
	const text = "otpauth://totp/Acme?secret=GEZDGNBVGY3TQOJQGEZDGNBV&digits=8"
	o.ada.picture(at+"/totp/picture", "2", pictureOf(t, "https://example.com")).says(http.StatusUnprocessableEntity, "holds no TOTP secret")
	o.ada.picture(at+"/totp/picture", "2", []byte("no picture")).says(http.StatusUnprocessableEntity, "PNG, JPEG or GIF")
	o.ada.picture(at+"/totp/picture", "2", pictureOf(t, text)).leads("/clients/" + o.contoso + "?c=" + o.firewall)
	if code, err := o.Vault.Code(ctx, o.Admin, o.firewall); err != nil || len(code.Code) != 8 {
		t.Errorf("after the picture: %+v, %v", code, err)
	}
	o.ada.get(at+"/history").says(http.StatusOK, "one-time code", "perhaps another one than now").hidden().lacks("GEZDGNBVGY3TQOJQ")

	// A new credential may have one from the start.
	fresh := "/clients/" + o.contoso + "/credentials/new"
	o.ada.post(fresh, "title", "Portal", "totp", "bad").says(http.StatusUnprocessableEntity, "no TOTP secret")
	o.ada.post(fresh, "title", "Portal", "totp", text).says(http.StatusSeeOther)

	// Who may not change it is not offered to, and can't.
	level, err := o.Access.AddLevel(ctx, o.Admin, "Editors", perm.SetOf(perm.ClientViewList, perm.ClientDefaultAccess, perm.PasswordView, perm.PasswordEdit, perm.PasswordAdd))
	o.Must(err)
	ed := o.enter(t, "ed", level)
	ed.get("/clients/"+o.contoso+"?c="+o.firewall).says(http.StatusOK, "One-time code").lacks("TOTP secret")
	ed.get(fresh).says(http.StatusOK).lacks("TOTP secret")
	ed.get(at + "/totp").says(http.StatusNotFound)
	ed.post(at+"/totp", "version", "3", "totp", "GEZDGNBVGY3TQOJQ").says(http.StatusNotFound)
	ed.picture(at+"/totp/picture", "3", pictureOf(t, text)).says(http.StatusNotFound)
	ed.get(at+"/history").says(http.StatusOK, "which you may not")
	ed.post(at+"/history/1/restore", "present", "3").says(http.StatusNotFound)
	ed.script().post(at + "/code").says(http.StatusOK)
}

func pictureOf(t *testing.T, text string) []byte {
	t.Helper()
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err == nil {
		code, err = barcode.Scale(code, 300, 300)
	}
	var b bytes.Buffer
	if err == nil {
		err = png.Encode(&b, code)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// picture sends a picture as the form does.
func (b *surfer) picture(path, version string, data []byte) answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	_ = w.WriteField("version", version)
	part, err := w.CreateFormFile("picture", "screen.png")
	if err == nil {
		_, err = part.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	for n, v := range b.cookies {
		r.AddCookie(&http.Cookie{Name: n, Value: v})
	}
	out := httptest.NewRecorder()
	b.site.table.ServeHTTP(out, r)
	return answer{out, b.t}
}
