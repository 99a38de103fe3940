//! What Dockerfile, docker-compose.yml, traefik/ and the workflows promise, read as Docker and Traefik read them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use std::fs;

use machine::paths;
use serde_json::Value;

fn text(path: &str) -> String {
    fs::read_to_string(paths::root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn yaml(path: &str) -> Value {
    // Traefik fills in its templates before it reads.
    let text = text(path)
        .replace("{{ env \"DOMAIN\" }}", "films.example")
        .replace("{{ env \"UPSTREAM\" }}", "server");
    let text = text.replace("{{ env \"BOT_UPSTREAM\" }}", "bot");
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn services() -> Vec<(String, Value)> {
    let compose = yaml("docker-compose.yml");
    let services = compose["services"].as_object().unwrap().clone();
    assert_eq!(services.len(), 7, "traefik, sovpalo, server, bot, postgres, redis, coturn");
    services.into_iter().collect()
}

fn service(name: &str) -> Value {
    services().into_iter().find(|(it, _)| it == name).unwrap().1
}

fn list(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

#[test]
fn no_container_can_write_become_another_user_or_use_up_the_machine() {
    for (name, it) in services() {
        assert_eq!(it["read_only"], true, "{name} could change its own programs");
        assert_eq!(list(&it["cap_drop"]), ["ALL"], "{name} keeps capabilities");
        assert_eq!(list(&it["security_opt"]), ["no-new-privileges:true"], "{name} could gain rights");
        assert!(it["mem_limit"].is_string(), "{name} may use all memory");
        assert!(it["pids_limit"].is_u64(), "{name} may make processes without end");
        assert!(it["logging"]["options"]["max-size"].is_string(), "the log of {name} may fill the disk");
        assert!(it["privileged"].is_null() && it["network_mode"].is_null() && it["pid"].is_null(), "{name}");
        let given_back = list(&it["cap_add"]);
        assert_eq!(given_back, if name == "traefik" { vec!["NET_BIND_SERVICE"] } else { vec![] }, "{name}");
        let volumes = list(&it["volumes"]).join(" ");
        assert!(!volumes.contains("docker.sock"), "{name} would rule the machine");
    }
}

#[test]
fn stores_are_reached_by_servers_and_bots_only() {
    assert_eq!(yaml("docker-compose.yml")["networks"]["data"]["internal"], true);
    for (name, networks) in [
        ("traefik", vec!["edge"]),
        ("sovpalo", vec!["edge"]),
        ("server", vec!["edge", "data"]),
        ("bot", vec!["edge", "data"]),
        ("postgres", vec!["data"]),
        ("redis", vec!["data"]),
        ("coturn", vec!["turn"]),
    ] {
        assert_eq!(list(&service(name)["networks"]), networks, "{name}");
        let ports = list(&service(name)["ports"]).len();
        let published = match name {
            "traefik" => 2,
            "coturn" => 3,
            _ => 0,
        };
        assert_eq!(ports, published, "{name} is published");
    }
}

#[test]
fn stores_ask_for_a_password_and_start_with_none() {
    let redis = service("redis");
    let command = list(&redis["command"]).join(" ");
    assert!(
        command.contains("${REDIS_PASSWORD:?") && command.contains("requirepass $$REDIS_PASSWORD"),
        "{command}"
    );
    assert!(!command.contains("--requirepass"), "every process could read it on the command line");
    let url = service("server")["environment"]["REDIS_URL"].as_str().unwrap().to_owned();
    assert!(url.starts_with("redis://:${REDIS_PASSWORD"), "{url}");

    let postgres = service("postgres");
    let arguments = postgres["environment"]["POSTGRES_INITDB_ARGS"].as_str().unwrap();
    assert!(arguments.contains("--auth-host=scram-sha-256 --auth-local=scram-sha-256"), "{arguments}");
    assert!(postgres["environment"]["POSTGRES_HOST_AUTH_METHOD"].is_null(), "`trust` would ask for none");
    for (name, word) in [("redis", "REDISCLI_AUTH"), ("postgres", "PGPASSWORD")] {
        let check = list(&service(name)["healthcheck"]["test"]).join(" ");
        assert!(check.contains(word), "the health check of {name} signs in: {check}");
    }
}

#[cfg(unix)]
#[test]
fn redis_refuses_to_start_without_a_password() {
    let redis = service("redis");
    let command: Vec<String> = list(&redis["command"]).iter().map(|word| word.replace("$$", "$")).collect();
    assert_eq!(command[0], "sh");
    // Redis itself is not found, should it come to that.
    let started = std::process::Command::new("/bin/sh")
        .args(&command[1..])
        .env_clear()
        .env("PATH", "/nowhere")
        .env("REDIS_PASSWORD", "")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&started.stderr);
    assert!(!started.status.success() && said.contains("REDIS_PASSWORD"), "{said}");
}

#[test]
fn what_passes_on_voices_starts_only_when_asked_for_with_a_secret_and_reaches_nothing_private() {
    let coturn = service("coturn");
    assert_eq!(list(&coturn["profiles"]), ["turn"], "off by default");
    let command = list(&coturn["command"]).join(" ");
    assert!(command.contains("${TURN_SECRET:?") && command.contains("use-auth-secret"), "{command}");
    assert!(!command.contains("--static-auth-secret"), "every process could read it on the command line");
    for private in ["10.0.0.0", "127.0.0.0", "169.254.0.0", "172.16.0.0", "192.168.0.0", "::1", "fc00::"] {
        assert!(command.contains(&format!("denied-peer-ip={private}")), "{private} could be reached");
    }
}

#[test]
fn images_are_named_by_an_exact_version() {
    let dockerfile = text("Dockerfile");
    let bases = dockerfile.lines().filter_map(|line| line.strip_prefix("FROM ")?.split(' ').next());
    let images: Vec<String> = bases
        .map(str::to_owned)
        .chain(services().iter().filter_map(|(_, it)| it["image"].as_str().map(str::to_owned)))
        .collect();
    assert_eq!(images.len(), 7, "{images:?}");
    for image in images {
        let tag = image.split('@').next().unwrap().split_once(':').unwrap().1.to_owned();
        assert!(tag.matches('.').count() >= 1 && tag.contains(|it: char| it.is_ascii_digit()), "{image}");
    }
}

#[test]
fn the_image_has_a_numbered_user_a_health_check_and_keeps_metrics_to_itself() {
    let dockerfile = text("Dockerfile");
    let after_base = dockerfile.rsplit("FROM ").next().unwrap();
    let of = |word: &str| after_base.lines().find_map(|line| line.strip_prefix(word)).unwrap().trim();
    assert!(of("USER ").split(':').all(|id| id.parse::<u32>().unwrap() > 0), "{}", of("USER "));
    assert!(of("HEALTHCHECK ").contains(r#"CMD ["sovpalo", "health"]"#));
    assert!(of("ENV ").contains("METRICS_LISTEN=127.0.0.1:9090"), "{}", of("ENV "));
    for (name, it) in services() {
        assert!(it["environment"]["METRICS_LISTEN"].is_null(), "{name} shows metrics to its networks");
    }
}

#[test]
fn traefik_bounds_what_it_passes_on() {
    let fixed = yaml("traefik/traefik.yml");
    for name in ["web", "websecure"] {
        let entry = &fixed["entryPoints"][name];
        for limit in ["readTimeout", "writeTimeout", "idleTimeout"] {
            let value = entry["transport"]["respondingTimeouts"][limit].as_str();
            let seconds = value.and_then(|value| value.strip_suffix('s')?.parse::<u32>().ok());
            assert!(seconds.is_some_and(|seconds| seconds > 0), "{name} {limit}: {value:?} is for ever");
        }
        assert_eq!(entry["forwardedHeaders"]["insecure"], false, "{name}");
        assert_eq!(entry["forwardedHeaders"]["trustedIPs"].as_array().unwrap().len(), 0, "{name}");
    }
    assert!(fixed["api"].is_null(), "no dashboard");

    let routes = yaml("traefik/routes.yml");
    let middlewares = &routes["http"]["middlewares"];
    assert!(middlewares["https-only"]["headers"]["stsSeconds"].as_u64().unwrap() >= 31_536_000);
    for counts in [&middlewares["rate"]["rateLimit"], &middlewares["at-once"]["inFlightReq"]] {
        let addresses = &counts["sourceCriterion"]["ipStrategy"];
        assert_eq!(addresses["ipv6Subnet"], 64, "whoever has one IPv6 address has 2⁶⁴: {counts}");
        assert!(addresses["depth"].is_null(), "what a client says of itself is not believed: {counts}");
    }
    for (name, router) in routes["http"]["routers"].as_object().unwrap() {
        let used = list(&router["middlewares"]);
        assert!(used.iter().all(|it| middlewares[it].is_object()), "{name}: {used:?}");
        assert!(used.contains(&"https-only"), "{name}: {used:?}");
        let rule = router["rule"].as_str().unwrap();
        let is_open_for_long = rule.contains("Path(`/api/socket`)");
        assert_eq!(is_open_for_long, name == "waiting", "{name}: {rule}");
        assert_eq!(
            used.contains(&"at-once"),
            !is_open_for_long,
            "{name}: a socket is in flight until it ends"
        );
        assert_eq!(used.contains(&"rate"), name != "telegram", "{name}: {used:?}");
        let buffers = used.iter().any(|it| middlewares[it]["buffering"]["maxRequestBodyBytes"].is_u64());
        let has_bodies = ["bodies", "telegram"].contains(&name.as_str());
        assert_eq!(buffers, has_bodies, "{name}: bodies are bounded, and WebSockets are not buffered");
        let priority = router["priority"].as_u64().unwrap();
        let expected = match name.as_str() {
            "sovpalo" => 10,
            "bodies" => 20,
            "waiting" => 25,
            _ => 30,
        };
        assert_eq!(priority, expected, "the more exact rule comes first");
    }
    let waiting = routes["http"]["routers"]["waiting"]["rule"].as_str().unwrap();
    assert!(waiting.contains("Method(`GET`)"), "what has a body is bounded: {waiting}");
    // As the server writes them.
    for (file, path) in
        [("socket/mod.rs", "\"/api/socket\""), ("routes/updates.rs", "\"/api/rooms/{code}/updates\"")]
    {
        assert!(
            text(&format!("miniapp-server/src/{file}")).contains(path),
            "{path} is not what waits any more"
        );
    }
    assert!(waiting.contains("PathRegexp(`^/api/rooms/[^/]+/updates$`)"), "{waiting}");
}

#[test]
fn workflows_may_only_read_and_use_actions_of_an_exact_version() {
    for name in ["ci", "audit"] {
        let path = format!(".github/workflows/{name}.yml");
        let workflow = yaml(&path);
        assert_eq!(workflow["permissions"], serde_json::json!({ "contents": "read" }), "{path}");
        let jobs = workflow["jobs"].as_object().unwrap();
        for step in jobs.values().flat_map(|job| job["steps"].as_array().unwrap()) {
            let Some(action) = step["uses"].as_str() else { continue };
            let version = action.split_once('@').unwrap().1;
            let exact = version.matches('.').count() == 2 || version.len() == 40;
            assert!(exact, "{path}: {action}");
            if action.starts_with("actions/checkout") {
                assert_eq!(step["with"]["persist-credentials"], false, "{path}: later steps could push");
            }
        }
    }
    let audit = yaml(".github/workflows/audit.yml");
    assert!(audit["on"]["schedule"].as_array().is_some_and(|times| !times.is_empty()), "it runs by itself");
    assert!(text(".github/workflows/audit.yml").contains("cargo xtask audit"));
}
