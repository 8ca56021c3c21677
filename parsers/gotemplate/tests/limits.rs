//! Hostile templates end at a limit: with an error that names it, without a panic, on a thread with the usual
//! 2 MiB of stack.

mod host;

use iac_gotemplate::{
    Engine, Failure, Function, Functions, Host, Limit, Limits, Numbers, Param, Templates, Value,
    on_large_stack,
};
use iac_model::{FileKind, Input, Residence, Store, json};

/// The limit a template hits, or its output.
fn outcome(limits: &Limits, template: &str) -> Result<String, Option<Limit>> {
    let store = Store::new();
    let mut functions = Functions::builtins();
    functions.add(host::FUNCTIONS).add(REPEAT);
    let host = Host::new();
    let file = store.sources.add("t", FileKind::Template, Residence::Memory, template.as_bytes());
    let mut templates = Templates::new();
    if let Err(error) = templates.parse(&store, &functions, limits, "t", &Input::File(file)) {
        return Err(error.limit);
    }
    let values = store.sources.add("v", FileKind::Values, Residence::Memory, &b"{\"x\": 1}"[..]);
    let data = Value::from_model(&json::parse(&store, &Input::File(values)).expect("JSON"), Numbers::Float);
    let rendered = Engine::new(&store, &functions, &templates, &host, limits.clone()).execute("t", data);
    match rendered.error {
        None => Ok(rendered.text.to_str_lossy().into_owned()),
        Some(error) => Err(error.limit()),
    }
}

/// A function that asks before it allocates.
static REPEAT: &[Function] = &[Function::new("repeat", &[Param::Int, Param::String], |call, args| {
    let (count, text) = (usize::try_from(args.int(0)?).unwrap_or(0), args.text(1)?);
    call.check_string(count.saturating_mul(text.len()))?;
    call.text(text.bytes().repeat(count))
})];

fn limit(template: &str) -> Option<Limit> {
    outcome(&Limits::default(), template).expect_err("a limit")
}

fn stacked_or(template: &str, wanted: Limit) {
    let found = limit(template);
    assert!(found == Some(wanted) || found == Some(Limit::Stack), "{found:?}");
}

#[test]
fn deep_sources_are_refused() {
    let nesting = Limit::Nesting(500);
    for depth in [501, 100_000] {
        let parens = format!("{{{{ {}1{} }}}}", "(".repeat(depth), ")".repeat(depth));
        stacked_or(&parens, nesting);
        let ifs = format!("{}{}", "{{ if 1 }}".repeat(depth), "{{ end }}".repeat(depth));
        stacked_or(&ifs, nesting);
        stacked_or(&"{{ range 1 }}".repeat(depth), nesting);
        stacked_or(&"{{ with 1 }}{{ else }}".repeat(depth), nesting);
        stacked_or(&"{{ block \"x\" 1 }}".repeat(depth), nesting);
        stacked_or(&format!("{{{{ {}", "print (index (".repeat(depth)), nesting);
    }
}

#[test]
fn long_chains_are_not_deep() {
    let depth = 20_000;
    let chain = format!("{{{{ if 0 }}}}{}{{{{ end }}}}", "{{ else if 0 }}".repeat(depth));
    assert_eq!(outcome(&Limits::default(), &chain).as_deref(), Ok(""));
    let fields = format!("{{{{ .x{} }}}}", ".y".repeat(depth));
    assert_eq!(outcome(&Limits::default(), &fields), Err(None));
    let pipes = format!("{{{{ 1 {} }}}}", "| print".repeat(depth));
    assert_eq!(outcome(&Limits::default(), &pipes).as_deref(), Ok("1"));
}

#[test]
fn templates_that_call_themselves_end() {
    let depth = Limit::Depth(1000);
    stacked_or(r#"{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}"#, depth);
    stacked_or(r#"{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}"#, depth);
    stacked_or(
        r#"{{ define "a" }}{{ if 1 }}{{ with 1 }}{{ print (include "a" . | print) }}{{ end }}{{ end }}{{ end }}{{ include "a" . }}"#,
        depth,
    );
    stacked_or(r#"{{ $t := "{{ tpl . . }}" }}{{ tpl $t $t }}"#, depth);
    stacked_or(
        r#"{{ define "a" }}{{ range 2 }}{{ include "a" . }}{{ end }}{{ end }}{{ include "a" . }}"#,
        depth,
    );
}

#[test]
fn an_engine_goes_on_after_a_limit() {
    let store = Store::new();
    let mut functions = Functions::builtins();
    functions.add(host::FUNCTIONS);
    let (host, limits) = (Host::new(), Limits { depth: 30, ..Limits::default() });
    let mut templates = Templates::new();
    for (name, text) in [
        ("deep", r#"{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}"#),
        (
            "fine",
            r#"{{ define "b" }}{{ if lt (len .) 27 }}{{ include "b" (print . "x") }}{{ else }}end{{ end }}{{ end }}{{ include "b" "" }}"#,
        ),
    ] {
        let file = store.sources.add(name, FileKind::Template, Residence::Memory, text.as_bytes());
        templates.parse(&store, &functions, &limits, name, &Input::File(file)).expect("it parses");
    }
    let mut engine = Engine::new(&store, &functions, &templates, &host, limits);
    let data = || Value::nil(store.origins.argument("x"));
    for _ in 0..100 {
        let error = engine.execute("deep", data()).error.expect("too deep");
        assert_eq!(error.limit(), Some(Limit::Depth(30)));
        assert_eq!(engine.execute("fine", data()).text.as_str(), Some("end"));
    }
}

#[test]
fn a_large_stack_holds_a_thousand_templates() {
    let template = r#"{{ define "a" }}{{ if lt (len .) 990 }}{{ with print . "x" }}{{ print (include "a" .) }}{{ end }}{{ else }}end{{ end }}{{ end }}{{ include "a" "" }}"#;
    let deep = on_large_stack(|| outcome(&Limits::for_large_stack(), template)).expect("a thread");
    assert_eq!(deep.as_deref(), Ok("end"));
    let endless = r#"{{ define "a" }}{{ print (include "a" .) }}{{ end }}{{ include "a" . }}"#;
    let ended = on_large_stack(|| outcome(&Limits::for_large_stack(), endless)).expect("a thread");
    assert_eq!(ended, Err(Some(Limit::Depth(1000))));
}

#[test]
fn loops_end() {
    let limits = Limits { fuel: 100_000, ..Limits::default() };
    let out_of_fuel = Err(Some(Limit::Fuel(limits.fuel)));
    assert_eq!(outcome(&limits, "{{ range 9223372036854775807 }}{{ end }}"), out_of_fuel);
    assert_eq!(outcome(&limits, "{{ range 1000000 }}{{ range 1000000 }}{{ end }}{{ end }}"), out_of_fuel);
    let long = "{{ $x := repeat 1000000 \"a\" }}{{ range 1000000 }}{{ $y := eq $x $x }}{{ end }}";
    assert_eq!(outcome(&limits, long), out_of_fuel);
    let broken_off = "{{ $x := list 1 2 3 }}{{ range 1000000 }}{{ range $x }}{{ break }}{{ end }}{{ end }}";
    assert_eq!(outcome(&limits, broken_off), out_of_fuel);
}

#[test]
fn growing_texts_end() {
    let limits = Limits { string: 1 << 20, output: 8 << 20, ..Limits::default() };
    let too_long = Err(Some(Limit::String(limits.string)));
    for template in [
        "{{ repeat 1000000000000 \"ab\" }}",
        "{{ $x := \"ab\" }}{{ range 40 }}{{ $x = print $x $x }}{{ end }}",
        "{{ $x := \"<>\" }}{{ range 40 }}{{ $x = html $x }}{{ $x = print $x $x }}{{ end }}",
        "{{ range 100 }}{{ printf \"%1000000d\" 1 }}{{ end }}",
        "{{ range 9 }}{{ printf \"%*d%1000000.1000000f%.1000000d\" 1000000 1 1.5 1 }}{{ end }}",
        "{{ range 9 }}{{ printf \"%x%#v\" (repeat 600000 \"a\") (repeat 600000 \"\\n\") }}{{ end }}",
        "{{ range 100000 }}{{ \"some text of the template\" }}{{ end }}",
    ] {
        assert_eq!(outcome(&limits, template), too_long, "{template}");
    }
    let passed_on = "{{ define \"a\" }}{{ . }}{{ end }}{{ $x := repeat 1000000 \"a\" }}{{ range 99 }}{{ $y := include \"a\" $x }}{{ end }}";
    assert_eq!(outcome(&limits, passed_on), Err(Some(Limit::Output(limits.output))));
}

#[test]
fn values_that_hold_themselves_end() {
    let depth = Some(Limit::ValueDepth);
    assert_eq!(limit("{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ $d }}"), depth);
    assert_eq!(limit("{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ printf \"%#v\" $d }}"), depth);
    let twice = "{{ $d := dict }}{{ $_ := set $d \"a\" $d }}{{ $_ := set $d \"b\" $d }}{{ $x := html $d }}";
    assert!(matches!(limit(twice), Some(Limit::ValueDepth | Limit::String(_))));
    assert_eq!(limit("{{ $x := list }}{{ range 60000 }}{{ $x = list $x }}{{ end }}{{ $x }}"), depth);
}

#[test]
fn a_deadline_ends_execution() {
    let patience = std::time::Duration::ZERO;
    let limits = Limits { calm: 5000, patience, ..Limits::default() };
    assert_eq!(outcome(&limits, "{{ range 10000000 }}{{ end }}"), Err(Some(Limit::Deadline(5000, patience))));
    assert!(outcome(&limits, "{{ range 4000 }}{{ end }}").is_ok(), "calm steps are not watched");
}

#[test]
fn a_limit_is_named_in_the_error() {
    let failure = Failure::from(Limit::List(7));
    assert_eq!(failure.to_string(), "limit reached: a list of more than 7 elements");
    assert_eq!(Limit::List(7).name(), "list");
}
