"""Which terminals are told of progress: those that are known to show it, and whoever asks for it."""

import pytest

from bwtui.terminal_progress import shows_progress


@pytest.mark.parametrize(
    "environ",
    [
        {"WT_SESSION": "8a1c"},
        {"ConEmuANSI": "ON"},
        {"TERM_PROGRAM": "ghostty"},
        {"TERM": "xterm-ghostty", "SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"},
        {"TERM_PROGRAM": "WezTerm", "TERM_PROGRAM_VERSION": "20250301-123456-abcdef01"},
        {"TERM_PROGRAM": "iTerm.app", "TERM_FEATURES": "T3CwLrMSc7UUw9Ts3BFGsSyHNoSxFP"},
        {"VTE_VERSION": "8000"},
        {"KONSOLE_VERSION": "260400"},
        {"TERM": "xterm", "BWTUI_PROGRESS": "on"},
        {"TERM": "tmux-256color", "TMUX": "/socket,1,0", "BWTUI_PROGRESS": "1"},
    ],
)
def test_they_are_told(environ: dict[str, str]) -> None:
    assert shows_progress(environ)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"TERM": "xterm-256color"},
        {"TERM": "xterm-kitty"},
        {"ConEmuANSI": "OFF"},
        {"TERM_PROGRAM": "WezTerm", "TERM_PROGRAM_VERSION": "20240203-110809-5046fc22"},
        {"TERM_PROGRAM": "WezTerm"},
        {"TERM_PROGRAM": "iTerm.app", "TERM_FEATURES": "T3CwLrMSc7UUw9Ts3BFGsSyHNoSxF"},
        {"TERM_PROGRAM": "iTerm.app", "TERM_FEATURES": "T3CwPq2"},
        {"VTE_VERSION": "7800"},
        {"VTE_VERSION": "new"},
        {"KONSOLE_VERSION": "251203"},
        {"WT_SESSION": "8a1c", "TMUX": "/socket,1,0"},
        {"WT_SESSION": "8a1c", "STY": "1234.pts-0"},
        {"WT_SESSION": "8a1c", "BWTUI_PROGRESS": "off"},
        {"WT_SESSION": "8a1c", "BWTUI_PROGRESS": "0"},
    ],
)
def test_others_are_not(environ: dict[str, str]) -> None:
    assert not shows_progress(environ)
