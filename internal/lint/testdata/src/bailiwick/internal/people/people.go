package people

import (
	_ "crypto/sha256"  // want `must not import crypto/sha256: all cryptography is in one package`
	_ "database/sql"   // want `must not import database/sql: no permission, no transaction`
	_ "expvar"         // want `must not import expvar`
	_ "math/rand"      // want `must not import math/rand: it can be guessed`
	_ "math/rand/v2"   // want `must not import math/rand/v2`
	_ "net/http"       // want `must not import net/http: features know no HTTP`
	_ "net/http/pprof" // want `must not import net/http/pprof`
	_ "os/exec"        // want `must not import os/exec`
	_ "strings"
	_ "text/template" // want `must not import text/template`
	_ "unsafe"        // want `must not import unsafe`
)
