//! The commands for the shell: completions and manual pages. In: arguments. Out: [`Completions`], [`Man`].

use std::path::PathBuf;

use clap::{Args, ValueHint};
use clap_complete::Shell;

const LOAD: &str = "\
Load it with this line, typed, or in the file that the shell reads when it starts:
  bash        source <(simcap completions bash)                              in ~/.bashrc
  zsh         source <(simcap completions zsh)                               in ~/.zshrc, after compinit
  fish        simcap completions fish | source                               in ~/.config/fish/config.fish
  powershell  simcap completions powershell | Out-String | Invoke-Expression in $PROFILE
  elvish      eval (simcap completions elvish | slurp)                       in ~/.config/elvish/rc.elv";

const READ: &str = "\
Examples:
  simcap man | man -l -                    read the page of simcap itself
  simcap man ~/.local/share/man/man1       write all pages where `man simcap-run` finds them";

#[derive(Args, Debug)]
#[command(after_help = LOAD)]
pub struct Completions {
    /// The shell
    pub shell: Shell,
}

#[derive(Args, Debug)]
#[command(after_help = READ)]
pub struct Man {
    /// Folder for the pages, which is made if it is not there; without it the page of simcap itself is printed
    #[arg(value_hint = ValueHint::DirPath)]
    pub dir: Option<PathBuf>,
}
