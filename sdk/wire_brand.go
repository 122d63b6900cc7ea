package sdk

// Brand is the colour of an organization's pages.
type Brand struct {
	Colour string `json:"colour" doc:"The organization's own; empty: none was chosen" example:"#2b6cb0"`
	Shown  string `json:"shown" doc:"What its pages have: where a site chose none, its provider's; empty: the product's colours" example:"#2b6cb0"`
}

// NewBrand takes its place.
type NewBrand struct {
	Colour string `json:"colour" maxLength:"7" doc:"# and six hexadecimal digits; empty: none" example:"#2b6cb0"`
}
