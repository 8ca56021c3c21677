//! The functions and values of tests/oracle/golden/host.go.

#[allow(dead_code)] // Each test file uses a part of it.
pub(crate) mod render;

use std::any::Any;
use std::rc::Rc;

use iac_gotemplate::{
    Args, Call, Element, Failure, Function, Kind, List, ListType, Map, MapType, NamedType, Object, Param,
    Unknowns, Value,
};
use iac_model::{OriginId, Text};

static VALS: NamedType = NamedType {
    name: "main.Vals",
    element: Element::Any,
    methods: &[
        Function::new("Size", &[], |call, _| {
            let len = call.receiver().and_then(Value::as_map).map_or(0, Map::len);
            Ok(call.value(Kind::Int(len as i64)))
        }),
        Function::new("Pick", &[Param::String], |call, args| {
            if args.len() > 1 {
                let parts: Vec<_> = args.into_iter().filter_map(Value::as_str).collect();
                return call.text(parts.join("+"));
            }
            let key = args.text(0)?.bytes().to_vec();
            let found = call.receiver().and_then(Value::as_map).and_then(|map| map.get(key));
            Ok(found.unwrap_or_else(|| Value::nil(call.origin())))
        })
        .variadic(Param::String),
    ],
};

static NAMES: NamedType = NamedType {
    name: "main.Names",
    element: Element::String,
    methods: &[Function::new("Has", &[Param::String], |call, args| {
        let name = args.text(0)?;
        let names = call.receiver().and_then(Value::as_list);
        let has = names.is_some_and(|names| {
            names.iter().filter_map(Value::as_text).any(|text| text.bytes() == name.bytes())
        });
        Ok(call.value(Kind::Bool(has)))
    })],
};

static POINT: &[Function] = &[Function::new("Plus", &[Param::Int], |call, args| {
    let n = args.int(0)?;
    if n < 0 {
        return Err(Failure::message("negative"));
    }
    let x = call.receiver().and_then(|value| value.as_object::<Point>()).map_or(0, |point| point.x);
    Ok(call.value(Kind::Int(x + n)))
})];

#[derive(Debug)]
struct Point {
    x: i64,
    name: &'static str,
    is_pointer: bool,
    origin: OriginId,
}

impl Object for Point {
    fn type_name(&self) -> &str {
        if self.is_pointer { "*main.Point" } else { "main.Point" }
    }

    fn kind_name(&self) -> &'static str {
        if self.is_pointer { "ptr" } else { "struct" }
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("X", Value::new(Kind::Int(self.x), self.origin)),
            ("Name", Value::string(Text::new(self.name, self.origin))),
            ("Any", Value::nil(self.origin)),
        ]
    }

    fn is_interface(&self, field: &str) -> bool {
        field == "Any"
    }

    fn methods(&self) -> &'static [Function] {
        POINT
    }

    fn equals(&self, other: &dyn Object) -> Option<bool> {
        let other = other.as_any().downcast_ref::<Point>();
        Some(other.is_some_and(|other| self.x == other.x && self.is_pointer == other.is_pointer))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[derive(Debug)]
struct Version(u64, OriginId);

impl Object for Version {
    fn type_name(&self) -> &str {
        "*main.Version"
    }

    fn kind_name(&self) -> &'static str {
        "ptr"
    }

    fn print(&self) -> Option<String> {
        Some(format!("v{}", self.0))
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![("Major", Value::new(Kind::Uint64(self.0), self.1))]
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[derive(Debug)]
struct Ticks(i64, OriginId);

impl Object for Ticks {
    fn type_name(&self) -> &str {
        "main.Ticks"
    }

    fn kind_name(&self) -> &'static str {
        "int64"
    }

    fn print(&self) -> Option<String> {
        Some(format!("{}t", self.0))
    }

    fn basic(&self) -> Option<Value> {
        Some(Value::new(Kind::Int64(self.0), self.1))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The values of one of every kind.
fn values(o: OriginId) -> Vec<Value> {
    let text = |bytes: &[u8]| Text::new(bytes, o);
    let string = |bytes: &str| Kind::String(text(bytes.as_bytes()));
    let value = |kind| Value::new(kind, o);
    let float = |float| value(Kind::Float(float));
    let list = |list_type, items| Kind::List(List::new(list_type, items));
    let strings = |items: &[&str]| items.iter().map(|item| value(string(item))).collect::<Vec<_>>();
    let any = ListType::Any;
    let map = |map_type, entries| Kind::Map(Map::new(map_type, entries));
    let key = |name: &str| text(name.as_bytes());
    let kinds = vec![
        Kind::Nil,
        Kind::Bool(true),
        Kind::Bool(false),
        Kind::Int(0),
        Kind::Int(7),
        Kind::Int(-42),
        Kind::Int64(7),
        Kind::Int64(i64::MIN),
        Kind::Uint8(65),
        Kind::Uint64(1 << 63),
        Kind::Float(0.0),
        Kind::Float(7.0),
        Kind::Float(-1.5),
        Kind::Float(1e6),
        Kind::Float(123456789.0),
        Kind::Float(1e21),
        Kind::Float(1e-7),
        Kind::Float(12.34567),
        Kind::Float(5e-324),
        Kind::Float(f64::MAX),
        string(""),
        string("abc"),
        string("a\"b\\c\n\t\0\u{e9}\u{2028}\u{1f600}"),
        Kind::String(text(b"\xff\xfex")),
        Kind::Bytes(text(b"hi")),
        list(any, vec![]),
        list(any, vec![float(1.0), value(string("a")), value(Kind::Nil), value(Kind::Bool(true))]),
        list(ListType::Of(Element::String), strings(&["x", "y z"])),
        map(MapType::Any, vec![]),
        map(
            MapType::Any,
            vec![
                (key("b"), float(1.0)),
                (key("a"), value(Kind::Nil)),
                (key("C"), value(list(any, strings(&["q"])))),
            ],
        ),
        map(MapType::Strings, vec![(key("k"), value(string("v")))]),
        list(
            ListType::Of(Element::List),
            vec![
                value(list(any, vec![value(Kind::Int(1)), value(Kind::Int(2))])),
                value(list(any, strings(&["a"]))),
            ],
        ),
        Kind::List(List::nil(any)),
        Kind::Map(Map::nil(MapType::Any)),
        map(MapType::Named(&VALS), vec![(key("k"), value(string("v"))), (key("n"), float(2.0))]),
        list(ListType::Named(&NAMES), strings(&["n1", "n2"])),
        Kind::Object(Rc::new(Point { x: 1, name: "p", is_pointer: false, origin: o })),
        Kind::Object(Rc::new(Point { x: 2, name: "", is_pointer: true, origin: o })),
        Kind::Object(Rc::new(Version(3, o))),
        Kind::Object(Rc::new(Ticks(5, o))),
        Kind::Complex(Rc::new((1.0, -2.0))),
    ];
    kinds.into_iter().map(value).collect()
}

/// The functions, by the names of the Go program.
pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("v", &[Param::Int], |call, args| {
        let at = args.int(0)? as usize;
        values(call.origin()).into_iter().nth(at).ok_or_else(|| Failure::message("no such value"))
    }),
    Function::new("vals", &[], |call, _| {
        let values = values(call.origin());
        call.list(values)
    }),
    Function::new("list", &[], |call, args| call.list(args.all().to_vec()))
        .variadic(Param::Any)
        .unknowns(Unknowns::Handled),
    Function::new("strs", &[], strs).variadic(Param::String),
    Function::new("dict", &[], dict).variadic(Param::Any).unknowns(Unknowns::Handled),
    Function::new("set", &[Param::Map, Param::String, Param::Any], |call, args| {
        let value = call.guarded(args.value(2)?);
        args.map(0)?.insert(args.text(1)?.clone(), value)?;
        args.value(0).cloned()
    })
    .unknowns(Unknowns::Handled),
    Function::new("nilmap", &[], |call, _| Ok(call.value(Kind::Map(Map::nil(MapType::Any))))),
    Function::new("nillist", &[], |call, _| Ok(call.value(Kind::List(List::nil(ListType::Any))))),
    Function::new("i64", &[Param::Int64], |_, args| args.value(0).cloned()),
    Function::new("fs", &[Param::String], fs).unknowns(Unknowns::Text),
    Function::new("fi", &[Param::Int], |call, args| {
        let int = args.int(0)?;
        Ok(call.value(Kind::Int(int.wrapping_add(1))))
    }),
    Function::new("ff", &[Param::Float], |call, args| {
        let float = args.float(0)?;
        Ok(call.value(Kind::Float(float * 2.0)))
    }),
    Function::new("fb", &[Param::Bool], |call, args| {
        let bool = args.bool(0)?;
        Ok(call.value(Kind::Bool(!bool)))
    }),
    Function::new("fm", &[Param::Map], |call, args| {
        let len = args.map(0)?.len();
        Ok(call.value(Kind::Int(len as i64)))
    }),
    Function::new("fl", &[Param::List], len),
    Function::new("fss", &[Param::Strings], len),
    Function::new("fa", &[Param::Any], |call, args| {
        let name = args.value(0)?.type_name().into_owned();
        call.text(name)
    }),
    Function::new("fv", &[Param::String], |call, args| {
        let text = format!("{}{}", args.text(0)?.to_str_lossy(), args.len() - 1);
        call.text(text)
    })
    .variadic(Param::String),
    Function::new("fvi", &[], |call, args| Ok(call.value(Kind::Int(args.len() as i64)))).variadic(Param::Int),
    Function::new("fu", &[Param::Uint32], |call, args| {
        let text = args.int(0)?.to_string();
        call.text(text)
    }),
    Function::new("fe", &[Param::String], |_, args| {
        Err(Failure::message(format!("failed: {}", args.text(0)?.to_str_lossy())))
    }),
    Function::new("fp", &[], |_, _| Err(Failure::message("panicked"))),
    // Not in the Go program: what Helm's `include` and `tpl` do.
    Function::new("include", &[Param::String, Param::Any], |call, args| {
        let name = args.text(0)?.to_str_lossy().into_owned();
        call.execute(&name, args.value(1)?.clone()).map(Value::string)
    })
    .unknowns(Unknowns::Handled),
    Function::new("tpl", &[Param::String, Param::Any], |call, args| {
        call.execute_text("tpl", args.text(0)?.clone(), args.value(1)?.clone()).map(Value::string)
    })
    .unknowns(Unknowns::Text),
];

fn strs(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(call.value(Kind::List(List::new(ListType::Of(Element::String), args.all().to_vec()))))
}

fn dict(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let mut entries = Vec::new();
    for pair in args.all().chunks_exact(2) {
        entries.push((call.print(&pair[0])?, pair[1].clone()));
    }
    Ok(Value::map(entries, call.origin()))
}

fn fs(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let mut builder = iac_model::TextBuilder::new();
    let origin = call.origin();
    builder.push("<", origin);
    builder.push_text(args.text(0)?);
    builder.push(">", origin);
    call.string(builder.finish_or(|| origin))
}

fn len(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let len = args.list(0)?.len();
    Ok(call.value(Kind::Int(len as i64)))
}
