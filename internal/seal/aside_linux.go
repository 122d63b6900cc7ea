package seal

import "syscall"

// stepBack lowers the priority of this thread alone, as Linux does it for a
// process number of 0. Where that is forbidden, the check is as urgent as all
// else.
func stepBack() { _ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, 10) }
