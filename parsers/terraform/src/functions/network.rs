//! IP networks: `cidrhost`, `cidrnetmask`, `cidrsubnet`, `cidrsubnets`, and OpenTofu's `cidrcontains`; go-cidr: cidr.go.

use std::net::{Ipv4Addr, Ipv6Addr};

use iac_hcl::{Number, Result, Type, Value};

use super::Call;
use super::function::{Function, NUMBER, STRING, Want};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("cidrcontains", &[STRING, STRING], Want::Bool, contains),
    Function::new("cidrhost", &[STRING, NUMBER], Want::String, host),
    Function::new("cidrnetmask", &[STRING], Want::String, netmask),
    Function::new("cidrsubnet", &[STRING, NUMBER, NUMBER], Want::String, subnet),
    Function::new("cidrsubnets", &[STRING], Want::Strings, subnets).and_more(NUMBER),
];

/// An address: IPv4 in 32 bits or IPv6 in 128.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Address {
    bits: u32,
    number: u128,
}

/// A network: what is behind the prefix is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    address: Address,
    prefix: u32,
}

impl Address {
    fn parse(text: &str) -> Option<Self> {
        match parse_ipv4(text) {
            Some(number) => Some(Self { bits: 32, number: u128::from(number) }),
            None => Some(Self { bits: 128, number: parse_ipv6(text)? }),
        }
    }

    fn text(self) -> String {
        match (self.bits, self.number >> 32) {
            // Go prints addresses of IPv4 in IPv6 as IPv4.
            (32, _) | (_, 0xffff) => Ipv4Addr::from(self.number as u32).to_string(),
            _ => Ipv6Addr::from(self.number).to_string(),
        }
    }
}

impl Network {
    /// Terraform takes octets with leading zeros, as decimals.
    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let address = Address::parse(address)?;
        let right =
            !prefix.is_empty() && prefix.len() < 8 && prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix: u32 = if right { prefix.parse().ok()? } else { return None };
        (prefix <= address.bits).then(|| Self { address, prefix }.masked())
    }

    fn masked(self) -> Self {
        let number = self.address.number & !self.host_mask();
        Self { address: Address { number, ..self.address }, ..self }
    }

    /// Ones where hosts are numbered.
    fn host_mask(self) -> u128 {
        ones(self.address.bits - self.prefix)
    }

    fn contains(self, address: Address) -> bool {
        self.address.bits == address.bits && address.number & !self.host_mask() == self.address.number
    }

    fn text(self) -> String {
        format!("{}/{}", self.address.text(), self.prefix)
    }
}

/// So many ones.
fn ones(count: u32) -> u128 {
    if count >= 128 { u128::MAX } else { (1 << count) - 1 }
}

fn parse_ipv4(text: &str) -> Option<u32> {
    let mut number = 0_u32;
    let parts: Vec<&str> = text.split('.').collect();
    if parts.len() != 4 {
        return None;
    }
    for part in parts {
        let right = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let octet: u32 = if right { part.trim_start_matches('0').parse().unwrap_or(0) } else { return None };
        if octet > 255 || part.trim_start_matches('0').len() > 3 {
            return None;
        }
        number = number << 8 | octet;
    }
    Some(number)
}

fn parse_ipv6(text: &str) -> Option<u128> {
    // The IPv4 form at the end may have leading zeros too.
    let text = match text.rsplit_once(':') {
        Some((head, tail)) if tail.contains('.') => {
            let number = parse_ipv4(tail)?;
            format!("{head}:{:x}:{:x}", number >> 16, number & 0xffff)
        }
        _ => text.to_owned(),
    };
    let short: Vec<String> = text
        .split(':')
        .map(|part| match part.trim_start_matches('0') {
            "" if !part.is_empty() => "0".to_owned(),
            short => short.to_owned(),
        })
        .collect();
    short.join(":").parse::<Ipv6Addr>().ok().map(u128::from)
}

fn network(call: &Call<'_>) -> Result<Network> {
    let text = call.string(0);
    Network::parse(text).ok_or_else(|| call.error(format!("invalid CIDR expression: {text:?}")))
}

/// A whole number of any size, as far as addresses need it.
fn whole(call: &Call<'_>, index: usize) -> Result<i128> {
    let number = call.value(index).as_number().filter(|number| number.is_integer());
    match number.map(Number::to_string).and_then(|digits| digits.parse().ok()) {
        Some(number) => Ok(number),
        None => call.fail(format!("argument {} must be a whole number", index + 1)),
    }
}

fn host(call: &Call<'_>) -> Result<Value> {
    let number = whole(call, 1)?;
    let network = network(call)?;
    let most = network.host_mask();
    let too_large = || {
        let prefix = network.prefix;
        call.error(format!("a prefix of {prefix} does not accommodate a host numbered {number}"))
    };
    let host = if number < 0 {
        // Counted from the end: -1 is the last.
        let from_end = (-1 - number) as u128;
        most.checked_sub(from_end).ok_or_else(too_large)?
    } else {
        // go-cidr: only the low 64 bits, as a signed integer, are compared.
        let compared = u128::try_from(number as i64).unwrap_or(0);
        let fits = compared <= most && number as u128 <= ones(network.address.bits);
        Some(number as u128).filter(|_| fits).ok_or_else(too_large)?
    };
    let address = Address { number: network.address.number | host, ..network.address };
    Ok(call.make_string(address.text()))
}

fn netmask(call: &Call<'_>) -> Result<Value> {
    let network = network(call)?;
    if network.address.bits != 32 {
        return call.fail("IPv6 addresses cannot have a netmask");
    }
    let number = ones(32) & !network.host_mask();
    Ok(call.make_string(Address { number, ..network.address }.text()))
}

fn subnet(call: &Call<'_>) -> Result<Value> {
    let new_bits = call.whole(1)?;
    let number = whole(call, 2)?;
    let network = network(call)?;
    let bits = network.address.bits;
    let prefix = i64::from(network.prefix).saturating_add(new_bits);
    if prefix < 0 && number == 0 {
        // Go: net.IPNet prints so when its mask is none, and go-cidr checks only that a prefix is not too long.
        return Ok(call.make_string("<nil>"));
    }
    let Some(prefix) = u32::try_from(prefix).ok().filter(|prefix| *prefix <= bits) else {
        let old = network.prefix;
        return call.fail(format!("insufficient address space to extend prefix of {old} by {new_bits}"));
    };
    // go-cidr: only the low 64 bits of the distance from zero are compared, in an integer of 64 bits.
    let most = match u32::try_from(new_bits) {
        Ok(new_bits) if new_bits < 64 => (1_u64 << new_bits) - 1,
        _ => u64::MAX,
    };
    if number.unsigned_abs() as u64 > most {
        let message =
            format!("prefix extension of {new_bits} does not accommodate a subnet numbered {number}");
        return call.fail(message);
    }
    let shift = bits - prefix;
    let placed = if shift >= 128 { 0 } else { (number as u128) << shift };
    if number >= 0 && placed > ones(bits) {
        return call.fail(format!("a subnet numbered {number} leads out of all addresses"));
    }
    let mut address = network.address.number | placed;
    if number < 0 {
        // go-cidr: the bytes of a negative number are those of its distance from zero.
        address = address.wrapping_neg();
    }
    let address = Address { number: address & ones(bits), bits };
    Ok(call.make_string(Network { address, prefix }.text()))
}

fn subnets(call: &Call<'_>) -> Result<Value> {
    let network = network(call)?;
    let bits = network.address.bits;
    let mut results = Vec::new();
    // Where the next subnet may start.
    let mut next = Some(network.address.number);
    for index in 1..call.arguments.len() {
        let length = call.whole(index)?;
        if !(1..=32).contains(&length) {
            return call.fail(format!("argument {} must extend the prefix by 1 to 32 bits", index + 1));
        }
        let prefix = network.prefix + length as u32;
        if prefix > bits {
            return call.fail(format!("argument {} would extend the prefix to {prefix} bits", index + 1));
        }
        let size = ones(bits - prefix);
        let start = next.and_then(|next| next.checked_add(size)).map(|number| number & !size);
        let fits = start.filter(|&number| network.contains(Address { number, bits }));
        // go-cidr: an address of all zeros is taken for the sign that numbers ran out.
        let Some(number) = fits.filter(|&number| number != 0) else {
            return call.fail(format!("not enough remaining address space for a subnet of {prefix} bits"));
        };
        results.push(call.make_string(Network { address: Address { number, bits }, prefix }.text()));
        next =
            number.checked_add(size).and_then(|last| last.checked_add(1)).filter(|next| *next <= ones(bits));
    }
    Ok(call.make_list(Type::String, results))
}

fn contains(call: &Call<'_>) -> Result<Value> {
    let network = network(call)?;
    let text = call.string(1);
    let (address, prefix) = match Network::parse(text) {
        Some(inner) => (inner.address, inner.prefix),
        None => match Address::parse(text) {
            Some(address) => (address, address.bits),
            None => return call.fail(format!("{text:?} is neither an address nor a CIDR expression")),
        },
    };
    if address.bits != network.address.bits {
        return call.fail("the address families differ");
    }
    Ok(call.make_bool(prefix >= network.prefix && network.contains(address)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_read_and_printed() {
        for (text, printed) in [
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("010.001.0.0/16", "10.1.0.0/16"),
            ("2001:db8::1/32", "2001:db8::/32"),
            ("::ffff:10.0.0.1/128", "10.0.0.1/128"),
        ] {
            assert_eq!(Network::parse(text).map(Network::text).as_deref(), Some(printed), "{text}");
        }
        for text in ["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "256.0.0.0/8", "x/8", "::/129", "1.2.3.4/"] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
