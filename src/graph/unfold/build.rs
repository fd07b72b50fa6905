//! Laying out the copies, cutting down to what matters, and packing it into flat arrays.

use super::folded::Folded;
use super::quorums::{Entry, Quorums};
use super::{
    Blocks, Copies, Csr, MAX_EXPANDED, Move, Node, Other, Plan, Question, SHARED, Target, TooLarge, Unfolded, Variable,
    Variables,
};
use crate::graph::families::chain;
use crate::graph::{AssumptionId, CapabilityGraph, CapabilityId, FamilyId, PrincipalId, Quorum, Step, StepId};

pub(super) fn unfold(graph: &CapabilityGraph, question: &Question) -> Result<Unfolded, TooLarge> {
    let folded = Folded::new(graph, question);
    let plan = match question.copies {
        Copies::Lumped => Plan::lumped(graph, &folded.steps).with_whole(graph, &question.whole),
        Copies::All => {
            refuse_large(graph, &folded.steps)?;
            Plan::all(graph)
        }
    };
    let (exact, as_one) = (plan.exact, plan.copies.iter().flatten().any(|weight| *weight > 1));
    let plan = if question.rest { plan.with_the_rest(graph) } else { plan };
    let mut draft = Draft::new(graph, question, &folded, Blocks::new(graph, &plan.copies));
    draft.moves(&folded.steps);
    let goal = question.goal.map(|id| draft.target(id, 0));
    let others = draft.others(question);
    Ok(draft.pack(goal, others, exact, as_one))
}

/// Refuses an expansion beyond the stated size, quorums counted with the steps they unfold to.
pub(super) fn refuse_large(graph: &CapabilityGraph, steps: &[StepId]) -> Result<(), TooLarge> {
    let copies = |family: Option<FamilyId>| {
        let counts = chain(graph, family).into_iter().map(|family| graph.families[family.0 as usize].count);
        counts.fold(1, u64::saturating_mul)
    };
    let families = (0..graph.families.len()).map(|at| copies(Some(FamilyId(at as u32))));
    let mut total = families.fold(0, u64::saturating_add);
    for step in steps.iter().map(|id| graph.step(*id)) {
        let counted = step.quorum.as_ref().map_or(1, |quorum| {
            let of = quorum.of.iter().map(|id| copies(graph.capability(*id).family)).fold(0, u64::saturating_add);
            let width = u64::from(quorum.at_least).min(of.saturating_sub(u64::from(quorum.at_least)) + 1);
            of.saturating_mul(width)
        });
        total = total.saturating_add(copies(step.family).saturating_mul(counted.max(1)));
    }
    if total > MAX_EXPANDED { Err(TooLarge { steps: total, limit: MAX_EXPANDED }) } else { Ok(()) }
}

/// A step being laid out.
struct Laid {
    step: Move,
    needs: Vec<u32>,
    rests: Vec<u32>,
    gains: u32,
}

/// The copies being laid out.
pub(super) struct Draft<'a> {
    graph: &'a CapabilityGraph,
    question: &'a Question,
    folded: &'a Folded,
    blocks: Blocks,
    nodes: Vec<Node>,
    /// First node of each capability; its copies follow in the order of their blocks.
    first: Vec<u32>,
    variables: Vec<Variable>,
    /// First variable of each assumption or principal.
    first_variable: Vec<u32>,
    laid: Vec<Laid>,
}

impl<'a> Draft<'a> {
    fn new(graph: &'a CapabilityGraph, question: &'a Question, folded: &'a Folded, blocks: Blocks) -> Draft<'a> {
        let mut draft = Draft {
            graph,
            question,
            folded,
            blocks,
            nodes: Vec::new(),
            first: Vec::new(),
            variables: Vec::new(),
            first_variable: Vec::new(),
            laid: Vec::new(),
        };
        for (at, capability) in graph.capabilities.iter().enumerate() {
            draft.first.push(draft.nodes.len() as u32);
            for block in draft.blocks.of(capability.family) {
                draft.nodes.push(Node { origin: Some(CapabilityId(at as u32)), block: *block });
            }
        }
        draft.name_variables();
        draft
    }

    fn name_variables(&mut self) {
        let question = self.question;
        let rows: Vec<(u32, Option<FamilyId>)> = match &question.variables {
            Variables::Assumptions { .. } => {
                let counts_as = |id: AssumptionId| question.alike_assumptions.get(&id).copied().unwrap_or(id).0;
                let all = self.graph.assumptions.iter().enumerate();
                all.map(|(at, it)| (counts_as(AssumptionId(at as u32)), it.family)).collect()
            }
            Variables::Principals(_) => {
                let counts_as = |id: PrincipalId| question.alike_principals.get(&id).copied().unwrap_or(id).0;
                let all = self.graph.principals.iter().enumerate();
                all.map(|(at, it)| (counts_as(PrincipalId(at as u32)), self.graph.capability(it.capability).family))
                    .collect()
            }
            Variables::Controls(_) => (0..self.graph.controls.len()).map(|at| (at as u32, None)).collect(),
        };
        for (origin, (counts_as, family)) in rows.into_iter().enumerate() {
            self.first_variable.push(self.variables.len() as u32);
            for block in self.blocks.of(family) {
                let weight = self.blocks.block(*block).weight;
                self.variables.push(Variable { origin: origin as u32, counts_as, block: *block, weight });
            }
        }
    }

    /// The copy of a capability that a step in `block` touches.
    fn node(&self, id: CapabilityId, block: u32) -> Option<u32> {
        let own = self.blocks.around(block, self.graph.capability(id).family)?;
        Some(self.first[id.0 as usize] + self.blocks.block(own).ordinal)
    }

    fn variable(&self, id: AssumptionId, block: u32) -> Option<u32> {
        let own = self.blocks.around(block, self.graph.assumption(id).family)?;
        Some(self.first_variable[id.0 as usize] + self.blocks.block(own).ordinal)
    }

    fn moves(&mut self, steps: &[StepId]) {
        let mut quorums = Quorums::default();
        if let Variables::Principals(candidates) = &self.question.variables {
            candidates.iter().for_each(|id| self.turn(*id));
        }
        for id in steps {
            let step = self.graph.step(*id);
            for block in self.blocks.of(step.family).to_vec() {
                if let Some(laid) = self.lay(*id, step, block, &mut quorums) {
                    self.laid.push(laid);
                }
            }
        }
    }

    /// A principal turns dishonest: a step of its own that rests on nothing but that.
    fn turn(&mut self, id: PrincipalId) {
        let capability = self.graph.principals[id.0 as usize].capability;
        if self.folded.had[capability.0 as usize] {
            return;
        }
        for block in self.blocks.of(self.graph.capability(capability).family).to_vec() {
            let ordinal = self.blocks.block(block).ordinal;
            let step = Move { weight: self.blocks.block(block).weight, ..nameless(block) };
            let rests = vec![self.first_variable[id.0 as usize] + ordinal];
            let gains = self.first[capability.0 as usize] + ordinal;
            self.laid.push(Laid { step, needs: Vec::new(), rests, gains });
        }
    }

    /// One copy of a step; `None` if it can never happen.
    fn lay(&mut self, id: StepId, step: &Step, block: u32, quorums: &mut Quorums) -> Option<Laid> {
        let mut needs = Vec::new();
        for need in step.needs.iter().filter(|need| !self.folded.had[need.0 as usize]) {
            needs.push(self.node(*need, block)?);
        }
        if let Some(quorum) = &step.quorum {
            let (entries, missing) = self.entries(quorum, block);
            needs.extend(quorums.needs(self, entries, missing)?);
        }
        needs.sort_unstable();
        needs.dedup();
        let gains = self.node(step.gains, block)?;
        let rests = self.rests(step, block)?;
        let counts_as = self.question.alike_steps.get(&id).copied().unwrap_or(id);
        let weight = self.blocks.block(block).weight;
        let sound = !needs.contains(&gains);
        sound.then_some(Laid { step: Move { origin: Some(id), counts_as, block, weight }, needs, rests, gains })
    }

    /// The variables a copy of a step rests on.
    fn rests(&self, step: &Step, block: u32) -> Option<Vec<u32>> {
        match &self.question.variables {
            Variables::Controls(controls) => {
                let absent = step.unless.iter().filter(|id| controls.contains(id));
                Some(absent.map(|id| self.first_variable[id.0 as usize]).collect())
            }
            Variables::Assumptions { .. } | Variables::Principals(_) => {
                step.assumptions.iter().map(|id| self.variable(*id, block)).collect()
            }
        }
    }

    /// The copies a quorum can count, and how many are missing beside those had from the start.
    fn entries(&self, quorum: &Quorum, block: u32) -> (Vec<Entry>, u64) {
        let mut missing = u64::from(quorum.at_least);
        let mut entries = Vec::new();
        for id in quorum.of.iter().filter(|id| self.folded.derivable[id.0 as usize]) {
            for copy in self.blocks.seen(block, self.graph.capability(*id).family) {
                let copy = self.blocks.block(copy);
                // A copy of a block around both stands there once, however many the step itself stands for.
                let around = self.blocks.block(block);
                let common = around.path.iter().zip(&copy.path).take_while(|(a, b)| a == b).count();
                let outer = common.checked_sub(1).map_or(1, |at| self.blocks.block(copy.path[at]).weight);
                let weight = copy.weight / outer.max(1);
                if self.folded.had[id.0 as usize] {
                    missing = missing.saturating_sub(weight);
                } else {
                    entries.push(Entry { node: self.first[id.0 as usize] + copy.ordinal, weight });
                }
            }
        }
        (entries, missing)
    }

    /// A new counting capability.
    pub(super) fn count(&mut self) -> u32 {
        self.nodes.push(Node { origin: None, block: SHARED });
        self.nodes.len() as u32 - 1
    }

    /// A way to count.
    pub(super) fn counting(&mut self, mut needs: Vec<u32>, gains: u32) {
        needs.sort_unstable();
        needs.dedup();
        self.laid.push(Laid { step: nameless(SHARED), needs, rests: Vec::new(), gains });
    }

    fn target(&self, id: CapabilityId, ordinal: u32) -> Target {
        match self.folded.had[id.0 as usize] {
            true => Target::Had,
            false => Target::At(self.first[id.0 as usize] + ordinal),
        }
    }

    fn others(&self, question: &Question) -> Vec<Other> {
        let mut ids = question.others.clone();
        ids.sort_unstable();
        ids.dedup();
        let mut others = Vec::new();
        for id in ids {
            let family = self.graph.capability(id).family;
            let nested = family.is_some_and(|family| self.graph.families[family.0 as usize].within.is_some());
            for block in self.blocks.of(family) {
                let block = self.blocks.block(*block);
                if Some(id) != question.goal || block.ordinal > 0 {
                    let target = self.target(id, block.ordinal);
                    let apart = if question.apart.is_empty() { nested } else { question.apart.contains(&id) };
                    others.push(Other { target, weight: block.weight, apart });
                }
            }
        }
        others
    }

    /// Keeps what can happen and leads to what is asked, and numbers it in the order of what it counts as.
    fn pack(mut self, goal: Option<Target>, others: Vec<Other>, exact: bool, as_one: bool) -> Unfolded {
        let happens = self.forward();
        let asked = goal.iter().chain(others.iter().map(|other| &other.target));
        let kept = self.backward(asked.copied(), &happens);
        let mut laid: Vec<Laid> = std::mem::take(&mut self.laid)
            .into_iter()
            .zip(kept)
            .filter_map(|(laid, kept)| kept.then_some(laid))
            .collect();
        laid.sort_by_key(|laid| (laid.step.origin.is_none(), laid.step.counts_as, laid.step.origin, laid.step.block));
        let nodes = Renumber::new(self.nodes.len(), laid.iter().map(|laid| laid.gains));
        let variables = self.number_variables(&laid);
        let needs: Vec<Vec<u32>> = laid.iter().map(|laid| nodes.all(&laid.needs)).collect();
        let rests: Vec<Vec<u32>> = laid.iter().map(|laid| variables.all(&laid.rests)).collect();
        let needs = Csr::new(needs.iter().map(Vec::as_slice));
        let rests = Csr::new(rests.iter().map(Vec::as_slice));
        let gains: Vec<u32> = laid.iter().map(|laid| nodes.new[laid.gains as usize]).collect();
        let gained = Csr::new(gains.iter().map(std::slice::from_ref));
        let place = |target: Target| match target {
            Target::At(node) if nodes.new[node as usize] == u32::MAX => Target::Never,
            Target::At(node) => Target::At(nodes.new[node as usize]),
            other => other,
        };
        let moves: Vec<Move> = laid.iter().map(|laid| laid.step).collect();
        let kept_variables: Vec<Variable> = variables.old.iter().map(|at| self.variables[*at as usize]).collect();
        let named = |step: &&Move| step.origin.is_some();
        let twice = |ids: Vec<u32>| ids.windows(2).any(|pair| pair[0] == pair[1]);
        let one_to_one = !twice(moves.iter().filter(named).map(|step| step.counts_as.0).collect())
            && !twice(kept_variables.iter().map(|variable| variable.counts_as).collect());
        Unfolded {
            gained_by: gained.turned(nodes.old.len()),
            needed_by: needs.turned(nodes.old.len()),
            carried_by: rests.turned(variables.old.len()),
            nodes: nodes.old.iter().map(|at| self.nodes[*at as usize]).collect(),
            moves,
            variables: kept_variables,
            needs,
            rests,
            gains,
            goal: goal.map_or(Target::Never, place),
            others: others.into_iter().map(|other| Other { target: place(other.target), ..other }).collect(),
            blocks: self.blocks,
            one_to_one,
            as_one,
            exact,
        }
    }

    /// Variables that matter, in the order of what they count as.
    fn number_variables(&self, laid: &[Laid]) -> Renumber {
        let mut used: Vec<u32> = laid.iter().flat_map(|laid| laid.rests.iter().copied()).collect();
        used.sort_unstable_by_key(|at| {
            let variable = self.variables[*at as usize];
            (variable.counts_as, variable.origin, variable.block)
        });
        Renumber::new(self.variables.len(), used.into_iter())
    }

    /// Which steps happen if everything varies for the worse.
    fn forward(&self) -> Vec<bool> {
        let mut waiting: Vec<Vec<u32>> = vec![Vec::new(); self.nodes.len()];
        let mut missing: Vec<usize> = Vec::new();
        let mut ready: Vec<u32> = Vec::new();
        for (at, laid) in self.laid.iter().enumerate() {
            laid.needs.iter().for_each(|need| waiting[*need as usize].push(at as u32));
            missing.push(laid.needs.len());
            if laid.needs.is_empty() {
                ready.push(at as u32);
            }
        }
        let mut had = vec![false; self.nodes.len()];
        let mut happens = vec![false; self.laid.len()];
        while let Some(at) = ready.pop() {
            happens[at as usize] = true;
            let gains = self.laid[at as usize].gains;
            if !std::mem::replace(&mut had[gains as usize], true) {
                for step in &waiting[gains as usize] {
                    missing[*step as usize] -= 1;
                    if missing[*step as usize] == 0 {
                        ready.push(*step);
                    }
                }
            }
        }
        happens
    }

    /// Which of them lead to what is asked.
    fn backward(&self, asked: impl Iterator<Item = Target>, happens: &[bool]) -> Vec<bool> {
        let mut gained: Vec<Vec<u32>> = vec![Vec::new(); self.nodes.len()];
        for (at, laid) in self.laid.iter().enumerate().filter(|(at, _)| happens[*at]) {
            gained[laid.gains as usize].push(at as u32);
        }
        let mut stack: Vec<u32> = asked
            .filter_map(|target| match target {
                Target::At(node) => Some(node),
                Target::Had | Target::Never => None,
            })
            .collect();
        let mut seen = vec![false; self.nodes.len()];
        let mut kept = vec![false; self.laid.len()];
        while let Some(node) = stack.pop() {
            if !std::mem::replace(&mut seen[node as usize], true) {
                for step in &gained[node as usize] {
                    kept[*step as usize] = true;
                    stack.extend(&self.laid[*step as usize].needs);
                }
            }
        }
        kept
    }
}

fn nameless(block: u32) -> Move {
    Move { origin: None, counts_as: StepId(u32::MAX), block, weight: 1 }
}

/// Old positions to new ones, in the order met.
struct Renumber {
    new: Vec<u32>,
    old: Vec<u32>,
}

impl Renumber {
    fn new(size: usize, used: impl Iterator<Item = u32>) -> Renumber {
        let mut numbers = Renumber { new: vec![u32::MAX; size], old: Vec::new() };
        for at in used {
            if numbers.new[at as usize] == u32::MAX {
                numbers.new[at as usize] = numbers.old.len() as u32;
                numbers.old.push(at);
            }
        }
        numbers
    }

    fn all(&self, ids: &[u32]) -> Vec<u32> {
        let mut ids: Vec<u32> = ids.iter().map(|id| self.new[*id as usize]).collect();
        ids.sort_unstable();
        ids
    }
}
