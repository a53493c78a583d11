"""Keys by name, as the bytes that a terminal sends for them."""

from typing import Final

ALL_KEYS_AS_SEQUENCES: Final = 8
WITH_TEXT: Final = 16
"""Two of the flags by which a program asks for the kitty keyboard protocol."""

_BYTES: Final = {
    "enter": "\r",
    "tab": "\t",
    "escape": "\x1b",
    "backspace": "\x7f",
    "space": " ",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "shift+tab": "\x1b[Z",
    "f1": "\x1bOP",
} | {f"ctrl+{letter}": chr(ord(letter) - ord("a") + 1) for letter in "abcdefghijklmnopqrstuvwxyz"}

_KITTY: Final = {
    "enter": "\x1b[13u",
    "tab": "\x1b[9u",
    "shift+tab": "\x1b[9;2u",
    "escape": "\x1b[27u",
    "backspace": "\x1b[127u",
} | {f"ctrl+{letter}": f"\x1b[{ord(letter)};5u" for letter in "abcdefghijklmnopqrstuvwxyz"}


def encode(key: str, flags: int = 0) -> bytes:
    """Return the bytes of a key or a character while the program has asked for these keyboard flags."""
    character = " " if key == "space" else key
    if flags & ALL_KEYS_AS_SEQUENCES:
        if key in _KITTY:
            return _KITTY[key].encode()
        if len(character) == 1:
            shifted = "2" if character.isupper() else ""
            text = f";{shifted};{ord(character)}" if flags & WITH_TEXT else f";{shifted}" * bool(shifted)
            return f"\x1b[{ord(character.lower())}{text}u".encode()
    return _BYTES.get(key, character).encode()
