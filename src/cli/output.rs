//! Streams: results to stdout, notes to stderr, progress only on a terminal. The only place that prints.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;
use super::paint::paint;
use crate::diagnostic::refusal;

/// Prints a result.
///
/// # Errors
/// A closed pipe is no failure; any other write error is.
pub fn result(text: &str) -> Result<(), Failure> {
    let coloured = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
    let painted = coloured.then(|| paint(text));
    let text = painted.as_deref().unwrap_or(text);
    let mut out = anstream::stdout().lock();
    let written = out
        .write_all(text.as_bytes())
        .and_then(|()| if text.ends_with('\n') || text.is_empty() { Ok(()) } else { out.write_all(b"\n") });
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Io(format!("error: cannot write to standard output: {}", refusal(&error))))
        }
        _ => Ok(()),
    }
}

/// Columns that there are for a result: what `COLUMNS` says, else those of the terminal. Nothing where it goes into a file or a pipe: what is
/// kept is the same whoever asks for it.
pub fn columns() -> Option<usize> {
    let stated = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let own = || terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0));
    stated.or_else(own).filter(|columns| *columns > 0)
}

/// Prints a note; a note that cannot be printed is lost.
pub fn note(text: &str) {
    if !text.is_empty() {
        let mut err = anstream::stderr().lock();
        let _ = err.write_all(text.trim_end().as_bytes()).and_then(|()| err.write_all(b"\n"));
    }
}

/// May notes carry colour?
pub fn colour_on_notes() -> bool {
    anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
}

/// A spinner with a message, on a terminal only.
pub fn progress(message: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner().with_message(message.to_owned());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// A bar over so many worlds with the time left, on a terminal only.
pub fn progress_bar(message: &str, of: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(of).with_message(crate::diagnostic::printable(message, 60));
    if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {human_pos} of {human_len} worlds, {eta} left") {
        bar.set_style(style);
    }
    bar
}
