# install(), find_package(linnet) and pkg-config.
include(CMakePackageConfigHelpers)
install(TARGETS linnet linnet_header_only linnet_separate EXPORT linnet)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/linnet DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
set(linnet_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/linnet)
install(EXPORT linnet NAMESPACE linnet:: DESTINATION ${linnet_cmake_dir} FILE linnetTargets.cmake)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/linnetConfig.cmake.in
                              ${PROJECT_BINARY_DIR}/linnetConfig.cmake
                              INSTALL_DESTINATION ${linnet_cmake_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/linnetConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/linnetConfig.cmake ${PROJECT_BINARY_DIR}/linnetConfigVersion.cmake
        DESTINATION ${linnet_cmake_dir})
set(linnet_private_libs "-pthread")
if(LINNET_HAVE_ZLIB)
  string(APPEND linnet_private_libs " -lz")
endif()
if(LINNET_HAVE_ONEDNN)
  get_filename_component(linnet_onednn_lib ${dnnl_DIR}/../.. ABSOLUTE)
  string(APPEND linnet_private_libs
         " -L${linnet_onednn_lib} -Wl,-rpath,${linnet_onednn_lib} -ldnnl -lgomp")
endif()
# A static library needs them at the consumer's link, a shared one brings them along.
set(linnet_public_libs ${linnet_private_libs})
if(BUILD_SHARED_LIBS)
  set(linnet_public_libs "")
endif()
# Relative to where the file lies, so that an install tree can move.
file(RELATIVE_PATH linnet_pc_up /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${PROJECT_SOURCE_DIR}/cmake/linnet.pc.in ${PROJECT_BINARY_DIR}/linnet.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/linnet.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
