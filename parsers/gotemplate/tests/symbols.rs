//! Values that are not known.

mod host;

use host::render::{Scan, render};
use iac_model::{SymbolId, TypeHint};

/// The symbol that part of the output rests on, as an assumption.
fn assumed(scan: &Scan, bytes: &str) -> Option<SymbolId> {
    scan.store.origins.assumed(scan.origin(bytes))
}

/// The addresses of the symbols in the output.
fn addresses(scan: &Scan) -> Vec<String> {
    assert_eq!(scan.rendered.error.as_ref().map(ToString::to_string), None);
    let symbols = scan.rendered.text.symbols();
    symbols.map(|symbol| scan.store.symbols.get(symbol).address.clone()).collect()
}

#[test]
fn an_unknown_stays_itself_in_the_text() {
    let scan =
        render("{}", "arn: {{ .u }}/{{ printf \"%s-%q\" .u .u }}{{ fs .u }}{{ html .u }}{{ list .u }}");
    assert_eq!(addresses(&scan), ["role.arn"; 6]);
    assert!(scan.rendered.text.slice(5..21).as_symbol(&scan.store.symbols) == Some(scan.unknown));
}

#[test]
fn parts_of_an_unknown_have_names() {
    let scan = render("{}", "{{ .u.a.b }} {{ index .u \"k\" 0 }} {{ $x := .u }}{{ $x.a }} {{ (.u).a }}");
    assert_eq!(addresses(&scan), ["role.arn.a.b", "role.arn[\"k\"][0]", "role.arn.a", "role.arn.a"]);
    let symbol = scan.store.symbols.get(scan.rendered.text.symbols().next().expect("a symbol"));
    assert_eq!(symbol.attribute.as_deref(), Some("role.arn.a.b"));
}

#[test]
fn functions_that_cannot_keep_it_derive_another() {
    let scan = render("{}", "{{ fi .u }} {{ len .u }} {{ fv .u \"a\" }} {{ .u | fv \"x\" }}");
    assert_eq!(
        addresses(&scan),
        ["fi(role.arn)", "len(role.arn)", "fv(role.arn, \"a\")", "fv(\"x\", role.arn)"]
    );
    let hint = scan.rendered.text.symbols().map(|symbol| scan.store.symbols.get(symbol).hint).nth(1);
    assert_eq!(hint, Some(TypeHint::Number));
}

#[test]
fn a_symbolic_condition_is_true_and_all_under_it_rests_on_that() {
    let scan = render("{}", "{{ if .u }}then {{ .g }}{{ else }}else{{ end }} after");
    assert_eq!(scan.text(), "then xyz after");
    assert_eq!(assumed(&scan, "then"), Some(scan.unknown));
    assert_eq!(assumed(&scan, "xyz"), Some(scan.unknown));
    assert_eq!(assumed(&scan, "after"), None);
    for (condition, result) in [
        ("not .u", "else"),
        ("and .u .on", "then"),
        ("or .u .off", "then"),
        ("eq .u \"x\"", "else"),
        ("ne .u \"x\"", "then"),
        ("lt .n .u", "else"),
        ("eq (printf \"a%s\" .u) \"b\"", "else"),
        ("include \"i\" .", "then"),
        ("include \"j\" .", "else"),
    ] {
        let template = format!(
            "{{{{define \"i\"}}}}{{{{ if .u }}}}x{{{{ end }}}}{{{{end}}}}{{{{define \"j\"}}}}{{{{ if not .u }}}}x{{{{ end }}}}{{{{end}}}}{{{{ if {condition} }}}}then{{{{ else }}}}else{{{{ end }}}}"
        );
        let scan = render(r#"{"on": true, "off": false, "n": 1}"#, &template);
        assert_eq!(scan.text(), result, "{condition}");
        assert_eq!(assumed(&scan, result), Some(scan.unknown), "{condition}");
    }
}

#[test]
fn an_unknown_is_equal_to_itself_for_sure() {
    for condition in ["eq .u .u", "eq (printf \"a%s\" .u) (print \"a\" .u)", "ne .u .u | not", "eq 1 .n .u"] {
        let scan = render(r#"{"n": 1.0}"#, &format!("{{{{ $x := {condition} }}}}{{{{ print $x }}}}"));
        if condition.starts_with("eq 1") {
            // An integer and a float do not compare, known or not.
            assert!(scan.rendered.error.is_some());
        } else {
            assert_eq!((scan.text().as_str(), assumed(&scan, "true")), ("true", None), "{condition}");
        }
    }
}

#[test]
fn values_chosen_because_of_an_unknown_rest_on_it() {
    let scan = render(
        r#"{"a": "x"}"#,
        "{{ and .u .a }} {{ $v := \"p\" }}{{ if .u }}{{ $v = \"q\" }}{{ end }}{{ $v }}",
    );
    assert_eq!(scan.text(), "x q");
    assert_eq!(scan.leaf("x"), (scan.values, "x".into()));
    assert_eq!(assumed(&scan, "x"), Some(scan.unknown));
    assert_eq!(assumed(&scan, "q"), Some(scan.unknown));
}

#[test]
fn a_loop_over_an_unknown_takes_one_turn() {
    let scan = render("{}", "{{ range $k, $v := .u }}{{ $k }}={{ .name }};{{ else }}none{{ end }}");
    assert_eq!(addresses(&scan), ["role.arn[*].key", "role.arn[*].name"]);
    assert_eq!(assumed(&scan, "="), Some(scan.unknown));
}

#[test]
fn generated_values_compute_but_stay_marked() {
    let scan = render(
        "{}",
        "{{ fi 1 }}{{ fv .g }} {{ len .g }} {{ if eq .g \"xyz\" }}same{{ end }}{{ if .g }}set{{ end }}",
    );
    assert_eq!(scan.text(), "2xyz0 3 sameset");
    assert_eq!(addresses(&scan), ["random"]);
    assert_eq!(assumed(&scan, "3"), Some(scan.generated));
    assert_eq!(assumed(&scan, "same"), Some(scan.generated));
    assert_eq!(assumed(&scan, "set"), None);
}
