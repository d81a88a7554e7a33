/// A small generator of numbers that look random and depend only on where it begins (SplitMix64), so that browser and
/// server draw the same.
pub(super) struct Random(u64);

impl Random {
    /// The sequence of one draw for one activity. `text` sets activities apart.
    pub(super) fn new(seed: u64, text: &str, draw: u32) -> Self {
        let mut state = seed ^ (u64::from(draw) << 32);
        for byte in text.bytes() {
            state = (state ^ u64::from(byte)).wrapping_mul(FNV_PRIME);
        }
        Self(state)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`, all equally likely (the bias of one in 2^32 is nothing for courses).
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.next()) * bound as u128;
        (wide >> 64) as usize
    }

    /// Puts a list in a random order (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }
}

const FNV_PRIME: u64 = 0x0000_0100_0000_01B3;
