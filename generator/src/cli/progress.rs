//! How far long work has come, for who watches: on standard error, only on a terminal, only when it takes long.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Context;

/// Work that is done sooner shows nothing.
const PATIENCE: Duration = Duration::from_millis(400);

/// A bar that appears when the work takes long and is gone when it is dropped.
pub struct Progress {
    what: &'static str,
    total: u64,
    done: u64,
    begun: Instant,
    watched: bool,
    bar: Option<ProgressBar>,
}

impl Context<'_> {
    /// Work on `total` things called `what`.
    pub fn progress(&self, what: &'static str, total: usize) -> Progress {
        Progress {
            what,
            total: total as u64,
            done: 0,
            begun: Instant::now(),
            watched: self.watched,
            bar: None,
        }
    }
}

impl Progress {
    /// One more is done.
    pub fn step(&mut self) {
        self.done += 1;
        if !self.watched || self.begun.elapsed() < PATIENCE {
            return;
        }
        self.bar
            .get_or_insert_with(|| bar(self.what, self.total))
            .set_position(self.done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(what: &'static str, total: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    // A template that is no template would be shown as the default one, which says the same.
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
        bar.set_style(style);
    }
    bar.with_message(what)
}

#[cfg(test)]
mod tests {
    use super::super::context::Color;
    use super::super::{Format, Surroundings};
    use super::*;

    #[test]
    fn nothing_is_drawn_where_nobody_watches_or_the_work_is_short() {
        for err_is_terminal in [false, true] {
            let surroundings = Surroundings {
                err_is_terminal,
                ..Surroundings::default()
            };
            let (mut out, mut err) = (Vec::new(), Vec::new());
            let context = Context::new(surroundings, Format::Human, Color::Auto, None, &mut out, &mut err);
            let mut progress = context.progress("nodes", 10);
            (0..10).for_each(|_| progress.step());
            assert!(progress.bar.is_none());
        }
    }

    #[test]
    fn long_work_that_is_watched_gets_a_bar() {
        let mut progress = Progress {
            what: "nodes",
            total: 3,
            done: 0,
            begun: Instant::now().checked_sub(PATIENCE).unwrap(),
            watched: true,
            bar: None,
        };
        progress.step();
        assert_eq!(progress.bar.as_ref().map(ProgressBar::position), Some(1));
    }
}
