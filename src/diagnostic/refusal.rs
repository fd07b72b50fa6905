//! Why the system refused a file, in words that say what to look at.

use std::io::{Error, ErrorKind};

/// The reason without numbers of the operating system, where it is a usual one.
pub fn refusal(error: &Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        ErrorKind::IsADirectory => "it is a folder, and a file is meant".to_owned(),
        ErrorKind::NotADirectory => "a part of the path is a file, and a folder is meant".to_owned(),
        ErrorKind::PermissionDenied => "its permissions do not allow it".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "it lies on a file system that can only be read".to_owned(),
        ErrorKind::StorageFull => "no space is left there".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::refusal;

    #[test]
    fn usual_reasons_have_no_numbers_and_others_stay() {
        let usual = [ErrorKind::NotFound, ErrorKind::IsADirectory, ErrorKind::NotADirectory, ErrorKind::StorageFull];
        for kind in usual.into_iter().chain([ErrorKind::PermissionDenied, ErrorKind::ReadOnlyFilesystem]) {
            assert!(!refusal(&Error::from(kind)).contains("os error"), "{kind}");
        }
        assert_eq!(refusal(&Error::other("the tape is torn")), "the tape is torn");
    }
}
