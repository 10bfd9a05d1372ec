#pragma once

#define LINNET_USES_DATA_IDX
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_DATA_IDX
#endif

#include <string>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/data/labeled_data.hpp"

namespace linnet::inline LINNET_ABI::data {

/// Reads an IDX file (the format of MNIST), plain or gzip, as a dense tensor. IOError for anything
/// but exactly such a file; NotSupportedError for gzip in a build without zlib.
LINNET_DECL Tensor load_idx(const std::string& path);

struct ImageDataset {
  LabeledData train, test;
};
struct FashionMnistOptions {
  /// Folder of the four IDX files, plain or .gz; empty: $LINNET_DATA_DIR/fashion-mnist or
  /// $LINNET_DATA_DIR itself if that environment variable is set, else
  /// /usr/share/datasets/fashion-mnist, where Debian puts it, or data/fashion-mnist.
  std::string path{};
};
/// 60,000 training and 10,000 test images: x float32 [n, 28, 28, 1] in [0, 1], y int32 [n] in
/// [0, 10). IOError naming the folders looked into if the files are not there.
LINNET_DECL ImageDataset fashion_mnist(const FashionMnistOptions& options = {});

struct MnistOptions {
  /// Folder of the four IDX files, plain or .gz; empty: $LINNET_DATA_DIR/mnist if that environment
  /// variable is set, else /usr/share/datasets/mnist or data/mnist.
  std::string path{};
};
/// Handwritten digits, in the same form as fashion_mnist().
LINNET_DECL ImageDataset mnist(const MnistOptions& options = {});

}  // namespace linnet::inline LINNET_ABI::data

#ifdef LINNET_FIRST_DATA_IDX
#include "linnet/impl/src.hpp"
#endif
