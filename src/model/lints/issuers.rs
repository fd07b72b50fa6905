//! Identities that publish on an index which does not list their issuer.

use super::About;
use crate::diagnostic::{Code, Diagnostic, quote};
use crate::model::{EntityId, Model};

/// The words of the library that this lint is about.
mod words {
    /// Kind of short-lived identities.
    pub const IDENTITY: &str = "job-identity";
    /// Relation: who makes it.
    pub const MINTED_BY: &str = "minted-by";
    /// Relation: whom it proves.
    pub const PROVES: &str = "proves";
    /// Relation: the index a project is on.
    pub const LISTED_ON: &str = "listed-on";
    /// Relation: the issuers an index accepts.
    pub const ACCEPTS: &str = "trusts-identities-of";
}

/// One lint for each issuer that an index would refuse.
pub fn unaccepted_issuers(model: &Model, found: &mut Vec<About>) {
    let (Some(identity), None) = (model.library.kind(words::IDENTITY), &model.incident) else { return };
    for at in (0..model.entities.len()).map(EntityId).filter(|id| model.library.is_a(model.entity(*id).kind, identity))
    {
        let indexes = published_on(model, at);
        for (issuer, span) in model.placed_refs(at, words::MINTED_BY) {
            for index in indexes.iter().filter(|index| !model.refs(**index, words::ACCEPTS).contains(issuer)) {
                let (credential, index, issuer) =
                    (&model.entity(at).id, &model.entity(*index).id, &model.entity(*issuer).id);
                let message = format!(
                    "{} publishes on {}, which does not accept identities of {}",
                    quote(credential),
                    quote(index),
                    quote(issuer)
                );
                let help = format!("if it does, say so on the index: `{}: [{issuer}]`", words::ACCEPTS);
                found.push((credential.clone(), Diagnostic::new(Code::UnacceptedIssuer, span, message).help(help)));
            }
        }
    }
}

/// The indexes on which those whom the identity proves have a right of their own, in the order of the model.
fn published_on(model: &Model, identity: EntityId) -> Vec<EntityId> {
    let proved = model.refs(identity, words::PROVES);
    let direct = model.privileges.iter().filter(|privilege| proved.contains(&privilege.who) && privilege.via.is_none());
    let mut indexes: Vec<EntityId> =
        direct.flat_map(|privilege| model.refs(privilege.over, words::LISTED_ON)).collect();
    indexes.sort_unstable();
    indexes.dedup();
    indexes
}
