"""Small Python functions as data: what is asked, two right ways, faults that are put into them, and
tests.

A fault is (which right way, old text, new text). `F` stands for the function's name, `X` for its
first parameter. The self-check of `made` runs everything: right ways pass all tests, faults fail
one, a half passes some and fails some.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Function:
    """A function to write, with right ways, faults and tests (arguments -> result, or the name of
    an error after !).
    """

    names: list[str]
    first: list[str]
    asks: list[str]
    rights: list[str]
    mutants: list[tuple[int, str, str]]
    half: tuple[int, str, str]
    tests: list[str]


NUMBERS = ["numbers", "values", "nums", "items", "data"]
TEXT = ["text", "s", "string", "line", "value"]
COUNT = ["n", "number", "num", "k"]

FUNCTIONS = [
    Function(
        ["sum_of_evens", "even_sum", "add_evens"],
        NUMBERS,
        [
            "returns the sum of the even numbers in a list of integers, and 0 for an empty list",
            "adds up only the even integers of a list; an empty list or one without even numbers gives 0",
        ],
        [
            "def F(X):\n    return sum(x for x in X if x % 2 == 0)",
            "def F(X):\n    total = 0\n    for x in X:\n        if x % 2 == 0:\n            total += x\n    return total",
        ],
        [
            (0, "== 0", "== 1"),
            (1, "total += x", "total += 1"),
            (1, "total = 0", "total = 1"),
            (1, "            total += x\n    return", "            total += x\n        return"),
        ],
        (0, "sum(x for x in X if x % 2 == 0)", "sum(x for x in X if x % 2 == 0) or None"),
        ["[1, 2, 3, 4] -> 6", "[] -> 0", "[-2, 5] -> -2", "[7, 2] -> 2"],
    ),
    Function(
        ["is_palindrome", "check_palindrome", "palindrome"],
        TEXT,
        [
            "tells whether a string reads the same in both directions, ignoring case and everything that is not a letter "
            "or digit",
            "returns True if a text is a palindrome; upper and lower case count as the same, and spaces and punctuation "
            "are skipped",
        ],
        [
            "def F(X):\n    kept = [c.lower() for c in X if c.isalnum()]\n    return kept == kept[::-1]",
            "def F(X):\n    kept = ''.join(c for c in X.lower() if c.isalnum())\n    left, right = 0, len(kept) - 1\n    "
            "while left < right:\n"
            "        if kept[left] != kept[right]:\n            return False\n        left += 1\n        right -= 1\n    "
            "return True",
        ],
        [
            (0, "kept[::-1]", "kept[:-1]"),
            (1, "len(kept) - 1", "len(kept)"),
            (1, "!=", "=="),
            (0, "c.isalnum()", "c.isspace()"),
        ],
        (0, " if c.isalnum()", ""),
        [
            "'Never odd, or even' -> True",
            "'abca' -> False",
            "'Aba' -> True",
            "'' -> True",
            "'no!' -> False",
        ],
    ),
    Function(
        ["factorial", "fact", "compute_factorial"],
        COUNT,
        [
            "returns the factorial of a non-negative integer and raises ValueError for negative input",
            "computes n! for an integer n >= 0; a negative argument must raise a ValueError",
        ],
        [
            "def F(X):\n    if X < 0:\n        raise ValueError('negative')\n    result = 1\n    for i in range(2, X + "
            "1):\n        result *= i\n    return result",
            "def F(X):\n    if X < 0:\n        raise ValueError('negative')\n    return 1 if X < 2 else X * F(X - 1)",
        ],
        [
            (0, "X + 1", "X"),
            (0, "result = 1", "result = 0"),
            (1, "return 1 if X < 2", "return 0 if X < 2"),
            (1, "X * F", "X + F"),
        ],
        (1, "    if X < 0:\n        raise ValueError('negative')\n", ""),
        ["5 -> 120", "0 -> 1", "1 -> 1", "3 -> 6", "-2 -> !ValueError"],
    ),
    Function(
        ["fibonacci", "fib", "nth_fibonacci"],
        COUNT,
        [
            "returns the n-th Fibonacci number with F(0) = 0 and F(1) = 1, and raises ValueError for negative n",
            "gives the Fibonacci number at index n (index 0 is 0, index 1 is 1) and raises a ValueError when n is below "
            "zero",
        ],
        [
            "def F(X):\n    if X < 0:\n        raise ValueError('negative index')\n    a, b = 0, 1\n    for _ in "
            "range(X):\n        a, b = b, a + b\n    return a",
            "def F(X):\n    if X < 0:\n        raise ValueError('negative index')\n    sequence = [0, 1]\n    while "
            "len(sequence) <= X:\n"
            "        sequence.append(sequence[-1] + sequence[-2])\n    return sequence[X]",
        ],
        [
            (0, "return a", "return b"),
            (0, "range(X)", "range(X - 1)"),
            (1, "[0, 1]", "[1, 1]"),
            (1, "<= X", "< X"),
            (0, "b, a + b", "b, a * b"),
        ],
        (0, "    if X < 0:\n        raise ValueError('negative index')\n", ""),
        ["0 -> 0", "1 -> 1", "7 -> 13", "10 -> 55", "-1 -> !ValueError"],
    ),
    Function(
        ["is_prime", "check_prime", "prime"],
        COUNT,
        [
            "returns True if an integer is a prime number and False otherwise, also for 1, 0 and negative numbers",
            "tests whether an integer is prime (everything below 2 is not)",
        ],
        [
            "def F(X):\n    if X < 2:\n        return False\n    for d in range(2, int(X ** 0.5) + 1):\n        if X % d "
            "== 0:\n            return False\n    return True",
            "def F(X):\n    return X > 1 and all(X % d for d in range(2, int(X ** 0.5) + 1))",
        ],
        [
            (0, "int(X ** 0.5) + 1", "int(X ** 0.5)"),
            (1, "all(X", "any(X"),
            (0, "range(2", "range(1"),
            (1, "X > 1", "X > 2"),
        ],
        (0, "    if X < 2:\n        return False\n", "    X = abs(X)\n"),
        [
            "1 -> False",
            "2 -> True",
            "9 -> False",
            "97 -> True",
            "0 -> False",
            "15 -> False",
            "-3 -> False",
        ],
    ),
    Function(
        ["count_vowels", "vowel_count", "number_of_vowels"],
        TEXT,
        [
            "counts the vowels (a, e, i, o, u) in a string, upper and lower case alike",
            "returns how many vowels a text has, regardless of case",
        ],
        [
            "def F(X):\n    return sum(c in 'aeiou' for c in X.lower())",
            "def F(X):\n    count = 0\n    for c in X:\n        if c in 'aeiouAEIOU':\n            count += 1\n    "
            "return count",
        ],
        [
            (0, "'aeiou'", "'aeio'"),
            (1, "c in 'aeiou", "c not in 'aeiou"),
            (1, "count = 0", "count = 1"),
            (
                1,
                "            count += 1\n    return count",
                "            count += 1\n        return count",
            ),
        ],
        (0, "X.lower()", "X"),
        ["'Under' -> 2", "'xyz' -> 0", "'education' -> 5", "'' -> 0", "'AE' -> 2"],
    ),
    Function(
        ["running_total", "cumulative_sum", "prefix_sums"],
        NUMBERS,
        [
            "returns a new list with the running totals of a list of numbers and leaves the given list unchanged",
            "takes a list of numbers and gives the list of its cumulative sums, without modifying the input",
        ],
        [
            "def F(X):\n    result, total = [], 0\n    for x in X:\n        total += x\n        result.append(total)\n   "
            " return result",
            "def F(X):\n    return [sum(X[:i + 1]) for i in range(len(X))]",
        ],
        [
            (1, "X[:i + 1]", "X[:i]"),
            (0, "total += x", "total = x"),
            (1, "range(len(X))", "range(len(X) - 1)"),
            (0, "[], 0", "[], 1"),
        ],
        (0, "    return result", "    return result[-1:]"),
        ["[1, 2, 3] -> [1, 3, 6]", "[] -> []", "[5] -> [5]", "[2, -2, 4] -> [2, 0, 4]"],
    ),
    Function(
        ["second_largest", "runner_up", "second_highest"],
        NUMBERS,
        [
            "returns the second largest distinct value of a list, or None if there are fewer than two distinct values",
            "finds the second highest value in a list (equal values count once) and returns None when there is no such "
            "value",
        ],
        [
            "def F(X):\n    distinct = sorted(set(X))\n    return distinct[-2] if len(distinct) > 1 else None",
            "def F(X):\n    best = second = None\n    for x in X:\n        if best is None or x > best:\n            "
            "best, second = x, best\n"
            "        elif x != best and (second is None or x > second):\n            second = x\n    return second",
        ],
        [
            (0, "distinct[-2]", "distinct[1]"),
            (0, "> 1", "> 2"),
            (1, "x, best", "x, second"),
            (1, "return second", "return best"),
            (0, "sorted(set(X))", "sorted(X)"),
        ],
        (0, "distinct[-2] if len(distinct) > 1 else None", "distinct[-2]"),
        [
            "[3, 1, 5, 4] -> 4",
            "[5, 5, 2] -> 2",
            "[7] -> None",
            "[] -> None",
            "[1, 2] -> 1",
            "[4, 4] -> None",
        ],
    ),
    Function(
        ["word_counts", "count_words", "word_frequency"],
        TEXT,
        [
            "returns a dictionary from each lower-cased word of a text to how often it occurs; words are separated by "
            "whitespace",
            "counts the words of a text, ignoring case, and returns a dict of word to count (split at whitespace)",
        ],
        [
            "def F(X):\n    counts = {}\n    for word in X.lower().split():\n        counts[word] = counts.get(word, 0) "
            "+ 1\n    return counts",
            "from collections import Counter\n\n\ndef F(X):\n    return dict(Counter(X.lower().split()))",
        ],
        [
            (0, "get(word, 0)", "get(word, 1)"),
            (0, " + 1", ""),
            (1, "split()", "split(',')"),
            (1, "X.lower().split()", "X.lower()"),
        ],
        (1, "X.lower()", "X"),
        [
            "'a b A' -> {'a': 2, 'b': 1}",
            "'' -> {}",
            "'x  y' -> {'x': 1, 'y': 1}",
            "'Go go GO' -> {'go': 3}",
        ],
    ),
    Function(
        ["unique_in_order", "dedupe", "remove_duplicates"],
        NUMBERS,
        [
            "removes duplicates from a list and keeps the first occurrence of each element in the original order",
            "returns the elements of a list without repetitions, in the order in which they first appear",
        ],
        [
            "def F(X):\n    seen = set()\n    result = []\n    for x in X:\n        if x not in seen:\n            "
            "seen.add(x)\n            result.append(x)\n    return result",
            "def F(X):\n    return list(dict.fromkeys(X))",
        ],
        [
            (0, "x not in seen", "x in seen"),
            (1, "dict.fromkeys(X)", "dict.fromkeys(X[::-1])"),
            (0, "return result", "return seen"),
            (1, "list(dict.fromkeys(X))", "[x for x in X if X.count(x) == 1]"),
        ],
        (1, "list(dict.fromkeys(X))", "sorted(set(X))"),
        ["[3, 1, 3, 2, 1] -> [3, 1, 2]", "[] -> []", "[1, 2] -> [1, 2]", "[2, 2] -> [2]"],
    ),
    Function(
        ["flatten", "flatten_list", "flatten_deep"],
        ["nested", "items", "values"],
        [
            "flattens a list that may contain lists at any depth into one flat list",
            "turns an arbitrarily nested list into a flat list with the elements in order",
        ],
        [
            "def F(X):\n    result = []\n    for x in X:\n        if isinstance(x, list):\n            "
            "result.extend(F(x))\n        else:\n            result.append(x)\n    return result",
            "def F(X):\n    stack, result = list(X)[::-1], []\n    while stack:\n        x = stack.pop()\n        if "
            "isinstance(x, list):\n"
            "            stack.extend(x[::-1])\n        else:\n            result.append(x)\n    return result",
        ],
        [
            (0, "extend(F(x))", "append(F(x))"),
            (1, "stack.extend(x[::-1])", "stack.extend(x)"),
            (1, "list(X)[::-1]", "list(X)"),
            (0, "append(x)", "insert(0, x)"),
        ],
        (0, "extend(F(x))", "extend(x)"),
        [
            "[1, [2, [3]]] -> [1, 2, 3]",
            "[] -> []",
            "[[1, 2], 3] -> [1, 2, 3]",
            "[1, [2, 3]] -> [1, 2, 3]",
            "[[[4]], [5]] -> [4, 5]",
        ],
    ),
    Function(
        ["clamp", "limit", "restrict"],
        ["value", "x", "number"],
        [
            "limits a number to the range from low to high (both included), called as {f}({x}, low, high); if low > high, "
            "it raises ValueError",
            "with the signature {f}({x}, low, high) returns low if the number is below low, high if above, else the "
            "number; low > high is a ValueError",
        ],
        [
            "def F(X, low, high):\n    if low > high:\n        raise ValueError('low > high')\n    return max(low, "
            "min(X, high))",
            "def F(X, low, high):\n    if low > high:\n        raise ValueError('low > high')\n    if X < low:\n        "
            "return low\n    if X > high:\n        return high\n    return X",
        ],
        [
            (0, "max(low, min(X, high))", "min(low, max(X, high))"),
            (1, "return high", "return low"),
            (1, "X < low", "X > low"),
            (0, "min(X, high)", "min(X, high - 1)"),
        ],
        (0, "    if low > high:\n        raise ValueError('low > high')\n", ""),
        [
            "5, 1, 10 -> 5",
            "-3, 0, 4 -> 0",
            "12, 0, 4 -> 4",
            "4, 0, 4 -> 4",
            "1, 5, 2 -> !ValueError",
        ],
    ),
    Function(
        ["chunk", "split_into_chunks", "batches"],
        NUMBERS,
        [
            "splits a list into consecutive pieces of a given size, called as {f}({x}, size); the last piece may be "
            "shorter, and a size below 1 raises ValueError",
            "takes {f}({x}, size) and returns a list of slices with that many elements each (the rest goes into a last, "
            "shorter one); size < 1 is a ValueError",
        ],
        [
            "def F(X, size):\n    if size < 1:\n        raise ValueError('size must be positive')\n    return [X[i:i + "
            "size] for i in range(0, len(X), size)]",
            "def F(X, size):\n    if size < 1:\n        raise ValueError('size must be positive')\n    result = []\n    "
            "for i, x in enumerate(X):\n"
            "        if i % size == 0:\n            result.append([])\n        result[-1].append(x)\n    return result",
        ],
        [
            (0, "i + size]", "i + size - 1]"),
            (0, "len(X), size)", "len(X) - size, size)"),
            (1, "i % size == 0", "i % size == 1"),
            (0, "range(0, len(X), size)", "range(len(X))"),
        ],
        (0, "    if size < 1:\n        raise ValueError('size must be positive')\n", ""),
        [
            "[1, 2, 3, 4, 5], 2 -> [[1, 2], [3, 4], [5]]",
            "[], 3 -> []",
            "[1, 2], 2 -> [[1, 2]]",
            "[1], -1 -> !ValueError",
        ],
    ),
    Function(
        ["gcd", "greatest_common_divisor", "common_divisor"],
        ["a", "x", "first"],
        [
            "computes the greatest common divisor of two integers, {f}({x}, b), without the math module; the result is "
            "never negative",
            "returns the largest integer that divides both arguments of {f}({x}, b), never negative, without importing "
            "math",
        ],
        [
            "def F(X, b):\n    while b:\n        X, b = b, X % b\n    return abs(X)",
            "def F(X, b):\n    return abs(X) if b == 0 else F(b, X % b)",
        ],
        [
            (0, "X, b = b, X % b", "X, b = b, X // b"),
            (0, "return abs(X)", "return abs(b)"),
            (1, "F(b, X % b)", "F(b, X - b) if X > b else b"),
            (1, "abs(X) if b == 0", "1 if b == 0"),
        ],
        (0, "abs(X)", "X"),
        ["12, 18 -> 6", "7, 5 -> 1", "0, 4 -> 4", "-8, 0 -> 8", "36, 24 -> 12"],
    ),
    Function(
        ["is_leap_year", "leap_year", "is_leap"],
        ["year", "y"],
        [
            "decides whether a year is a leap year in the Gregorian calendar (including the rules for centuries)",
            "returns True for leap years: divisible by 4, but not by 100 unless also by 400",
        ],
        [
            "def F(X):\n    return X % 4 == 0 and (X % 100 != 0 or X % 400 == 0)",
            "def F(X):\n    if X % 400 == 0:\n        return True\n    if X % 100 == 0:\n        return False\n    "
            "return X % 4 == 0",
        ],
        [
            (0, "and (X % 100 != 0 or", "or (X % 100 != 0 and"),
            (1, "if X % 400 == 0:\n        return True", "if X % 400 == 0:\n        return False"),
            (1, "return X % 4 == 0", "return X % 4 != 0"),
            (0, "!= 0 or", "== 0 or"),
        ],
        (0, " and (X % 100 != 0 or X % 400 == 0)", ""),
        ["2024 -> True", "1900 -> False", "2000 -> True", "2023 -> False"],
    ),
    Function(
        ["caesar", "shift_text", "caesar_cipher"],
        TEXT,
        [
            "shifts every letter of a text by a number of places in the alphabet, {f}({x}, shift), wrapping around, "
            "keeping case and leaving other characters alone",
            "implements a Caesar cipher {f}({x}, shift): letters move on in the alphabet and wrap at Z, case stays, "
            "everything else is unchanged",
        ],
        [
            "def F(X, shift):\n    out = []\n    for c in X:\n        if c.isalpha():\n            base = ord('A') if "
            "c.isupper() else ord('a')\n"
            "            c = chr((ord(c) - base + shift) % 26 + base)\n        out.append(c)\n    return ''.join(out)",
            "def F(X, shift):\n    lower = 'abcdefghijklmnopqrstuvwxyz'\n    upper = lower.upper()\n    k = shift % 26\n"
            "    table = str.maketrans(lower + upper, lower[k:] + lower[:k] + upper[k:] + upper[:k])\n    return "
            "X.translate(table)",
        ],
        [
            (0, "% 26", "% 25"),
            (0, "+ shift", "- shift"),
            (1, "upper[k:] + upper[:k]", "lower[k:] + lower[:k]"),
            (1, "shift % 26", "-shift % 26"),
        ],
        (
            0,
            "        if c.isalpha():\n            base = ord('A') if c.isupper() else ord('a')\n            c =",
            "        if c.islower():\n            base = ord('a')\n            c =",
        ),
        ["'abc', 2 -> 'cde'", "'xyz', 3 -> 'abc'", "'Hi, Z!', 1 -> 'Ij, A!'", "'b', -1 -> 'a'"],
    ),
    Function(
        ["merge_sorted", "merge", "merge_lists"],
        ["a", "left", "first"],
        [
            "merges two sorted lists into one sorted list, {f}({x}, b), keeping repeated values",
            "takes two ascending "
            "lists, {f}({x}, b), and returns one ascending list with all their elements",
        ],
        [
            "def F(X, b):\n    result, i, j = [], 0, 0\n    while i < len(X) and j < len(b):\n        if X[i] <= b[j]:\n "
            "           result.append(X[i])\n            i += 1\n"
            "        else:\n            result.append(b[j])\n            j += 1\n    return result + X[i:] + b[j:]",
            "def F(X, b):\n    return sorted(X + b)",
        ],
        [
            (0, "X[i] <= b[j]", "X[i] >= b[j]"),
            (0, "X[i:] + b[j:]", "b[j:]"),
            (1, "sorted(X + b)", "X + b"),
            (1, "sorted(X + b)", "sorted(X + b)[::-1]"),
        ],
        (1, "sorted(X + b)", "sorted(set(X + b))"),
        [
            "[1, 4], [2, 3] -> [1, 2, 3, 4]",
            "[], [1] -> [1]",
            "[1, 2], [2] -> [1, 2, 2]",
            "[5], [1, 9] -> [1, 5, 9]",
        ],
    ),
    Function(
        ["binary_search", "find_index", "search_sorted"],
        NUMBERS,
        [
            "searches a sorted list for a target by halving, {f}({x}, target), and returns its index or -1 if it is "
            "missing",
            "implements binary search {f}({x}, target) on an ascending list of distinct values; the result is the index, "
            "or -1 when absent",
        ],
        [
            "def F(X, target):\n    low, high = 0, len(X) - 1\n    while low <= high:\n        mid = (low + high) // 2\n "
            "       if X[mid] == target:\n            return mid\n"
            "        if X[mid] < target:\n            low = mid + 1\n        else:\n            high = mid - 1\n    "
            "return -1",
            "from bisect import bisect_left\n\n\ndef F(X, target):\n    i = bisect_left(X, target)\n    return i if i < "
            "len(X) and X[i] == target else -1",
        ],
        [
            (0, "low <= high", "low < high"),
            (0, "len(X) - 1", "len(X) - 2"),
            (1, "return i if", "return i + 1 if"),
            (0, "return mid", "return X[mid]"),
            (0, "< target", "> target"),
        ],
        (1, "return i if i < len(X) and X[i] == target else -1", "return i"),
        [
            "[1, 3, 5, 7], 5 -> 2",
            "[1, 3], 1 -> 0",
            "[2], 2 -> 0",
            "[], 4 -> -1",
            "[1, 3, 5], 4 -> -1",
            "[1, 3, 5], 5 -> 2",
        ],
    ),
    Function(
        ["mean", "average", "arithmetic_mean"],
        NUMBERS,
        [
            "returns the arithmetic mean of a list of numbers and None for an empty list",
            "computes the average of a list; for an empty list the result is None",
        ],
        [
            "def F(X):\n    return sum(X) / len(X) if X else None",
            "def F(X):\n    if not X:\n        return None\n    "
            "total = 0\n    for x in X:\n        total += x\n    return total / len(X)",
        ],
        [
            (0, "sum(X) / len(X)", "sum(X) // len(X)"),
            (1, "total = 0", "total = 1"),
            (1, "/ len(X)", "/ (len(X) - 1 or 1)"),
            (0, "else None", "else 0"),
        ],
        (0, " if X else None", ""),
        ["[1, 2] -> 1.5", "[] -> None", "[4] -> 4.0", "[2, 4, 6] -> 4.0"],
    ),
    Function(
        ["median", "middle_value", "list_median"],
        NUMBERS,
        [
            "returns the median of a non-empty list of numbers (the mean of the two middle values when the length is "
            "even) and does not change the list",
            "finds the median of an unsorted list; with an even number of values it is the average of the middle two",
        ],
        [
            "def F(X):\n    ordered = sorted(X)\n    mid = len(ordered) // 2\n    if len(ordered) % 2:\n        return "
            "ordered[mid]\n    return (ordered[mid - 1] + ordered[mid]) / 2",
            "def F(X):\n    ordered = sorted(X)\n    n = len(ordered)\n    return (ordered[(n - 1) // 2] + ordered[n // "
            "2]) / 2",
        ],
        [
            (0, "sorted(X)", "list(X)"),
            (1, "ordered[n // 2]", "ordered[n // 2 - 1]"),
            (0, "ordered[mid - 1] + ordered[mid]", "ordered[mid] + ordered[mid + 1]"),
            (0, "return ordered[mid]", "return ordered[mid - 1]"),
        ],
        (
            0,
            "    if len(ordered) % 2:\n        return ordered[mid]\n    return (ordered[mid - 1] + ordered[mid]) / 2",
            "    return ordered[mid]",
        ),
        ["[3, 1, 2] -> 2", "[4, 1, 3, 2] -> 2.5", "[5] -> 5", "[9, 1] -> 5.0", "[1, 5, 6] -> 5"],
    ),
    Function(
        ["reverse_words", "flip_words", "reversed_sentence"],
        TEXT,
        [
            "reverses the order of the words in a sentence and puts exactly one space between them",
            "returns a text with its words in reverse order, separated by single spaces, without spaces at the ends",
        ],
        [
            "def F(X):\n    return ' '.join(X.split()[::-1])",
            "def F(X):\n    words = X.split()\n    words.reverse()\n    return ' '.join(words)",
        ],
        [
            (0, "X.split()[::-1]", "X[::-1].split()"),
            (1, "' '.join(words)", "''.join(words)"),
            (1, "    words.reverse()\n", "    words.sort()\n"),
            (0, "[::-1]", "[:0:-1]"),
        ],
        (0, "X.split()", "X.split(' ')"),
        [
            "'one two three' -> 'three two one'",
            "'  hi   you ' -> 'you hi'",
            "'' -> ''",
            "'x a b' -> 'b a x'",
        ],
    ),
    Function(
        ["to_roman", "roman_numeral", "int_to_roman"],
        COUNT,
        [
            "converts an integer from 1 to 3999 to a Roman numeral with the usual subtractions (IV, IX, XL and so on)",
            "returns the Roman numeral of a positive integer below 4000, written in the usual short way, such as IX for 9",
        ],
        [
            "def F(X):\n    pairs = [(1000, 'M'), (900, 'CM'), (500, 'D'), (400, 'CD'), (100, 'C'), (90, 'XC'), (50, "
            "'L'), (40, 'XL'),\n"
            "             (10, 'X'), (9, 'IX'), (5, 'V'), (4, 'IV'), (1, 'I')]\n    out = ''\n    for value, letters in "
            "pairs:\n        while X >= value:\n            out += letters\n"
            "            X -= value\n    return out",
            "def F(X):\n    ones = ['', 'I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX']\n    tens = ['', 'X', "
            "'XX', 'XXX', 'XL', 'L', 'LX', 'LXX', 'LXXX', 'XC']\n"
            "    hundreds = ['', 'C', 'CC', 'CCC', 'CD', 'D', 'DC', 'DCC', 'DCCC', 'CM']\n    return 'M' * (X // 1000) + "
            "hundreds[X // 100 % 10] + tens[X // 10 % 10] + ones[X % 10]",
        ],
        [
            (0, "X >= value", "X > value"),
            (0, "while", "if"),
            (1, "tens[X // 10 % 10] + ones[X % 10]", "ones[X % 10] + tens[X // 10 % 10]"),
            (1, "'VIII', 'IX'", "'IX', 'VIII'"),
        ],
        (
            0,
            "(1000, 'M'), (900, 'CM'), (500, 'D'), (400, 'CD'), (100, 'C'), (90, 'XC'), (50, 'L'), (40, 'XL'),\n      "
            "       (10, 'X'), (9, 'IX'), (5, 'V'), (4, 'IV'), (1, 'I')",
            "(1000, 'M'), (500, 'D'), (100, 'C'), (50, 'L'), (10, 'X'), (5, 'V'), (1, 'I')",
        ),
        ["1994 -> 'MCMXCIV'", "3 -> 'III'", "58 -> 'LVIII'", "9 -> 'IX'", "18 -> 'XVIII'"],
    ),
    Function(
        ["transpose", "transpose_matrix", "swap_rows_and_columns"],
        ["matrix", "rows", "grid"],
        [
            "transposes a matrix that is given as a list of rows and returns a list of lists; an empty matrix gives []",
            "turns the rows of a list of lists into columns, as lists again (not tuples)",
        ],
        [
            "def F(X):\n    return [list(row) for row in zip(*X)]",
            "def F(X):\n    if not X:\n        return []\n    "
            "return [[row[j] for row in X] for j in range(len(X[0]))]",
        ],
        [
            (1, "range(len(X[0]))", "range(len(X[0]) - 1)"),
            (0, "zip(*X)", "X[::-1]"),
            (1, "row[j] for row in X", "row[j] for row in X[::-1]"),
            (1, "len(X[0])", "1"),
        ],
        (0, "[list(row) for row in zip(*X)]", "list(zip(*X))"),
        ["[[1, 2], [3, 4]] -> [[1, 3], [2, 4]]", "[] -> []", "[[1, 2, 3]] -> [[1], [2], [3]]"],
    ),
    Function(
        ["anagrams", "are_anagrams", "is_anagram"],
        ["a", "first", "left"],
        [
            "checks whether two strings are anagrams of each other, {f}({x}, b), ignoring case and spaces",
            "returns True if two texts, {f}({x}, b), use the same letters equally often; case and spaces do not matter",
        ],
        [
            "def F(X, b):\n    def clean(text):\n        return sorted(text.lower().replace(' ', ''))\n    return "
            "clean(X) == clean(b)",
            "from collections import Counter\n\n\ndef F(X, b):\n    return Counter(X.lower().replace(' ', '')) == "
            "Counter(b.lower().replace(' ', ''))",
        ],
        [
            (0, "sorted(text", "set(text"),
            (0, "==", "!="),
            (1, "Counter(b.lower()", "Counter(X.lower()"),
            (
                1,
                "Counter(X.lower().replace(' ', '')) == Counter(b.lower().replace(' ', ''))",
                "len(X) == len(b)",
            ),
        ],
        (0, ".replace(' ', '')", ""),
        [
            "'Listen', 'Silent' -> True",
            "'aab', 'abb' -> False",
            "'dirty room', 'dormitory' -> True",
            "'a', 'b' -> False",
            "'ab', 'a' -> False",
        ],
    ),
    Function(
        ["digit_sum", "sum_digits", "sum_of_digits"],
        COUNT,
        [
            "returns the sum of the decimal digits of an integer; the sign is ignored",
            "adds up the digits of an "
            "integer, also of a negative one (its minus sign does not matter)",
        ],
        [
            "def F(X):\n    return sum(int(d) for d in str(abs(X)))",
            "def F(X):\n    X, total = abs(X), 0\n    while "
            "X:\n        total += X % 10\n        X //= 10\n    return total",
        ],
        [
            (1, "total += X % 10", "total += X // 10"),
            (0, "sum(", "max("),
            (1, "while X:", "while X > 9:"),
            (1, "abs(X), 0", "abs(X), 1"),
        ],
        (0, "str(abs(X))", "str(X)"),
        ["123 -> 6", "0 -> 0", "-45 -> 9", "9 -> 9", "1001 -> 2"],
    ),
    Function(
        ["compress", "run_length", "encode_runs"],
        TEXT,
        [
            "run-length encodes a string: each run becomes the character and its length, so that 'aab' gives 'a2b1'",
            "compresses a text to characters with the lengths of their runs ('aab' becomes 'a2b1', and '' stays '')",
        ],
        [
            "def F(X):\n    out, i = '', 0\n    while i < len(X):\n        j = i\n        while j < len(X) and X[j] == "
            "X[i]:\n            j += 1\n        out += X[i] + str(j - i)\n        i = j\n    return out",
            "from itertools import groupby\n\n\ndef F(X):\n    return ''.join(c + str(len(list(run))) for c, run in "
            "groupby(X))",
        ],
        [
            (0, "str(j - i)", "str(j - i - 1)"),
            (0, "X[i] + str(j - i)", "str(j - i) + X[i]"),
            (1, "groupby(X)", "groupby(sorted(X))"),
            (0, "i < len(X)", "i < len(X) - 1"),
        ],
        (1, "c + str(len(list(run)))", "c + (str(n) if (n := len(list(run))) > 1 else '')"),
        ["'aab' -> 'a2b1'", "'' -> ''", "'abba' -> 'a1b2a1'", "'zzz' -> 'z3'"],
    ),
    Function(
        ["invert", "invert_dict", "swap_keys_and_values"],
        ["mapping", "table", "d"],
        [
            "inverts a dictionary: each value becomes a key with the list of all keys that had it, in their order",
            "returns a dict from value to the list of keys with this value",
        ],
        [
            "def F(X):\n    result = {}\n    for key, value in X.items():\n        result.setdefault(value, "
            "[]).append(key)\n    return result",
            "def F(X):\n    return {value: [k for k, v in X.items() if v == value] for value in X.values()}",
        ],
        [
            (0, "setdefault(value, []).append(key)", "setdefault(key, []).append(value)"),
            (1, "v == value", "k == value"),
            (0, "append(key)", "append(value)"),
            (1, "[k for k, v", "[v for k, v"),
        ],
        (0, "result.setdefault(value, []).append(key)", "result[value] = [key]"),
        [
            "{'a': 1, 'b': 2, 'c': 1} -> {1: ['a', 'c'], 2: ['b']}",
            "{} -> {}",
            "{'x': 5} -> {5: ['x']}",
        ],
    ),
    Function(
        ["longest_word", "find_longest", "longest"],
        TEXT,
        [
            "returns the longest word of a text (the first one if several are equally long) and an empty string for an "
            "empty text",
            "finds the longest whitespace-separated word; on a tie the earliest wins, and '' gives ''",
        ],
        [
            "def F(X):\n    return max(X.split(), key=len, default='')",
            "def F(X):\n    best = ''\n    for word in "
            "X.split():\n        if len(word) > len(best):\n            best = word\n    return best",
        ],
        [
            (1, "> len(best)", ">= len(best)"),
            (0, "max(X.split(), key=len", "max(X.split()"),
            (0, "max(", "min("),
            (1, "len(word) > len(best)", "word > best"),
        ],
        (0, ", default=''", ""),
        [
            "'a bbb cc' -> 'bbb'",
            "'one two' -> 'one'",
            "'' -> ''",
            "'z yy' -> 'yy'",
            "'abc zz' -> 'abc'",
        ],
    ),
    Function(
        ["count_in_range", "how_many_between", "between"],
        NUMBERS,
        [
            "counts how many numbers of a list lie between low and high, both bounds included: {f}({x}, low, high)",
            "for {f}({x}, low, high) returns the number of elements that are at least low and at most high",
        ],
        [
            "def F(X, low, high):\n    return sum(low <= x <= high for x in X)",
            "def F(X, low, high):\n    count = 0\n  "
            "  for x in X:\n        if x >= low and x <= high:\n            count += 1\n    return count",
        ],
        [
            (0, "low <= x <= high", "low < x < high"),
            (0, "x <= high", "x < high"),
            (1, "and", "or"),
            (1, "x >= low", "x > low"),
        ],
        (1, " and x <= high", ""),
        [
            "[1, 5, 9], 1, 5 -> 2",
            "[], 0, 1 -> 0",
            "[3, 3], 3, 3 -> 2",
            "[2, 8], 4, 6 -> 0",
            "[4, 5], 3, 6 -> 2",
        ],
    ),
    Function(
        ["rotate", "rotate_left", "rotate_list"],
        NUMBERS,
        [
            "rotates a list to the left by k places, {f}({x}, k), also for k larger than its length, and returns a new "
            "list",
            "returns a list whose elements have moved k places to the left, {f}({x}, k), wrapping around; k may "
            "exceed the length, the list may be empty",
        ],
        [
            "def F(X, k):\n    if not X:\n        return []\n    k %= len(X)\n    return X[k:] + X[:k]",
            "def F(X, k):\n    n = len(X)\n    return [X[(i + k) % n] for i in range(n)]",
        ],
        [
            (0, "X[k:] + X[:k]", "X[-k:] + X[:-k]"),
            (1, "(i + k)", "(i + k + 1)"),
            (1, "range(n)", "range(n - 1)"),
            (0, "X[k:] + X[:k]", "X[:k] + X[k:]"),
        ],
        (0, "    k %= len(X)\n", ""),
        [
            "[1, 2, 3, 4], 1 -> [2, 3, 4, 1]",
            "[1, 2, 3], 4 -> [2, 3, 1]",
            "[], 2 -> []",
            "[1, 2], 0 -> [1, 2]",
        ],
    ),
    Function(
        ["balanced", "is_balanced", "check_brackets"],
        TEXT,
        [
            "checks whether the brackets (), [] and {{}} in a string are balanced and properly nested",
            "returns True if every bracket of the kinds (), [], {{}} is closed in the right order",
        ],
        [
            "def F(X):\n    pairs = {')': '(', ']': '[', '}': '{'}\n    stack = []\n    for c in X:\n        if c in "
            "'([{':\n            stack.append(c)\n        elif c in pairs:\n"
            "            if not stack or stack.pop() != pairs[c]:\n                return False\n    return not stack",
            "def F(X):\n    kept = ''.join(c for c in X if c in '()[]{}')\n    while kept:\n        shorter = "
            "kept.replace('()', '').replace('[]', '').replace('{}', '')\n"
            "        if shorter == kept:\n            return False\n        kept = shorter\n    return True",
        ],
        [
            (0, "return not stack", "return True"),
            (0, "if not stack or stack.pop() != pairs[c]", "if not stack or not stack.pop()"),
            (1, "return False", "return True"),
            (0, "return not stack", "return bool(stack)"),
        ],
        (0, "{')': '(', ']': '[', '}': '{'}", "{')': '('}"),
        [
            "'(a[b]{c})' -> True",
            "'(]' -> False",
            "'((' -> False",
            "'' -> True",
            "')' -> False",
            "'[)' -> False",
            "'(x)' -> True",
        ],
    ),
    Function(
        ["title_case", "capitalize_words", "to_title"],
        TEXT,
        [
            "capitalises the first letter of each word of a text and lower-cases the rest of the word, with single spaces "
            "in between",
            "returns a text in title case: every word starts with a capital, all other letters are small, "
            "words joined by one space",
        ],
        [
            "def F(X):\n    return ' '.join(word.capitalize() for word in X.split())",
            "def F(X):\n    words = []\n    "
            "for word in X.split():\n        words.append(word[0].upper() + word[1:].lower())\n    return ' "
            "'.join(words)",
        ],
        [
            (1, "word[1:]", "word[2:]"),
            (0, "word.capitalize() for word in X.split()", "word.upper() for word in X.split()"),
            (1, "' '.join", "''.join"),
            (0, "' '.join(word.capitalize() for word in X.split())", "X.capitalize()"),
        ],
        (1, "word[1:].lower()", "word[1:]"),
        [
            "'hello big world' -> 'Hello Big World'",
            "'mIXed' -> 'Mixed'",
            "'' -> ''",
            "'a b' -> 'A B'",
        ],
    ),
    Function(
        ["grade", "letter_grade", "to_grade"],
        ["score", "points", "result"],
        [
            "maps a score from 0 to 100 to a letter: 90 and above is A, 80 and above B, 70 and above C, anything else F; "
            "scores outside 0 to 100 raise ValueError",
            "returns 'A' from 90, 'B' from 80, 'C' from 70 and otherwise 'F'; a score below 0 or above 100 is a "
            "ValueError",
        ],
        [
            "def F(X):\n    if not 0 <= X <= 100:\n        raise ValueError('out of range')\n    if X >= 90:\n        "
            "return 'A'\n    if X >= 80:\n        return 'B'\n    if X >= 70:\n        return 'C'\n    return 'F'",
            "def F(X):\n    if X < 0 or X > 100:\n        raise ValueError('out of range')\n    for bound, letter in "
            "[(90, 'A'), (80, 'B'), (70, 'C')]:\n        if X >= bound:\n            return letter\n    return 'F'",
        ],
        [
            (0, "X >= 90", "X > 90"),
            (1, "X >= bound", "X > bound"),
            (0, "'F'", "'D'"),
            (0, "X >= 70", "X >= 60"),
            (1, "X > 100", "X >= 100"),
        ],
        (0, "    if not 0 <= X <= 100:\n        raise ValueError('out of range')\n", ""),
        [
            "90 -> 'A'",
            "89 -> 'B'",
            "80 -> 'B'",
            "70 -> 'C'",
            "65 -> 'F'",
            "0 -> 'F'",
            "100 -> 'A'",
            "101 -> !ValueError",
        ],
    ),
    Function(
        ["parse_query", "read_pairs", "parse_pairs"],
        TEXT,
        [
            "parses a string such as 'a=1&b=2' into a dictionary of strings; a part without '=' gets an empty string, and "
            "'' gives {{}}",
            "turns 'key=value' pairs that are joined by '&' into a dict (no '=' means the value ''; an "
            "empty text gives an empty dict)",
        ],
        [
            "def F(X):\n    result = {}\n    for part in X.split('&'):\n        if part:\n            key, _, value = "
            "part.partition('=')\n            result[key] = value\n    return result",
            "def F(X):\n    parts = [part.split('=', 1) for part in X.split('&') if part]\n    return "
            "{part[0]: part[1] if len(part) > 1 else '' for part in parts}",
        ],
        [
            (0, "X.split('&')", "X.split(';')"),
            (0, "result[key] = value", "result[value] = key"),
            (1, "else ''", "else None"),
            (
                0,
                "        if part:\n            key, _, value = part.partition('=')\n        "
                "    result[key] = value",
                "        key, _, value = part.partition('=')\n        result[key] = value",
            ),
        ],
        (1, "part[1] if len(part) > 1 else ''", "part[1]"),
        [
            "'a=1&b=2' -> {'a': '1', 'b': '2'}",
            "'' -> {}",
            "'x&y=3' -> {'x': '', 'y': '3'}",
            "'q=7' -> {'q': '7'}",
        ],
    ),
    Function(
        ["moving_average", "sliding_mean", "window_means"],
        NUMBERS,
        [
            "returns the averages of all windows of a given size, {f}({x}, size), in order; a list shorter than the "
            "window gives []",
            "computes the moving average {f}({x}, size): the mean of each run of that many neighbours, "
            "or [] when the list is too short",
        ],
        [
            "def F(X, size):\n    return [sum(X[i:i + size]) / size for i in range(len(X) - size + 1)]",
            "def F(X, size):\n    if len(X) < size:\n        return []\n    total = sum(X[:size])\n    result = [total / "
            "size]\n    for i in range(size, len(X)):\n        total += X[i] - X[i - size]\n        result.append(total "
            "/ size)\n    return result",
        ],
        [
            (0, "len(X) - size + 1", "len(X) - size"),
            (0, "len(X) - size + 1", "len(X)"),
            (1, "X[i] - X[i - size]", "X[i]"),
            (0, "/ size for", "for"),
        ],
        (1, "    if len(X) < size:\n        return []\n", ""),
        [
            "[1, 2, 3, 4], 2 -> [1.5, 2.5, 3.5]",
            "[1], 2 -> []",
            "[4, 6], 2 -> [5.0]",
            "[1, 5, 9], 3 -> [5.0]",
            "[3, 5], 1 -> [3.0, 5.0]",
        ],
    ),
    Function(
        ["common_prefix", "longest_common_prefix", "shared_start"],
        ["words", "strings", "names"],
        [
            "returns the longest common prefix of a list of strings, and '' for an empty list",
            "finds the longest start "
            "that all strings of a list share; an empty list gives an empty string",
        ],
        [
            "def F(X):\n    if not X:\n        return ''\n    prefix = X[0]\n    for word in X[1:]:\n        while not "
            "word.startswith(prefix):\n            prefix = prefix[:-1]\n    return prefix",
            "def F(X):\n    if not X:\n        return ''\n    low, high = min(X), max(X)\n    i = 0\n    while i < "
            "len(low) and low[i] == high[i]:\n        i += 1\n    return low[:i]",
        ],
        [
            (1, "low[:i]", "low[:i + 1]"),
            (0, "startswith", "endswith"),
            (1, "i = 0", "i = 1"),
            (0, "X[1:]", "X[2:]"),
        ],
        (0, "    if not X:\n        return ''\n", ""),
        [
            "['flower', 'flow', 'flight'] -> 'fl'",
            "[] -> ''",
            "['a', 'b'] -> ''",
            "['same'] -> 'same'",
            "['xa', 'ya'] -> ''",
        ],
    ),
    Function(
        ["seconds_to_clock", "format_time", "as_clock"],
        ["seconds", "total", "t"],
        [
            "formats a number of seconds as 'H:MM:SS', with two digits for minutes and seconds",
            "turns whole seconds "
            "into a string of hours, minutes and seconds like '1:02:05' (minutes and seconds always have two digits)",
        ],
        [
            "def F(X):\n    minutes, seconds = divmod(X, 60)\n    hours, minutes = divmod(minutes, 60)\n    return "
            "f'{hours}:{minutes:02d}:{seconds:02d}'",
            "def F(X):\n    return f'{X // 3600}:{X // 60 % 60:02d}:{X % 60:02d}'",
        ],
        [
            (0, "divmod(minutes, 60)", "divmod(minutes, 24)"),
            (1, "X // 60 % 60", "X // 60"),
            (1, "X // 3600", "X // 360"),
            (0, "{minutes:02d}:{seconds:02d}", "{seconds:02d}:{minutes:02d}"),
        ],
        (0, "{minutes:02d}:{seconds:02d}", "{minutes}:{seconds}"),
        [
            "3725 -> '1:02:05'",
            "0 -> '0:00:00'",
            "59 -> '0:00:59'",
            "36000 -> '10:00:00'",
            "4210 -> '1:10:10'",
        ],
    ),
    Function(
        ["group_by_length", "words_by_length", "by_length"],
        ["words", "strings", "names"],
        [
            "groups a list of words by their length into a dictionary; the words of each group keep their order and "
            "repetitions are dropped",
            "returns a dict from length to the list of distinct words of that length, in order "
            "of first appearance",
        ],
        [
            "def F(X):\n    groups = {}\n    for word in X:\n        group = groups.setdefault(len(word), [])\n        "
            "if word not in group:\n            group.append(word)\n    return groups",
            "def F(X):\n    words = list(dict.fromkeys(X))\n    return "
            "{len(w): [v for v in words if len(v) == len(w)] for w in words}",
        ],
        [
            (0, "setdefault(len(word), [])", "setdefault(word, [])"),
            (1, "len(v) == len(w)", "len(v) <= len(w)"),
            (0, "group.append(word)", "group.insert(0, word)"),
            (1, "len(w): [v", "w: [v"),
        ],
        (1, "list(dict.fromkeys(X))", "list(X)"),
        [
            "['a', 'bb', 'c', 'a'] -> {1: ['a', 'c'], 2: ['bb']}",
            "[] -> {}",
            "['x', 'yy'] -> {1: ['x'], 2: ['yy']}",
        ],
    ),
    Function(
        ["top_n", "largest", "n_largest"],
        NUMBERS,
        [
            "returns the n largest numbers of a list in descending order, {f}({x}, n), and leaves the list unchanged; n "
            "defaults to 3",
            "for {f}({x}, n=3) gives the n greatest values, biggest first, without altering the input",
        ],
        [
            "def F(X, n=3):\n    return sorted(X, reverse=True)[:n]",
            "import heapq\n\n\ndef F(X, n=3):\n    return heapq.nlargest(n, X)",
        ],
        [
            (0, "[:n]", "[:n + 1]"),
            (0, ", reverse=True", ""),
            (1, "nlargest", "nsmallest"),
            (1, "n=3", "n=2"),
            (0, "[:n]", "[n:]"),
        ],
        (0, "n=3", "n"),
        [
            "[4, 1, 9, 7], 2 -> [9, 7]",
            "[1, 2, 3, 4] -> [4, 3, 2]",
            "[], 2 -> []",
            "[5, 5, 1], 2 -> [5, 5]",
        ],
    ),
]
