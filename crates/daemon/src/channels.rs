//! How full each channel and each pool of places is, asked without holding it open.

use std::fmt;
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc};

/// One of them.
pub struct Level {
    /// What metrics and pages call it: the stage that reads from it.
    pub name: &'static str,
    pub capacity: usize,
    depth: Box<dyn Fn() -> usize + Send + Sync>,
}

impl fmt::Debug for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} {}/{}",
            self.name,
            self.depth(),
            self.capacity
        )
    }
}

impl Level {
    /// Of a channel; empty once its senders are gone.
    pub fn channel<T: Send + 'static>(name: &'static str, sender: &mpsc::Sender<T>) -> Self {
        let (weak, capacity) = (sender.downgrade(), sender.max_capacity());
        let depth = move || {
            weak.upgrade()
                .map_or(0, |sender| capacity - sender.capacity())
        };
        Self {
            name,
            capacity,
            depth: Box::new(depth),
        }
    }

    /// Of places: how many are taken.
    pub fn places(name: &'static str, capacity: usize, places: &Arc<Semaphore>) -> Self {
        let places = places.clone();
        let depth = move || capacity.saturating_sub(places.available_permits());
        Self {
            name,
            capacity,
            depth: Box::new(depth),
        }
    }

    pub fn depth(&self) -> usize {
        (self.depth)()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_is_what_waits_and_holds_nothing_open() {
        let (sender, mut receiver) = mpsc::channel(4);
        let level = Level::channel("desk", &sender);
        sender.try_send(1).unwrap();
        assert_eq!((level.depth(), level.capacity), (1, 4));
        drop(sender);
        assert_eq!(level.depth(), 0);
        assert_eq!(receiver.try_recv(), Ok(1));
        assert_eq!(
            receiver.try_recv(),
            Err(mpsc::error::TryRecvError::Disconnected)
        );

        let places = Arc::new(Semaphore::new(3));
        let level = Level::places("entries", 3, &places);
        let _taken = places.try_acquire().unwrap();
        assert_eq!(level.depth(), 1);
    }
}
