"""Words that all the made groups share: names, places, openers, remarks, and how a text is filled
up to a length.
"""

import random
import re
from collections.abc import Iterable, Sequence
from string import Formatter

NAMES = (
    "Aisha Ben Carla Dmitri Elena Farid Greta Hiro Ines Jamal Katya Liam Mei Nadia Omar Priya Quentin Rosa Samuel "
    "Tara Umar Vera Wendy Xavier Yara Zoe Arjun Beatriz Connor Daniela Emil Fatima Goran Hannah Ivan Jutta Kofi "
    "Leila Marcus Noor Oskar Paula Rafael Sofia Tomas Ulrike Viktor Wei Yusuf Astrid Bruno Chloe Declan"
).split()
PLACES = (
    "Lisbon Oslo Nairobi Quito Hanoi Porto Leeds Graz Turin Denver Austin Perth Osaka Lyon Ghent Malmo Riga "
    "Tampa Bergen Basel Cusco Dakar Split Tunis Izmir Pune Cork Bristol Halifax Tucson Omaha Boise Gdansk "
    "Bilbao Utrecht Aarhus Kyoto Medellin Accra Leipzig"
).split()
ITEMS = (
    "notebooks pens mugs candles plants cushions lamps posters baskets bowls towels scarves puzzles brushes jars "
    "chargers helmets magnets umbrellas postcards hats gloves blankets kites frames badges folders"
).split()
GROUPS = (
    (
        "students guests employees visitors club members passengers campers volunteers players singers tourists "
        "runners"
    )
    .replace("club members", "members")
    .split()
)
SHOPS = [
    "a market stall",
    "an online store",
    "a corner shop",
    "a bookshop",
    "a garden centre",
    "a department store",
    "a school shop",
    "a museum gift shop",
    "a flea market",
    "a wholesale outlet",
]
GOODS = [
    "a jacket",
    "a bicycle",
    "a tablet",
    "a desk",
    "a coffee machine",
    "a tent",
    "a camera",
    "a winter coat",
    "a guitar",
    "a suitcase",
    "a printer",
    "a sofa",
    "a watch",
    "a drone",
    "a keyboard",
    "a rug",
]
COLOURS = "red blue green yellow white black orange purple".split()

#: What may stand before an answer, whatever its grade.
OPENERS = [
    "Sure!",
    "Of course!",
    "Here you go:",
    "Here it is.",
    "Certainly.",
    "Happy to help!",
    "Great question!",
    "Okay.",
    "Absolutely!",
    "Got it.",
    "No problem!",
    "Sure thing.",
    "Let's take a look.",
    "Alright, here we go.",
    "Thanks for the details.",
    "Let's go through it.",
    "Sure, here's what you asked for:",
]
#: What may stand after an answer, whatever its grade.
CLOSERS = [
    "Let me know if you have any questions!",
    "I hope this helps!",
    "Hope that helps.",
    "Feel free to ask for more detail.",
    "Let me know if you'd like it in another form.",
    "Happy to explain further if needed.",
    "Tell me if anything is unclear.",
    "If you need anything else, just ask.",
]
#: What may stand before a request.
LEADS = [
    "",
    "",
    "",
    "",
    "",
    "",
    "Hi! ",
    "Hello, ",
    "Quick question: ",
    "Please help me with this. ",
    "I need a hand here. ",
    "Can you help? ",
    "Hey, ",
    "For a worksheet I am preparing: ",
    "I am stuck on this. ",
    "Please be careful here. ",
    "Need this for work today. ",
]


def pick_two(rng: random.Random, pool: Sequence[str]) -> list[str]:
    """Two different things of a pool."""
    return rng.sample(pool, 2)


def upper_first(text: str) -> str:
    """The text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def slots(template: str) -> set[str]:
    """The names of the slots of a template."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def without_the(label: str) -> str:
    """A label without its article, for headings and tables."""
    return upper_first(re.sub(r"^the ", "", label))


def frame(rng: random.Random, body: str) -> str:
    """A body with an opener and a closer, or without; the chances are the same for every grade."""
    start = rng.choice(OPENERS) + rng.choice(["\n\n", "\n\n", "\n"]) if rng.random() < 0.3 else ""
    end = "\n\n" + rng.choice(CLOSERS) if rng.random() < 0.2 else ""
    return start + body + end


def fill(rng: random.Random, text: str, remarks: Iterable[str], room: float) -> str:
    """A text with as many of the remarks as fit into the room; sometimes a few of them stand before
    it.
    """
    remarks = list(remarks)
    rng.shuffle(remarks)
    chosen = []
    while remarks and sum(map(len, chosen)) + 20 < room:
        chosen.append(remarks.pop())
    if not chosen:
        return text
    cut = rng.randrange(len(chosen) + 1) if rng.random() < 0.3 else 0
    tail = " ".join(chosen[cut:])
    if rng.random() < 0.3 and len(chosen) - cut > 1:
        tail = rng.choice(["Notes:\n", "A few remarks:\n", "Worth knowing:\n", ""])
        tail += "\n".join("- " + remark for remark in chosen[cut:])
    return "\n\n".join(part for part in [" ".join(chosen[:cut]), text, tail] if part)
