"""`bwtui completion`: a completion script for a shell, made from the parser itself."""

import argparse
import shlex
import sys
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import shtab

from bwtui.cli.main import make_parser
from bwtui.exits import Exit
from bwtui.store.setup_folder import state_folder


class Options(NamedTuple):
    """The options of `bwtui completion`."""

    shell: str


_NAMES: Final = {
    "bash": r"""
# The setups in the state directory that begin with $1.
_bwtui_names() {
  local folder=$BWTUI_STATE_DIR file name index
  [ -n "$folder" ] || folder=@FOLDER@
  for ((index = 1; index < COMP_CWORD - 1; index++)); do
    [ "${COMP_WORDS[index]}" = --state-dir ] && folder=${COMP_WORDS[index + 1]/#\~/$HOME}
  done
  for file in "$folder"/*.json; do
    name=${file##*/} name=${name%.json}
    [[ $name == *.listener || $name == *.redirected ]] && continue
    [[ -e $file && $name == "$1"* ]] && printf '%s\n' "$name"
  done
}
""",
    "zsh": r"""
# The setups in the state directory.
_bwtui_names() {
  local folder=$BWTUI_STATE_DIR index=${words[(i)--state-dir]}
  [[ -n $folder ]] || folder=@FOLDER@
  (( index < CURRENT - 1 )) && folder=${words[index+1]/#\~/$HOME}
  local -a setups=("$folder"/*.json(N:t:r))
  setups=(${setups:#*.(listener|redirected)})
  compadd -a setups
}
""",
    "fish": r"""
# The setups in the state directory.
function _bwtui_names
  set -l folder @FOLDER@
  set -q BWTUI_STATE_DIR[1]; and set folder $BWTUI_STATE_DIR
  set -l words (commandline -opc)
  set -l index (contains -i -- --state-dir $words)
  and set folder (string replace -r '^~' $HOME -- $words[(math $index + 1)])
  for file in $folder/*.json
    string match -qr '\.(listener|redirected)\.json$' -- $file; or string replace -r '^.*/(.*)\.json$' '$1' -- $file
  end
end
""",
}
"""A function for each shell; without a process of Python, which would take a while at every Tab."""


_REPLACED: Final = {
    "complete -o bashdefault -F": "complete -o bashdefault -o default -F",  # else Tab finds no file where it knows nothing
    "[[ $zsh_eval_context[-1] == eval ]]": "[[ $zsh_eval_context[-1] != loadautofunc ]]",  # else `source` does nothing
}
"""Corrections of the scripts that shtab writes."""


def run(options: Options, _environ: Mapping[str, str]) -> int:
    """Print it."""
    parser = make_parser()
    for action in _actions(parser):
        if completer := _completer(action):
            action.complete = completer  # type: ignore[attr-defined]  # as shtab wants it
    folder = shlex.quote(str(state_folder(None)))
    names = _NAMES.get(options.shell, "").replace("@FOLDER@", folder)
    script = shtab.complete(parser, shell=options.shell, preamble=names)
    for theirs, ours in _REPLACED.items():
        script = script.replace(theirs, ours)
    sys.stdout.write(script)
    sys.stdout.flush()
    return Exit.DONE


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield the arguments of a parser and of its commands."""
    for action in parser._actions:  # noqa: SLF001 - shtab reads them just so
        yield action
        if isinstance(action.choices, Mapping):
            for command in action.choices.values():
                yield from _actions(command)


def _completer(action: argparse.Action) -> object:
    """Return what completes an argument, for each shell; `None` if its choices do, or nothing can."""
    if action.dest == "name":
        return {"bash": "_bwtui_names", "zsh": "_bwtui_names", "fish": "(_bwtui_names)"}
    match action.metavar:
        case "FILE":
            return shtab.FILE
        case "DIR":
            return shtab.DIRECTORY
        case _:
            return None
