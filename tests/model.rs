//! Models: what the loader makes of them, and what edits do.

mod minilib;

use cotenant::model::{ControlEffect, Edits, Population, Role, Scope, Value};
use minilib::{expect_model, good, load_text};

#[test]
fn the_good_model_resolves() {
    let (model, warnings) = expect_model(load_text(&good(), &Edits::default()));
    assert_eq!(warnings, []);
    let publisher = model.find("publisher").unwrap();
    assert_eq!(model.entity(publisher).population, Population::Base { count: 35_000 });
    let tenant = model.find("tenant").unwrap();
    assert_eq!(model.entity(tenant).population, Population::Each { base: publisher });
    assert_eq!(model.refs(tenant, "runs-on"), [model.find("builder").unwrap()]);
    let ids: Vec<&str> = model.threats.iter().map(|threat| threat.id.as_str()).collect();
    assert_eq!(ids, ["impersonation", "vendor-breach.mail-host"]);
    assert_eq!(model.threats[0].goal.role, Role::Victim);
    assert_eq!(model.privileges[2].scope, Scope::Any);
    let gate = model.privileges[3].gate.unwrap();
    assert_eq!(model.entity(gate).id, "project-publish-approval");
    assert_eq!(model.entity(gate).gate.as_ref().unwrap().of, 2);
    assert_eq!(model.privileges[3].delay_hours, 48.0);
    assert_eq!(model.works.len(), 1);
    assert!(matches!(model.controls[0].effect, ControlEffect::Patch));
    assert_eq!(model.controls[0].cost, Some((30.0, 2.0)));
    assert!(model.hash.starts_with("sha256:") && model.hash.len() == 71);
    let index = model.entity(model.find("index").unwrap());
    let value = |name: &str| &index.fields.iter().find(|field| field.name == name).unwrap().value;
    assert_eq!(value("queue"), &Value::Hours(2.0));
    assert_eq!(value("external"), &Value::Flag(false));
}
