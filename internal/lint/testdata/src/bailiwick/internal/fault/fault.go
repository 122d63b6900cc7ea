package fault

import "fmt"

func Cannot(text string, args ...any) error { return fmt.Errorf(text, args...) }
