//! A line of commands: done one after the other, in the order in which the phone sent them.
//!
//! A line that waits, for a store or for its pace, holds up nothing but itself: the connection asks it for answers when it has nothing
//! else to do, and [lets go](Line::let_go) of what is being done before it waits for its phone. At most [`MOST_UNDER_WAY`] are in a
//! line.

use std::{
    collections::VecDeque,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use super::doing::Doing;

/// Commands of one line of one room that are not answered yet. Another one is refused with `too_many`.
pub(crate) const MOST_UNDER_WAY: usize = 32;

pub(super) type Pace = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What becomes of a command.
pub(super) enum Run<A: Send + 'static> {
    /// It is answered already.
    Answered(A),
    /// It is being done.
    Doing(Doing<A>),
}

/// Commands `C` with answers `A`.
pub(super) struct Line<C, A: Send + 'static> {
    waiting: VecDeque<(u64, C)>,
    step: Step<C, A>,
    answers: VecDeque<(u64, Option<A>)>,
    /// What came out of a command ends the room on this socket: nothing after it may be done before it.
    halted: bool,
}

enum Step<C, A: Send + 'static> {
    Idle,
    /// The next one waits until it may be done.
    Paced(u64, C, Pace),
    Running(u64, Doing<A>),
}

impl<C, A: Send + 'static> Default for Line<C, A> {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), step: Step::Idle, answers: VecDeque::new(), halted: false }
    }
}

impl<C, A: Send + 'static> Line<C, A> {
    /// Takes a command, unless too many are under way.
    pub(super) fn take(&mut self, id: u64, command: C) -> Result<(), C> {
        if self.under_way() >= MOST_UNDER_WAY {
            return Err(command);
        }
        self.waiting.push_back((id, command));
        Ok(())
    }

    pub(super) fn is_idle(&self) -> bool {
        self.under_way() == 0
    }

    /// Whether nothing is in it, and anything may be done next: then it is like a new one.
    pub(super) fn is_over(&self) -> bool {
        self.is_idle() && !self.halted
    }

    fn under_way(&self) -> usize {
        self.waiting.len() + self.answers.len() + usize::from(!matches!(self.step, Step::Idle))
    }

    /// Whether a command is being done just now.
    pub(super) fn is_running(&self) -> bool {
        matches!(self.step, Step::Running(..))
    }

    /// The oldest answer. `None` inside: nobody knows what became of the command.
    pub(super) fn answer(&self) -> Option<&(u64, Option<A>)> {
        self.answers.front()
    }

    pub(super) fn answered(&mut self) -> Option<(u64, Option<A>)> {
        self.answers.pop_front()
    }

    /// The id of a command that nothing was done about, if the line is left with any.
    pub(super) fn give_up(&mut self) -> Option<u64> {
        if matches!(self.step, Step::Paced(..))
            && let Step::Paced(id, ..) = std::mem::replace(&mut self.step, Step::Idle)
        {
            return Some(id);
        }
        self.waiting.pop_front().map(|(id, _)| id)
    }

    /// What is being done goes on by itself: nobody polls this line for a while.
    pub(super) fn let_go(&mut self) {
        if let Step::Running(_, doing) = &mut self.step {
            doing.let_go();
        }
    }

    /// Goes on, until an answer `halts` the line. Ready when there is another answer.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        pace: impl Fn(&C) -> Pace,
        run: impl Fn(C) -> Run<A>,
        halts: impl Fn(Option<&A>) -> bool,
    ) -> Poll<()> {
        let mut answered = false;
        loop {
            match std::mem::replace(&mut self.step, Step::Idle) {
                Step::Idle if self.halted => break,
                Step::Idle => match self.waiting.pop_front() {
                    Some((id, command)) => {
                        let pace = pace(&command);
                        self.step = Step::Paced(id, command, pace);
                    }
                    None => break,
                },
                Step::Paced(id, command, mut pace) => {
                    if pace.as_mut().poll(cx).is_pending() {
                        self.step = Step::Paced(id, command, pace);
                        break;
                    }
                    match run(command) {
                        Run::Doing(doing) => self.step = Step::Running(id, doing),
                        Run::Answered(answer) => {
                            self.answers.push_back((id, Some(answer)));
                            answered = true;
                        }
                    }
                }
                Step::Running(id, mut doing) => match doing.poll(cx) {
                    Poll::Pending => {
                        self.step = Step::Running(id, doing);
                        break;
                    }
                    Poll::Ready(answer) => {
                        self.halted = halts(answer.as_ref());
                        self.answers.push_back((id, answer));
                        answered = true;
                    }
                },
            }
        }
        if answered { Poll::Ready(()) } else { Poll::Pending }
    }
}

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, sync::Mutex};

    use super::*;

    #[tokio::test]
    async fn nothing_is_done_after_a_command_of_which_nobody_knows_what_became() {
        let mut line = Line::<u64, Result<(), ()>>::default();
        for n in 0..3 {
            line.take(n, n).unwrap();
        }
        let done = Mutex::new(Vec::new());
        let run = |n| {
            done.lock().unwrap().push(n);
            Run::Doing(Doing::new(async move { if n == 1 { Err(()) } else { Ok(()) } }))
        };
        let halts = |answer: Option<&Result<(), ()>>| !matches!(answer, Some(Ok(())));
        for id in 0..2 {
            if line.answer().is_none() {
                poll_fn(|cx| line.poll(cx, |_| Box::pin(async {}), run, halts)).await;
            }
            assert_eq!(line.answered().map(|(id, _)| id), Some(id));
        }
        let goes_on = poll_fn(|cx| Poll::Ready(line.poll(cx, |_| Box::pin(async {}), run, halts))).await;
        assert!(goes_on.is_pending());
        assert_eq!(*done.lock().unwrap(), [0, 1], "the third overtook the second");
    }
}
