# linnet::linnet (compiled), linnet::header_only and linnet::separate (interfaces).

function(linnet_common target scope)
  target_compile_features(${target} ${scope} cxx_std_20)
  target_include_directories(${target} ${scope} $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                             $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${target} ${scope} Threads::Threads)
endfunction()

# Flags of Linnet's own files; none of them reaches a consumer.
function(linnet_development_flags target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wno-missing-field-initializers -fvisibility=hidden
                         -fvisibility-inlines-hidden)
  if(LINNET_WARNINGS_AS_ERRORS)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(LINNET_SANITIZE)
    # Instrumented code makes GCC see uninitialized values where there are none.
    target_compile_options(${target} PRIVATE -fsanitize=${LINNET_SANITIZE} -fno-omit-frame-pointer
                           -Wno-maybe-uninitialized)
    target_link_options(${target} PUBLIC -fsanitize=${LINNET_SANITIZE})
  endif()
endfunction()

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(LINNET_CCACHE ccache)
  if(LINNET_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${LINNET_CCACHE})
  endif()
endif()

file(GLOB LINNET_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/*.cpp)
file(GLOB LINNET_ISA_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/isa/*.cpp)
add_library(linnet ${LINNET_SOURCES})
add_library(linnet::linnet ALIAS linnet)
linnet_common(linnet PUBLIC)
linnet_development_flags(linnet)
target_compile_definitions(linnet PRIVATE LINNET_BUILDING)
# What an application does not use it may leave out (-Wl,--gc-sections).
target_compile_options(linnet PRIVATE -ffunction-sections -fdata-sections)
# Kernels apart nothing gains from CMake's -O3.
target_compile_options(linnet PRIVATE $<$<CONFIG:Release>:-O2>)
set_target_properties(linnet PROPERTIES POSITION_INDEPENDENT_CODE ON VERSION ${PROJECT_VERSION}
                      SOVERSION 0)
if(BUILD_SHARED_LIBS)
  target_compile_definitions(linnet PUBLIC LINNET_SHARED)
  target_link_options(linnet PRIVATE -Wl,--exclude-libs,ALL
                      -Wl,--version-script=${PROJECT_SOURCE_DIR}/cmake/exports.map)
  set_target_properties(linnet PROPERTIES LINK_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/exports.map)
endif()
if(LINNET_HAVE_ZLIB)
  target_compile_definitions(linnet PRIVATE LINNET_HAVE_ZLIB)
  target_link_libraries(linnet PRIVATE ZLIB::ZLIB)
endif()
if(LINNET_HAVE_ONEDNN)
  file(GLOB LINNET_ONEDNN_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/onednn/*.cpp)
  target_sources(linnet PRIVATE ${LINNET_ONEDNN_SOURCES})
  target_compile_definitions(linnet PRIVATE LINNET_HAVE_ONEDNN)
  target_link_libraries(linnet PRIVATE DNNL::dnnl OpenMP::OpenMP_CXX)
endif()

# The kernels once per instruction set, each in a namespace of its own, always optimized and never by
# link-time optimization. Beyond matmul and convolution -O3 would double their size for nothing.
# Sanitizer builds take the baseline alone.
set(LINNET_KERNEL_FLAGS -O2)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND LINNET_KERNEL_FLAGS -fvect-cost-model=dynamic)
endif()
set_source_files_properties(${PROJECT_SOURCE_DIR}/src/isa/matrix.cpp PROPERTIES COMPILE_OPTIONS -O3)
function(linnet_add_isa tag)
  add_library(linnet_${tag} OBJECT ${LINNET_ISA_SOURCES})
  linnet_common(linnet_${tag} PRIVATE)
  linnet_development_flags(linnet_${tag})
  target_compile_definitions(linnet_${tag} PRIVATE LINNET_ISA=${tag})
  target_compile_options(linnet_${tag} PRIVATE ${LINNET_KERNEL_FLAGS} -fno-math-errno -fno-trapping-math -fno-lto
                         -ffunction-sections -fdata-sections ${ARGN})
  set_target_properties(linnet_${tag} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_sources(linnet PRIVATE $<TARGET_OBJECTS:linnet_${tag}>)
endfunction()
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64|amd64" AND NOT LINNET_SANITIZE)
  linnet_add_isa(isa_v1)
  linnet_add_isa(isa_v3 -march=x86-64-v3)
  linnet_add_isa(isa_v4 -march=x86-64-v4 -mprefer-vector-width=512)
  target_compile_definitions(linnet PRIVATE LINNET_ISA_X86_64)
else()
  linnet_add_isa(isa_v1)
endif()

# Header-only and single-translation-unit use: the consumer compiles what the library would hold.
foreach(mode header_only separate)
  add_library(linnet_${mode} INTERFACE)
  add_library(linnet::${mode} ALIAS linnet_${mode})
  set_target_properties(linnet_${mode} PROPERTIES EXPORT_NAME ${mode})
  linnet_common(linnet_${mode} INTERFACE)
  if(LINNET_HAVE_ZLIB)
    target_compile_definitions(linnet_${mode} INTERFACE LINNET_HAVE_ZLIB)
    target_link_libraries(linnet_${mode} INTERFACE ZLIB::ZLIB)
  endif()
endforeach()
target_compile_definitions(linnet_header_only INTERFACE LINNET_HEADER_ONLY)
target_compile_definitions(linnet_separate INTERFACE LINNET_SEPARATE)

# Header-only tests need no library.
if(PROJECT_IS_TOP_LEVEL AND LINNET_TEST_MODE STREQUAL "header-only")
  set_target_properties(linnet PROPERTIES EXCLUDE_FROM_ALL ON)
  foreach(tag isa_v1 isa_v3 isa_v4)
    if(TARGET linnet_${tag})
      set_target_properties(linnet_${tag} PROPERTIES EXCLUDE_FROM_ALL ON)
    endif()
  endforeach()
  set(LINNET_INSTALL OFF)
endif()
