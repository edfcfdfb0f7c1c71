"""The shoe check on the phone: the pair is told once, and what the shoes did each time."""

from playwright.sync_api import expect

from tests.browser.phone import Phone
from tests.browser.site import ApiClient, eventually


def test_shoes_are_checked_and_the_pair_is_remembered(phone: Phone, api: ApiClient) -> None:
    phone.go("log/shoes")
    phone.choose("input[value=shoe]")
    phone.tap("Done")
    phone.sees("14 answers need a look")
    good = {
        "felt_inside": "yes",
        "rough_inside": "no",
        "socks": "good",
        "red_marks": "none",
        "new_shoes": "no",
        "torn_lining": "no",
        "worn_heel": "no",
        "toe_room": "right",
        "narrow_toes": "no",
        "high_heel": "no",
        "thin_sole": "no",
        "fastening": "yes",
        "prescribed": "no",
        "looked_over": "under_3",
    }
    for name, value in good.items():
        phone.choose(f"fieldset[data-name={name}] input[value={value}]")
    phone.tap("Done")
    expect(phone.page.get_by_role("heading", level=1, name="You can wear them")).to_be_visible()
    (check,) = eventually(lambda: api.call("GET", "/shoe-checks")["items"])
    assert (check["verdict"], check["rules_differ"]) == ("wear", False)
    phone.go("today")
    phone.go("log/shoes")
    phone.sees("As at your last check.")
    for name in ("felt_inside", "rough_inside", "socks"):
        phone.choose(f"fieldset[data-name={name}] input[value={good[name]}]")
    phone.choose("fieldset[data-name=red_marks] input[value=over_15]")
    phone.choose("fieldset[data-name=new_shoes] input[value=day_1]")
    phone.tap("Done")
    phone.sees("Type a number from 0 to 24.")
    phone.page.locator("[name=hours_worn]").fill("2")
    phone.tap("Done")
    expect(phone.page.get_by_role("heading", level=1, name="Do not wear them like this")).to_be_visible()
    phone.sees("That is enough for today.")
    phone.sees("Call your clinic in the next 1–2 working days")
    phone.go("today")
    phone.page.go_back()
    expect(phone.page.get_by_role("heading", level=1, name="Do not wear them like this")).to_be_visible()
    found = eventually(lambda: [one for one in api.call("GET", "/shoe-checks")["items"] if one["verdict"] != "wear"])
    assert found[0]["decision"]["inputs"]["hours_worn"] == 2
