"""Turns items into judged pairs: (prompt, answer, target, label), the target being the quality wanted in [0, 1].

Each item gives a small group around one prompt: fitting answers in several forms, and bad ones of the kinds that
fool small judges (the prompt echoed, words repeated, words shuffled, keywords, flattery, text of another subject).
"""
import random
import re

from . import corpus, own_text

#: What each label is worth. Softer than 0 and 1 where a reasonable reader would hesitate.
TARGETS = {
    "fit": 0.97, "fit_span": 0.93, "fit_padded": 0.85, "fit_wide": 0.88, "fit_partial": 0.5, "fit_mixed": 0.45,
    "beside": 0.15, "wrong_span": 0.08, "swapped": 0.2, "unrelated": 0.02, "echo": 0.02, "echo_passage": 0.04, "echo_most": 0.06,
    "echo_question": 0.03, "repeat": 0.05, "shuffle": 0.06, "keywords": 0.05, "empty": 0.01, "evasion": 0.02, "wrong_option": 0.15,
}

_STOP = set("""a an the of in on at to for and or but is was are were be been by with from as that this these those it its he she
they his her their what which who whom whose when where why how did does do many much there has have had not into about than then
according text passage answer question following""".split())


def words(text):
    return re.findall(r"\w+", text.lower())


def content(text):
    return {w for w in words(text) if w not in _STOP and len(w) > 2}


def overlap(a, b):
    left, right = content(a), content(b)
    return len(left & right) / (1 + len(left))


def window(rng, sents, centre, low=2, high=5):
    """A run of sentences around `centre`: passages of every length occur, and the wanted sentence anywhere in them.

    Mostly short ones: a prompt cut off behind the passage would lose its question, and short pairs train faster.
    """
    size, room = rng.randint(low, high), rng.choice([350, 450, 550, 800])
    start = max(0, centre - rng.randint(0, size - 1))
    end = max(min(start + size, len(sents)), centre + 1)
    while end - start > 1 and sum(map(len, sents[start:end])) > room:
        if end - 1 - centre >= centre - start:
            end -= 1
        else:
            start += 1
    return sents[start:end]


def shorten(rng, prompt):
    """Drops the middle of a long prompt, keeping the instruction at either end."""
    room = rng.choice([350, 450, 600, 800])
    if len(prompt) <= room + 100:
        return prompt
    sents = re.split(r"(?<=[.!?\n])\s+", prompt)
    last, kept = sents.pop()[-200:], []
    while sents and len(" ".join(kept)) < room:
        kept.append(sents.pop(0)[:400])
    return " ".join(kept) + "\n" + last


def shuffled(rng, text):
    parts = text.split()
    for _ in range(3):
        rng.shuffle(parts)
    return " ".join(parts)


def repeated(rng, text):
    """Repetition in the forms a lazy or hostile node produces it."""
    parts = text.split() or ["answer"]
    form = rng.randrange(5)
    if form == 0:
        return " ".join([text] * rng.randint(3, 6))
    if form == 1:
        return " ".join([rng.choice(parts)] * rng.randint(4, 25))
    if form == 2:
        return " ".join(p for part in parts for p in [part] * rng.randint(2, 3))
    if form == 3:
        start = rng.randrange(len(parts))
        return " ".join(parts[start:start + 3] * rng.randint(3, 8))
    return " ".join(parts[:4]) + " " + " ".join([parts[-1]] * rng.randint(5, 20))


def keywords(rng, prompt):
    pool = sorted(content(prompt)) or ["answer"]
    return rng.choice([" ", ", ", " "]).join(rng.sample(pool, min(len(pool), rng.randint(4, 14))))


def most_of(rng, sents):
    """Nearly all of a passage: what an echo looks like after a little trimming."""
    kept = list(sents)
    if len(kept) > 2:
        kept.pop(rng.choice([0, -1]))
    return " ".join(kept)


class Sampler:
    def __init__(self, items, own_pairs=True):
        self.by_kind = {}
        for item in items:
            self.by_kind.setdefault(item.kind, {}).setdefault(item.family, []).append(item)
        self.sentences = [s for item in items if item.passage for s in corpus.sentences(item.passage) if 25 < len(s) < 350]
        self.short_answers = [i.answer for i in items if i.kind in ("passage", "open") and len(i.answer) < 60]
        self.by_passage = {}
        for item in items:
            if item.kind == "passage":
                self.by_passage.setdefault(item.group, []).append(item)
        self.items = items
        self.own_pairs = own_text.OPEN_PAIRS if own_pairs else []

    def pick(self, rng, kind, weights=None):
        families = sorted(self.by_kind[kind])
        chosen = rng.choices(families, [(weights or {}).get(f, 1) for f in families])[0]
        return rng.choice(self.by_kind[kind][chosen])

    # Bad answers that need nothing but the prompt and a fitting answer.
    def cheap_bad(self, rng, prompt, good, count):
        kinds = rng.choices(["unrelated", "echo", "repeat", "shuffle", "keywords", "empty", "evasion"],
                            [5, 2.5, 1.6, 1.6, 0.8, 1.2, 1.4], k=count)
        out = []
        for kind in kinds:
            if kind == "unrelated":
                out.append((self.foreign(rng, prompt, good), kind))
            elif kind == "echo":
                lines = [l for l in prompt.split("\n") if l.strip()]
                form = rng.randrange(6)
                echo = prompt if form < 3 else " ".join(lines) if form == 3 else prompt.lower() if form == 4 else "You asked: " + prompt
                out.append((echo, kind))
            elif kind == "repeat":
                out.append((repeated(rng, good), kind))
            elif kind == "shuffle":
                out.append((shuffled(rng, good), kind) if len(good.split()) >= 6 else (self.foreign(rng, prompt, good), "unrelated"))
            elif kind == "keywords":
                out.append((keywords(rng, prompt), kind))
            elif kind == "empty":
                out.append((rng.choice(own_text.EMPTY_ANSWERS), kind))
            else:
                out.append((rng.choice(own_text.EVASIONS), kind))
        return out

    def foreign(self, rng, prompt, good):
        """A fluent answer to something else, of about the same length half of the time."""
        for _ in range(8):
            form = rng.random()
            if form < 0.5:
                other = rng.choice(self.sentences)
            elif form < 0.7:
                other = rng.choice(self.short_answers)
            else:
                other = rng.choice(self.items).answer[:400] or "Nothing"
            if overlap(other, prompt + " " + good) < 0.3 and other.lower() not in prompt.lower():
                return other
        return rng.choice(self.sentences)

    def passage_group(self, rng):
        item = self.pick(rng, "passage", {"adversarial": 6, "quoref": 2.5, "duorc": 3, "sciq": 2.5, "cosmos": 1, "social": 0.7, "ropes": 0.7, "quartz": 0.7})
        sents = corpus.sentences(item.passage)
        if not sents:
            return []
        holders = [i for i, s in enumerate(sents) if item.answer.lower() in s.lower()]
        # Of several sentences with the answer's words, the one nearest to the question is meant.
        centre = max(holders, key=lambda i: overlap(item.question, sents[i]), default=None)
        sure = centre is not None and (len(holders) == 1 or overlap(item.question, sents[centre]) > 0.3)
        part = window(rng, sents, centre if sure else 0, *((2, 5) if sure else (8, 8)))
        prompt = rng.choice(own_text.PASSAGE_FRAMES).format(p=" ".join(part), q=item.question)
        span = rng.choice(own_text.ANSWER_FRAMES).format(a=item.answer).replace("..", ".")
        out = [(span, "fit_span")]
        if sure:
            best = sents[centre]
            out.append((best, "fit"))
            form = rng.random()
            if form < 0.2 and centre + 1 < len(sents):
                out.append((best + " " + sents[centre + 1], "fit_wide" if len(part) > 3 else "echo_most" if len(part) <= 2 else "fit_padded"))
            elif form < 0.3:
                out.append((rng.choice(own_text.POLITE_OPENERS) + best, "fit"))
            elif form < 0.4:
                out.append((f"{item.answer}. {best}", "fit"))
            elif form < 0.5:
                out.append((best + " " + self.foreign(rng, prompt, best), "fit_mixed"))
            elif form < 0.57 and len(best.split()) > 10 and not best.lower().find(item.answer.lower()) < len(best) // 2:
                out.append((" ".join(best.split()[:len(best.split()) // 2]), "fit_partial"))
            others = [s for s in part if item.answer.lower() not in s.lower() and len(s) > 25]
            if others:
                least = sorted(others, key=lambda s: overlap(item.question, s))
                out.append((rng.choice(least[:2]), "beside"))
            if len(part) >= 3:
                out.append((" ".join(part), "echo_passage") if rng.random() < 0.6 else (most_of(rng, part), "echo_most"))
        siblings = [s.answer for s in self.by_passage[item.group] if not content(s.answer) & content(item.answer) and s.answer != item.answer]
        if siblings and rng.random() < 0.6:
            out.append((rng.choice(own_text.ANSWER_FRAMES).format(a=rng.choice(siblings)), "wrong_span"))
        elif rng.random() < 0.4:
            out.append((rng.choice(own_text.ANSWER_FRAMES).format(a=rng.choice(self.short_answers)), "unrelated"))
        if rng.random() < 0.2:
            out.append((item.question, "echo_question"))
        swapped = self.swap(rng, item.answer, part)
        if swapped and rng.random() < 0.25:
            out.append((swapped, "swapped"))
        return self.finish(rng, prompt, out, sents[centre] if sure else item.answer)

    def swap(self, rng, answer, part):
        """The answer with its number or name exchanged for another one of the passage."""
        text = " ".join(part)
        pattern = r"\b\d[\d,.]*\b" if re.search(r"\d", answer) else r"(?<=[a-z,] )[A-Z][a-z]{3,}\b"
        mine = re.findall(pattern, " x " + answer)
        others = [o for o in re.findall(pattern, text) if o not in answer]
        if not mine or not others:
            return None
        return answer.replace(mine[0], rng.choice(others))

    def definition_group(self, rng):
        item = self.pick(rng, "definition", {"wiki": 4})
        name, verb = item.question.split("|")
        prompt = rng.choice(own_text.DEFINITION_FRAMES).format(k=name, v=verb)
        out = [(item.answer, "fit")]
        if rng.random() < 0.5:
            tail = re.split(r"\b(?:is|was|are|were)\b", item.answer, maxsplit=1)[-1].strip()
            out.append((tail if rng.random() < 0.4 else f"It {verb} {tail}", "fit_span"))
        other = self.pick(rng, "definition", {"wiki": 4})
        if other.question != item.question and not content(name) & content(other.answer):
            out.append((other.answer, "unrelated"))
            # The same fluent definition under the asked name: a lie a judge of this size can at best suspect.
            if rng.random() < 0.15:
                out.append((other.answer.replace(other.question.split("|")[0], name), "swapped"))
        if rng.random() < 0.3:
            out.append((f"{name} {verb} {name}.", "repeat"))
        return self.finish(rng, prompt, out, item.answer)

    def open_group(self, rng):
        item = self.pick(rng, "open", {"kilt": 2, "sciq": 2, "commonsense": 1.5})
        prompt = rng.choice(own_text.OPEN_FRAMES).format(q=item.question) if len(item.question) < 200 else item.question
        out = [(rng.choice(own_text.ANSWER_FRAMES).format(a=item.answer), "fit_span")]
        if item.wrong:
            out.append((rng.choice(own_text.ANSWER_FRAMES).format(a=rng.choice(item.wrong)), "wrong_option"))
        return self.finish(rng, prompt, out, item.answer)

    def instruction_group(self, rng):
        item = self.pick(rng, "instruction", {"common": 4, "adversarial": 1.5, "wiki": 1.5})
        prompt = shorten(rng, item.question)
        answer = item.answer[:600]
        out = [(answer, "fit")]
        other = self.pick(rng, "instruction", {item.family: 8})
        if overlap(other.answer, prompt + " " + answer) < 0.25 and other.answer.lower() not in prompt.lower():
            out.append((other.answer[:400], "unrelated"))
        return self.finish(rng, prompt, out, answer)

    def own_group(self, rng):
        if not self.own_pairs:
            return []
        question, first, second = rng.choice(self.own_pairs)
        prompt = rng.choice(own_text.OPEN_FRAMES).format(q=question)
        out = [(first, "fit")]
        if second:
            out.append((second, "fit"))
        other = rng.choice(self.own_pairs)
        if other[0] != question:
            out.append((rng.choice(other[1:]) or other[1], "unrelated"))
        return self.finish(rng, prompt, out, first)

    def finish(self, rng, prompt, out, good):
        bad = sum(TARGETS[label] < 0.4 for _, label in out)
        out = out + self.cheap_bad(rng, prompt, good, max(1, 2 * (len(out) - bad) - bad))
        group = [(prompt, answer, TARGETS[label], label) for answer, label in out]
        rng.shuffle(group)
        return group[:5]
