// embed: matrix factorization, two tables of which a step reads a tenth and updates all.
#include "bench.hpp"

namespace bench {

using namespace linnet;

bool make_embedding(const std::string& name, Workload& out) {
  if (name != "embed") return false;
  constexpr std::int64_t batch = 1024, rows = 10000, width = 32;
  Parameters parameters;
  const Variable users = parameters.add({rows, width}, width);
  const Variable items = parameters.add({rows, width}, width);
  const Tensor pairs = stack({integers({batch}, 99, rows), integers({batch}, 98, rows)});
  out = training(std::make_shared<Adam>(1e-3), parameters.all(), pairs, uniform({batch}, 97, 2),
                 [users, items](const Tensor& ids, const Tensor& ratings) {
                   const std::vector<Tensor> id = unstack(ids);
                   const Tensor score =
                       sum(gather(users, id[0]) * gather(items, id[1]), {.axis = -1});
                   return mean(square(score - ratings));
                 });
  return true;
}

}  // namespace bench
