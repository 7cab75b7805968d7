"""Measures the exported judge: python -m models.train.evaluate

Two sets: passages and prompts of the collection that training never saw, and the project's own models/eval/pairs.jsonl.
For every prompt its fitting answer is compared with bad ones. Reported is how often the fitting answer wins, for the
judge and, beside it, for the cosine of the untouched backbone's embeddings.
"""
import argparse
import json
import random
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from tqdm import tqdm

from . import corpus, network, own_text, reference, samples, tokens

DEFAULT_PAIRS = Path(__file__).resolve().parents[1] / "eval" / "pairs.jsonl"


def rivals(rng, prompt, answer, passage, strangers):
    """The bad answers a fitting one is compared with, by name."""
    out = {
        "echo": [prompt],
        "repetition": [" ".join([answer] * 4), " ".join([rng.choice(answer.split())] * 15)],
        "empty": ["", "..."],
        "evasion": [rng.choice([e for e in own_text.EVASIONS if e])],
        "unrelated": strangers,
    }
    if len(answer.split()) >= 6:
        out["shuffled"] = [samples.shuffled(rng, answer)]
    sents = corpus.sentences(passage)
    if len(sents) >= 3:
        out["passage echoed"] = [" ".join(sents)]
        others = [s for s in sents if answer.strip(". ").lower() not in s.lower() and s not in answer]
        if others:
            out["other sentence of the passage"] = [rng.choice(others)]
    return out


def held_out_cases(data, count, seed=3):
    """(form, prompt, answer, rivals) of held-out items, the answer in the collection's own words or as a passage's sentence."""
    rng = random.Random(seed)
    _, held = corpus.split(corpus.load(data))
    sampler = samples.Sampler(held, own_pairs=False)
    cases = []
    kinds = ["passage", "passage", "passage", "open", "definition", "summary", "instruction"]
    while len(cases) < count:
        item = sampler.pick(rng, rng.choice(kinds), {"adversarial": 4, "quoref": 2, "duorc": 2, "wiki": 2, "common": 2})
        passage, answer, form = "", item.answer[:600], item.kind
        if item.kind == "passage":
            sents = corpus.sentences(item.passage)
            holders = [i for i, s in enumerate(sents) if item.answer.lower() in s.lower()]
            if len(holders) != 1 or len(sents) < 3:
                continue
            part = samples.window(rng, sents, holders[0], 3, 6)
            passage = " ".join(part)
            prompt = rng.choice(own_text.PASSAGE_FRAMES).format(p=passage, q=item.question)
            if rng.random() < 0.6:
                answer, form = sents[holders[0]], "passage, its sentence"
            else:
                form = "passage, bare answer"
        elif item.kind == "definition":
            name, verb = item.question.split("|")
            prompt = rng.choice(own_text.DEFINITION_FRAMES).format(k=name, v=verb)
        else:
            prompt = item.question
        strangers = []
        while len(strangers) < 3:
            other = sampler.pick(rng, rng.choice(kinds)).answer[:600]
            if samples.overlap(other, prompt + " " + answer) < 0.4 and other.lower() not in prompt.lower():
                strangers.append(other)
        cases.append((form, prompt, answer, rivals(rng, prompt, answer, passage, strangers)))
    return cases


def own_cases(path, seed=4):
    """The same for the project's own pairs. A stranger is the answer of a line about another text."""
    rng = random.Random(seed)
    lines = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    cases = []
    for i, line in enumerate(lines):
        far = [l["answer"] for j, l in enumerate(lines) if abs(i - j) > 2]
        strangers = rng.sample(far, 10)
        passage = line["prompt"] if line["family"] == "passage" else ""
        if passage:
            # Frames and the question are short lines; the passage is the long one.
            passage = max(passage.split("\n"), key=len)
        cases.append((line["family"], line["prompt"], line["answer"], rivals(rng, line["prompt"], line["answer"], passage, strangers)))
    return cases


def cosines(texts, batch=32):
    """Embeddings of the untouched backbone for every distinct text, cut at 256 tokens."""
    tokenizer = tokens.judge_tokenizer()
    tokenizer.enable_truncation(256)
    params = {k: jnp.asarray(v) for k, v in network.backbone_parameters().items()}
    embed = jax.jit(network.embed)
    texts = sorted(set(texts), key=len)
    out = {}
    for start in tqdm(range(0, len(texts), batch), desc="baseline", mininterval=5):
        chosen = texts[start:start + batch]
        encoded = [e.ids for e in tokenizer.encode_batch(chosen)]
        length = -(-max(map(len, encoded)) // 32) * 32
        ids, mask = np.zeros((batch, length), np.int32), np.zeros((batch, length), np.int32)
        mask[:, 0] = 1
        for row, found in enumerate(encoded):
            ids[row, : len(found)], mask[row, : len(found)] = found, 1
        for text, vector in zip(chosen, np.asarray(embed(params, ids, mask))):
            out[text] = vector
    return out


def report(title, cases, judge, baseline):
    pairs = sorted({(p, a) for _, p, good, bad in cases for a in [good] + sum(bad.values(), [])})
    logits = judge.logits(pairs, progress=lambda x: tqdm(x, desc="judge", mininterval=5))
    score = dict(zip(pairs, judge.scores(logits)))
    exact = dict(zip(pairs, logits))
    print(f"\n{title}: {len(cases)} prompts")
    vectors = cosines([t for pair in pairs for t in pair]) if baseline else {}
    names = sorted({n for case in cases for n in case[3]})
    for name in names:
        won, base = [], []
        for _, prompt, good, bad in cases:
            for answer in bad.get(name, []):
                won.append(exact[prompt, good] > exact[prompt, answer])
                if baseline:
                    base.append(vectors[prompt] @ vectors[good] > vectors[prompt] @ vectors[answer])
        bad_scores = [score[c[1], a] for c in cases for a in c[3].get(name, [])]
        line = f"  fitting above {name:30s} {100 * np.mean(won):6.2f} of 100 in {len(won):5d}; median score of the bad one {np.median(bad_scores):.3f}, 90th percentile {np.percentile(bad_scores, 90):.3f}"
        print(line + (f"; cosine baseline {100 * np.mean(base):6.2f}" if baseline else ""))
    for form in sorted({c[0] for c in cases}):
        chosen = [c for c in cases if c[0] == form]
        good = np.array([score[c[1], c[2]] for c in chosen])
        won = np.mean([exact[c[1], c[2]] > exact[c[1], a] for c in chosen for a in c[3]["unrelated"]])
        print(f"  {form:24s} {len(chosen):5d} prompts: median score of the fitting answer {np.median(good):.3f}, above 0.7 in {100 * np.mean(good > 0.7):.1f} of 100; above unrelated {100 * won:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", type=Path, default=reference.DEFAULT_MODEL)
    parser.add_argument("--data", type=Path, help="the collection, t0_train_50k.jsonl.gz; needed unless --count is 0")
    parser.add_argument("--pairs", type=Path, default=DEFAULT_PAIRS)
    parser.add_argument("--count", type=int, default=1000, help="held-out prompts; 0 leaves that part out")
    parser.add_argument("--no-baseline", action="store_true")
    parser.add_argument("--quick", action="store_true", help="compare with two unrelated answers and the echo only")
    args = parser.parse_args()
    if args.count and args.data is None:
        parser.error("--data is missing: where the collection is, or --count 0 to leave that part out")
    judge = reference.Judge(args.model)
    sets = [("models/eval/pairs.jsonl", own_cases(args.pairs))]
    if args.count:
        sets.insert(0, ("Held out of the collection", held_out_cases(args.data, args.count)))
    for title, cases in sets:
        if args.quick:
            cases = [(f, p, a, {"unrelated": bad["unrelated"][:2], "echo": bad["echo"]}) for f, p, a, bad in cases]
        report(title, cases, judge, not args.no_baseline)


if __name__ == "__main__":
    main()
