#pragma once

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <utility>

#include "linnet/core/error.hpp"
#include "linnet/io/file.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// An open file descriptor.
class OpenFile {
 public:
  OpenFile(const std::string& path, int flags, int mode = 0644)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFile(OpenFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  explicit operator bool() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  /// False with errno set if the last of the data could not be stored.
  bool close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

InputFile::InputFile(const char* op, std::string path) : op_(op), path_(std::move(path)), fd_(-1) {
  OpenFile file(path_, O_RDONLY);
  struct stat info {};
  if (!file || ::fstat(file.fd(), &info) != 0)
    fail<IOError>(op, "cannot open '", path_, "': ", std::strerror(errno));
  if (!S_ISREG(info.st_mode)) fail<IOError>(op, "'", path_, "' is not a regular file");
  size_ = static_cast<std::uint64_t>(info.st_size);
  fd_ = file.release();
}

InputFile::~InputFile() {
  if (fd_ >= 0) ::close(fd_);
}

void InputFile::read(std::uint64_t offset, void* to, std::size_t count) const {
  auto* out = static_cast<char*>(to);
  while (count > 0) {
    const ssize_t n = ::pread(fd_, out, count, static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail<IOError>(op_, "cannot read '", path_, "': ", std::strerror(errno));
    if (n == 0) fail<IOError>(op_, "'", path_, "' has become shorter than ", size_, " bytes");
    out += n;
    offset += static_cast<std::uint64_t>(n);
    count -= static_cast<std::size_t>(n);
  }
}

std::string read_file(const char* op, const std::string& path) {
  const InputFile file(op, path);
  std::string bytes;
  try {
    bytes.resize(static_cast<std::size_t>(file.size()));
  } catch (const std::exception&) {
    fail<IOError>(op, "'", path, "' holds ", file.size(), " bytes, more than memory takes");
  }
  file.read(0, bytes.data(), bytes.size());
  return bytes;
}

inline bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

/// A new file in the path's folder. A process that was killed may have left one of the same name,
/// process ids being few and used again: the next name is taken then.
inline OpenFile create_beside(const std::string& path, std::string& temporary) {
  static std::atomic<unsigned> counter{0};
  for (int attempt = 0;; ++attempt) {
    temporary = path + ".tmp." + std::to_string(::getpid()) + "." + std::to_string(++counter);
    OpenFile file(temporary, O_WRONLY | O_CREAT | O_EXCL);
    if (file || errno != EEXIST || attempt == 1000) return file;
  }
}

void replace_file(const char* op, const std::string& path,
                  std::span<const std::string_view> pieces) {
  std::string temporary;
  OpenFile file = create_beside(path, temporary);
  const auto give_up = [&](const char* what) {
    const int error = errno;
    ::unlink(temporary.c_str());
    fail<IOError>(op, what, " '", path, "': ", std::strerror(error));
  };
  if (!file) fail<IOError>(op, "cannot write '", path, "': ", std::strerror(errno));
  for (std::string_view piece : pieces)
    if (!write_all(file.fd(), piece)) give_up("cannot write");
  if (::fsync(file.fd()) != 0 || !file.close()) give_up("cannot write");
  if (std::rename(temporary.c_str(), path.c_str()) != 0) give_up("cannot replace");
  // The rename itself must reach the disk, too; where folders cannot be synced it soon will.
  const std::size_t slash = path.find_last_of('/');
  const OpenFile folder(slash == std::string::npos ? "." : path.substr(0, slash + 1), O_RDONLY);
  if (folder) (void)!::fsync(folder.fd());
}

}  // namespace linnet::inline LINNET_ABI::detail
