//! Sorting, and finding a word, for all views: each use of the library's own costs kilobytes of the download.

use std::cmp::Ordering;

/// Whether a word stands in a text. The library's own search is for long words.
pub(super) fn is_in(text: &[u8], word: &[u8]) -> bool {
    let Some(first) = word.first() else {
        return true;
    };
    let mut places = text.windows(word.len());
    places.any(|place| place.first() == Some(first) && place == word)
}

/// Sorts places by what stands there, and leaves equals in their order: pairs of runs are merged until one is left.
pub(super) fn sort(places: &mut [usize], compare: &mut dyn FnMut(usize, usize) -> Ordering) {
    let mut runs = places.to_vec();
    let mut length = 1;
    while length < places.len() {
        for (run, out) in runs.chunks(2 * length).zip(places.chunks_mut(2 * length)) {
            let (mut left, mut right) = run.split_at(length.min(run.len()));
            // Most of what is sorted comes in order, or nearly.
            if let ([.., a], [b, ..]) = (left, right)
                && compare(*a, *b).is_le()
            {
                out.copy_from_slice(run);
                continue;
            }
            for place in out {
                let takes_right = match (left, right) {
                    ([a, ..], [b, ..]) => compare(*a, *b).is_gt(),
                    (left, _) => left.is_empty(),
                };
                let from = if takes_right { &mut right } else { &mut left };
                if let Some((first, rest)) = from.split_first() {
                    *place = *first;
                    *from = rest;
                }
            }
        }
        runs.copy_from_slice(places);
        length *= 2;
    }
}

#[cfg(test)]
mod tests;
