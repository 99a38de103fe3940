//! Addresses that an operator writes: of the stores, and of the server itself.
//!
//! An address may hold a password. So a mistake names the character that is in the way and what to write instead, and never
//! quotes anything of the address.

use std::net::IpAddr;

use url::{Host, Url};

/// Looks at the address of a store. The error says what is wrong, after the name of the setting.
pub(crate) fn store(address: &str, schemes: &[&str]) -> Result<(), String> {
    let kind = schemes.first().copied().unwrap_or_default();
    let Some((_, rest)) = address.split_once("://").filter(|(scheme, _)| schemes.contains(scheme)) else {
        return Err(format!("is not a {kind}:// address"));
    };
    if let Some(blank) = rest.chars().find(|letter| letter.is_whitespace() || letter.is_control()) {
        return Err(match blank {
            ' ' => encoded("a space", "%20"),
            _ => "has a line break, a tab or something else in it that cannot be seen".into(),
        });
    }
    if has_bare_percent(rest) {
        return Err(encoded("a %", "%25"));
    }
    if rest.contains('#') {
        return Err(encoded("a #", "%23"));
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host_and_path = path.split('?').next().unwrap_or_default();
    // Where the @ comes after what looks like the end of the host, that end is in the password.
    if path.contains('@') && (!authority.contains('@') || host_and_path.contains('@')) {
        return Err(if path.starts_with('?') { encoded("a ?", "%3F") } else { encoded("a /", "%2F") });
    }
    if let Err(error) = Url::parse(address) {
        return Err(format!(
            "is not a {kind}:// address: {error} (in a password write / as %2F, ? as %3F, [ as %5B, @ as %40, % as %25)"
        ));
    }
    Ok(())
}

fn encoded(what: &str, code: &str) -> String {
    format!(
        "has {what} in it, which means something else in an address: in a user name or password write {code} (percent-encoding)"
    )
}

fn has_bare_percent(text: &str) -> bool {
    text.split('%').skip(1).any(|after| {
        let code = after.as_bytes().get(..2);
        !code.is_some_and(|code| code.iter().all(u8::is_ascii_hexdigit))
    })
}

/// The number of a database after the host, which one Redis server has several of.
pub(crate) fn redis_database(address: &str) -> Result<(), String> {
    let plain = address.starts_with("redis://") || address.starts_with("rediss://");
    let path = Url::parse(address).map(|url| url.path().trim_matches('/').to_owned()).unwrap_or_default();
    if plain && !path.is_empty() && path.parse::<u8>().is_err() {
        return Err(
            "has something after the host that is not the number of a database: redis://host:6379/0".into()
        );
    }
    Ok(())
}

/// Reads where phones reach this server. The error says what is wrong, after the name of the setting.
pub(crate) fn public(address: &str) -> Result<Url, String> {
    const LIKE: &str = "like https://films.example.org";
    if address.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
        return Err(format!("has a space or a line break in it: it is one address, {LIKE}"));
    }
    let url = match Url::parse(address) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url,
        _ if !address.contains("://") => {
            return Err(format!("does not begin with https://: it is an address {LIKE}"));
        }
        Ok(_) => return Err(format!("is not an https:// address, {LIKE}")),
        Err(error) => return Err(format!("is not an https:// address, {LIKE}: {error}")),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!(
            "has a user name or a password in it, which everybody would read: write it {LIKE}"
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("has a ? or a # and something after it: write it {LIKE}"));
    }
    if url.path().bytes().any(|byte| byte != b'/') {
        return Err(format!(
            "has a path. Sovpalo needs an address to itself: give it a name of its own {LIKE}, or a port of its own, and let \
             the proxy pass everything on"
        ));
    }
    if url.scheme() == "http" && !is_private(&url) {
        return Err("begins with http://: Telegram opens nothing but https:// (http is for addresses of this machine or network)".into());
    }
    let mut url = url;
    url.set_path("/");
    Ok(url)
}

/// Reads where another Bot API server is. The bot's token is in the path of every request to it, so http is for this machine and
/// its own network only. The error says what is wrong, after the name of the setting.
pub(crate) fn bot_api(address: &str) -> Result<Url, String> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url.ok_or("is not an http:// or https:// address")?;
    if url.scheme() == "http" && !is_private(&url) {
        return Err("begins with http://, and the bot's token would travel for all to read: use https:// (http is for addresses of this machine or network)".into());
    }
    Ok(url)
}

/// Whether only this machine or its own network knows it by this name.
fn is_private(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => is_private_ip(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => is_private_ip(IpAddr::V6(ip)),
        Some(Host::Domain(name)) => {
            let last = name.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
            !name.contains('.')
                || matches!(last, "localhost" | "local" | "internal" | "lan" | "home" | "test")
        }
        None => false,
    }
}

fn is_private_ip(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSTGRES: [&str; 2] = ["postgres", "postgresql"];
    const REDIS: [&str; 4] = ["redis", "rediss", "redis-cluster", "redis-sentinel"];

    #[test]
    fn a_password_that_breaks_its_address_is_hinted_at_by_the_character() {
        for (address, hint) in [
            ("postgres://films:hunter2#qwerty@localhost/db", "%23"),
            ("postgres://films:hunter2?qwerty@localhost/db", "%3F"),
            ("postgres://films:hunter2/qwerty@localhost/db", "%2F"),
            ("postgres://films:12/hunter2qwerty@localhost/db", "%2F"),
            ("postgres://films:a@b/hunter2qwerty@localhost/db", "%2F"),
            ("postgres://films:hunter2%qwerty@localhost/db", "%25"),
            ("postgres://films:hunter2qwerty%@localhost/db", "%25"),
            ("postgres://films:hunter2 qwerty@localhost/db", "%20"),
            ("postgres://films:hunter2\nqwerty@localhost/db", "line break"),
            ("postgres://films:hunter2qwerty@[localhost/db", "%5B"),
            ("postgres://films:hunter2qwerty@localhost:port/db", "port"),
            ("mysql://films:hunter2qwerty@localhost/db", "postgres://"),
            ("films:hunter2qwerty@localhost/db", "postgres://"),
        ] {
            let said = store(address, &POSTGRES).unwrap_err();
            assert!(
                said.contains(hint) && !said.contains("qwerty") && !said.contains("hunter2"),
                "{hint}: {said}"
            );
        }
        for (address, hint) in [
            ("redis://:hunter2#qwerty@localhost:6379", "%23"),
            ("redis://:hunter2/qwerty@localhost:6379", "%2F"),
            ("redis-cluster://:hunter2?qwerty@localhost:6379", "%3F"),
            ("rediss://default:hunter2%zzqwerty@localhost", "%25"),
            ("localhost:6379", "redis://"),
        ] {
            let said = store(address, &REDIS).unwrap_err();
            assert!(
                said.contains(hint) && !said.contains("qwerty") && !said.contains("hunter2"),
                "{hint}: {said}"
            );
        }
    }

    #[test]
    fn addresses_that_work_are_taken() {
        for fine in [
            "postgres://localhost/db",
            "postgresql://films:p%23w%2F@db.example.org:5432/films?sslmode=require",
            "postgres://films:p@ss@localhost/db",
            "postgres:///films?host=/var/run/postgresql",
            "postgres://films:pä!$&'()*+,;=:w@[::1]:5432/db",
        ] {
            assert_eq!(store(fine, &POSTGRES), Ok(()), "{fine}");
        }
        for fine in [
            "redis://localhost",
            "redis://:p%40ss@host:6379/3",
            "redis-sentinel://host:26379?sentinelServiceName=films&node=other:26379",
        ] {
            assert_eq!(store(fine, &REDIS), Ok(()), "{fine}");
            assert_eq!(redis_database(fine), Ok(()), "{fine}");
        }
        assert!(redis_database("redis://host:6379/films").unwrap_err().contains("number"));
    }

    #[test]
    fn a_public_address_is_one_of_its_own() {
        for (given, taken) in [
            ("https://films.example.org", "https://films.example.org/"),
            ("https://films.example.org/", "https://films.example.org/"),
            ("https://films.example.org//", "https://films.example.org/"),
            ("HTTPS://Films.Example.ORG:443", "https://films.example.org/"),
            ("https://films.example.org:8443", "https://films.example.org:8443/"),
            ("https://кино.example", "https://xn--h1adke.example/"),
            ("https://203.0.113.7", "https://203.0.113.7/"),
            ("https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443/"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
            ("http://localhost:8080", "http://localhost:8080/"),
            ("http://192.168.1.5:8080", "http://192.168.1.5:8080/"),
            ("http://server:8080", "http://server:8080/"),
        ] {
            assert_eq!(public(given).map(String::from), Ok(taken.to_owned()), "{given}");
        }
        for (given, hint) in [
            ("https://example.org/films", "path"),
            ("https://example.org/films/", "path"),
            ("https://example.org/index.html", "path"),
            ("https://example.org/%20", "path"),
            ("https://example.org?room=1", "?"),
            ("https://example.org/#films", "#"),
            ("https://anna:hunter2@example.org", "password"),
            ("https://anna@example.org", "user name"),
            ("http://films.example.org", "https://"),
            ("http://203.0.113.7", "https://"),
            ("films.example.org", "https://"),
            ("films.example.org:8080", "https://"),
            ("localhost:8080", "https://"),
            ("ftp://films.example.org", "https://"),
            ("https://films example.org", "space"),
            ("https://films.example.org\nhttps://b.example.org", "line break"),
            ("https://a.example.org,https://b.example.org", "https://"),
            ("https://", "https://"),
            ("t.me/films_bot/app", "https://"),
        ] {
            let said = public(given).expect_err(given);
            assert!(said.contains(hint) && !said.contains("hunter2"), "{given}: {said}");
        }
    }
}
