package sdk

type Secret string

func (s Secret) Reveal() string { return string(s) }
