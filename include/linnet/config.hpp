#pragma once

/// Version, build mode and symbol visibility.
///
/// Three build modes share one source:
///  - compiled (default): link `linnet::linnet`; headers only declare;
///  - `LINNET_HEADER_ONLY`: headers include their definitions (`.ipp`);
///  - `LINNET_SEPARATE`: headers only declare; exactly one translation unit of the application
///    includes `<linnet/impl/src.hpp>`.
///
/// `LINNET_ABI` names the inline namespace that carries version and mode (and, header-only, the
/// instruction set), so translation units built in different modes fail to link where they
/// exchange Linnet types instead of misbehaving at run time.

#define LINNET_VERSION_MAJOR 0
#define LINNET_VERSION_MINOR 1
#define LINNET_VERSION_PATCH 0
#define LINNET_VERSION "0.1.0"

#if defined(LINNET_HEADER_ONLY) && defined(LINNET_SEPARATE)
#error "linnet: define at most one of LINNET_HEADER_ONLY and LINNET_SEPARATE"
#endif

#if defined(LINNET_HEADER_ONLY)
#if defined(__AVX512F__)
#define LINNET_ABI v0_1_header_only_avx512
#elif defined(__AVX2__)
#define LINNET_ABI v0_1_header_only_avx2
#else
#define LINNET_ABI v0_1_header_only
#endif
#elif defined(LINNET_SEPARATE)
#define LINNET_ABI v0_1_separate
#else
#define LINNET_ABI v0_1
#endif

// LINNET_DECL stands before every out-of-line function declaration; LINNET_EXPORT in class heads
// whose type information or vtable crosses a shared library's border.
#if defined(LINNET_HEADER_ONLY)
#define LINNET_DECL inline
#define LINNET_EXPORT
#elif defined(LINNET_SEPARATE)
#define LINNET_DECL
#define LINNET_EXPORT
#elif defined(_WIN32) && defined(LINNET_SHARED)
#if defined(LINNET_BUILDING)
#define LINNET_DECL __declspec(dllexport)
#else
#define LINNET_DECL __declspec(dllimport)
#endif
#define LINNET_EXPORT LINNET_DECL
#elif defined(_WIN32)
#define LINNET_DECL
#define LINNET_EXPORT
#else
#define LINNET_DECL __attribute__((visibility("default")))
#define LINNET_EXPORT __attribute__((visibility("default")))
#endif

// The namespace of the kernels: of those that src/isa compiles for one instruction set, or of those
// that an application compiles with flags of its own.
#ifndef LINNET_ISA
#define LINNET_ISA isa_native
#endif

#define LINNET_NOINLINE __attribute__((noinline))

namespace linnet::inline LINNET_ABI {

/// The library's version, "major.minor.patch".
inline constexpr const char* version = LINNET_VERSION;

}  // namespace linnet::inline LINNET_ABI
