"""The peers. Each engine: `prepare` brings a set into the form it takes best (never timed), `fit` builds its own
binned form and the model (timed), `predict` gives probabilities. Same parameters for all: 255 bins, leaf-wise, the
given leaves, rate and rows a leaf, no L2 penalty, no sampling. What an engine does not have is named in its class."""
import numpy as np


class LightGBM:
    def __init__(self, p, threads, categorical):
        import lightgbm
        self.lib, self.p, self.threads, self.categorical = lightgbm, p, threads, categorical
        self.version = lightgbm.__version__

    def prepare(self, X, rows_first):
        return np.ascontiguousarray(X) if rows_first else X

    def fit(self, X, y, task="binary", n_classes=2):
        objective = {"binary": "binary", "multiclass": "multiclass", "regression": "regression"}[task]
        settings = dict(objective=objective, num_leaves=self.p["maxLeafNodes"], learning_rate=self.p["learningRate"],
                        max_bin=self.p["maxBins"], min_data_in_leaf=self.p["minSamplesLeaf"],
                        num_threads=self.threads, verbose=-1, seed=1)
        if task == "multiclass":
            settings["num_class"] = n_classes
        data = self.lib.Dataset(X, y, params=settings, categorical_feature=self.categorical or "auto")
        self.model = self.lib.train(settings, data, self.p["nEstimators"])

    def predict(self, X):
        return self.model.predict(X, num_threads=self.threads)


class LightGBMSparse(LightGBM):
    def prepare(self, X, rows_first):
        from scipy.sparse import csr_matrix
        return csr_matrix(X)


class XGBoost:
    """No rows a leaf: min_child_weight (sum of hessians) 1 instead."""

    def __init__(self, p, threads, categorical):
        import xgboost
        self.lib, self.p, self.threads, self.categorical = xgboost, p, threads, categorical
        self.version = xgboost.__version__

    def prepare(self, X, rows_first):
        return np.ascontiguousarray(X) if rows_first else X

    def fit(self, X, y):
        types = ["c" if j in self.categorical else "float" for j in range(X.shape[1])] if self.categorical else None
        data = self.lib.QuantileDMatrix(X, y, max_bin=self.p["maxBins"], nthread=self.threads, feature_types=types,
                                        enable_categorical=bool(self.categorical))
        self.model = self.lib.train(
            {"objective": "binary:logistic", "tree_method": "hist", "grow_policy": "lossguide", "max_depth": 0,
             "max_leaves": self.p["maxLeafNodes"], "eta": self.p["learningRate"], "max_bin": self.p["maxBins"],
             "lambda": 0, "min_child_weight": 1, "nthread": self.threads, "seed": 1}, data, self.p["nEstimators"])

    def predict(self, X):
        if self.categorical:  # inplace_predict would not take the types
            types = ["c" if j in self.categorical else "float" for j in range(X.shape[1])]
            return self.model.predict(self.lib.DMatrix(X, nthread=self.threads, feature_types=types, enable_categorical=True))
        return self.model.inplace_predict(X)


class XGBoostSparse(XGBoost):
    def prepare(self, X, rows_first):
        from scipy.sparse import csr_matrix
        return csr_matrix(X)


class HistGradientBoosting:
    """Threads by OMP_NUM_THREADS, which run.js sets. Categories: at most 255."""

    def __init__(self, p, threads, categorical):
        import sklearn
        from sklearn.ensemble import HistGradientBoostingClassifier
        self.version = sklearn.__version__
        self.model = HistGradientBoostingClassifier(
            max_iter=p["nEstimators"], max_leaf_nodes=p["maxLeafNodes"], learning_rate=p["learningRate"],
            max_bins=p["maxBins"], min_samples_leaf=p["minSamplesLeaf"], early_stopping=False, random_state=1,
            categorical_features=categorical or None)

    def prepare(self, X, rows_first):
        return np.ascontiguousarray(X) if rows_first else X

    def fit(self, X, y):
        self.model.fit(X, y)

    def predict(self, X):
        return self.model.predict_proba(X)[:, 1]


class CatBoost:
    """Lossguide with the same split score as the others (L2) and one Newton step a leaf."""

    def __init__(self, p, threads, categorical):
        import catboost
        self.lib, self.threads, self.categorical, self.version = catboost, threads, categorical, catboost.__version__
        self.model = catboost.CatBoostClassifier(
            iterations=p["nEstimators"], grow_policy="Lossguide", max_leaves=p["maxLeafNodes"], depth=16,
            learning_rate=p["learningRate"], border_count=p["maxBins"] - 1, min_data_in_leaf=p["minSamplesLeaf"],
            l2_leaf_reg=0, score_function="L2", bootstrap_type="No", random_strength=0, leaf_estimation_iterations=1,
            thread_count=threads, verbose=0, allow_writing_files=False, random_seed=1)

    def prepare(self, X, rows_first):
        if not self.categorical:
            return np.ascontiguousarray(X) if rows_first else X
        import pandas as pd
        return pd.DataFrame({
            f"x{j}": np.nan_to_num(X[:, j], nan=-1).astype(int) if j in self.categorical else X[:, j]
            for j in range(X.shape[1])})

    def fit(self, X, y):
        self.model.fit(self.lib.Pool(X, y, cat_features=self.categorical or None, thread_count=self.threads))

    def predict(self, X):
        return self.model.predict_proba(X, thread_count=self.threads)[:, 1]


class YDF:
    """Its own split gain (no hessians in it), 255 discretised values a column."""

    def __init__(self, p, threads, categorical):
        import ydf
        self.threads, self.categorical, self.version = threads, categorical, ydf.__version__
        self.lib, self.p = ydf, p

    def prepare(self, X, rows_first):
        return {f"x{j}": self.codes(X[:, j]) if j in self.categorical else np.ascontiguousarray(X[:, j])
                for j in range(X.shape[1])}

    @staticmethod
    def codes(column):
        return np.where(np.isnan(column), "", np.nan_to_num(column).astype(int).astype(str))

    def fit(self, X, y):
        semantics = [(name, self.lib.Semantic.CATEGORICAL) for j, name in enumerate(X) if j in self.categorical]
        learner = self.lib.GradientBoostedTreesLearner(
            label="label", num_trees=self.p["nEstimators"], growing_strategy="BEST_FIRST_GLOBAL", max_depth=-1,
            max_num_nodes=self.p["maxLeafNodes"], shrinkage=self.p["learningRate"],
            min_examples=self.p["minSamplesLeaf"], discretize_numerical_columns=True,
            num_discretized_numerical_bins=self.p["maxBins"], validation_ratio=0.0, early_stopping="NONE",
            num_threads=self.threads, features=semantics, include_all_columns=True)
        self.model = learner.train({**X, "label": y.astype(int)}, verbose=0)

    def predict(self, X):
        return self.model.predict(X, num_threads=self.threads)


ENGINES = {
    "lightgbm": LightGBM, "lightgbm-csr": LightGBMSparse, "xgboost": XGBoost, "xgboost-csr": XGBoostSparse,
    "hgb": HistGradientBoosting, "catboost": CatBoost, "ydf": YDF,
}
