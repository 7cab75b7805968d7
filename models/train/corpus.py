"""Reads the prompt collection and turns it into plain items: a prompt's parts and its reference answer.

The collection holds the same underlying question under many templates. Only templates whose parts can be
cut apart cleanly, or whose completion is a real answer (not a label or an option letter), are used.
Nothing read here is ever written into the project: items live in memory only.
"""
import gzip
import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field

#: Share of passages (and of prompts without one) that training never sees.
HELD_OUT_PERCENT = 12


@dataclass
class Item:
    """One task with its reference answer. `group` names the text that decides which side of the split it is on."""

    kind: str  # "passage", "open", "summary", "instruction"
    family: str
    question: str
    answer: str
    passage: str = ""
    group: str = ""
    wrong: list = field(default_factory=list)  # options that the data set itself marks as wrong


def clean(text):
    text = text.replace("<|endoftext|>", "").replace("\r\n", "\n")
    text = text.replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")
    return re.sub(r"[ \t]+", " ", text).strip()


def sentences(text):
    """Splits running text into sentences. Good enough for prose; initials and a few titles are kept whole."""
    text = re.sub(r"\s+", " ", text).strip()
    cuts = re.split(r"(?<=[.!?])[\"')\]]?\s+(?=[\"'(\[]?[A-Z0-9])", text)
    out = []
    for cut in cuts:
        if out and re.search(r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|St|vs|No|Jr|Sr|Gen|Col|Lt|Inc|Ltd))\.$", out[-1]):
            out[-1] += " " + cut
        else:
            out.append(cut)
    return [c.strip() for c in out if len(c.strip()) > 1]


def _detokenise(text):
    """Undoes the spaced punctuation of the older data sets, so that it is no clue to the answer's origin."""
    text = re.sub(r" ([.,;:!?%)])", r"\1", text)
    text = re.sub(r"([(]) ", r"\1", text)
    text = re.sub(r" (n't|'s|'re|'ve|'ll|'d|'m)\b", r"\1", text)
    return text.replace("`` ", '"').replace(" ''", '"')


_PASSAGE_QA = {
    r"adversarial_qa_.*_question_context_answer": r'Question: "(?P<q>.*?)"\s+Context: "(?P<p>.*)"\s+Answer:$',
    r"quoref_Answer_Question_Given_Context":
        r"Given the following context:\s+(?P<p>.*)\s+answer the following question:\s+(?P<q>.*)$",
    r"duorc_.*_question_answering":
        r'Question: (?P<q>.*?)\nIf there is no answer.*?\nMovie title: .*?\nContext: (?P<p>.*)$',
    r"sciq_Direct_Question$":
        r"Answer the following question given this paragraph:\s+(?P<p>.*?)\s+Q: (?P<q>.*?)\s+A:$",
    r"quartz_paragraph_question_plain_concat": r"(?P<p>.*?)\n\n(?P<q>.*)$",
    r"ropes_plain_background_situation": r"(?P<p>.*)\n\n(?P<q>[^\n]*)$",
    r"cosmos_qa_description_context_question_text":
        r".*?\nContext: (?P<p>.*?)\nQuestion: (?P<q>.*?)\nAnswer:$",
    r"social_i_qa_Generate_answer": r"(?P<p>.*?)\n\nGiven the context: (?P<q>.*)$",
}

_CHOICES = {
    r"cosmos_qa_context_description_question_answer_text": r"- (.+)",
    r"commonsense_qa_question_answering": r"- (.+)",
    r"sciq_Multiple_Choice_Closed_Book_": r"- (.+)",
    r"dream_baseline": r"- (.+)",
    r"dream_read_the_following": r"- (.+)",
    r"qasc_qa_with_combined_facts_1": r"- (.+)",
}

_OPEN = [
    r"kilt_tasks_hotpotqa_.*", r"sciq_Direct_Question_Closed_Book_", r"wiki_qa_Direct_Answer_to_Question",
    r"wiki_qa_Jeopardy_style", r"commonsense_qa_answer_given_question_without_options",
]
_SUMMARY = [
    r"cnn_dailymail_3_0_0_(2_or_3|news_card|news_summary|sum_in|tldr|write_an).*", r"xsum_.*", r"gigaword_(?!reverse|write_an).*",
    r"samsum_(?!Write_a_dialogue).*", r"multi_news_(?!expand).*",
]
_INSTRUCTION = [
    r"common_gen_.*", r"wiki_bio_(who|comprehension|guess_person)", r"paws_labeled_final_paraphrase_task", r"glue_mrpc_generate_.*",
    r"adversarial_qa_.*_generate_question", r"duorc_.*_(generate_question|title_generation)", r"quoref_Guess_Title.*",
    r"wiqa_what_(is|might).*", r"dream_(answer_to|generate).*", r"cosmos_qa_context_answer_to_question",
    r"social_i_qa_Generate_the_question.*", r"app_reviews_generate_review", r"samsum_Write_a_dialogue.*",
    r"gigaword_(reverse|write_an_article).*", r"wiki_qa_(Generate|Topic).*", r"cnn_dailymail_3_0_0_(generate_story|spice).*",
    r"qasc_qa_with_separated_facts_3", r"duorc_.*_build_story.*",
]

_LABEL = re.compile(r"^(yes|no|true|false|maybe|[a-h]|\d|no answer.*|insufficient information.*|not? answerable.*)[.!]?$", re.I)


def _matches(patterns, template):
    return any(re.match(p + "$" if not p.endswith("$") else p, template) for p in patterns)


def _read_lines(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield record["template"], clean(record["prompt"]), clean(record["completion"])


def _encyclopedia(prompt):
    """The supporting paragraphs of a multi-hop prompt, as ("What is X?"-able subject, paragraph)."""
    body = prompt.split("Information:", 1)[-1]
    for paragraph in re.findall(r"^- (.+)$", body, re.M):
        first = sentences(_detokenise(paragraph))
        if not first:
            continue
        match = re.match(r"(?:The )?([A-Z][\w'\-. ]{2,40}?)(?: \(.*?\))?,? (is|was|are|were) (?:a|an|the|one|located|in) ", first[0])
        yield (match.group(1).strip(), match.group(2)) if match else None, first


def load(path):
    """All items, without duplicates, in the file's order."""
    items, seen = [], set()

    def add(item):
        key = (item.kind, item.question, item.passage[:200], item.answer)
        if key in seen or _LABEL.match(item.answer) or len(item.answer) < 2:
            return
        seen.add(key)
        item.passage, item.question, item.answer = map(_detokenise, (item.passage, item.question, item.answer))
        item.group = item.group or (item.passage[:120] or item.question)
        items.append(item)

    for template, prompt, answer in _read_lines(path):
        family = template.split("_")[0]
        qa = next((p for t, p in _PASSAGE_QA.items() if re.match(t, template)), None)
        choice = next((p for t, p in _CHOICES.items() if re.match(t, template)), None)
        if qa:
            match = re.match(qa, prompt, re.S)
            if match:
                add(Item("passage", family, match["q"].strip(), answer, match["p"].strip()))
        elif choice:
            options = [o.strip() for o in re.findall(choice, prompt)]
            if answer in options:
                question = prompt.split("- ")[0]
                # The options go: what is left is a question with a full answer and known wrong ones.
                question = re.sub(r"(Answer choices|Choices):\s*$", "", question.strip()).strip()
                add(Item("open", family, question, answer, wrong=[o for o in options if o != answer]))
        elif _matches(_OPEN, template):
            add(Item("open", family, re.sub(r"\?\?", "?", prompt), answer))
        elif _matches(_SUMMARY, template):
            add(Item("summary", family, prompt, answer, group=answer[:120]))
        elif _matches(_INSTRUCTION, template):
            add(Item("instruction", family, prompt, answer))
        elif template == "wiki_hop_original_generate_object":
            for subject, text in _encyclopedia(prompt):
                whole = " ".join(text)
                if subject and 30 < len(text[0]) < 400:
                    name, verb = subject
                    add(Item("definition", family, f"{name}|{verb}", text[0], group=whole[:120]))
                if len(text) >= 3:
                    add(Item("plain", family, "", whole, whole, group=whole[:120]))
        elif template == "dbpedia_14_given_a_choice_of_categories_":
            match = re.match(r"(.+?) - +(.+?)(?: Given a choice| Given a list|\n|$)", prompt, re.S)
            if match and len(match[2]) > 30:
                add(Item("definition", family, f"{match[1]}|is", sentences(match[2])[0], group=match[2][:120]))
    return items


def _digest(text):
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def split(items):
    """(training, held out): by passage or prompt text, so that no held-out passage is ever trained on.

    Items that quote one another's text (the same article under two templates, say) must land on one side. Their
    long sentences tell: items that share one are joined first, and the joined set is drawn as a whole.
    """
    parent = list(range(len(items)))

    def root(i):
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    keys_of = []
    for item in items:
        texts = [item.group] + [s for part in (item.passage, item.question, item.answer) for s in sentences(part) if len(s) > 50]
        keys_of.append({re.sub(r"\W+", "", text.lower())[-80:] for text in texts} - {""})
    # A sentence found everywhere is a template's wording, not a shared text.
    count = Counter(key for keys in keys_of for key in keys)
    owner = {}
    for i, keys in enumerate(keys_of):
        for key in keys:
            if count[key] <= 40:
                # The smallest number is the root, whatever the order of the keys: every run draws the same split.
                low, high = sorted((root(i), root(owner.setdefault(key, i))))
                parent[high] = low
    train, held = [], []
    for i, item in enumerate(items):
        side = held if _digest(items[root(i)].group + str(root(i))) % 100 < HELD_OUT_PERCENT else train
        side.append(item)
    return train, held


_PAIR = re.compile(r"(?:Sentence 1|Sent 1): (?P<a>.+?)\n(?:Sentence 2|Sent 2): (?P<b>.+?)(?:\n|$)")


def statements(path):
    """[(sentence, sentences that mean the same, sentences of nearly the same words that do not)] of the paraphrase sets."""
    found = {}
    for template, prompt, answer in _read_lines(path):
        if template == "paws_labeled_final_Concatenation":
            match = _PAIR.search(prompt)
            pair = match and (match["a"], match["b"])
        elif template == "glue_mrpc_same_thing":
            lines = prompt.split("\n")
            pair = (lines[1], lines[2]) if len(lines) > 2 else None
        else:
            continue
        if pair:
            a, b = map(_detokenise, pair)
            same = answer.lower() == "yes"
            # Two different sentences contradict one another either way round.
            for x, y in ((a, b), (b, a)):
                found.setdefault(x, ([], []))[0 if same else 1].append(y)
    return [(x, same, other) for x, (same, other) in found.items()]


def asked(path):
    """[(question, right answers, answers beside the point)] of the set whose real answers people have judged."""
    found = {}
    for template, prompt, answer in _read_lines(path):
        if template == "wiki_qa_found_on_google":
            match = re.match(r"Question: (.+?)\nI found the following answer on Google: (.+?)\nIs that", prompt, re.S)
        elif template == "wiki_qa_exercise":
            match = re.search(r"Question: (.+?)\nSuggestion: (.+)$", prompt, re.S)
        else:
            continue
        if match:
            right = answer.lower() in ("yes", "true")
            text = _detokenise(match[2].strip())
            group = found.setdefault(match[1].strip(), ([], []))[0 if right else 1]
            if text not in group:
                group.append(text)
    return [(q, right, beside) for q, (right, beside) in found.items() if right]
