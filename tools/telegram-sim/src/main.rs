//! The simulated Telegram as a program of its own.

use std::{net::SocketAddr, time::Duration};

use anyhow::Context as _;
use clap::Parser;
use telegram_sim::{Config, Language};

/// A Telegram to try and to test against.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    /// Where to listen; port 0 takes any free one.
    #[arg(long, default_value = "127.0.0.1:8081")]
    listen: SocketAddr,
    /// Where the Mini App's server is.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    app_url: String,
    /// The bot's token, <id>:<secret>.
    #[arg(long, default_value = "4242424242:simulated-token-of-a-simulated-bot")]
    token: String,
    /// The bot's username.
    #[arg(long, default_value = "sovpalo_bot")]
    bot_username: String,
    /// The Mini App's short name.
    #[arg(long, default_value = "app")]
    app_name: String,
    /// The language of the default world: ru or en.
    #[arg(long, default_value = "en")]
    lang: Language,
    /// Refuse what is sent too fast, as Telegram does.
    #[arg(long, default_value = "on", value_parser = ["on", "off"])]
    rate_limits: String,
    /// How many seconds the minute of the rate limits has; all of them are as much faster.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=60))]
    minute: u64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let args = Args::parse();
    let mut handle = telegram_sim::start(Config {
        listen: args.listen,
        app_url: args.app_url,
        token: args.token,
        bot_username: args.bot_username,
        app_name: args.app_name,
        language: args.lang,
        rate_limits: args.rate_limits == "on",
        minute: Duration::from_secs(args.minute),
    })
    .await
    .context("the simulated Telegram did not start")?;
    println!("telegram-sim ready {}", handle.url);
    tokio::select! {
        () = handle.finished() => {}
        _ = tokio::signal::ctrl_c() => handle.shutdown().await,
    }
    Ok(())
}
