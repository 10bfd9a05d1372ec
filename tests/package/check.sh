#!/usr/bin/env bash
# check.sh WAY SOURCE BUILD COMPILER: builds and runs a consumer of Linnet in one WAY.
set -euo pipefail
way=$1 source=$2 build=$3 cxx=$4
here=$source/tests/package
work=$build/tests/package/$way
rm -rf "$work" && mkdir -p "$work" && cd "$work"

project() {  # CMake lines that make linnet::linnet known
  cat >CMakeLists.txt <<CMAKE
cmake_minimum_required(VERSION 3.21)
project(consumer CXX)
$1
add_executable(app $here/app.cpp $here/other.cpp)
target_link_libraries(app PRIVATE linnet::linnet)
CMAKE
}
install_tree() { cmake --install "$build" --prefix "$work/prefix" >install.log; }

case $way in
  installed)
    install_tree
    project "find_package(linnet 0.1 REQUIRED)"
    cmake -S . -B b -DCMAKE_PREFIX_PATH="$work/prefix" >configure.log
    cmake --build b >build.log && ./b/app
    ;;
  pkgconfig)
    command -v pkg-config >/dev/null || { echo "skipped: no pkg-config"; exit 0; }
    install_tree
    PKG_CONFIG_PATH=$(dirname "$(find prefix -name linnet.pc)")
    export PKG_CONFIG_PATH
    # shellcheck disable=SC2046
    $cxx -O1 "$here"/{app,other}.cpp $(pkg-config --cflags --libs linnet) -o app && ./app
    ;;
  subdirectory)
    # A parent gets no tests, no examples and no warnings as errors. (The build is not repeated:
    # configuring shows what it would build.)
    project "add_subdirectory($source linnet)"
    cmake -S . -B b >configure.log
    if grep -rq --include=flags.make --include=build.ninja -e '-Werror' b; then
      echo "warnings are errors in a parent project"
      exit 1
    fi
    if [ -e b/linnet/tests ] || [ -e b/linnet/examples ]; then
      echo "a parent project got tests or examples"
      exit 1
    fi
    ;;
  separate)
    for unit in app other; do
      $cxx -std=gnu++20 -O0 -DLINNET_SEPARATE -I"$source/include" -c "$here/$unit.cpp" -o $unit.o
    done
    $cxx -std=gnu++20 -O0 -DLINNET_SEPARATE -I"$source/include" -c "$here/impl.cpp" -o impl.o
    $cxx app.o other.o impl.o -pthread -o app && ./app
    ;;
  mixed)
    # A header-only unit and one for the library must not link where they exchange a Tensor.
    $cxx -std=gnu++20 -O0 -I"$source/include" -c "$here/app.cpp" -o app.o
    $cxx -std=gnu++20 -O0 -DLINNET_HEADER_ONLY -I"$source/include" -c "$here/other.cpp" -o other.o
    if $cxx app.o other.o "$build/liblinnet.a" -lz -pthread -o app 2>link.log; then
      echo "linked although the build modes differ"
      exit 1
    fi
    grep -q 'undefined reference.*other_unit' link.log
    ;;
  symbols)
    # Each kernel build's weak symbols carry its tag: the linker must never pick another's code.
    for tag in isa_v1 isa_v3 isa_v4; do
      dir=$build/CMakeFiles/linnet_$tag.dir
      [ -d "$dir" ] || continue
      bad=$(find "$dir" -name '*.o' -exec nm {} + | awk '$2 ~ /^[WVu]$/ {print $3}' | grep -v "$tag" |
        grep -v -e DW.ref.__gxx_personality_v0 || true)
      [ -z "$bad" ] || { echo "$tag: untagged weak symbols:"; echo "$bad" | head; exit 1; }
    done
    ;;
esac
