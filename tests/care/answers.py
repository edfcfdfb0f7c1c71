"""The answers of a person with no flag and no warning, written by reading the brief, not the tables."""

NO_FLAG = {
    "care_team_ok": "yes",
    "numb_feet": "no",
    "feels_temperature": "yes",
    "touch_hurts": "no",
    "numb_hands": "no",
    "past_ulcer_or_shape": "no",
    "poor_circulation": "no",
    "bleeds_easily": "no",
    "recent_break_or_operation": "no",
    "blood_clot": "no",
    "pregnant": "no",
    "fragile_skin": "no",
    "swollen_legs_or_cancer": "no",
    "low_sugar_medicine": "no",
    "type_1": "no",
    "sglt2_inhibitor": "no",
    "reaches_feet": "yes",
    "has_helper": "yes",
    "heart_rhythm": "no",
    "g6pd_deficiency": "no",
    "asthma": "no",
    "epilepsy": "no",
    "skin_allergy": "no",
    "nut_allergy": "no",
    "children_at_home": "no",
    "sees_soles": "yes",
}

NO_WARNING = {
    "open_sore": "no",
    "red_hot_swollen": "no",
    "pus_or_smell": "no",
    "fever_or_very_ill": "no",
    "cold_or_discoloured": "no",
    "one_calf_swollen": "no",
    "injury_or_new_shape": "no",
    "rest_pain": "no",
    "skin_problem": "no",
    "low_sugar": "no",
    "drunk_or_sleepy": "no",
    "might_faint": "no",
}

# The one more question of G3, G4, G6 and G9, by its warning.
FOLLOW_UPS = {
    "pus_or_smell": "ill_with_pus",
    "fever_or_very_ill": "confused_or_wound",
    "one_calf_swollen": "breathless",
    "skin_problem": "dark_spot",
}

NO_STOP = {"reason": "none", "skin_same": "yes", "low_sugar_medicine": "no"}


def yes_to(warning: str, follow_up: str = "no") -> dict[str, str]:
    """Today's check with one warning, its one more question answered too."""
    more = {FOLLOW_UPS[warning]: follow_up} if warning in FOLLOW_UPS else {}
    return NO_WARNING | {warning: "yes"} | more
