#!/usr/bin/env python3
"""Records what `terraform console` makes of thousands of expressions.

Run here, offline, with terraform 1.13.3 on the PATH: `python3 generate.py [family...]`. Each line of a golden file is
an expression, its value as JSON (`!` if it fails) and its type without blanks, separated by tabs.
"""

import atexit
import base64
import functools
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "root")
LINE = 55_000  # the console reads lines of up to 64 KiB


def terraform(command, text=""):
    """Runs Terraform in a copy of the root module, which its modules are installed into."""
    environment = dict(os.environ, TF_CLI_CONFIG_FILE="/dev/null", CHECKPOINT_DISABLE="1", NO_COLOR="1")
    return subprocess.run(["terraform", command], input=text, cwd=workplace(), env=environment, capture_output=True, text=True)


@functools.cache
def workplace():
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    return shutil.copytree(ROOT, os.path.join(folder, "root"))


def console(expression):
    """One result of the console, or None if it fails."""
    run = terraform("console", expression + "\n")
    return run.stdout if run.returncode == 0 else None


def halves(items, evaluate):
    """Evaluates items together; what fails together is tried in halves."""
    if not items:
        return []
    result = evaluate(items)
    if result is not None:
        return result
    if len(items) == 1:
        return ["!"]
    middle = len(items) // 2
    return halves(items[:middle], evaluate) + halves(items[middle:], evaluate)


def batches(items, width):
    batch, size = [], 0
    for item in items:
        if batch and size + len(item.encode()) + width > LINE:
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += len(item.encode()) + width
    if batch:
        yield batch


def values(expressions):
    def evaluate(items):
        tried = ", ".join(f'try(jsonencode({item}), "!")' for item in items)
        output = console(f"base64encode(jsonencode([{tried}]))")
        if output is None or "known after" in output:
            return None
        found = json.loads(base64.b64decode(output.strip().strip('"')).decode())
        return found if len(found) == len(items) else None

    return [value for batch in batches(expressions, 24) for value in halves(batch, evaluate)]


def types(expressions):
    def evaluate(items):
        output = console("type([" + ", ".join(items) + "])")
        if output is None:
            return None
        text = re.sub(r"\s", "", output)
        inner = text.removeprefix("tuple([").removesuffix("])")
        found, depth, start = [], 0, 0
        for at, c in enumerate(inner):
            depth += (c in "([{") - (c in ")]}")
            if c == "," and depth == 0:
                found.append(inner[start:at])
                start = at + 1
        return found if len(found) == len(items) else None

    return [kind for batch in batches(expressions, 2) for kind in halves(batch, evaluate)]


def record(family, expressions):
    expressions = list(dict.fromkeys(expressions))
    assert not any("\t" in e or "\n" in e for e in expressions), family
    found = values(expressions)
    known = [e for e, value in zip(expressions, found) if value != "!"]
    kinds = dict(zip(known, types(known)))
    with open(os.path.join(HERE, f"{family}.txt"), "w") as out:
        for expression, value in zip(expressions, found):
            out.write(f"{expression}\t{value}\t{kinds.get(expression, '')}\n")
    failed = sum(value == "!" for value in found)
    print(f"{family}: {len(expressions)} expressions, {failed} fail")


def calls(name, *arguments):
    """All calls with one of each argument's choices."""
    for choice in itertools.product(*arguments):
        yield f"{name}({', '.join(choice)})"


def quoted(*texts):
    return [json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{") for text in texts]


NUMBERS = ["0", "1", "-1", "2", "3", "10", "0.5", "-0.5", "1.5", "-2.5", "1e3", "1e-7", "123456789012345678901234567890",
           "0.1", "1/3", "-1/3", "100", "255", "1e21", "9007199254740993", "4.999999999999999999999999", "1/0", "-1/0"]
ODD = ["null", "true", '"5"', '"x"', '""', "[]", "{}", "[1, 2]", "{a = 1}", 'tolist(["a"])', "toset([1])", 'tomap({a = "b"})',
       "tostring(null)", "tolist(null)", '"1.50"', '"-0"', '" 1"', '"0x10"', '"1e2"']
TEXTS = quoted("", "a", "abc", "Hello World", "  pad  ", "\n\nx\r\n", "äöü ß é", "e\u0301", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "日本語",
               "a,b,,c", "a/b/c", "it's a-test_case x2", "ǆ Ǆ", "İı ſ", "\u1f80", "a\u00a0b", "$1 ${x} %{y}", "\"q\" \\ \t", "<a>&\u2028", "🇩🇪🇫🇷x",
               "arn:aws:iam::123456789012:role/path/name", "Ⅷ ⅷ", "ŉ ﬁ", "a\u0308bc", "\u0301x", "x\r\ny", "\u200b", "aaa", "key=value;k2=v2")
LISTS = ["[]", "[1]", "[1, 2, 3]", '["a", "b", "a"]', '["b", "", "a", null]', '[1, "1", true]', "tolist([3, 1, 2])", 'toset(["b", "a"])', "[[1, 2], [3]]",
         '[[], [[]], ["a", ["b"]]]', "[null]", "tolist([])", "toset([])", "[true, false]", '[{a = 1}, {a = 2}]', 'tolist(["x", "y", "z"])', "[1.5, -2]",
         "tolist([[1], [2, 3]])", "[null, null]", 'tolist(["a", null])', "[[1, 2], [1, 2], [3]]", "toset([3, 1, 2])", "[{a = 1, b = [2]}, {b = [2], a = 1}]"]
MAPS = ["{}", "{a = 1}", '{a = 1, b = "x"}', 'tomap({a = "1", b = "2"})', "tomap({})", "{a = null}", "{b = {c = 1}, a = [1]}", 'tomap({b = ["x"], a = []})',
        '{"key with space" = true, "ä" = 2}', "tomap({a = 1, b = 2})", "{a = {b = 1}}", "tomap({a = {b = 1}})", "tomap({a = null, b = 1})"]


def numbers():
    for name in ["abs", "ceil", "floor", "signum"]:
        yield from calls(name, NUMBERS + ODD)
    for name in ["log", "pow"]:
        yield from calls(name, ["0", "1", "2", "3", "10", "0.5", "-2", "16", "1e10", "2.718281828", '"4"', "100", "7"],
                         ["0", "1", "2", "10", "0.5", "-1", "3", "35", "1/3", '"2"', "62", "0.75"])
    yield from calls("pow", ["2", "10", "1.1", "-3", "1/0"], ["63", "64", "100", "308", "1023", "-5", "53", "1e3", "1/0"])
    # Machine floats on either side of where integers stop being exact, and what arithmetic makes of their precision.
    powers = ["52", "53", "54", "55", "60", "61", "62", "63", "64", "65", "70", "-1", "-3", "-10", "-20", "-53", "-62", "-70"]
    yield from calls("pow", ["2", "-2", "3", "5", "6", "7", "10", "15", "1.5", "0.1", "0.3", "-0.7"], powers)
    edges = [f"pow({base}, {power})" for base in ["2", "3", "-2", "10", "7"] for power in ["18", "22", "53", "54", "62", "63", "64", "70", "-5", "-62"]]
    for name in ["tostring", "abs", "floor", "ceil", "signum", "yamlencode"]:
        yield from calls(name, edges)
    yield from calls("log", edges + ["9007199254740992", "9007199254740993", "18446744073709551616", "1e300", "1e-300"], ["2", "3", "10", "0.5", "2.718281828459045"])
    yield from calls("max", edges, ["1"])
    yield from calls("format", quoted("%d", "%v", "%s", "%.3f", "%x", "%g"), edges)
    yield from [f"{edge} {rest}" for edge in edges for rest in ["+ 1", "+ 0", "- 1", "* 1", "* 3", "/ 3", "% 7", "== 4611686018427387904", "+ pow(2, 5)", "* pow(3, 40)"]]
    yield from [f"-{edge}" for edge in edges]
    yield from calls("sum", [f"[{edge}]" for edge in edges] + [f"[{edge}, 1]" for edge in edges] + ["[pow(2, 62), pow(2, 3)]"])
    yield from [f"log({x}, 10)" for x in ["9007199254740993", "4611686018427387905", "123456789012345678901234567890"]]
    for name in ["max", "min"]:
        yield from calls(name, ["1", "-1", "0.5", '"3"', "1e30", "null", "1/0"], ["2", "-0", "1/3", '"x"', "-1/0"])
        yield from [f"{name}()", f"{name}(3)", f"{name}([1, 5, 3]...)", f"{name}(1, 2, 3, -4)", f"{name}([]...)", f"{name}(toset([2, 9])...)"]
    yield from calls("parseint", quoted("0", "10", "ff", "FF", "zz", "Zz", "-101", "+7", "", "1.5", " 1", "12_3", "0x1f", "9" * 40, "10000000000000000000000000000000000000001"),
                     ["2", "8", "10", "16", "36", "37", "62", "1", "63", "1.5", '"16"'])
    yield from calls("parseint", ["10", "true", "null", "[]"], ["10"])
    yield from calls("sum", LISTS + ODD + ["[0.1, 0.2]", '["1", 2]', "[1/0, -1/0]", "[1/0, 1]", '["x"]', "[1, null]", "[123456789012345678901234567890, 1]"])
    yield from ["0.1 + 0.2", "1/3*3", "5 % 0", "-7 % 3", "7 % -3", "5.5 % 2", "1e30 + 1", "2 / 3", '"3" + 1', "-(-3)", "1 / 7", "1e-400", "10 / 4", "2.50"]


def strings():
    for name in ["chomp", "lower", "upper", "title", "trimspace", "strrev", "length"]:
        yield from calls(name, TEXTS + ["1.5", "true", "null", "[]"])
    few = quoted("", "a", "abc", "aaa", "ab", "äbc", "e\u0301x", "a\nb", "Hello", "日本語", "x", "a/b", "  a ")
    for name in ["startswith", "endswith", "strcontains", "trimprefix", "trimsuffix", "trim", "split"]:
        yield from calls(name, few + ["5", "true"], few + ["5", "null"])
    yield from calls("trim", quoted("?!hello?!", "  x", "ααxβ", "aabbaa"), quoted("!?", " ", "αβ", "ab", "a"))
    yield from calls("split", quoted(",", "", "::", "a", "\n"), TEXTS)
    yield from calls("substr", quoted("hello", "", "äöü", "e\u0301x\U0001f468\u200d\U0001f469\u200d\U0001f467y", "🇩🇪🇫🇷", "a\r\nb"),
                     ["0", "1", "-1", "-2", "2", "5", "9", "-9", "1.5"], ["0", "1", "-1", "2", "-2", "100"])
    yield from calls("indent", ["0", "2", "-1", "1.5", '"3"'], quoted("", "a", "a\nb", "\n", "a\r\nb\n", "\n\nx"))
    yield from calls("join", quoted("", ",", ", ", "\u0301"), LISTS)
    yield from calls("join", ['","'], ['["a"]', "[]"], ['["b", "c"]', "[1, 2.5]", "[null]", "tolist(null)"])
    yield from ['join(",")', 'join("-", "a")', 'join("-", ["a", ["b"]])', 'join("", ["e", "\u0301"])']
    yield from calls("replace", quoted("hello world", "", "aaa", "a.b.c", "e\u0301", "1 + 2"), quoted("", "o", "aa", ".", "/", "//", "hello", "x"),
                     quoted("", "_", "$1", "xx"))
    patterns = ["/o/", "/(h)(e)/", "/./", "/[aeiou]+/", "/(?i)HELLO/", "/^h/", "/d$/", "/(?P<x>l+)/", "/a*/", "/\\b/", "/(/", "/(?=a)/", "/\\d+/", "/(a)|(b)/", "//"]
    yield from calls("replace", quoted("hello world", "aaa b a", "12 ab 3", "日本 é", "a\nb"), quoted(*patterns),
                     quoted("", "_", "$1", "${1}x", "$1x", "$$", "$x", "[$0]", "$2$1", "$9", "${", "$"))
    yield from calls("urlencode", TEXTS + ["1", "null"])
    yield from ['startswith("a")', 'upper("a", "b")', "upper()", "lower([])", 'trim("a")']


def formats():
    verbs = ["%v", "%#v", "%s", "%q", "%d", "%b", "%o", "%x", "%X", "%e", "%E", "%f", "%g", "%G", "%t", "%z", "%i", "%c", "%U"]
    things = NUMBERS + ["null", "true", '"5"', '"x"', '""', "[]", "{}", '[1, "a"]', '{a = null}', 'tolist(["a"])', "toset([2, 1])", '"ä\\"\\n<&"', "tostring(null)",
                        '"true"', '"1.5"', '{b = 1, a = {c = [true]}}']
    yield from calls("format", quoted(*verbs), things)
    flags = ["%5d", "%-5d|", "%05d", "%+d", "% d", "%+05d", "%-05d|", "%.3d", "%8.3d", "%08.3d", "%#x", "%#o", "%#b", "%x", "%3d", "%.0d", "%-+5d|"]
    yield from calls("format", quoted(*flags), ["0", "1", "-1", "42", "-255", "123456789", "1.5", '"7"', "1e20"])
    floats = ["%5.1f", "%-8.2f|", "%08.2f", "%+f", "% f", "%.0f", "%.3e", "%10.3e", "%.3g", "%g", "%.10g", "%+.2g", "%#g", "%012.4e", "%-012.4f|", "%.1f", "%5g", "%e", "%.20f", "%.2E", "%+10.1f"]
    yield from calls("format", quoted(*floats), ["0", "1", "-1", "0.5", "1.25", "-2.5", "1000000", "123456.789", "1e21", "1e-7", "1/3", "1e100", "2.675", "1/0", "-1/0", "0.000123", "99999999", "100000"])
    texts = ["%5s|", "%-5s|", "%05s", "%.2s", "%5.1s|", "%.0s", "%8q", "%-8q|", "%.1q", "%5v|", "%-5v|", "%05v", "%.2v", "%#5v|", "%5t|", "%-6t|"]
    yield from calls("format", quoted(*texts), quoted("", "a", "abc", "e\u0301x", "日本語", "🇩🇪", "toolong") + ["1", "true", "1.5", "[1]"])
    yield from ['format("%%")', 'format("100%%", 1)', 'format("a%")', 'format("%")', 'format("%[1]s-%[1]s", "x")', 'format("%[2]s %[1]s", "a", "b")', 'format("%[3]s", "a")',
                'format("%[2]s %s", "a", "b", "c")', 'format("%s")', 'format("%s", "a", "b")', 'format("plain")', 'format("plain", 1)', 'format("%[0]s", "a")', 'format("%[x]s", "a")',
                'format("%s %d %v", "a", 3, [1])', 'format("%5%")', 'format("%é", 1)', 'format("%[1]5d", 3)', 'format("%5[1]d|", 3)', 'format("%.[1]f", 3)', 'format("%-s|%+s", "a", "b")',
                'format(5)', 'format(null, 1)', 'format("%s", null)', 'format("%v %v", null, true)', 'format("%d", "x")', 'format("%t", "x")', 'format("%t", 1)', 'format("%1.f|", 2.5)', 'format("%05.1f", -2.5)']
    rows = ['"x"', '["a", "b"]', 'tolist(["a", "b"])', "[1, 2]", "[]", '["a"]', "null", 'toset(["b", "a"])', "[[1], [2]]", "{a = 1}", "[null, 1]", "[true, false]"]
    yield from calls("formatlist", quoted("%s", "%v", "%d", "%s!"), rows)
    yield from calls("formatlist", quoted("%s-%v", "%[2]v%[1]v", "%v"), rows, rows)
    yield from ['formatlist("x")', 'formatlist("%s")', 'formatlist("%s", "a", "b")', 'formatlist("%s %s", ["a", "b"], "c")']


def collections():
    for name in ["alltrue", "anytrue"]:
        yield from calls(name, ["[]", "[true]", "[false]", "[true, false]", "[null]", "[true, null]", "[false, null]", '["true", "1"]', '["x"]', "[1]", "toset([true])", "null", "[[true]]", "{}"])
    yield from calls("chunklist", LISTS, ["0", "1", "2", "3", "-1", "1.5"])
    things = ["null", '""', '"a"', "1", "true", "[]", '["a"]', "{}", "tolist([])", "tostring(null)", "0", "false", "{a = 1}", "tolist([1])"]
    yield from calls("coalesce", things)
    yield from calls("coalesce", things, things)
    yield from ['coalesce()', 'coalesce("", "", "x")', 'coalesce(null, 1, "a")', 'coalesce(["", "b"]...)', "coalesce([]...)"]
    sequences = ["[]", "[1]", '["a", 2]', "tolist([])", 'tolist(["a"])', "null", "tolist(null)", "toset([1])", '"a"', "{}", "tolist([1])"]
    yield from calls("coalescelist", sequences)
    yield from calls("coalescelist", sequences, sequences)
    yield from ["coalescelist()"]
    for name in ["compact", "distinct", "flatten", "reverse", "sort", "one", "length", "keys", "values", "tolist", "toset", "tomap", "transpose", "setunion", "concat"]:
        yield from calls(name, LISTS + MAPS + ODD)
    yield from calls("concat", sequences + ["[[1]]", "tolist([[1]])", "tolist([true])"], sequences + ["[[1]]", 'tolist([["a"]])', "tolist([true])"])
    yield from ["concat()", "concat([], [], [])", 'concat(["a"], tolist(["b"]), [1])', "concat(tolist([1]), tolist([true]))"]
    needles = ["1", '"1"', '"a"', "null", "true", "[1]", "[1, 2]", "{a = 1}", 'tolist(["a"])', "1.0"]
    for name in ["contains", "index"]:
        yield from calls(name, LISTS + ["{}", '"a"', "null", "tomap({a = 1})"], needles)
    yield from calls("element", LISTS + ["{}", '"a"', "null"], ["0", "1", "-1", "2", "5", "-4", "1.5", '"1"', "null"])
    yield from calls("slice", LISTS + ['"a"', "null"], ["0", "1", "2", "-1", "1.5"], ["0", "1", "2", "3", "4"])
    bounds = ["0", "1", "-2", "4", "2.5", '"3"', "1e9", "null"]
    yield from calls("range", bounds)
    yield from calls("range", bounds, ["0", "1", "5", "-3", "2.5"])
    yield from calls("range", ["0", "1", "5"], ["0", "5", "-5", "1.5"], ["1", "2", "-1", "0", "0.5", "-0.7", "0.1"])
    yield from ["range()", "range(1, 2, 3, 4)", "range(1024)", "range(1025)", "range(0, 1, 1/3)"]
    yield from ['flatten([["a"], [], ["b", ["c", toset(["e", "d"])]]])', 'flatten([{a = [1]}, [2]])', "flatten([[null], null])", "flatten(toset([[1], [2]]))", 'flatten("a")']
    yield from ['length("ab")', "length()", "length(1)", "length(null)", 'length({a = 1, b = 2})']
    yield from ["list(1, 2)", "map(1, 2)", "list()", 'one([1, 2])', "one(toset([]))", 'one([for x in [1] : x])']
    yield from ["sort([3, 10, 2])", 'sort(["b", "B", "ä", "a"])', 'sort(["a", null])', "sort([true, 1])", "sort(toset([10, 9]))", "distinct([1, \"1\"])", "distinct([{a = 1}, {a = 1}, {a = 2}])",
                "distinct([null, null, 1])", "distinct([[1], [1]])", "distinct(toset([1]))", 'compact(["", "a", null, "b"])', "compact([1, 0])", "compact([true])"]


def maps():
    keys = ['"a"', '"b"', '"zz"', "1", "null", '"key with space"', '""']
    yield from calls("lookup", MAPS + ["[]", "null", '"a"'], keys)
    yield from calls("lookup", MAPS, ['"a"', '"zz"'], ["null", '"d"', "1", "[]", "{}", "tostring(null)"])
    yield from ['lookup({a = 1}, "b", "x", 3)', 'lookup({a = 1})', 'lookup(tomap({a = 1}), "b", "x")', 'lookup(tomap({a = 1}), "b", "2")']
    yield from calls("merge", MAPS + ["null", "[]", "1", '"a"'])
    yield from calls("merge", MAPS + ["null", "tomap(null)"], MAPS + ["null", "[]", "{a = 5}"])
    yield from ["merge()", "merge({a = 1}, {b = 2}, {a = 3})", "merge([{a = 1}, {b = 2}]...)", "merge([]...)", 'merge(tomap({a = "1"}), tomap({b = "2"}))', "merge(null, null)",
                'merge(tomap({a = 1}), tomap({b = "x"}))', "merge({a = {b = 1}}, {a = {c = 2}})"]
    columns = ['["a", "b"]', '["a", "a"]', "[1, 2]", "[]", '["a"]', "[null, 1]", 'tolist(["x", "y"])', 'toset(["p", "q"])', "tolist([1, 2])", "tolist([])"]
    yield from calls("zipmap", columns + ["null", '"a"'], columns + ["null", "{}", '[1, "x"]', "[[1], [2]]"])
    yield from calls("matchkeys", ['["i1", "i2"]', "[1, 2]", "[]", '["a", 1]', "toset([1, 2])"], ['["a", "b"]', '["a", "a"]', "[1, 2]", "[]", '["a"]'], ['["a"]', "[1]", "[]", '["b", "a"]', "[true]", "tolist([null])"])
    yield from ['transpose({a = ["x", "y"], b = ["y"]})', "transpose({})", 'transpose({a = [1]})', "transpose({a = [null]})", "transpose({a = null})", 'transpose({b = ["x"], a = ["x"]})', 'transpose({a = ["x", "x"]})']
    sets = ["[]", '["a", "b"]', '["b", "c"]', "[1, 2]", "[2, 3]", 'toset(["a"])', "toset([])", "[null]", "[true]", "[[1]]", "[{a = 1}]", '["1", "2"]', "tolist([])"]
    for name in ["setintersection", "setunion", "setsubtract"]:
        yield from calls(name, sets + ['"a"', "null"], sets)
    yield from calls("setproduct", sets + ["[1, \"a\"]", "[true, 1]"], sets + ["{}", "null"])
    yield from ['setproduct(["a", "b"], [1, 2], [true])', "setproduct([1])", "setproduct()", 'setproduct(toset(["b", "a"]), ["x"])', "setunion([1], [2], [3])", "setunion()", "setintersection([1, 2], [2, 3], [2])",
                'toset([{n = 10}, {n = 2}])', 'toset([["a", "z"], ["a"]])', "toset([10, 9, 2])", 'toset(["b", "a", "B"])', "toset([true, false])", "toset([null, 1])", 'toset([1, "1"])', "toset([[2], [10]])",
                'toset([{a = "x", b = null}, {a = "x", b = "y"}])', "toset([-1, 1, 0.5])"]


def types_and_marks():
    things = NUMBERS + ODD + LISTS[:14] + MAPS + quoted("true", "false", "1", "0", "True", "yes", "1.5", "+1", ".5", "5.", "1_000", "Inf", "-Inf", "nan", "0b1", "1e5", "1E5", "١")
    for name in ["tostring", "tonumber", "tobool", "tolist", "toset", "tomap"]:
        yield from calls(name, things)
    for name in ["sensitive", "nonsensitive", "ephemeralasnull"]:
        yield from calls("nonsensitive", [f"{name}({thing})" for thing in ["1", '"a"', "null", "[1]", "{a = 1}"]])
    yield from ["issensitive(1)", "issensitive(sensitive(1))", "issensitive([sensitive(1)])", "issensitive(null)", "nonsensitive(issensitive(sensitive({a = 1})))", 'nonsensitive(upper(sensitive("a")))',
                'issensitive(upper(sensitive("a")))', "issensitive(length(sensitive([1])))", "issensitive(concat([sensitive(1)], [2]))", 'issensitive(concat(sensitive([1]), [2]))', "issensitive(concat([sensitive(1)], [2])[0])",
                'issensitive(merge({a = sensitive(1)}, {b = 2}))', 'issensitive(merge({a = sensitive(1)}, {b = 2}).a)', 'issensitive(merge(sensitive({a = 1}), {b = 2}))', 'issensitive(lookup({a = sensitive(1)}, "a"))',
                'issensitive(lookup(sensitive({a = 1}), "a"))', 'issensitive(lookup({a = 1}, sensitive("a")))', 'issensitive(lookup({a = 1}, "b", sensitive(1)))', 'issensitive(jsonencode({a = sensitive(1)}))',
                "issensitive(keys({a = sensitive(1)}))", "issensitive(values({a = sensitive(1)}))", "issensitive(values({a = sensitive(1)})[0])", 'issensitive(zipmap([sensitive("a")], [1]))', "issensitive(toset([sensitive(1)]))",
                "issensitive(flatten([[sensitive(1)]]))", "issensitive(flatten([sensitive([1])]))", "issensitive(element([sensitive(1)], 0))", "issensitive(element(sensitive([1]), 0))", 'issensitive(format("%s", sensitive("a")))',
                'issensitive(join(",", [sensitive("a")]))', "issensitive(try(sensitive(1), 2))", "issensitive(can(sensitive(1)))", "issensitive(coalesce(sensitive(1), 2))", "issensitive(one([sensitive(1)]))", "issensitive(reverse([sensitive(1)]))",
                "issensitive(slice([sensitive(1), 2], 1, 2))", "issensitive(chunklist([sensitive(1)], 1))", "issensitive(setproduct([sensitive(1)], [2]))", 'issensitive("${sensitive("a")}b")', "issensitive(distinct([sensitive(1)]))",
                "issensitive(tolist([sensitive(1)]))", "issensitive(sort([sensitive(\"a\")]))", "issensitive(length([sensitive(1)]))", "issensitive(contains([sensitive(1)], 2))", 'issensitive(base64decode(sensitive("YQ==")))']
    yield from ['try(1)', 'try("x" + 1, "d")', "try({}.a, [][0], 3)", 'try({}.a)', "try()", "try([{a = 1}].a, 2)", 'try(tonumber("x"), tonumber("2"))', "try(null, 1)", 'try([1, 2]...)', 'try(local.missing.x, 1)',
                'can(1)', 'can("x" + 1)', "can({}.a)", "can()", "can(1, 2)", 'can(regex("^a", "b"))', 'can(regex("^a", "ab"))', "can(null)", "can(tobool(\"x\"))", 'try(jsondecode("{"), {})', 'try(lookup({}, "a"), lookup({}, "b", 2))']
    yield from ["core::upper(\"a\")", "core::length([1])", 'core::missing("a")', 'provider::terraform::missing("a")', "missing(1)", 'core::try({}.a, "x")']
    values = ["1", '"a"', "null", "true", "[]", "{}", "[1, 2]", "{a = 1}", "{a = 1, bb = 2}", '{a = [1, {b = 2}], "c d" = "x"}', '["a", {x = 1, yyyy = [2]}]', '"q\\"${"$"}{x} \\n\\t é \\u200b"', "tolist([1])", 'tomap({a = "b"})', "1.5",
              "{a = {b = {c = 1}}, dddd = 1}", "[[1], [2]]", '[{a = 1}, {b = 2}]', "{a = null, bcd = true, e = {f = 1}, gh = 2}", '{"1x" = 1, x-y = 2, _z = 3}', "-5", '"%{ x"', '{a = [{b = 1}, {c = 2}]}', '{a = {}, b = []}', "toset([2, 1])"]
    for name in ["encode_expr", "encode_tfvars"]:
        yield from calls(f"provider::terraform::{name}", values)
    yield from calls("provider::terraform::decode_tfvars", quoted("a = 1", "a = 1\nb = \"x\"\n", "", "a = [1, {b = 2}]", "a = var.x", "a {}", "a =", "# c\na = null", "a = upper(\"x\")") + ["1", "null"])


def logic():
    sides = ["true", "false", "null", "tobool(null)", '"true"', '"x"', "1", "[]", "{}.a", 'tobool("x")', "1/0 > 1", "local.on", "terraform_data.one.id == \"x\"", 'try(tobool("x"), "y")']
    for operator in ["&&", "||"]:
        yield from [f"{a} {operator} {b}" for a in sides for b in sides]
        yield from [f"{a} {operator} {b} {operator} {c}" for a in sides[:10] for b in ["true", "false", "{}.a"] for c in ["true", "false", "{}.a"]]
        yield from [f"nonsensitive(sensitive({a}) {operator} {b})" for a in ["true", "false"] for b in sides]
        yield from [f"issensitive({a} {operator} sensitive({b}))" for a in sides for b in ["true", "false"]]
    yield from [f"{a} || {b} && {c}" for a in ["true", "false", "{}.a"] for b in ["true", "false", "{}.a"] for c in ["true", "false", "{}.a"]]
    yield from [f"!({a} && {b})" for a in ["true", "false"] for b in ["{}.a", "null"]]
    yield from ['length([]) > 0 && [][0] == "x"', 'length(["x"]) > 0 && ["x"][0] == "x"', "local.nothing != null && local.nothing.a", "local.nothing == null || local.nothing.a > 1"]
    yield from [f"tolist({x}){steps}" for x in ["[1, 2]", "[[1], []]", "[null, [1]]", "[]", "[{a = [1]}, {a = []}]"] for steps in ["[*]", "[*][*]", "[*].a", "[*].a[*]", "[*][0]", "[*][*][*]"]]
    yield from [f"{x}{steps}" for x in ['tolist(["a", null])', "toset([1, 2])", "tolist([null])", "[null, 1]", "{a = 1}", "null"] for steps in ["[*]", "[*][*]", "[*][*][*]"]]


def references():
    """What is declared nowhere is refused before anything is evaluated, wherever it stands; what is there but has no
    such attribute is an error of evaluation, which `try` catches. (The console has no planned instances: which keys
    a resource has is not asked here.)"""
    nothing = ["local.missing", "local.missing.x", "var.missing", "module.missing", "module.missing.out", "data.http.missing.body", "terraform_data.missing", "terraform_data.missing.id", "terraform_data.missing[0].id",
               "missing.a", "missing", "null_resource.missing.id", "path.missing", "terraform.missing", "local", "var", "module", "data.http", "path", "count.index", "each.key", "self.a", "resource.terraform_data.missing.id",
               'local["missing"]', 'var["missing"]', "missing(1)", "terraform_data.one.missing", 'terraform_data.one["missing"]', "terraform_data.many[0].missing", "terraform_data.many.id",
               "terraform_data.keyed.id", 'terraform_data.keyed["a"].missing', "terraform_data.one[0].id", "module.child.missing", 'module.child["missing"]', "module.children.out", 'module.children["a"].missing',
               "module.children[0].out", "core::missing(1)", "ephemeral.http.missing.body", "var.object.missing", 'var.object["missing"]', "var.untyped.missing", "local.object.missing", "var.list.missing", "var.text.x", "var.list[0].x",
               "var.deep.a.missing", "var.deep.list[0].missing", 'var.deep.map["k"].missing', "var.deep.map.k.missing", "var.deep.list.missing"]
    wraps = ["%s", "try(%s, 1)", "can(%s)", "true ? 1 : %s", "false && %s", "[for x in [] : %s]", "[for x in %s : x]", "{for k, v in {} : k => %s}", '"${try(%s, 1)}"', "[][%s]", "try({}.a[%s], 1)", "length([try(%s, 1)])", "jsonencode(try(%s, null))",
             "try(upper(%s), 1)", "[for missing in [{a = 1}] : try(%s, 2)]", "try((%s), 1)", "try({a = %s}.a, 1)", "try([%s][0], 1)", "try(%s..., 1)"]
    yield from [wrap % name for name in nothing for wrap in wraps]
    there = ["local.greeting", "local.greeting.x", "local.object.a", "var.object.a", "var.untyped.a", "var.untyped.b.c", "path.module", "terraform.workspace", "var.list[0]", "var.list[9]", 'var.map["missing"]', "var.map.missing", "var.text", "module.child.out",
             'module.children["a"].out', 'module.children["zz"].out', "var.deep.list[7].b", 'var.deep.map["zz"].c', "var.deep.map.zz.c"]
    yield from [wrap % name for name in there for wrap in wraps]


def encoding():
    values = NUMBERS + ODD + LISTS + MAPS + TEXTS
    for name in ["jsonencode", "yamlencode"]:
        yield from calls(name, values)
    nested = ["{a = [1, {b = [], c = {}}], d = \"x\\ny\"}", '[[1, [2]], {a = [[]]}]', '{"1" = 1, "true" = 2, "" = 3, "a: b" = 4}', '["- x", "#", "true", "1", "null", "~", "2001-01-01", " a", "a ", "é\\u0085"]', '{a = {b = {c = [{d = null}]}}}']
    for name in ["jsonencode", "yamlencode"]:
        yield from calls(name, nested)
    documents = ["1", "-1.50", "1e3", "\"a\\u00e9\\n\"", "true", "null", "[]", "{}", "[1, \"a\", null]", "{\"a\": {\"b\": [1, 2.5]}}", "{\"a\": 1, \"a\": 2}", "{\"a\": 1, \"a\": \"x\"}", "", " ", "{", "[1,]", "nul", "1 2", "{\"a\" 1}", "'a'",
                 "0.1234567890123456789012345", "123456789012345678901234567890", "\"e\\u0301\"", "[[[]]]", "01", ".5", "-", "\"\\ud83d\\ude80\"", "{\"b\": 1, \"a\": 2}", "\ufeff1", "1E-2", "\"\\/\"", "\"a", "[1] x", "{\"\": 1}", "\"\\x\"", "\"\t\"", "1e400"]
    yield from calls("jsondecode", quoted(*documents) + ["1", "true", "null", "[]"])
    yamls = ["a: 1", "- a\n- 2\n- null", "yes", "no", "on", "y", "n", "~", "017", "0o17", "0x1F", "0b11", "1_000", "12:30", "2001-12-14", "2001-12-14t21:59:43.10-05:00", "1.5", ".inf", "-.inf", ".nan", "1e3", "'1'", "\"a\\nb\"", "|\n  a\n  b\n",
             ">\n  a\n  b\n", "a: &x 1\nb: *x", "a: &x {c: 1}\nb:\n  <<: *x\n  d: 2", "a: 1\na: 2", "y: 1\nn: 2", "{a: [1, {b: c}]}", "[]", "{}", "", "---\n", "a: 1\n---\nb: 2", "---\na: 1\n...\n", "a: b: c", "[", "\ta: 1", "!!str 1", "!!int \"3\"", "!!binary aGk=", "!!set {a, b}", "!foo bar",
             "a:\n- 1\n-  - 2\n   - 3", "key with space: x", "1: a", "true: b", "null: c", "? [a]\n: b", "a: !!null ''", "é: ü", "\"\\u263A\"", "a: |-\n  x\n\n  y\n\nb: >+\n  z\n\n", "# only", "a: # c\n  b", "0.1", "+1", "1.", ".5", "0777", "09", "1e", "Null", "TRUE", "False", "Yes", "OFF", "-", "- - 1", "a:\n  b:\n    c: [1,\n      2]", "'it''s'", "x: \"\\x41\"", "=", "<<: {a: 1}", "1.0", "100000000000000000000", "1e400"]
    yield from calls("yamldecode", quoted(*yamls) + ["1", "null"])
    tables = ["a,b\n1,2\n", "a,b\n1,2", "a\n\"x\"\"y\"\n", "a,b\n\"1\n2\",3\n", "a,b\n1\n", "a,a\n1,2\n", "", "\n", "a\n", "a,b\r\n1,2\r\n", "a\nx\"y\n", "a\n\"x\n", "a\n\"x\"y\n", "\n\na,b\n\n1,2\n\n", "a, b\n1, 2\n", "a;b\n1;2\n", "é,\"x y\"\nü,日\n", ",\n1,2\n", "a\n\r\n1\n", "a,b\n,\n", "a\n\"\"\n", "a\n1\r", "a,b\n1,2,3\n", "\"a\n", "a\n\"x\r\ny\"\n", "a\n \n"]
    yield from calls("csvdecode", quoted(*tables) + ["1", "null"])
    yield from calls("base64encode", TEXTS + ["1", "null"])
    yield from calls("base64decode", quoted("", "YQ==", "YWI=", "YWJj", "YQ", "YQ=", "Y", "YQ==\n", "Y\nQ==", " YQ==", "_-8=", "/w==", "w6k=", "ZcyB", "YR==", "YWJj====", "!!!!", "8J+agA==") + ["1", "null"])
    names = quoted("UTF-8", "utf-16le", "UTF-16LE", "UTF-16BE", "UTF-16", "US-ASCII", "ISO-8859-1", "latin1", "windows-1252", "Windows-1252", "ascii", "nope")
    yield from calls("textencodebase64", quoted("", "a", "é€", "日本", "🚀", "line\n", "ÿ"), names)
    yield from calls("textdecodebase64", quoted("", "YQA=", "AGE=", "YQ==", "6Q==", "gA==", "PNiA3g==", "2DzegA==", "//5hAA==", "/v8AYQ==", "YWE=", "x", "gY0="), names)
    yield from calls("base64gzip", TEXTS + ["1", "true", "null", "[]", 'file("files/hello.txt")', 'file("files/data.json")'])
    repeated = ["join(\"\", [for x in range(%d) : %s])" % (count, unit) for count in [2, 3, 10, 40, 258, 1000] for unit in ['"a"', '"ab"', '"${x}"', '"${x % 7},"', 'sha256("${x}")', '"line ${x * x} of the text\\n"']]
    yield from calls("base64gzip", repeated)
    yield from calls("md5", [f"base64gzip({text})" for text in repeated])
    yield from calls("yamldecode", [f"yamlencode({value})" for value in nested + LISTS[:16] + MAPS])
    yield from calls("jsondecode", [f"jsonencode({value})" for value in nested + LISTS + MAPS])


def regexes():
    patterns = ["a", "(a)", "(a)(b)?", "(?P<x>a)", "(?P<x>a)|(?P<y>b)", "(?P<x>a)(b)", "[a-z]+", "[[:digit:]]+", "\\d+", "\\D", "\\s", "\\S+", "\\w+", "\\W", "\\bfoo\\b", "^foo", "bar$", "(?i)FOO", "(?s).+", ".+", "(?m)^b", "a{2}", "a{2,}", "a{,2}", "a{1,2}?", "a**", "x*", "",
                "(", ")", "[", "[]a]", "[^]a]+", "[a-]+", "[-a]+", "[\\d-]+", "\\p{L}+", "\\pN", "\\p{Greek}", "\\P{L}", "\\p{^L}", "\\p{Foo}", "(?:a|b)+", "a|b|", "(?=a)", "(?!a)", "(?<x>a)", "\\1", "\\Qa.b\\E", "\\x61", "\\x{1F680}", "\\141", "\\z", "\\Z", "\\A", "\\C", "[a&&b]", "[a--b]", "[[a]]", "\\<", "\\_",
                "a+?", "(a+)+", "(?U)a+", "(?x) a", "\\.", "\\/", "-", "{", "}", "a{", "a{1001}", "(?i)é", "É", "[\\p{Lu}\\d]+", "(?P<x>a)(?P<x>b)", "^$", "\\n", "(foo|bar)(\\d*)", "^(?P<k>[^=]+)=(?P<v>.*)$", "([a-z]+):([0-9]+)", "^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$", "(?is)A.*c", "[[:^alpha:]]+", "[[:word:]]+", "[[:foo:]]", "\\v", "\\a", "(|a)", "(?:)", "a(?#c)"]
    subjects = quoted("", "a", "aab", "foo bar foo1", "foo\nbar", "key=value", "x:12 y:3", "日本 Éé γ", "arn:aws:iam::1:role/x", "a.b-_[]{}", "🚀", "A\nb\nC", "٣3")
    yield from calls("regex", quoted(*patterns), subjects)
    yield from calls("regexall", quoted(*patterns), subjects)
    yield from ['regex(1, "1")', 'regex("1", 1)', "regex(null, \"a\")", 'regexall("a", null)']


def files():
    paths = ["files/hello.txt", "./files/plain.txt", "files/../files/hello.txt", "files/missing.txt", "files", "files/binary.bin", "files/empty.txt", "files/decomposed.txt", "", "files/sub/with space.txt", "files//hello.txt"]
    for name in ["file", "filebase64", "filebase64sha256", "filebase64sha512", "fileexists", "filemd5", "filesha1", "filesha256", "filesha512"]:
        yield from calls(name, quoted(*paths) + ["1", "null"])
    globs = ["*", "**", "*.txt", "**/*.yaml", "*/*", "sub/*.{yaml,yml}", "sub/?.yaml", "sub/[ab].*", "sub/[!a].*", "sub/[^a].*", "hello.txt", "./*.txt", "nothing*", "**/deep/*", "sub/**", "[", "{a", "\\*", "sub/\\[x\\].txt", "sub", ".hidden/*", "**/c.yaml", "../files/*.txt", "**/**/*.txt", "{hello,plain}.txt", "s*/d*/*", "", "sub/", "*l*.t*", "**.txt", "sub**/*.yaml"]
    yield from calls("fileset", quoted("files", "./files", "files/sub", "files/missing", "files/"), quoted(*globs))
    yield from calls("basename", quoted("", "/", "a", "a/b", "a/b/", "/a", ".", "..", "a//b", "a/..", "é/ü") + ["1", "null"])
    yield from calls("dirname", quoted("", "/", "a", "a/b", "a/b/", "/a", ".", "..", "a//b", "a/../b/c", "/a/b/../c", "./a/b") + ["1", "null"])
    yield from calls("abspath", quoted("/a/b", "/a/../b", "/", "//a", "/a/./b/"))
    yield from calls("pathexpand", quoted("a", "/a", "", "./~", "a/~", "~x"))
    variables = ["{}", '{name = "x"}', "{name = 1}", '{list = [1, 2]}', '{servers = ["a", "b"]}', '{name = "x", flag = true}', '{name = "x", flag = "no"}', "null", '"a"', "[]", '{name = "x", extra = 1}', 'tomap({name = "y"})', '{"bad name" = 1}', "{name = null}", '{servers = {a = 1}, list = {x = 1}}', '{list = null}']
    yield from calls("templatefile", quoted("files/greeting.tmpl", "files/list.tmpl", "files/servers.tmpl", "files/mixed.tmpl", "files/recursive.tmpl", "files/reading.tmpl", "files/broken.tmpl", "files/null.tmpl", "files/missing.tmpl", "files/hello.txt", "files/empty.txt"), variables)
    yield from calls("templatestring", ["local.greeting", "local.listing", "local.number", "local.broken", "local.reads", "local.calls", '"${local.greeting}"', '"plain"', 'upper("a")', "local.missing", "[local.greeting][0]", "{a = local.greeting}.a"],
                     ['{name = "x"}', '{list = ["a", "b"]}', "{n = 5}", "{}", "null", '{n = [1]}'])
    places = ["(local.greeting)", "local.templates.a", 'local.templates["a"]', 'local.templates[local.key]', "local.templates[*]", "[for t in [local.greeting] : t][0]", "true ? local.greeting : local.greeting", "var.text", "path.module", "local.greeting.x",
              "local.list_of[0]", "local.list_of[0 + 0]", '"${local.greeting}x"', "null", "5", "try(local.greeting)", "local.unused_null", "terraform.workspace", "each.key", "var.object.a", "module.child.out", "local.templates.zz", "<<EOT\nx\nEOT", '"${local.greeting}"']
    yield from calls("templatestring", [place for place in places if "\n" not in place], ['{name = "x"}', "{}"])
    yield from [f"try({call}, \"d\")" for call in calls("templatestring", ['"plain"', '"${local.greeting}"', 'upper("a")', "local.broken", "local.templates.zz", "null"], ["{}"])]
    yield from ['[for t in [local.greeting] : templatestring(t, {name = "x"})]', 'templatestring()', 'templatestring(local.greeting)', 'templatestring(local.greeting, {name = "x"}, 1)', 'templatestring([local.greeting]..., {})', 'core::templatestring(local.greeting, {name = "x"})',
                'core::templatestring("plain", {})']
    yield from ['csvdecode(file("files/data.csv"))', 'jsondecode(file("files/data.json"))', 'yamldecode(file("files/data.json"))', 'jsondecode(templatefile("files/list.tmpl", {list = "[1]"}))', 'templatefile("files/greeting.tmpl", {name = "x"}, 1)']


def hashes_and_dates():
    for name in ["md5", "sha1", "sha256", "sha512", "base64sha256", "base64sha512"]:
        yield from calls(name, TEXTS + ["1", "null", "[]"])
    yield from calls("uuidv5", quoted("dns", "url", "oid", "x500", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "{6ba7b810-9dad-11d1-80b4-00c04fd430c8}", "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8", "6ba7b8109dad11d180b400c04fd430c8", "DNS", "x", "", "6ba7b810-9dad-11d1-80b4-00c04fd430cX", "(6ba7b810-9dad-11d1-80b4-00c04fd430c8)"), quoted("", "a", "example.com", "é"))
    stamps = quoted("2018-01-02T23:12:01Z", "2017-11-22T00:00:00Z", "2024-02-29T12:00:00+02:00", "2023-02-29T00:00:00Z", "1999-12-31T23:59:59-11:30", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2020-06-01T01:02:03.456Z", "2020-06-01T01:02:03,5Z", "2020-06-01t01:02:03Z", "2020-06-01 01:02:03Z", "2020-06-01T1:02:03Z", "2020-06-01T24:00:00Z", "2020-06-01T01:60:03Z", "2020-06-01T01:02:60Z", "2020-06-01T01:02:03", "2020-06-01T01:02:03+0200", "2020-06-01T01:02:03+24:00", "2020-06-01T01:02:03+00:60", "2020-13-01T00:00:00Z", "2020-00-01T00:00:00Z", "2020-06-31T00:00:00Z", "", "x", "2020-06-01T01:02:03Zx", "2020-06-01T01:02:03+00:00", "2020-06-01T01:02:03.Z")
    layouts = quoted("YYYY-MM-DD'T'hh:mm:ssZ", "DD MMM YYYY hh:mm ZZZ", "EEEE, DD-MMM-YY hh:mm:ss ZZZ", "EEE, D MMMM, H:mm aa", "HH AA", "h:m:s", "ZZZZ ZZZZZ", "''", "'it''s'", "'open", "x", "YYY", "M/D", "", "é YYYY!", "MMMMM", "ZZ", "'a'YYYY'b'", "hhh", "A", "aaa", "E", "DDD", "s", "mmm", "'", "Y")
    yield from calls("formatdate", layouts, stamps[:7])
    yield from calls("formatdate", quoted("YYYY-MM-DD hh:mm:ss"), stamps)
    yield from calls("timeadd", stamps, quoted("1h", "-1h"))
    yield from calls("timeadd", stamps[:4], quoted("0", "10m", "-24h", "1.5h", "1h30m", "100000h", "1ns", "999ms", "1us", "1µs", "1μs", "", "x", "1", "1d", "-", "+1h", ".5h", "1h-1m", "5.h", "2562047h", "2562048h", "1h 1m", "0.000000001s", "1e3s", "-1.5h30.25m"))
    yield from calls("timecmp", stamps[:8] + quoted("2020-06-01T1:02:03Z", "2020-06-01T01:02:03,5Z", "2020-06-01T01:02:03+24:00", "x"), stamps[:4] + quoted("2020-06-01T01:02:03.456Z", "2018-01-03T00:12:01+01:00"))


def network():
    prefixes = quoted("10.0.0.0/8", "10.1.2.3/16", "192.168.0.0/24", "0.0.0.0/0", "10.0.0.0/32", "255.255.255.0/24", "2001:db8::/32", "fd00::/64", "::/0", "::1/128", "010.001.000.000/16", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "x", "", "2001:db8:0:0:1::/80", "10.0.0.0/08", "10.0.0.0/-1", "1::2::3/64", "10.0.0.256/8", "fe80::1%eth0/64", "2001:DB8::A/64")
    yield from calls("cidrhost", prefixes, ["0", "1", "-1", "5", "255", "256", "-256", "65536", "-65536", "4294967295", "4294967296", "1.5", '"3"', "18446744073709551616"])
    yield from calls("cidrnetmask", prefixes + ["1", "null"])
    yield from calls("cidrsubnet", prefixes, ["0", "1", "4", "8", "16", "24", "32", "33", "-1", "64"], ["0", "1", "15", "255", "256", "-1"])
    yield from calls("cidrsubnets", prefixes)
    yield from calls("cidrsubnets", prefixes, ["1", "4", "8", "0", "33", "32", "1.5"], ["1", "2", "8"])
    yield from ['cidrsubnets("10.0.0.0/8", 4, 8, 4, 8, 8)', 'cidrsubnets("10.0.0.0/8", 1, 1, 1)', 'cidrsubnets("10.0.0.0/24", 2, 2, 2, 2)', 'cidrsubnets("10.0.0.0/24", 1, 8, 8, 1)', 'cidrsubnets("fd00::/48", 16, 16, 32)', 'cidrsubnets("255.255.255.0/24", 1, 1)', 'cidrsubnets("10.0.0.0/8", [4, 8]...)', 'cidrsubnets("128.0.0.0/1", 1, 1)', 'cidrsubnet("10.0.0.0/8", 8)', 'cidrhost("10.0.0.0/8")', 'cidrsubnet("10.0.0.0/8", "8", "2")', 'cidrsubnet("10.0.0.0/8", 1.5, 2)', 'cidrsubnet("10.0.0.0/8", 8, 1.5)']


FAMILIES = {
    "numbers": numbers, "strings": strings, "formats": formats, "collections": collections, "maps": maps, "types": types_and_marks,
    "encoding": encoding, "logic": logic, "references": references, "regexes": regexes, "files": files, "hashes": hashes_and_dates, "network": network,
}

if __name__ == "__main__":
    done = terraform("init")
    assert done.returncode == 0, done.stderr
    for name in sys.argv[1:] or FAMILIES:
        record(name, FAMILIES[name]())
