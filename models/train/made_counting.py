"""More structures of word problems, as data: chance, counting, sequences, trade and everyday
planning.
"""

from models.train.made_problems import Kind, Step, cents

KINDS = [
    Kind(
        "urn, one draw",
        [
            "A bag holds {a} {col1}, {b} {col2} and {c} {col3} marbles. One is drawn at random.",
            "{who} takes one ball without looking from a box with {a} {col1}, {b} {col2} and {c} {col3} balls.",
            "In a drawer there are {a} {col1}, {b} {col2} and {c} {col3} socks; {who} pulls out one in the dark.",
        ],
        {"a": ("", range(2, 12)), "b": ("", range(2, 12)), "c": ("", range(1, 10))},
        [
            Step("all", "the number of things in all", "a + b + c"),
            Step("one", "the probability of {col1}", "a / all", "frac", "a / (b + c)"),
            Step("other", "the probability of not {col2}", "(a + c) / all", "frac", "b / all"),
        ],
        ("one", "other"),
        "one * all == a and other == 1 - b / (a + b + c)",
        "a < b + c",
    ),
    Kind(
        "urn, two draws",
        [
            "An urn contains {a} {col1} and {b} {col2} balls. Two are drawn one after the other without replacement.",
            "{who} takes two sweets at random, one after the other, from a jar of {a} {col1} and {b} {col2} ones and eats "
            "them.",
            "From {a} {col1} and {b} {col2} tickets, two are picked at random without putting the first back.",
        ],
        {"a": ("", range(3, 12)), "b": ("", range(2, 12))},
        [
            Step("all", "the number in all", "a + b"),
            Step(
                "same",
                "the probability that both are {col1}",
                "a / all * ((a - 1) / (all - 1))",
                "frac",
                "a / all * (a / all)",
            ),
            Step(
                "mixed",
                "the probability of one of each colour",
                "2 * a * b / (all * (all - 1))",
                "frac",
                "a * b / (all * (all - 1))",
            ),
        ],
        ("same", "mixed"),
        "same == choose(a, 2) / choose(a + b, 2) and mixed == a * b / choose(a + b, 2)",
    ),
    Kind(
        "two dice",
        [
            "Two fair six-sided dice are rolled and the points are added. The event is a sum of exactly {s}.",
            "{who} throws two ordinary dice, one red and one white, and hopes for a total of {s}.",
            "In a board game in {place}, a player needs exactly {s} with two normal dice.",
        ],
        {"s": ("", range(3, 12))},
        [
            Step(
                "ways",
                "the number of favourable outcomes",
                "6 - abs(s - 7)",
                "",
                "7 - abs(s - 7)",
                "6 - |s - 7|",
            ),
            Step("chance", "the probability", "ways / 36", "frac", "ways / 12"),
        ],
        ("ways", "chance"),
        "chance == sums(s) / 36",
    ),
    Kind(
        "numbered cards",
        [
            "Cards numbered from 1 to {n} lie in a hat, and {who} draws one. The event is a multiple of {k}.",
            "One of the numbers 1 to {n} is chosen at random; a win is any number divisible by {k}.",
            "A raffle in {place} has tickets 1 to {n}. Tickets with a multiple of {k} win.",
        ],
        {"n": ("", range(12, 80)), "k": ("", range(3, 10))},
        [
            Step(
                "hits",
                "the number of multiples",
                "floor(n / k)",
                "",
                "floor(n / k) + 1",
                "n / k, rounded down",
            ),
            Step("win", "the probability of a multiple", "hits / n", "frac", "1 / k"),
            Step("lose", "the probability of no multiple", "1 - win", "frac"),
        ],
        ("win", "lose"),
        "win * n * k <= n and win * n * k > n - k and lose * n == n - floor(n / k)",
        "n % k > 0",
    ),
    *[
        Kind(
            f"cards, {suit}",
            [
                "Two cards are drawn without replacement from a standard deck of 52 cards, which has {c} {suit}.",
                "{who} deals two cards from a well-shuffled deck of 52 cards. The deck contains {c} {suit}.",
            ],
            {"c": ("", [count])},
            [
                Step(
                    "both",
                    "the probability that both are {suit}",
                    "c / 52 * ((c - 1) / 51)",
                    "frac",
                    "c / 52 * (c / 52)",
                ),
                Step(
                    "none",
                    "the probability that neither is one of the {suit}",
                    "(52 - c) / 52 * ((51 - c) / 51)",
                    "frac",
                    "(52 - c) / 52 * ((52 - c) / 52)",
                ),
            ],
            ("both", "none"),
            "both == choose(c, 2) / choose(52, 2) and none == choose(52 - c, 2) / choose(52, 2)",
            words={"suit": [suit]},
        )
        for count, suit in [
            (4, "aces"),
            (12, "face cards"),
            (13, "hearts"),
            (16, "cards that are aces or face cards"),
        ]
    ],
    Kind(
        "overlap",
        [
            "Of {n} {group}, {a} speak Spanish, {b} speak French and {c} speak both.",
            "{who} asks {n} {group}: {a} own a bicycle, {b} own a car, and {c} own both.",
            "In a survey in {place}, {a} of {n} {group} drink coffee, {b} drink tea and {c} drink both.",
        ],
        {
            "n": ("", range(40, 200)),
            "a": ("", range(15, 110)),
            "b": ("", range(15, 110)),
            "c": ("", range(4, 40)),
        },
        [
            Step("any", "the number with at least one of the two", "a + b - c", "", "a + b"),
            Step("none", "the number with neither", "n - any", "", "n - a - b + 2 * c"),
            Step("only", "the number with exactly one", "any - c", "", "any"),
        ],
        ("any", "none"),
        "any == (a - c) + (b - c) + c and any + none == n",
        "c < a and c < b and a + b - c < n and a + b < n",
    ),
    Kind(
        "overlap, exactly one",
        [
            "{a} {group} joined the morning tour, {b} the evening tour, and {c} of them joined both.",
            "At a club in {place}, {a} members play chess and {b} play cards; {c} play both.",
        ],
        {"a": ("", range(15, 110)), "b": ("", range(15, 110)), "c": ("", range(4, 40))},
        [
            Step("any", "the number with at least one of the two", "a + b - c", "", "a + b"),
            Step("one", "the number with exactly one", "any - c", "", "a + b - c - 1"),
        ],
        ("any", "one"),
        "one == (a - c) + (b - c)",
        "c < a and c < b",
    ),
    Kind(
        "arithmetic sequence",
        [
            "A sequence starts with {a} and each term is {d} more than the one before. Look at the first {n} terms.",
            "{who} saves {a} coins in the first week and {d} more coins each week than in the week before, for {n} weeks.",
            "A theatre in {place} has {a} seats in the first row and {d} more in each following row; there are {n} rows.",
        ],
        {"a": ("", range(2, 40)), "d": ("", range(2, 13)), "n": ("", range(6, 31))},
        [
            Step("last", "the last of these numbers", "a + (n - 1) * d", "", "a + n * d"),
            Step("sum", "the sum of all of them", "n * (a + last) / 2", "", "n * (a + last)"),
        ],
        ("last", "sum"),
        "sum == n * a + d * choose(n, 2) and last - d * n == a - d",
    ),
    Kind(
        "geometric sequence",
        [
            "A sequence starts with {a}, and each term is {r} times the one before. Look at the first {n} terms.",
            "{who} sends a message to {a} people on day 1, and each day {r} times as many get it as on the day before, "
            "until day {n}.",
            "A culture grows by {a} cells in hour 1, and every hour {r} times as many are added as in the hour before, "
            "for {n} hours.",
        ],
        {"a": ("", range(2, 12)), "r": ("", [2, 3, 4]), "n": ("", range(4, 9))},
        [
            Step("last", "the last of these numbers", "a * r ** (n - 1)", "", "a * r ** n"),
            Step("sum", "the sum of all of them", "(last * r - a) / (r - 1)", "", "last * n"),
        ],
        ("last", "sum"),
        "sum * (r - 1) == a * (r ** n - 1)",
    ),
    Kind(
        "overtime",
        [
            "{who} earns {p} an hour for {h} hours and one and a half times that for {o} hours of overtime.",
            "The wage is {p} per hour; overtime is paid at 1.5 times the wage. {who} does {h} normal and {o} overtime "
            "hours.",
        ],
        {"p": ("money", range(12, 60, 2)), "h": ("", range(20, 41)), "o": ("", range(2, 14))},
        [
            Step("base", "the normal pay", "p * h", "money"),
            Step("extra", "the overtime pay", "1.5 * p * o", "money", "0.5 * p * o"),
            Step("all", "the total pay", "base + extra", "money"),
        ],
        ("extra", "all"),
        "2 * all == p * (2 * h + 3 * o)",
    ),
    Kind(
        "profit",
        [
            "{who} buys {n} {item} at {c} each and sells all of them at {s} each.",
            "A stall in {place} pays {c} apiece for {n} {item} and sells them for {s} apiece.",
        ],
        {"n": ("", range(8, 90)), "c": ("money", range(2, 50)), "s": ("money", range(3, 90))},
        [
            Step("cost", "the total cost", "n * c", "money"),
            Step("income", "the total income", "n * s", "money"),
            Step("gain", "the profit", "income - cost", "money"),
            Step(
                "rate",
                "the profit in percent of the cost",
                "gain / cost * 100",
                "%",
                "gain / income * 100",
            ),
        ],
        ("gain", "rate"),
        "gain == n * (s - c) and rate * c == 100 * (s - c)",
        "c < s < 2 * c",
    ),
    Kind(
        "tickets",
        [
            "A cinema sold {n} tickets for {sum}. Adults pay {p}, children {q}.",
            "{n} people visited the zoo in {place}. Adult tickets cost {p}, child tickets {q}, and {sum} was taken.",
            "{who} sells tickets at {p} for adults and {q} for children: {n} tickets, {sum} in all.",
        ],
        {
            "x": ("", range(8, 120)),
            "y": ("", range(5, 100)),
            "p": ("money", range(7, 25)),
            "q": ("money", range(3, 15)),
            "n": ("", "x + y"),
            "sum": ("money", "x * p + y * q"),
        },
        [
            Step("low", "the income if all were children", "n * q", "money"),
            Step("rest", "the difference to the real income", "sum - low", "money"),
            Step("adults", "the number of adult tickets", "rest / (p - q)", "", "rest / p"),
            Step("children", "the number of child tickets", "n - adults"),
        ],
        ("adults", "children"),
        "adults == x and children == y",
        "p > q and x != y",
    ),
    Kind(
        "heads and legs",
        [
            "On a farm near {place} there are hens and sheep with {n} heads and {f} legs in all.",
            "{who} counts {n} heads and {f} feet among the ducks and goats in a yard. The goats are the four-legged ones.",
        ],
        {
            "x": ("", range(3, 40)),
            "y": ("", range(3, 40)),
            "n": ("", "x + y"),
            "f": ("", "4 * x + 2 * y"),
        },
        [
            Step("low", "the number of legs if all were birds", "2 * n"),
            Step("rest", "the number of extra legs", "f - low"),
            Step("four", "the number of four-legged animals", "rest / 2", "", "rest / 4"),
            Step("two", "the number of birds", "n - four"),
        ],
        ("four", "two"),
        "four == x and two == y",
        "x != y",
    ),
    Kind(
        "fuel",
        [
            "A car uses {u} of fuel per 100 km. {who} drives {d} km, and fuel costs {p} per unit of volume.",
            "{who} plans a trip of {d} km from {place}. The van needs {u} per 100 km at a fuel price of {p} per unit of "
            "volume.",
        ],
        {
            "u": ("vol", range(4, 14)),
            "d": ("", range(100, 1500, 50)),
            "p": ("money", cents(1, 3, 10)),
        },
        [
            Step("fuel", "the fuel used", "d / 100 * u", "vol", "d / u"),
            Step("cost", "the fuel cost", "fuel * p", "money"),
        ],
        ("fuel", "cost"),
        "cost * 100 == d * u * p",
    ),
    Kind(
        "saving up",
        [
            "{who} wants {good} for {goal}, has {have} already and saves {w} a week.",
            "{Good} costs {goal}. With {have} in hand, {who} puts aside {w} every week.",
        ],
        {
            "goal": ("money", range(100, 900, 10)),
            "have": ("money", range(10, 200, 5)),
            "w": ("money", range(7, 45)),
        },
        [
            Step("gap", "the amount still missing", "goal - have", "money"),
            Step(
                "weeks",
                "the number of weeks",
                "ceil(gap / w)",
                "",
                "floor(gap / w)",
                "gap / w, rounded up",
            ),
            Step("over", "the money left after the purchase", "have + weeks * w - goal", "money"),
        ],
        ("weeks", "over"),
        "have + weeks * w - over == goal and 0 <= over < w",
        "have < goal / 2 and (goal - have) % w > 0",
    ),
    Kind(
        "buses",
        [
            "{n} {group} travel to {place} in buses with {c} seats each, and as few buses as possible are hired.",
            "{who} books as few minibuses as possible for {n} {group}; each has {c} seats.",
            "{n} {group} go up by cable car in cabins for {c} people, filled one after the other.",
        ],
        {"n": ("", range(40, 400)), "c": ("", range(8, 56))},
        [
            Step(
                "need",
                "the number of vehicles needed",
                "ceil(n / c)",
                "",
                "floor(n / c)",
                "n / c, rounded up",
            ),
            Step("seats", "the number of seats in them", "need * c"),
            Step("free", "the number of free seats", "seats - n"),
        ],
        ("need", "free"),
        "need * c - free == n and 0 <= free < c",
        "n % c > 0 and n > 2 * c",
    ),
    Kind(
        "reading",
        [
            "{who} reads {a} pages a day for {d} days of a book with {n} pages, and then {b} pages a day until the end.",
            "A book has {n} pages. {who} manages {a} pages on each of the first {d} days and {b} pages on every day after "
            "that.",
        ],
        {
            "n": ("", range(150, 700, 10)),
            "a": ("", range(10, 40)),
            "d": ("", range(3, 12)),
            "b": ("", range(8, 50)),
        },
        [
            Step("done", "the number of pages read first", "a * d"),
            Step("left", "the number of pages left", "n - done", "", "n - a - d"),
            Step("days", "the number of further days", "left / b", "", "left / a"),
        ],
        ("left", "days"),
        "a * d + days * b == n",
        "n > a * d and (n - a * d) % b == 0 and a != b",
    ),
    Kind(
        "pairs and podiums",
        [
            "{n} {group} meet. Everyone shakes hands once with everyone else, and then a first, second and third prize is "
            "drawn.",
            "In a chess club in {place}, {n} players play each other once, and afterwards the places one to three are "
            "awarded.",
        ],
        {"n": ("", range(5, 21))},
        [
            Step("pairs", "the number of pairs", "n * (n - 1) / 2", "", "n * (n - 1)"),
            Step(
                "podiums",
                "the number of possible top threes",
                "n * (n - 1) * (n - 2)",
                "",
                "n * (n - 1) * (n - 2) / 6",
            ),
        ],
        ("pairs", "podiums"),
        "pairs == choose(n, 2) and podiums == 6 * choose(n, 3)",
    ),
    Kind(
        "common departure",
        [
            "From a stop in {place}, one bus leaves every {a} minutes and another every {b} minutes. Both leave at "
            "{start}.",
            "{who} has two alarms, ringing every {a} and every {b} minutes. At {start} both ring.",
        ],
        {"a": ("", range(4, 31)), "b": ("", range(6, 46)), "start": ("clock", range(360, 900, 5))},
        [
            Step(
                "span",
                "the time in minutes until it happens together again",
                "multiple(a, b)",
                "minutes",
                "a * b",
                "the least common multiple of a and b",
            ),
            Step("next", "the next common time", "start + span", "clock"),
        ],
        ("span", "next"),
        "span % a == 0 and span % b == 0 and (next - start) * factor(a, b) == a * b",
        "a < b and factor(a, b) > 1 and b % a > 0 and multiple(a, b) < 400",
    ),
    Kind(
        "map",
        [
            "On a map at 1 : {s}, two huts are {c} cm apart. {who} walks at {v} km/h.",
            "{who} measures {c} cm for a trail near {place} on a 1 : {s} map and hikes at {v} km/h.",
        ],
        {
            "s": ("", [10000, 20000, 25000, 50000, 100000]),
            "c": ("", range(4, 40)),
            "v": ("", [3, 4, 5, 6]),
        },
        [
            Step("real", "the real distance in km", "c * s / 100000", "km", "c * s / 10000"),
            Step(
                "time",
                "the walking time in minutes",
                "real / v * 60",
                "minutes",
                "real * v * 60 / 10",
            ),
        ],
        ("real", "time"),
        "time * v * 100000 == c * s * 60",
        "c * s > 100000",
    ),
    Kind(
        "tip",
        [
            "A dinner bill is {b}. {n} friends add a tip of {t} and split everything evenly.",
            "{who} and friends, {n} people in all, share a bill of {b} plus {t} tip equally.",
        ],
        {
            "b": ("money", range(30, 400, 2)),
            "t": ("%", [10, 12, 15, 18, 20]),
            "n": ("", range(2, 9)),
        },
        [
            Step("tip", "the tip", "b * t / 100", "money"),
            Step("all", "the bill with the tip", "b + tip", "money"),
            Step("each", "the amount per person", "all / n", "money", "b / n"),
        ],
        ("tip", "each"),
        "each * n * 100 == b * (100 + t)",
    ),
    Kind(
        "fractions of a stock",
        [
            "A farmer near {place} has {n} kg of apples, sells 1/{a} of them in the morning and 1/{b} of the rest in the "
            "afternoon.",
            "{who} has {n} stickers, gives 1/{a} of them away and then loses 1/{b} of what is left.",
            "Of {n} seats, 1/{a} is sold in advance and 1/{b} of the others at the door.",
        ],
        {"n": ("", range(60, 600, 12)), "a": ("", [2, 3, 4, 5, 6]), "b": ("", [2, 3, 4, 5, 8])},
        [
            Step("first", "the number that goes first", "n / a"),
            Step("rest", "the number left after that", "n - first"),
            Step("second", "the number that goes second", "rest / b", "", "n / b"),
            Step("left", "the number left at the end", "rest - second"),
        ],
        ("second", "left"),
        "left * a * b == n * (a - 1) * (b - 1) and left + second + first == n",
        "n % (a * b) == 0",
    ),
    Kind(
        "rent of a bike",
        [
            "A bike costs {f} to unlock and {p} per started hour. {who} rides for {t} minutes and pays with {note}.",
            "Parking in {place}: {f} base fee plus {p} for every hour begun. {who} stays {t} minutes and hands over "
            "{note}.",
        ],
        {
            "f": ("money", range(1, 8)),
            "p": ("money", cents(1, 9, 25)),
            "t": ("", range(65, 400, 5)),
            "note": ("money", [20, 50, 100]),
        },
        [
            Step(
                "hours",
                "the number of hours charged",
                "ceil(t / 60)",
                "",
                "floor(t / 60)",
                "t / 60, rounded up",
            ),
            Step("fee", "the fee to pay", "f + hours * p", "money"),
            Step("back", "the change", "note - fee", "money"),
        ],
        ("fee", "back"),
        "note - back == f + p * ceil(t / 60)",
        "t % 60 > 0 and note > f + p * 8",
    ),
]
