//! Sets of ports.

use std::fmt;

/// Ports by protocol.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ports {
    tcp: Ranges,
    udp: Ranges,
    sctp: Ranges,
}

/// A protocol that has ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// `SCTP`
    Sctp,
    /// `TCP`
    Tcp,
    /// `UDP`
    Udp,
}

impl Protocol {
    /// Reads a protocol's name.
    pub fn parse(name: &str) -> Option<Self> {
        match name.to_ascii_uppercase().as_str() {
            "SCTP" => Some(Self::Sctp),
            "TCP" => Some(Self::Tcp),
            "UDP" => Some(Self::Udp),
            _ => None,
        }
    }
}

/// Ranges of numbers, sorted and apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Ranges(Vec<(u16, u16)>);

const ALL: (u16, u16) = (1, u16::MAX);

impl Ports {
    /// No port.
    pub fn none() -> Self {
        Self::default()
    }

    /// Every port of every protocol.
    pub fn all() -> Self {
        let all = || Ranges(vec![ALL]);
        Self { tcp: all(), udp: all(), sctp: all() }
    }

    /// The ports of a range, both ends included.
    pub fn range(protocol: Protocol, from: u16, to: u16) -> Self {
        let mut ports = Self::none();
        if from.max(1) <= to {
            *ports.ranges_mut(protocol) = Ranges(vec![(from.max(1), to)]);
        }
        ports
    }

    /// All ports of a protocol.
    pub fn of(protocol: Protocol) -> Self {
        Self::range(protocol, ALL.0, ALL.1)
    }

    /// Adds the ports of another set.
    pub fn add(&mut self, other: &Ports) {
        self.tcp.add(&other.tcp);
        self.udp.add(&other.udp);
        self.sctp.add(&other.sctp);
    }

    /// The ports that are in both sets.
    #[must_use]
    pub fn and(&self, other: &Ports) -> Ports {
        Ports {
            tcp: self.tcp.and(&other.tcp),
            udp: self.udp.and(&other.udp),
            sctp: self.sctp.and(&other.sctp),
        }
    }

    /// Tells whether there is no port.
    pub fn is_empty(&self) -> bool {
        self.tcp.0.is_empty() && self.udp.0.is_empty() && self.sctp.0.is_empty()
    }

    /// Tells whether there is every port.
    pub fn is_all(&self) -> bool {
        [&self.tcp, &self.udp, &self.sctp].into_iter().all(|ranges| ranges.0 == [ALL])
    }

    /// Tells whether a port is there.
    pub fn contains(&self, protocol: Protocol, port: u16) -> bool {
        self.ranges(protocol).0.iter().any(|&(from, to)| (from..=to).contains(&port))
    }

    fn ranges(&self, protocol: Protocol) -> &Ranges {
        match protocol {
            Protocol::Sctp => &self.sctp,
            Protocol::Tcp => &self.tcp,
            Protocol::Udp => &self.udp,
        }
    }

    fn ranges_mut(&mut self, protocol: Protocol) -> &mut Ranges {
        match protocol {
            Protocol::Sctp => &mut self.sctp,
            Protocol::Tcp => &mut self.tcp,
            Protocol::Udp => &mut self.udp,
        }
    }
}

impl Ranges {
    fn add(&mut self, other: &Ranges) {
        self.0.extend(&other.0);
        self.0.sort_unstable();
        let mut merged: Vec<(u16, u16)> = Vec::with_capacity(self.0.len());
        for &(from, to) in &self.0 {
            match merged.last_mut() {
                Some(last) if u32::from(from) <= u32::from(last.1) + 1 => last.1 = last.1.max(to),
                _ => merged.push((from, to)),
            }
        }
        self.0 = merged;
    }

    fn and(&self, other: &Ranges) -> Ranges {
        let mut found = Vec::new();
        for &(from, to) in &self.0 {
            for &(other_from, other_to) in &other.0 {
                let (from, to) = (from.max(other_from), to.min(other_to));
                if from <= to {
                    found.push((from, to));
                }
            }
        }
        Ranges(found)
    }
}

/// `All Connections`, `No Connections`, `TCP 80,443,1000-2000,UDP 53`.
impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_all() {
            return f.write_str("All Connections");
        }
        if self.is_empty() {
            return f.write_str("No Connections");
        }
        let mut separator = "";
        for (name, ranges) in [("SCTP", &self.sctp), ("TCP", &self.tcp), ("UDP", &self.udp)] {
            if ranges.0.is_empty() {
                continue;
            }
            write!(f, "{separator}{name} ")?;
            for (index, (from, to)) in ranges.0.iter().enumerate() {
                let comma = if index > 0 { "," } else { "" };
                if from == to {
                    write!(f, "{comma}{from}")?;
                } else {
                    write!(f, "{comma}{from}-{to}")?;
                }
            }
            separator = ",";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_joined_and_printed() {
        let mut ports = Ports::range(Protocol::Tcp, 443, 443);
        ports.add(&Ports::range(Protocol::Tcp, 80, 80));
        ports.add(&Ports::range(Protocol::Tcp, 1000, 1500));
        ports.add(&Ports::range(Protocol::Tcp, 1501, 2000));
        ports.add(&Ports::range(Protocol::Udp, 53, 53));
        assert_eq!(ports.to_string(), "TCP 80,443,1000-2000,UDP 53");
        assert_eq!(ports.and(&Ports::of(Protocol::Udp)).to_string(), "UDP 53");
        assert_eq!(Ports::all().to_string(), "All Connections");
        assert!(ports.and(&Ports::of(Protocol::Sctp)).is_empty());
        assert!(ports.contains(Protocol::Tcp, 1999) && !ports.contains(Protocol::Udp, 80));
    }
}
