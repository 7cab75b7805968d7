"""What the judge is measured against: cheap rules, and the backbone's own sense of similarity, untrained."""
import re
from collections import Counter

import jax
import jax.numpy as jnp
import numpy as np

from ..train import corpus, network, tokens


def _words(text):
    return re.findall(r"\w+", text.lower())


def token_f1(pairs):
    """The F1 of the words that prompt and answer share."""
    out = []
    for prompt, answer in pairs:
        p, a = Counter(_words(prompt)), Counter(_words(answer))
        shared = sum((p & a).values())
        out.append(2 * shared / max(1, sum(p.values()) + sum(a.values())))
    return out


def bm25(pairs, k1=1.2, b=0.75):
    """BM25 of the answer as a document, the prompt as the query, over all answers (Robertson and Zaragoza 2009, eq. 3.15)."""
    answers = [Counter(_words(answer)) for _, answer in pairs]
    often = Counter(word for answer in answers for word in answer)
    mean = np.mean([sum(answer.values()) for answer in answers])
    out = []
    for (prompt, _), answer in zip(pairs, answers):
        norm = k1 * (1 - b + b * sum(answer.values()) / mean)
        out.append(sum(
            np.log(1 + (len(pairs) - often[w] + 0.5) / (often[w] + 0.5)) * answer[w] * (k1 + 1) / (answer[w] + norm)
            for w in set(_words(prompt)) if w in answer))
    return out


class Embeddings:
    """Embeddings of the untouched backbone, kept by text."""

    def __init__(self, batch=32, longest=256):
        self.batch, self.known = batch, {}
        self.tokenizer = tokens.judge_tokenizer()
        self.tokenizer.enable_truncation(longest)
        self.parameters = {k: jnp.asarray(v) for k, v in network.backbone_parameters().items()}
        self.embed = jax.jit(network.embed)

    def of(self, texts):
        new = sorted(set(texts) - set(self.known), key=len)
        for start in range(0, len(new), self.batch):
            chosen = new[start:start + self.batch]
            encoded = [e.ids for e in self.tokenizer.encode_batch(chosen)]
            length = -(-max(map(len, encoded)) // 32) * 32
            ids, mask = np.zeros((self.batch, length), np.int32), np.zeros((self.batch, length), np.int32)
            mask[:, 0] = 1
            for row, found in enumerate(encoded):
                ids[row, : len(found)], mask[row, : len(found)] = found, 1
            for text, vector in zip(chosen, np.asarray(self.embed(self.parameters, ids, mask))):
                self.known[text] = vector
        return np.stack([self.known[text] for text in texts])


def cosine(pairs, embeddings):
    """The cosine of the whole prompt and the whole answer."""
    p, a = embeddings.of([p for p, _ in pairs]), embeddings.of([a for _, a in pairs])
    return (p * a).sum(1).tolist()


def alignment(pairs, embeddings):
    """For each sentence of the answer the best sentence of the prompt, averaged."""
    out = []
    for prompt, answer in pairs:
        left = [s for part in prompt.split("\n") for s in corpus.sentences(part)] or [prompt]
        right = corpus.sentences(answer) or [answer]
        out.append(float((embeddings.of(right) @ embeddings.of(left).T).max(1).mean()))
    return out
