"""What is asked twice while one page is made."""

from __future__ import annotations

from nennep.one_look import once_a_look, one_look


def test_inside_a_look_a_question_is_put_once_and_outside_it_each_time() -> None:
    asked: list[int] = []

    @once_a_look
    def doubled(number: int, *, plus: int = 0) -> int:
        asked.append(number)
        return number * 2 + plus

    with one_look():
        inside = [doubled(1), doubled(1), doubled(1, plus=5), doubled(2)]
    outside = [doubled(1), doubled(1)]

    assert inside == [2, 2, 7, 4]
    assert outside == [2, 2]
    assert asked == [1, 1, 2, 1, 1]


def test_an_answer_does_not_outlive_its_look() -> None:
    world = {"figure": 1}

    @once_a_look
    def figure() -> int:
        return world["figure"]

    with one_look():
        before = figure()
    world["figure"] = 2
    with one_look():
        after = figure()

    assert (before, after) == (1, 2)


def test_two_questions_with_the_same_arguments_are_not_mistaken_for_each_other() -> None:
    @once_a_look
    def name(unit: int) -> str:
        return f"unit {unit}"

    @once_a_look
    def place(unit: int) -> str:
        return f"place {unit}"

    with one_look():
        answers = (name(1), place(1))

    assert answers == ("unit 1", "place 1")
