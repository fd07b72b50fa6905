//! How much each assumption matters to a threat, and what each control is worth.
//!
//! With f the probability of the threat, f(1) and f(0) the same with one assumption failed or holding for certain: Birnbaum f(1) - f(0), risk
//! reduction worth f/f(0), risk achievement worth f(1)/f; Fussell-Vesely is the chance that some minimal attack set with the assumption in it has
//! failed, divided by f. Of an assumption that each member of a population has, one member's is told (the first copy's), and that of all members
//! together: the smaller one member's importance, the more members an attacker may choose from.

use super::diagram::Goal;
use super::formula::{Formula, Population, Rule, Variable};
use super::zdd::Families;
use super::{Compiled, Limits, Stopped, chance};
use crate::graph::unfold::Target;
use crate::graph::{AssumptionId, CapabilityGraph, ControlId};

/// Sets looked at for Fussell-Vesely, at most.
const SETS: usize = 2_000;

/// How much one assumption matters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Importance {
    /// The assumption.
    pub id: AssumptionId,
    /// f(1) - f(0).
    pub birnbaum: f64,
    /// f/f(0), possibly infinite; `None` where f = 0.
    pub rrw: Option<f64>,
    /// f(1)/f; `None` where f = 0.
    pub raw: Option<f64>,
    /// P(some minimal attack set with it has failed)/f; `None` where f = 0, or where the sets are too many or spread over members.
    pub fv: Option<f64>,
    /// Where each member of a population has it: all members together. What stands above is then of one member.
    pub all: Option<Together>,
}

/// What an assumption matters that each member of a population has, all members together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Together {
    /// How many members: those whose copy lies on some way to the goal. Of others nothing depends.
    pub members: u64,
    /// f as it is.
    pub f: f64,
    /// f where it holds for all of them.
    pub holds: f64,
    /// f where it has failed for all of them.
    pub fails: f64,
    /// P(some minimal attack set with it for some of them has failed)/f; `None` as for one member.
    pub fv: Option<f64>,
}

impl Importance {
    /// So many have it.
    pub fn members(&self) -> u64 {
        self.all.map_or(1, |all| all.members)
    }
}

/// What one control is worth: the probability without it and with it, all others as they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ControlWorth {
    /// The control.
    pub id: ControlId,
    /// Switched off.
    pub off: f64,
    /// Switched on.
    pub on: f64,
}

/// The importance of every assumption that can matter to a threat, by id.
///
/// # Errors
/// What keeps the probability from being exact.
pub fn importance(
    graph: &CapabilityGraph,
    threat: usize,
    numbers: &[f64],
    limits: &Limits,
) -> Result<Vec<Importance>, Stopped> {
    Ok(Compiled::new(graph, threat, limits)?.importance(numbers, limits))
}

/// What each control is worth to a threat, by id. Controls for which one of the two numbers is not exact are left out.
pub fn control_worth(graph: &CapabilityGraph, threat: usize, limits: &Limits) -> Vec<ControlWorth> {
    let mut out = Vec::new();
    let mut switched = graph.clone();
    for at in 0..graph.controls.len() {
        let mut with = |on: bool| {
            switched.controls[at].on = on;
            let found = chance(&switched, threat, limits)?;
            found.stopped.is_none().then_some(found.plain.value)
        };
        if let (Some(off), Some(on)) = (with(false), with(true)) {
            out.push(ControlWorth { id: ControlId(at as u32), off, on });
        }
        switched.controls[at].on = graph.controls[at].on;
    }
    out
}

impl Compiled {
    /// The importance of every assumption that can matter, by id, where each fails with its number.
    pub fn importance(&self, numbers: &[f64], limits: &Limits) -> Vec<Importance> {
        let formula = &self.formula;
        let by_variable = self.by_variable(numbers);
        let f = self.evaluate(&by_variable, None).value;
        let sets = formula.minimal_sets(limits).unwrap_or(None);
        let ratio = |a: f64, b: f64| (f > 0.0).then(|| a / b);
        let mut out = Vec::new();
        for (at, id) in formula.assumptions() {
            let (low, high) = (self.with(&by_variable, at, 0.0), self.with(&by_variable, at, 1.0));
            let fussell_vesely = |ats: &[usize], single: Option<u32>| {
                let failed = sets.as_ref().map(|sets| formula.some_failed(sets, ats, single, &by_variable, limits));
                failed.and_then(Result::ok).and_then(|failed| ratio(failed, f))
            };
            let fv = fussell_vesely(&[at], formula.variables[at].population);
            let copies = formula.copies_of(id);
            let members = copies.iter().map(|at| formula.members(*at)).sum();
            let all = (members > 1).then(|| Together {
                members,
                f,
                holds: self.with_all(&by_variable, &copies, 0.0),
                fails: self.with_all(&by_variable, &copies, 1.0),
                fv: fussell_vesely(&copies, None),
            });
            out.push(Importance { id, birnbaum: high - low, rrw: ratio(f, low), raw: ratio(high, f), fv, all });
        }
        out
    }

    /// The probability with these variables at another number, in every copy of their populations.
    fn with_all(&self, numbers: &[f64], ats: &[usize], number: f64) -> f64 {
        let mut changed = numbers.to_vec();
        ats.iter().for_each(|at| changed[*at] = number);
        self.evaluate(&changed, None).value
    }

    /// The probability with one variable at another number; of a population, one copy's.
    fn with(&self, numbers: &[f64], at: usize, number: f64) -> f64 {
        let mut changed = numbers.to_vec();
        changed[at] = number;
        match self.formula.variables[at].population {
            None => self.evaluate(&changed, None).value,
            Some(population) => self.evaluate(numbers, Some((population, &changed))).value,
        }
    }
}

impl Formula {
    /// The variables of one assumption: of members told apart, and of populations.
    fn copies_of(&self, id: AssumptionId) -> Vec<usize> {
        (0..self.variables.len()).filter(|at| self.variables[*at].origin == id.0).collect()
    }

    /// For how many members a variable stands.
    fn members(&self, at: usize) -> u64 {
        self.variables[at].population.map_or(1, |population| self.populations[population as usize].count)
    }

    /// Each assumption once, by id: the variable of its first copy.
    fn assumptions(&self) -> Vec<(usize, AssumptionId)> {
        let mut out: Vec<(usize, AssumptionId)> = Vec::new();
        let mut order: Vec<usize> = (0..self.variables.len()).collect();
        order.sort_by_key(|at| (self.variables[*at].origin, self.variables[*at].population.is_some(), *at));
        for at in order {
            let id = AssumptionId(self.variables[at].origin);
            if out.last().is_none_or(|(_, last)| *last != id) {
                out.push((at, id));
            }
        }
        out
    }

    /// The same with a few copies of each population written out beside each other, told apart as variables.
    pub(super) fn written_out(&self, copies: usize) -> (Formula, Vec<(usize, usize)>) {
        let mut out = Formula {
            nodes: self.nodes * copies,
            home: vec![None; self.nodes * copies],
            rules: Vec::new(),
            variables: Vec::new(),
            goal: self.goal,
            populations: Vec::new(),
            interface: Vec::new(),
        };
        let mut from = Vec::new();
        let mut outputs: Vec<Option<u32>> = vec![None; self.nodes];
        for (at, shared) in self.populations.iter().flat_map(|population| &population.outputs) {
            outputs[*shared as usize] = Some(self.interface[*at]);
        }
        for copy in 0..copies {
            let place = |node: u32| match (outputs[node as usize], self.home[node as usize]) {
                (Some(shared), _) => shared,
                (None, Some(_)) => node + (copy * self.nodes) as u32,
                (None, None) => node,
            };
            let first = out.variables.len();
            for (at, variable) in self.variables.iter().enumerate() {
                out.variables.push(Variable { origin: variable.origin, population: None });
                from.push((at, copy));
            }
            let variable = |at: u32| match self.variables[at as usize].population {
                Some(_) => at + first as u32,
                None => at,
            };
            for rule in &self.rules {
                out.rules.push(Rule {
                    needs: rule.needs.iter().map(|need| place(*need)).collect(),
                    rests: rule.rests.iter().map(|at| variable(*at)).collect(),
                    gains: place(rule.gains),
                });
            }
        }
        (out, from)
    }

    /// The minimal attack sets of one copy of each population, by variables; `None` where a set can need several copies of one, or too many.
    fn minimal_sets(&self, limits: &Limits) -> Result<Option<Vec<Vec<u32>>>, Stopped> {
        let solve = |formula: &Formula| -> Result<Option<Vec<Vec<u32>>>, Stopped> {
            let goal = Goal::of(formula, limits)?;
            let mut families = Families::new(limits.nodes);
            let root = families.minimal(&goal.table())?;
            if families.count(root).is_none_or(|count| count > SETS as u128) {
                return Ok(None);
            }
            let sets = families.list(root, goal.variable.len()).into_iter();
            let variables = |set: Vec<u32>| set.into_iter().map(|level| goal.variable[level as usize]).collect();
            Ok(Some(sets.map(variables).collect()))
        };
        if !self.interface.is_empty() {
            // A minimal set uses a copy for each interface capability at most.
            let most = self.populations.iter().map(|population| population.count).max().unwrap_or(1);
            let copies = (self.interface.len() as u64).min(most) as usize;
            let (several, from) = self.written_out(copies);
            let Some(sets) = solve(&several)? else { return Ok(None) };
            let spread = |set: &Vec<u32>| {
                let own = set.iter().filter_map(|at| {
                    let (variable, copy) = from[*at as usize];
                    self.variables[variable].population.map(|population| (population, copy))
                });
                let mut own: Vec<(u32, usize)> = own.collect();
                own.sort_unstable();
                own.dedup();
                own.windows(2).any(|pair| pair[0].0 == pair[1].0)
            };
            if sets.iter().any(spread) {
                return Ok(None);
            }
        }
        solve(&self.written_out(1).0)
    }

    /// The chance that some of these sets with one of these variables in it has failed, for any member of a population but of the single one.
    fn some_failed(
        &self,
        sets: &[Vec<u32>],
        ats: &[usize],
        single: Option<u32>,
        numbers: &[f64],
        limits: &Limits,
    ) -> Result<f64, Stopped> {
        let mut event = Event::new(self, single);
        for set in sets.iter().filter(|set| ats.iter().any(|at| set.contains(&(*at as u32)))) {
            event.add(set);
        }
        Ok(Compiled::from(event.formula, limits)?.evaluate(numbers, None).value)
    }
}

/// "Some of these sets has failed", as a system.
struct Event {
    formula: Formula,
}

impl Event {
    /// The populations of a system, one of them with a single copy that counts as shared.
    fn new(of: &Formula, single: Option<u32>) -> Event {
        let variable = |variable: &Variable| Variable {
            population: variable.population.filter(|population| Some(*population) != single),
            ..*variable
        };
        let population = |population: &Population| Population { count: population.count, outputs: Vec::new() };
        Event {
            formula: Formula {
                nodes: 1,
                home: vec![None],
                rules: Vec::new(),
                variables: of.variables.iter().map(variable).collect(),
                goal: Target::At(0),
                populations: of.populations.iter().map(population).collect(),
                interface: Vec::new(),
            },
        }
    }

    fn add(&mut self, set: &[u32]) {
        let population = |at: &u32| self.formula.variables[*at as usize].population;
        let (mut rests, mut needs) = (Vec::new(), Vec::new());
        let mut parts: Vec<(u32, u32)> = Vec::new();
        for at in set {
            match population(at) {
                None => rests.push(*at),
                Some(population) => parts.push((population, *at)),
            }
        }
        parts.sort_unstable();
        for part in parts.chunk_by(|a, b| a.0 == b.0) {
            needs.push(self.some_copy(part[0].0, part.iter().map(|(_, at)| *at).collect()));
        }
        self.formula.rules.push(Rule { needs, rests, gains: 0 });
    }

    /// The shared node "some copy has all of these".
    fn some_copy(&mut self, population: u32, rests: Vec<u32>) -> u32 {
        let formula = &mut self.formula;
        let outputs = &formula.populations[population as usize].outputs;
        let known =
            formula.rules.iter().find(|rule| rule.rests == rests && outputs.iter().any(|(_, to)| *to == rule.gains));
        if let Some((at, _)) = known.and_then(|rule| outputs.iter().find(|(_, to)| *to == rule.gains)) {
            return formula.interface[*at];
        }
        let (shared, output) = (formula.nodes as u32, formula.nodes as u32 + 1);
        formula.nodes += 2;
        formula.home.extend([None, Some(population)]);
        formula.populations[population as usize].outputs.push((formula.interface.len(), output));
        formula.interface.push(shared);
        formula.rules.push(Rule { needs: Vec::new(), rests, gains: output });
        shared
    }
}
