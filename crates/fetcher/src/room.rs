//! How many bytes of bodies there may be at once, from the first byte read until whoever made
//! something of the body lets go of that.
//!
//! Nobody who waits for room keeps another from giving his back: what a body may begin with is taken
//! in one go, and so is what a large one may grow to, from a half of its own, whose holders wait for
//! nothing. So one large body can always be read when no other is held, and no number of large ones
//! keeps usual ones waiting.

use std::fmt;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What a body begins with; nine in ten pages need no more.
pub const BEGINNING: u64 = 512 << 10;
/// What a permit stands for.
const UNIT: u64 = 1 << 10;

/// Room for bodies.
pub struct Room {
    usual: Arc<Semaphore>,
    large: Arc<Semaphore>,
    large_units: u32,
}

impl Room {
    /// Half of `bytes_max` for usual bodies, half for large ones; but always enough for one of each.
    pub fn new(bytes_max: u64, body_bytes_max: u64) -> Self {
        let half = bytes_max / 2;
        let large_units = units(half.max(body_bytes_max));
        Self {
            usual: semaphore(units(half.max(BEGINNING))),
            large: semaphore(large_units),
            large_units,
        }
    }

    /// Waits for what a body begins with.
    pub async fn begin(&self) -> Taken {
        let units = units(BEGINNING);
        Taken {
            permit: acquire(&self.usual, units).await,
            bytes: BEGINNING,
        }
    }

    /// Waits until the body may be so large.
    pub async fn grow(&self, taken: &mut Taken, bytes_max: u64) {
        let units = units(bytes_max).min(self.large_units);
        *taken = Taken {
            permit: acquire(&self.large, units).await,
            bytes: bytes_max,
        };
    }
}

/// The right to read a body of so many bytes.
pub struct Taken {
    permit: OwnedSemaphorePermit,
    pub bytes: u64,
}

impl Taken {
    /// Gives back what a body of so many bytes does not need.
    pub fn keep(mut self, bytes: u64) -> Held {
        let spare = self.permit.num_permits() as u64;
        let spare = spare.saturating_sub(u64::from(units(bytes)));
        drop(self.permit.split(spare as usize));
        Held(Some(Arc::new(self.permit)))
    }
}

/// A body's share of the room, given back with the last clone; the default holds nothing.
#[derive(Clone, Default)]
pub struct Held(#[expect(dead_code, reason = "held, not read")] Option<Arc<OwnedSemaphorePermit>>);

impl fmt::Debug for Held {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Held")
    }
}

/// What is held makes nothing another thing.
impl PartialEq for Held {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

fn units(bytes: u64) -> u32 {
    let units = bytes.div_ceil(UNIT).max(1);
    u32::try_from(units).unwrap_or(u32::MAX >> 1)
}

fn semaphore(units: u32) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(units as usize))
}

async fn acquire(semaphore: &Arc<Semaphore>, units: u32) -> OwnedSemaphorePermit {
    let acquired = semaphore.clone().acquire_many_owned(units).await;
    acquired.expect("the semaphore is never closed")
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    const LARGE: u64 = 8 << 20;

    #[tokio::test]
    async fn room_is_given_back_with_the_last_who_holds_it() {
        let room = Room::new(4 * BEGINNING, BEGINNING);
        let first = room.begin().await.keep(BEGINNING);
        let second = room.begin().await;
        assert!(room.begin().now_or_never().is_none());
        let clone = first.clone();
        drop(first);
        assert!(room.begin().now_or_never().is_none());
        drop(clone);
        let third = room.begin().now_or_never().expect("there is room");
        let (_second, _third) = (second.keep(10), third.keep(10));
        assert!(
            room.begin().now_or_never().is_some(),
            "small ones keep little"
        );
    }

    #[tokio::test]
    async fn large_bodies_wait_for_each_other_alone() {
        let room = Room::new(2 * LARGE, LARGE);
        let mut first = room.begin().await;
        room.grow(&mut first, LARGE).await;
        let mut second = room.begin().await;
        assert!(room.grow(&mut second, LARGE).now_or_never().is_none());
        assert!(room.begin().now_or_never().is_some());
        let first = first.keep(LARGE / 2);
        assert!(room.grow(&mut second, LARGE).now_or_never().is_none());
        drop(first);
        assert!(room.grow(&mut second, LARGE).now_or_never().is_some());
    }

    #[tokio::test]
    async fn however_little_room_there_is_one_body_has_it() {
        let room = Room::new(1, LARGE);
        let mut taken = room.begin().now_or_never().expect("there is room");
        assert!(room.grow(&mut taken, LARGE).now_or_never().is_some());
    }
}
