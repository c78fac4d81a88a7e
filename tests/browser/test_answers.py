"""What activities keep: two tabs, storage that fails, other editions, files that are not what they should be."""

import json
from pathlib import Path

import pytest
from activity import answers_file, deck_of, keep, kept, key, mounted, one_try, opened
from book_site import assert_rejects, copy_of
from playwright.sync_api import expect

pytestmark = pytest.mark.slow
HERE = "tests/browser/test_answers.py"
FIRST, SECOND = deck_of("03")[:2]


def sound(**changes) -> dict:
    """Return a file with one decision, changed as a test needs it."""
    return answers_file("classifier", "03", {FIRST: [one_try("parallel")]}) | changes


def with_try(**changes) -> dict:
    """Return a file whose one decision is changed."""
    return sound(answers={FIRST: {"tries": [one_try("parallel") | changes], "view": ""}})


def test_two_tabs_lose_nothing(context, address, deck_page):
    """Fails if answers given in one tab are overwritten, not seen or not deleted by another."""
    one, first = opened(context, address + deck_page, "classifier", deck="03")
    two, second = opened(context, address + deck_page, "classifier", deck="03")
    first.click("parallel")
    expect(second.root.locator(".po-progress__where")).to_contain_text("1 of ")
    two.bring_to_front()
    second.root.locator(".po-select").select_option(index=1)
    second.click("parallel")
    expect(first.root.locator(".po-progress__where")).to_contain_text("2 of ")
    assert list(kept(one, "classifier", "03")["answers"]) == [FIRST, SECOND]
    # what was begun stays where it was begun
    second.root.locator("textarea").first.fill("half a thought")
    first.click("none")
    second.click("none")
    assert second.root.locator("textarea").first.input_value() == "half a thought"
    assert [len(one["tries"]) for one in kept(two, "classifier", "03")["answers"].values()] == [2, 2]
    one.bring_to_front()
    first.root.locator(".po-tools > summary").click()
    first.root.get_by_role("button", name="Not you?").click()
    first.root.get_by_role("button", name="Delete them").click()
    expect(second.root.locator(".po-progress__where")).to_contain_text("0 of ")
    assert kept(two, "classifier", "03") is None


def test_two_places_of_a_page_lose_nothing(tab, address, deck_page):
    """Fails if the same deck twice in one page overwrites answers, or shows them in one place only."""
    tab.goto(address + deck_page)
    one, two = (mounted(tab, "classifier", {"deck": "03"}) for _ in range(2))
    one.click("parallel")
    expect(two.feedback).to_be_visible()
    two.root.locator(".po-select").select_option(index=1)
    two.click("none")
    expect(one.root.locator(".po-progress__where")).to_contain_text("2 of ")
    assert list(kept(tab, "classifier", "03")["answers"]) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "broken",
    [
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})",
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
    ],
    ids=["forbidden", "full"],
)
def test_without_storage_it_works_and_says_so(tab, address, deck_page, broken):
    """Fails if forbidden or full storage stops the activity, or passes in silence."""
    # broken once the page stands: the theme itself stores the colour mode, and only the activity is judged
    tab.goto(address + deck_page)
    tab.evaluate(f"() => {{ {broken} }}")
    player = mounted(tab, "classifier", {"deck": "03"})
    player.click("parallel")
    expect(player.feedback).to_be_visible()
    expect(player.root.locator(".po-notices")).to_contain_text("This browser does not keep answers for this page")
    player.root.locator(".po-tools > summary").click()
    with tab.expect_download() as download:
        player.root.get_by_role("button", name="Export answers").click()
    assert len(json.loads(Path(download.value.path()).read_text(encoding="utf-8"))["answers"]) == 1


def test_a_new_edition_keeps_answers_to_retired_cases(context, address, deck_page):
    """Fails if an answer to a case or an option that the deck no longer has is lost, or kept without a word."""
    tab, player = opened(context, address + deck_page, "classifier", deck="03")
    tries = {FIRST: [one_try("retired-option")], "retired-case": [one_try("parallel")]}
    keep(tab, answers_file("classifier", "03", tries) | {"edition": "0.0.1"})
    tab.reload()
    player.root.locator(".po-tools > summary").click()
    expect(player.root.locator(".po-kept")).to_contain_text(
        "2 answers belong to cases or options that this edition no longer has"
    )
    expect(player.root.locator(".po-kept")).to_contain_text("retired-case")
    player.click("parallel")
    held = kept(tab, "classifier", "03")["answers"]
    assert {case: held[case]["tries"] for case in tries} == tries
    assert len(held) == 3


def test_storage_of_a_newer_edition_is_left_alone(context, address, deck_page):
    """Fails if an old page, still open, writes over what a newer edition has stored."""
    tab, player = opened(context, address + deck_page, "classifier", deck="03")
    newer = sound(format=2, something="new")
    keep(tab, newer)
    tab.reload()
    expect(player.root.locator(".po-notices")).to_contain_text("A newer edition of the course has stored answers here")
    player.click("parallel")
    expect(player.feedback).to_be_visible()
    assert kept(tab, "classifier", "03") == newer


def test_unreadable_storage_is_put_aside(context, address, deck_page):
    """Fails if what a hand-edited storage held is overwritten, or stops the activity."""
    tab, player = opened(context, address + deck_page, "classifier", deck="03")
    tab.evaluate("name => localStorage.setItem(name, '{\"course\": broken')", key("classifier", "03"))
    tab.reload()
    expect(player.root.locator(".po-notices")).to_contain_text("They were put aside, not deleted")
    aside = tab.evaluate("name => localStorage.getItem(name)", key("classifier", "03") + ":unreadable")
    assert aside == '{"course": broken'
    player.click("parallel")
    assert len(kept(tab, "classifier", "03")["answers"]) == 1


BAD_FILES = {
    "cut off": ('{"course": "peacekeeping-partn', "it is cut off, or not a file of answers at all"),
    "a picture": ("\x89PNG\r\n\x1a\n\x00", "it is cut off, or not a file of answers at all"),
    "foreign": ({"course": "another"}, "it does not come from this course"),
    "a list": ([1, 2], "it does not come from this course"),
    "newer": (sound(format=2), "a newer edition of the course wrote it"),
    "older": (sound(format=0), "an edition of the course that can no longer be read wrote it"),
    "no format": (sound(format="1"), "it does not say which format it has"),
    "other activity": (sound(activity="quiz"), "it belongs to another activity (“quiz”)"),
    "other deck": (sound(deck="04"), "it holds answers to the deck “04”"),
    "no answers": (sound(answers=[]), "it holds no answers"),
    "option": (with_try(option="best"), f"the answer to “{FIRST}” names “best”, which is not one of: integrated"),
    "confidence": (with_try(confidence=101), f"the answer to “{FIRST}” has the confidence “101”"),
    "reason": (with_try(reason=5), "has a reason that is no text"),
    "long reason": (with_try(reason="x" * 10_001), "longer than 10000 characters"),
    "date": (with_try(at="yesterday"), "has no readable date"),
    "prototype": ('{"__proto__": {"course": "peacekeeping-partnerships"}}', "it does not come from this course"),
    "too large": ("[" + "1," * 2_600_000 + "1]", "it is too large to be a file of answers"),
}


def test_a_bad_file_gets_one_sentence(context, address, deck_page, tmp_path):
    """Fails if a bad file is taken, changes an answer, or is refused without a reason."""
    tab, player = opened(context, address + deck_page, "classifier", deck="03")
    player.click("parallel")
    held = kept(tab, "classifier", "03")
    before = held["answers"]
    player.root.locator(".po-tools > summary").click()
    outcome = player.root.locator(".po-outcome")
    for name, (content, sentence) in BAD_FILES.items():
        if isinstance(content, dict):  # of this edition: what another one wrote may hold options unknown here
            content = content | {"edition": held["edition"]}
        file = tmp_path / f"{name} <b>.json"
        file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        player.root.locator("input[type=file]").set_input_files(file)
        expect(outcome).to_contain_text(f"The file “{name} <b>.json” was not taken: ")
        expect(outcome, name).to_contain_text(sentence)
        expect(outcome).to_contain_text("Your answers here are as they were.")
        assert kept(tab, "classifier", "03")["answers"] == before, name


def test_an_imported_file_adds_and_never_replaces(context, address, deck_page, tmp_path):
    """Fails if importing loses a decision made here, or one made there."""
    tab, player = opened(context, address + deck_page, "classifier", deck="03")
    player.click("support")
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(sound(coder="Blue Heron")), encoding="utf-8")
    player.root.locator(".po-tools > summary").click()
    for _ in range(2):  # twice the same file: nothing is doubled
        player.root.locator("input[type=file]").set_input_files(file)
        expect(player.root.locator(".po-outcome")).to_contain_text("1 answer from “mine.json” added")
    held = kept(tab, "classifier", "03")
    assert [one["option"] for one in held["answers"][FIRST]["tries"]] == ["parallel", "support"]
    assert held["coder"] == "Blue Heron"


# ---- what the gates reject


def test_gate_rejects(site, deck_page, tmp_path):
    """Fails if a bad file that is taken passes."""
    broken = copy_of(site, tmp_path / "site", keep=[deck_page])
    (script,) = (broken / "_static").glob("activity-classifier-script-*.js")
    text, check = script.read_text(encoding="utf-8"), "if (file.format > FORMAT) {"
    assert check in text
    script.write_text(text.replace(check, "if (false) {"), encoding="utf-8")
    assert_rejects(f"{HERE}::test_a_bad_file_gets_one_sentence", broken, "newer")
