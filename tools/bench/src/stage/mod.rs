//! All the processes of a trial: a PostgreSQL, a Redis and servers over them, or one server with everything in it.
//!
//! Everything here blocks; whoever calls does so where that hurts nobody. Whatever was started ends with the value.

mod node;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use machine::services::{Postgres, Redis};

use self::node::{Node, Recipe};

/// What is wanted of a stage.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Scenery {
    /// One process with everything in it, instead of several servers over PostgreSQL and Redis
    #[arg(long)]
    pub(crate) embedded: bool,
    /// Bugs to plant into the servers, which must then be found, with commas between: see SOVPALO_PLANT
    #[arg(long, value_name = "NAMES")]
    pub(crate) plant: Option<String>,
    /// Count what people ask for, as in production
    #[arg(skip)]
    pub(crate) limits: bool,
    /// The program `sovpalo`
    #[arg(long, env = "SOVPALO_BIN", hide = true)]
    pub(crate) sovpalo: PathBuf,
}

/// The processes.
pub(crate) struct Stage {
    // Servers end before what they need.
    nodes: Vec<Mutex<Node>>,
    stores: Option<Stores>,
}

struct Stores {
    postgres: Mutex<Postgres>,
    redis: Mutex<Redis>,
}

/// Where the logs and rows are kept.
pub(crate) enum Kept {
    /// In a folder, in SQLite.
    Embedded(PathBuf),
    /// In PostgreSQL and Redis.
    Production { database: String, redis: String },
}

impl Stage {
    /// Starts everything, with so many servers where there can be several. What they say is kept in `directory`.
    pub(crate) fn set(options: &Scenery, servers: usize, directory: &Path) -> anyhow::Result<Self> {
        let mut environment: Vec<(&'static str, String)> = Vec::new();
        if let Some(plant) = &options.plant {
            environment.push(("SOVPALO_PLANT", plant.clone()));
        }
        if options.limits {
            environment.push(("LIMITS", "on".to_owned()));
        }
        let stores = if options.embedded {
            None
        } else {
            let stores =
                Stores { postgres: Mutex::new(Postgres::start()?), redis: Mutex::new(Redis::start()?) };
            environment.push(("DATABASE_URL", lock(&stores.postgres).url()));
            environment.push(("REDIS_URL", lock(&stores.redis).url()));
            Some(stores)
        };
        let recipe = Recipe {
            program: options.sovpalo.clone(),
            role: stores.is_some().then_some("server"),
            environment,
        };
        let count = if stores.is_some() { servers } else { 1 };
        let nodes = (0..count).map(|number| {
            let mut node = Node::new(recipe.clone(), &directory.join(format!("node-{number}")))?;
            node.start()?;
            Ok(Mutex::new(node))
        });
        Ok(Self { nodes: nodes.collect::<anyhow::Result<_>>()?, stores })
    }

    pub(crate) fn addresses(&self) -> Vec<SocketAddr> {
        let ports = self.nodes.iter().map(|node| lock(node).port);
        ports.map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port))).collect()
    }

    pub(crate) fn kept(&self) -> Kept {
        match &self.stores {
            Some(stores) => {
                Kept::Production { database: lock(&stores.postgres).url(), redis: lock(&stores.redis).url() }
            }
            None => Kept::Embedded(lock(&self.nodes[0]).data()),
        }
    }

    /// The id of a server's process.
    pub(crate) fn process_id(&self, node: usize) -> Option<u32> {
        lock(&self.nodes[node]).process().map(machine::process::Running::id)
    }

    /// `kill -9`, and nothing more.
    pub(crate) fn kill_node(&self, node: usize) -> anyhow::Result<()> {
        lock(&self.nodes[node]).kill()
    }

    pub(crate) fn start_node(&self, node: usize) -> anyhow::Result<()> {
        lock(&self.nodes[node]).start()
    }

    /// It stands still for a while.
    #[cfg(unix)]
    pub(crate) fn freeze_node(&self, node: usize, still: Duration) -> anyhow::Result<()> {
        let node = lock(&self.nodes[node]);
        let Some(process) = node.process() else { return Ok(()) };
        process.freeze()?;
        std::thread::sleep(still);
        process.thaw()
    }

    /// Not here: it is not drawn either.
    #[cfg(not(unix))]
    pub(crate) fn freeze_node(&self, _node: usize, _still: Duration) -> anyhow::Result<()> {
        Ok(())
    }

    /// Redis is killed and comes back empty.
    pub(crate) fn wipe_redis(&self, down: Duration) -> anyhow::Result<()> {
        let Some(stores) = &self.stores else { return Ok(()) };
        let mut redis = lock(&stores.redis);
        redis.kill()?;
        std::thread::sleep(down);
        redis.start_again()
    }

    /// What is seen of it when a copy of Redis takes over that has not heard of the last entries: every log ends earlier, and
    /// every connection is dropped, in one step.
    pub(crate) fn fail_over_redis(&self, missing: u32) -> anyhow::Result<()> {
        let forget = format!(
            "EVAL \"for _, log in ipairs(redis.call('KEYS', '*:log:*')) do local left = redis.call('LLEN', log) - {missing} \
             if left > 0 then redis.call('LTRIM', log, 0, left - 1) end end\" 0"
        );
        // Such a copy knows no scripts either.
        let steps =
            ["MULTI", &forget, "SCRIPT FLUSH", "CLIENT KILL TYPE pubsub", "CLIENT KILL TYPE normal", "EXEC"];
        self.say_to_redis(&steps.join("\r\n"))
    }

    /// Says something to Redis; whether it could be said does not matter.
    pub(crate) fn say_to_redis(&self, command: &str) -> anyhow::Result<()> {
        if let Some(stores) = &self.stores {
            lock(&stores.redis).say(command)?;
        }
        Ok(())
    }

    /// PostgreSQL crashes and comes back with what was committed.
    pub(crate) fn stop_postgres(&self, kill: bool, down: Duration) -> anyhow::Result<()> {
        let Some(stores) = &self.stores else { return Ok(()) };
        let postgres = lock(&stores.postgres);
        if kill {
            postgres.kill()?;
        } else {
            postgres.stop()?;
        }
        std::thread::sleep(down);
        postgres.start_again()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
