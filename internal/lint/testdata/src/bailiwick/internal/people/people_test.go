package people

import _ "math/rand"
