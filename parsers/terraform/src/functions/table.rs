//! All functions by name.

use super::{
    Function, Parameter, Returns, Want, collection, combine, conversion, csv, datetime, encoding, filesystem, format,
    hash, json, network, numeric, pattern, sequence, sets, string, yaml,
};

/// Finds a function.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.binary_search_by(|function| function.name.cmp(name)).ok().map(|at| &FUNCTIONS[at])
}

const fn any(name: &'static str) -> Parameter {
    Parameter::new(name, Want::Any)
}

const fn number(name: &'static str) -> Parameter {
    Parameter::new(name, Want::Number)
}

const fn string(name: &'static str) -> Parameter {
    Parameter::new(name, Want::String)
}

/// A string that may hold symbols.
const fn text(name: &'static str) -> Parameter {
    Parameter::new(name, Want::String).partial()
}

const fn list(name: &'static str) -> Parameter {
    Parameter::new(name, Want::List)
}

const fn strings(name: &'static str) -> Parameter {
    Parameter::new(name, Want::StringList)
}

const fn set(name: &'static str) -> Parameter {
    Parameter::new(name, Want::Set)
}

macro_rules! function {
    ($name:literal, [$($parameter:expr),*], $returns:ident, $apply:path) => {
        Function { name: $name, parameters: &[$($parameter),*], rest: None, returns: Returns::$returns, apply: $apply }
    };
    ($name:literal, [$($parameter:expr),*], ..$rest:expr, $returns:ident, $apply:path) => {
        Function {
            name: $name, parameters: &[$($parameter),*], rest: Some($rest), returns: Returns::$returns, apply: $apply,
        }
    };
}

/// Invariant: sorted by name.
static FUNCTIONS: &[Function] = &[
    function!("abs", [number("num")], Number, numeric::abs),
    function!("abspath", [string("path")], String, filesystem::abspath),
    function!("alltrue", [Parameter::new("list", Want::BoolList)], Bool, collection::alltrue),
    function!("anytrue", [Parameter::new("list", Want::BoolList)], Bool, collection::anytrue),
    function!("base64decode", [string("str")], String, encoding::base64decode),
    function!("base64encode", [string("str")], String, encoding::base64encode),
    function!("base64gunzip", [string("str")], String, encoding::unpredictable),
    function!("base64gzip", [string("str")], String, encoding::unpredictable),
    function!("base64sha256", [string("str")], String, hash::base64sha256),
    function!("base64sha512", [string("str")], String, hash::base64sha512),
    function!("basename", [text("path")], String, filesystem::basename),
    function!("bcrypt", [string("str")], ..number("cost"), String, encoding::unpredictable),
    function!("ceil", [number("num")], Number, numeric::ceil),
    function!("chomp", [text("str")], String, string::chomp),
    function!("chunklist", [list("list").marked(), number("size").marked()], Any, sequence::chunklist),
    function!("cidrcontains", [string("containing_prefix"), string("contained_ip_or_prefix")], Bool, network::cidrcontains),
    function!("cidrhost", [string("prefix"), number("hostnum")], String, network::cidrhost),
    function!("cidrnetmask", [string("prefix")], String, network::cidrnetmask),
    function!("cidrsubnet", [string("prefix"), number("newbits"), number("netnum")], String, network::cidrsubnet),
    function!("cidrsubnets", [string("prefix")], ..number("newbits"), StringList, network::cidrsubnets),
    function!("coalesce", [], ..any("vals").null().unknown(), Any, collection::coalesce),
    function!("coalescelist", [], ..any("vals").null().unknown(), Any, collection::coalescelist),
    function!("compact", [strings("list")], StringList, sequence::compact),
    function!("concat", [], ..any("seqs").marked().unknown(), Any, sequence::concat),
    function!("contains", [any("list"), any("value").unknown()], Bool, collection::contains),
    function!("convert", [any("value").null().unknown().marked(), any("type").null()], Any, conversion::convert_to),
    function!("csvdecode", [string("str")], Any, csv::csvdecode),
    function!("dirname", [text("path")], String, filesystem::dirname),
    function!("distinct", [list("list")], First, sequence::distinct),
    function!("element", [any("list").marked().unknown(), number("index")], Any, collection::element),
    function!("endswith", [text("str"), string("suffix")], Bool, string::endswith),
    function!("ephemeralasnull", [any("value").null().unknown().marked()], Any, conversion::ephemeralasnull),
    function!("file", [text("path")], String, filesystem::file),
    function!("filebase64", [text("path")], String, filesystem::filebase64),
    function!("filebase64sha256", [text("path")], String, filesystem::filebase64sha256),
    function!("filebase64sha512", [text("path")], String, filesystem::filebase64sha512),
    function!("fileexists", [text("path")], Bool, filesystem::fileexists),
    function!("filemd5", [text("path")], String, filesystem::filemd5),
    function!("fileset", [text("path"), string("pattern")], Any, filesystem::fileset),
    function!("filesha1", [text("path")], String, filesystem::filesha1),
    function!("filesha256", [text("path")], String, filesystem::filesha256),
    function!("filesha512", [text("path")], String, filesystem::filesha512),
    function!("flatten", [any("list").marked()], Any, sequence::flatten),
    function!("floor", [number("num")], Number, numeric::floor),
    function!("format", [text("format")], ..any("args").null().unknown(), String, format::format),
    function!("formatdate", [string("format"), string("time")], String, datetime::formatdate),
    function!("formatlist", [text("format")], ..any("args").null().unknown(), StringList, format::formatlist),
    function!("indent", [number("spaces"), text("str")], String, string::indent),
    function!("index", [any("list"), any("value")], Number, collection::index),
    function!("issensitive", [any("value").null().unknown().marked()], Bool, conversion::issensitive),
    function!("join", [text("separator")], ..strings("lists"), String, string::join),
    function!("jsondecode", [text("str")], Any, json::jsondecode),
    function!("jsonencode", [any("val").null().unknown()], String, json::jsonencode),
    function!("keys", [any("inputMap").marked().unknown()], Any, collection::keys),
    function!("length", [any("value").marked().unknown()], Number, collection::length),
    function!("list", [], ..any("vals").null().unknown(), Any, conversion::list),
    function!("log", [number("num"), number("base")], Number, numeric::log),
    function!("lookup", [any("inputMap").marked().unknown(), string("key").marked().unknown()],
        ..any("default").null().unknown().marked(), Any, collection::lookup),
    function!("lower", [text("str")], String, string::lower),
    function!("map", [], ..any("vals").null().unknown(), Any, conversion::map),
    function!("matchkeys", [list("values"), list("keys"), list("searchset")], First, collection::matchkeys),
    function!("max", [], ..number("numbers"), Number, numeric::max),
    function!("md5", [string("str")], String, hash::md5),
    function!("merge", [], ..any("maps").null().marked().unknown(), Any, combine::merge),
    function!("min", [], ..number("numbers"), Number, numeric::min),
    function!("nonsensitive", [any("value").null().unknown().marked()], Any, conversion::nonsensitive),
    function!("one", [any("list").unknown()], Any, collection::one),
    function!("parseint", [any("number").marked().unknown(), number("base").marked().unknown()], Number, numeric::parseint),
    function!("pathexpand", [text("path")], String, filesystem::pathexpand),
    function!("plantimestamp", [], String, encoding::generated),
    function!("pow", [number("num"), number("power")], Number, numeric::pow),
    function!("range", [], ..number("params"), NumberList, sequence::range),
    function!("regex", [string("pattern"), string("string")], Any, pattern::regex),
    function!("regexall", [string("pattern"), string("string")], Any, pattern::regexall),
    function!("replace", [text("str"), string("substr"), text("replace")], String, pattern::replace),
    function!("reverse", [any("list").marked()], Any, sequence::reverse),
    function!("rsadecrypt", [string("ciphertext"), string("privatekey")], String, encoding::unpredictable),
    function!("sensitive", [any("value").null().unknown().marked()], Any, conversion::sensitive),
    function!("setintersection", [set("first_set")], ..set("other_sets"), First, sets::setintersection),
    function!("setproduct", [], ..any("sets").marked().unknown(), Any, sets::setproduct),
    function!("setsubtract", [set("a"), set("b")], First, sets::setsubtract),
    function!("setunion", [set("first_set")], ..set("other_sets"), First, sets::setunion),
    function!("sha1", [string("str")], String, hash::sha1),
    function!("sha256", [string("str")], String, hash::sha256),
    function!("sha512", [string("str")], String, hash::sha512),
    function!("signum", [number("num")], Number, numeric::signum),
    function!("slice", [any("list").marked(), number("start_index"), number("end_index")], Any, sequence::slice),
    function!("sort", [strings("list").unknown()], StringList, sequence::sort),
    function!("split", [string("separator"), text("str")], StringList, string::split),
    function!("startswith", [text("str"), string("prefix")], Bool, string::startswith),
    function!("strcontains", [text("str"), string("substr")], Bool, string::strcontains),
    function!("strrev", [string("str")], String, string::strrev),
    function!("substr", [text("str"), number("offset"), number("length")], String, string::substr),
    function!("sum", [any("list")], Number, collection::sum),
    function!("textdecodebase64", [string("source"), string("encoding")], String, encoding::textdecodebase64),
    function!("textencodebase64", [string("string"), string("encoding")], String, encoding::textencodebase64),
    function!("timeadd", [string("timestamp"), string("duration")], String, datetime::timeadd),
    function!("timecmp", [string("timestamp_a"), string("timestamp_b")], Number, datetime::timecmp),
    function!("timestamp", [], String, encoding::generated),
    function!("title", [text("str")], String, string::title),
    function!("tobool", [any("v").null().unknown().marked()], Bool, conversion::tobool),
    function!("tolist", [any("v").null().unknown().marked()], Any, conversion::tolist),
    function!("tomap", [any("v").null().unknown().marked()], Any, conversion::tomap),
    function!("tonumber", [any("v").null().unknown().marked()], Number, conversion::tonumber),
    function!("toset", [any("v").null().unknown().marked()], Any, conversion::toset),
    function!("tostring", [any("v").null().unknown().marked()], String, conversion::tostring),
    function!("transpose", [Parameter::new("values", Want::MapOfStringLists)], First, combine::transpose),
    function!("trim", [text("str"), string("cutset")], String, string::trim),
    function!("trimprefix", [text("str"), string("prefix")], String, string::trimprefix),
    function!("trimspace", [text("str")], String, string::trimspace),
    function!("trimsuffix", [text("str"), string("suffix")], String, string::trimsuffix),
    function!("type", [any("value").null().unknown().marked()], Any, conversion::type_of),
    function!("upper", [text("str")], String, string::upper),
    function!("urldecode", [string("str")], String, encoding::urldecode),
    function!("urlencode", [text("str")], String, encoding::urlencode),
    function!("uuid", [], String, encoding::generated),
    function!("uuidv5", [string("namespace"), string("name")], String, hash::uuidv5),
    function!("values", [any("mapping").marked().unknown()], Any, collection::values),
    function!("yamldecode", [text("src")], Any, yaml::yamldecode),
    function!("yamlencode", [any("value").null().unknown()], String, yaml::yamlencode),
    function!("zipmap", [strings("keys").marked().unknown(), any("values").marked().unknown()], Any, combine::zipmap),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_sorted() {
        assert!(FUNCTIONS.windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
