//! Go's net/url: parsing and printing URLs.

use std::net::Ipv6Addr;

use iac_gotemplate::quoted;

/// A parsed URL. All parts are bytes: unescaping can give any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Url {
    pub(crate) scheme: Vec<u8>,
    pub(crate) opaque: Vec<u8>,
    pub(crate) user: Option<User>,
    pub(crate) host: Vec<u8>,
    pub(crate) path: Vec<u8>,
    pub(crate) query: Vec<u8>,
    pub(crate) fragment: Vec<u8>,
}

/// User name and password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct User {
    name: Vec<u8>,
    password: Option<Vec<u8>>,
}

/// The part of a URL that is escaped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Fragment,
    Host,
    Path,
    User,
    Zone,
}

impl Url {
    /// Parses a URL. Go: url.Parse.
    ///
    /// # Errors
    /// In Go's words.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, String> {
        let (before, fragment) = cut(text, b'#');
        let failed = |text: &[u8], why: String| format!("parse {}: {why}", quoted(text));
        let mut url = Self::parse_without_fragment(before).map_err(|why| failed(before, why))?;
        if let Some(fragment) = fragment {
            url.fragment = unescape(fragment, Part::Fragment).map_err(|why| failed(text, why))?;
        }
        Ok(url)
    }

    fn parse_without_fragment(text: &[u8]) -> Result<Self, String> {
        if text.iter().any(|&byte| byte < b' ' || byte == 0x7f) {
            return Err("net/url: invalid control character in URL".into());
        }
        let mut url = Self::default();
        if text == b"*" {
            url.path = text.to_vec();
            return Ok(url);
        }
        let (scheme, rest) = split_scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        let (mut rest, query) = cut(rest, b'?');
        url.query = query.unwrap_or_default().to_vec();
        if !rest.starts_with(b"/") {
            if !url.scheme.is_empty() {
                url.opaque = rest.to_vec();
                return Ok(url);
            }
            if cut(rest, b'/').0.contains(&b':') {
                return Err("first path segment in URL cannot contain colon".into());
            }
        }
        if rest.starts_with(b"//") && (!url.scheme.is_empty() || !rest.starts_with(b"///")) {
            let authority = &rest[2..];
            let end = authority.iter().position(|&byte| byte == b'/').unwrap_or(authority.len());
            rest = &authority[end..];
            (url.user, url.host) = parse_authority(&url.scheme, &authority[..end])?;
        }
        url.path = unescape(rest, Part::Path)?;
        Ok(url)
    }

    /// The host without its port and brackets. Go: URL.Hostname.
    pub(crate) fn hostname(&self) -> &[u8] {
        let mut host = self.host.as_slice();
        if let Some(colon) = host.iter().rposition(|&byte| byte == b':')
            && is_port(&host[colon..])
        {
            host = &host[..colon];
        }
        host.strip_prefix(b"[").and_then(|inner| inner.strip_suffix(b"]")).unwrap_or(host)
    }

    /// Prints the URL. Go: URL.String, of a URL that was put together and not parsed.
    pub(crate) fn print(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.scheme.is_empty() {
            out.extend_from_slice(&self.scheme);
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.print_hierarchy(&mut out);
        } else {
            out.extend_from_slice(&self.opaque);
        }
        if !self.query.is_empty() {
            out.push(b'?');
            out.extend_from_slice(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            escape(&mut out, &self.fragment, Part::Fragment);
        }
        out
    }

    fn print_hierarchy(&self, out: &mut Vec<u8>) {
        let authority = !self.host.is_empty() || self.user.is_some();
        if authority || (!self.scheme.is_empty() && !self.path.is_empty()) {
            out.extend_from_slice(b"//");
        }
        if let Some(user) = &self.user {
            out.extend_from_slice(&user.print());
            out.push(b'@');
        }
        escape(out, &self.host, Part::Host);
        let mut path = Vec::new();
        match self.path.as_slice() {
            b"*" => path.push(b'*'),
            plain => escape(&mut path, plain, Part::Path),
        }
        if !path.is_empty() && path[0] != b'/' && !self.host.is_empty() {
            out.push(b'/');
        }
        // A colon in the first segment would make it a scheme.
        if out.is_empty() && cut(&path, b'/').0.contains(&b':') {
            out.extend_from_slice(b"./");
        }
        out.append(&mut path);
    }
}

impl User {
    /// Go: Userinfo.String.
    pub(crate) fn print(&self) -> Vec<u8> {
        let mut out = Vec::new();
        escape(&mut out, &self.name, Part::User);
        if let Some(password) = &self.password {
            out.push(b':');
            escape(&mut out, password, Part::User);
        }
        out
    }
}

/// Splits at the first `byte`, which is dropped.
fn cut(text: &[u8], byte: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|&found| found == byte) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

/// Go: getScheme.
fn split_scheme(text: &[u8]) -> Result<(&[u8], &[u8]), String> {
    for (at, &byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".into()),
            b':' => return Ok((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Ok((b"", text))
}

fn parse_authority(scheme: &[u8], authority: &[u8]) -> Result<(Option<User>, Vec<u8>), String> {
    let Some(at) = authority.iter().rposition(|&byte| byte == b'@') else {
        return Ok((None, parse_host(scheme, authority)?));
    };
    let host = parse_host(scheme, &authority[at + 1..])?;
    let info = &authority[..at];
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte);
    if !info.iter().all(fits) {
        return Err("net/url: invalid userinfo".into());
    }
    let (name, password) = cut(info, b':');
    let name = unescape(name, Part::User)?;
    let password = password.map(|password| unescape(password, Part::User)).transpose()?;
    Ok((Some(User { name, password }), host))
}

/// Go: parseHost.
fn parse_host(scheme: &[u8], host: &[u8]) -> Result<Vec<u8>, String> {
    let bracket = host.iter().rposition(|&byte| byte == b'[');
    let bad_port = |port: &[u8]| format!("invalid port {} after host", quoted(port));
    match bracket {
        Some(0) => {}
        Some(_) => return Err("invalid IP-literal".into()),
        None => {
            if let Some(first) = host.iter().position(|&byte| byte == b':') {
                // Lists of hosts, which databases use, are allowed but for http.
                let strict = scheme == b"http" || scheme == b"https";
                let last = host.iter().rposition(|&byte| byte == b':').unwrap_or(first);
                let port = &host[if strict { first } else { last }..];
                if !is_port(port) {
                    return Err(bad_port(port));
                }
            }
            return unescape(host, Part::Host);
        }
    }
    let Some(end) = host.iter().rposition(|&byte| byte == b']') else {
        return Err("missing ']' in host".into());
    };
    let port = &host[end + 1..];
    if !is_port(port) {
        return Err(bad_port(port));
    }
    let name = &host[1..end];
    let zone = name.windows(3).position(|window| window == b"%25").unwrap_or(name.len());
    let mut address = unescape(&name[..zone], Part::Host)?;
    let plain = String::from_utf8_lossy(&address).into_owned();
    address.extend(unescape(&name[zone..], Part::Zone)?);
    if !plain.contains(':') || plain.parse::<Ipv6Addr>().is_err() || address.ends_with(b"%") {
        if plain.parse::<std::net::Ipv4Addr>().is_ok() {
            return Err("invalid IP-literal".into());
        }
        return Err(format!("invalid host: ParseAddr({}): unable to parse IP", quoted(&address)));
    }
    Ok([b"[", address.as_slice(), b"]", port].concat())
}

/// Go: validOptionalPort.
fn is_port(port: &[u8]) -> bool {
    match port {
        [] => true,
        [b':', digits @ ..] => digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Go: unescape.
fn unescape(text: &[u8], part: Part) -> Result<Vec<u8>, String> {
    let bad_escape = |text: &[u8]| format!("invalid URL escape {}", quoted(text));
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let byte = text[at];
        if byte != b'%' {
            if matches!(part, Part::Host | Part::Zone) && byte.is_ascii() && is_escaped(byte, part) {
                return Err(format!("invalid character {} in host name", quoted([byte])));
            }
            out.push(byte);
            at += 1;
            continue;
        }
        let digit = |at: usize| text.get(at).and_then(|&byte| char::from(byte).to_digit(16));
        let (Some(high), Some(low)) = (digit(at + 1), digit(at + 2)) else {
            return Err(bad_escape(&text[at..text.len().min(at + 3)]));
        };
        let (escape, value) = (&text[at..at + 3], (high * 16 + low) as u8);
        // In hosts only other bytes than ASCII may be escaped; in zones nothing that would change them.
        let refused = match part {
            Part::Host => high < 8 && escape != b"%25",
            Part::Zone => escape != b"%25" && value != b' ' && is_escaped(value, Part::Host),
            Part::Fragment | Part::Path | Part::User => false,
        };
        if refused {
            return Err(bad_escape(escape));
        }
        out.push(value);
        at += 3;
    }
    Ok(out)
}

fn escape(out: &mut Vec<u8>, text: &[u8], part: Part) {
    for &byte in text {
        if is_escaped(byte, part) {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        } else {
            out.push(byte);
        }
    }
}

/// Go: shouldEscape.
fn is_escaped(byte: u8, part: Part) -> bool {
    if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
        return false;
    }
    !match part {
        Part::Fragment => b"$&+,/:;=?@!()*".contains(&byte),
        Part::Host | Part::Zone => b"!$&'()*+,;=:[]<>\"".contains(&byte),
        Part::Path => b"$&+,/:;=@".contains(&byte),
        Part::User => b"$&+,;=".contains(&byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let url = Url::parse(b"HTTP://a%40b:p%3Aw@[::1]:80/x%20y?q=1#f%20g").unwrap();
        assert_eq!(url.scheme, b"http");
        assert_eq!(url.user.as_ref().map(User::print).as_deref(), Some(&b"a%40b:p%3Aw"[..]));
        assert_eq!((url.host.as_slice(), url.hostname()), (&b"[::1]:80"[..], &b"::1"[..]));
        assert_eq!((url.path.as_slice(), url.query.as_slice()), (&b"/x y"[..], &b"q=1"[..]));
        assert_eq!(url.print(), b"http://a%40b:p%3Aw@[::1]:80/x%20y?q=1#f%20g");
        assert_eq!(Url::parse(b"mailto:a@b").unwrap().opaque, b"a@b");
    }

    #[test]
    fn errors_are_worded_as_in_go() {
        for (text, message) in [
            ("http://h:p/", "parse \"http://h:p/\": invalid port \":p\" after host"),
            ("a b://x", "parse \"a b://x\": first path segment in URL cannot contain colon"),
            ("/%zz", "parse \"/%zz\": invalid URL escape \"%zz\""),
            (":x", "parse \":x\": missing protocol scheme"),
            ("http://a b/", "parse \"http://a b/\": invalid character \" \" in host name"),
        ] {
            assert_eq!(Url::parse(text.as_bytes()).unwrap_err(), message);
        }
    }
}
