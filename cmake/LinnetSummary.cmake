# What was found, and where.
list(LENGTH LINNET_SOURCES linnet_source_count)
message(STATUS "Linnet ${PROJECT_VERSION}")
message(STATUS "  compiler    ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}, "
               "${CMAKE_BUILD_TYPE}")
message(STATUS "  Eigen       ${LINNET_EIGEN_VERSION} in ${LINNET_EIGEN_INCLUDE_DIR}")
if(LINNET_HAVE_ZLIB)
  message(STATUS "  zlib        ${ZLIB_VERSION_STRING} in ${ZLIB_INCLUDE_DIRS}")
else()
  message(STATUS "  zlib        no (gzip files cannot be read)")
endif()
if(LINNET_SANITIZE)
  message(STATUS "  sanitizers  ${LINNET_SANITIZE}; baseline instruction set only")
endif()
message(STATUS "  tests ${LINNET_BUILD_TESTS}, examples ${LINNET_BUILD_EXAMPLES}, benchmarks "
               "${LINNET_BUILD_BENCHMARKS}")
