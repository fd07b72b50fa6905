//! Shapes: what is left of a set or a path when copies lose their numbers. A multiset of ids, each standing once per member.

use std::cmp::Ordering;

/// A multiset of ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    /// Ids, ascending, with how often each stands there.
    runs: Vec<(u32, u64)>,
}

impl Shape {
    /// From ids with their weights, in any order.
    pub fn new(items: impl IntoIterator<Item = (u32, u64)>) -> Shape {
        let mut runs: Vec<(u32, u64)> = items.into_iter().collect();
        runs.sort_unstable();
        runs.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                earlier.1 = earlier.1.saturating_add(later.1);
            }
            same
        });
        Shape { runs }
    }

    /// Size, each id as often as it stands there.
    pub fn size(&self) -> u64 {
        self.runs.iter().map(|run| run.1).fold(0, u64::saturating_add)
    }

    /// Ids with how often each stands there.
    pub fn runs(&self) -> &[(u32, u64)] {
        &self.runs
    }

    /// The ids, each as often as it stands there.
    pub fn ids(&self) -> impl Iterator<Item = u32> + '_ {
        self.runs.iter().flat_map(|(id, n)| (0..*n).map(move |_| *id))
    }

    /// How often an id stands there.
    pub fn count(&self, id: u32) -> u64 {
        self.runs.binary_search_by_key(&id, |run| run.0).map_or(0, |at| self.runs[at].1)
    }

    /// Is every id here in the other at least as often?
    pub fn is_inside(&self, other: &Shape) -> bool {
        self.runs.iter().all(|(id, n)| other.count(*id) >= *n)
    }

    /// Inside and not the same.
    pub fn is_strictly_inside(&self, other: &Shape) -> bool {
        self != other && self.is_inside(other)
    }
}

impl Ord for Shape {
    /// As the lists of ids compare.
    fn cmp(&self, other: &Shape) -> Ordering {
        for (at, (mine, theirs)) in self.runs.iter().zip(&other.runs).enumerate() {
            if mine.0 != theirs.0 {
                return mine.0.cmp(&theirs.0);
            }
            if mine.1 != theirs.1 {
                // The one with fewer goes on with a larger id, or ends.
                let (fewer, order) =
                    if mine.1 < theirs.1 { (self, Ordering::Less) } else { (other, Ordering::Greater) };
                let ends = fewer.runs.len() == at + 1;
                return if ends { order } else { order.reverse() };
            }
        }
        self.runs.len().cmp(&other.runs.len())
    }
}

impl PartialOrd for Shape {
    fn partial_cmp(&self, other: &Shape) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The shapes no other shape lies strictly inside of, each once, by size and then ids.
pub fn minimal(mut shapes: Vec<Shape>) -> Vec<Shape> {
    shapes.sort_by(|a, b| a.size().cmp(&b.size()).then_with(|| a.cmp(b)));
    shapes.dedup();
    let mut out: Vec<Shape> = Vec::new();
    for shape in shapes {
        if !out.iter().any(|smaller| smaller.is_inside(&shape)) {
            out.push(shape);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(ids: &[u32]) -> Shape {
        Shape::new(ids.iter().map(|id| (*id, 1)))
    }

    #[test]
    fn shapes_compare_as_the_lists_of_their_ids() {
        let lists: Vec<Vec<u32>> =
            vec![vec![], vec![1], vec![1, 1], vec![1, 1, 2], vec![1, 2], vec![1, 2, 2], vec![2], vec![2, 2], vec![3]];
        for a in &lists {
            for b in &lists {
                assert_eq!(shape(a).cmp(&shape(b)), a.cmp(b), "{a:?} {b:?}");
            }
            assert_eq!(shape(a).ids().collect::<Vec<_>>(), *a);
        }
    }

    #[test]
    fn an_id_counts_once_per_member() {
        assert!(shape(&[1]).is_strictly_inside(&shape(&[1, 1])));
        assert!(!shape(&[1, 1]).is_inside(&shape(&[1, 2])));
        let found = minimal(vec![shape(&[1, 2, 2]), shape(&[2, 2]), shape(&[1, 3]), shape(&[2, 2])]);
        assert_eq!(found, [shape(&[1, 3]), shape(&[2, 2])]);
    }
}
