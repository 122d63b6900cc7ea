package gate

type Stmt struct{ text string }

func SQL(text string) Stmt         { return Stmt{text} }
func Across(why, text string) Stmt { return Stmt{text} }

type (
	Admission struct{}
	Actor     struct{}
	Kind      string
)

const Token Kind = "token"

func Admit(Admission) Actor { return Actor{} }
