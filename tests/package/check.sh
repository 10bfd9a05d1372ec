#!/usr/bin/env bash
# check.sh WAY SOURCE BUILD COMPILER ZLIB [TAG OBJECT...]: builds and runs a consumer of Linnet in
# one WAY. ZLIB says whether the build reads gzip files.
set -euo pipefail
way=$1 source=$2 build=$3 cxx=$4 zlib=$5
here=$source/tests/package
packages=$build/tests/package
prefix=$packages/moved/prefix  # where "install" leaves its tree
work=$packages/$way${6:+_$6}
rm -rf "$work" && mkdir -p "$work" && cd "$work"

fail() { echo "$*" && exit 1; }
project() {  # TARGET LINE...: a CMake project of the consumer, which links TARGET
  cat >CMakeLists.txt <<CMAKE
cmake_minimum_required(VERSION 3.21)
project(consumer CXX)
$(printf '%s\n' "${@:2}")
add_executable(app $here/app.cpp $here/other.cpp)
target_link_libraries(app PRIVATE $1)
CMAKE
}
configure() {  # FOLDER ARGUMENT...
  local launcher
  launcher=$(command -v ccache || true)
  cmake -S "$1" -B b -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" \
    "${@:2}" >configure.log 2>&1 || { cat configure.log && exit 1; }
}
compile() { cmake --build b "$@" >build.log 2>&1 || { tail -n 40 build.log && exit 1; }; }
prefixes() { echo "-DCMAKE_PREFIX_PATH=$1;$source/.local"; }
run() {  # PROGRAM: all that app.cpp says, a gzip file included
  printf '\0\0\10\1\0\0\0\3abc' | gzip >three.gz
  local expected=(no zlib)
  if [ "$zlib" = TRUE ]; then expected=("(3,)"); fi
  "$1" three.gz >output.txt || fail "$1 failed: $(cat output.txt)"
  diff output.txt - <<TEXT
${expected[*]}
3 [matmul] inner dimensions differ: lhs (2, 3), rhs (2, 3)
TEXT
}
exported() { nm -D --defined-only "$1" | awk '{print $3}'; }

case $way in
  install)
    # Moved after it was installed: nothing in it may remember where it was.
    cmake --install "$build" --prefix "$work/prefix" >install.log
    rm -rf "$packages/moved" && mkdir "$packages/moved" && mv "$work/prefix" "$packages/moved"
    grep -rF -e "$work/prefix" -e "$source" --include='*.cmake' --include='*.pc' "$prefix" >names ||
      true
    if grep -vF "$source/.local/" names; then fail "these lines name folders of the build"; fi
    ;;
  installed)
    project linnet::linnet "find_package(linnet 0.1 REQUIRED)"
    configure . "$(prefixes "$prefix")"
    compile
    run b/app
    ;;
  pkgconfig)
    command -v pkg-config >/dev/null || { echo "skipped: no pkg-config" && exit 77; }
    PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name linnet.pc)")
    export PKG_CONFIG_PATH
    # shellcheck disable=SC2046
    $cxx -O0 "$here"/{app,other}.cpp $(pkg-config --cflags --libs linnet) \
      -L"$source/.local/lib" -o app
    run ./app
    ;;
  separate)
    # One unit holds the definitions; the others only declare.
    project linnet::separate "find_package(linnet 0.1 REQUIRED)"
    echo "target_sources(app PRIVATE $here/impl.cpp)" >>CMakeLists.txt
    configure . "$(prefixes "$prefix")"
    compile
    run b/app
    ;;
  mixed)
    # A unit of another mode than the others' must not link where they exchange a Tensor.
    for mode in HEADER_ONLY SEPARATE; do
      project linnet::linnet "find_package(linnet 0.1 REQUIRED)" \
        "set_source_files_properties($here/other.cpp PROPERTIES COMPILE_DEFINITIONS LINNET_$mode)"
      configure . "$(prefixes "$prefix")"
      if cmake --build b >build.log 2>&1; then fail "linked although other.cpp is LINNET_$mode"; fi
      grep -q 'undefined reference.*other_unit' build.log || { cat build.log && exit 1; }
    done
    ;;
  subproject)
    # A parent gets no tests, no examples, no installation and no warnings as errors.
    project linnet::linnet "add_subdirectory($source linnet)"
    configure .
    if grep -rq --include=flags.make --include=build.ninja -e '-Werror' b; then
      fail "warnings are errors in a parent project"
    fi
    for folder in tests examples benchmarks; do
      [ ! -e b/linnet/$folder ] || fail "a parent project got $folder"
    done
    if grep -q linnetTargets b/linnet/cmake_install.cmake; then
      fail "a parent project installs Linnet"
    fi
    ;;
  subdirectory | fetchcontent)
    declare -A lines=(
      [subdirectory]="add_subdirectory($source linnet)"
      [fetchcontent]="include(FetchContent)
FetchContent_Declare(linnet SOURCE_DIR $source)
FetchContent_MakeAvailable(linnet)")
    declare -A types=([subdirectory]="" [fetchcontent]=Release)
    project linnet::linnet "${lines[$way]}"
    configure . -DCMAKE_BUILD_TYPE="${types[$way]}" "$(prefixes "")"
    compile
    run b/app
    ;;
  shared)
    configure "$source" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=ON -DLINNET_BUILD_TESTS=OFF \
      -DLINNET_BUILD_EXAMPLES=OFF -DLINNET_BUILD_BENCHMARKS=OFF
    compile
    cmake --install b --prefix "$work/prefix" >install.log
    library=$(find prefix -name 'liblinnet.so')
    [ "$(exported "$library" | grep -c '6linnet')" -gt 100 ] || fail "it exports too little"
    foreign=$(exported "$library" | grep -v '^_Z\(N\|NK\|T.N\)6linnet' || true)
    [ -z "$foreign" ] || fail "it exports what is not Linnet's: $(head <<<"$foreign")"
    kernels=$(exported "$library" | grep -E 'isa_v[0-9]' || true)
    [ -z "$kernels" ] || fail "it exports kernels: $(head <<<"$kernels")"
    mkdir app && cd app
    project linnet::linnet "find_package(linnet 0.1 REQUIRED)"
    configure . "$(prefixes "$work/prefix")"
    compile
    [[ $(ldd b/app) = *liblinnet.so* ]] || fail "the consumer does not use the shared library"
    run b/app
    ;;
  header_only)
    # As docs/embedding.md tells who compiles by hand.
    gzip=()
    if [ "$zlib" = TRUE ]; then
      gzip=(-DLINNET_HAVE_ZLIB -I"$source/.local/include" -L"$source/.local/lib" -lz)
    fi
    flags=(-std=c++20 -O0 -DLINNET_HEADER_ONLY -I"$source/include" "${gzip[@]}")
    for unit in app other; do $cxx "${flags[@]}" -c "$here/$unit.cpp" -o "$unit.o"; done
    $cxx app.o other.o -pthread "${gzip[@]}" -o app
    run ./app
    # What is not inline is in every object, whether it is used or not, and drags along what it uses.
    strong=$(nm -C app.o other.o | grep -E ' [TDB] ' | grep -v -e ' main$' -e ' other_unit(' || true)
    [ -z "$strong" ] || fail "definitions that are not inline: $(head <<<"$strong")"
    # The headers that a program needs bring all definitions that it needs.
    $cxx "${flags[@]}" -Werror "$source/benchmarks/hello_training.cpp" -pthread -o hello
    ./hello | grep -q "^1\.0689" || fail "hello_training prints another loss"
    ;;
  warnings)
    # An application that asks for more warnings than Linnet's own build gets none from its headers.
    echo '#include <linnet/linnet.hpp>' >all.cpp
    for mode in '' -DLINNET_HEADER_ONLY; do
      $cxx -std=c++20 -fsyntax-only $mode -I"$source/include" -Werror -Wall -Wextra -Wpedantic \
        -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wcast-align -Wformat=2 \
        -Wnon-virtual-dtor -Woverloaded-virtual -Wdouble-promotion -Wnull-dereference all.cpp
    done
    ;;
  unused)
    # A program holds the kernels it calls, of each build of src/isa, and no others.
    library=$build/liblinnet.a
    [ -e "$library" ] || { echo "skipped: the library is shared" && exit 77; }
    read -ra libraries <<<"$(sed -n 's/^Libs.private: //p' "$build/linnet.pc")"
    $cxx -std=c++20 -O0 -I"$source/include" "$source/benchmarks/hello_training.cpp" "$library" \
      "${libraries[@]}" -pthread -Wl,--gc-sections -o hello
    ./hello | grep -q "^1\.0689" || fail "hello_training prints another loss"
    nm -C hello >symbols.txt
    grep -oE 'isa_v[0-9]::entry::[a-z0-9_]+' symbols.txt >kernels.txt
    grep -q '::gemm$' kernels.txt || fail "no matrix product in $(head kernels.txt)"
    absent='attention|lstm|pool2d|adam|tiles_lgamma'
    # What asks oneDNN for convolutions holds Linnet's, too.
    grep -q 'onednn::convolution' symbols.txt || absent+='|conv2d'
    unused=$(grep -E "$absent" kernels.txt || true)
    [ -z "$unused" ] || fail "kernels that hello_training does not call: $unused"
    ;;
  definitions)
    # Every file of definitions is in the library, and in impl/src.hpp behind the header it belongs
    # to - or a part of another one; and that list and the headers agree on names.
    cd "$source/include"
    list=linnet/impl/src.hpp
    for file in $(find linnet -name '*.ipp'); do
      grep -rqF "\"$file\"" --include='*.ipp' linnet && continue
      grep -qF "\"$file\"" $list || fail "$file is not in $list"
      grep -qF "\"$file\"" ../src/*.cpp || fail "$file is in no file of src/"
    done
    for header in $(grep -rlE '^#define LINNET_USES_' linnet); do
      name=$(tr 'a-z/' 'A-Z_' <<<"${header#linnet/}")
      grep -qx "#define LINNET_USES_${name%.HPP}" "$header" || fail "$header has another's name"
      grep -qx '#undef LINNET_COMPLETE' "$header" || fail "$header does not ask for its definitions"
      grep -qx "#ifdef LINNET_USES_${name%.HPP}" $list || fail "$list does not know $header"
    done
    headers=$(grep -rlE '^#define LINNET_USES_' linnet | wc -l)
    [ "$(grep -c '^#ifdef LINNET_USES_' $list)" = "$headers" ] || fail "$list knows other headers"
    ;;
  symbols)
    # A kernel build's weak symbols carry its tag: the linker must never pick another's code.
    tag=$6
    shift 6
    [ $# -gt 0 ] || fail "no objects of $tag"
    nm "$@" >symbols.txt
    grep -q " [Tt] .*$tag" symbols.txt || fail "no functions of $tag in $*"
    bad=$(awk '$2 ~ /^[WVu]$/ {print $3}' symbols.txt | grep -v -e "$tag" \
      -e DW.ref.__gxx_personality_v0 || true)
    [ -z "$bad" ] || fail "untagged weak symbols: $(head <<<"$bad")"
    ;;
  *) fail "unknown way $way" ;;
esac
