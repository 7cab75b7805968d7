"""The texts of the layouts, all written for this project: what the tokenizers learn from, and the pairs that are scored."""

PARAGRAPHS = [
    "The lighthouse on the northern point was built of grey granite in 1871. For ninety years a keeper climbed its two hundred steps every "
    "evening to light the lamp, and every morning to put it out. When the lamp became electric the keeper moved to the village, and the "
    "rooms below the lantern were given to the weather service. Today a small museum shows the old lens, the logbooks and the boots of the "
    "last keeper, which are said to be still wet.",
    "Bread needs flour, water, salt and time. Mix the flour with the water first and let the dough rest for half an hour before you add the "
    "salt. Fold it four times, once every thirty minutes, and keep it warm but not hot. A dough that has doubled is ready for the oven; a "
    "dough that has tripled has waited too long and will fall flat. Bake it until the crust is dark and the bottom sounds hollow.",
    "A river carries more than water. Sand, gravel and mud travel with it, the heavy grains along the bed and the fine ones in the stream "
    "itself. Where the current slows, they settle: first the stones, then the sand, last the clay. That is why the mouth of a large river "
    "is flat and fertile, and why a dam upstream can starve a coast a hundred kilometres away.",
    "Our library lends tools as well as books. Members may borrow a drill, a ladder or a sewing machine for one week and renew it once, as "
    "long as nobody else is waiting. Broken tools are repaired by volunteers on the first Saturday of the month. The rule that surprises "
    "new members is that tools come back cleaner than they left.",
    "Sound is a wave of pressure. It moves through air at about 340 metres per second, faster through water and faster still through steel. "
    "In a vacuum there is nothing to press against, so the loudest explosion in space would be silent to a listener a few metres away. A "
    "thunderstorm lets you measure this: count the seconds between the flash and the thunder, divide by three, and you have the distance "
    "in kilometres.",
    "The council met on Tuesday to decide the future of the old tram depot. Three plans were on the table: a market hall, a school and a "
    "park. The engineers warned that the roof could not carry snow for another winter. After four hours the vote was nine to six for the "
    "school, on the condition that the tracks in the yard stay visible. Work begins in April, and the first pupils are expected two years "
    "later.",
    "Bees do not see red. Their eyes reach further into the ultraviolet than ours do, and many flowers that look plain to us carry bright "
    "lines that guide a bee towards the nectar. A worker visits only one kind of flower on a trip, which is good for the plant, because "
    "the pollen reaches a blossom of the same kind. On her return she tells her sisters where the flowers are by dancing in the dark.",
    "To reset the pump, switch it off, wait ten seconds and hold the green button until the light blinks twice. If the light stays red, "
    "the filter is full: open the lid, rinse the filter under cold water and try again. Never run the pump dry. Call the service number "
    "on the back if the error returns within a day.",
]

PAIRS = [
    # One word, a few words.
    ("Hello", "world"),
    ("Yes", "no"),
    ("Sound?", "Waves."),
    ("a", "b"),
    ("?", "!"),
    ("Bread", "Flour, water, salt and time."),
    ("Name a colour that bees cannot see.", "Red"),
    ("Name a colour that bees cannot see.", "Red."),
    ("Name a colour that bees cannot see.", "red"),
    ("Name a colour that bees cannot see.", "The tram depot."),
    ("What is 12 times 12?", "144"),
    ("What is 12 times 12?", "It is 12 * 12 = 144, because (10 + 2) * 12 = 120 + 24."),
    # Questions and answers of a line.
    (
        "How many steps did the keeper climb?",
        "He climbed two hundred steps every evening and every morning.",
    ),
    ("How many steps did the keeper climb?", "The keeper climbed ninety years."),
    ("When was the lighthouse built?", "In 1871, of grey granite."),
    (
        "When was the lighthouse built?",
        "I am not sure when it was built, but it is a lovely question and thank you for asking.",
    ),
    (
        "Why does a dam starve the coast?",
        "It holds back the sand that the river would have carried to the mouth.",
    ),
    ("Why does a dam starve the coast?", "Why does a dam starve the coast?"),
    (
        "How far away is a storm if the thunder comes nine seconds after the flash?",
        "About three kilometres: nine divided by three.",
    ),
    (
        "How far away is a storm if the thunder comes nine seconds after the flash?",
        "storm thunder flash nine seconds storm thunder flash",
    ),
    (
        "May a member keep the ladder for three weeks?",
        "No. A week, and one more if nobody else is waiting for it.",
    ),
    (
        "May a member keep the ladder for three weeks?",
        "Yes, and it should be painted green before it comes back.",
    ),
    (
        "Write a polite note to a neighbour who plays the trumpet at night.",
        "Dear neighbour, your trumpet sounds fine, and it sounds finest before ten. Could we agree on that? With kind regards from downstairs.",
    ),
    (
        "Give three uses of an old newspaper.",
        "1. Lining a drawer.\n2. Lighting a stove.\n3. Wrapping glasses when you move.",
    ),
    ("Turn this into the past tense: the pump runs dry.", "The pump ran dry."),
    # Marks, scripts and spaces that a small vocabulary does not know.
    (
        "What is the price of the drill?",
        "It is €45.50 (about $49), plus 7 % tax \u2014 or \u00a338\u2026",
    ),
    (
        "What is written over the door?",
        "\u201eNORTH POINT\u201c, on a fa\u00e7ade of 1871; \u00abplease knock\u00bb below it \u2013 \u00bd faded.",
    ),
    (
        "Which signs are on the old tea box?",
        "The upper sign is \u4e09, three; the lower one is \u8336, tea.",
    ),
    ("React with a picture only.", "\U0001f41d\U0001f33b\U0001f41d"),
    ("Say nothing but spaces   and\ttabs.", "  one \t two \n\n three  "),
    (
        "What does [SEP] mean?",
        "[SEP] parts the texts, [CLS] comes first, [MASK] hides a word and [PAD] fills the row.",
    ),
    (
        "What do <s> and </s> mean?",
        "<s> opens a text, </s> closes it, <pad> fills it up, <unk> is unknown and <mask> is hidden.",
    ),
    (
        "Caf\u00e9 or cafe\u0301?",
        "The first is one sign, the second is two: e\u0301. NA\u00cfVE r\u00e9sum\u00e9.",
    ),
    ("def area(r): return", "3.14159 * r ** 2  # the area of a circle"),
    ("Spell it out.", "supercalifragilisticexpialidociousantidisestablishmentarianism"),
    ("Repeat the letter a two hundred and one times, in one word.", "a" * 201),
    # A sentence or two against a paragraph, either way round.
    (
        PARAGRAPHS[0] + " What does the museum show?",
        "It shows the old lens, the logbooks and the boots of the last keeper.",
    ),
    (
        PARAGRAPHS[0] + " What does the museum show?",
        "The rooms below the lantern were given to the weather service.",
    ),
    (PARAGRAPHS[1] + " When is a dough ready for the oven?", "When it has doubled."),
    (PARAGRAPHS[1] + " When is a dough ready for the oven?", "When it has tripled."),
    (
        PARAGRAPHS[2] + " Which of the stones, the sand and the clay settles last?",
        "The clay, because its grains are the finest.",
    ),
    (
        PARAGRAPHS[3] + " Who repairs the tools?",
        "Volunteers do, on the first Saturday of the month.",
    ),
    (PARAGRAPHS[4] + " Is sound faster in water or in steel?", "In steel."),
    (PARAGRAPHS[5] + " How did the council vote?", "Nine to six for the school."),
    (PARAGRAPHS[5] + " How did the council vote?", "Six to nine against the school."),
    (
        PARAGRAPHS[6] + " How does a bee tell the others where the flowers are?",
        "By dancing in the dark.",
    ),
    (
        PARAGRAPHS[7] + " What does a red light mean?",
        "That the filter is full and has to be rinsed.",
    ),
    ("Explain how to bake bread.", PARAGRAPHS[1]),
    ("Explain how to bake bread.", PARAGRAPHS[7]),
    ("Tell me about the lighthouse in some detail.", PARAGRAPHS[0]),
    ("What happened at the meeting of the council?", PARAGRAPHS[5]),
    ("Why", PARAGRAPHS[4]),
    # A paragraph against a paragraph.
    (PARAGRAPHS[2], PARAGRAPHS[6]),
    (PARAGRAPHS[4], PARAGRAPHS[4]),
    (
        "Shorten this. " + PARAGRAPHS[5],
        "The council voted nine to six to turn the old tram depot into a school, with its tracks kept, from April on.",
    ),
    (
        PARAGRAPHS[3] + " " + PARAGRAPHS[7],
        "Tools come back clean, and the pump must never run dry.",
    ),
    ("Summarise the rules of the library and of the pump.", PARAGRAPHS[3] + " " + PARAGRAPHS[7]),
    (PARAGRAPHS[7], PARAGRAPHS[3]),
]

#: One piece of text for the tokenizers: every paragraph, every short pair.
CORPUS = PARAGRAPHS + [
    text
    for pair in PAIRS
    for text in pair
    if len(text) < 250 and text.isascii() and "[" not in text and "<" not in text
]
