//! The stand-in for TMDB as a program, with posters that can be looked at: for tests in browsers. It says where it is and goes on until it is
//! ended.

use sovpalo_tmdb::testing::{Posters, StandIn, TOKEN};

#[tokio::main]
async fn main() {
    let stand_in = StandIn::start_with(Posters::Drawn).await;
    let settings = stand_in.settings();
    let images = settings.images.as_ref().map_or("", |images| images.as_str());
    println!("TMDB_API_URL={} TMDB_IMAGE_URL={images} TMDB_TOKEN={TOKEN}", settings.api);
    std::future::pending::<()>().await;
}
