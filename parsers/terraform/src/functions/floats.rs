//! Machine floats to the last bit as Go computes them.

/// Go: math.Pow. It multiplies whole powers out, so that 3^35 is exact to the last bit.
pub(super) fn pow(base: f64, power: f64) -> f64 {
    if base == 1.0 || power == 0.0 {
        return 1.0;
    }
    let special = base == 0.0 || !base.is_finite() || !power.is_finite() || power.abs() == 0.5;
    if special || (base < 0.0 && power.fract() != 0.0) {
        return base.powf(power);
    }
    let (mut whole, mut fraction) = (power.abs().trunc(), power.abs().fract());
    if whole >= 9.223_372_036_854_776e18 {
        return base.powf(power);
    }
    let (mut mantissa, mut exponent) = (1.0, 0_i64);
    if fraction != 0.0 {
        if fraction > 0.5 {
            fraction -= 1.0;
            whole += 1.0;
        }
        mantissa = exp(fraction * ln(base));
    }
    let (mut x, mut x_exponent) = split(base);
    let mut rest = whole as i64;
    while rest != 0 {
        if !(-4096..=4096).contains(&x_exponent) {
            exponent += x_exponent;
            break;
        }
        if rest & 1 == 1 {
            mantissa *= x;
            exponent += x_exponent;
        }
        x *= x;
        x_exponent <<= 1;
        if x < 0.5 {
            x += x;
            x_exponent -= 1;
        }
        rest >>= 1;
    }
    if power < 0.0 {
        mantissa = 1.0 / mantissa;
        exponent = -exponent;
    }
    scaled(mantissa, exponent)
}

/// `ln 2` in two parts: the first has zeros at its end, so that its multiples are exact.
const LN2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// Go: math.Log, which differs from the machine's library in the last bit.
pub(super) fn ln(x: f64) -> f64 {
    const L: [f64; 7] = [
        0.666_666_666_666_673_5,
        0.399_999_999_994_094_2,
        0.285_714_287_436_623_9,
        0.222_221_984_321_497_84,
        0.181_835_721_616_180_5,
        0.153_138_376_992_093_73,
        0.147_981_986_051_165_86,
    ];
    if x.is_nan() || x <= 0.0 || x.is_infinite() {
        return x.ln();
    }
    let (mut fraction, mut exponent) = split(x);
    if fraction < std::f64::consts::FRAC_1_SQRT_2 {
        fraction *= 2.0;
        exponent -= 1;
    }
    let (f, k) = (fraction - 1.0, exponent as f64);
    let s = f / (2.0 + f);
    let (s2, s4) = (s * s, s * s * (s * s));
    let odd = s2 * (L[0] + s4 * (L[2] + s4 * (L[4] + s4 * L[6])));
    let even = s4 * (L[1] + s4 * (L[3] + s4 * L[5]));
    let half = 0.5 * f * f;
    k * LN2_HIGH - ((half - (s * (half + odd + even) + k * LN2_LOW)) - f)
}

/// Go: math.Exp as it is on machines with fused multiplication: the argument is taken by sixteenths.
fn exp(x: f64) -> f64 {
    const HIGH: f64 = 0.693_147_180_559_663;
    const LOW: f64 = 2.823_529_056_303_157_7e-13;
    const TAYLOR: [f64; 7] = [
        0.000_198_412_698_412_698_4,
        0.001_388_888_888_888_889,
        0.008_333_333_333_333_333,
        0.041_666_666_666_666_664,
        0.166_666_666_666_666_66,
        0.5,
        1.0,
    ];
    if !x.is_finite() || x.abs() > 700.0 {
        return x.exp();
    }
    let k = (x * std::f64::consts::LOG2_E).round_ties_even();
    let rest = (-LOW).mul_add(k, (-HIGH).mul_add(k, x)) * 0.0625;
    let sum = TAYLOR.iter().fold(2.480_158_730_158_73e-5_f64, |sum, term| sum.mul_add(rest, *term));
    // e^x - 1 of the sixteenth, squared four times.
    let mut y = sum * rest;
    for _ in 0..3 {
        y *= y + 2.0;
    }
    scaled(y.mul_add(y + 2.0, 1.0), k as i64)
}

/// `x = m * 2^e` with `m` in `[0.5, 1)`. Go: math.Frexp.
fn split(x: f64) -> (f64, i64) {
    let (x, shift) = if x.abs() < f64::MIN_POSITIVE { (x * 2_f64.powi(52), -52) } else { (x, 0) };
    let bits = x.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i64 - 1022 + shift;
    (f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52), exponent)
}

/// Go: math.Ldexp.
fn scaled(mantissa: f64, exponent: i64) -> f64 {
    let exponent = exponent.clamp(-2200, 2200) as i32;
    let half = exponent / 2;
    mantissa * 2_f64.powi(half) * 2_f64.powi(exponent - half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_powers_are_multiplied_out() {
        assert_eq!(pow(3.0, 35.0), 50_031_545_098_999_707.0);
        assert_eq!((pow(2.0, -2.0), pow(10.0, 3.0), pow(0.0, 0.0)), (0.25, 1000.0, 1.0));
        assert_eq!(pow(2.0, 1024.0), f64::INFINITY);
        assert_eq!(pow(4.0, 0.5), 2.0);
    }
}
