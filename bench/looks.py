"""Take the pictures to look at before a change is called done, into _build/looks/; they measure nothing.

Run it with the Python of `.venv` after `course.py book`, as `python bench/looks.py`.
"""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from find_browser import find, launch_options  # noqa: E402

SITE, LOOKS = ROOT / "_build" / "html", ROOT / "_build" / "looks"
PORT, TOKEN = 8947, "looks"
TO = "place => scrollTo({ top: place.getBoundingClientRect().top + scrollY - 110, behavior: 'instant' })"
# name, page, width, colour mode, the element to begin with
PAGES = (
    ("landing-page", "book/index.html", 1280, "light", "h1"),
    ("chapter-top", "notebooks/01_security_environment.html", 1280, "light", "h1"),
    ("chart", "notebooks/01_security_environment.html", 1280, "light", "#chart-periods"),
    ("phone", "notebooks/01_security_environment.html", 360, "light", "#chart-periods"),
    ("dark", "notebooks/01_security_environment.html", 1280, "dark", "#chart-conflicts-by-type"),
    ("card", "notebooks/03_hybrid_frameworks.html", 1280, "light", "[data-activity=classifier]"),
    ("card-on-a-phone", "notebooks/03_hybrid_frameworks.html", 360, "dark", "[data-activity=classifier]"),
    ("chain-of-command", "notebooks/03_hybrid_frameworks.html", 1280, "light", "#chart-chain-of-command-darfur-unamid"),
    ("quiz", "notebooks/04_coding_together.html", 1280, "dark", "[data-activity=quiz]"),
    ("board", "notebooks/05_partnership_lifecycle.html", 1280, "light", "[data-activity=lifecycle]"),
    ("matrix-on-a-phone", "notebooks/06_motives.html", 360, "dark", "[data-activity=motives]"),
)


def pages(browser) -> None:
    """Take the pictures of the built book."""
    for name, page, width, mode, place in PAGES:
        context = browser.new_context(viewport={"width": width, "height": 860}, color_scheme=mode)
        tab = context.new_page()
        tab.goto((SITE / page).as_uri())
        for _ in range(2):  # charts above it grow when they are drawn
            tab.locator(place).first.evaluate(TO)
            tab.wait_for_timeout(1000)
        tab.screenshot(path=LOOKS / f"{name}.png")
        context.close()


def feedback(browser) -> None:
    """Take the picture of a wrong answer and a right one in JupyterLab."""
    work = LOOKS / "work"
    work.mkdir(exist_ok=True)
    source = (ROOT / "solutions" / "01_security_environment" / "01_security_environment.ipynb").read_text("utf-8")
    if " > 1993]" not in source:
        sys.exit("The exercise whose answer is made wrong here has changed.")
    (work / "exercises.ipynb").write_text(source.replace(" > 1993]", " >= 1993]"), encoding="utf-8")
    options = ["--no-browser", "--allow-root", f"--port={PORT}", f"--IdentityProvider.token={TOKEN}"]
    command = [sys.executable, "-m", "jupyterlab", *options, f"--ServerApp.root_dir={work}"]
    own = {f"JUPYTERLAB_{name}_DIR": str(work / name) for name in ("SETTINGS", "WORKSPACES")}
    lab = subprocess.Popen(command, env=os.environ | own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/api?token={TOKEN}").close()
                break
            except OSError:
                time.sleep(0.5)
        else:
            sys.exit("JupyterLab did not start within a minute.")
        tab = browser.new_page(viewport={"width": 1280, "height": 860})
        tab.goto(f"http://127.0.0.1:{PORT}/lab/tree/exercises.ipynb?token={TOKEN}&reset")
        tab.locator(".jp-StatusBar-Left", has_text="Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
        tab.get_by_role("menuitem", name="Run", exact=True).click()
        tab.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        tab.wait_for_timeout(6000)
        # JupyterLab keeps only what is near the screen: scroll until the wrong answer is there
        for top in range(0, 6000, 300):
            tab.locator(".jp-WindowedPanel-outer").evaluate("(panel, top) => { panel.scrollTop = top }", top)
            tab.wait_for_timeout(300)
            wrong = tab.locator('.po-feedback[data-status="wrong"]')
            if wrong.count() and 300 < wrong.bounding_box()["y"] < 700:
                break
        tab.screenshot(path=LOOKS / "feedback-in-jupyterlab.png")
    finally:
        lab.terminate()
        lab.wait()


def main() -> None:
    """Take them all."""
    LOOKS.mkdir(parents=True, exist_ok=True)
    options = launch_options(find())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        pages(browser)
        feedback(browser)
        browser.close()
    print("\n".join(str(path) for path in sorted(LOOKS.glob("*.png"))))


if __name__ == "__main__":
    main()
