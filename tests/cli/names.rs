//! A name that is nothing, a number that is none, a file that cannot be: each refused in words that say what to write instead.

use std::fs;

use crate::run::run_in;

/// Arguments, exit code, and what the message has to say.
const REFUSED: &[(&[&str], i32, &[&str])] = &[
    (&["paths", "status-quo", "--threat", "imperson"], 2, &["--threat: ", "did you mean `impersonation`?"]),
    (&["paths", "status-quo", "--threat", "zzz"], 2, &["there are `impersonation`, `outsider`"]),
    (&["trust", "status-quo", "--among", "nobody"], 2, &["--among: ", "there are `", "`index-admin`", " and "]),
    (&["trust", "status-quo", "--among", "publishr"], 2, &["did you mean `publisher`?"]),
    (&["trust", "status-quo", "--among", "publisher.victm"], 2, &["did you mean `publisher.victim`?"]),
    (&["blast", "status-quo", "--credential", "X"], 2, &["--credential: no credential is called `X`; there are `"]),
    (&["blast", "status-quo", "--credential", "pasword"], 2, &["did you mean `password`?"]),
    (
        &["blast", "status-quo", "--principal", "X"],
        2,
        &["--principal: no principal is called `X`; there are `", "`index`"],
    ),
    (&["blast", "status-quo", "--principal", "index-admn"], 2, &["did you mean `index-admin`?"]),
    (
        &["paths", "status-quo", "--set", "tenant.isolation="],
        3,
        &["nothing is called `tenant` in this model", "there are `publisher`"],
    ),
    (
        &["paths", "status-quo", "--set", "tenant.isolation=vm"],
        3,
        &["nothing is called `tenant` in this model", "there are `publisher`"],
    ),
    (&["paths", "native-containers", "--set", "tenannt.isolation=vm"], 3, &["did you mean `tenant`?"]),
    (
        &["paths", "native-containers", "--set", "tenant.isolation="],
        3,
        &["is set to nothing", "`--without tenant.isolation` takes the field out"],
    ),
    (&["paths", "status-quo", "--set", "hosting.isolaton=vm"], 3, &["kind `hosting` has no field `isolaton`"]),
    (
        &["paths", "status-quo", "--set", "publisher=3"],
        3,
        &["`publisher` names a whole entry", "write `publisher.field=value`"],
    ),
    (
        &["paths", "status-quo", "--set", "threats.imprsonation.tolerate=any"],
        3,
        &["`threats` has no entry called `imprsonation`", "did you mean `impersonation`?"],
    ),
    (&["paths", "status-quo", "--set", "=3"], 3, &["nothing is named before the `=`"]),
    (&["paths", "status-quo", "--set", "nonsense"], 2, &["write PATH=VALUE"]),
    (&["paths", "status-quo", "--without", "mailhost"], 3, &["did you mean `mail-host`?"]),
    (&["paths", "status-quo", "--without", "zzz"], 3, &["there are `"]),
    (&["paths", "native-containers", "--with", "zzz"], 3, &["unknown control `zzz`", "expected `"]),
    (&["sweep", "status-quo", "--vary", "tenant.isolation=vm,microvm"], 3, &["nothing is called `tenant`"]),
    (&["compare", "status-quo", "--baseline", "zzz"], 2, &["--baseline: ", "there is `status-quo`"]),
    (&["init", "--template", "zzz"], 2, &["--template: ", "there are `status-quo`"]),
    (&["completions", "man", "zzz"], 2, &["there are `init`"]),
    (
        &["diff", "zzz", "status-quo"],
        2,
        &["`zzz` is neither a file nor a scenario", "`status-quo` lies in no repository"],
    ),
    (&["simulate", "status-quo", "--trace", "0"], 2, &["a whole number from 1"]),
    (&["simulate", "status-quo", "--trials", "-5"], 2, &["a whole number from 1 to 18446744073709551615 is meant"]),
    (&["simulate", "status-quo", "--precision", "-1"], 2, &["between 0 and 1"]),
    (
        &["simulate", "status-quo", "--samples", "none/x.csv"],
        4,
        &["cannot write `none/x.csv`: there is no such file or folder"],
    ),
    (&["simulate", "status-quo", "--samples", "there"], 4, &["`there` exists already"]),
    (&["paths", "status-quo", "--limit", "-5"], 2, &["a whole number from 1 to 18446744073709551615 is meant"]),
    (&["paths", "status-quo", "--limit", "0"], 2, &["a whole number from 1 to 18446744073709551615 is meant"]),
    (&["paths", "status-quo", "--seed", "x"], 2, &["a whole number from 0 to 18446744073709551615 is meant"]),
    (&["paths", "status-quo", "--horizon", "x"], 2, &["--horizon `x` is no duration such as 90d or 1y"]),
    (&["harden", "status-quo", "--budget", "-1"], 2, &["`-1` is no budget: write days"]),
    (&["merge", "there"], 4, &["cannot read `there`: it is a folder, and a file is meant"]),
    (&["check", ""], 2, &["the name of the model is empty"]),
    (&["check", "empty.yaml"], 3, &["the file is empty", "`cotenant init FILE` writes one to start from"]),
    (&["check", "word.yaml"], 3, &["this is a single value", "`cotenant init FILE` writes one to start from"]),
    (&["check", "there"], 4, &["it is a folder, and a file is meant"]),
    (&["check", "status-quo", "--answers", "zzz"], 4, &["cannot read `zzz`: there is no such file or folder"]),
    (&["--library", "zzz", "check", "status-quo"], 4, &["cannot read `zzz`: there is no such file or folder"]),
];

#[test]
fn every_refusal_says_what_to_write_instead() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("there")).unwrap();
    fs::write(folder.path().join("empty.yaml"), "").unwrap();
    fs::write(folder.path().join("word.yaml"), "hello\n").unwrap();
    for (args, code, says) in REFUSED {
        let done = run_in(folder.path(), args);
        assert_eq!(done.code, *code, "{args:?}: {}", done.err);
        assert!(done.out.is_empty(), "{args:?}: {}", done.out);
        for part in *says {
            assert!(done.err.contains(part), "{args:?} lacks {part}: {}", done.err);
        }
        assert!(!done.err.contains("os error") && !done.err.contains(".cotenant-"), "{args:?}: {}", done.err);
    }
}
