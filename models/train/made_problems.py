"""The structures of the word problems that `made_maths` draws from, as data.

Every quantity is a number with a unit; a step's `rule` is both computed and shown, so that the two
cannot disagree.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """One step of the working: its name, the label to call it by, the rule and the unit."""

    name: str
    label: str
    rule: str
    unit: str = ""
    #: A mistaken rule that looks like the right one.
    slip: str | None = None
    #: How the rule is shown, where it does not read well as it is.
    show: str | None = None


@dataclass(frozen=True)
class Kind:
    """A structure of problems."""

    name: str
    stories: list[str]
    #: Name to unit and either values to choose from or a rule over the values before.
    given: dict[str, tuple]
    steps: list[Step]
    #: The two steps that are asked for.
    results: tuple[str, str]
    #: What has to hold for right values, by another way than the steps.
    proof: str
    #: What the given values have to fulfil.
    ok: str = "True"
    #: Words to draw besides those that every problem has.
    words: dict[str, list[str]] = field(default_factory=dict)


def cents(low: int, high: int, step: int = 5) -> list[str]:
    """Amounts of money in hundredths, as strings of exact decimals."""
    return [f"{amount // 100}.{amount % 100:02d}" for amount in range(low * 100, high * 100, step)]


ROUND = range(100, 3000, 50)
PERCENT = [5, 8, 10, 12, 15, 20, 25, 30, 35, 40, 60]
SPEED = range(30, 130, 5)

KINDS = [
    Kind(
        "shopping",
        [
            "{who} buys {n} {item} at {p} each and {m} {item2} at {q} each, and pays with {note}.",
            "At {shop}, {item} cost {p} apiece and {item2} cost {q} apiece. {who} takes {n} {item} and {m} {item2} and "
            "hands "
            "over {note}.",
            "{who}'s basket holds {n} {item} ({p} each) as well as {m} {item2} ({q} each). The cashier is given {note}.",
        ],
        {
            "n": ("", range(2, 13)),
            "m": ("", range(2, 10)),
            "p": ("money", cents(1, 12)),
            "q": ("money", cents(1, 15)),
            "note": ("money", [20, 50, 100, 150, 200]),
        },
        [
            Step("first", "the cost of the {item}", "n * p", "money"),
            Step("second", "the cost of the {item2}", "m * q", "money"),
            Step("total", "the total cost", "first + second", "money", "first - second"),
            Step("change", "the change", "note - total", "money", "note - first"),
        ],
        ("total", "change"),
        "change + n * p + m * q == note",
        "n * p + m * q < note and n * p > m * q",
    ),
    Kind(
        "discount",
        [
            "{Good} normally costs {p}. In a sale it is reduced by {pct}.",
            "{who} wants to buy {good} priced at {p}, and today there is {pct} off.",
            "A shop in {place} takes {pct} off the list price of {p} for {good}.",
        ],
        {"p": ("money", range(20, 900, 5)), "pct": ("%", PERCENT)},
        [
            Step("saving", "the amount saved", "p * pct / 100", "money", "p / pct"),
            Step("sale", "the sale price", "p - saving", "money", "p + saving"),
        ],
        ("saving", "sale"),
        "sale * 100 == p * (100 - pct)",
    ),
    Kind(
        "discount and tax",
        [
            "{Good} is listed at {p}. First a discount of {pct} is taken off, then {tax} tax is added to the reduced "
            "price.",
            "{who} orders {good} for {p}. A coupon takes off {pct}; after that, sales tax of {tax} applies to what is "
            "left.",
            "In {place}, a store reduces {good} from {p} by {pct} and then charges {tax} tax on the reduced price.",
        ],
        {
            "p": ("money", range(20, 900, 10)),
            "pct": ("%", PERCENT),
            "tax": ("%", [4, 5, 6, 8, 10, 20]),
        },
        [
            Step("saving", "the discount", "p * pct / 100", "money"),
            Step("sale", "the price after the discount", "p - saving", "money"),
            Step("levy", "the tax", "sale * tax / 100", "money", "p * tax / 100"),
            Step("final", "the final price", "sale + levy", "money", "sale - levy"),
        ],
        ("sale", "final"),
        "final * 10000 == p * (100 - pct) * (100 + tax)",
    ),
    Kind(
        "percentage change",
        [
            "The rent of a flat in {place} went up from {old} to {new} a month.",
            "Last year {who} paid {old} for the insurance; this year it is {new}.",
            "The price of {good} has risen from {old} to {new}.",
        ],
        {
            "old": ("money", range(40, 2000, 20)),
            "pct": ("%", PERCENT),
            "new": ("money", "old * (100 + pct) / 100"),
        },
        [
            Step("rise", "the increase in money", "new - old", "money"),
            Step("share", "the increase in percent", "rise / old * 100", "%", "rise / new * 100"),
        ],
        ("rise", "share"),
        "share == pct",
    ),
    Kind(
        "reverse percentage",
        [
            "After a price increase of {pct}, {good} costs {new}.",
            "{who} pays {new} for {good}, which is {pct} more than it cost last year.",
            "Including a surcharge of {pct}, a customer in {place} is billed {new}.",
        ],
        {
            "base": ("money", range(40, 1000, 10)),
            "pct": ("%", PERCENT),
            "new": ("money", "base * (100 + pct) / 100"),
        },
        [
            Step(
                "before",
                "the original amount",
                "new * 100 / (100 + pct)",
                "money",
                "new * (100 - pct) / 100",
            ),
            Step("rise", "the amount of the increase", "new - before", "money"),
        ],
        ("before", "rise"),
        "before == base",
    ),
    Kind(
        "average and target",
        [
            "{who} scored {a}, {b}, {c} and {d} points in four tests and wants an average of {aim} after a fifth.",
            "In the first four rounds of a quiz, {who}'s team got {a}, {b}, {c} and {d} points. For a prize the average of "
            "five rounds must be exactly {aim}.",
            "A salesperson closed {a}, {b}, {c} and {d} deals in four weeks. The goal is a mean of {aim} over five weeks.",
        ],
        {name: ("", range(40, 96)) for name in "abcd"} | {"aim": ("", range(55, 90))},
        [
            Step("points", "the sum of the first four", "a + b + c + d"),
            Step("mean", "the average so far", "points / 4", "", "points / 5"),
            Step("goal", "the total needed", "aim * 5", "", "aim * 4"),
            Step("need", "the number needed in the fifth", "goal - points"),
        ],
        ("mean", "need"),
        "(a + b + c + d + need) / 5 == aim",
        "40 <= aim * 5 - a - b - c - d <= 100",
    ),
    Kind(
        "travel time",
        [
            "A train leaves {place} at {start} and covers {way} to {place2} at a constant {speed}.",
            "{who} sets off at {start} and drives {way} at an average of {speed}.",
            "A coach departs from {place} at {start}. The trip to {place2} is {way} long and the coach keeps to {speed}.",
        ],
        {
            "start": ("clock", range(300, 900, 5)),
            "way": ("dist", range(30, 420, 5)),
            "speed": ("speed", SPEED),
        },
        [
            Step("hours", "the driving time in hours", "way / speed", "hours", "speed / way"),
            Step("minutes", "the driving time in minutes", "hours * 60", "minutes", "hours * 100"),
            Step("end", "the arrival time", "start + minutes", "clock"),
        ],
        ("minutes", "end"),
        "(end - start) * speed == way * 60",
        "way > speed / 2",
    ),
    Kind(
        "average speed",
        [
            "{who} cycles for {t} hours at {v} and then for {u} hours at {w}.",
            "A delivery van drives {t} hours at {v} on the motorway and {u} hours at {w} on country roads.",
            "On the way from {place} to {place2}, a bus goes at {v} for {t} hours and at {w} for another {u} hours.",
        ],
        {
            "t": ("", [1, 2, 3, 4, 5]),
            "u": ("", [1, 2, 3, 4, 5]),
            "v": ("speed", range(12, 110, 4)),
            "w": ("speed", range(10, 110, 5)),
        },
        [
            Step("one", "the distance of the first part", "v * t", "dist"),
            Step("two", "the distance of the second part", "w * u", "dist"),
            Step("way", "the total distance", "one + two", "dist"),
            Step("time", "the total time", "t + u", "hours"),
            Step("mean", "the average speed", "way / time", "speed", "(v + w) / 2"),
        ],
        ("way", "mean"),
        "mean * (t + u) == v * t + w * u",
        "t != u and v != w",
    ),
    Kind(
        "meeting",
        [
            "Two cyclists, {who} and {other}, start at the same time from towns {way} apart and ride towards each other, "
            "{who} at "
            "{v} and {other} at {w}.",
            "{place} and {place2} are {way} apart in this exercise. {who} leaves {place} at {v} while {other} leaves "
            "{place2} at "
            "{w}, and they head towards each other.",
        ],
        {
            "way": ("dist", range(20, 500, 4)),
            "v": ("speed", range(8, 100, 2)),
            "w": ("speed", range(8, 100, 2)),
        },
        [
            Step("closing", "the closing speed", "v + w", "speed", "v - w"),
            Step("time", "the time until they meet", "way / closing", "hours"),
            Step("part", "the distance that {who} covers", "v * time", "dist", "w * time"),
        ],
        ("time", "part"),
        "part + w * time == way",
        "v > w and 1 < way / (v + w) < 9",
    ),
    Kind(
        "working together",
        [
            "{who} alone needs {a} hours to paint a hall; {other} alone needs {b} hours. They work together.",
            "One printer finishes a job in {a} hours, a second one in {b} hours, and both run at the same time. {who} "
            "watches them.",
            "{who} can weed the garden in {a} hours and {other} in {b} hours. They do it together at their usual pace.",
        ],
        {"a": ("", range(2, 25)), "b": ("", range(2, 31))},
        [
            Step(
                "rate",
                "the share of the job done per hour by both",
                "1 / a + 1 / b",
                "frac",
                "1 / (a + b)",
            ),
            Step("time", "the time together in hours", "1 / rate", "hours"),
            Step(
                "share",
                "the part of the job that the first one does",
                "time / a",
                "frac",
                "time / b",
            ),
        ],
        ("time", "share"),
        "time / a + time / b == 1",
        "a < b",
    ),
    Kind(
        "filling a tank",
        [
            "A pump puts {fill} of water a minute into an empty tank of {size}, while a leak loses {leak} a minute.",
            "An empty pool in {place} holds {size}. The tap delivers {fill} per minute, and the open drain lets out "
            "{leak} per minute.",
            "{who} fills a cistern of {size} with {fill} a minute, but {leak} a minute trickles out.",
        ],
        {
            "fill": ("vol", range(8, 60)),
            "leak": ("vol", range(2, 20)),
            "size": ("vol", range(120, 3000, 20)),
        },
        [
            Step("net", "the net gain per minute", "fill - leak", "vol", "fill + leak"),
            Step("time", "the time until it is full", "size / net", "minutes"),
            Step("lost", "the water lost in that time", "leak * time", "vol", "net * time"),
        ],
        ("time", "lost"),
        "fill * time - lost == size",
        "fill > leak",
    ),
    Kind(
        "ages by sum",
        [
            "{who} is {d} years older than {other}. Together they are {s} years old.",
            "The ages of {who} and {other} add up to {s}, and {who} is the older one by {d} years.",
        ],
        {"d": ("", range(2, 30)), "s": ("", range(30, 120))},
        [
            Step("rest", "twice the younger one's age", "s - d"),
            Step("young", "the age of {other}", "rest / 2", "", "s / 2"),
            Step("old", "the age of {who}", "young + d", "", "young - d"),
        ],
        ("old", "young"),
        "old + young == s and old - young == d",
        "(s - d) % 2 == 0 and s > 3 * d",
    ),
    Kind(
        "ages by multiple",
        [
            "{who} is {k} times as old as {other}. In {y} years their ages will add up to {s}.",
            "{k} times {other}'s age is {who}'s age, and {y} years from now the two will be {s} years old together.",
        ],
        {"k": ("", [2, 3, 4, 5]), "y": ("", range(3, 15)), "s": ("", range(30, 120))},
        [
            Step("now", "the sum of their ages today", "s - 2 * y", "", "s - y"),
            Step("young", "the age of {other} today", "now / (k + 1)", "", "now / k"),
            Step("old", "the age of {who} today", "k * young"),
        ],
        ("young", "old"),
        "old == k * young and old + y + young + y == s",
        "(s - 2 * y) % (k + 1) == 0 and s - 2 * y > 10",
    ),
    Kind(
        "rectangle",
        [
            "A rectangular {plot} is {l} long and {w} wide.",
            "{who} measures a {plot} of {l} by {w}, with right angles at the corners.",
            "The plan shows a rectangular {plot} with sides of {l} and {w}.",
        ],
        {"l": ("len", range(4, 60)), "w": ("len", range(3, 40))},
        [
            Step("area", "the area", "l * w", "area", "l * w / 2"),
            Step("round", "the perimeter", "2 * (l + w)", "len", "l + w"),
        ],
        ("area", "round"),
        "round / 2 - l == w and area / w == l",
        "l > w",
        {"plot": "garden,playground,poster,courtyard,field,floor,banner".split(",")},
    ),
    Kind(
        "fencing",
        [
            "{who} fences a rectangular paddock of {l} by {w}, leaving a gate of {g} open. Fence costs {p} per {unit}.",
            "A yard in {place}, {l} long and {w} wide, gets a border on all sides except for an opening of {g}. The "
            "border costs {p} "
            "per {unit}.",
        ],
        {
            "l": ("len", range(8, 60)),
            "w": ("len", range(5, 40)),
            "g": ("len", [2, 3, 4]),
            "p": ("money", cents(2, 30, 50)),
        },
        [
            Step("round", "the perimeter", "2 * (l + w)", "len", "l + w"),
            Step("need", "the length needed", "round - g", "len", "round + g"),
            Step("cost", "the cost", "need * p", "money"),
        ],
        ("need", "cost"),
        "cost / p + g == l + l + w + w",
        "l > w",
    ),
    Kind(
        "box",
        [
            "A closed box is {l} long, {w} wide and {h} high.",
            "{who} builds a chest with the inner measures {l} × {w} × {h}, lid included.",
            "An aquarium with a lid measures {l} by {w} by {h}.",
        ],
        {"l": ("len", range(4, 50)), "w": ("len", range(3, 40)), "h": ("len", range(2, 30))},
        [
            Step("bulk", "the volume", "l * w * h", "volume"),
            Step("faces", "the sum of the three different faces", "l * w + l * h + w * h", "area"),
            Step("skin", "the surface area", "2 * faces", "area", "faces"),
        ],
        ("bulk", "skin"),
        "bulk / l == w * h and skin - 2 * l * w == 2 * h * (l + w)",
        "l > w > h",
    ),
    Kind(
        "right triangle",
        [
            "The legs of a right triangle are {a} and {b} long.",
            "A ladder leans on a wall: its foot is {a} from the wall and it reaches {b} up. Wall, ground and ladder form "
            "a right triangle.",
            "{who} walks {a} due east and then {b} due north, and returns straight to the start.",
        ],
        {
            "m": ("", range(2, 7)),
            "n": ("", range(1, 6)),
            "a": ("len", "m * m - n * n"),
            "b": ("len", "2 * m * n"),
        },
        [
            Step("square", "the sum of the squares of the legs", "a ** 2 + b ** 2"),
            Step("long", "the longest side", "root(square)", "len", "a + b", "√square"),
            Step("round", "the perimeter of the triangle", "a + b + long", "len"),
        ],
        ("long", "round"),
        "long == m * m + n * n",
        "m > n",
    ),
    Kind(
        "circle",
        [
            "A round {disc} has a radius of {r}. Take 3.14 for π.",
            "{who} measures the radius of a circular {disc}: {r}. Use π ≈ 3.14.",
            "Use 3.14 for pi. A circular {disc} has a radius of {r}.",
        ],
        {"r": ("len", range(2, 40))},
        [
            Step("rim", "the circumference", "2 * 3.14 * r", "len", "3.14 * r"),
            Step("area", "the area", "3.14 * r ** 2", "area", "3.14 * 2 * r"),
        ],
        ("rim", "area"),
        "rim * r == 2 * area",
        "r > 2",
        {"disc": "pond,table,rug,pizza,track,plate".split(",")},
    ),
    Kind(
        "sharing in a ratio",
        [
            "{who} and {other} share {sum} in the ratio {a} : {b}.",
            "A prize of {sum} is divided between {who} and {other} as {a} to {b}.",
            "{who} and {other} own {a} and {b} shares of a stall and split its profit of {sum} accordingly.",
        ],
        {"sum": ("money", ROUND), "a": ("", range(1, 10)), "b": ("", range(2, 12))},
        [
            Step("parts", "the number of parts", "a + b"),
            Step("unit", "the value of one part", "sum / parts", "money", "sum / b"),
            Step("mine", "the share of {who}", "unit * a", "money", "sum / a"),
            Step(
                "more", "the amount by which {other}'s share is larger", "unit * (b - a)", "money"
            ),
        ],
        ("mine", "more"),
        "mine + mine + more == sum and mine * b == (mine + more) * a",
        "a < b",
    ),
    Kind(
        "recipe",
        [
            "A recipe for {n} people takes {f} g of flour and {s} g of sugar. {who} cooks for {m} people.",
            "For {n} servings you need {f} g of flour and {s} g of sugar; {who} wants {m} servings.",
            "{who} scales a cake recipe from {n} to {m} portions. The original has {f} g flour and {s} g sugar.",
        ],
        {
            "n": ("", [2, 4, 5, 6, 8, 10]),
            "m": ("", range(3, 25)),
            "f": ("", range(100, 900, 20)),
            "s": ("", range(30, 300, 10)),
        },
        [
            Step("factor", "the scale factor", "m / n", "", "n / m"),
            Step("flour", "the amount of flour", "f * factor", "g"),
            Step("sugar", "the amount of sugar", "s * factor", "g"),
        ],
        ("flour", "sugar"),
        "flour * n == f * m and sugar * n == s * m",
        "m != n",
    ),
    Kind(
        "simple interest",
        [
            "{who} lends {p} at {r} simple interest a year for {t} years.",
            "A bank in {place} pays {r} simple interest per year on {p}, left there for {t} years.",
            "A loan of {p} runs for {t} years at a simple yearly rate of {r}.",
        ],
        {
            "p": ("money", range(200, 9000, 100)),
            "r": ("%", [2, 3, 4, 5, 6, 7, 8]),
            "t": ("", range(2, 9)),
        },
        [
            Step("year", "the interest for one year", "p * r / 100", "money"),
            Step("gain", "the interest in all", "year * t", "money", "year * (t - 1)"),
            Step("end", "the final amount", "p + gain", "money", "p + year"),
        ],
        ("gain", "end"),
        "end * 100 == p * (100 + r * t)",
    ),
    Kind(
        "compound interest",
        [
            "{who} puts {p} into an account that pays {r} a year, compounded yearly, and leaves it for two years.",
            "{p} is invested for two years at {r} per year with interest added at the end of each year.",
        ],
        {"p": ("money", range(200, 9000, 100)), "r": ("%", [2, 3, 4, 5, 6, 8, 10])},
        [
            Step("one", "the balance after one year", "p * (100 + r) / 100", "money"),
            Step("two", "the balance after two years", "one * (100 + r) / 100", "money", "one + r"),
            Step("gain", "the interest earned", "two - p", "money", "two - one"),
        ],
        ("two", "gain"),
        "two * 10000 == p * (100 + r) ** 2 and two - gain == p",
    ),
    Kind(
        "mixture",
        [
            "{who} mixes {a} of a {p} salt solution with {b} of a {q} salt solution.",
            "A lab in {place} pours together {a} of {p} acid and {b} of {q} acid.",
            "Two juices are blended: {a} with {p} fruit and {b} with {q} fruit.",
        ],
        {
            "a": ("vol", range(1, 30)),
            "b": ("vol", range(1, 30)),
            "p": ("%", range(5, 60, 5)),
            "q": ("%", range(10, 95, 5)),
        },
        [
            Step("pure", "the amount of pure substance", "a * p / 100 + b * q / 100", "vol"),
            Step("all", "the total volume", "a + b", "vol"),
            Step(
                "rate", "the concentration of the mixture", "pure / all * 100", "%", "(p + q) / 2"
            ),
        ],
        ("pure", "rate"),
        "rate * (a + b) == a * p + b * q",
        "a != b and p < q",
    ),
    Kind(
        "dilution",
        [
            "{who} adds {w} of water to {v} of a {p} sugar solution.",
            "{v} of cleaning fluid contains {p} concentrate. {w} of water is poured in.",
        ],
        {"v": ("vol", range(2, 40)), "w": ("vol", range(1, 40)), "p": ("%", range(10, 90, 5))},
        [
            Step("pure", "the amount of the dissolved substance", "v * p / 100", "vol"),
            Step("all", "the new volume", "v + w", "vol"),
            Step("rate", "the new concentration", "pure / all * 100", "%", "pure / w * 100"),
        ],
        ("pure", "rate"),
        "rate * (v + w) == v * p",
    ),
    Kind(
        "metres per second",
        [
            "A car travels at {v} km/h for {t} seconds.",
            "A hawk in {place} dives at {v} km/h for {t} seconds.",
            "{who}'s drone flies at a steady {v} km/h for {t} seconds.",
        ],
        {"v": ("", range(9, 200, 9)), "t": ("", range(4, 60))},
        [
            Step("metres", "the number of metres per hour", "v * 1000", "m"),
            Step("speed", "the speed in metres per second", "metres / 3600", "m/s", "metres / 60"),
            Step("way", "the distance covered", "speed * t", "m"),
        ],
        ("speed", "way"),
        "way * 18 == 5 * v * t",
    ),
    Kind(
        "temperature",
        [
            "In {place} it is {c} °C now, and it will be {d} degrees Celsius warmer at noon.",
            "An oven log of {who} shows {c} °C; the setting is then raised by {d} degrees Celsius.",
        ],
        {"c": ("", range(5, 95, 5)), "d": ("", range(5, 60, 5))},
        [
            Step(
                "now",
                "the first temperature in Fahrenheit",
                "c * 9 / 5 + 32",
                "°F",
                "c * 5 / 9 + 32",
            ),
            Step("warm", "the later temperature in Celsius", "c + d", "°C"),
            Step(
                "later", "the later temperature in Fahrenheit", "warm * 9 / 5 + 32", "°F", "now + d"
            ),
        ],
        ("now", "later"),
        "(later - 32) * 5 == 9 * (c + d) and (now - 32) * 5 == 9 * c",
    ),
    Kind(
        "date ahead",
        [
            "A parcel is sent on {start} and takes {n} days.",
            "{who} starts a course on {start}; it ends {n} days later.",
            "A visa issued on {start} runs out {n} days after that date.",
        ],
        {"start": ("date", range(737800, 740000)), "n": ("", range(9, 120))},
        [
            Step("end", "the end date", "start + n", "date"),
            Step("day", "the weekday of the end date", "(end - 1) % 7", "weekday", None, "end"),
        ],
        ("end", "day"),
        "end - n == start and (end - day) % 7 == 1",
    ),
    Kind(
        "days between",
        [
            "{who} borrows a book on {start} and returns it on {end}. The library charges {p} a day, the first day not "
            "counted.",
            "A flat in {place} is rented from {start} to {end} at {p} per night.",
        ],
        {
            "start": ("date", range(737800, 740000)),
            "len": ("", range(12, 90)),
            "end": ("date", "start + len"),
            "p": ("money", cents(1, 90, 50)),
        },
        [
            Step("days", "the number of days", "end - start", "days", "end - start + 1"),
            Step("cost", "the amount due", "days * p", "money"),
        ],
        ("days", "cost"),
        "days == len and cost == len * p",
    ),
    Kind(
        "clock ahead",
        [
            "A film starts at {start}, runs for {a} minutes and has a break of {b} minutes.",
            "{who} begins an exam at {start}. It has {a} minutes of writing and a pause of {b} minutes.",
            "A workshop in {place} opens at {start} and ends after {a} minutes of talks and {b} minutes of coffee.",
        ],
        {
            "start": ("clock", range(420, 1000, 5)),
            "a": ("", range(35, 150, 5)),
            "b": ("", range(10, 45, 5)),
        },
        [
            Step("all", "the total time in minutes", "a + b", "minutes", "a - b"),
            Step("end", "the end time", "start + all", "clock"),
        ],
        ("all", "end"),
        "end - a == start + b",
    ),
    Kind(
        "shift pay",
        [
            "{who} works from {start} to {end} with an unpaid break of {b} minutes, for {p} an hour.",
            "A shift in {place} lasts from {start} to {end}, minus {b} minutes of unpaid lunch; the wage is {p} per hour.",
        ],
        {
            "start": ("clock", range(360, 600, 15)),
            "end": ("clock", range(840, 1200, 15)),
            "b": ("", [15, 30, 45, 60]),
            "p": ("money", range(11, 40)),
        },
        [
            Step(
                "time",
                "the working time in minutes",
                "end - start - b",
                "minutes",
                "end - start",
                "end - start - b minutes",
            ),
            Step("hours", "the paid hours", "time / 60", "hours"),
            Step("pay", "the pay", "hours * p", "money"),
        ],
        ("hours", "pay"),
        "pay * 60 == p * (end - start - b)",
    ),
]
