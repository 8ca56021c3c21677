#!/usr/bin/env python3
"""Records what `terraform plan` makes of the projects in this folder, and generates some of them.

Run here, offline, with terraform 1.13.3 on the PATH:

    python3 record.py [NAME...]     records projects, all of them without names
    python3 record.py --generate    writes the generated projects anew, then records them

A project is one text file: a line `-- path --` starts each of its files; a file whose path ends in `!` has no newline
at its end. `-- options --` holds one option a line: `root DIRECTORY`, `var NAME=VALUE`, `var-file PATH`,
`env NAME=VALUE`, `workspace NAME`. `-- expected --` is what this program writes: arguments of resources and outputs of
the root module by address; what is known only after apply is `{"$unknown": true}`.
"""

import decimal
import json
import os
import subprocess
import sys
import tempfile

import generate

HERE = os.path.dirname(os.path.abspath(__file__))
PLANS = os.path.join(HERE, "..", "plans")
UNKNOWN = {"$unknown": True}
# Projects whose plan is kept as it is, in the folder `plans`.
KEPT = ("modules-nested", "sensitive", "unknowns", "unknowns-in-modules")


def read(path):
    """The files of a project."""
    files, name = {}, None
    with open(path, encoding="utf-8", newline="") as text:
        for line in text:
            if line.startswith("-- ") and line.rstrip("\n").endswith(" --"):
                name = line.rstrip("\n")[3:-3]
                files[name] = ""
            elif name is not None:
                files[name] += line
    return files


def write(path, files):
    with open(path, "w", encoding="utf-8", newline="") as text:
        for name, content in files.items():
            text.write(f"-- {name} --\n{content}")


class Number(decimal.Decimal):
    """A number that is written as it was read."""

    def __new__(cls, text):
        made = super().__new__(cls, text)
        made.text = text
        return made


def dump(value, indent=0):
    """JSON with sorted keys; numbers as they were read."""
    blank = "  " * (indent + 1)
    if isinstance(value, dict) and value:
        if value == UNKNOWN:
            return '{"$unknown": true}'
        items = ",\n".join(f"{blank}{json.dumps(key, ensure_ascii=False)}: {dump(value[key], indent + 1)}" for key in sorted(value))
        return "{\n" + items + "\n" + "  " * indent + "}"
    if isinstance(value, list) and value:
        if all(not isinstance(item, (dict, list)) for item in value):
            return "[" + ", ".join(dump(item) for item in value) + "]"
        return "[\n" + ",\n".join(blank + dump(item, indent + 1) for item in value) + "\n" + "  " * indent + "]"
    if isinstance(value, Number):
        return value.text
    return json.dumps(value, ensure_ascii=False)


def merged(value, unknown):
    """A planned value with marks where it is known only after apply."""
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, dict) and unknown:
        value = value if isinstance(value, dict) else {}
        return {key: merged(value.get(key), unknown.get(key)) for key in value.keys() | unknown.keys()}
    if isinstance(unknown, list) and unknown and isinstance(value, list):
        padded = unknown + [None] * (len(value) - len(unknown))
        return [merged(item, mark) for item, mark in zip(value, padded)]
    return value


def run(directory, *words, **environment):
    env = dict(
        os.environ, TF_CLI_CONFIG_FILE="/dev/null", CHECKPOINT_DISABLE="1", NO_COLOR="1", TF_IN_AUTOMATION="1", **environment
    )
    return subprocess.run(["terraform", *words], cwd=directory, env=env, capture_output=True, text=True)


def planned(name, files):
    """What Terraform plans, or how it refuses."""
    options = [line.split(" ", 1) for line in files.get("options", "").splitlines() if line]
    with tempfile.TemporaryDirectory() as folder:
        for path, content in files.items():
            if path in ("options", "expected"):
                continue
            content = content.removesuffix("\n") if path.endswith("!") else content
            path = os.path.join(folder, path.removesuffix("!"))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8", newline="") as out:
                out.write(content)
        root = os.path.join(folder, next((value for key, value in options if key == "root"), "."))
        environment = dict(value.split("=", 1) for key, value in options if key == "env")
        # The shell's own order counts: files and values as they are given.
        flags = [
            f"-var={value}" if key == "var" else f"-var-file={os.path.join(folder, value)}"
            for key, value in options
            if key in ("var", "var-file")
        ]
        workspace = next((value for key, value in options if key == "workspace"), None)
        if workspace:
            environment["TF_WORKSPACE"] = workspace
            os.makedirs(os.path.join(root, "terraform.tfstate.d", workspace), exist_ok=True)
        done = run(root, "init", "-no-color", "-input=false", **environment)
        if done.returncode == 0:
            done = run(root, "plan", "-no-color", "-input=false", "-out=plan", "-refresh=false", *flags, **environment)
        if done.returncode != 0:
            errors = [line for line in done.stderr.splitlines() if "Error: " in line]
            return {"error": errors[0].split("Error: ", 1)[1] if errors else done.stderr.strip()}
        shown = run(root, "show", "-json", "plan", **environment)
    if name in KEPT:
        os.makedirs(PLANS, exist_ok=True)
        with open(os.path.join(PLANS, f"{name}.json"), "w", encoding="utf-8") as out:
            out.write(shown.stdout)
    plan = json.loads(shown.stdout, parse_float=Number, parse_int=Number)
    resources = {}
    for change in plan.get("resource_changes", []):
        value = merged(change["change"]["after"], change["change"]["after_unknown"])
        kept = ("input", "triggers_replace")
        resources[change["address"]] = {key: value[key] for key in kept if value.get(key) is not None}
    outputs = {}
    for name, change in plan.get("output_changes", {}).items():
        outputs[name] = merged(change.get("after"), change.get("after_unknown"))
    return {"resources": resources, "outputs": outputs}


def main():
    names = sys.argv[1:]
    if names == ["--generate"]:
        names = []
        for name, files in generate.projects():
            write(os.path.join(HERE, f"{name}.txt"), files)
            names.append(name)
    if not names:
        names = sorted(name[:-4] for name in os.listdir(HERE) if name.endswith(".txt"))
    for name in names:
        path = os.path.join(HERE, f"{name}.txt")
        files = read(path)
        files.pop("expected", None)
        expected = planned(name, files)
        files["expected"] = dump(expected) + "\n"
        write(path, files)
        print(name, expected.get("error", f"{len(expected.get('resources', {}))} resources"))


if __name__ == "__main__":
    main()
