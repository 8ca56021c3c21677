//! Alternative renderings of one chart.

/// Tells which of several alternative renderings something belongs to. Renderings of one chart instance with
/// different value sets never exist at the same time, so nothing links one with another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variant {
    /// The chart instance: equal for all its renderings.
    pub group: u32,
    /// The renderings it is part of, as indexes of [`crate::Graph::value_set_name`], in order.
    pub sets: Vec<u32>,
    /// The namespace of the release, if nobody named one: then it is nobody else's, whatever its name.
    pub assumed_namespace: Option<Box<str>>,
}

impl Variant {
    /// Tells whether two things can exist at the same time, as far as is known: nothing says that two releases
    /// without a namespace are in one cluster.
    pub fn can_meet(one: Option<&Variant>, two: Option<&Variant>) -> bool {
        match (one, two) {
            (Some(one), Some(two)) if one.group == two.group => {
                one.sets.iter().any(|set| two.sets.contains(set))
            }
            (Some(one), Some(two)) => one.assumed_namespace.is_none() || two.assumed_namespace.is_none(),
            (None, _) | (_, None) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_never_meet() {
        let of = |group, sets: &[u32]| Some(Variant { group, sets: sets.to_vec(), assumed_namespace: None });
        let (dev, prod, both, other) = (of(0, &[0]), of(0, &[1]), of(0, &[0, 1]), of(1, &[2]));
        assert!(!Variant::can_meet(dev.as_ref(), prod.as_ref()));
        assert!(Variant::can_meet(dev.as_ref(), both.as_ref()));
        assert!(Variant::can_meet(dev.as_ref(), other.as_ref()));
        assert!(Variant::can_meet(dev.as_ref(), None));
    }

    #[test]
    fn releases_of_which_nobody_says_where_they_are_never_meet() {
        let alone = |group| Some(Variant { group, sets: vec![0], assumed_namespace: Some("default".into()) });
        let named = Variant { group: 3, sets: vec![0], assumed_namespace: None };
        assert!(!Variant::can_meet(alone(1).as_ref(), alone(2).as_ref()));
        assert!(Variant::can_meet(alone(1).as_ref(), alone(1).as_ref()));
        assert!(Variant::can_meet(alone(1).as_ref(), Some(&named)));
    }
}
