"""More losses, masks in losses, and metrics that are no means of losses."""
import numpy as np
import keras
from keras import losses, metrics

from figures import normal, put, rng
from training_cases import bits, labels, loss_case, one_hot, probabilities, regression, unnormalised

positive = rng.uniform(0.1, 3, size=(4, 3)).astype(np.float32)
loss_case("mape", losses.MeanAbsolutePercentageError(), *regression)
loss_case("msle", losses.MeanSquaredLogarithmicError(), positive, rng.uniform(-0.5, 3, size=(4, 3)))
loss_case("log_cosh", losses.LogCosh(), *regression)
loss_case("poisson", losses.Poisson(), positive, rng.uniform(0.1, 3, size=(4, 3)))
loss_case("kl_divergence", losses.KLDivergence(), unnormalised[::-1] / 9, unnormalised / 7)
loss_case("hinge", losses.Hinge(), bits, normal(4, 3))
loss_case("hinge_signs", losses.Hinge(), bits * 2 - 1, normal(4, 3))
loss_case("squared_hinge", losses.SquaredHinge(), bits, normal(4, 3))
loss_case("categorical_hinge", losses.CategoricalHinge(), one_hot, unnormalised)
loss_case("cosine_similarity", losses.CosineSimilarity(), *regression)
loss_case("binary_focal", losses.BinaryFocalCrossentropy(), bits, probabilities)
loss_case("binary_focal_balanced",
          losses.BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.3, gamma=1.5, label_smoothing=0.1,
                                         from_logits=True), bits, normal(4, 3) * 3)
loss_case("categorical_focal", losses.CategoricalFocalCrossentropy(), one_hot, unnormalised)
loss_case("categorical_focal_logits", losses.CategoricalFocalCrossentropy(gamma=1, alpha=0.5, from_logits=True),
          one_hot, normal(4, 5) * 3)

some = np.array([0, -1, 4, 1, -1, 2])
loss_case("scce_ignore", losses.SparseCategoricalCrossentropy(ignore_class=-1, from_logits=True), some, normal(6, 5) * 3)
loss_case("scce_ignore_class_2", losses.SparseCategoricalCrossentropy(ignore_class=2), some.clip(0)[:, None],
          rng.uniform(0.05, 0.95, size=(6, 5)))
loss_case("scce_ignore_all", losses.SparseCategoricalCrossentropy(ignore_class=1), np.ones(3, int),
          rng.uniform(0.05, 0.95, size=(3, 4)))
steps = rng.integers(0, 4, size=(3, 5))
loss_case("scce_ignore_steps", losses.SparseCategoricalCrossentropy(ignore_class=0, from_logits=True), steps,
          normal(3, 5, 4), weights=(3, 5))


def metric_case(name, make, y, p):
    """Two batches, without and with weights."""
    key, p = f"metric/{name}/", np.asarray(p, np.float32)
    w = rng.uniform(0, 2, size=(len(p),)).astype(np.float32)
    plain, weighted = make(), make()
    half = len(p) // 2
    for part in (slice(None, half), slice(half, None)):
        plain.update_state(y[part], p[part])
        weighted.update_state(y[part], p[part], sample_weight=w[part])
    for k, v in (("y", y), ("p", p), ("w", w), ("plain", plain.result()), ("weighted", weighted.result())):
        put(key + k, v)


M = metrics
scores = rng.uniform(size=(40,)).astype(np.float32)
clicks = (rng.uniform(size=(40,)) < scores).astype(np.int64)
ranked = np.round(rng.uniform(size=(12, 9)), 1)  # with ties
classes = rng.integers(0, 9, size=(12,))
multi = (rng.uniform(size=(12, 9)) < 0.3).astype(np.float32)
metric_case("top_k", lambda: M.TopKCategoricalAccuracy(3), np.eye(9, dtype=np.float32)[classes], ranked)
metric_case("sparse_top_k", lambda: M.SparseTopKCategoricalAccuracy(), classes, ranked)
metric_case("precision", M.Precision, clicks, scores)
metric_case("precision_high", lambda: M.Precision(thresholds=0.8), clicks, scores)
metric_case("precision_top_k", lambda: M.Precision(top_k=2), multi, ranked)
metric_case("precision_class", lambda: M.Precision(class_id=4, thresholds=0.3), multi, ranked)
metric_case("recall", M.Recall, clicks, scores)
metric_case("recall_top_k", lambda: M.Recall(top_k=4), multi, ranked)
for name in ("TruePositives", "FalsePositives", "TrueNegatives", "FalseNegatives"):
    metric_case(name, getattr(M, name), multi, ranked)
metric_case("auc", M.AUC, clicks, scores)
metric_case("auc_pr", lambda: M.AUC(curve="PR"), clicks, scores)
metric_case("auc_few", lambda: M.AUC(num_thresholds=7, summation_method="majoring"), clicks, scores)
metric_case("auc_pr_few", lambda: M.AUC(num_thresholds=7, curve="PR", summation_method="minoring"), clicks, scores)
metric_case("auc_given", lambda: M.AUC(thresholds=[0.7, 0.1, 0.4]), clicks, scores)
metric_case("auc_logits", lambda: M.AUC(from_logits=True), clicks, scores * 8 - 4)
metric_case("rmse", M.RootMeanSquaredError, *regression)
metric_case("cosine", M.CosineSimilarity, *regression)
metric_case("mean_iou", lambda: M.MeanIoU(9, dtype="float32"), classes, (classes + rng.integers(0, 2, size=(12,))) % 9)
metric_case("bce_metric", lambda: M.BinaryCrossentropy(label_smoothing=0.1), bits, probabilities)
metric_case("cce_metric", lambda: M.CategoricalCrossentropy(from_logits=True), one_hot, unnormalised)
metric_case("scce_metric", M.SparseCategoricalCrossentropy, labels, unnormalised)
