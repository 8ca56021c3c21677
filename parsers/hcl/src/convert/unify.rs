//! The one type that several types convert to; cty: convert/unify.go and convert/sort_types.go.

use std::cmp::Ordering;
use std::collections::VecDeque;
use std::sync::Arc;

use super::{Mode, convertible};
use crate::Type;
use crate::types::Attribute;

/// More types than this are unified pairwise: the ordering of types is quadratic.
const SORTED: usize = 64;

/// Finds the type that all of `types` convert to. `None` if there is none or there are no types.
pub fn unify(types: &[Type], mode: Mode) -> Option<Type> {
    let distinct = distinct(types);
    match distinct.as_slice() {
        [] => None,
        [one] => Some((*one).clone()),
        several => {
            let several: Vec<Type> = several.iter().map(|&one| one.clone()).collect();
            unify_distinct(&several, mode)
        }
    }
}

fn distinct(types: &[Type]) -> Vec<&Type> {
    let mut seen = std::collections::HashSet::new();
    types.iter().filter(|&one| seen.insert(one)).collect()
}

fn unify_distinct(types: &[Type], mode: Mode) -> Option<Type> {
    let count = |test: fn(&Type) -> bool| types.iter().filter(|one| test(one)).count();
    let maps = count(|one| matches!(one, Type::Map(_)));
    let lists = count(|one| matches!(one, Type::List(_)));
    let sets = count(|one| matches!(one, Type::Set(_)));
    let objects = count(|one| matches!(one, Type::Object(_)));
    let tuples = count(|one| matches!(one, Type::Tuple(_)));
    let anys = count(|one| matches!(one, Type::Any));
    let all = types.len();
    if maps > 0 && maps + anys == all {
        return unify_collections(types, anys > 0, mode, Type::map);
    }
    if maps > 0 && maps + objects + anys == all {
        if let Some(map @ Type::Map(_)) = unify_mixed(types, mode, Shape::Object) {
            return Some(map);
        }
    } else if lists > 0 && lists + anys == all {
        return unify_collections(types, anys > 0, mode, Type::list);
    } else if lists > 0 && lists + tuples + anys == all {
        if let Some(list @ Type::List(_)) = unify_mixed(types, mode, Shape::Tuple) {
            return Some(list);
        }
    } else if sets > 0 && sets + anys == all {
        return unify_collections(types, anys > 0, mode, Type::set);
    } else if objects > 0 && objects + anys == all {
        return if anys > 0 { Some(Type::Any) } else { unify_objects(types, mode) };
    } else if tuples > 0 && tuples + anys == all {
        return if anys > 0 { Some(Type::Any) } else { unify_tuples(types, mode) };
    } else if objects > 0 && tuples > 0 {
        return None;
    }
    let meets = |want: &Type| types.iter().all(|one| one == want || convertible(one, want, mode));
    if types.len() > SORTED {
        // The order only decides between types that convert to each other; strings take all primitives.
        let ranked = [Type::Any, Type::String];
        return ranked.iter().chain(types).find(|&want| types.contains(want) && meets(want)).cloned();
    }
    sort(types).into_iter().map(|index| &types[index]).find(|want| meets(want)).cloned()
}

fn unify_collections(types: &[Type], any: bool, mode: Mode, make: fn(Type) -> Type) -> Option<Type> {
    if any {
        return Some(Type::Any);
    }
    let elements: Vec<Type> = types.iter().filter_map(Type::element).cloned().collect();
    let result = make(unify(&elements, mode)?);
    types.iter().all(|one| *one == result || convertible(one, &result, mode)).then_some(result)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Object,
    Tuple,
}

/// Objects among maps become maps, tuples among lists lists.
fn unify_mixed(types: &[Type], mode: Mode, shape: Shape) -> Option<Type> {
    let of_shape = |one: &Type| match shape {
        Shape::Object => matches!(one, Type::Object(_)),
        Shape::Tuple => matches!(one, Type::Tuple(_)),
    };
    let structural: Vec<Type> = types.iter().filter(|one| of_shape(one)).cloned().collect();
    let collection = match shape {
        Shape::Object => objects_to_map(&structural, mode)?,
        Shape::Tuple => tuples_to_list(&structural, mode)?,
    };
    let replaced: Vec<Type> =
        types.iter().map(|one| if of_shape(one) { collection.clone() } else { one.clone() }).collect();
    unify(&replaced, mode)
}

fn unify_objects(types: &[Type], mode: Mode) -> Option<Type> {
    let attributes = |one: &Type| match one {
        Type::Object(attributes) => Arc::clone(attributes),
        _ => Arc::from([]),
    };
    let first = attributes(&types[0]);
    let same = types.iter().all(|one| {
        let these = attributes(one);
        these.len() == first.len() && these.iter().zip(first.iter()).all(|(a, b)| a.name == b.name)
    });
    if !same {
        return objects_to_map(types, mode);
    }
    let mut out = Vec::with_capacity(first.len());
    for (index, attribute) in first.iter().enumerate() {
        let across: Vec<Type> = types.iter().map(|one| attributes(one)[index].kind.clone()).collect();
        let kind = unify(&across, mode)?;
        out.push(Attribute { name: Arc::clone(&attribute.name), kind, optional: false });
    }
    let result = Type::Object(out.into());
    let fits = types.iter().all(|one| *one == result || convertible(one, &result, mode));
    if fits { Some(result) } else { objects_to_map(types, mode) }
}

fn objects_to_map(types: &[Type], mode: Mode) -> Option<Type> {
    let mut elements = Vec::new();
    for one in types {
        if let Type::Object(attributes) = one {
            elements.extend(attributes.iter().map(|attribute| attribute.kind.clone()));
        }
    }
    let result = Type::map(unify(&elements, mode)?);
    types.iter().all(|one| convertible(one, &result, mode)).then_some(result)
}

fn unify_tuples(types: &[Type], mode: Mode) -> Option<Type> {
    let elements = |one: &Type| match one {
        Type::Tuple(elements) => Arc::clone(elements),
        _ => Arc::from([]),
    };
    let first = elements(&types[0]);
    if types.iter().any(|one| elements(one).len() != first.len()) {
        return tuples_to_list(types, mode);
    }
    let mut out = Vec::with_capacity(first.len());
    for index in 0..first.len() {
        let across: Vec<Type> = types.iter().map(|one| elements(one)[index].clone()).collect();
        out.push(unify(&across, mode)?);
    }
    let result = Type::tuple(out);
    let fits = types.iter().all(|one| *one == result || convertible(one, &result, mode));
    if fits { Some(result) } else { tuples_to_list(types, mode) }
}

fn tuples_to_list(types: &[Type], mode: Mode) -> Option<Type> {
    let mut elements = Vec::new();
    for one in types {
        if let Type::Tuple(inner) = one {
            elements.extend(inner.iter().cloned());
        }
    }
    let result = Type::list(unify(&elements, mode)?);
    types.iter().all(|one| convertible(one, &result, mode)).then_some(result)
}

/// Indexes of the types, the most general first.
fn sort(types: &[Type]) -> Vec<usize> {
    let mut edges: Vec<Vec<usize>> = vec![Vec::new(); types.len()];
    let mut degree = vec![0; types.len()];
    for a in 0..types.len() {
        for b in a + 1..types.len() {
            match compare(&types[a], &types[b]) {
                Ordering::Less => {
                    edges[a].push(b);
                    degree[b] += 1;
                }
                Ordering::Greater => {
                    edges[b].push(a);
                    degree[a] += 1;
                }
                Ordering::Equal => {}
            }
        }
    }
    let mut queue: VecDeque<usize> = (0..types.len()).filter(|&index| degree[index] == 0).collect();
    let mut out = Vec::with_capacity(types.len());
    while let Some(index) = queue.pop_front() {
        out.push(index);
        for &next in &edges[index] {
            degree[next] -= 1;
            if degree[next] == 0 {
                queue.push_back(next);
            }
        }
    }
    out
}

/// `Less` if `a` is the more general type, `Equal` if neither is.
fn compare(a: &Type, b: &Type) -> Ordering {
    match (a, b) {
        (Type::Any, Type::Any) => Ordering::Equal,
        // cty: any sorts after the others here, although values convert to it.
        (_, Type::Any) => Ordering::Less,
        (Type::Any, _) => Ordering::Greater,
        (Type::String, Type::Bool | Type::Number) => Ordering::Less,
        (Type::Bool | Type::Number, Type::String) => Ordering::Greater,
        (Type::List(a), Type::List(b)) | (Type::Set(a), Type::Set(b)) | (Type::Map(a), Type::Map(b)) => {
            compare(a, b)
        }
        (Type::Tuple(_), Type::Set(_)) | (Type::List(_), Type::Set(_)) => Ordering::Less,
        (Type::Set(_), Type::Tuple(_) | Type::List(_)) => Ordering::Greater,
        (Type::List(_), Type::Tuple(_)) | (Type::Map(_), Type::Object(_)) => Ordering::Less,
        (Type::Tuple(_), Type::List(_)) | (Type::Object(_), Type::Map(_)) => Ordering::Greater,
        (Type::Object(a), Type::Object(b)) => {
            if a.len() != b.len() || a.iter().zip(b.iter()).any(|(a, b)| a.name != b.name) {
                return Ordering::Equal;
            }
            agree(a.iter().zip(b.iter()).map(|(a, b)| compare(&a.kind, &b.kind)))
        }
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
            agree(a.iter().zip(b.iter()).map(|(a, b)| compare(a, b)))
        }
        _ => Ordering::Equal,
    }
}

/// The one direction in which all parts go, if there is one.
fn agree(parts: impl Iterator<Item = Ordering>) -> Ordering {
    let (mut less, mut greater) = (false, false);
    for part in parts {
        less |= part == Ordering::Less;
        greater |= part == Ordering::Greater;
    }
    match (less, greater) {
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        _ => Ordering::Equal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primitives_meet_in_string_only_if_one_is_there() {
        let unsafe_ = |types: &[Type]| unify(types, Mode::Unsafe);
        assert_eq!(unsafe_(&[Type::Number, Type::Bool]), None);
        assert_eq!(unsafe_(&[Type::Number, Type::String, Type::Bool]), Some(Type::String));
        assert_eq!(unsafe_(&[]), None);
    }

    #[test]
    fn objects_stay_objects_only_with_the_same_names() {
        let a = Type::object([("a", Type::Number)]);
        let b = Type::object([("a", Type::String)]);
        let c = Type::object([("a", Type::Number), ("b", Type::Number)]);
        assert_eq!(unify(&[a.clone(), b.clone()], Mode::Unsafe), Some(b));
        assert_eq!(unify(&[a, c], Mode::Unsafe), Some(Type::map(Type::Number)));
    }
}
