"""The cap of a step goal for somebody about whom every answer but those that are named is a calm one."""

from server.care.step_goal import CAP_ANSWERS, Cap, cap_of

FREE = dict.fromkeys(CAP_ANSWERS, "no")


def cap(baseline: int, *, chosen: int | None = None, steps: int | None = None, **answers: str) -> Cap:
    return cap_of(baseline, FREE | answers, lifted=False, chosen=chosen, steps=steps)
