//! The flags of `derper` on one host.
//!
//! The design document's `/etc/derp/derp.yaml` never existed (R36): derper takes flags, and its `-c` file holds
//! `PrivateKey` and nothing else (`cmd/derper/derper.go`). Paths of keys and certificates belong to the host, so the
//! module adds `-c` and `-certdir`; everything the declaration decides stands here.

use std::net::IpAddr;

/// What the declaration decides about one `derper`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derper<'a> {
    /// The name its certificate is for; `-hostname`.
    pub host_name: &'a str,
    /// The address it listens on; `None`: all.
    pub listen: Option<IpAddr>,
    /// The TCP port it relays on.
    pub port: u16,
    /// The UDP port it answers STUN on; `None`: it does not.
    pub stun_port: Option<u16>,
    /// The TCP port for captive portal checks; `None`: closed.
    pub http_port: Option<u16>,
    /// Where it asks whether a client may use it; `None`: everybody may.
    pub verify_url: Option<&'a str>,
}

impl Derper<'_> {
    /// The arguments, without the paths that the host adds.
    ///
    /// `-certmode manual` makes it serve TLS on any port (otherwise only 443 would be). `-verify-client-url-fail-open`
    /// defaults to true, and then any error, a certificate it does not trust included, lets everybody in.
    #[must_use]
    pub fn args(&self) -> Vec<String> {
        let listen = match self.listen {
            None => format!(":{}", self.port),
            Some(IpAddr::V4(v4)) => format!("{v4}:{}", self.port),
            Some(IpAddr::V6(v6)) => format!("[{v6}]:{}", self.port),
        };
        let mut args = vec![
            format!("-a={listen}"),
            format!("-hostname={}", self.host_name),
            "-certmode=manual".to_owned(),
            match self.http_port {
                Some(port) => format!("-http-port={port}"),
                None => "-http-port=-1".to_owned(),
            },
        ];
        match self.stun_port {
            Some(port) => args.push(format!("-stun-port={port}")),
            None => args.push("-stun=false".to_owned()),
        }
        if let Some(url) = self.verify_url {
            args.push(format!("-verify-client-url={url}"));
            args.push("-verify-client-url-fail-open=false".to_owned());
        }
        args
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verification_fails_closed_and_http_is_off_unless_wanted() {
        let derper = Derper {
            host_name: "derp.example.org",
            listen: None,
            port: 8443,
            stun_port: Some(3478),
            http_port: None,
            verify_url: Some("http://127.0.0.1:8080/verify"),
        };
        assert_eq!(
            derper.args(),
            [
                "-a=:8443",
                "-hostname=derp.example.org",
                "-certmode=manual",
                "-http-port=-1",
                "-stun-port=3478",
                "-verify-client-url=http://127.0.0.1:8080/verify",
                "-verify-client-url-fail-open=false",
            ]
        );
        let other = Derper {
            listen: Some("2001:db8::1".parse().unwrap()),
            stun_port: None,
            http_port: Some(80),
            verify_url: None,
            ..derper
        };
        assert_eq!(other.args()[0], "-a=[2001:db8::1]:8443");
        assert!(other.args().contains(&"-stun=false".to_owned()));
        assert!(other.args().contains(&"-http-port=80".to_owned()));
    }
}
