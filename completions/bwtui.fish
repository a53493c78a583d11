# Completion of bwtui's commands, options, files and setups: the installed program makes the script itself.
command bwtui completion fish 2>/dev/null | source
