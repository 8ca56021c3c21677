//! Charts that want too much.
#![allow(dead_code)]

use std::fmt::Write;

use iac_model::{Tree, TreeEntry};

/// A chart that wants too much.
pub(crate) struct Case {
    /// What it tries.
    pub(crate) name: &'static str,
    /// Its files, below `web`.
    pub(crate) tree: Tree,
    /// Whether it has a template that is not to blame: `templates/b.yaml`.
    pub(crate) has_other_template: bool,
    /// What a problem says about it; empty if it is only slow where somebody is careless.
    pub(crate) expected: &'static str,
}

/// A chart with these files.
pub(crate) fn chart(files: &[(&str, String)]) -> Tree {
    let mut tree = Tree::new();
    tree.insert("web/Chart.yaml", TreeEntry::file(&b"apiVersion: v2\nname: web\nversion: 1.0.0\n"[..]));
    for (path, text) in files {
        assert!(tree.insert(&format!("web/{path}"), TreeEntry::file(text.as_bytes())), "{path}");
    }
    tree
}

/// Templates, each with what a problem says about it. They bear what they try as names.
const TEMPLATES: &[(&str, &str, &str)] = &[
    ("include itself", r#"{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}"#, INSIDE),
    ("template itself", r#"{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}"#, INSIDE),
    ("tpl of itself", r#"{{ $_ := set .Values "t" "{{ tpl .Values.t . }}" }}{{ tpl .Values.t . }}"#, LIMIT),
    (
        "tpl of itself, wide",
        r#"{{ $_ := set .Values "t" "{{ tpl .Values.t . }}{{ tpl .Values.t . }}" }}{{ tpl .Values.t . }}"#,
        LIMIT,
    ),
    ("tpl in a loop", r#"{{ range until 1000000 }}{{ tpl "{{ .Values }}{{ .Chart }}" $ }}{{ end }}"#, LIMIT),
    (
        "tpl of a large text in a loop",
        r#"{{ $x := repeat 100000 "{{ 1 }}" }}{{ range until 1000000 }}{{ $_ := tpl $x $ }}{{ end }}"#,
        LIMIT,
    ),
    ("nested loops", r#"{{ range until 100000 }}{{ range until 100000 }}x{{ end }}{{ end }}"#, LIMIT),
    (
        "nested loops without output",
        r#"{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}"#,
        LIMIT,
    ),
    ("a loop to a billion", r#"{{ range 1000000000 }}{{ end }}"#, LIMIT),
    (
        "a tree of includes",
        r#"{{ define "a" }}{{ range until 10 }}{{ include "a" $ }}{{ end }}{{ end }}{{ include "a" . }}"#,
        LIMIT,
    ),
    ("repeat", r#"{{ repeat 1000000000 "x" }}"#, LIMIT),
    ("until", r#"{{ until 1000000000 }}"#, LIMIT),
    ("untilStep", r#"{{ untilStep 0 2000000000 1 | len }}"#, LIMIT),
    ("until in a loop", r#"{{ range until 1000000 }}{{ $_ := until 1000000 }}{{ end }}"#, LIMIT),
    ("nindent", r#"{{ nindent 2000000000 "x" }}"#, LIMIT),
    ("indent of many lines", r#"{{ repeat 1000000 "\n" | indent 1000 }}"#, LIMIT),
    ("width of printf", r#"{{ printf "%2000000000d" 1 }}"#, ""),
    (
        "width of printf in a loop",
        r#"{{ range until 1000000 }}{{ $_ := printf "%999999d" 1 }}{{ end }}"#,
        LIMIT,
    ),
    ("precision of printf", r#"{{ range until 1000000 }}{{ $_ := printf "%.999999f" 1.5 }}{{ end }}"#, LIMIT),
    ("seq", r#"{{ seq 1 1000000000 }}"#, LIMIT),
    ("seq in a loop", r#"{{ range until 1000000 }}{{ $_ := seq 1 100000 }}{{ end }}"#, LIMIT),
    (
        "a string doubled",
        r#"{{ $x := "xxxxxxxxxxxxxxxx" }}{{ range until 40 }}{{ $x = print $x $x }}{{ end }}"#,
        LIMIT,
    ),
    (
        "large strings kept",
        r#"{{ $l := list }}{{ $x := repeat 8000000 "x" }}{{ range until 100000 }}{{ $l = append $l (print $x .) }}{{ end }}"#,
        LIMIT,
    ),
    (
        "a string that grows",
        r#"{{ $x := "" }}{{ range until 1000000 }}{{ $x = print $x "xxxxxxxxxxxxxxxx" }}{{ end }}"#,
        LIMIT,
    ),
    (
        "a list doubled",
        r#"{{ $x := list 1 2 3 4 5 6 7 8 }}{{ range until 40 }}{{ $x = concat $x $x }}{{ end }}"#,
        LIMIT,
    ),
    (
        "a list that grows",
        r#"{{ $x := list }}{{ range until 1000000 }}{{ $x = append $x . }}{{ end }}"#,
        LIMIT,
    ),
    (
        "a large list joined",
        r#"{{ $l := until 1000000 }}{{ range until 1000000 }}{{ $_ := join "," $l }}{{ end }}"#,
        LIMIT,
    ),
    (
        "a large list searched",
        r#"{{ $l := until 1000000 }}{{ range until 1000000 }}{{ $_ := has -1 $l }}{{ end }}"#,
        LIMIT,
    ),
    ("uniq of a large list", r#"{{ $l := until 1000000 }}{{ uniq $l | len }}"#, LIMIT),
    (
        "without a large list",
        r#"{{ $l := until 200000 }}{{ range $l }}{{ $_ := without $l . }}{{ end }}"#,
        LIMIT,
    ),
    (
        "sortAlpha",
        r#"{{ $l := until 900000 }}{{ range until 10000 }}{{ $_ := sortAlpha $l }}{{ end }}"#,
        LIMIT,
    ),
    ("reverse", r#"{{ $l := until 900000 }}{{ range until 100000 }}{{ $_ := reverse $l }}{{ end }}"#, LIMIT),
    (
        "first of a copy",
        r#"{{ $l := until 900000 }}{{ range until 100000 }}{{ $_ := rest $l }}{{ end }}"#,
        LIMIT,
    ),
    (
        "a deep map",
        r#"{{ $x := dict }}{{ range until 100000 }}{{ $x = dict "a" $x }}{{ end }}{{ toYaml $x }}"#,
        LIMIT,
    ),
    (
        "a map that holds itself twice",
        r#"{{ $x := dict }}{{ range until 60 }}{{ $x = dict "a" $x "b" $x }}{{ end }}{{ toYaml $x }}"#,
        LIMIT,
    ),
    (
        "the same as JSON",
        r#"{{ $x := dict }}{{ range until 60 }}{{ $x = dict "a" $x "b" $x }}{{ end }}{{ toJson $x }}"#,
        LIMIT,
    ),
    (
        "the same printed",
        r#"{{ $x := dict }}{{ range until 60 }}{{ $x = dict "a" $x "b" $x }}{{ end }}{{ print $x }}"#,
        LIMIT,
    ),
    (
        "the same copied",
        r#"{{ $x := dict }}{{ range until 60 }}{{ $x = dict "a" $x "b" $x }}{{ end }}{{ $y := deepCopy $x }}"#,
        LIMIT,
    ),
    (
        "the same compared",
        r#"{{ $x := dict }}{{ $y := dict }}{{ range until 60 }}{{ $x = dict "a" $x "b" $x }}{{ $y = dict "a" $y "b" $y }}{{ end }}{{ deepEqual $x $y }}"#,
        LIMIT,
    ),
    (
        "the same merged",
        r#"{{ $x := dict }}{{ $y := dict }}{{ range until 60 }}{{ $x = dict "a" $x "b" $x }}{{ $y = dict "a" $y "b" $y }}{{ end }}{{ $z := merge $x $y }}"#,
        "",
    ),
    (
        "copies kept",
        r#"{{ $x := dict "a" 1 }}{{ range until 40 }}{{ $_ := set $x (print .) (deepCopy $x) }}{{ end }}"#,
        LIMIT,
    ),
    (
        "merges kept",
        r#"{{ $x := dict "a" 1 }}{{ range until 40 }}{{ $_ := set $x (print .) (mergeOverwrite (dict) (deepCopy $x)) }}{{ end }}"#,
        LIMIT,
    ),
    (
        "merge in a loop",
        r#"{{ $x := dict }}{{ range until 10000 }}{{ $_ := set $x (print .) . }}{{ end }}{{ range until 1000000 }}{{ $_ := merge (dict) $x }}{{ end }}"#,
        LIMIT,
    ),
    (
        "keys in a loop",
        r#"{{ $x := dict }}{{ range until 10000 }}{{ $_ := set $x (print .) . }}{{ end }}{{ range until 1000000 }}{{ $_ := keys $x }}{{ end }}"#,
        LIMIT,
    ),
    (
        "toYaml in a loop",
        r#"{{ $l := until 10000 }}{{ range until 1000000 }}{{ $_ := toYaml $l }}{{ end }}"#,
        LIMIT,
    ),
    (
        "fromYaml in a loop",
        r#"{{ $l := toYaml (dict "a" (until 10000)) }}{{ range until 1000000 }}{{ $_ := fromYaml $l }}{{ end }}"#,
        LIMIT,
    ),
    (
        "fromJson in a loop",
        r#"{{ $l := toJson (dict "a" (until 10000)) }}{{ range until 1000000 }}{{ $_ := fromJson $l }}{{ end }}"#,
        LIMIT,
    ),
    ("a cycle as TOML", r#"{{ $x := dict }}{{ $_ := set $x "self" $x }}{{ toToml $x }}"#, LIMIT),
    ("a cycle as YAML", r#"{{ $x := dict }}{{ $_ := set $x "self" $x }}{{ toYaml $x }}"#, LIMIT),
    ("a cycle printed", r#"{{ $x := dict }}{{ $_ := set $x "self" $x }}{{ print $x }}"#, LIMIT),
    ("a cycle copied", r#"{{ $x := dict }}{{ $_ := set $x "self" $x }}{{ $y := deepCopy $x }}"#, LIMIT),
    ("output in a loop", r#"{{ range until 100000 }}{{ repeat 1000 "x" }}{{ end }}"#, LIMIT),
    ("much output", r#"{{ range until 100000 }}{{ repeat 1000000 "x" }}{{ end }}"#, LIMIT),
    (
        "a regular expression in a loop",
        r#"{{ $x := repeat 100000 "a" }}{{ range until 1000000 }}{{ $_ := regexMatch "(a|a)*b" $x }}{{ end }}"#,
        LIMIT,
    ),
    ("a large regular expression", r#"{{ regexMatch "((a{0,1000}){0,1000}){0,1000}" "a" }}"#, ""),
    (
        "many large regular expressions",
        r#"{{ range until 100000 }}{{ $_ := regexMatch (printf "((a{0,90}){0,9}%d)" .) "a" }}{{ end }}"#,
        LIMIT,
    ),
    (
        "replacing by a regular expression",
        r#"{{ $x := repeat 1000 "a" }}{{ $y := repeat 1000000 "b" }}{{ regexReplaceAll "a" $x $y }}"#,
        LIMIT,
    ),
    (
        "regexReplaceAll in a loop",
        r#"{{ $x := repeat 100000 "a" }}{{ range until 100000 }}{{ $_ := regexReplaceAll "a" $x "bb" }}{{ end }}"#,
        LIMIT,
    ),
    (
        "regexFindAll in a loop",
        r#"{{ $x := repeat 100000 "a" }}{{ range until 100000 }}{{ $_ := regexFindAll "a" $x -1 }}{{ end }}"#,
        LIMIT,
    ),
    ("replace", r#"{{ $x := repeat 100000 "a" }}{{ replace "a" $x $x }}"#, LIMIT),
    (
        "replace in a loop",
        r#"{{ $x := repeat 1000000 "ab" }}{{ range until 100000 }}{{ $_ := replace "a" "bb" $x }}{{ end }}"#,
        LIMIT,
    ),
    (
        "splitList in a loop",
        r#"{{ $x := repeat 500000 "a," }}{{ range until 100000 }}{{ $_ := splitList "," $x }}{{ end }}"#,
        LIMIT,
    ),
    (
        "sha256sum in a loop",
        r#"{{ $x := repeat 10000000 "a" }}{{ range until 100000 }}{{ $_ := sha256sum $x }}{{ end }}"#,
        LIMIT,
    ),
    (
        "b64enc in a loop",
        r#"{{ $x := repeat 10000000 "a" }}{{ range until 100000 }}{{ $_ := b64enc $x }}{{ end }}"#,
        LIMIT,
    ),
    (
        "upper in a loop",
        r#"{{ $x := repeat 10000000 "a" }}{{ range until 100000 }}{{ $_ := upper $x }}{{ end }}"#,
        LIMIT,
    ),
    (
        "contains in a loop",
        r#"{{ $x := repeat 10000000 "a" }}{{ range until 1000000 }}{{ $_ := contains "b" $x }}{{ end }}"#,
        LIMIT,
    ),
    (
        "eq of large strings",
        r#"{{ $x := repeat 10000000 "a" }}{{ $y := repeat 10000000 "a" }}{{ range until 1000000 }}{{ $_ := eq $x $y }}{{ end }}"#,
        LIMIT,
    ),
    (
        "wrap in a loop",
        r#"{{ $x := repeat 1000000 "a " }}{{ range until 100000 }}{{ $_ := wrap 3 $x }}{{ end }}"#,
        LIMIT,
    ),
    (
        "derivePassword in a loop",
        r#"{{ range until 100000 }}{{ $_ := derivePassword 1 "long" "a" "b" "c" }}{{ end }}"#,
        LIMIT,
    ),
    ("bcrypt in a loop", r#"{{ range until 1000000 }}{{ $_ := bcrypt "a" }}{{ end }}"#, LIMIT),
    ("genCA in a loop", r#"{{ range until 1000000 }}{{ $_ := genCA "a" 1 }}{{ end }}"#, LIMIT),
    (
        "semverCompare in a loop",
        r#"{{ $x := repeat 100000 ">1 || " }}{{ range until 100000 }}{{ $_ := semverCompare (print $x ">1") "0.1" }}{{ end }}"#,
        "",
    ),
    ("Files.Glob in a loop", r#"{{ range until 1000000 }}{{ $_ := $.Files.Glob "**" }}{{ end }}"#, ""),
    (
        "Files.Glob that branches",
        r#"{{ range until 1000 }}{{ $_ := $.Files.Glob "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}**a**b**c**d" }}{{ end }}"#,
        "",
    ),
];

const INSIDE: &str = "templates inside each other";
const LIMIT: &str = "limit reached";

/// All cases.
pub(crate) fn cases() -> Vec<Case> {
    let mut all: Vec<Case> =
        TEMPLATES.iter().map(|&(name, text, expected)| template(name, text, expected)).collect();
    let mut add = |name, tree, expected| all.push(Case { name, tree, has_other_template: false, expected });
    let one = |text: String| chart(&[("templates/a.yaml", text)]);
    add(
        "deep parentheses",
        one(format!("{{{{ {}1{} }}}}", "(".repeat(100_000), ")".repeat(100_000))),
        "nesting",
    );
    add(
        "deep conditions",
        one(format!("{}{}", "{{ if 1 }}".repeat(50_000), "{{ end }}".repeat(50_000))),
        "nesting",
    );
    add("many actions", one("{{ 1 }}".repeat(700_000)), "actions in one template");
    add(
        "many defines",
        one((0..100_000).fold(String::new(), |mut text, number| {
            let _ = write!(text, "{{{{ define \"a{number}\" }}}}{{{{ end }}}}");
            text
        })),
        "",
    );
    let flow = format!("a: {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    add("deep YAML", chart(&[("values.yaml", flow.clone()), ("templates/a.yaml", flow)]), "deep");
    let aliases = aliases();
    add("aliases in values", chart(&[("values.yaml", aliases.clone())]), "excessive aliasing");
    add("aliases in a template", chart(&[("templates/a.yaml", aliases.clone())]), "excessive aliasing");
    add(
        "aliases in fromYaml",
        chart(&[
            (
                "templates/a.yaml",
                r#"{{ range until 10000 }}{{ $_ := fromYaml ($.Files.Get "a.txt") }}{{ end }}"#.into(),
            ),
            ("a.txt", aliases),
        ]),
        LIMIT,
    );
    let shared = shared_aliases();
    add(
        "aliases within their ratio",
        chart(&[
            ("values.yaml", shared),
            ("templates/a.yaml", "{{ range until 1000 }}{{ $_ := toYaml $.Values }}{{ end }}".into()),
        ]),
        "",
    );
    let wide = (0..200_000).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "k{number}: {number}");
        text
    });
    add("many keys", chart(&[("values.yaml", wide.clone()), ("templates/a.yaml", wide)]), "");
    let nested = format!("{}{}", r#"{"not": "#.repeat(5_000), "}".repeat(5_000));
    let recursive =
        r##"{"properties": {"a": {"$ref": "#"}}, "allOf": [{"$ref": "#"}, {"$ref": "#"}]}"##.to_string();
    let pattern = r#"{"properties": {"a": {"pattern": "((a{0,1000}){0,1000}){0,1000}"}}}"#.to_string();
    let schema = |text| {
        chart(&[
            ("values.schema.json", text),
            ("values.yaml", "a: {a: {a: x}}".into()),
            ("templates/a.yaml", "a: 1\n".into()),
        ])
    };
    add("a deep schema", schema(nested), "");
    add("a schema of itself", schema(recursive), "");
    add("a schema with a large pattern", schema(pattern), "");
    add("a schema that doubles", schema(doubling_schema()), LIMIT);
    add("charts inside charts", charts_inside(), "deep");
    add("many files", many_files(), "files");
    add("archives", archives(), "hold more than");
    all
}

fn template(name: &'static str, text: &str, expected: &'static str) -> Case {
    let files = [("templates/a.yaml", text.to_owned()), ("templates/b.yaml", "b: 1\n".to_owned())];
    Case { name, tree: chart(&files), has_other_template: true, expected }
}

/// Ten aliases of ten aliases of ten aliases.
pub(crate) fn aliases() -> String {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let alias = format!("*a{}", level - 1);
        let aliases = vec![alias; 10].join(", ");
        let _ = writeln!(text, "a{level}: &a{level} [{aliases}]");
    }
    text
}

/// As many aliases as are allowed: nine in ten of what is there.
fn shared_aliases() -> String {
    let mut text = String::from("a: &a\n");
    for number in 0..1000 {
        let _ = writeln!(text, "  k{number}: some text of a usual length");
    }
    for number in 0..90 {
        let _ = writeln!(text, "b{number}: *a");
    }
    text
}

/// Each level asks the next one twice.
fn doubling_schema() -> String {
    let mut text = String::from(r##"{"$ref": "#/definitions/d0", "definitions": {"##);
    for level in 0..40 {
        let next = level + 1;
        let reference = format!(r##"{{"$ref": "#/definitions/d{next}"}}"##);
        let _ = write!(text, r#""d{level}": {{"allOf": [{reference}, {reference}]}}, "#);
    }
    text.push_str(r#""d40": {"type": "object"}}}"#);
    text
}

fn charts_inside() -> Tree {
    let mut tree = chart(&[]);
    let mut path = String::from("web");
    for level in 0..60 {
        let _ = write!(path, "/charts/c{level}");
        let text = format!("apiVersion: v2\nname: c{level}\nversion: 1.0.0\n");
        tree.insert(&format!("{path}/Chart.yaml"), TreeEntry::file(text.as_bytes()));
    }
    tree
}

fn many_files() -> Tree {
    let mut tree = chart(&[]);
    for number in 0..25_000 {
        tree.insert(&format!("web/files/{number}"), TreeEntry::file(&b""[..]));
    }
    tree
}

/// Thirty archives, each small and with 4 MiB of zeros in it.
pub(crate) fn archives() -> Tree {
    let mut tree = chart(&[]);
    for number in 0..30 {
        let mut tar =
            tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
        let mut add = |path: &str, bytes: &[u8]| {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            tar.append_data(&mut header, path, bytes).expect("in memory");
        };
        add("c/Chart.yaml", format!("apiVersion: v2\nname: c{number}\nversion: 1.0.0\n").as_bytes());
        add("c/zeros", &vec![0; 4 << 20]);
        let archive = tar.into_inner().expect("in memory").finish().expect("in memory");
        tree.insert(&format!("web/charts/c{number}.tgz"), TreeEntry::file(archive));
    }
    tree
}
