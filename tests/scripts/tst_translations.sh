#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every text for people is in the translation file, and translated. When it fails: build the target faultline_lupdate,
# then fill in what is marked "unfinished" in resources/translations.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

lupdate=$(qmake6 -query QT_HOST_BINS 2>/dev/null)/lupdate
[[ -x $lupdate ]] || lupdate=/usr/lib/qt6/bin/lupdate
[[ -x $lupdate ]] || { echo "lupdate is missing: scripts/dependencies" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
find services models views app/console -path services/lab -prune -o \( -name '*.cpp' -o -name '*.h' \) -print |
    sort >"$work/sources"
wrong=0
for file in resources/translations/*.ts; do
    cp "$file" "$work/copy.ts"
    "$lupdate" -silent -no-obsolete -locations none -I . "@$work/sources" -ts "$work/copy.ts"
    if grep -B2 -A1 'type="unfinished"' "$work/copy.ts" | grep '<source>'; then
        echo "$file: these texts are not translated" >&2
        wrong=1
    fi
done
((wrong == 0)) && echo "all texts are translated"
exit "$wrong"
