//! Label selectors.

use iac_model::{Attr, Value};

use super::{Labels, Strings};
use crate::Tri;

/// What labels an object must have: `matchLabels` and `matchExpressions`, or a plain map.
#[derive(Clone, Copy, Debug)]
pub struct Selector<'g> {
    form: Form<'g>,
}

#[derive(Clone, Copy, Debug)]
enum Form<'g> {
    /// `metav1.LabelSelector`
    Full(Attr<&'g Value>),
    /// A map of labels, as in Services and ReplicationControllers.
    Plain(Attr<&'g Value>),
    /// Nothing is written, and that selects everything; the value is the closest parent.
    Everything(&'g Value),
}

impl<'g> Selector<'g> {
    /// A selector with `matchLabels` and `matchExpressions`. An empty one selects everything, an absent one nothing.
    pub fn full(value: Attr<&'g Value>) -> Self {
        Self { form: Form::Full(value) }
    }

    /// A selector that is a map of labels. An empty or absent one selects nothing.
    pub fn plain(value: Attr<&'g Value>) -> Self {
        Self { form: Form::Plain(value) }
    }

    /// A selector that is not written where that selects everything; `near` is the closest parent that is.
    pub fn everything(near: &'g Value) -> Self {
        Self { form: Form::Everything(near) }
    }

    /// The selector as it was found.
    pub fn attr(self) -> Attr<&'g Value> {
        match self.form {
            Form::Full(value) | Form::Plain(value) => value,
            Form::Everything(near) => Attr::Absent(near.origin),
        }
    }

    /// The labels it asks for one by one, without expressions.
    pub fn labels(self) -> Labels<'g> {
        match self.form {
            Form::Full(Attr::Known(value, _)) => Labels::new(value.attr("matchLabels")),
            Form::Full(value) | Form::Plain(value) => Labels::new(value),
            Form::Everything(near) => Labels::new(Attr::Absent(near.origin)),
        }
    }

    /// Tells whether it is written and asks for nothing, so that it selects everything (a full selector) or nothing
    /// (a plain one).
    pub fn is_empty(self) -> bool {
        if let Form::Everything(_) = self.form {
            return true;
        }
        let Attr::Known(value, _) = self.attr() else { return false };
        let none = |key: &str| match value.get(key) {
            Some(inner) => {
                inner.is_null()
                    || inner.as_map().is_some_and(|map| map.is_empty())
                    || inner.as_list().is_some_and(<[Value]>::is_empty)
            }
            None => true,
        };
        match self.form {
            Form::Full(_) => none("matchLabels") && none("matchExpressions") && value.symbol().is_none(),
            Form::Plain(_) => value.as_map().is_some_and(|map| map.is_empty()),
            Form::Everything(_) => true,
        }
    }

    /// Tells whether labels fit.
    pub fn matches(self, labels: Labels<'_>) -> Tri {
        let value = match self.attr() {
            Attr::Absent(_) => return matches!(self.form, Form::Everything(_)).into(),
            Attr::Unknown(symbol, _) => return Tri::Unknown(Some(symbol)),
            Attr::Known(value, _) => value,
        };
        match self.form {
            Form::Plain(_) if self.is_empty() => Tri::No,
            Form::Plain(_) => match_labels(value, labels),
            Form::Everything(_) => Tri::Yes,
            Form::Full(_) => {
                let by_label = match value.attr("matchLabels") {
                    Attr::Absent(_) => Tri::Yes,
                    Attr::Known(map, _) => match_labels(map, labels),
                    Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
                };
                by_label.and(match value.attr("matchExpressions") {
                    Attr::Absent(_) => Tri::Yes,
                    Attr::Known(list, _) => Tri::all(
                        list.as_list().unwrap_or_default().iter().map(|one| match_expression(one, labels)),
                    ),
                    Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
                })
            }
        }
    }
}

impl Selector<'_> {
    /// Tells whether it selects a namespace. Every namespace has the label `kubernetes.io/metadata.name`; of one that
    /// is not declared (`labels` is `None`) nothing else is known.
    pub(crate) fn matches_namespace(self, name: &str, labels: Option<Labels<'_>>) -> Tri {
        let value = match self.attr() {
            Attr::Absent(_) => return matches!(self.form, Form::Everything(_)).into(),
            Attr::Unknown(symbol, _) => return Tri::Unknown(Some(symbol)),
            Attr::Known(value, _) => value,
        };
        let by_label = value.get("matchLabels").and_then(Value::as_map).into_iter().flatten().map(|entry| {
            if entry.key.as_str() == Some(NAMESPACE_NAME) {
                return match (entry.value.symbol(), entry.value.scalar_text()) {
                    (_, Some(text)) if text == name => Tri::Yes,
                    (Some(symbol), _) => Tri::Unknown(Some(symbol)),
                    (None, _) => Tri::No,
                };
            }
            match (entry.key.as_str(), labels) {
                (Some(key), Some(labels)) => same(&entry.value, labels, key),
                (None, _) | (_, None) => Tri::Unknown(None),
            }
        });
        let expressions = value.get("matchExpressions").and_then(Value::as_list).unwrap_or_default();
        let by_expression = expressions.iter().map(|expression| {
            if expression.attr_str("key").is(NAMESPACE_NAME) {
                let among = Strings::new(expression.attr("values")).contains(name);
                return match expression.attr_str("operator").known() {
                    Some("In") => among,
                    Some("NotIn") => !among,
                    Some("Exists") => Tri::Yes,
                    Some(_) => Tri::No,
                    None => Tri::Unknown(None),
                };
            }
            labels.map_or(Tri::Unknown(None), |labels| match_expression(expression, labels))
        });
        Tri::all(by_label.chain(by_expression))
    }
}

/// The label that the API server gives every namespace.
const NAMESPACE_NAME: &str = "kubernetes.io/metadata.name";

fn match_labels(map: &Value, labels: Labels<'_>) -> Tri {
    let Some(map) = map.as_map() else { return Tri::No };
    Tri::all(map.iter().map(|entry| {
        let Some(key) = entry.key.as_str() else { return Tri::Unknown(entry.key.symbols().next()) };
        same(&entry.value, labels, key)
    }))
}

/// Compares the value of a label. Equal texts are equal even if they hold unknowns, since a symbol is equal to itself.
fn same(wanted: &Value, labels: Labels<'_>, key: &str) -> Tri {
    let found = match labels.attr() {
        Attr::Absent(_) => return Tri::No,
        Attr::Unknown(symbol, _) => return Tri::Unknown(Some(symbol)),
        Attr::Known(map, _) => map.get(key),
    };
    let Some(found) = found else {
        return if labels.is_open() { Tri::Unknown(None) } else { Tri::No };
    };
    let symbol = wanted.symbol().or(found.symbol());
    let equal = match (wanted.scalar_text(), found.scalar_text()) {
        (Some(one), Some(two)) => one == two,
        (None, None) => wanted.symbol().is_some() && wanted.symbol() == found.symbol(),
        (None, Some(_)) | (Some(_), None) => false,
    };
    match (equal, symbol) {
        (true, _) => Tri::Yes,
        (false, Some(symbol)) => Tri::Unknown(Some(symbol)),
        (false, None) => Tri::No,
    }
}

/// Go: apimachinery, labels.Requirement.Matches: `NotIn` holds for a label that is missing.
fn match_expression(expression: &Value, labels: Labels<'_>) -> Tri {
    let (key, operator) = match (expression.attr_str("key"), expression.attr_str("operator")) {
        (Attr::Known(key, _), Attr::Known(operator, _)) => (key, operator),
        (Attr::Unknown(symbol, _), _) | (_, Attr::Unknown(symbol, _)) => return Tri::Unknown(Some(symbol)),
        (Attr::Absent(_), _) | (_, Attr::Absent(_)) => return Tri::No,
    };
    let label = labels.get(key);
    let exists = match label {
        Attr::Known(..) => Tri::Yes,
        Attr::Absent(_) if labels.is_open() => Tri::Unknown(None),
        Attr::Absent(_) => Tri::No,
        // A value that is not known belongs to a label that is there, unless no label is known.
        Attr::Unknown(..) if labels.attr().known().is_some() => Tri::Yes,
        Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
    };
    let among = match label {
        Attr::Known(value, _) => Strings::new(expression.attr("values")).contains(value),
        Attr::Absent(_) if labels.is_open() => Tri::Unknown(None),
        Attr::Absent(_) => Tri::No,
        Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
    };
    match operator {
        "In" => among,
        "NotIn" => !among,
        "Exists" => exists,
        "DoesNotExist" => !exists,
        _ => Tri::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::graph;
    use crate::kubernetes::KubernetesView;

    #[test]
    fn selectors_match_as_the_api_server_does() {
        let cases = [
            ("{}", "{a: b}", "yes"),
            ("{matchLabels: {a: b}}", "{a: b, c: d}", "yes"),
            ("{matchLabels: {a: b}}", "{a: c}", "no"),
            ("{matchLabels: {a: b}}", "{}", "no"),
            ("{matchLabels: {a: '${x}'}}", "{a: b}", "unknown"),
            ("{matchLabels: {a: '${x}'}}", "{a: '${x}'}", "yes"),
            ("{matchLabels: {a: 'w-${x}'}}", "{a: 'w-${x}'}", "yes"),
            ("{matchLabels: {a: '${x}', b: c}}", "{a: q}", "no"),
            ("{matchExpressions: [{key: a, operator: In, values: [b, c]}]}", "{a: c}", "yes"),
            ("{matchExpressions: [{key: a, operator: In, values: [b]}]}", "{}", "no"),
            ("{matchExpressions: [{key: a, operator: NotIn, values: [b]}]}", "{}", "yes"),
            ("{matchExpressions: [{key: a, operator: NotIn, values: [b]}]}", "{a: b}", "no"),
            ("{matchExpressions: [{key: a, operator: Exists}]}", "{a: '${x}'}", "yes"),
            ("{matchExpressions: [{key: a, operator: DoesNotExist}]}", "{b: c}", "yes"),
            ("{matchExpressions: [{key: a, operator: In, values: ['${x}']}]}", "{a: c}", "unknown"),
            ("{matchLabels: {a: b}}", "${x}", "unknown"),
        ];
        for (selector, labels, expected) in cases {
            let graph =
                graph(&format!("{{kind: Pod, metadata: {{name: a, labels: {labels}}}, s: {selector}}}"));
            let object = graph.objects().next().expect("there is one");
            let selector_value = Selector::full(object.body().attr("s"));
            let found = match selector_value.matches(object.labels()) {
                Tri::No => "no",
                Tri::Unknown(_) => "unknown",
                Tri::Yes => "yes",
            };
            assert_eq!(found, expected, "{selector} on {labels}");
        }
    }
}
