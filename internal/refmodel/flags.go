package refmodel

// Flags, and what is asked of passwords (G1, G2, J2).

func init() {
	for name, o := range map[string]operation{
		"credential.flag":         {who: "UT", key: true, needs: "Password: Edit", on: "credential"},
		"credential.unflag":       {who: "UT", needs: "Password: Clear Flags", on: "credential"},
		"credential.unflag.undo":  {who: "UT", needs: "Password: Clear Flags", on: "credential"},
		"credential.twins":        {who: "U", key: true, needs: "Password: View", on: "credential"},
		"flag.count":              {who: "UTP", needs: "Client: View List", on: "none"},
		"passwords.settings.view": {who: "UTP", needs: "level", on: "none organization"},
		"passwords.settings.save": {who: "U", needs: "Organization: Admin", on: "none organization"},
		"passwords.check":         {who: "U", key: true, needs: "level", on: "none"},
		"rotation.flag":           {who: "R", on: "none"},
	} {
		operations[name] = o
	}
}
