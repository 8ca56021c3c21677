//! Every byte of the output tells where it comes from, and why it is there.

mod host;

use host::render::render;
use iac_model::Origin;

#[test]
fn a_value_in_text_is_traced_to_its_bytes() {
    let scan = render(r#"{"repo": "nginx", "port": 8080}"#, "image: {{ .repo }}:x\nport: {{ .port }}");
    assert_eq!(scan.text(), "image: nginx:x\nport: 8080");
    assert_eq!(scan.leaf("image: "), (scan.template, "image: ".into()));
    assert_eq!(scan.leaf("ngi"), (scan.values, "ngi".into()));
    assert_eq!(scan.leaf("8080"), (scan.values, "8080".into()));
    let Origin::Printed { action, under: None, .. } = scan.store.origins.get(scan.origin("nginx")) else {
        panic!("an action printed it");
    };
    assert_eq!(scan.source(*action), "{{ .repo }}");
}

#[test]
fn conditions_explain_what_stands_under_them() {
    let template = "{{- if .off }}a{{ else if and .on .more }}\nb: {{ .name }}{{ else }}c{{ end }}";
    let scan = render(r#"{"off": false, "on": true, "more": [1], "name": "n"}"#, template);
    assert_eq!(scan.text(), "\nb: n");
    let wanted = [
        "Template \nb: ",
        "Values true",
        "Values [1]",
        "Condition {{ else if and .on .more }}",
        "Values false",
        "Condition {{- if .off }}",
    ];
    assert_eq!(scan.trace(scan.origin("\nb: ")), wanted);
    assert_eq!(scan.trace(scan.origin("n"))[..2], ["Values n", "Template {{ .name }}"]);
}

#[test]
fn includes_and_templates_nest() {
    let template =
        "{{define \"a\"}}[{{ .x }}]{{end}}{{ include \"a\" . | printf \"%s!\" }} {{ template \"a\" . }}";
    let scan = render(r#"{"x": "v"}"#, template);
    assert_eq!(scan.text(), "[v]! [v]");
    let wanted = ["Values v", "Template {{ .x }}", "Template {{ include \"a\" . | printf \"%s!\" }}"];
    assert_eq!(scan.trace(scan.origin("v")), wanted);
    assert_eq!(scan.leaf("!"), (scan.template, "!".into()));
    let last = scan.rendered.text.run_at(scan.text().len() - 2);
    assert_eq!(
        scan.trace(last.origin)[..3],
        ["Values v", "Template {{ .x }}", "Template {{ template \"a\" . }}"]
    );
}

#[test]
fn printing_keeps_the_parts_of_lists_and_maps() {
    let scan = render(r#"{"m": {"key": ["one", 2]}}"#, "{{ .m }} {{ printf \"%q\" (index .m.key 0) }}");
    assert_eq!(scan.text(), "map[key:[one 2]] \"one\"");
    assert_eq!(scan.leaf("key"), (scan.values, "key".into()));
    assert_eq!(scan.leaf("one"), (scan.values, "one".into()));
    assert_eq!(scan.leaf("2"), (scan.values, "2".into()));
    assert_eq!(scan.leaf("map[").0, scan.values);
}

#[test]
fn a_loop_explains_each_turn_by_its_element() {
    let template = "{{ range $k, $v := .m }}- {{ $k }}: {{ $v }};{{ end }}";
    let scan = render(r#"{"m": {"a": "x", "b": "y"}}"#, template);
    assert_eq!(scan.text(), "- a: x;- b: y;");
    assert_eq!(scan.leaf("b"), (scan.values, "b".into()));
    let second = scan.rendered.text.run_at(7).origin;
    let trace = scan.trace(second);
    assert_eq!(trace[0], "Template - ");
    assert!(trace.contains(&"Values y".to_string()), "{trace:?}");
    assert!(trace.contains(&"Condition {{ range $k, $v := .m }}".to_string()), "{trace:?}");
}

#[test]
fn a_text_from_values_that_is_run_as_a_template_stays_in_the_values() {
    let values = r#"{"t": "x: {{ .v }}{{ define \"d\" }}in{{ end }}{{ include \"d\" . }}", "v": "w"}"#;
    let scan = render(values, "{{ tpl .t . }}");
    assert_eq!(scan.text(), "x: win");
    assert_eq!(scan.leaf("x: "), (scan.values, "x: ".into()));
    assert_eq!(scan.leaf("w"), (scan.values, "w".into()));
    assert_eq!(scan.leaf("in"), (scan.values, "in".into()));
    let scan = render(values, "{{ $x := tpl .t . }}{{ include \"d\" . }}");
    let error = scan.rendered.error.expect("d is gone").to_string();
    assert!(error.ends_with("no template \"d\" associated with template \"gotpl\""), "{error}");
}

#[test]
fn what_is_assigned_under_a_condition_stands_under_it() {
    let template = "{{ $x := \"a\" }}{{ if .on }}{{ $x = \"b\" }}{{ end }}{{ $x }}{{ if .on }}{{ $y := \"c\" }}{{ $y = \"d\" }}{{ end }}";
    let scan = render(r#"{"on": "yes"}"#, template);
    assert_eq!(scan.text(), "b");
    let trace = scan.trace(scan.origin("b"));
    assert_eq!(
        trace,
        ["Template b", "Template \"b\"", "Template {{ $x }}", "Values yes", "Condition {{ if .on }}"]
    );
}

#[test]
fn what_is_missing_has_the_place_where_a_person_would_add_it() {
    let scan = render(r#"{"m": {"a": 1}}"#, "{{ .m.b }}|{{ with .m.b }}x{{ end }}{{ range .m.c }}{{ end }}|");
    assert_eq!(scan.text(), "<no value>||");
    assert_eq!(scan.leaf("<no value>").0, scan.values);
    let absences = &scan.rendered.absences;
    let found: Vec<_> = absences.iter().map(|absence| (absence.at, scan.source(absence.branch))).collect();
    let bar = "<no value>|".len();
    assert_eq!(found, [(bar, "{{ with .m.b }}".to_string()), (bar, "{{ range .m.c }}".to_string())]);
    let span = scan.store.origins.leaf(absences[0].condition).expect("a place");
    assert_eq!(scan.source(span), "{\"a\": 1}");
}

#[test]
fn absences_of_included_templates_stand_where_their_text_is_printed() {
    let template = "{{define \"a\"}}{{ if .x }}yes{{ end }}{{end}}ab{{ include \"a\" . }}{{ template \"a\" . }}{{ if include \"a\" . }}never{{ end }}";
    let scan = render("{}", template);
    let at: Vec<_> = scan.rendered.absences.iter().map(|absence| absence.at).collect();
    assert_eq!((scan.text().as_str(), at), ("ab", vec![2, 2, 2]));
    // That the included text is empty is why the last branch was not taken.
    let trace = scan.trace(scan.rendered.absences[2].condition);
    assert!(trace.iter().any(|step| step.ends_with("{{ if .x }}")), "{trace:?}");
}
