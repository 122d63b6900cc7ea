package sheet

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// plainHeading makes headings comparable: "Mot de passe" and "mot_de_passe" are
// the same.
func plainHeading(h string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKD.String(h))
}

// vocabulary knows headings in English, German, French and Dutch. A weak one
// gives way to another column for the same thing.
var headingWords = map[Target]string{
	ToTitle:    "title name entry entryname item itemname resource service system titel bezeichnung eintrag dienst titre nom intitule naam ?account ?konto ?compte ?device ?gerat",
	ToUsername: "username user login loginname logonname userid useraccount accountname loginusername signin benutzer benutzername anmeldename kennung nutzername utilisateur identifiant nomdutilisateur gebruiker gebruikersnaam inlognaam ?email ?emailaddress ?mail ?account ?konto ?compte",
	ToPassword: "password pass passwd pw pwd passphrase loginpassword passwort kennwort motdepasse mdp wachtwoord",
	ToURL:      "url urls uri loginuri website websiteurl websiteaddress webaddress weburl web link webseite internetadresse siteweb adresseweb lien webadres ?host ?hostname ?ip ?ipaddress ?server ?address ?adresse ?adres",
	ToNotes:    "notes note comment comments remark remarks description extra memo notizen notiz bemerkung bemerkungen kommentar beschreibung anmerkung anmerkungen remarque remarques commentaire commentaires notities opmerking opmerkingen omschrijving toelichting",
	ToTOTP:     "totp otp otpauth 2fa mfa authenticator authenticatorkey otpsecret totpsecret 2fasecret mfasecret twofactor logintotp onetimepassword einmalpasswort einmalkennwort",
	ToFolder:   "folder folderpath group grouping path collection collections ordner gruppe foldername passwordfolder passwordfoldername pfad dossier groupe map groep",
	ToClient:   "client clientname customer customername company companyname organization organisation organizationname tenant kunde kundenname firma mandant entreprise societe klant klantnaam bedrijf",
	ToType:     "type credentialtype passwordtype passwordcategory category kategorie typ art categorie soort",
	ToTags:     "tags tag labels keywords schlagworte schlagworter stichworte etiquettes motscles trefwoorden",
	ToExpires:  "expires expiry expirydate expiration expirationdate expireson expirytime validuntil ablauf ablaufdatum gultigbis dateexpiration datedexpiration expirele vervaldatum geldigtot verlooptop",
	Ignore:     "favorite favourite fav reprompt icon created createdat creationtime lastmodified modified modifiedat updatedat guid uuid archived archivedat archiveddate archiviert gearchiveerd timecreated timelastused timepasswordchanged lastused formactionorigin usagecount autofill inportal slug passwordabletype passwordableid",
}

var vocabulary = makeVocabulary(headingWords)

type word struct {
	to   Target
	weak []Target
}

func makeVocabulary(lists map[Target]string) map[string]word {
	v := map[string]word{}
	for to, list := range lists {
		for _, h := range strings.Fields(list) {
			h, weak := strings.CutPrefix(h, "?")
			w := v[h]
			if weak {
				w.to = ToCustom
				w.weak = append(w.weak, to)
			} else {
				w = word{to: to}
			}
			v[h] = w
		}
	}
	return v
}

// Custom fields with such headings are hidden unless the person says otherwise.
var (
	secretParts = []string{"pass", "secret", "token", "cardnumber", "kennwort", "geheim", "schlussel", "motdepasse", "wachtwoord", "sleutel", "antwort", "community", "recovery", "apikey", "privatekey"}
	secretWords = []string{"pin", "puk", "key", "code", "cvv", "cvc", "cle", "answer", "seed", "psk", "wpa", "alarmcode", "snmp"}
)

func soundsSecret(heading string) bool {
	h := plainHeading(heading)
	return slices.Contains(secretWords, h) || slices.ContainsFunc(secretParts, func(w string) bool { return strings.Contains(h, w) })
}
