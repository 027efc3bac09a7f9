# SPDX-License-Identifier: GPL-3.0-or-later
# Reads ctest's LastTest.log; prints what was skipped and what failed by name, then "PASSED FAILED SKIPPED".
# With two logs, the second is that of programs that were tried again alone: what the first says of those that are named
# in `again` (separated by spaces) does not count.
# Counts the functions of the QtTest programs: a function that a program skips would be lost in its "Passed".

BEGIN {
    count = split(again, names, " ")
    for (i = 1; i <= count; ++i) superseded[names[i]] = 1
}
/^[0-9]+\/[0-9]+ Testing: / {
    close_test()
    name = $0
    sub(/^.* Testing: /, "", name)
    open = 1
    counts = !(FILENAME == ARGV[1] && name in superseded)
}
!counts { next }
/^Totals: [0-9]+ passed, [0-9]+ failed, [0-9]+ skipped/ { p += $2; f += $4; s += $6; totals = 1 }
/^SKIP +: / { sub(/^SKIP +: /, ""); skip[++skips] = name ": " $0 }
/^FAIL! +: / { sub(/^FAIL! +: /, ""); bad[++bads] = name ": " $0; named = 1 }
# ctest writes "Test Passed." even when there was no program to run.
/^Command: ""$/ { missing = 1 }
/^Test Passed\.$/ { good = !missing }
END {
    close_test()
    for (i = 1; i <= skips; ++i) print "  skipped: " skip[i]
    for (i = 1; i <= bads; ++i) print "  failed:  " bad[i]
    print passed + 0, failed + 0, skipped + 0
}

# A program that ended badly counts as one failure even when none of its functions said so: it crashed or took too long.
function close_test() {
    if (!counts) open = 0
    if (open && good) passed += totals ? p : 1
    if (open && !good) passed += p
    if (open && !good && f == 0) f = 1
    if (open && !good && !named) bad[++bads] = name
    if (open) { failed += f; skipped += s }
    open = good = missing = totals = named = p = f = s = 0
}
