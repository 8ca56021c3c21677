//! Nothing a template can call makes the library panic: calls put together at random, with values of all kinds.

use iac_gotemplate::{Engine, Host, Kind, Limits, Numbers, Templates, Value};
use iac_model::{FileKind, Input, Reason, Residence, Store, Symbol, Text, TextBuilder, TypeHint};

/// Arguments: extremes, wrong types, unknown and generated values.
const ARGUMENTS: &str = r#"
nil|""|"abc"|"a b c"|"\xff\xfe"|"日本"|"1.2.3"|">=1.2 <2"|"(a)*b?"|"[a-"|"2006-01-02"|"1h30m"|"http://u:p@[::1]:80/a?b#c"|"{\"a\":[1]}"
0|1|-1|2|63|-9223372036854775808|9223372036854775807|1.5|-0.0|1e308|-1e308|1e-320|true|false|'x'
.s|.n|.f|.l|.m|.nul|.missing|.arn|.count|.items|.map|.url|.m.b|(int64 -9223372036854775808)|(float64 "NaN")|(float64 "inf")
(list)|(list 1 "a" nil .arn)|(dict)|(dict "a" 1 "b" .m)|(until 5)|(splitList "," "a,b")|(split "," "a,b")|(rest (list))
(randAlphaNum 5)|(randInt 1 9)|now|(toDate "2006" "2024")|(toDate "2006" "9999")|(semver "1.2.3-a")|(genCA "a" 1)|(uuidv4)|(b64enc .arn)
(toString .count)|(index "abc" 1)|(chunk 2 (list 1 2 3))|(now.Month)|(now.Sub now)|(fromJson "[1,{}]")|(repeat 300 "ab")|(regexFindAll "x" "y" 1)
"#;

/// Functions whose cost would make the test slow.
const COSTLY: [&str; 1] = ["derivePassword"];

struct Numbered(u64);

impl Numbered {
    fn below(&mut self, limit: usize) -> usize {
        // SplitMix64, from a fixed start: the same calls on each run.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) % limit as u64) as usize
    }
}

/// The names of all functions, out of the cases made by sprig.
fn names() -> Vec<&'static str> {
    let cases = include_str!("cases.txt").lines();
    let mut names: Vec<_> = cases.filter_map(|line| line.split([' ', '\t']).next()).collect();
    names.retain(|name| !name.starts_with('=') && !COSTLY.contains(name));
    names.sort_unstable();
    names.dedup();
    names.extend(["bcrypt", "genCA", "genSignedCert", "now", "randAscii", "randBytes", "uuidv4", "ago"]);
    names
}

#[test]
fn no_call_panics() {
    let arguments: Vec<&str> = ARGUMENTS.trim().split(['|', '\n']).collect();
    let names = names();
    assert!(names.len() > 190 && arguments.len() > 60);
    let store = Store::new();
    let functions = iac_sprig::functions();
    let host = Host::new();
    let data = data(&store);
    let limits = Limits { fuel: 100_000, list: 10_000, string: 100_000, ..Limits::default() };
    let mut random = Numbered(7);
    let (mut calls, mut failures) = (0, 0);
    for round in 0..150 {
        for name in &names {
            let count = (round + random.below(3)) % 6;
            let mut template = format!("{{{{ {name}");
            for _ in 0..count {
                template.push(' ');
                template.push_str(arguments[random.below(arguments.len())]);
            }
            template.push_str(" }}");
            let file =
                store.sources.add("t", FileKind::Template, Residence::Disk, template.clone().into_bytes());
            let mut templates = Templates::new();
            templates.parse(&store, &functions, &limits, "t", &Input::File(file)).expect("it parses");
            let mut engine = Engine::new(&store, &functions, &templates, &host, limits.clone());
            let rendered = engine.execute("t", data.clone());
            calls += 1;
            failures += usize::from(rendered.error.is_some());
            assert_eq!(
                rendered.text.runs().map(|(range, _)| range.len()).sum::<usize>(),
                rendered.text.len(),
                "{template}"
            );
        }
    }
    // Random arguments mostly have the wrong type, but not always.
    assert!(calls - failures > calls / 20, "{failures} of {calls} calls failed");
}

fn data(store: &Store) -> Value {
    let text = r#"{"s":"hello world","n":3,"f":-2.5,"l":[1,"a",null,{"k":"v"}],"nul":null,"m":{"a":1,"b":{"c":[]}}}"#;
    let file = store.sources.add("values", FileKind::Values, Residence::Disk, text.as_bytes());
    let values = iac_model::json::parse(store, &Input::File(file)).expect("JSON");
    let data = Value::from_model(&values, Numbers::Float);
    let origin = store.origins.argument("unknown");
    let symbol = |address: &str, hint| {
        let (resource, attribute) = (None, None);
        let reason = Reason::Computed;
        store.symbols.intern(Symbol { address: address.into(), resource, attribute, reason, hint })
    };
    let unknown = |address, hint| Value::new(Kind::Unknown(symbol(address, hint)), origin);
    let mut url = TextBuilder::new();
    url.push("https://", origin);
    url.push_symbol(&store.symbols, symbol("r.host", TypeHint::String), origin);
    let more = [
        ("arn", unknown("r.arn", TypeHint::String)),
        ("count", unknown("r.count", TypeHint::Number)),
        ("items", unknown("r.items", TypeHint::List)),
        ("map", unknown("r.map", TypeHint::Any)),
        ("url", Value::string(url.finish_or(|| origin))),
    ];
    for (key, value) in more {
        data.as_map().expect("a map").insert(Text::new(key, origin), value).expect("it can be set");
    }
    data
}
