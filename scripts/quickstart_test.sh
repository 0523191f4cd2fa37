#!/usr/bin/env bash
# Runs the five-minute example of README.md as it is printed there, and checks what the text promises.
# In: README.md (blocks behind `<!-- quickstart: NAME -->`), target/release/canvass. Out: 0, or a line on what failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly program="$PWD/target/release/canvass"

fail() {
  echo "quick start: $*" >&2
  exit 1
}

# The fenced block that follows the marker of a name.
block() {
  awk -v marker="<!-- quickstart: $1 -->" '
    index($0, marker) == 1 { found = 1; next }
    found && /^```/ { if (inside) exit; inside = 1; next }
    inside { print }
  ' README.md
}

[[ -x $program ]] || fail "no $program; run \`make build\`"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

for name in answers.csv study.toml codebook.toml; do
  block "$name" >"$folder/$name"
  [[ -s $folder/$name ]] || fail "README.md has no block for $name"
done

"$program" run "$folder" --quiet || fail "the run ended with $?"

for name in report.html report.md themes.csv ledger.csv codings.csv quotes-for-review.csv summary.json manifest.json; do
  [[ -s $folder/out/$name ]] || fail "no out/$name"
done

rows() { tail -n +2 "$1" | wc -l; }
answers=$(rows "$folder/answers.csv")
ledger=$(rows "$folder/out/ledger.csv")
((ledger == answers)) || fail "$ledger rows in ledger.csv for $answers answers"

# states: the answers in that state, as the README says
expect() {
  local found
  found=$(awk -F, -v state="$1" 'NR > 1 && $5 == state { sub(/:.*/, "", $4); printf "%s ", $4 }' "$folder/out/ledger.csv")
  [[ $found == "$2 " ]] || fail "$1: answers $found, not $2"
}
expect no-content "4 12"
expect unsupported-language "7"
expect coded "1 2 3 5 6 8 9 10 11"
grep -q '^Rider survey,[^,]*,,frequency,[^,]*,5,9,0.555556,0.26[0-9]*,0.81[0-9]*,' "$folder/out/themes.csv" ||
  fail "themes.csv does not say 5 of 9 for frequency"
! grep -rq '555-0147' "$folder/out" || fail "a telephone number is in an output"

echo "quick start: as README.md says"
