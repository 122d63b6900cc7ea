package web

// iconLabels are the words for the drawings that a credential type can have.
var iconLabels = map[string]string{
	"router": "Router", "brick-wall-fire": "Firewall", "ethernet-port": "Network socket", "wifi": "Wireless", "crown": "Crown", "user-cog": "Person with gear",
	"server": "Server", "database": "Database", "at-sign": "At sign", "layout-grid": "Grid", "globe": "Globe", "globe-lock": "Globe with lock", "radio-tower": "Radio tower",
	"square-terminal": "Terminal", "braces": "Braces", "landmark": "Bank", "siren": "Siren", "ticket-check": "Ticket", "key-square": "Key",
	"camera": "Camera", "car": "Car", "cloud": "Cloud", "credit-card": "Card", "door-closed": "Door", "factory": "Factory", "hard-drive": "Disk", "network": "Network",
	"package": "Parcel", "plug": "Plug", "shopping-cart": "Shopping cart", "wrench": "Wrench",
}

func iconWords(name string) string { return iconLabels[name] }
