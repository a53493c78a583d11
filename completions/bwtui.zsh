#compdef bwtui
# Completion of bwtui's commands, options, files and setups: the installed program makes the script itself.
eval "$(command bwtui completion zsh 2>/dev/null)"
(( $+functions[_shtab_bwtui] )) && _shtab_bwtui "$@"
