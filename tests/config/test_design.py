"""The look keeps its promises: small, readable in light and dark, nothing from elsewhere, nothing inline."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "config" / "static"
CSS = sorted((STATIC / "css").glob("*.css"))
TEMPLATES = [
    path
    for folder in ("config", "spaces", "tenants", "bookings")
    for path in sorted((ROOT / folder).rglob("templates/**/*.html"))
]
PAGES = [path for path in TEMPLATES if not {"mail", "email"} & set(path.parts)]
TEXT_ON_GROUND = [
    *(
        (ink, ground)
        for ink in ("ink", "ink-soft", "primary", "accent", "error")
        for ground in ("paper", "surface")
    ),
    *((ink, "sunken") for ink in ("ink", "ink-soft")),
    *((tone, f"{tone}-tint") for tone in ("info", "success", "warning", "error")),
    *(("ink", f"{tone}-tint") for tone in ("primary", "accent", "info", "success", "warning", "error")),
    ("primary", "primary-tint"),
    ("on-primary", "primary"),
    ("on-primary", "primary-hover"),
    ("ink", "hatch"),
]
EDGES = [("line-strong", "paper"), ("line-strong", "surface"), ("focus", "paper"), ("focus", "surface")]


def tokens(scheme: str) -> dict[str, str]:
    text = (STATIC / "css" / "tokens.css").read_text()
    light, dark = text.split("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--hub-([\w-]+): (#[0-9a-f]{6});", light))
    return found if scheme == "light" else found | dict(re.findall(r"--hub-([\w-]+): (#[0-9a-f]{6});", dark))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance and contrast ratio."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_keeps_contrast_on_every_ground_it_stands_on(scheme: str) -> None:
    colours = tokens(scheme)
    weak = {
        pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in TEXT_ON_GROUND
        if contrast(colours[pair[0]], colours[pair[1]]) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_fields_and_the_focus_are_seen(scheme: str) -> None:
    colours = tokens(scheme)
    assert [pair for pair in EDGES if contrast(colours[pair[0]], colours[pair[1]]) < 3] == []


def test_all_css_together_is_at_most_twenty_kilobytes_on_the_wire() -> None:
    assert sum(len(gzip.compress(path.read_bytes())) for path in CSS) <= 20_000


def test_our_own_script_stays_small() -> None:
    assert sum(len(gzip.compress(path.read_bytes())) for path in (STATIC / "js").glob("*.js")) <= 3_000


def test_colours_are_named_once_in_the_tokens() -> None:
    elsewhere = [path for path in CSS if path.name not in {"tokens.css", "print.css"}]
    named = {path.name: re.findall(r"(?<![\w-])#[0-9a-f]{6}\b", path.read_text()) for path in elsewhere}
    assert {name: found for name, found in named.items() if found} == {}


def test_nothing_is_fetched_from_another_host() -> None:
    fetching = re.compile(
        r"""(?:(?:src|srcset)=["']|<link[^>]*href=["']|url\(["']?|@import\s+["']?)(?:https?:)?//"""
    )
    guilty = [path.name for path in [*CSS, *TEMPLATES] if fetching.search(path.read_text())]
    assert guilty == []


def test_pages_carry_no_inline_style_or_script() -> None:
    inline = re.compile(
        r"""\sstyle=["']|<style|\son[a-z]+=["']|<script(?![^>]*(?:\ssrc=|type="application/json"))"""
    )
    assert [str(path.relative_to(ROOT)) for path in PAGES if inline.search(path.read_text())] == []


def test_every_icon_that_a_page_uses_exists() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    words = "".join(path.read_text() for path in TEMPLATES)
    used = {
        *re.findall(r"""icons\.svg['"] %}#([\w-]+)["']""", words),
        *re.findall(r'icon\.html" with name="([\w-]+)"', words),
    }
    assert used - drawn == set()
