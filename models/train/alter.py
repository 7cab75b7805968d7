"""Changes a sentence: into one that says something else (`contradict`), or into one that says the same (`loosen`).

Both only ever work on words that are in front of them, so that an altered sentence looks as natural as its original.
"""
import re

MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_NOT_NAMES = set("The A An In On At It He She They We I This That These Those But And Or If When While After Before Since His Her Their Its "
                 "There Then For With From By As To Of Some Many Most Both One Two".split())

#: Words whose exchange turns a statement round.
OPPOSITES = [
    ("before", "after"), ("more", "fewer"), ("more", "less"), ("most", "least"), ("higher", "lower"), ("increased", "decreased"), ("increases", "decreases"),
    ("rose", "fell"), ("first", "last"), ("north", "south"), ("east", "west"), ("northern", "southern"), ("eastern", "western"), ("left", "right"),
    ("won", "lost"), ("bought", "sold"), ("opened", "closed"), ("open", "closed"), ("begins", "ends"), ("began", "ended"), ("early", "late"), ("earlier", "later"),
    ("older", "younger"), ("old", "new"), ("largest", "smallest"), ("larger", "smaller"), ("large", "small"), ("big", "small"), ("long", "short"),
    ("longer", "shorter"), ("hot", "cold"), ("warm", "cold"), ("always", "never"), ("often", "rarely"), ("usually", "rarely"), ("above", "below"),
    ("inside", "outside"), ("up", "down"), ("father", "mother"), ("brother", "sister"), ("son", "daughter"), ("husband", "wife"), ("male", "female"),
    ("accepted", "refused"), ("agreed", "refused"), ("allowed", "forbidden"), ("with", "without"), ("all", "none"), ("every", "no"), ("many", "few"),
    ("strong", "weak"), ("stronger", "weaker"), ("faster", "slower"), ("fast", "slow"), ("morning", "evening"), ("summer", "winter"), ("spring", "autumn"),
    ("minimum", "maximum"), ("at least", "at most"), ("loved", "hated"), ("likes", "dislikes"), ("success", "failure"), ("succeeded", "failed"),
    ("arrived", "left"), ("public", "private"), ("cheaper", "dearer"), ("best", "worst"), ("better", "worse"), ("friend", "enemy"), ("near", "far from"),
    ("dry", "wet"), ("light", "dark"), ("rich", "poor"), ("safe", "dangerous"), ("true", "false"), ("empty", "full"), ("hard", "soft"), ("high", "low"),
    ("started", "stopped"), ("gave", "took"), ("sent", "received"), ("because of", "in spite of"), ("caused", "prevented"), ("causes", "prevents"),
    ("enabled", "disabled"), ("required", "optional"), ("includes", "excludes"), ("included", "excluded"), ("top", "bottom"), ("kept", "lost"),
]
#: Words that may stand for one another.
ALIKE = [
    ("large", "big"), ("begin", "start"), ("began", "started"), ("begins", "starts"), ("ended", "finished"), ("buy", "purchase"), ("bought", "purchased"),
    ("help", "assist"), ("helped", "assisted"), ("show", "demonstrate"), ("shows", "demonstrates"), ("got", "received"), ("near", "close to"), ("about", "roughly"),
    ("almost", "nearly"), ("because", "since"), ("but", "yet"), ("however", "still"), ("also", "as well"), ("many", "numerous"), ("children", "kids"), ("often", "frequently"),
    ("usually", "normally"), ("important", "significant"), ("difficult", "hard"), ("quickly", "fast"), ("built", "constructed"), ("made", "produced"), ("found", "discovered"),
    ("used", "employed"), ("said", "stated"), ("says", "states"), ("told", "informed"), ("lives", "resides"), ("lived", "resided"), ("died", "passed away"),
    ("movie", "film"), ("area", "region"), ("country", "nation"), ("whole", "entire"), ("enough", "sufficient"), ("needs", "requires"), ("need", "require"),
    ("wants", "would like"), ("about", "around"), ("job", "position"), ("money", "funds"), ("house", "home"), ("car", "vehicle"), ("picture", "image"), ("main", "principal"),
    ("famous", "well known"), ("kept", "held"), ("let", "allowed"), ("gives", "provides"), ("gave", "provided"), ("allows", "lets"), ("chose", "picked"), ("asked", "requested"),
    ("answer", "reply"), ("second", "2nd"), ("first", "1st"), ("two", "2"), ("three", "3"), ("four", "4"), ("five", "5"), ("ten", "10"), ("is not", "isn't"), ("was not", "wasn't"),
    ("did not", "didn't"), ("does not", "doesn't"), ("cannot", "can't"), ("could not", "couldn't"), ("would not", "wouldn't"), ("it is", "it's"), ("they are", "they're"),
]
FILLER = [
    "I hope that is clear.", "This is worth knowing.", "As far as I can tell, that is the whole of it.", "There may of course be further details elsewhere.",
    "Let me know if anything else is wanted.", "To put it in other words, that is what the text comes down to.", "It is a good thing to keep in mind.",
    "One could say much more about it.", "That, at least, is what follows from what is given.", "I have gone over it twice to be sure.",
]


def numbers(text):
    return re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w])", text)


def names(text):
    """Proper names, as far as capital letters tell."""
    found = re.findall(r"(?:(?<=[a-z0-9,;)] )|(?<=[a-z] \"))((?:[A-Z][\w'\-]+)(?: (?:of |the |de |van )?[A-Z][\w'\-]+){0,3})", text)
    return [n for n in found if n.split()[0] not in _NOT_NAMES and n not in MONTHS and n not in DAYS]


def _replace(text, old, new):
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text, count=1)


def _other_number(rng, number, passage):
    others = [n for n in numbers(passage) if n != number and abs(len(n) - len(number)) <= 1]
    if others and rng.random() < 0.5:
        return rng.choice(others)
    plain = number.replace(",", "")
    if "." in plain:
        return f"{float(plain) * rng.choice([0.5, 0.8, 1.25, 2]):.{len(plain.split('.')[1])}f}"
    value = int(plain)
    if 1400 < value < 2100 and "," not in number:
        return str(value + rng.choice([-30, -12, -10, -7, -4, -2, -1, 1, 2, 3, 5, 10, 14, 20]))
    new = rng.choice([value + 1, value + 2, max(0, value - 1), value * 2, value // 2, value + rng.randint(2, 9), value * 3])
    new = new if new != value else value + 4
    return f"{new:,}" if "," in number else str(new)


def _change_number(rng, text, passage):
    found = numbers(text)
    if found:
        chosen = rng.choice(found)
        return _replace(text, chosen, _other_number(rng, chosen, passage))


def _change_name(rng, text, passage, pool):
    first = re.match(r"[A-Z][\w'\-]+(?: [A-Z][\w'\-]+){0,3}", text)
    # A capital at the beginning is a name only if it is one elsewhere.
    found = names(text) + ([first[0]] if first and first[0] in names(passage) else [])
    others = [n for n in names(passage) if n not in text and text not in n]
    if not found or not (others or pool):
        return None
    chosen = rng.choice(found)
    alike = [o for o in others if len(o.split()) == len(chosen.split())]
    if others and rng.random() < 0.8:
        return _replace(text, chosen, rng.choice(alike or others))
    return _replace(text, chosen, rng.choice(pool)) if pool else None


def _change_date(rng, text, *_):
    for words in (MONTHS, DAYS):
        found = [w for w in words if re.search(rf"\b{w}\b", text)]
        if found:
            chosen = rng.choice(found)
            return _replace(text, chosen, rng.choice([w for w in words if w != chosen]))


def _swap_names(rng, text, *_):
    found = list(dict.fromkeys(names(text)))
    if len(found) >= 2:
        a, b = rng.sample(found, 2)
        if a not in b and b not in a:
            return _replace(_replace(_replace(text, a, "\0"), b, a), "\0", b)


def _turn(rng, text, *_):
    choices = [(a, b) for pair in OPPOSITES for a, b in (pair, pair[::-1]) if re.search(rf"(?<![\w]){re.escape(a)}(?!\w)", text)]
    if choices:
        return _replace(text, *rng.choice(choices))


def _negate(rng, text, *_):
    taken = re.search(r"\b(is|was|are|were|can|will|has|had|have|could|would|should|must|did|does|do)(?: not|n't)\b", text)
    if taken:
        return text[:taken.start()] + taken[1] + text[taken.end():]
    aux = re.search(r"\b(is|was|are|were|can|will|could|would|should|must)\b(?! not)", text)
    if aux:
        word = rng.choice([" not", " not", " never", " no longer"])
        return text[:aux.end()] + word + text[aux.end():]


def contradict(rng, text, passage="", pool=()):
    """`text` with one thing changed so that it contradicts `passage`, or None if nothing in it can be changed."""
    ways = [(3, _change_number), (3, _change_name), (2, _swap_names), (3, _turn), (1.5, _negate), (2, _change_date)]
    while ways:
        weight_way = rng.choices(ways, [w for w, _ in ways])[0]
        ways.remove(weight_way)
        way = weight_way[1]
        changed = way(rng, text, passage, pool) if way is _change_name else way(rng, text, passage)
        if changed and changed != text and changed not in passage:
            return changed
    return None


def loosen(rng, text):
    """`text` in slightly other words."""
    out = text
    options = [(a, b) for pair in ALIKE for a, b in (pair, pair[::-1]) if re.search(rf"(?<!\w){re.escape(a)}(?!\w)", out)]
    rng.shuffle(options)
    for a, b in options[:3]:
        out = _replace(out, a, b)
    if rng.random() < 0.3:
        out = re.sub(r" \([^()]{1,60}\)", "", out)
    match = re.match(r"((?:In|On|At|By|During|After|Before|For|Since) [^,]{3,40}), (.{20,})([.!])$", out)
    if match and rng.random() < 0.6:
        first = match[2][0].upper() + match[2][1:]
        out = f"{first} {match[1][0].lower() + match[1][1:]}{match[3]}"
    match = re.match(r"(.{15,}?),? because (.{10,})([.!])$", out)
    if match and rng.random() < 0.4:
        out = f"Because {match[2]}, {match[1][0].lower() + match[1][1:]}{match[3]}"
    return out


_BE = r"(is|was|are|were)"


def statement(question, answer):
    """The answer as a full sentence in the question's own words, where the question is of a simple kind; otherwise None."""
    q = re.sub(r"\s+", " ", question).strip().rstrip("?").strip()
    a = answer.strip().rstrip(".")
    cap = a[:1].upper() + a[1:]
    for pattern, build in (
        (rf"^(?:what|who) {_BE} (the|his|her|its|their|one|[A-Z].*)(.*)$", lambda m: f"{(m[2] + m[3])[:1].upper()}{(m[2] + m[3])[1:]} {m[1]} {a}."),
        (r"^who ((?!(?:is|was|are|were|did|does|do|has|had|will|can)\b)\w+ .+)$", lambda m: f"{cap} {m[1]}."),
        (rf"^who {_BE} (\w+(?:ed|ing) .+)$", lambda m: f"{cap} {m[1]} {m[2]}."),
        (r"^how many ([\w\- ]+?) (are|were|have|had|did|do|does|was|is|can|will) (?!there)(.+)$",
         lambda m: f"{cap} {m[1]} {m[2]} {m[3]}." if m[2] not in ("did", "do", "does") else None),
        (r"^(?:what|which) ([\w\- ]+?) ((?:is|was|are|were|has|had|have|can|will) .+)$", lambda m: f"{cap} is the {m[1]} that {m[2]}."),
        (rf"^(?:when|in what year|what year) {_BE} (.+?) (\w+(?:ed|n|t))$", lambda m: f"{m[2][:1].upper()}{m[2][1:]} {m[1]} {m[3]} {'in ' if a[:1].isdigit() else ''}{a}."),
        (rf"^where {_BE} (.+)$", lambda m: f"{m[2][:1].upper()}{m[2][1:]} {m[1]} {'' if re.match('(in|at|on|near) ', a) else 'in '}{a}."),
        (r"^why (did|does|do|was|were|is|are) (.+)$", lambda m: f"The reason is {'' if a.lower().startswith('that') else 'that '}{a}."),
    ):
        match = re.match(pattern, q, re.I)
        if match:
            return build(match)
    return None


def rename(rng, texts, pool):
    """`texts` (the first one is the prompt) with some names, days and months exchanged for others, the same ones in all of them.

    What was right stays right and what was wrong stays wrong, but nothing can be known by heart.
    """
    prompt, everything = texts[0], "\n".join(texts)
    words = sorted({w for name in names(prompt) for w in re.findall(r"[A-Z][a-z]{3,}", name)})
    words = [w for w in words if w not in _NOT_NAMES and not re.search(rf"\b{w.lower()}\b", everything)]
    spare = [w for name in rng.sample(pool, min(12, len(pool))) for w in re.findall(r"^[A-Z][a-z]{3,}$", name) if w not in everything]
    chosen = rng.sample(words, min(len(words), len(spare), rng.randint(1, 4)))
    exchange = dict(zip(chosen, spare))
    for calendar in (MONTHS, DAYS):
        by = rng.randrange(len(calendar))
        # "May" and "March" are words as well.
        if not re.search(r"\b(may|march)\b", everything) and not re.search(r"(?:^|[.!?] )(May|March) ", everything):
            exchange |= {day: calendar[(i + by) % len(calendar)] for i, day in enumerate(calendar)}
    if not exchange:
        return texts
    pattern = re.compile(r"\b(" + "|".join(exchange) + r")\b")
    return [pattern.sub(lambda m: exchange[m[0]], text) for text in texts]
