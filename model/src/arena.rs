//! An append-only list that grows through a shared reference.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Slots of the first chunk; each further chunk is twice as large as the one before.
const FIRST: u32 = 1024;
/// Enough chunks for every `u32` index.
const CHUNKS: usize = 23;

/// An append-only list whose elements never move, so that threads can push while others read.
///
/// An element is reached by the index that [`Arena::push`] returned. Capacity is 2^32 - 1024 elements.
pub struct Arena<T> {
    chunks: [OnceLock<Box<[OnceLock<T>]>>; CHUNKS],
    next: AtomicU32,
}

impl<T> Arena<T> {
    /// Makes an empty arena; allocates nothing.
    pub fn new() -> Self {
        Self { chunks: [const { OnceLock::new() }; CHUNKS], next: AtomicU32::new(0) }
    }

    /// Appends `item` and returns its index.
    ///
    /// # Panics
    /// When more than `u32::MAX` elements are pushed: evaluators bound their output long before.
    pub fn push(&self, item: T) -> u32 {
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        assert!(index < u32::MAX - FIRST, "arena is full");
        let (chunk, offset, length) = place(index);
        let slots = self.chunks[chunk].get_or_init(|| (0..length).map(|_| OnceLock::new()).collect());
        // Invariant: `fetch_add` hands out each index once, so the slot is empty.
        let _ = slots[offset].set(item);
        index
    }

    /// Returns the element at `index`, if it was pushed and its push has ended.
    pub fn get(&self, index: u32) -> Option<&T> {
        let (chunk, offset, _) = place(index);
        self.chunks.get(chunk)?.get()?.get(offset)?.get()
    }

    /// Counts the elements pushed so far.
    pub fn len(&self) -> usize {
        self.next.load(Ordering::Relaxed) as usize
    }

    /// Tells whether nothing was pushed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Visits all elements in the order of their indexes.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        (0..self.next.load(Ordering::Relaxed)).filter_map(|index| self.get(index))
    }
}

/// Chunk number, offset in it and its length for an index.
fn place(index: u32) -> (usize, usize, usize) {
    let shifted = index / FIRST + 1;
    let chunk = shifted.ilog2();
    let length = FIRST << chunk.min(21);
    let start = FIRST.wrapping_mul((1 << chunk) - 1);
    (chunk as usize, (index - start) as usize, length as usize)
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for Arena<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Arena({} elements)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_keep_their_index_over_chunk_borders() {
        let arena = Arena::new();
        for n in 0..10_000_u32 {
            assert_eq!(arena.push(n), n);
        }
        assert!((0..10_000).all(|n| arena.get(n) == Some(&n)));
        assert_eq!(arena.get(10_000), None);
        assert_eq!(arena.iter().count(), 10_000);
    }

    #[test]
    fn threads_push_side_by_side() {
        let arena = Arena::new();
        std::thread::scope(|scope| {
            for thread in 0..4_u32 {
                let arena = &arena;
                scope.spawn(move || {
                    for n in 0..5_000 {
                        let index = arena.push((thread, n));
                        assert_eq!(arena.get(index), Some(&(thread, n)));
                    }
                });
            }
        });
        assert_eq!(arena.len(), 20_000);
    }
}
