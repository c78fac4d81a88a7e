"""Print how fast an activity answers, how soon it can be used, and what its deck weighs, as ratios of one run.

Needs a built book: `python3 course.py book`, then `python bench/activities.py`.
"""

import gzip
import json
import os
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

FRAME_MS = 16.0
RUNS = 7
# Which activities of the page are clicked: their kind, what their placeholder names, and its value.
DECKS = (
    ("classifier", "deck", "americas"),
    ("classifier", "deck", "all"),
    ("lifecycle", "scope", "all"),
    ("motives", "scope", "all"),
)
# From the click that submits a decision until the script has put the feedback into the page.
CLICK = """([activity, stored, decisions]) => {
  const frame = [...document.querySelectorAll(`.po-activity[data-activity=${activity}]`)]
    .find(place => place.dataset.stored === stored).querySelector('.po-activity-frame');
  const times = [];
  const chooser = () => frame.querySelector('.po-progress .po-select');
  for (let number = 0; number < decisions; number++) {
    chooser().selectedIndex = number % chooser().options.length;
    chooser().dispatchEvent(new Event('change'));
    const options = frame.querySelectorAll('.po-options input');
    options[number % options.length].checked = true;
    frame.querySelectorAll('.po-confidence input')[number % 5].checked = true;
    const button = frame.querySelector('button[type=submit]');
    const before = performance.now();
    button.click();
    times.push(performance.now() - before);
    if (!frame.querySelector('.po-feedback__message').textContent) throw new Error('no feedback');
  }
  return times;
}"""
USABLE = """() => new Promise(resolve => {
  const look = () => document.querySelector('.po-activity-frame button[type=submit]')
    ? resolve(performance.now()) : requestAnimationFrame(look);
  look();
})"""


def weights(site: Path) -> dict[str, int]:
    """Return the compressed bytes of each file that activities add to the site."""
    files = [*sorted((site / "_static").glob("activity-*")), site / "_static" / "activities.js"]
    return {file.name: len(gzip.compress(file.read_bytes(), 6)) for file in files}


def main() -> None:
    """Measure and print."""
    from find_browser import find, launch_options
    from playwright.sync_api import sync_playwright
    from visits import served

    site = Path(os.environ.get("PEACEOPS_SITE", ROOT / "_build" / "html"))
    sizes = weights(site)
    total = sum(len(gzip.compress(file.read_bytes(), 6)) for file in site.rglob("*") if file.is_file())
    print("Compressed bytes that activities add to the site:")
    for name, size in sizes.items():
        print(f"  {size:>8,}  {size / total:.2%} of the site  {name}")
    options = launch_options(find())  # finding one starts Playwright itself
    with served(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        page = "book/gallery.html"
        usable, loaded = [], []
        for _ in range(RUNS):
            tab = browser.new_context().new_page()
            tab.goto(address + page, wait_until="commit")
            usable.append(tab.evaluate(USABLE))
            tab.wait_for_load_state("load")
            loaded.append(tab.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
            tab.context.close()
        first, load = statistics.median(usable), statistics.median(loaded)
        print(
            f"First activity usable after {first:.0f} ms, {first / load:.2f} of the page's load ({page}, median of {RUNS})."
        )
        tab = browser.new_page()
        tab.goto(address + page)
        tab.wait_for_selector(".po-activity-frame")
        times = {}
        for activity, part, deck in DECKS:
            stored = json.dumps({part: deck})
            tab.evaluate(CLICK, [activity, stored, 20])  # the first clicks compile the script
            found = times[activity, deck] = sorted(tab.evaluate(CLICK, [activity, stored, 150]))
            middle, slow = statistics.median(found), found[int(0.95 * len(found))]
            print(
                f"Click to feedback, {activity}, deck “{deck}”: median {middle:.1f} ms ({middle / FRAME_MS:.2f} of a frame of "
                f"{FRAME_MS:.0f} ms), 95 of 100 within {slow:.1f} ms ({slow / FRAME_MS:.2f} of a frame)."
            )
        whole, small = (statistics.median(times["classifier", deck]) for deck in ("all", "americas"))
        print(f"All cases against the smallest deck: {whole / small:.2f}.")
        browser.close()


if __name__ == "__main__":
    main()
