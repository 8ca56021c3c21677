"""Writes projects of several files at random: variables with types, values from files, locals, modules that call
modules, `count`, `for_each`, references in all directions that have no cycle. The same seed gives the same project."""

import random

COUNT = 40

WORDS = ["alpha", "beta", "gamma", "delta", "east", "west", "prod", "dev", "web", "api"]
TYPES = {
    "string": "string",
    "number": "number",
    "bool": "bool",
    "strings": "list(string)",
    "numbers": "map(number)",
    "object": "object({ name = string, size = optional(number, 3), tags = optional(map(string), {}) })",
    "objects": "map(object({ name = string, on = optional(bool, true), ports = optional(list(number), [80]) }))",
}


class Module:
    """One module under construction: what its expressions may name, by kind."""

    def __init__(self, rng):
        self.rng = rng
        self.names = {kind: [] for kind in TYPES}
        self.unknown = []

    def add(self, kind, name):
        self.names[kind].append(name)

    def word(self):
        return self.rng.choice(WORDS)

    def pick(self, kind, depth):
        if self.names[kind] and self.rng.random() < 0.6:
            return self.rng.choice(self.names[kind])
        return getattr(self, f"make_{kind}")(depth)

    def make_string(self, depth):
        rng, pick = self.rng, self.pick
        if depth <= 0:
            return f'"{self.word()}"'
        return rng.choice(
            [
                lambda: f'"{self.word()}-${{{pick("string", depth - 1)}}}"',
                lambda: f'"${{{pick("number", depth - 1)}}}/${{{pick("string", depth - 1)}}}"',
                lambda: f'upper({pick("string", depth - 1)})',
                lambda: f'replace({pick("string", depth - 1)}, "a", "4")',
                lambda: f'format("%s_%d", {pick("string", depth - 1)}, {self.rng.randint(0, 9)})',
                lambda: f'join("+", {pick("strings", depth - 1)})',
                lambda: f'element(concat({pick("strings", depth - 1)}, ["{self.word()}"]), {rng.randint(0, 4)})',
                lambda: f'({pick("bool", depth - 1)} ? {pick("string", depth - 1)} : {pick("string", depth - 1)})',
                lambda: f'try({pick("strings", depth - 1)}[{rng.randint(0, 4)}], "{self.word()}")',
                lambda: f'coalesce("", {pick("string", depth - 1)}, "x")',
                lambda: f'jsonencode({pick("object", depth - 1)})',
                lambda: f'{pick("object", depth - 1)}.name',
                lambda: f'lookup({pick("object", depth - 1)}.tags, "{self.word()}", "none")',
                lambda: f'substr("{self.word()}${{{pick("string", depth - 1)}}}", 1, 4)',
                lambda: f'"%{{ if {pick("bool", depth - 1)} }}yes%{{ else }}no%{{ endif }}"',
            ]
        )()

    def make_number(self, depth):
        rng, pick = self.rng, self.pick
        if depth <= 0:
            return str(rng.choice([0, 1, 2, 5, 10, 1.5, -3]))
        return rng.choice(
            [
                lambda: f'({pick("number", depth - 1)} + {pick("number", depth - 1)})',
                lambda: f'({pick("number", depth - 1)} * 2)',
                lambda: f'length({pick("strings", depth - 1)})',
                lambda: f'max({pick("number", depth - 1)}, {pick("number", depth - 1)}, 1)',
                lambda: f'sum(concat([0], values({pick("numbers", depth - 1)})))',
                lambda: f'{pick("object", depth - 1)}.size',
                lambda: f'({pick("bool", depth - 1)} ? {pick("number", depth - 1)} : 7)',
                lambda: f'floor({pick("number", depth - 1)} / 3)',
                lambda: f'length(keys({pick("objects", depth - 1)}))',
            ]
        )()

    def make_bool(self, depth):
        rng, pick = self.rng, self.pick
        if depth <= 0:
            return rng.choice(["true", "false"])
        return rng.choice(
            [
                lambda: f'({pick("number", depth - 1)} > {pick("number", depth - 1)})',
                lambda: f'({pick("string", depth - 1)} == {pick("string", depth - 1)})',
                lambda: f'(!{pick("bool", depth - 1)} || {pick("bool", depth - 1)})',
                lambda: f'contains({pick("strings", depth - 1)}, "{self.word()}")',
                lambda: f'anytrue([for one in values({pick("objects", depth - 1)}) : one.on])',
                lambda: f'can({pick("strings", depth - 1)}[1])',
                lambda: f'startswith({pick("string", depth - 1)}, "a")',
            ]
        )()

    def make_strings(self, depth):
        rng, pick = self.rng, self.pick
        if depth <= 0:
            return "[" + ", ".join(f'"{self.word()}"' for _ in range(rng.randint(0, 3))) + "]"
        return rng.choice(
            [
                lambda: f'[{pick("string", depth - 1)}, {pick("string", depth - 1)}]',
                lambda: f'concat({pick("strings", depth - 1)}, {pick("strings", depth - 1)})',
                lambda: f'[for one in {pick("strings", depth - 1)} : upper(one) if one != "{self.word()}"]',
                lambda: f'keys({pick("objects", depth - 1)})',
                lambda: f'sort(tolist(toset({pick("strings", depth - 1)})))',
                lambda: f'distinct(compact(concat({pick("strings", depth - 1)}, ["", "{self.word()}"])))',
                lambda: f'[for key, one in {pick("objects", depth - 1)} : "${{key}}=${{one.name}}"]',
                lambda: f'split("-", {pick("string", depth - 1)})',
                lambda: f'values({pick("objects", depth - 1)})[*].name',
                lambda: f'flatten([{pick("strings", depth - 1)}, [["{self.word()}"]]])',
                lambda: f'({pick("bool", depth - 1)} ? {pick("strings", depth - 1)} : [])',
                lambda: f'formatlist("%s!", {pick("strings", depth - 1)})',
            ]
        )()

    def make_numbers(self, depth):
        rng, pick = self.rng, self.pick
        if depth <= 0:
            return "{ " + ", ".join(f"{word} = {rng.randint(0, 20)}" for word in rng.sample(WORDS, rng.randint(0, 3))) + " }"
        return rng.choice(
            [
                lambda: f'{{ for index, one in distinct({pick("strings", depth - 1)}) : one => index }}',
                lambda: f'merge({pick("numbers", depth - 1)}, {{ {self.word()} = {pick("number", depth - 1)} }})',
                lambda: f'{{ for key, one in {pick("objects", depth - 1)} : key => length(one.ports) }}',
                lambda: f'zipmap(["x", "y"], [{pick("number", depth - 1)}, {pick("number", depth - 1)}])',
            ]
        )()

    def make_object(self, depth):
        rng, pick = self.rng, self.pick
        return (
            f'{{ name = {pick("string", depth - 1)}, size = {pick("number", depth - 1)}, '
            f'tags = {{ {self.word()} = {pick("string", depth - 1)} }} }}'
        )

    def make_objects(self, depth):
        rng, pick = self.rng, self.pick
        items = []
        for word in rng.sample(WORDS, rng.randint(1, 3)):
            ports = rng.choice(["[]", "[80, 443]", f'[for port in [1, 2, 3] : port * 10 if port > {rng.randint(0, 3)}]'])
            on = rng.choice(["true", "false", pick("bool", depth - 1)])
            items.append(f'{word} = {{ name = {pick("string", depth - 1)}, on = {on}, ports = {ports} }}')
        return "{ " + ", ".join(items) + " }"


def literal(module, kind, defaults):
    """A value without references; with `defaults` it may leave out what is optional."""
    rng, word = module.rng, module.word
    if kind == "object":
        size = "" if defaults and rng.random() < 0.5 else f", size = {rng.randint(0, 9)}"
        tags = "" if defaults and rng.random() < 0.5 else f', tags = {{ {word()} = "{word()}" }}'
        return f'{{ name = "{word()}"{size}{tags} }}'
    if kind == "objects":
        items = []
        for name in rng.sample(WORDS, rng.randint(1, 3)):
            on = rng.choice(["", ", on = false", ', on = "true"', ", on = null"])
            ports = rng.choice(["", ', ports = ["1", 2]', ", ports = []"])
            items.append(f'{name} = {{ name = "{word()}"{on}{ports} }}')
        return "{ " + ", ".join(items) + " }"
    return getattr(module, f"make_{kind}")(0)


def module_files(rng, folder, depth, kinds, children):
    """Files of a module that takes one variable of each kind in `kinds`; gives the kinds of its outputs."""
    module = Module(rng)
    main, variables, outputs = [], [], []
    for index, kind in enumerate(kinds):
        name = f"in_{index}"
        default = f"\n  default = {literal(module, kind, True)}" if rng.random() < 0.5 else ""
        variables.append(f'variable "{name}" {{\n  type = {TYPES[kind]}{default}\n}}\n')
        module.add(kind, f"var.{name}")
    for index in range(rng.randint(2, 5)):
        kind = rng.choice(list(TYPES))
        main.append(f"locals {{\n  l{index} = {module.pick(kind, 3)}\n}}\n")
        module.add(kind, f"local.l{index}")
    files = {}
    for index in range(children):
        name = f"child_{index}"
        child_kinds = [rng.choice(list(TYPES)) for _ in range(rng.randint(1, 3))]
        child, results = module_files(rng, f"{folder}modules/{name}/", depth - 1, child_kinds, rng.randint(0, 1) if depth > 1 else 0)
        files.update(child)
        form = rng.choice(["single", "count", "for_each", "for_each"])
        meta = {
            "single": "",
            "count": f'  count  = {rng.randint(0, 2)}\n',
            "for_each": f'  for_each = {module.pick("objects", 1)}\n',
        }[form]
        inner = Module(rng)
        inner.names = {kind: list(names) for kind, names in module.names.items()}
        if form == "count":
            inner.add("number", "count.index")
        if form == "for_each":
            inner.add("string", "each.key")
            inner.add("string", "each.value.name")
            inner.add("bool", "each.value.on")
        arguments = "".join(f"  in_{at} = {inner.pick(kind, 2)}\n" for at, kind in enumerate(child_kinds))
        main.append(f'module "{name}" {{\n  source = "./modules/{name}"\n{meta}{arguments}}}\n')
        for result, kind in results:
            if form == "single":
                module.add(kind, f"module.{name}.{result}")
            elif kind == "string":
                each = f"module.{name}[*].{result}" if form == "count" else f"[for one in module.{name} : one.{result}]"
                module.add("strings", each)
    for index in range(rng.randint(1, 3)):
        form = rng.choice(["single", "count", "map", "set"])
        inner = Module(rng)
        inner.names = {kind: list(names) for kind, names in module.names.items()}
        meta = ""
        if form == "count":
            meta = f'  count = {module.pick("bool", 2)} ? {rng.randint(1, 3)} : 0\n'
            inner.add("number", "count.index")
        elif form == "map":
            meta = f'  for_each = {module.pick("objects", 2)}\n'
            inner.add("string", "each.key")
            inner.add("string", "each.value.name")
        elif form == "set":
            meta = f'  for_each = toset({module.pick("strings", 2)})\n'
            inner.add("string", "each.value")
        kind = rng.choice(list(TYPES))
        main.append(
            f'resource "terraform_data" "r{index}" {{\n{meta}  input = {inner.pick(kind, 3)}\n'
            f'  triggers_replace = [{inner.pick("string", 2)}, {inner.pick("number", 1)}]\n}}\n'
        )
        if form == "single":
            module.add("string", f'tostring(terraform_data.r{index}.triggers_replace[0])')
        else:
            module.add("strings", f"[for one in terraform_data.r{index} : one.triggers_replace[0]]")
    results = []
    for index in range(rng.randint(2, 4)):
        kind = rng.choice(list(TYPES))
        outputs.append(f'output "out_{index}" {{\n  value = {module.pick(kind, 2)}\n}}\n')
        results.append((f"out_{index}", kind))
    rng.shuffle(main)
    files[f"{folder}main.tf"] = "".join(main)
    if variables:
        files[f"{folder}variables.tf"] = "".join(variables)
    files[f"{folder}outputs.tf"] = "".join(outputs)
    return files, results


def projects():
    """Names and files."""
    for number in range(COUNT):
        rng = random.Random(number)
        kinds = [rng.choice(list(TYPES)) for _ in range(rng.randint(2, 5))]
        files, _ = module_files(rng, "", 2, kinds, rng.randint(1, 2))
        values = Module(rng)
        lines = [f"in_{index} = {literal(values, kind, True)}\n" for index, kind in enumerate(kinds)]
        files["terraform.tfvars"] = "".join(lines)
        if rng.random() < 0.4:
            files["later.auto.tfvars"] = lines[0].split("=")[0] + f"= {literal(values, kinds[0], True)}\n"
        yield f"generated-{number:02}", files
