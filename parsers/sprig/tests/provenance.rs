//! Where results come from, what becomes of unknowns and generated values, and what is refused.

use iac_gotemplate::{Engine, ExecError, Host, Kind, Limit, Limits, Numbers, Templates, Value};
use iac_model::{
    FileKind, Input, Origin, Reason, Residence, Store, Symbol, SymbolId, Text, TextBuilder, TypeHint,
};
use iac_sprig::{Random, Settings};

/// What stands in the values file.
const VALUES: &str =
    r#"{"name": "hello world", "empty": "", "list": ["b", "a"], "map": {"k": "v"}, "off": false}"#;

struct Fixture {
    store: Store,
    settings: Settings,
    limits: Limits,
}

impl Fixture {
    fn new() -> Self {
        let settings = Settings { now: 0, random: Random::Pinned };
        Self { store: Store::new(), settings, limits: Limits::default() }
    }

    fn symbol(&self, address: &str, hint: TypeHint) -> SymbolId {
        let (resource, attribute) = (None, None);
        let reason = Reason::Computed;
        self.store.symbols.intern(Symbol { address: address.into(), resource, attribute, reason, hint })
    }

    /// The values of the file, and `arn`, `url`, `count` and `items`, which are not known or not wholly.
    fn data(&self) -> Value {
        let file = self.store.sources.add("values", FileKind::Values, Residence::Disk, VALUES.as_bytes());
        let values = iac_model::json::parse(&self.store, &Input::File(file)).expect("JSON");
        let data = Value::from_model(&values, Numbers::Float);
        let origin = self.store.origins.argument("terraform");
        let unknown = |address, hint| Value::new(Kind::Unknown(self.symbol(address, hint)), origin);
        let mut url = TextBuilder::new();
        url.push("https://", origin);
        url.push_symbol(&self.store.symbols, self.symbol("r.host", TypeHint::String), origin);
        url.push("/path", origin);
        let more = [
            ("arn", unknown("r.arn", TypeHint::String)),
            ("count", unknown("r.count", TypeHint::Number)),
            ("items", unknown("r.items", TypeHint::List)),
            ("url", Value::string(url.finish_or(|| origin))),
        ];
        let map = data.as_map().expect("a map");
        for (key, value) in more {
            map.insert(Text::new(key, origin), value).expect("it can be set");
        }
        data
    }

    fn try_run(&self, template: &str) -> (Text, Option<Box<ExecError>>) {
        let functions = iac_sprig::functions();
        let mut host = Host::new();
        host.insert(self.settings);
        let file = self.store.sources.add("t", FileKind::Template, Residence::Disk, template.as_bytes());
        let (mut templates, limits) = (Templates::new(), self.limits.clone());
        templates.parse(&self.store, &functions, &limits, "t", &Input::File(file)).expect("it parses");
        let mut engine = Engine::new(&self.store, &functions, &templates, &host, limits);
        let rendered = engine.execute("t", self.data());
        (rendered.text, rendered.error)
    }

    fn run(&self, template: &str) -> Text {
        let (text, error) = self.try_run(template);
        assert!(error.is_none(), "{template}: {}", error.map_or(String::new(), |error| error.to_string()));
        text
    }

    /// The text of each run with the bytes of the values file that it was copied from.
    fn copies(&self, text: &Text) -> Vec<(String, String)> {
        let parts = text.runs().filter_map(|(range, _)| {
            let origin = *text.origins_in(&self.store.origins, range.clone()).first()?;
            let leaf = self.store.origins.leaf(origin)?;
            let in_values = self.store.sources.file(leaf.file).path == "values";
            let shown = text.slice(range).to_str_lossy().into_owned();
            in_values.then(|| (shown, self.store.sources.slice(leaf).into_owned()))
        });
        parts.collect()
    }

    /// The addresses of the symbols in a text, without those that stand for calls of this very template.
    fn addresses(&self, text: &Text) -> Vec<String> {
        text.symbols().map(|symbol| self.store.symbols.get(symbol).address.clone()).collect()
    }

    fn is_generated(&self, text: &Text) -> bool {
        let reason = |symbol| self.store.symbols.get(symbol).reason;
        !text.is_known() && text.symbols().all(|symbol| reason(symbol) == Reason::Generated)
    }
}

fn pair(shown: &str, written: &str) -> (String, String) {
    (shown.to_owned(), written.to_owned())
}

#[test]
fn transparent_functions_keep_the_way_to_the_values_file() {
    let f = Fixture::new();
    for (template, printed, copies) in [
        ("{{ .name | trunc 5 | quote | nindent 2 }}", "\n  \"hello\"", vec![pair("hello", "hello")]),
        ("{{ .name | trimPrefix \"hello\" | trim }}", "world", vec![pair("world", "world")]),
        ("{{ substr 1 3 .name | upper }}", "EL", vec![pair("EL", "el")]),
        ("{{ .name | title }}", "Hello World", vec![pair("Hello World", "hello world")]),
        (
            "{{ .name | replace \" \" \"-\" }}",
            "hello-world",
            vec![pair("hello", "hello"), pair("world", "world")],
        ),
        ("{{ join \",\" .list }}", "b,a", vec![pair("b", "b"), pair("a", "a")]),
        ("{{ (split \" \" .name)._1 }}", "world", vec![pair("world", "world")]),
        ("{{ regexFind \"o w\" .name }}", "o w", vec![pair("o w", "o w")]),
        (
            "{{ regexReplaceAll \"o (w)\" .name \"$1-\" }}",
            "hellw-orld",
            vec![pair("hell", "hell"), pair("w", "w"), pair("orld", "orld")],
        ),
        ("{{ keys .map | first }}", "k", vec![pair("k", "k")]),
        ("{{ get (merge (dict) .map) \"k\" }}", "v", vec![pair("v", "v")]),
        ("{{ dig \"map\" \"k\" \"no\" . }}", "v", vec![pair("v", "v")]),
        ("{{ ternary .name .map.k true }}", "hello world", vec![pair("hello world", "hello world")]),
        ("{{ toRawJson .map }}", "{\"k\":\"v\"}", vec![pair("k", "k"), pair("v", "v")]),
        ("{{ (toRawJson .map | fromJson).k }}", "v", vec![pair("v", "v")]),
        ("{{ wrap 5 .name }}", "hello\nworld", vec![pair("hello", "hello"), pair("world", "world")]),
        ("{{ .name | osBase }}", "hello world", vec![pair("hello world", "hello world")]),
    ] {
        let text = f.run(template);
        assert_eq!(text.to_str_lossy(), printed, "{template}");
        // Quotes and brackets belong to the value, too; only what was copied is traced to its bytes.
        let found: Vec<_> = f.copies(&text).into_iter().filter(|(a, b)| a.eq_ignore_ascii_case(b)).collect();
        assert_eq!(found, copies, "{template}");
    }
}

#[test]
fn derived_texts_name_what_they_were_made_from() {
    let f = Fixture::new();
    let text = f.run("{{ sha256sum .name }}");
    let Origin::Printed { value, .. } = f.store.origins.get(text.origin()) else { panic!("it is printed") };
    let Origin::Computed { from, .. } = f.store.origins.get(*value) else { panic!("it is computed") };
    let leaf = f.store.origins.leaf(from[0]).expect("it is written");
    assert_eq!(f.store.sources.slice(leaf), "hello world");
}

#[test]
fn a_default_says_which_key_was_empty() {
    let f = Fixture::new();
    let text = f.run("{{ default \"x\" .empty }}");
    let Origin::Printed { value, .. } = f.store.origins.get(text.origin()) else { panic!("it is printed") };
    let Origin::Printed { under: Some(under), .. } = f.store.origins.get(*value) else {
        panic!("it is chosen")
    };
    let leaf = f.store.origins.leaf(*under).expect("it is written");
    assert_eq!(f.store.sources.file(leaf.file).path, "values");
}

#[test]
fn unknowns_stay_what_they_are() {
    let f = Fixture::new();
    for (template, addresses) in [
        ("{{ default \"x\" .arn }}", vec!["r.arn"]),
        ("{{ coalesce .empty .arn \"x\" }}", vec!["r.arn"]),
        ("{{ .arn | trim | trimSuffix \"-\" | trunc 63 | quote | nindent 4 }}", vec!["r.arn"]),
        ("{{ .arn | toString | squote }}", vec!["r.arn"]),
        ("{{ printf \"a-%s\" .arn | replace \"a-\" \"b-\" }}", vec!["r.arn"]),
        ("{{ join \",\" (list .arn \"x\") }}", vec!["r.arn"]),
        ("{{ int .count }}", vec!["r.count"]),
        ("{{ get (dict \"a\" .arn) \"a\" }}", vec!["r.arn"]),
        ("{{ first .items }}", vec!["r.items[0]"]),
        ("{{ dig \"a\" \"b\" \"x\" (dict \"a\" .items) }}", vec!["r.items.b"]),
        ("{{ toRawJson (dict \"a\" .arn) }}", vec!["r.arn"]),
        ("{{ (toRawJson (dict \"a\" .arn) | fromJson).a }}", vec!["r.arn"]),
        ("{{ index (splitList \"/\" .url) 2 }}", vec!["r.host"]),
        ("{{ upper .url }}", vec!["upper(r.host)"]),
        ("{{ sha256sum .arn }}", vec!["sha256sum(r.arn)"]),
        ("{{ add .count 1 }}", vec!["add(r.count, 1)"]),
        ("{{ len (keys .items) | default 1 }}", vec!["len(keys(r.items))"]),
        ("{{ ternary \"a\" \"b\" .arn }}", vec!["ternary(\"a\", \"b\", r.arn)"]),
        ("{{ regexReplaceAll \"x\" .arn \"y\" }}", vec!["regexReplaceAll(\"x\", r.arn, \"y\")"]),
        ("{{ semverCompare \">1\" .arn }}", vec!["semverCompare(\">1\", r.arn)"]),
    ] {
        let text = f.run(template);
        assert_eq!(f.addresses(&text), addresses, "{template}: {text:?}");
    }
}

#[test]
fn known_parts_decide_what_they_can() {
    let f = Fixture::new();
    for (template, printed) in [
        ("{{ hasPrefix \"https\" .url }}", "true"),
        ("{{ hasPrefix \"http:/\" .url }}", "false"),
        ("{{ hasSuffix \"/path\" .url }}", "true"),
        ("{{ contains \"://\" .url }}", "true"),
        ("{{ isAbs .url }}", "false"),
    ] {
        let text = f.run(template);
        assert_eq!(text.as_str(), Some(printed), "{template}");
        assert_eq!(f.store.origins.assumed(text.origin()), None, "{template}");
    }
    assert!(!f.run("{{ contains \"y\" .url }}").is_known());
}

#[test]
fn what_is_assumed_of_an_unknown_is_not_certain() {
    let f = Fixture::new();
    for template in [
        "{{ empty .arn }}",
        "{{ all 1 .arn }}",
        "{{ has \"a\" (list .arn) }}",
        "{{ deepEqual .arn \"a\" }}",
        "{{ kindIs \"string\" .arn }}",
        "{{ if empty .arn }}a{{ else }}b{{ end }}",
    ] {
        let text = f.run(template);
        assert!(f.store.origins.assumed(text.origin()).is_some(), "{template}: {text:?}");
    }
}

#[test]
fn generated_values_show_their_stand_ins() {
    let f = Fixture::new();
    let pem = "-----BEGIN CERTIFICATE-----\nQUFBQQ==\n-----END CERTIFICATE-----\n";
    for (template, printed) in [
        ("{{ randAlphaNum 10 }}", "xxxxxxxxxx"),
        ("{{ randAlpha 3 }}{{ randNumeric 2 }}{{ randAscii 1 }}", "aaa11z"),
        ("{{ randAlphaNum 10 | b64enc | quote }}", "\"eHh4eHh4eHh4eA==\""),
        ("{{ randAlphaNum 3 | sha256sum | trunc 8 }}", "cd2eb083"),
        ("{{ randAlphaNum 3 | upper }}", "XXX"),
        ("{{ uuidv4 }}", "00000000-0000-0000-0000-000000000000"),
        ("{{ (genCA \"ca\" 1).Cert }}", pem),
        ("{{ (genSignedCert \"cn\" nil (list \"a\") 1 (genCA \"ca\" 1)).Cert }}", pem),
        ("{{ now | date \"2006-01-02\" }}", "1970-01-01"),
        ("{{ now.Format \"2006\" }}", "1970"),
        ("{{ now | unixEpoch }}", "0"),
        ("{{ date \"2006\" .name }}", "1970"),
        ("{{ bcrypt \"x\" }}", "$2a$10$xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("{{ toRawJson (randAlpha 2) | fromJson }}", "aa"),
        ("{{ splitList \"x\" (randAlphaNum 1) | len }}", "2"),
    ] {
        let text = f.run(template);
        assert_eq!(text.to_str_lossy(), printed, "{template}");
        let plain = template.contains("| len") || template.contains("quote");
        assert!(plain || f.is_generated(&text), "{template}: {text:?}");
        assert!(!text.is_known() || plain, "{template}");
    }
    let number = f.run("{{ randInt 5 9 }}");
    assert_eq!(number.to_str_lossy(), "5");
    assert!(f.store.origins.assumed(number.origin()).is_some());
}

#[test]
fn seeded_values_differ_by_call_and_not_by_run() {
    let run = || {
        let mut f = Fixture::new();
        f.settings.random = Random::Seeded;
        let text = f.run("{{ randAlphaNum 8 }} {{ randAlphaNum 8 }} {{ uuidv4 }} {{ shuffle \"abcdefgh\" }}");
        text.to_str_lossy().into_owned()
    };
    let text = run();
    assert_eq!(text, run());
    let parts: Vec<&str> = text.split(' ').collect();
    assert_ne!(parts[0], parts[1]);
    assert_eq!((parts[0].len(), parts[2].len(), &parts[2][14..15]), (8, 36, "4"));
    let mut letters: Vec<char> = parts[3].chars().collect();
    letters.sort_unstable();
    assert_eq!(letters.into_iter().collect::<String>(), "abcdefgh");
}

#[test]
fn what_is_too_large_is_refused_before_it_is_made() {
    let mut f = Fixture::new();
    f.limits = Limits { string: 1 << 20, list: 100_000, fuel: 5_000_000, ..Limits::default() };
    for template in [
        "{{ repeat 1000000000 \"x\" }}",
        "{{ repeat 9223372036854775807 \"xx\" }}",
        "{{ indent 1000000000 \"x\" }}",
        "{{ nindent 2000000 .name }}",
        "{{ until 1000000000 }}",
        "{{ until -9223372036854775808 }}",
        "{{ untilStep 0 9223372036854775807 1 }}",
        "{{ seq 1000000000 }}",
        "{{ seq 0 1 9223372036854775806 }}",
        "{{ randAlphaNum 1000000000 }}",
        "{{ randBytes 1000000000 }}",
        "{{ $s := repeat 100000 \"a\" }}{{ replace \"a\" $s $s }}",
        "{{ $s := repeat 100000 \"a\" }}{{ replace \"\" $s $s }}",
        "{{ $s := repeat 100000 \"a\" }}{{ wrapWith 1 $s $s }}",
        "{{ $s := repeat 100000 \"a\" }}{{ regexReplaceAll \"a\" $s $s }}",
        "{{ $s := repeat 200000 \"a\" }}{{ splitList \"\" $s }}",
        "{{ $s := repeat 600000 \"\\\"\" }}{{ toJson $s }}",
        "{{ $s := repeat 600000 \"\\\"\" }}{{ quote $s }}",
        "{{ $l := until 90000 }}{{ concat $l $l }}",
        "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ deepCopy $d }}",
        "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ $e := dict }}{{ $_ := set $e \"d\" $e }}{{ deepEqual $d $e }}",
        "{{ $l := until 50000 }}{{ uniq $l }}",
        "{{ range until 1000 }}{{ derivePassword 1 \"pin\" \"a\" \"b\" \"c\" }}{{ end }}",
        "{{ repeat 300 \"[\" | fromJson }}",
    ] {
        let started = std::time::Instant::now();
        let (_, error) = f.try_run(template);
        eprintln!("{:?} {template}", started.elapsed());
        let error = error.unwrap_or_else(|| panic!("{template} is not refused"));
        assert!(error.limit().is_some(), "{template}: {error}");
        assert!(started.elapsed().as_secs() < 60, "{template} took too long");
    }
    let (_, error) = f.try_run("{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ toRawJson $d }}");
    let text = error.expect("a cycle is refused").to_string();
    assert!(
        text.ends_with("json: unsupported value: encountered a cycle via map[string]interface {}"),
        "{text}"
    );
    let (_, error) = f.try_run("{{ regexFind \"((a{100}){10}){10}\" \"a\" }}");
    assert!(error.is_some_and(|error| error.limit().is_none()), "Go refuses this one itself");
    let (_, error) = f.try_run("{{ regexFind \"(\\\\pL{500}\\\\pN{500}){1}\" \"a\" }}");
    let text = error.expect("too large to compile").to_string();
    assert!(text.contains("expression too large"), "{text}");
    assert!(matches!(
        f.try_run("{{ until 200000 }}").1.and_then(|error| error.limit()),
        Some(Limit::List(_))
    ));
}
