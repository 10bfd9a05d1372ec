#include <cmath>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/nn/confusion_metrics.hpp"
#include "linnet/nn/layers/core.hpp"
#include "linnet/nn/losses.hpp"
#include "linnet/nn/metrics.hpp"
#include "linnet/nn/model.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/shape.hpp"
#include "nn/figures.hpp"

using namespace linnet;

namespace {

void check_loss(const std::string& name, Loss&& loss) {
  const std::string key = "loss/" + name + "/";
  const Tensor y = figures::get(key + "y"), p = figures::get(key + "p"),
               w = figures::get(key + "w");
  GradientTape tape;
  tape.watch(p);
  const Tensor value = loss(y, p);
  figures::check(value, key + "value", 5e-6);
  figures::check(tape.gradient(value, p), key + "dp", 1e-5);
  figures::check(loss(y, p, w), key + "weighted", 5e-6);
  loss.reduction = Reduction::sum;
  figures::check(loss(y, p, w), key + "sum", 5e-6);
  loss.reduction = Reduction::none;
  figures::check(loss(y, p, w), key + "none", 5e-6);
  loss.reduction = Reduction::mean_with_sample_weight;
  figures::check(loss(y, p, w), key + "mean_with_sample_weight", 5e-6);
}

void check_metric(const std::string& name, Metric&& metric) {
  const std::string key = "metric/" + name + "/";
  const Tensor y = figures::get(key + "y"), p = figures::get(key + "p"),
               w = figures::get(key + "w");
  const std::int64_t n = p.dim(0), half = n / 2;
  const auto part = [](const Tensor& t, std::int64_t first, std::int64_t count) {
    return narrow(t, 0, first, count);
  };
  metric.update_state(part(y, 0, half), part(p, 0, half));
  metric.update_state(part(y, half, n - half), part(p, half, n - half));
  figures::check(metric.result(), key + "plain");
  const auto copy = metric.clone();
  metric.reset_state();
  CHECK(metric.result() == 0);
  CHECK(copy->result() == 0);  // state of its own, which starts anew
  copy->update_state(y, p, w);
  figures::check(copy->result(), key + "weighted");
}

}  // namespace

TEST_CASE("losses, their reductions and gradients are Keras's") {
  check_loss("mse", MeanSquaredError());
  check_loss("mae", MeanAbsoluteError());
  check_loss("huber", Huber());
  check_loss("huber_half", Huber({.delta = 0.5}));
  check_loss("bce", BinaryCrossentropy());
  check_loss("bce_logits", BinaryCrossentropy({.from_logits = true}));
  check_loss("bce_smooth", BinaryCrossentropy({.label_smoothing = 0.2}));
  check_loss("cce", CategoricalCrossentropy());
  check_loss("cce_logits", CategoricalCrossentropy({.from_logits = true}));
  check_loss("cce_smooth", CategoricalCrossentropy({.label_smoothing = 0.1}));
  check_loss("scce", SparseCategoricalCrossentropy());
  check_loss("scce_unnormalised", SparseCategoricalCrossentropy());
  check_loss("scce_logits", SparseCategoricalCrossentropy({.from_logits = true}));
  check_loss("mape", MeanAbsolutePercentageError());
  check_loss("msle", MeanSquaredLogarithmicError());
  check_loss("log_cosh", LogCosh());
  check_loss("poisson", Poisson());
  check_loss("kl_divergence", KLDivergence());
  check_loss("hinge", Hinge());
  check_loss("hinge_signs", Hinge());
  check_loss("squared_hinge", SquaredHinge());
  check_loss("categorical_hinge", CategoricalHinge());
  check_loss("cosine_similarity", CosineSimilarity());
  check_loss("binary_focal", BinaryFocalCrossentropy());
  check_loss("binary_focal_balanced", BinaryFocalCrossentropy({.apply_class_balancing = true,
                                                               .alpha = 0.3,
                                                               .gamma = 1.5,
                                                               .from_logits = true,
                                                               .label_smoothing = 0.1}));
  check_loss("categorical_focal", CategoricalFocalCrossentropy());
  check_loss("categorical_focal_logits",
             CategoricalFocalCrossentropy({.alpha = 0.5, .gamma = 1, .from_logits = true}));
}

TEST_CASE("ignored classes count in no reduction, as in Keras") {
  using Sparse = SparseCategoricalCrossentropy;
  check_loss("scce_ignore", Sparse({.from_logits = true, .ignore_class = -1}));
  check_loss("scce_ignore_class_2", Sparse({.ignore_class = 2}));
  check_loss("scce_ignore_all", Sparse({.ignore_class = 1}));
  check_loss("scce_ignore_steps", Sparse({.from_logits = true, .ignore_class = 0}));
}

TEST_CASE("a mask of predictions joins the loss's own") {
  const Tensor y = tensor({1, 0, 1, 2}), p = zeros({4, 3});
  const SparseCategoricalCrossentropy loss({.from_logits = true, .ignore_class = 2});
  const Tensor mask = tensor({true, false, true, true});
  CHECK(loss(y, p, {}, mask).item<double>() == doctest::Approx(std::log(3)));
  CHECK(loss(y, p, tensor({1.f, 9.f, 3.f, 9.f}), mask).item<double>() ==
        doctest::Approx(2 * std::log(3)));
  MeanSquaredError mse({.reduction = Reduction::sum});
  CHECK(mse(zeros({2, 2, 1}), ones({2, 2, 1}), {}, tensor({{true, false}, {true, true}}))
            .item<double>() == 3);
  CHECK_THROWS_AS(mse(zeros({2, 1}), ones({2, 1}), {}, ones({2, 1, 1, 1})), ShapeError);
}

TEST_CASE("names make losses and metrics") {
  for (const char* name : {"mse", "MAE", "mape", "msle", "huber_loss", "log_cosh", "poisson", "kld",
                           "hinge", "SquaredHinge", "categorical_hinge", "cosine_similarity", "bce",
                           "binary_focal_crossentropy", "CategoricalCrossentropy"}) {
    CHECK(Loss::from_name(name));
    CHECK(Metric::from_name(name)->name() == name);
  }
  CHECK(Metric::from_name("AUC")->name() == "AUC");
  CHECK_THROWS_AS(Loss::from_name("mean_square"), ValueError);
  CHECK_THROWS_AS(Metric::from_name("acuracy"), ValueError);
}

TEST_CASE("metrics are Keras's, over batches, weights too") {
  for (const char* name :
       {"binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy", "mse", "mae"})
    check_metric(name, std::move(*Metric::from_name(name)));
  using namespace metrics;
  check_metric("top_k", TopKCategoricalAccuracy(3));
  check_metric("sparse_top_k", SparseTopKCategoricalAccuracy());
  check_metric("precision", Precision());
  check_metric("precision_high", Precision({.thresholds = 0.8}));
  check_metric("precision_top_k", Precision({.top_k = 2}));
  check_metric("precision_class", Precision({.thresholds = 0.3, .class_id = 4}));
  check_metric("recall", Recall());
  check_metric("recall_top_k", Recall({.top_k = 4}));
  check_metric("TruePositives", TruePositives());
  check_metric("FalsePositives", FalsePositives());
  check_metric("TrueNegatives", TrueNegatives());
  check_metric("FalseNegatives", FalseNegatives());
  check_metric("auc", AUC());
  check_metric("auc_pr", AUC({.curve = "PR"}));
  check_metric("auc_few", AUC({.num_thresholds = 7, .summation_method = "majoring"}));
  check_metric("auc_pr_few",
               AUC({.num_thresholds = 7, .curve = "PR", .summation_method = "minoring"}));
  check_metric("auc_given", AUC({.thresholds = {0.7, 0.1, 0.4}}));
  check_metric("auc_logits", AUC({.from_logits = true}));
  check_metric("rmse", RootMeanSquaredError());
  check_metric("cosine", metrics::CosineSimilarity());
  check_metric("mean_iou", MeanIoU(9));
  check_metric("bce_metric", metrics::BinaryCrossentropy({.label_smoothing = 0.1}));
  check_metric("cce_metric", metrics::CategoricalCrossentropy({.from_logits = true}));
  check_metric("scce_metric", metrics::SparseCategoricalCrossentropy());
}

TEST_CASE("metrics refuse what does not fit") {
  using namespace metrics;
  CHECK_THROWS_AS(TopKCategoricalAccuracy(0), ValueError);
  CHECK_THROWS_AS(Precision({.top_k = 0}), ValueError);
  CHECK_THROWS_AS(AUC({.num_thresholds = 1}), ValueError);
  CHECK_THROWS_AS(AUC({.curve = "pr"}), ValueError);
  CHECK_THROWS_AS(AUC({.summation_method = "mid"}), ValueError);
  CHECK_THROWS_AS(AUC({.thresholds = {0.5, 1.5}}), ValueError);
  CHECK_THROWS_AS(MeanIoU(0), ValueError);
  Precision p({.class_id = 3});
  CHECK_THROWS_AS(p.update_state(zeros({2, 3}), zeros({2, 3})), IndexError);
  Recall r;
  CHECK_THROWS_AS(r.update_state(zeros({2, 3}), zeros({2, 1})), ShapeError);
  CHECK(r.result() == 0);
}

TEST_CASE("metrics of counts are part of captured steps, apart by clone") {
  const Tensor x = tensor({{0.9f}, {0.2f}, {0.7f}}), y = tensor({1, 1, 0});
  Sequential m{layers::Activation("linear")};
  metrics::AUC auc;
  for (bool eager : {false, true}) {
    m.compile({.optimizer = "sgd",
               .loss = "mse",
               .metrics = {auc, "precision", metrics::Recall({.thresholds = 0.1})},
               .run_eagerly = eager});
    const Logs logs = m.evaluate(x, y, {.batch_size = 2, .verbose = 0});
    CHECK(logs["auc"] == doctest::Approx(0.5));
    CHECK(logs["precision"] == 0.5);
    CHECK(logs["recall"] == 1);
  }
  CHECK(auc.result() == 0);
}
