#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "linnet/core/creation.hpp"
#include "linnet/ops/contract.hpp"
#include "linnet/ops/indexing.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// A tensor whose axes have labels, each one once.
struct Labeled {
  Tensor x;
  std::string labels;
};

/// An equation's operands and result; the axes of "..." are digits, from the last ('0') on.
struct Equation {
  std::vector<std::string> operands;
  std::string result;
};

[[noreturn]] inline void bad_equation(std::string_view equation, const char* why) {
  fail<ValueError>("einsum", "equation \"", equation, "\": ", why);
}

/// The labels of one term; `ellipsis` axes stand for "...".
inline std::string term_labels(std::string_view equation, std::string_view term, int ellipsis) {
  std::string labels;
  bool dots = false;
  for (std::size_t i = 0; i < term.size(); ++i) {
    const char c = term[i];
    if (c == ' ') continue;
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      labels += c;
    } else if (term.substr(i, 3) == "..." && !dots) {
      for (int a = ellipsis - 1; a >= 0; --a) labels += static_cast<char>('0' + a);
      dots = true, i += 2;
    } else {
      bad_equation(equation, "expected letters, \",\", \"->\" and at most one \"...\" a term");
    }
  }
  return labels;
}

inline std::vector<std::string_view> split_terms(std::string_view text) {
  std::vector<std::string_view> terms;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(',', begin);
    terms.push_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return terms;
    begin = end + 1;
  }
}

inline Equation parse_equation(std::string_view equation, const std::vector<Tensor>& tensors) {
  const std::size_t arrow = equation.find("->");
  const auto terms = split_terms(equation.substr(0, arrow));
  if (terms.size() != tensors.size())
    fail<ValueError>("einsum", "equation \"", equation, "\" has ", terms.size(), " operands, got ",
                     tensors.size());
  Equation e;
  int most = 0;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const int named = static_cast<int>(term_labels(equation, terms[i], 0).size());
    const bool dots = terms[i].find("...") != std::string_view::npos;
    const int left = tensors[i].rank() - named;
    if (left < 0 || (left > 0 && !dots))
      fail<ShapeError>("einsum", "operand ", i, " of \"", equation, "\" has shape ",
                       tensors[i].shape());
    most = std::max(most, left);
    e.operands.push_back(term_labels(equation, terms[i], left));
  }
  if (arrow != std::string_view::npos) {
    e.result = term_labels(equation, equation.substr(arrow + 2), most);
    return e;
  }
  std::map<char, int> seen;
  for (const std::string& labels : e.operands)
    for (const char c : labels) ++seen[c];
  for (int a = most - 1; a >= 0; --a) e.result += static_cast<char>('0' + a);
  for (const auto& [label, count] : seen)
    if (count == 1 && label > '9') e.result += label;
  return e;
}

/// The extent of every label; those of "..." may be 1 in some operands.
inline std::map<char, std::int64_t> label_extents(std::string_view equation, const Equation& e,
                                                  const std::vector<Tensor>& tensors) {
  std::map<char, std::int64_t> extents;
  for (std::size_t i = 0; i < tensors.size(); ++i)
    for (std::size_t a = 0; a < e.operands[i].size(); ++a) {
      const char label = e.operands[i][a];
      const std::int64_t n = tensors[i].dim(static_cast<int>(a));
      const auto [at, fresh] = extents.try_emplace(label, n);
      if (fresh || at->second == n || (label <= '9' && n == 1)) continue;
      if (label > '9' || at->second != 1)
        fail<ShapeError>("einsum", "extents ", at->second, " and ", n, " of one axis in \"",
                         equation, "\"");
      at->second = n;
    }
  for (std::size_t i = 0; i < e.result.size(); ++i)
    if (!extents.contains(e.result[i]) || e.result.find(e.result[i], i + 1) != std::string::npos)
      bad_equation(equation, "the result's letters occur in the operands, each once in the result");
  return extents;
}

/// Every label once: of a label that comes twice the diagonal is taken. Axes of "..." take their
/// extent.
inline Labeled labeled(Tensor x, std::string labels, const std::map<char, std::int64_t>& extents) {
  for (std::size_t a = 0; a < labels.size(); ++a) {
    for (std::size_t b; (b = labels.find(labels[a], a + 1)) != std::string::npos;) {
      const int i = static_cast<int>(a), j = static_cast<int>(b);
      std::vector<int> perm;
      for (int k = 0; k < x.rank(); ++k)
        if (k != i && k != j) perm.push_back(k);
      perm.insert(perm.end(), {i, j});
      const std::int64_t n = x.dim(i);
      x = transpose(x, perm);
      Shape flat = x.shape().without(-1);
      flat.set(-1, n * n);
      x = gather(reshape(x, flat), arange(0, n * n, n + 1, DType::int64), -1);
      const char label = labels[a];
      labels.erase(b, 1), labels.erase(a, 1);
      labels += label;
      return labeled(x, labels, extents);
    }
  }
  Shape full;
  for (const char c : labels) full.push_back(extents.at(c));
  return {broadcast_to(x, full), labels};
}

inline Tensor arranged(const Labeled& v, const std::string& order) {
  std::vector<int> perm;
  for (const char c : order) perm.push_back(static_cast<int>(v.labels.find(c)));
  return transpose(v.x, perm);
}

/// Sums over the labels that `keep` lacks.
inline Labeled summed(const Labeled& v, const std::string& keep) {
  std::vector<int> axes;
  std::string left;
  for (std::size_t a = 0; a < v.labels.size(); ++a) {
    if (keep.find(v.labels[a]) == std::string::npos)
      axes.push_back(static_cast<int>(a));
    else
      left += v.labels[a];
  }
  return axes.empty() ? v : Labeled{sum(v.x, {.axis = Axes(axes)}), left};
}

/// The product of two by one batched matrix product; labels that `keep` lacks are summed over.
inline Labeled contracted(const Labeled& left, const Labeled& right, const std::string& keep) {
  const Labeled a = summed(left, keep + right.labels), b = summed(right, keep + left.labels);
  std::string batch, inner, rows, columns;
  for (const char c : a.labels) {
    const bool both = b.labels.find(c) != std::string::npos;
    (both ? keep.find(c) != std::string::npos ? batch : inner : rows) += c;
  }
  for (const char c : b.labels)
    if (a.labels.find(c) == std::string::npos) columns += c;
  const Tensor x = arranged(a, batch + rows + inner), y = arranged(b, batch + inner + columns);
  Shape out;
  std::array<std::int64_t, 4> sizes{1, 1, 1, 1};  // batch, rows, inner, columns
  for (std::size_t i = 0; i < a.labels.size(); ++i) {
    const std::int64_t n = x.dim(static_cast<int>(i));
    const bool in_batch = i < batch.size(), in_rows = i < batch.size() + rows.size();
    sizes[in_batch ? 0 : in_rows ? 1 : 2] *= n;
    if (in_rows) out.push_back(n);
  }
  for (std::size_t i = batch.size() + inner.size(); i < b.labels.size(); ++i) {
    out.push_back(y.dim(static_cast<int>(i)));
    sizes[3] *= out[-1];
  }
  const Tensor z = batch.empty()
                       ? matmul(reshape(x, {sizes[1], sizes[2]}), reshape(y, {sizes[2], sizes[3]}))
                       : matmul(reshape(x, {sizes[0], sizes[1], sizes[2]}),
                                reshape(y, {sizes[0], sizes[2], sizes[3]}));
  return {reshape(z, out), batch + rows + columns};
}

}  // namespace detail

Tensor einsum(std::string_view equation, const std::vector<Tensor>& tensors) {
  if (tensors.empty()) fail<ValueError>("einsum", "expected at least one tensor");
  const detail::Equation e = detail::parse_equation(equation, tensors);
  const auto extents = detail::label_extents(equation, e, tensors);
  detail::Labeled out = detail::labeled(tensors[0], e.operands[0], extents);
  for (std::size_t i = 1; i < tensors.size(); ++i) {
    std::string keep = e.result;
    for (std::size_t j = i + 1; j < tensors.size(); ++j) keep += e.operands[j];
    out = detail::contracted(out, detail::labeled(tensors[i], e.operands[i], extents), keep);
  }
  return detail::arranged(detail::summed(out, e.result), e.result);
}

Tensor tensordot(const Tensor& a, const Tensor& b, const std::vector<int>& axes_a,
                 const std::vector<int>& axes_b) {
  if (axes_a.size() != axes_b.size())
    fail<ValueError>("tensordot", axes_a.size(), " axes of a for ", axes_b.size(), " of b");
  detail::Labeled x{a, {}}, y{b, {}};
  for (int i = 0; i < a.rank(); ++i) x.labels += static_cast<char>('a' + i);
  for (int i = 0; i < b.rank(); ++i) y.labels += static_cast<char>('A' + i);
  for (std::size_t i = 0; i < axes_a.size(); ++i) {
    const int left = normalize_axis("tensordot", axes_a[i], a.rank()),
              right = normalize_axis("tensordot", axes_b[i], b.rank());
    if (a.dim(left) != b.dim(right))
      fail<ShapeError>("tensordot", "axis ", left, " of ", a.shape(), " does not fit axis ", right,
                       " of ", b.shape());
    char& label = y.labels[static_cast<std::size_t>(right)];
    const char other = x.labels[static_cast<std::size_t>(left)];
    if (label >= 'a' || y.labels.find(other) != std::string::npos)
      fail<ValueError>("tensordot", "an axis is given twice");
    label = other;
  }
  std::string keep;
  for (const char c : x.labels)
    if (y.labels.find(c) == std::string::npos) keep += c;
  for (const char c : y.labels)
    if (x.labels.find(c) == std::string::npos) keep += c;
  return detail::arranged(detail::contracted(x, y, keep), keep);
}

Tensor tensordot(const Tensor& a, const Tensor& b, int axes) {
  if (axes < 0 || axes > a.rank() || axes > b.rank())
    fail<ShapeError>("tensordot", axes, " axes of shapes ", a.shape(), " and ", b.shape());
  std::vector<int> left, right;
  for (int i = 0; i < axes; ++i) left.push_back(a.rank() - axes + i), right.push_back(i);
  return tensordot(a, b, left, right);
}

}  // namespace linnet::inline LINNET_ABI
