//! Random numbers: xoshiro256++ (Blackman and Vigna 2019), started by splitmix64, and exponential variates by the
//! ziggurat of 256 layers (Marsaglia and Tsang 2000).

/// Where the lowest layer ends and its tail begins.
const TAIL: f64 = 7.697_117_470_131_05;
/// The area of every layer.
const AREA: f64 = 0.003_949_659_822_581_557;

/// The layers: `x` has their right edges, widest first, `y` the density there, `width` an edge divided by the steps of
/// a 53-bit number.
struct Ziggurat {
    x: [f64; 257],
    y: [f64; 257],
    width: [f64; 256],
}

impl Ziggurat {
    fn new() -> Self {
        let mut x = [0.0; 257];
        x[0] = AREA * TAIL.exp();
        x[1] = TAIL;
        for i in 2..256 {
            let above: f64 = (-x[i - 1]).exp() + AREA / x[i - 1];
            x[i] = -above.ln();
        }
        Self { x, y: x.map(|x| (-x).exp()), width: std::array::from_fn(|i| x[i] * 2f64.powi(-53)) }
    }
}

/// One stream for all draws.
pub struct Random {
    state: [u64; 4],
    ziggurat: Box<Ziggurat>,
}

impl Random {
    pub fn new(mut seed: u64) -> Self {
        let state = std::array::from_fn(|_| {
            seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = seed;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        });
        Self { state, ziggurat: Box::new(Ziggurat::new()) }
    }

    #[inline(always)]
    fn bits(&mut self) -> u64 {
        let s = &mut self.state;
        let bits = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = s[3].rotate_left(45);
        bits
    }

    /// Uniform from 0 to below 1.
    #[inline(always)]
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as i64 as f64 * 2f64.powi(-53)
    }

    /// Exponential of mean 1.
    #[inline(always)]
    pub fn exponential(&mut self) -> f64 {
        let (x, layer) = self.point();
        if x < self.ziggurat.x[layer + 1] { x } else { self.at_the_edge(x, layer) }
    }

    /// Draws a layer, and a point in it.
    #[inline(always)]
    fn point(&mut self) -> (f64, usize) {
        let bits = self.bits();
        let layer = (bits & 255) as usize;
        ((bits >> 11) as i64 as f64 * self.ziggurat.width[layer], layer)
    }

    /// One draw in a hundred needs the density itself.
    #[cold]
    #[inline(never)]
    fn at_the_edge(&mut self, mut x: f64, mut layer: usize) -> f64 {
        loop {
            if layer == 0 {
                return TAIL + self.exponential();
            }
            let (low, high) = (self.ziggurat.y[layer], self.ziggurat.y[layer + 1]);
            if low + self.uniform() * (high - low) < (-x).exp() {
                return x;
            }
            (x, layer) = self.point();
            if x < self.ziggurat.x[layer + 1] {
                return x;
            }
        }
    }
}
