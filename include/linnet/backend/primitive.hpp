#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_BACKEND_PRIMITIVE
#endif

#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "linnet/backend/layout.hpp"
#include "linnet/config.hpp"
#include "linnet/core/message.hpp"

namespace linnet::inline LINNET_ABI {

struct Call;
class Kernel;
using KernelPtr = std::shared_ptr<const Kernel>;

/// The attributes of an op, nothing else: a small copyable struct. Any type with these members is a
/// primitive, an application's own too:
///
///     struct Scale {                                        // y = x * factor
///       static constexpr std::string_view name = "scale";
///       float factor = 1;
///       bool operator==(const Scale&) const = default;
///       void visit(auto&& field) const { field("factor", factor); }     // hash, print, export
///       static KernelPtr cpu_kernel(const Call& call);                  // optional
///     };
///
/// Optional members:
///  - `static KernelPtr cpu_kernel(const Call&)`: the portable CPU kernel, used when no registered
///    backend has a better one; nullptr means "I do not have this";
///  - `bool view(const StridedView& in, StridedView& out) const`: marks a view. It fills `out` with
///    how the result lies over the memory of the (single) input and returns true, or false when
///    these strides need a dense copy first (dense inputs must succeed);
///  - `static constexpr bool stateful = true`: never merged, folded or dropped although unused;
///  - `static constexpr bool fallible = true`: its kernels may record an error (KernelTraits).
template <class P>
concept PrimitiveAttributes = std::is_class_v<P> && requires(const P& p) {
  std::string_view(P::name);
  { p == p } -> std::convertible_to<bool>;
};

namespace detail {

/// Mixes `value` into `seed` (64-bit multiply-xorshift).
constexpr std::uint64_t hash_mix(std::uint64_t seed, std::uint64_t value) {
  std::uint64_t h = (seed ^ value) * 0x9E3779B97F4A7C15ull;
  return h ^ (h >> 29);
}

struct FieldHasher {
  std::uint64_t hash = 0x51ED270B35A1Cull;
  template <class T>
  void operator()(std::string_view, const T& value) {
    add(value);
  }
  template <class T>
  void add(const T& v) {
    if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
      hash = hash_mix(hash, static_cast<std::uint64_t>(v));
    } else if constexpr (std::is_floating_point_v<T>) {
      hash = hash_mix(hash, std::bit_cast<std::uint64_t>(static_cast<double>(v)));
    } else if constexpr (requires { v.hash(); }) {
      hash = hash_mix(hash, v.hash());
    } else {  // a range of fields: array, vector, Shape, string
      for (const auto& e : v) add(e);
      hash = hash_mix(hash, 0xA5);
    }
  }
};

struct FieldPrinter {
  std::string& out;
  bool first = true;
  template <class T>
  void operator()(std::string_view name, const T& value) {
    if (!first) append(out, ", ");
    first = false;
    append(out, name);
    append(out, "=");
    add(value);
  }
  template <class T>
  void add(const T& v) {
    if constexpr (std::is_same_v<T, DType> || std::is_arithmetic_v<T> ||
                  std::is_convertible_v<T, std::string_view> || std::is_same_v<T, Shape>) {
      append(out, v);
    } else if constexpr (std::is_enum_v<T>) {
      if constexpr (requires { to_string(v); })
        append(out, to_string(v));
      else
        append(out, static_cast<int>(v));
    } else if constexpr (requires { v.describe(out); }) {
      v.describe(out);
    } else {
      append(out, "[");
      const char* separator = "";
      for (const auto& e : v) append(out, separator), add(e), separator = ", ";
      append(out, "]");
    }
  }
};

/// The type-erased face of one primitive type.
struct PrimitiveType {
  std::string_view name;
  std::uint64_t (*hash)(const void*);
  bool (*equal)(const void*, const void*);
  void (*print)(const void*, std::string&);
  std::shared_ptr<const void> (*clone)(const void*);
  bool (*view)(const void*, const StridedView&, StridedView&);  // null: not a view
  KernelPtr (*cpu_kernel)(const Call&);                         // null: none
  bool stateful;
  bool fallible;  // its kernels may record an error that depends on the data
};

struct OwnedAttributes {
  OwnedAttributes() = default;
  OwnedAttributes(const OwnedAttributes&) = delete;
  OwnedAttributes& operator=(const OwnedAttributes&) = delete;
  virtual ~OwnedAttributes() = default;
};
template <class P>
struct OwnedAttributesOf final : OwnedAttributes {
  explicit OwnedAttributesOf(const P& p) : attributes(p) {}
  const P attributes;
};
/// Shares what `owner` owns. One counter type serves all primitives: make_shared has one for each.
inline std::shared_ptr<const void> share_attributes(const OwnedAttributes* owner,
                                                    const void* attributes) {
  return {std::shared_ptr<const OwnedAttributes>(owner), attributes};
}

template <class P>
struct PrimitiveTypeOf {
  static std::uint64_t hash(const void* p) {
    FieldHasher h;
    for (char c : P::name) h.add(c);
    if constexpr (requires(const P& q) { q.visit(h); }) static_cast<const P*>(p)->visit(h);
    return h.hash;
  }
  static bool equal(const void* a, const void* b) {
    return *static_cast<const P*>(a) == *static_cast<const P*>(b);
  }
  static void print(const void* p, std::string& out) {
    FieldPrinter printer{out};
    if constexpr (requires(const P& q) { q.visit(printer); })
      static_cast<const P*>(p)->visit(printer);
  }
  static std::shared_ptr<const void> clone(const void* p) {
    const auto* owner = new OwnedAttributesOf<P>(*static_cast<const P*>(p));
    return share_attributes(owner, &owner->attributes);
  }
  static bool view(const void* p, const StridedView& in, StridedView& out) {
    return static_cast<const P*>(p)->view(in, out);
  }
  static constexpr PrimitiveType make() {
    PrimitiveType t{P::name, hash, equal, print, clone, nullptr, nullptr, false, false};
    if constexpr (requires(const P& q, StridedView& v) { q.view(v, v); }) t.view = view;
    if constexpr (requires(const Call& c) { P::cpu_kernel(c); }) t.cpu_kernel = &P::cpu_kernel;
    if constexpr (requires { P::stateful; }) t.stateful = P::stateful;
    if constexpr (requires { P::fallible; }) t.fallible = P::fallible;
    return t;
  }
};

template <class P>
inline constexpr PrimitiveType primitive_type = PrimitiveTypeOf<P>::make();

}  // namespace detail

class Primitive;

/// Borrowed attributes with their type; lives as long as what it was made from.
class PrimitiveRef {
 public:
  template <class P>
  requires(!std::is_same_v<P, Primitive>) &&
      (!std::is_same_v<P, PrimitiveRef>)&&PrimitiveAttributes<P> PrimitiveRef(const P& p)
      : type_(&detail::primitive_type<P>),
  attributes_(&p) {}
  inline PrimitiveRef(const Primitive& p);

  std::string_view name() const { return type_->name; }
  const detail::PrimitiveType& type() const { return *type_; }
  const void* attributes() const { return attributes_; }
  std::uint64_t hash() const { return type_->hash(attributes_); }
  bool is_view() const { return type_->view != nullptr; }
  /// The attributes if this is a P, else nullptr.
  template <class P>
  const P* get_if() const {
    return type_ == &detail::primitive_type<P> || type_->name == P::name
               ? static_cast<const P*>(attributes_)
               : nullptr;
  }
  friend bool operator==(const PrimitiveRef& a, const PrimitiveRef& b) {
    return (a.type_ == b.type_ || a.type_->name == b.type_->name) &&
           a.type_->equal(a.attributes_, b.attributes_);
  }

 private:
  friend class Primitive;
  PrimitiveRef() = default;
  const detail::PrimitiveType* type_ = nullptr;
  const void* attributes_ = nullptr;
};

/// Attributes with their type, owned (shared, immutable): what a Graph and the kernel cache hold.
class Primitive {
 public:
  explicit Primitive(PrimitiveRef ref)
      : type_(&ref.type()), attributes_(ref.type().clone(ref.attributes())) {}
  template <class P>
  requires(!std::is_same_v<P, Primitive>) &&
      (!std::is_same_v<P, PrimitiveRef>)&&PrimitiveAttributes<P> Primitive(const P& p)
      : Primitive(PrimitiveRef(p)) {}
  PrimitiveRef ref() const { return PrimitiveRef(*this); }
  std::string_view name() const { return type_->name; }
  const detail::PrimitiveType& type() const { return *type_; }
  template <class P>
  const P* get_if() const {
    return ref().get_if<P>();
  }

 private:
  friend class PrimitiveRef;
  const detail::PrimitiveType* type_;
  std::shared_ptr<const void> attributes_;
};

inline PrimitiveRef::PrimitiveRef(const Primitive& p)
    : type_(p.type_), attributes_(p.attributes_.get()) {}

/// "conv2d(strides=[1, 1], padding=same)".
inline std::string to_string(PrimitiveRef p) {
  std::string text(p.name()), fields;
  p.type().print(p.attributes(), fields);
  return fields.empty() ? text : text + "(" + fields + ")";
}

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_BACKEND_PRIMITIVE
#include "linnet/impl/src.hpp"
#endif
