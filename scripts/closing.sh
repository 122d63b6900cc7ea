#!/bin/sh
# Shows the tables and closings of a verbose test run, not each cell.
grep -E '^(ok|FAIL|PASS|--- )|^ +--- FAIL|_test\.go:[0-9]+:' | cut -c1-400 | head -400
