//! For whom a certificate or a request for one is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The subject of an X.509 certificate or of a PKCS #10 request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateSubject {
    /// Common name: Kubernetes' user.
    pub common_name: Option<String>,
    /// Organisations: Kubernetes' groups.
    pub organizations: Vec<String>,
}

impl CertificateSubject {
    /// Reads what Kubernetes keeps in base64: a certificate or request in PEM. `None` if it is neither.
    pub fn parse(data: &str) -> Option<Self> {
        let compact: String = data.split_whitespace().collect();
        let pem = STANDARD.decode(compact).ok()?;
        let pem = std::str::from_utf8(&pem).ok()?;
        let (_, rest) = pem.split_once("-----BEGIN ")?;
        let (label, rest) = rest.split_once("-----")?;
        let (body, _) = rest.split_once("-----END ")?;
        let der = STANDARD.decode(body.split_whitespace().collect::<String>()).ok()?;
        let subject = match label {
            "CERTIFICATE" => of_certificate(&der)?,
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => of_request(&der)?,
            _ => return None,
        };
        Some(read_names(subject))
    }
}

/// DER tags that are used here.
const INTEGER: u8 = 0x02;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

/// 2.5.4.3 and 2.5.4.10
const COMMON_NAME: [u8; 3] = [0x55, 0x04, 0x03];
const ORGANIZATION: [u8; 3] = [0x55, 0x04, 0x0a];

/// One element: its tag, its content, what follows it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first & 0x80 != 0 {
        let count = usize::from(first & 0x7f);
        // More than four bytes of length are no certificate.
        if count == 0 || count > 4 {
            return None;
        }
        let digits = rest.get(..count)?;
        length = digits.iter().fold(0, |length, &digit| (length << 8) | usize::from(digit));
        rest = rest.get(count..)?;
    }
    Some((tag, rest.get(..length)?, rest.get(length..)?))
}

fn expect(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, content, rest) = element(bytes)?;
    (found == tag).then_some((content, rest))
}

/// RFC 5280, 4.1: version, serial number, signature, issuer, validity, subject.
fn of_certificate(der: &[u8]) -> Option<&[u8]> {
    let (certificate, _) = expect(der, SEQUENCE)?;
    let (mut rest, _) = expect(certificate, SEQUENCE)?;
    if let Some((_, after)) = expect(rest, VERSION) {
        rest = after;
    }
    let (_, rest) = expect(rest, INTEGER)?;
    let (_, rest) = expect(rest, SEQUENCE)?;
    let (_, rest) = expect(rest, SEQUENCE)?;
    let (_, rest) = expect(rest, SEQUENCE)?;
    Some(expect(rest, SEQUENCE)?.0)
}

/// RFC 2986, 4.1: version, subject.
fn of_request(der: &[u8]) -> Option<&[u8]> {
    let (request, _) = expect(der, SEQUENCE)?;
    let (info, _) = expect(request, SEQUENCE)?;
    let (_, rest) = expect(info, INTEGER)?;
    Some(expect(rest, SEQUENCE)?.0)
}

/// Sets of attributes, each an identifier and a string.
fn read_names(mut sets: &[u8]) -> CertificateSubject {
    let mut subject = CertificateSubject::default();
    while let Some((_, mut attributes, rest)) = element(sets) {
        sets = rest;
        while let Some((_, attribute, rest)) = element(attributes) {
            attributes = rest;
            let Some((identifier, value)) = expect(attribute, OBJECT_IDENTIFIER) else { continue };
            let Some((_, text, _)) = element(value) else { continue };
            let text = String::from_utf8_lossy(text).into_owned();
            if identifier == COMMON_NAME {
                subject.common_name = Some(text);
            } else if identifier == ORGANIZATION {
                subject.organizations.push(text);
            }
        }
    }
    subject
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by `openssl req -new -subj "/O=system:masters/O=ops/CN=jane"`.
    const REQUEST: &str = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIeE1JR1lBZ0VBTURZeEZ6QVZCZ05WQkFvTURuTjVjM1JsYlRwdFlYTjBaWEp6TVF3d0NnWURWUVFLREFOdgpjSE14RFRBTEJnTlZCQU1NQkdwaGJtVXdXVEFUQmdjcWhrak9QUUlCQmdncWhrak9QUU1CQndOQ0FBUmxUck5iCnZlclNKazZxVVlTTXRwQTlSNEt6UEJpZEVhREpsTFdOSGErZGd6Y0c0Zi94a25KV2hiZXl4K0FFOUc1T0V3ODQKbDE5M0N5dDdCNmFGT2xOZ29BQXdDZ1lJS29aSXpqMEVBd0lEU0FBd1JRSWhBSVRGclZjeFZFc0VxbFhkVW1rUwpxY3JzK2IvZGdTeStNVFFxMnJuNWwyMUdBaUJ0d2wwMEFJcnMxeW5ncXVnNlN5L3BCL2x0S25sVEtpbU9UdHJoCnZzV2JzQT09Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=";
    /// Made by `openssl req -x509 -subj "/O=system:masters/CN=kubernetes-admin"`.
    const CERTIFICATE: &str = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJ2akNDQVdPZ0F3SUJBZ0lVSWxoNjZrSldoWVlPVDVIZlljZDhwTHRSc01Vd0NnWUlLb1pJemowRUF3SXcKTkRFWE1CVUdBMVVFQ2d3T2MzbHpkR1Z0T20xaGMzUmxjbk14R1RBWEJnTlZCQU1NRUd0MVltVnlibVYwWlhNdApZV1J0YVc0d0hoY05Nall4TVRJMU1qQTBNRFF3V2hjTk16WXhNVEl5TWpBME1EUXdXakEwTVJjd0ZRWURWUVFLCkRBNXplWE4wWlcwNmJXRnpkR1Z5Y3pFWk1CY0dBMVVFQXd3UWEzVmlaWEp1WlhSbGN5MWhaRzFwYmpCWk1CTUcKQnlxR1NNNDlBZ0VHQ0NxR1NNNDlBd0VIQTBJQUJId09nSDRoemgvK2duZTVlbExETjhFOHU2bkR3R1dQS1puRgpUaFBpR2l2cFBtOW05ME5mZE1aVjRCVkZzNnNRMjFCNC8za3htcC8vb3dGV3FiMnJhbjJqVXpCUk1CMEdBMVVkCkRnUVdCQlNSM1RybUhHWnVJOFNnd0RXYzMxTHBpd3liK0RBZkJnTlZIU01FR0RBV2dCU1IzVHJtSEdadUk4U2cKd0RXYzMxTHBpd3liK0RBUEJnTlZIUk1CQWY4RUJUQURBUUgvTUFvR0NDcUdTTTQ5QkFNQ0Ewa0FNRVlDSVFEQQpGTkd2Y1A2SnluYmJ2TDNtTHpGY3hhem56VXRXUHU3ZEZUYlBQZDZQaHdJaEFQbUZnMnpFMnYxcmxtYXQ5NjFWCmFXL2YzVDRPN3VnTHhVK2pUUnkwVXZJRAotLS0tLUVORCBDRVJUSUZJQ0FURS0tLS0tCg==";

    #[test]
    fn subjects_are_read() {
        let request = CertificateSubject::parse(REQUEST).expect("it is a request");
        assert_eq!(request.common_name.as_deref(), Some("jane"));
        assert_eq!(request.organizations, ["system:masters", "ops"]);
        let certificate = CertificateSubject::parse(CERTIFICATE).expect("it is a certificate");
        assert_eq!(certificate.common_name.as_deref(), Some("kubernetes-admin"));
        assert_eq!(certificate.organizations, ["system:masters"]);
    }

    #[test]
    fn whatever_else_is_nothing() {
        for text in ["", "x", "LS0tLS1CRUdJTi==", "e30="] {
            assert_eq!(CertificateSubject::parse(text), None, "{text}");
        }
        let der = STANDARD.decode(REQUEST).expect("base64");
        for end in 0..der.len() {
            let cut = STANDARD.encode(&der[..end]);
            let _ = CertificateSubject::parse(&cut);
        }
        for length in 0..40 {
            assert!(element(&vec![0x84; length]).is_none());
        }
    }
}
