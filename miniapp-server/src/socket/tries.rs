//! A task that was to bring something and ended without it: it is begun again, and not for ever.

use tokio::task::JoinError;

/// So often in a row a task is begun.
const TRIES: u32 = 3;

/// How often in a row a task has ended without what it was to bring.
#[derive(Debug, Default)]
pub(super) struct Tries(u32);

/// What a task brought.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Brought<T> {
    This(T),
    /// Nothing: it is to be begun again.
    Again,
    /// Nothing, too often.
    Nothing,
}

impl Tries {
    /// A task has ended.
    pub(super) fn ended<T>(&mut self, with: Result<T, JoinError>) -> Brought<T> {
        match with {
            Ok(brought) => {
                self.0 = 0;
                Brought::This(brought)
            }
            Err(error) => {
                self.0 += 1;
                tracing::error!(%error, tries = self.0, "a task of a socket ended without an answer");
                if self.0 < TRIES { Brought::Again } else { Brought::Nothing }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ends_in_vain() -> Result<u8, JoinError> {
        let task = tokio::spawn(std::future::pending::<u8>());
        task.abort();
        task.await
    }

    #[tokio::test]
    async fn a_task_is_begun_again_and_not_for_ever() {
        let mut tries = Tries::default();
        assert_eq!(tries.ended(ends_in_vain().await), Brought::Again);
        assert_eq!(tries.ended(ends_in_vain().await), Brought::Again);
        assert_eq!(tries.ended(Ok(7)), Brought::This(7));
        assert_eq!(tries.ended(ends_in_vain().await), Brought::Again, "what came begins the count anew");
        assert_eq!(tries.ended(ends_in_vain().await), Brought::Again);
        assert_eq!(tries.ended(ends_in_vain().await), Brought::Nothing);
    }
}
