//! Asking a registry of images what a tag stands for: <https://distribution.github.io/distribution/spec/api/>

use std::process::Command;

use anyhow::{Context as _, bail};
use serde_json::Value;

use machine::process;

use super::hex::is_hex;

/// The tag's index over all platforms, so that a digest serves each of them.
const ACCEPT: &str = "Accept: application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json";
/// How long one answer may take, in seconds.
const WITHIN: &str = "20";

/// The digest of a tag.
pub(super) fn digest(registry: &str, name: &str, tag: &str) -> anyhow::Result<String> {
    let repository = match name.split_once('/') {
        None => format!("library/{name}"),
        Some((host, _)) if host.contains(['.', ':']) => bail!("{name} is in another registry"),
        Some(_) => name.to_owned(),
    };
    let address = format!("{registry}/v2/{repository}/manifests/{tag}");
    let mut answer = Head::ask(&address, None)?;
    if answer.status == 401 {
        let challenge = answer.header("www-authenticate").context("it does not say how to sign in")?;
        let token = token(challenge)?;
        answer = Head::ask(&address, Some(&token))?;
    }
    if answer.status != 200 {
        bail!("{name}:{tag}: the registry answers {}", answer.status);
    }
    digest_of(answer.header("docker-content-digest").context("the registry names no digest")?)
}

/// A digest as registries write it; anything else is refused.
pub(super) fn digest_of(text: &str) -> anyhow::Result<String> {
    match text.strip_prefix("sha256:") {
        Some(hex) if is_hex(hex, 64) => Ok(text.to_owned()),
        _ => bail!("what the registry says is no digest"),
    }
}

/// Anybody gets a token for what is public. `Bearer realm="https://…",service="…",scope="…"`
fn token(challenge: &str) -> anyhow::Result<String> {
    let part = |name: &str| Some(challenge.split_once(&format!("{name}=\""))?.1.split_once('"')?.0);
    let realm = part("realm").context("it does not say where to sign in")?;
    let (service, scope) = (part("service").unwrap_or_default(), part("scope").unwrap_or_default());
    let mut command = curl();
    command.args(["--fail", "--get", "--data-urlencode", &format!("service={service}")]);
    command.args(["--data-urlencode", &format!("scope={scope}"), realm]);
    let said: Value = serde_json::from_str(&process::quietly(&mut command)?).context("no token")?;
    let token = said["token"].as_str().or(said["access_token"].as_str());
    Ok(token.context("no token")?.to_owned())
}

struct Head {
    status: u16,
    headers: Vec<(String, String)>,
}

impl Head {
    fn ask(address: &str, token: Option<&str>) -> anyhow::Result<Self> {
        let mut command = curl();
        command.args(["--head", "--header", ACCEPT]);
        if let Some(token) = token {
            command.args(["--header", &format!("Authorization: Bearer {token}")]);
        }
        let said = match (process::quietly(command.arg(address)), token) {
            (Ok(said), _) => said,
            // The cause would show the token.
            (Err(_), Some(_)) => bail!("the registry cannot be reached any more"),
            (Err(error), None) => return Err(error.context("the registry cannot be reached")),
        };
        Self::read(&said).context("the registry's answer is no HTTP")
    }

    /// Of several answers, as a proxy or a redirection makes them, the last one counts.
    fn read(said: &str) -> Option<Self> {
        let said = said.replace("\r\n", "\n");
        let last = said.trim_end().rsplit("\n\n").next()?;
        let mut lines = last.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers =
            headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
        Some(Self { status, headers })
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }
}

/// Every system that this is developed on has it.
fn curl() -> Command {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--location", "--max-time", WITHIN]);
    command
}
