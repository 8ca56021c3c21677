//! The function library of sprig v3.3.0 for iac-gotemplate, as Helm v4.2.4 uses it: without `env` and `expandenv`.
//!
//! Each family of functions is a file. Results are those of Go, errors and panics included: `go` holds the parts of
//! its standard library that show. What a function does with unknown and generated values, and which origins its
//! result has, is decided by the helpers in `standing`.

mod case;
mod cast;
mod certificates;
mod crypto;
mod dates;
mod decimal;
mod defaults;
mod dicts;
mod encoding;
mod equal;
mod go;
pub mod json;
mod lists;
mod merge;
mod numbers;
mod paths;
mod random;
mod regexes;
pub mod semver;
mod settings;
mod split;
mod standing;
mod strings;
mod times;
mod types;
mod urls;
mod versions;
mod widths;

use iac_gotemplate::{Function, Functions};

pub use settings::{Random, Settings};
pub use times::time;

/// The families, in the order in which they are registered.
static FAMILIES: [&[Function]; 19] = [
    case::FUNCTIONS,
    certificates::FUNCTIONS,
    crypto::FUNCTIONS,
    dates::FUNCTIONS,
    defaults::FUNCTIONS,
    dicts::FUNCTIONS,
    encoding::FUNCTIONS,
    json::FUNCTIONS,
    lists::FUNCTIONS,
    numbers::FUNCTIONS,
    paths::FUNCTIONS,
    random::FUNCTIONS,
    regexes::FUNCTIONS,
    split::FUNCTIONS,
    strings::FUNCTIONS,
    types::FUNCTIONS,
    urls::FUNCTIONS,
    versions::FUNCTIONS,
    widths::FUNCTIONS,
];

/// Go's builtin functions and sprig's, which hide builtins of the same name. A host adds its own on top and may
/// replace any; it puts [`Settings`] into its `Host`.
pub fn functions() -> Functions {
    let mut functions = Functions::builtins();
    for family in FAMILIES {
        functions.add(family);
    }
    functions
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every function of sprig v3.3.0 but `env`, `expandenv` and `getHostByName`, which is the host's.
    const NAMES: &str = "
        abbrev abbrevboth add add1 add1f addf adler32sum ago all any append atoi b32dec b32enc b64dec b64enc base
        bcrypt biggest buildCustomCert camelcase cat ceil chunk clean coalesce compact concat contains date
        dateInZone dateModify date_in_zone date_modify decryptAES deepCopy deepEqual default derivePassword dict
        dig dir div divf duration durationRound empty encryptAES ext fail first float64 floor fromJson genCA
        genCAWithKey genPrivateKey genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey
        get has hasKey hasPrefix hasSuffix hello htmlDate htmlDateInZone htpasswd indent initial initials int
        int64 isAbs join kebabcase keys kindIs kindOf last list lower max maxf merge mergeOverwrite min minf mod
        mul mulf mustAppend mustChunk mustCompact mustDateModify mustDeepCopy mustFirst mustFromJson mustHas
        mustInitial mustLast mustMerge mustMergeOverwrite mustPrepend mustPush mustRegexFind mustRegexFindAll
        mustRegexMatch mustRegexReplaceAll mustRegexReplaceAllLiteral mustRegexSplit mustRest mustReverse
        mustSlice mustToDate mustToJson mustToPrettyJson mustToRawJson mustUniq mustWithout must_date_modify
        nindent nospace now omit osBase osClean osDir osExt osIsAbs pick pluck plural prepend push quote randAlpha
        randAlphaNum randAscii randBytes randInt randNumeric regexFind regexFindAll regexMatch regexQuoteMeta
        regexReplaceAll regexReplaceAllLiteral regexSplit repeat replace rest reverse round semver semverCompare
        seq set sha1sum sha256sum sha512sum shuffle slice snakecase sortAlpha split splitList splitn squote sub
        subf substr swapcase ternary title toDate toDecimal toJson toPrettyJson toRawJson toString toStrings trim
        trimAll trimPrefix trimSuffix trimall trunc tuple typeIs typeIsLike typeOf uniq unixEpoch unset until
        untilStep untitle upper urlJoin urlParse uuidv4 values without wrap wrapWith";

    #[test]
    fn every_function_is_there_once() {
        let mut found: Vec<&str> = FAMILIES.iter().flat_map(|family| family.iter()).map(|f| f.name).collect();
        found.sort_unstable();
        let mut expected: Vec<&str> = NAMES.split_whitespace().collect();
        expected.sort_unstable();
        assert_eq!(found, expected);
    }

    #[test]
    fn families_are_sorted() {
        for family in FAMILIES {
            let names: Vec<_> = family.iter().map(|function| function.name).collect();
            assert!(names.is_sorted(), "{names:?}");
        }
    }
}
