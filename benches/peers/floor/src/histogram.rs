//! Latencies in bins: 128 to each power of two, from 2^-40 s to 2^40 s.

const BITS: u32 = 7;
const LOWEST: i64 = 1023 - 40;
const BINS: usize = 80 << BITS;

/// The count of each bin.
pub struct Histogram(Box<[u64; BINS]>);

impl Default for Histogram {
    fn default() -> Self {
        Self(Box::new([0; BINS]))
    }
}

impl Histogram {
    /// The bin is the exponent of the float and the first bits of its fraction; outliers go to the last bin on their
    /// side.
    #[inline(always)]
    pub fn record(&mut self, value: f64) {
        let bin = (value.to_bits() >> (52 - BITS)) as i64 - (LOWEST << BITS);
        match self.0.get_mut(bin as usize) {
            Some(count) => *count += 1,
            None => self.0[if bin < 0 { 0 } else { BINS - 1 }] += 1,
        }
    }

    /// The value below which this share is, interpolated linearly in its bin.
    pub fn quantile(&self, share: f64) -> f64 {
        let wanted = share * self.0.iter().sum::<u64>() as f64;
        let mut below = 0;
        for (bin, &count) in self.0.iter().enumerate() {
            if (below + count) as f64 >= wanted {
                let (low, high) = (edge(bin), edge(bin + 1));
                return low + (high - low) * (wanted - below as f64) / count as f64;
            }
            below += count;
        }
        f64::INFINITY
    }
}

fn edge(bin: usize) -> f64 {
    let fraction = 1.0 + (bin & ((1 << BITS) - 1)) as f64 / f64::from(1 << BITS);
    fraction * 2f64.powi(((bin >> BITS) as i64 + LOWEST - 1023) as i32)
}
