//! What draws say: credible intervals, how often one is better than another, ranks, rank correlation.

/// Relative difference up to which two probabilities count as equal.
pub const EQUAL: f64 = 1e-9;

/// The middle and the ends of what was drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// 5 % lie below.
    pub low: f64,
    /// Half lies below.
    pub median: f64,
    /// 5 % lie above.
    pub high: f64,
    /// Mean.
    pub mean: f64,
}

impl Spread {
    /// Of drawn values; of pairs of bounds, the outer ends count.
    pub fn of(draws: &[[f64; 2]]) -> Spread {
        let sorted = |end: usize| {
            let mut values: Vec<f64> = draws.iter().map(|draw| draw[end]).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let (low, high) = (sorted(0), sorted(1));
        let mean = high.iter().sum::<f64>() / high.len().max(1) as f64;
        Spread { low: at(&low, 0.05), median: at(&high, 0.5), high: at(&high, 0.95), mean }
    }
}

/// The smallest value that a share `q` of the sorted values does not exceed.
fn at(sorted: &[f64], q: f64) -> f64 {
    let rank = libm::ceil(q * sorted.len() as f64) as usize;
    sorted.get(rank.max(1) - 1).copied().unwrap_or(0.0)
}

/// Is `a` surely less than `b`?
pub fn less(a: [f64; 2], b: [f64; 2]) -> bool {
    b[0] - a[1] > EQUAL * b[0].abs()
}

/// In how many draws one competitor is better (less) than another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wins {
    /// How many draws there were.
    pub draws: u64,
    /// `better[a][b]`: draws in which `a` is better than `b`. `None` where one of them does not answer.
    better: Vec<Vec<Option<u64>>>,
}

impl Wins {
    /// Over competitors, each with one value (or bounds) per draw.
    pub fn of(outcomes: &[Option<&[[f64; 2]]>]) -> Wins {
        let draws = outcomes.iter().flatten().map(|draws| draws.len()).max().unwrap_or(0) as u64;
        let count = |a: &Option<&[[f64; 2]]>, b: &Option<&[[f64; 2]]>| {
            let (a, b) = (a.as_ref()?, b.as_ref()?);
            Some(a.iter().zip(b.iter()).filter(|(a, b)| less(**a, **b)).count() as u64)
        };
        let better = outcomes.iter().map(|a| outcomes.iter().map(|b| count(a, b)).collect()).collect();
        Wins { draws, better }
    }

    /// Draws in which `a` is better than `b`; `None` where one of them does not answer.
    pub fn better(&self, a: usize, b: usize) -> Option<u64> {
        *self.better.get(a)?.get(b)?
    }

    /// Draws in which neither is better.
    pub fn ties(&self, a: usize, b: usize) -> Option<u64> {
        Some(self.draws - self.better(a, b)? - self.better(b, a)?)
    }

    /// How many compete.
    pub fn len(&self) -> usize {
        self.better.len()
    }

    /// Nobody competes.
    pub fn is_empty(&self) -> bool {
        self.better.is_empty()
    }
}

/// Per competitor, in how many draws it has each rank: rank 0 is best, equal ones share the better rank. `None`: it does not answer.
pub fn ranks(outcomes: &[Option<&[[f64; 2]]>]) -> Vec<Option<Vec<u64>>> {
    let draws = outcomes.iter().flatten().map(|draws| draws.len()).max().unwrap_or(0);
    let mut counts: Vec<Option<Vec<u64>>> =
        outcomes.iter().map(|outcome| outcome.map(|_| vec![0; outcomes.len()])).collect();
    for draw in 0..draws {
        for (of, counts) in counts.iter_mut().enumerate() {
            let (Some(counts), Some(own)) = (counts, outcomes[of]) else { continue };
            let ahead = outcomes.iter().flatten().filter(|other| less(other[draw], own[draw])).count();
            counts[ahead] += 1;
        }
    }
    counts
}

/// Per competitor, in how many draws none is worse than it: being last counts as being first does, whoever shares it. `None`: it does not answer.
pub fn last(outcomes: &[Option<&[[f64; 2]]>]) -> Vec<Option<u64>> {
    let of = |own: &[[f64; 2]]| {
        let none_worse = |draw: &usize| {
            !outcomes.iter().flatten().any(|other| other.get(*draw).is_some_and(|x| less(own[*draw], *x)))
        };
        (0..own.len()).filter(none_worse).count() as u64
    };
    outcomes.iter().map(|outcome| outcome.map(of)).collect()
}

/// Rank of every value among all, equal ones sharing the middle of their ranks.
pub fn middle_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]).then(a.cmp(b)));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    while from < order.len() {
        let equal = order[from..].iter().take_while(|at| values[**at] == values[order[from]]).count();
        let middle = from as f64 + (equal as f64 - 1.0) / 2.0;
        order[from..from + equal].iter().for_each(|at| ranks[*at] = middle);
        from += equal;
    }
    ranks
}

/// Spearman's rank correlation, from the ranks of both; 0 where one of them is constant.
pub fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().min(b.len()) as f64;
    let mean = |x: &[f64]| x.iter().sum::<f64>() / n;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut both, mut own_a, mut own_b) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        both += (a - mean_a) * (b - mean_b);
        own_a += (a - mean_a) * (a - mean_a);
        own_b += (b - mean_b) * (b - mean_b);
    }
    if own_a > 0.0 && own_b > 0.0 { both / libm::sqrt(own_a * own_b) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(values: &[f64]) -> Vec<[f64; 2]> {
        values.iter().map(|x| [*x, *x]).collect()
    }

    #[test]
    fn wins_losses_and_ties_add_up_and_mirror_each_other() {
        let (a, b, c) = (points(&[0.1, 0.2, 0.3, 0.3]), points(&[0.2, 0.1, 0.3, 0.3 + 1e-13]), vec![[0.0, 1.0]; 4]);
        let outcomes = [Some(&a[..]), Some(&b[..]), None, Some(&c[..])];
        let wins = Wins::of(&outcomes);
        assert_eq!((wins.better(0, 1), wins.better(1, 0), wins.ties(0, 1)), (Some(1), Some(1), Some(2)));
        assert_eq!(wins.better(0, 2), None);
        assert_eq!(wins.ties(0, 3), Some(4), "bounds that overlap decide nothing");
        for (x, y) in [(0, 1), (0, 3), (1, 3)] {
            let sum = wins.better(x, y).unwrap() + wins.better(y, x).unwrap() + wins.ties(x, y).unwrap();
            assert_eq!(sum, wins.draws);
            assert_eq!(wins.ties(x, y), wins.ties(y, x));
        }
        assert!((0..4).filter(|at| *at != 2).all(|at| wins.better(at, at) == Some(0)));
        let found = ranks(&outcomes);
        assert_eq!(found[0], Some(vec![3, 1, 0, 0]));
        assert_eq!(found[2], None);
        let tied = points(&[0.5; 4]);
        assert_eq!(last(&outcomes), [Some(3), Some(3), None, Some(4)], "bounds that overlap decide nothing");
        assert_eq!(last(&outcomes[..2]), [Some(3), Some(3)], "ties count for both, as they do at the other end");
        assert_eq!(last(&[Some(&a[..]), Some(&tied[..]), Some(&tied[..])]), [Some(0), Some(4), Some(4)]);
    }

    #[test]
    fn spearman_against_its_definition_by_differences() {
        let (a, b) = ([3.0, 1.0, 4.0, 1.5, 9.0, 2.6], [2.0, 7.0, 1.0, 8.0, 0.5, 2.5]);
        let (ra, rb) = (middle_ranks(&a), middle_ranks(&b));
        let squares: f64 = ra.iter().zip(&rb).map(|(x, y)| (x - y) * (x - y)).sum();
        let n = 6.0;
        assert!((correlation(&ra, &rb) - (1.0 - 6.0 * squares / (n * (n * n - 1.0)))).abs() < 1e-12);
        assert_eq!(correlation(&ra, &middle_ranks(&[1.0; 6])), 0.0);
        assert_eq!(middle_ranks(&[2.0, 1.0, 2.0]), [1.5, 0.0, 1.5]);
    }

    #[test]
    fn quantiles_of_what_was_drawn() {
        let spread = Spread::of(&points(&(1..=100).map(f64::from).collect::<Vec<_>>()));
        assert_eq!((spread.low, spread.median, spread.high, spread.mean), (5.0, 50.0, 95.0, 50.5));
    }
}
