//! External ids that steps refer to: what is known of each scheme, whether an id has its form, and where it is to be read.

use super::{Library, StepDecl};

/// A word of a scheme, with its meaning in short.
pub type Term = (&'static str, &'static str);

/// The threats of SLSA version 1.2. (In version 1.0 the letters stand for other things.)
pub const SLSA: [Term; 12] = [
    ("A", "the producer itself"),
    ("B", "modifying the source"),
    ("C", "source code management"),
    ("D", "external build parameters"),
    ("E", "the build process"),
    ("F", "publication of the artefact"),
    ("G", "the distribution channel"),
    ("H", "selection of the package"),
    ("I", "use of the package"),
    ("dependency", "dependencies of the build"),
    ("availability", "availability"),
    ("verification", "verification"),
];

/// The tracks of the OpenSSF Principles for Package Repository Security, version 0.1.
pub const OPENSSF_TRACKS: [Term; 4] = [
    ("authentication", "who is who"),
    ("authorization", "who may do what"),
    ("general", "what the repository does besides"),
    ("cli", "what its command-line tools do"),
];

/// The levels of each track, above level 0, which asks for nothing.
pub const OPENSSF_LEVELS: [u8; 3] = [1, 2, 3];

/// Ids a step carries in a scheme.
pub fn ids<'a>(step: &'a StepDecl, scheme: &str) -> impl Iterator<Item = &'a str> {
    let lists = step.refs.iter().filter(move |(name, _)| name == scheme).map(|(_, ids)| ids);
    lists.flatten().map(String::as_str).collect::<Vec<_>>().into_iter()
}

/// Every id of a scheme: the whole scheme where it is short enough to be known here, and what any step of the library carries.
pub fn known(library: &Library, scheme: &str) -> Vec<String> {
    let mut all: Vec<String> = match scheme {
        "slsa" => SLSA.iter().map(|(id, _)| (*id).to_owned()).collect(),
        "openssf" => openssf_ids().collect(),
        _ => Vec::new(),
    };
    let mut more: Vec<String> = library.steps.iter().flat_map(|step| ids(step, scheme)).map(str::to_owned).collect();
    more.sort();
    more.dedup();
    more.retain(|id| !all.contains(id));
    all.extend(more);
    all
}

/// Each id of a scheme with the steps that carry it; of OpenSSF principles a track (`cli`) or a level (`2`) is wanted as well as
/// one of both (`cli-2`), and nothing means all.
pub fn groups<'a>(library: &'a Library, scheme: &str, wanted: &str) -> Vec<(String, Vec<&'a StepDecl>)> {
    let part = |id: &str| scheme == "openssf" && id.rsplit_once('-').is_some_and(|(a, b)| a == wanted || b == wanted);
    let is_wanted = |id: &String| wanted.is_empty() || id.eq_ignore_ascii_case(wanted) || part(id);
    let carries = |id: &str| library.steps.iter().filter(|step| ids(step, scheme).any(|have| have == id)).collect();
    known(library, scheme).into_iter().filter(is_wanted).map(|id| (id.clone(), carries(&id))).collect()
}

fn openssf_ids() -> impl Iterator<Item = String> {
    OPENSSF_TRACKS.iter().flat_map(|(track, _)| OPENSSF_LEVELS.iter().map(move |level| format!("{track}-{level}")))
}

/// What an id means, in short; nothing where that is not known here.
pub fn says(scheme: &str, id: &str) -> String {
    match scheme {
        "slsa" => SLSA.iter().find(|(have, _)| *have == id).map_or(String::new(), |(_, says)| (*says).to_owned()),
        "openssf" => match id.rsplit_once('-') {
            Some((track, level)) => {
                let says = OPENSSF_TRACKS.iter().find(|(have, _)| *have == track).map_or("", |(_, says)| *says);
                format!("{says}, level {level}")
            }
            None => String::new(),
        },
        _ => String::new(),
    }
}

/// Has an id the form of its scheme?
pub fn is_well_formed(scheme: &str, id: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let after = |prefix: &str| id.strip_prefix(prefix).is_some_and(digits);
    match scheme {
        "slsa" => SLSA.iter().any(|(have, _)| *have == id),
        "openssf" => openssf_ids().any(|have| have == id),
        "attack" => id.strip_prefix('T').is_some_and(|rest| {
            let (technique, sub) = rest.split_once('.').map_or((rest, None), |(technique, sub)| (technique, Some(sub)));
            technique.len() == 4 && digits(technique) && sub.is_none_or(|sub| sub.len() == 3 && digits(sub))
        }),
        "cwe" => after("CWE-"),
        "capec" => after("CAPEC-"),
        "risk-explorer" => after("AV-"),
        "cve" => id.strip_prefix("CVE-").is_some_and(|rest| rest.split('-').all(digits)),
        "pep" => after("PEP-") || digits(id),
        "incidents" => crate::yaml::is_id(id),
        _ => !id.trim().is_empty(),
    }
}

/// Where an id is to be read, if it has a stable public place of its own.
pub fn link(scheme: &str, id: &str) -> Option<String> {
    let number = || id.rsplit('-').next().unwrap_or(id);
    match scheme {
        "slsa" => Some("https://slsa.dev/spec/v1.2/threats".to_owned()),
        "openssf" => Some("https://repos.openssf.org/principles-for-package-repository-security".to_owned()),
        "attack" => Some(format!("https://attack.mitre.org/techniques/{}/", id.replace('.', "/"))),
        "cwe" => Some(format!("https://cwe.mitre.org/data/definitions/{}.html", number())),
        "capec" => Some(format!("https://capec.mitre.org/data/definitions/{}.html", number())),
        "cve" => Some(format!("https://www.cve.org/CVERecord?id={id}")),
        "pep" => Some(format!("https://peps.python.org/pep-{:0>4}/", number())),
        _ => None,
    }
}

/// The name of a scheme, for people.
pub fn scheme_name(scheme: &str) -> &str {
    match scheme {
        "slsa" => "SLSA v1.2 threat",
        "attack" => "MITRE ATT&CK",
        "cwe" => "CWE",
        "capec" => "CAPEC",
        "risk-explorer" => "Risk Explorer vector",
        "openssf" => "OpenSSF principle",
        "cve" => "CVE",
        "pep" => "PEP",
        "incidents" => "incident",
        "paper" => "paper",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_form_of_their_scheme() {
        for (scheme, good, bad) in [
            ("slsa", "E", "J"),
            ("openssf", "authorization-3", "authorization-4"),
            ("attack", "T1195.002", "T119"),
            ("cwe", "CWE-502", "CWE502"),
            ("capec", "CAPEC-242", "CAPEC-"),
            ("risk-explorer", "AV-403", "AV403"),
            ("cve", "CVE-2022-29176", "2022-29176"),
            ("pep", "PEP-708", "PEP-"),
            ("incidents", "rubygems-2013-yaml-rce", "RubyGems 2013"),
            ("paper", "Torres-Arias 2019", " "),
        ] {
            assert!(is_well_formed(scheme, good), "{scheme} {good}");
            assert!(!is_well_formed(scheme, bad), "{scheme} {bad}");
        }
        assert_eq!(link("attack", "T1195.002").as_deref(), Some("https://attack.mitre.org/techniques/T1195/002/"));
        assert_eq!(link("pep", "PEP-708").as_deref(), Some("https://peps.python.org/pep-0708/"));
        assert_eq!(says("openssf", "cli-2"), "what its command-line tools do, level 2");
    }
}
