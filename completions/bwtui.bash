# Completion of bwtui's commands, options, files and setups: the installed program makes the script itself.
eval "$(command bwtui completion bash 2>/dev/null)"
