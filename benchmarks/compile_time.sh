#!/usr/bin/env bash
# What an application pays to build with Linnet: compile times, memory of the compiler, size of a
# program. `./dev bench --compile` builds the library and runs this.
#
#     benchmarks/compile_time.sh [--runs N] [--no-headers] [--json FILE] [BUILD]
#
# BUILD is a build folder that holds the compiled library (build/release); CXX names the compiler
# (g++). Times are wall seconds, the median of N runs (3); memory is the compiler's greatest
# resident set. ccache is not asked. Measure on a machine that does nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
runs=3 headers=1 json='' build=build/release cxx=${CXX:-g++}
while [ $# -gt 0 ]; do
  case $1 in
    --runs) runs=$2 && shift ;;
    --no-headers) headers=0 ;;
    --json) json=$2 && shift ;;
    -*) echo "usage: compile_time.sh [--runs N] [--no-headers] [--json FILE] [BUILD]" >&2 && exit 2 ;;
    *) build=$1 ;;
  esac
  shift
done
[ -x /usr/bin/time ] || { echo "missing: /usr/bin/time (Debian: time)" >&2 && exit 1; }
library=$build/liblinnet.a
[ -e "$library" ] || { echo "$library is not built: cmake --build $build --target linnet" >&2 && exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
hello=benchmarks/hello_training.cpp
read -ra libraries <<<"$(sed -n 's/^Libs.private: //p' "$build/linnet.pc")"

# measure NAME ARGUMENT...: compiles with these, prints a row and notes it for the JSON.
measure() {
  local name=$1 run
  shift
  : >"$work/runs"
  for ((run = 0; run < runs; ++run)); do
    CCACHE_DISABLE=1 /usr/bin/time -a -o "$work/runs" -f '%e %M' \
      "$cxx" -std=c++20 -Iinclude "$@" -o "$work/out.o"
  done
  sort -n "$work/runs" | awk -v name="$name" '{s[NR] = $1; if ($2 > kib) kib = $2}
    END {m = int((NR + 1) / 2); t = NR % 2 ? s[m] : (s[m] + s[m + 1]) / 2
         printf "%s\t%.2f\t%.0f\n", name, t, kib / 1024}' >"$work/row"
  awk -F'\t' '{printf "| %s | %s | %s |\n", $1, $2, $3}' "$work/row"
  cat "$work/row" >>"$work/rows"
}
size() {  # NAME ARGUMENT...: links a stripped program with these
  "$cxx" -std=c++20 -O2 -Iinclude "$hello" "${@:2}" -s -pthread -o "$work/program"
  "$work/program" >/dev/null  # it runs
  local bytes
  bytes=$(stat -c %s "$work/program")
  echo "| $1 | $(awk -v b="$bytes" 'BEGIN {printf "%.2f", b / 1048576}') |"
  printf '%s\t%s\n' "$1" "$bytes" >>"$work/sizes"
}
write_json() {
  awk -F'\t' -v compiler="$("$cxx" --version | head -1)" -v cpu="$cpu" -v runs="$runs" '
    BEGIN {printf "{\"compiler\": \"%s\", \"cpu\": \"%s\", \"runs\": %d", compiler, cpu, runs}
    FNR == 1 {printf FILENAME ~ /rows$/ ? ",\n \"compile\": {" : "},\n \"bytes\": {"}
    {printf "%s\n  \"%s\": ", FNR == 1 ? "" : ",", $1
     printf NF == 3 ? "{\"seconds\": " $2 ", \"mebibytes\": " $3 "}" : $2}
    END {print "}\n}"}' "$work/rows" "$work/sizes" >"$json"
}

cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
echo "$("$cxx" --version | head -1); $(nproc) cores, $cpu; median of $runs."
printf '\n| one translation unit, -O2 | seconds | MiB |\n|---|---|---|\n'
all=(-include linnet/linnet.hpp)
measure "hello_training.cpp, compiled mode" -O2 -c "$hello"
measure "the same with all of linnet.hpp" -O2 "${all[@]}" -c "$hello"
measure "hello_training.cpp, header-only" -O2 -DLINNET_HEADER_ONLY -c "$hello"
measure "the same with all of linnet.hpp, header-only" -O2 -DLINNET_HEADER_ONLY "${all[@]}" -c "$hello"
measure "hello_training.cpp, separate mode" -O2 -DLINNET_SEPARATE -c "$hello"
echo '#include <linnet/impl/src.hpp>' >"$work/impl.cpp"
measure "impl/src.hpp, once, separate mode" -O2 -DLINNET_SEPARATE -c "$work/impl.cpp"

printf '\n| hello_training, stripped | MiB |\n|---|---|\n'
size "library linked in" "$library" "${libraries[@]}" -Wl,--gc-sections
if [[ " ${libraries[*]} " = *" -ldnnl "* ]]; then
  echo "(oneDNN is a shared library: a fully static program needs a build with -DLINNET_ONEDNN=OFF)"
else
  size "fully static" "$library" "${libraries[@]}" -Wl,--gc-sections -static
fi

if [ $headers = 1 ]; then
  printf '\n| header alone, compiled mode, -O2 | seconds | MiB |\n|---|---|---|\n'
  for header in $(cd include && find linnet -name '*.hpp' ! -path '*/impl/*' ! -path '*/kernels/*' \
    ! -name eigen.hpp | sort); do
    echo "#include <$header>" >"$work/header.cpp"
    measure "$header" -O2 -c "$work/header.cpp"
  done
fi
if [ -n "$json" ]; then write_json; fi
