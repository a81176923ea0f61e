mod config;
fn main() {
    let _ = config::Config::load(std::path::Path::new("x"));
}
