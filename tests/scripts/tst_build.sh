#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# scripts/build with a compiler that is a stub: what it does when files can't be compiled together.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
export XDG_STATE_HOME="$work/state" PATH="$work/bin:$PATH" TREE="$work/build/release"
mkdir -p "$work/bin" "$TREE"
cp -r "$root/scripts" "$work/scripts"
touch "$work/CMakePresets.json"
cat >"$work/bin/ninja" <<'STUB'
#!/bin/sh
echo "ninja $*" >>"$TREE/calls"
[ -e "$TREE/always-fails" ] && { echo "FAILED: some.cpp.o"; exit 1; }
grep -q TOGETHER:BOOL=ON "$TREE/CMakeCache.txt" || exit 0
echo "FAILED: unity_0_cxx.cxx.o"
exit 1
STUB
cat >"$work/bin/cmake" <<'STUB'
#!/bin/sh
echo "cmake $*" >>"$TREE/calls"
sed -i 's/TOGETHER:BOOL=ON/TOGETHER:BOOL=OFF/' "$TREE/CMakeCache.txt"
STUB
chmod +x "$work/bin/ninja" "$work/bin/cmake"

tree() { # tree ON|OFF: one that is configured
    rm -f "$TREE/calls" "$TREE/always-fails"
    printf 'CMAKE_HOME_DIRECTORY:INTERNAL=%s\nFAULTLINE_TOGETHER:BOOL=%s\n' "$work" "$1" >"$TREE/CMakeCache.txt"
    touch "$TREE/build.ninja"
}
build() { "$work/scripts/build" release one two >"$work/out" 2>&1 && echo built || echo failed; }
calls() { cut -d' ' -f1 "$TREE/calls" | tr '\n' ' '; }

aNameThatCollidesDoesNotEndTheBuild() {
    tree ON
    [[ $(build) == built ]]
    expect 'ninja cmake ninja ' "$(calls)"
    expect 'each is compiled alone now' "$(<"$work/out")"
}
aTreeOfSingleFilesIsBuiltOnce() {
    tree OFF
    [[ $(build) == built && $(calls) == 'ninja ' ]]
}
aMistakeInAFileIsStillAFailureThatSaysWhatToDo() {
    local together
    for together in ON OFF; do
        tree "$together"
        touch "$TREE/always-fails"
        [[ $(build) == failed ]]
        expect 'Next: ' "$(<"$work/out")"
    done
    [[ $(calls) == 'ninja ' ]]
}

check aNameThatCollidesDoesNotEndTheBuild
check aTreeOfSingleFilesIsBuiltOnce
check aMistakeInAFileIsStillAFailureThatSaysWhatToDo
totals
