//! Which attack steps read a field: what no step reads changes no answer.

use super::{Arg, Atom, KindId, Library, StepDecl, Var};

impl Library {
    /// The steps that read this field of things of this kind, in the order of the library.
    pub fn readers(&self, kind: KindId, field: &str) -> Vec<&StepDecl> {
        self.steps.iter().filter(|step| self.reads(step, kind, field)).collect()
    }

    fn reads(&self, step: &StepDecl, kind: KindId, field: &str) -> bool {
        let about = |var: Var| self.overlap(step.vars[var.0].1, kind);
        let condition = step.when.iter().any(|atom| match atom {
            Atom::Relation { subject, relation, .. } => relation == field && about(subject.var),
            Atom::Is { var, field: name, .. } | Atom::Has { var, field: name, .. } => name == field && about(*var),
            Atom::Capability(_) | Atom::May { .. } => false,
        });
        let value = |arg: &Arg| matches!(arg, Arg::Value { var, field: name } if name == field && about(*var));
        condition || step.rests_on.iter().any(|rests| rests.args.iter().any(value))
    }
}
