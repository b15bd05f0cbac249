"""The figures that invented units set themselves: what they reported the year before, a little more or less."""

from __future__ import annotations

from decimal import Decimal

from nennep.demonstration.chance import Dice
from nennep.demonstration.scene import Scene
from nennep.reporting.models import Form, Round
from nennep.synthesis import figures

_FORM = "monthly"
#: Above this a figure for a year ends on 0 or 5.
_ROUND_ABOVE = 40


class Aims:
    """Targets of one year, from the monthly reports of the year before. Whoever reported nothing then has none."""

    def __init__(self, scene: Scene, year: int) -> None:
        self._scene = scene
        form = Form.objects.select_related("calendar").filter(code=_FORM).order_by("-version").first()
        self._told: dict[int, dict[str, figures.Figure]] = {}
        self._months = 0
        if form is not None:
            span = form.calendar.rule.parse(str(year - 1))
            within = Round.objects.filter(form=form, starts_on__gte=span.starts_on, starts_on__lt=span.ends_on)
            self._months = within.count()
            if self._months:
                self._told = figures.over_spans(form, list(scene.codes), [span])[span]

    def of_year(self, unit_id: int, indicator: str) -> tuple[str, Decimal] | None:
        """The target of a year, with its indicator."""
        value = self._value(unit_id, indicator)
        if value is None:
            return None
        figure = round(value * Decimal(str(Dice(self._scene.codes[unit_id], indicator, "aim").between(0.9, 1.12))))
        return indicator, Decimal(max(1, figure if figure <= _ROUND_ABOVE else round(figure / 5) * 5))

    def of_month(self, unit_id: int, indicator: str, month: str) -> tuple[str, Decimal] | None:
        """The target of a month: an even share of the year's."""
        value = self._value(unit_id, indicator)
        if value is None:
            return None
        factor = Dice(self._scene.codes[unit_id], indicator, month, "aim").between(0.8, 1.15)
        return indicator, Decimal(max(1, round(value / self._months * Decimal(str(factor)))))

    def _value(self, unit_id: int, indicator: str) -> Decimal | None:
        found = self._told.get(unit_id, {}).get(indicator)
        return found.value if found is not None and found.value > 0 else None
