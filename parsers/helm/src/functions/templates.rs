//! `include`, `tpl`, `required`, `fail` and `lookup`.

use iac_gotemplate::{Args, Call, Failure, Function, Kind, Map, MapType, Param, Unknowns, Value};
use iac_model::{Problem, ProblemSeverity, Text};

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("include", &[Param::String, Param::Any], include).unknowns(Unknowns::Handled),
    Function::new("tpl", &[Param::String, Param::Any], tpl).unknowns(Unknowns::Handled),
    Function::new("required", &[Param::String, Param::Any], required).unknowns(Unknowns::Handled),
    Function::new("fail", &[Param::String], fail).unknowns(Unknowns::Text),
    Function::new("lookup", &[Param::String, Param::String, Param::String, Param::String], lookup)
        .unknowns(Unknowns::Handled),
    Function::new("getHostByName", &[Param::String], get_host_by_name).unknowns(Unknowns::Handled),
];

/// What happens where a chart would be refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Rendering fails as Helm fails.
    Parity,
    /// Each refusal is a problem, and rendering goes on where it can.
    #[default]
    Scan,
}

/// Marks the message of `required` and `fail` in an error. Helm: pkg/engine/engine.go, warnWrap.
pub(crate) const ERROR_START: &str = "HELM_ERR_START";
/// Ends the message.
pub(crate) const ERROR_END: &str = "HELM_ERR_END";

/// Text that Go prints for a value that is not there.
const NO_VALUE: &[u8] = b"<no value>";

fn include(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let name = args.value(0)?.clone();
    let Some(name) = name.as_str() else {
        return Ok(call.derived(iac_model::TypeHint::String));
    };
    let text = call.execute(name, args.value(1)?.clone())?;
    call.string(text)
}

fn tpl(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let source = args.value(0)?;
    let text = match &source.kind {
        Kind::String(text) if text.as_symbol(&call.store().symbols).is_none() => text.clone(),
        _ => return Ok(source.clone()),
    };
    let result = call.execute_text(ROOT, text.clone(), args.value(1)?.clone());
    let output = result.map_err(|failure| {
        let quoted = iac_gotemplate::quoted(text.bytes());
        let context = match failure {
            Failure::Parse(_) => format!("cannot parse template {quoted}"),
            _ => format!("error during tpl function execution for {quoted}"),
        };
        failure.within(context)
    })?;
    let empty = Text::new("", output.origin());
    call.string(output.replace(NO_VALUE, &empty))
}

/// The name of the set of templates, which texts given to `tpl` take. Helm: pkg/engine/engine.go, render.
pub(crate) const ROOT: &str = "gotpl";

fn required(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let value = args.value(1)?;
    let missing = match &value.kind {
        Kind::Nil => true,
        Kind::String(text) => text.is_empty(),
        _ => false,
    };
    if missing { refuse(call, args.value(0)?, "required-value") } else { Ok(value.clone()) }
}

fn fail(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    refuse(call, args.value(0)?, "chart-fails")
}

/// Ends the execution, or in a scan records the message and goes on with the empty string, as `helm lint` does.
fn refuse(call: &mut Call<'_, '_>, message: &Value, code: &'static str) -> Result<Value, Failure> {
    let message = match &message.kind {
        Kind::String(text) => text.to_str_lossy().into_owned(),
        _ => String::new(),
    };
    match call.host::<Mode>().copied().unwrap_or_default() {
        Mode::Parity => Err(Failure::message(format!("{ERROR_START}{message}{ERROR_END}"))),
        Mode::Scan => {
            let problem = Problem::new(code, ProblemSeverity::Partial, message).at(call.site());
            call.report(problem);
            call.text("")
        }
    }
}

/// There is no cluster to ask.
fn lookup(call: &mut Call<'_, '_>, _: Args<'_>) -> Result<Value, Failure> {
    Ok(call.value(Kind::Map(Map::new(MapType::Any, []))))
}

fn get_host_by_name(call: &mut Call<'_, '_>, _: Args<'_>) -> Result<Value, Failure> {
    call.text("")
}
