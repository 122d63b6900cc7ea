package importer

// Template is a CSV file that shows what can be imported. Excel opens it as
// UTF-8 because of its first character; every heading is recognised.
func Template() []byte {
	return []byte("\ufeff" +
		"Client,Folder,Title,Type,Username,Password,URL,Notes,TOTP,Tags,Expires\r\n" +
		"Contoso,Servers/Virtual,SRV-01 local administrator,Local administrator,administrator,\"replace, this\",https://srv-01.contoso.example,\"Rack 4\r\nsecond shelf\",,server;rack 4,2027-12-31\r\n" +
		"Contoso,,Office Wi-Fi,Wi-Fi,,replace this too,,,,,\r\n")
}
