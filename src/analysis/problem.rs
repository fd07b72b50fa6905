//! One question as compressed arrays: only what can happen and matters for the goal.

use std::collections::BTreeMap;

use crate::graph::unfold::{Unfolded, UnfoldedQuorum};

/// Rows of numbers, stored end to end.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    ends: Vec<u32>,
    items: Vec<u32>,
}

impl Rows {
    /// Adds a row.
    pub fn push(&mut self, row: impl IntoIterator<Item = u32>) {
        self.items.extend(row);
        self.ends.push(self.items.len() as u32);
    }

    /// One row.
    pub fn row(&self, at: u32) -> &[u32] {
        let start = if at == 0 { 0 } else { self.ends[at as usize - 1] };
        &self.items[start as usize..self.ends[at as usize] as usize]
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// For each value below `columns`, the rows it stands in.
    pub fn transposed(&self, columns: usize) -> Rows {
        let mut lists = vec![Vec::new(); columns];
        for at in 0..self.len() as u32 {
            for item in self.row(at) {
                lists[*item as usize].push(at);
            }
        }
        let mut rows = Rows::default();
        lists.into_iter().for_each(|list| rows.push(list));
        rows
    }
}

/// A question: which capabilities are had at the start, and which is wanted.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Per step: capabilities needed.
    pub needs: Rows,
    /// Per step: assumptions.
    pub rests: Rows,
    /// Per step: the capability gained.
    pub gains: Vec<u32>,
    /// Per step: the threshold, if any.
    pub quorums: Vec<Option<UnfoldedQuorum>>,
    /// Per capability: steps that gain it.
    pub gained_by: Rows,
    /// Per capability: steps that need it, in `needs` or in a quorum.
    pub needed_by: Rows,
    /// Had at the start.
    pub start: Vec<u32>,
    /// Per capability: had at the start?
    pub is_start: Vec<bool>,
    /// Wanted; `None` if nothing can ever reach it.
    pub goal: Option<u32>,
    /// Per step: its position in the unfolded graph.
    pub step_of: Vec<u32>,
    /// Per assumption: its position in the unfolded graph.
    pub assumption_of: Vec<u32>,
    /// Per capability: its position in the unfolded graph.
    pub capability_of: Vec<u32>,
}

/// What goes into a problem.
pub struct Ask<'a> {
    /// Had at the start.
    pub start: &'a [u32],
    /// Wanted; everything else is kept only if it matters for one of these.
    pub targets: &'a [u32],
    /// Which assumptions may fail.
    pub may_fail: &'a dyn Fn(u32) -> bool,
}

impl Problem {
    /// The slice of an unfolded graph that a question needs. The first target is the goal.
    pub fn new(unfolded: &Unfolded, ask: &Ask) -> Problem {
        Problem::with_optional(unfolded, ask, ask.start)
    }

    /// The same, where only `sure` is had for certain: the rest of the start may have to be gained, so what gains it is kept.
    pub fn with_optional(unfolded: &Unfolded, ask: &Ask, sure: &[u32]) -> Problem {
        let can = possible(unfolded, ask);
        let (capabilities, steps) = relevant(unfolded, ask, sure, &can);
        let mut capability_of = Vec::new();
        let mut number = vec![u32::MAX; unfolded.capabilities.len()];
        for at in (0..unfolded.capabilities.len()).filter(|at| capabilities[*at]) {
            number[at] = capability_of.len() as u32;
            capability_of.push(at as u32);
        }
        let mut assumption_of: Vec<u32> =
            steps.iter().flat_map(|at| unfolded.steps[*at as usize].assumptions.clone()).collect();
        assumption_of.sort_unstable();
        assumption_of.dedup();
        let variable: BTreeMap<u32, u32> =
            assumption_of.iter().enumerate().map(|(at, raw)| (*raw, at as u32)).collect();
        let mut problem = Problem {
            needs: Rows::default(),
            rests: Rows::default(),
            gains: Vec::new(),
            quorums: Vec::new(),
            gained_by: Rows::default(),
            needed_by: Rows::default(),
            start: sure.iter().filter(|at| capabilities[**at as usize]).map(|at| number[*at as usize]).collect(),
            is_start: vec![false; capability_of.len()],
            goal: ask.targets.first().filter(|goal| capabilities[**goal as usize]).map(|goal| number[*goal as usize]),
            step_of: steps,
            assumption_of,
            capability_of,
        };
        problem.start.sort_unstable();
        problem.start.dedup();
        for at in &problem.start {
            problem.is_start[*at as usize] = true;
        }
        problem.fill(unfolded, &number, &variable);
        problem
    }

    fn fill(&mut self, unfolded: &Unfolded, number: &[u32], variable: &BTreeMap<u32, u32>) {
        let mut wants = Rows::default();
        for at in &self.step_of {
            let step = &unfolded.steps[*at as usize];
            self.needs.push(step.needs.iter().map(|need| number[*need as usize]));
            self.rests.push(step.assumptions.iter().map(|raw| variable[raw]));
            self.gains.push(number[step.gains as usize]);
            let quorum = step.quorum.as_ref().map(|quorum| UnfoldedQuorum {
                of: quorum.of.iter().map(|at| number[*at as usize]).filter(|at| *at != u32::MAX).collect(),
                at_least: quorum.at_least,
            });
            let voters = quorum.iter().flat_map(|quorum| quorum.of.clone());
            wants.push(distinct(step.needs.iter().map(|need| number[*need as usize]).chain(voters)));
            self.quorums.push(quorum);
        }
        let mut gains = Rows::default();
        self.gains.iter().for_each(|gain| gains.push([*gain]));
        self.gained_by = gains.transposed(self.capability_of.len());
        self.needed_by = wants.transposed(self.capability_of.len());
    }

    /// Number of capabilities.
    pub fn capabilities(&self) -> usize {
        self.capability_of.len()
    }

    /// Number of steps.
    pub fn steps(&self) -> usize {
        self.step_of.len()
    }

    /// Number of assumptions.
    pub fn assumptions(&self) -> usize {
        self.assumption_of.len()
    }
}

fn distinct(items: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut items: Vec<u32> = items.collect();
    items.sort_unstable();
    items.dedup();
    items
}

/// What can be had when everything that may fail has failed: per capability, and per step whether it can happen.
fn possible(unfolded: &Unfolded, ask: &Ask) -> (Vec<bool>, Vec<bool>) {
    let mut wants = Rows::default();
    let mut missing: Vec<u32> = Vec::new();
    for step in &unfolded.steps {
        let voters = step.quorum.iter().flat_map(|quorum| quorum.of.iter().copied());
        wants.push(distinct(step.needs.iter().copied().chain(voters)));
        missing.push(step.needs.len() as u32);
    }
    let wanted_by = wants.transposed(unfolded.capabilities.len());
    let allowed: Vec<bool> =
        unfolded.steps.iter().map(|step| step.assumptions.iter().all(|raw| (ask.may_fail)(*raw))).collect();
    let mut votes: Vec<u32> =
        unfolded.steps.iter().map(|step| step.quorum.as_ref().map_or(0, |quorum| quorum.at_least)).collect();
    let mut had = vec![false; unfolded.capabilities.len()];
    let mut happens = vec![false; unfolded.steps.len()];
    let mut queue: Vec<u32> = Vec::new();
    let gain = |at: u32, had: &mut Vec<bool>, queue: &mut Vec<u32>| {
        if !std::mem::replace(&mut had[at as usize], true) {
            queue.push(at);
        }
    };
    ask.start.iter().for_each(|at| gain(*at, &mut had, &mut queue));
    for (at, step) in unfolded.steps.iter().enumerate() {
        if allowed[at] && missing[at] == 0 && votes[at] == 0 {
            happens[at] = true;
            gain(step.gains, &mut had, &mut queue);
        }
    }
    while let Some(capability) = queue.pop() {
        for &at in wanted_by.row(capability) {
            let step = &unfolded.steps[at as usize];
            if step.needs.binary_search(&capability).is_ok() {
                missing[at as usize] -= 1;
            }
            if step.quorum.as_ref().is_some_and(|quorum| quorum.of.contains(&capability)) {
                votes[at as usize] = votes[at as usize].saturating_sub(1);
            }
            if allowed[at as usize] && missing[at as usize] == 0 && votes[at as usize] == 0 && !happens[at as usize] {
                happens[at as usize] = true;
                gain(step.gains, &mut had, &mut queue);
            }
        }
    }
    (had, happens)
}

/// Backward from the targets over what is possible: capabilities kept, and steps kept in order.
fn relevant(unfolded: &Unfolded, ask: &Ask, sure: &[u32], can: &(Vec<bool>, Vec<bool>)) -> (Vec<bool>, Vec<u32>) {
    let (had, happens) = can;
    let mut gains = Rows::default();
    unfolded.steps.iter().for_each(|step| gains.push([step.gains]));
    let gained_by = gains.transposed(unfolded.capabilities.len());
    let mut keep = vec![false; had.len()];
    let mut start = vec![false; had.len()];
    sure.iter().for_each(|at| start[*at as usize] = true);
    let mut queue: Vec<u32> = ask.targets.iter().copied().filter(|at| had[*at as usize]).collect();
    queue.iter().for_each(|at| keep[*at as usize] = true);
    let mut steps = Vec::new();
    while let Some(capability) = queue.pop() {
        if start[capability as usize] {
            continue;
        }
        for &at in gained_by.row(capability).iter().filter(|at| happens[**at as usize]) {
            steps.push(at);
            let step = &unfolded.steps[at as usize];
            let voters = step.quorum.iter().flat_map(|quorum| quorum.of.iter());
            for &need in step.needs.iter().chain(voters).filter(|at| had[**at as usize]) {
                if !std::mem::replace(&mut keep[need as usize], true) {
                    queue.push(need);
                }
            }
        }
    }
    steps.sort_unstable();
    (keep, steps)
}
