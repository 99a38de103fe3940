//! The bot before a simulated Telegram, over real stores.

#[cfg(test)]
mod achievements;
#[cfg(test)]
mod cards;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod crowd;
#[cfg(test)]
mod garbage;
#[cfg(test)]
mod inline;
#[cfg(test)]
mod matches;
#[cfg(test)]
mod moving;
#[cfg(test)]
mod nudges;
#[cfg(test)]
mod processes;
#[cfg(test)]
mod proxies;
#[cfg(test)]
mod sharing;
#[cfg(test)]
mod silence;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod strange_updates;
#[cfg(test)]
mod strangers;
#[cfg(test)]
mod telegram_away;
#[cfg(test)]
mod two_bots;
#[cfg(test)]
mod watching;
#[cfg(test)]
mod webhook;
