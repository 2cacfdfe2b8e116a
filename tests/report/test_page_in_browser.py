from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

import smmlib as smm
from _launch import launch_facts, launch_plan
from smmlib.analytics import read_metrics
from smmlib.report import metrics_report, report

pytestmark = pytest.mark.browser

_EXAMPLE = Path(__file__).parents[2] / "examples" / "launch.plan.yaml"
_HEADER = (
    "Day,Campaign name,Age,Gender,Impressions,Amount spent (EUR),Clicks (all),Results"
)
_ROWS = "".join(
    f"2027-03-{day:02},Spring,{age},{gender},{day * 900},{day}.50,{day * 7},{day}\n"
    for day in range(1, 15)
    for age in ("18-24", "25-34")
    for gender in ("female", "male")
)
# Colours of text and of the nearest painted ground below it, as a browser sees them.
_CONTRASTS = """() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const part = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const ground = node => {
    for (; node; node = node.parentElement) {
      const found = rgb(getComputedStyle(node).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const found = {};
  for (const node of document.querySelectorAll(
      'h1,h2,h3,p,td,th,dt,dd,li,strong,small,summary,b,' +
      '.label,.detail,.where,.pill,.chart text')) {
    const style = getComputedStyle(node);
    if (!node.textContent.trim() || !node.getClientRects().length) continue;
    const ink = node.tagName === 'text' ? style.fill : style.color;
    const pair = [light(rgb(ink)), light(ground(node))].sort((a, b) => a - b);
    const ratio = (pair[1] + 0.05) / (pair[0] + 0.05);
    const key = node.tagName + '.' + (node.getAttribute('class') || '');
    found[key] = Math.min(found[key] ?? 99, ratio);
  }
  return found;
}"""
_VIEWS = {
    "desktop": (1280, "light"),
    "dark": (1280, "dark"),
    "phone": (390, "light"),
    "phone-dark": (390, "dark"),
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """
    Both kinds of report as files.
    """
    folder = tmp_path_factory.mktemp("pages")
    export = folder / "export.csv"
    export.write_text(f"{_HEADER}\n{_ROWS}", encoding="utf-8")
    example = smm.load(_EXAMPLE)
    full = report(example, launch_facts(), period="week")
    return {
        "full": full.save(folder / "full.html"),
        "summary": full.summary_sheet().save(folder / "summary.html"),
        "plan": report(launch_plan(), launch_facts()).save(folder / "plan.html"),
        "metrics": metrics_report(read_metrics(export)).save(folder / "metrics.html"),
    }


@pytest.fixture
def look(browser):
    """
    Open a file in a window of some width, and note what it says and asks for.
    """
    contexts = []

    def open_page(path, width=1280, scheme="light"):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("kind", ["plan", "metrics", "full", "summary"])
@pytest.mark.parametrize("view", list(_VIEWS))
def test_the_page_stands_in_every_window(pages, look, tmp_path, kind, view):
    """
    No error, no request, nothing too wide, and every text readable, light and dark.
    """
    width, scheme = _VIEWS[view]

    page = look(pages[kind], width, scheme)
    page.screenshot(path=tmp_path / f"{kind}-{view}.png", full_page=True)

    assert [] == page.said
    assert [pages[kind].as_uri()] == page.asked
    assert width == page.evaluate("document.documentElement.scrollWidth")
    assert {} == {k: v for k, v in page.evaluate(_CONTRASTS).items() if v < 4.5}


def test_headings_lead_through_the_report(pages, look):
    """
    What a client looks for has a heading, in the order it is read.
    """
    page = look(pages["plan"])

    assert "Alpenkaffee spring launch" == page.locator("h1").inner_text()
    assert [
        "At a glance",
        "What needs a look",
        "Spend versus plan",
        "Day by day",
        "From view to purchase",
        "What each channel earned",
        "Campaigns and ad sets",
        "All targets",
        "Followers",
        "What this rests on",
    ] == page.locator("h2").all_inner_texts()


@pytest.mark.parametrize(("width", "kind"), [(1280, "wide"), (390, "narrow")])
def test_charts_fit_their_window(pages, look, width, kind):
    """
    One drawing per chart is shown, the one made for this width, in the page's colours.
    """
    page = look(pages["plan"], width)

    shown = page.locator(".chart:visible")
    assert 2 == shown.count()
    assert 2 == page.locator(f".chart.{kind}:visible").count()
    fills = page.evaluate(
        "[...document.querySelectorAll('.chart path')]"
        ".map(path => getComputedStyle(path).fill)"
    )
    assert "rgb(122, 59, 16)" in fills


def test_keys_reach_what_scrolls(pages, look):
    """
    The first key leads past the head, and wide tables can be reached without a mouse.
    """
    page = look(pages["plan"], 390)

    page.keyboard.press("Tab")
    assert "Skip to the numbers" == page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Tab")
    assert "region" == page.evaluate("document.activeElement.getAttribute('role')")


def test_print_is_paper(pages, look, tmp_path):
    """
    On paper the ground is white also for readers who like it dark, and nothing is cut.
    """
    page = look(pages["plan"], 690, "dark")

    page.emulate_media(media="print")

    assert "rgb(255, 255, 255)" == page.evaluate(
        "getComputedStyle(document.body).backgroundColor"
    )
    assert 690 == page.evaluate("document.documentElement.scrollWidth")
    assert page.pdf(path=tmp_path / "plan.pdf", format="A4").startswith(b"%PDF")


def test_more_of_a_text_opens_by_key(pages, look):
    """
    What stands behind "Show more" opens without a mouse and without a script.
    """
    page = look(pages["full"])
    first = page.locator("details").first

    first.locator("summary").focus()
    page.keyboard.press("Enter")

    assert first.evaluate("node => node.open")
    assert first.locator("p").is_visible()


def test_tabs_go_down_the_page(pages, look):
    """
    Keys walk through everything that can be reached, from top to bottom, once each.
    """
    page = look(pages["full"])
    wanted = page.locator("a[href], summary, [tabindex]").count()
    heights = []
    for _ in range(wanted):
        page.keyboard.press("Tab")
        heights.append(
            page.evaluate(
                "document.activeElement.getBoundingClientRect().top + scrollY"
            )
        )

    # Previews stand side by side, so neighbours may be level.
    assert all(a <= b + 400 for a, b in pairwise(heights[1:]))
    assert "BODY" != page.evaluate("document.activeElement.tagName")


def test_the_summary_sheet_fits_two_pages_of_paper(pages, look, tmp_path):
    """
    Who answers for several campaigns reads one sheet, front and back.
    """
    page = look(pages["summary"])

    data = page.pdf(path=tmp_path / "summary.pdf", format="A4")

    assert 2 >= data.count(b"/Type /Page\n")
    assert [
        "Summary",
        "What needs a decision",
        "Targets",
        "Money",
        "ROI per channel",
        "What this rests on",
    ] == page.locator("h2").all_inner_texts()
