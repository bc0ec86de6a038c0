"""One fit of a peer in a process of its own.

usage: peers.py words|characters|fasttext|vader SET.json OUT.json
       peers.py onnx TEXTS.json OUT.json MODEL.onnx      scores texts and compares with the expected margins
"""
import json
import os
import pickle
import sys
import tempfile
import time
import zlib

engine, set_file, out_file = sys.argv[1:4]
data = json.load(open(set_file, encoding="utf8"))
result = {}


def timed(fit, texts, y):
    fit(texts[:2000], y[:2000])
    began, used = time.perf_counter(), time.process_time()
    model = fit(texts, y)
    result.update(seconds=time.perf_counter() - began, cpu=time.process_time() - used)
    return model


def sklearn_model(texts, y):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2)
    features = words if engine == "words" else make_union(words, TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2))
    return make_pipeline(features, LogisticRegression(C=4, max_iter=1000)).fit(texts, y)


def fasttext_model(texts, y):
    import fasttext

    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False, encoding="utf8") as lines:
        lines.writelines(f"__label__{label} {one_line(text)}\n" for text, label in zip(texts, y))
    model = fasttext.train_supervised(lines.name, dim=50, wordNgrams=2, minn=2, maxn=5, bucket=200_000, epoch=10, lr=0.5, thread=1, verbose=0)
    os.unlink(lines.name)
    return model


def one_line(text):
    return " ".join(text.lower().split())


if engine == "onnx":
    import numpy
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(sys.argv[4], options)
    texts, worst = data["texts"], 0.0
    column = session.get_inputs()[0].name
    began = time.perf_counter()
    for at in range(0, len(texts), 100):
        outputs = session.run(None, {column: numpy.array(texts[at : at + 100], dtype=object)})
        for got, expected in zip(outputs, data["expected"]):
            worst = max(worst, float(numpy.abs(got - numpy.array(expected[at : at + 100])).max()))
    result.update(textsPerSecond=len(texts) / (time.perf_counter() - began), worst=worst)
else:
    train, test = data["train"], data["test"]
    if engine == "vader":
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        analyzer = SentimentIntensityAnalyzer()
        began, used = time.perf_counter(), time.process_time()
        scores = [analyzer.polarity_scores(text)["compound"] for text in test["texts"]]
        result.update(seconds=0, cpu=0, bytes=0)
        three = len(data["classes"]) == 3
        result["prediction"] = [
            (2 if s >= 0.05 else 0 if s <= -0.05 else 1) if three else int(s >= 0) for s in scores
        ]
    elif engine == "fasttext":
        model = timed(fasttext_model, train["texts"], train["y"])
        # The wheel's predict() does not work with NumPy 2; what it calls does.
        result["prediction"] = [int(model.f.predict(one_line(text) + "\n", 1, 0.0, "strict")[0][1][9:]) for text in test["texts"]]
        with tempfile.NamedTemporaryFile(suffix=".bin") as file:
            model.save_model(file.name)
            result["bytes"] = os.path.getsize(file.name)
    else:
        model = timed(sklearn_model, train["texts"], train["y"])
        result["prediction"] = model.predict(test["texts"]).tolist()
        result["bytes"] = len(pickle.dumps(model))
        result["zipped"] = len(zlib.compress(pickle.dumps(model)))
json.dump(result, open(out_file, "w"))
