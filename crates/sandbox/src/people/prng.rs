//! A small seeded generator, so that invented results are the same on every machine.

/// `SplitMix64`: tiny, well spread, not for secrets.
#[derive(Clone, Debug)]
pub(crate) struct Prng(u64);

impl Prng {
    /// Seeded by words, such as a person and a biomarker.
    pub(crate) fn seeded(words: &[&str]) -> Self {
        // FNV-1a over the words, with a separator.
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for word in words {
            for byte in word.bytes().chain([0]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        Self(hash)
    }

    /// 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Evenly from 0 to 1.
    pub(crate) fn unit(&mut self) -> f64 {
        let top = u32::try_from(self.next() >> 32).unwrap_or_default();
        f64::from(top) / f64::from(u32::MAX)
    }

    /// Around 0, mostly within ±1.
    pub(crate) fn bell(&mut self) -> f64 {
        (self.unit() + self.unit() + self.unit()) * 2.0 - 3.0
    }
}
