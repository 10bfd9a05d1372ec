# What was found, and where.
message(STATUS "Linnet ${PROJECT_VERSION}")
message(STATUS "  compiler    ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}, "
               "${CMAKE_BUILD_TYPE}")
if(LINNET_HAVE_ZLIB)
  message(STATUS "  zlib        ${ZLIB_VERSION_STRING} in ${ZLIB_INCLUDE_DIRS}")
else()
  message(STATUS "  zlib        no (gzip files cannot be read)")
endif()
if(LINNET_SANITIZE)
  message(STATUS "  sanitizers  ${LINNET_SANITIZE}; baseline instruction set only")
endif()
if(LINNET_BUILD_TESTS AND LINNET_EIGEN_INCLUDE_DIR)
  message(STATUS "  Eigen       in ${LINNET_EIGEN_INCLUDE_DIR}")
elseif(LINNET_BUILD_TESTS)
  message(STATUS "  Eigen       no (linnet/eigen.hpp is not tested)")
endif()
message(STATUS "  tests ${LINNET_BUILD_TESTS}${linnet_no_tests}, examples ${LINNET_BUILD_EXAMPLES}, "
               "benchmarks ${LINNET_BUILD_BENCHMARKS}")
