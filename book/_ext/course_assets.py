"""Sphinx extension of the book: look, charts, edition line, and a cache that notices new data."""

import hashlib
import json
import os
import re
import shutil
import tomllib
from datetime import date
from html import escape
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

# What decides a notebook's outputs besides the notebook itself.
INPUTS = ("data", "src", "requirements/all.txt")
FONTS = ("source-serif-4-latin-wght-normal.woff2", "source-sans-3-latin-wght-normal.woff2")
BUNDLE = "charts-{digest}.js"
ACTIVITY_FILE = "activity-{name}-{digest}.{kind}"
# Only over http: a page opened from a disk may not preload a font, and says so in the console.
PRELOAD = (
    "if(location.protocol!=='file:')for(const href of FONTS)document.head.append(Object.assign("
    "document.createElement('link'),{rel:'preload',as:'font',type:'font/woff2',crossOrigin:'',href}))"
)
# Before the first paint: the theme itself resolves "auto" only when the page has been read, which flashes.
RESOLVE_MODE = (
    "(d=>{if(d.theme!=='light'&&d.theme!=='dark')"
    "d.theme=matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light'})(document.documentElement.dataset)"
)
FRONT_DOOR = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url={target}">
<title>Peacekeeping Partnerships</title>
</head>
<body><main><h1>Peacekeeping Partnerships</h1><p><a href="{target}">Open the course</a></p></main></body>
</html>
"""


def inputs_digest(root: Path) -> str:
    """Hash everything that a notebook's outputs depend on besides the notebook.

    Parameters
    ----------
    root : pathlib.Path
        The repository's root.

    Returns
    -------
    str
        Sixteen hexadecimal digits, over the names and bytes of the files of `INPUTS`.
    """
    digest = hashlib.sha256()
    for name in INPUTS:
        top = root / name
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def edition(root: Path) -> tuple[str, str]:
    """Read the date of the data and the version of the course.

    Parameters
    ----------
    root : pathlib.Path
        The repository's root.

    Returns
    -------
    tuple of str
        ``as_of`` of ``data/datapackage.json`` (ISO date) and ``version`` of ``pyproject.toml``.

    Raises
    ------
    sphinx.errors.ConfigError
        If one of the two is missing, for every page shows both.
    """
    package, project = root / "data" / "datapackage.json", root / "pyproject.toml"
    try:
        as_of = json.loads(package.read_text(encoding="utf-8"))["as_of"]
        version = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"]
        return date.fromisoformat(as_of).isoformat(), version
    except (OSError, KeyError, ValueError) as error:
        raise ConfigError(
            f'Every page shows "as_of" of {package.name} and "version" of {project.name}: {error!r}'
        ) from error


def written(day: str) -> str:
    """Write an ISO date as it stands in a sentence.

    Examples
    --------
    >>> written("2026-06-30")
    '30 June 2026'
    """
    return f"{date.fromisoformat(day).day} {date.fromisoformat(day):%B %Y}"


def chart_bundle() -> str:
    """Build the one script that draws every chart of the book.

    Returns
    -------
    str
        Vega, Vega-Lite and vega-embed with the course's two chart configurations, as a classic script,
        which loads from a USB stick too. It sets ``window.peaceopsCharts`` to ``{embed, config}``.
    """
    import vl_convert

    from peaceops import theme

    config = json.dumps({mode: theme.config(mode) for mode in ("light", "dark")})
    bundle = vl_convert.javascript_bundle(f"window.peaceopsCharts={{embed:vegaEmbed,config:{config}}}")
    return f"(()=>{{{bundle}}})();"


def _configure(app: Sphinx, config: Config) -> None:
    """Key the execution cache, hide the Binder button of a repository without an address."""
    root, digest = Path(app.srcdir), inputs_digest(Path(app.srcdir))
    caches = Path(app.outdir).parent / ".jupyter_cache"
    for stale in caches.glob("*"):
        if stale.name != digest:
            shutil.rmtree(stale)
    config.nb_execution_cache_path = str(caches / digest)
    config.peaceops_inputs = digest  # its change makes Sphinx read every page again
    config.peaceops_edition = as_of, version = edition(root)
    config.myst_substitutions = {"as_of": written(as_of), "year": as_of[:4], "version": version}
    if not config.html_theme_options.get("repository_url"):
        # the theme fails on a launch button without an address
        config.html_theme_options.pop("launch_buttons", None)


def _write_bundle(app: Sphinx) -> None:
    """Write the chart script under a name that changes with its content."""
    script = chart_bundle()
    app.peaceops_bundle = BUNDLE.format(digest=hashlib.sha256(script.encode()).hexdigest()[:12])
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    for stale in static.glob(BUNDLE.format(digest="*")):
        stale.unlink()
    (static / app.peaceops_bundle).write_text(script, encoding="utf-8")


def _write_activities(app: Sphinx) -> None:
    """Write each activity's script and items, and their style sheet, under names that change with their content."""
    from peaceops.widgets._site import site_files

    static = Path(app.outdir) / "_static"
    for stale in static.glob(ACTIVITY_FILE.format(name="*", digest="*", kind="*")):
        stale.unlink()

    def write(name: str, kind: str, text: str) -> str:
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        file = ACTIVITY_FILE.format(name=name, digest=digest, kind=kind)
        (static / file).write_text(text, encoding="utf-8")
        return file

    files = site_files()
    app.peaceops_activity_style = write("look", "css", files.pop("css"))
    app.peaceops_activities = {
        name: [write(f"{name}-{part}", "js", parts[part]) for part in ("deck", "script")]
        for name, parts in files.items()
    }


def _dress_page(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Give a page its fonts, its edition line and, if it has charts, the script that draws them."""
    pathto = context["pathto"]
    fonts = json.dumps([pathto(f"_static/fonts/{font}", 1) for font in FONTS])
    context["metatags"] = context.get("metatags", "") + f"<script>{PRELOAD.replace('FONTS', fonts)}</script>"
    as_of, version = app.config.peaceops_edition
    context["theme_extra_footer"] = (
        f'<p class="po-edition">Version {escape(version)}. Data as of '
        f'<time datetime="{as_of}">{written(as_of)}</time>.</p>'
        f'<p class="po-rights">{escape(app.config.author)}. Text and data CC BY 4.0, code BSD 3-Clause: '
        f'<a href="{pathto("book/about")}">about this course</a>.</p>'
    )
    # an empty corner of a table heads nothing, which Markdown cannot say
    context["body"] = re.sub(r'<th class="head[^"]*"><p></p></th>', "<td></td>", context.get("body", ""))
    if 'class="po-chart"' in context["body"]:
        app.add_js_file("chart.js", loading_method="defer", **{"data-bundle": app.peaceops_bundle})
    used = [name for name in app.peaceops_activities if f'data-activity="{name}"' in context["body"]]
    if used:
        app.add_css_file(app.peaceops_activity_style, priority=910)  # after the book's own look
        for name in used:
            for file in app.peaceops_activities[name]:
                app.add_js_file(file, loading_method="defer")
        app.add_js_file("activities.js", loading_method="defer")


def _finish(app: Sphinx, exception: Exception | None) -> None:
    """Empty the theme's 1.5 MB of icons, of which `course.css` draws the dozen in use; write the front door."""
    if exception is None:
        (Path(app.outdir) / "_static" / "scripts" / "fontawesome.js").write_text("", encoding="utf-8")
        door = FRONT_DOOR.format(target=f"{app.config.root_doc}.html")
        (Path(app.outdir) / "index.html").write_text(door, encoding="utf-8")


def setup(app: Sphinx) -> dict:
    """Register the extension.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The build.

    Returns
    -------
    dict
        Sphinx's extension metadata.
    """
    # inherited by the notebooks' kernels: peaceops.theme then renders for the book
    os.environ["PEACEOPS_BOOK"] = "1"
    app.add_config_value("peaceops_inputs", "", "env")
    app.add_config_value("peaceops_edition", ("", ""), "html")
    app.add_config_value("comments_config", {}, "html")  # Jupyter Book sets it for an extension not used here
    app.add_css_file("course.css", priority=900)
    app.add_js_file(None, body=RESOLVE_MODE, priority=100)
    app.add_js_file("course.js", loading_method="defer")
    app.connect("config-inited", _configure)
    app.connect("builder-inited", _write_bundle)
    app.connect("builder-inited", _write_activities)
    app.connect("html-page-context", _dress_page)
    app.connect("build-finished", _finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
