# Finds what Linnet needs and what it can use. Nothing is downloaded.

# The C++20 that Linnet is written in came late to some compilers that take -std=c++20.
include(CheckCXXSourceCompiles)
set(linnet_required_flags ${CMAKE_REQUIRED_FLAGS})
string(APPEND CMAKE_REQUIRED_FLAGS " ${CMAKE_CXX20_STANDARD_COMPILE_OPTION}")
check_cxx_source_compiles("
#include <atomic>
#include <concepts>
#include <memory>
#include <span>
struct S { int a = 0; bool operator==(const S&) const = default; };
int main() {
  std::atomic<int> word{0};
  word.notify_all();
  auto f = []<std::integral T>(std::span<const T> x) { return x.size(); };
  const S s{.a = static_cast<int>(f(std::span<const int>()))};
  return std::make_shared<int[]>(1)[0] + (s == S{} ? 0 : 1);
}" LINNET_COMPILER_HAS_CXX20)
set(CMAKE_REQUIRED_FLAGS ${linnet_required_flags})
if(NOT LINNET_COMPILER_HAS_CXX20)
  message(FATAL_ERROR "linnet needs a C++20 compiler: g++ 12 and clang 14 are tested. "
                      "${CMAKE_CXX_COMPILER} is ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}; "
                      "set the environment variable CXX to another, on Debian g++ or clang-14")
endif()

find_package(Threads REQUIRED)

# ./dev puts there what the system does not have.
if(PROJECT_IS_TOP_LEVEL AND EXISTS ${PROJECT_SOURCE_DIR}/.local/include)
  list(APPEND CMAKE_PREFIX_PATH ${PROJECT_SOURCE_DIR}/.local)
endif()

set(LINNET_HAVE_ZLIB FALSE)
if(NOT LINNET_ZLIB STREQUAL "OFF")
  find_package(ZLIB QUIET)
  set(LINNET_HAVE_ZLIB ${ZLIB_FOUND})
  if(LINNET_ZLIB STREQUAL "ON" AND NOT ZLIB_FOUND)
    message(FATAL_ERROR "linnet: LINNET_ZLIB is ON but zlib was not found")
  endif()
endif()

# oneDNN, of 3.1 or newer: the system's, PyPI's among Python's packages (where pip puts what a wheel
# is built with), or PyPI's in .local/ (where ./dev puts it).
set(LINNET_HAVE_ONEDNN FALSE)
if(NOT LINNET_ONEDNN STREQUAL "OFF")
  if(LINNET_BUILD_PYTHON)
    find_package(Python 3.9 REQUIRED COMPONENTS Interpreter Development.Module)
    execute_process(COMMAND ${Python_EXECUTABLE} ${PROJECT_SOURCE_DIR}/python/tools/onednn_package.py
                    OUTPUT_VARIABLE linnet_onednn_package OUTPUT_STRIP_TRAILING_WHITESPACE)
  endif()
  find_package(dnnl CONFIG QUIET HINTS ${linnet_onednn_package} ${PROJECT_SOURCE_DIR}/.local/onednn)
  find_package(OpenMP QUIET COMPONENTS CXX)
  if(dnnl_FOUND AND dnnl_VERSION VERSION_LESS 3.1)
    message(STATUS "linnet: oneDNN ${dnnl_VERSION} in ${dnnl_DIR} is older than 3.1 and not used")
  elseif(dnnl_FOUND AND OpenMP_CXX_FOUND)
    set(LINNET_HAVE_ONEDNN TRUE)
  endif()
  if(LINNET_ONEDNN STREQUAL "ON" AND NOT LINNET_HAVE_ONEDNN)
    message(FATAL_ERROR "linnet: LINNET_ONEDNN is ON but no oneDNN >= 3.1 with OpenMP was found; "
                        "set dnnl_DIR to the folder of dnnl-config.cmake")
  endif()
endif()

# The tests need doctest; those of linnet/eigen.hpp need Eigen, too. Nothing else does.
if(LINNET_BUILD_TESTS)
  find_path(LINNET_DOCTEST_INCLUDE_DIR doctest/doctest.h)
  find_path(LINNET_EIGEN_INCLUDE_DIR Eigen/Core HINTS ENV EIGEN3_INCLUDE_DIR PATH_SUFFIXES eigen3
            DOC "The folder that holds Eigen/Core (3.4 or newer)")
  if(NOT LINNET_DOCTEST_INCLUDE_DIR)
    set(LINNET_BUILD_TESTS OFF)
    set(linnet_no_tests " (doctest was not found; Debian: doctest-dev)")
  endif()
endif()
