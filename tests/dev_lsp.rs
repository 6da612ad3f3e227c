#[path = "it/lsp.rs"]
mod lsp;
