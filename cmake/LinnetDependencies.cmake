# Finds what Linnet needs and what it can use. Nothing is downloaded.

find_package(Threads REQUIRED)

# Eigen is header-only: a folder is all that is asked. .local/ is where ./dev puts the PyPI package.
find_path(LINNET_EIGEN_INCLUDE_DIR Eigen/Core
          HINTS ${PROJECT_SOURCE_DIR}/.local/include/eigen3 ENV EIGEN3_INCLUDE_DIR
          PATH_SUFFIXES eigen3
          DOC "The folder that holds Eigen/Core (3.4 or newer)")
if(NOT LINNET_EIGEN_INCLUDE_DIR)
  message(FATAL_ERROR "linnet: Eigen >= 3.4 was not found. Install libeigen3-dev, or `pip install "
                      "cmeel-eigen`, and set LINNET_EIGEN_INCLUDE_DIR to the folder of Eigen/Core.")
endif()
file(STRINGS ${LINNET_EIGEN_INCLUDE_DIR}/Eigen/src/Core/util/Macros.h linnet_eigen_macros
     REGEX "#define EIGEN_(WORLD|MAJOR|MINOR)_VERSION")
string(REGEX REPLACE "[^0-9;]" "" linnet_eigen_digits "${linnet_eigen_macros}")
list(JOIN linnet_eigen_digits "." LINNET_EIGEN_VERSION)
if(LINNET_EIGEN_VERSION VERSION_LESS 3.4)
  message(FATAL_ERROR "linnet: Eigen >= 3.4 is needed, ${LINNET_EIGEN_INCLUDE_DIR} holds "
                      "${LINNET_EIGEN_VERSION}")
endif()

set(LINNET_HAVE_ZLIB FALSE)
if(NOT LINNET_ZLIB STREQUAL "OFF")
  find_package(ZLIB QUIET)
  set(LINNET_HAVE_ZLIB ${ZLIB_FOUND})
  if(LINNET_ZLIB STREQUAL "ON" AND NOT ZLIB_FOUND)
    message(FATAL_ERROR "linnet: LINNET_ZLIB is ON but zlib was not found")
  endif()
endif()

# oneDNN, of 3.1 or newer: the system's, or PyPI's in .local/ (`./dev setup --onednn`).
set(LINNET_HAVE_ONEDNN FALSE)
if(NOT LINNET_ONEDNN STREQUAL "OFF")
  find_package(dnnl CONFIG QUIET HINTS ${PROJECT_SOURCE_DIR}/.local/onednn)
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
