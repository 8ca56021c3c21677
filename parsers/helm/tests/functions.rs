//! Every function that Helm has is there, and each is compared with Go's somewhere.

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use iac_helm::{Chart, Instance, render};
use iac_model::{Store, Text, Tree, TreeEntry};

/// What Helm v4.2.4 has; it takes `env` and `expandenv` away from sprig.
const FUNCTIONS: &str = "
    and call eq ge gt html index js le len lt ne not or print printf println urlquery
    include tpl required lookup fail toYaml mustToYaml toYamlPretty fromYaml fromYamlArray toJson mustToJson fromJson
    fromJsonArray toToml mustToToml fromToml getHostByName
    abbrev abbrevboth camelcase cat contains hasPrefix hasSuffix indent initials kebabcase lower nindent nospace plural
    quote repeat replace shuffle snakecase squote substr swapcase title toString trim trimAll trimall trimPrefix
    trimSuffix trunc untitle upper wrap wrapWith randAlpha randAlphaNum randAscii randNumeric
    join sortAlpha split splitList splitn toStrings
    add add1 add1f addf atoi biggest ceil div divf float64 floor int int64 max maxf min minf mod mul mulf randInt round
    seq sub subf toDecimal until untilStep
    ago date dateInZone dateModify date_in_zone date_modify duration durationRound htmlDate htmlDateInZone
    mustDateModify must_date_modify mustToDate now toDate unixEpoch
    all any coalesce compact mustCompact default empty ternary deepCopy mustDeepCopy
    toPrettyJson toRawJson mustFromJson mustToPrettyJson mustToRawJson
    append chunk concat first has initial last list prepend push rest reverse slice tuple uniq without mustAppend
    mustChunk mustFirst mustHas mustInitial mustLast mustPrepend mustPush mustRest mustReverse mustSlice mustUniq
    mustWithout
    dict dig get hasKey keys merge mergeOverwrite mustMerge mustMergeOverwrite omit pick pluck set unset values
    deepEqual kindIs kindOf typeIs typeIsLike typeOf base clean dir ext isAbs osBase osClean osDir osExt osIsAbs
    b32dec b32enc b64dec b64enc adler32sum sha1sum sha256sum sha512sum urlJoin urlParse
    regexFind regexFindAll regexMatch regexQuoteMeta regexReplaceAll regexReplaceAllLiteral regexSplit mustRegexFind
    mustRegexFindAll mustRegexMatch mustRegexReplaceAll mustRegexReplaceAllLiteral mustRegexSplit
    semver semverCompare bcrypt buildCustomCert decryptAES derivePassword encryptAES genCA genCAWithKey genPrivateKey
    genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey htpasswd randBytes uuidv4 hello
";

/// A name that is unknown makes a chart unreadable, whether it is called or not.
fn is_known(name: &str) -> bool {
    let mut tree = Tree::new();
    tree.insert("w/Chart.yaml", TreeEntry::file(&b"apiVersion: v2\nname: w\nversion: 1.0.0\n"[..]));
    let text = format!("{{{{ if false }}}}{{{{ {name} }}}}{{{{ end }}}}\n");
    tree.insert("w/templates/a.yaml", TreeEntry::file(text.into_bytes()));
    let store = Store::new();
    let (chart, _) = Chart::load(&store, &tree, "w");
    let origin = store.origins.argument("test");
    let instance = Instance::new(Text::new("r", origin), Text::new("default", origin));
    let rendered = render(&store, &chart.expect("the chart can be loaded"), &instance);
    !rendered.problems.iter().any(|problem| problem.code == "template-syntax")
}

#[test]
fn no_function_of_helm_is_missing() {
    let missing: Vec<&str> = FUNCTIONS.split_whitespace().filter(|name| !is_known(name)).collect();
    assert_eq!(missing, [""; 0]);
    for name in ["env", "expandenv", "nothing"] {
        assert!(!is_known(name), "{name}");
    }
}

#[test]
fn each_function_is_compared_with_go() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |path: &str| std::fs::read_to_string(root.join(path)).expect("it can be read");
    let mut counts: BTreeMap<&str, usize> = FUNCTIONS.split_whitespace().map(|name| (name, 0)).collect();
    // A case counts once for each function that it names.
    let mut count = |case: &str| {
        let mut words: Vec<&str> = case.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        words.sort_unstable();
        words.dedup();
        for word in words {
            if let Some(count) = counts.get_mut(word) {
                *count += 1;
            }
        }
    };
    let case_of = |line: &str| line.split('\t').next().unwrap_or_default().to_owned();
    read("parsers/sprig/tests/cases.txt").lines().for_each(|line| count(&case_of(line)));
    read("parsers/gotemplate/tests/golden.json").lines().for_each(&mut count);
    templates(&root.join("testdata/charts"), &mut count);
    let mut table = String::new();
    for (name, count) in &counts {
        let _ = writeln!(table, "{count:6} {name}");
    }
    support::say(&format!("cases that compare a function with Go's:\n{table}"));
    let without: Vec<_> = counts.iter().filter(|(_, count)| **count == 0).map(|(name, _)| *name).collect();
    assert_eq!(without, [""; 0]);
}

/// The actions of our own charts, whose output Helm has recorded.
fn templates(directory: &Path, count: &mut impl FnMut(&str)) {
    for name in support::names(directory).expect("it can be read") {
        let path = directory.join(name);
        if path.is_dir() {
            templates(&path, count);
        } else if path.components().any(|part| part.as_os_str() == "templates") {
            let text = std::fs::read(&path).expect("it can be read");
            String::from_utf8_lossy(&text).split("{{").skip(1).for_each(&mut *count);
        }
    }
}
