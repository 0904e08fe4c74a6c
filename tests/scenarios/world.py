"""Fresh cases of the three forms, played by real commands to every stage, and kept there as copies of a database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import Engine

from engine.application.queries import Person
from engine.definitions.loader import AllWorkflows
from engine.domain.events import Entry
from engine.domain.permissions import Assignment
from engine.domain.values import STOCKHOLM
from engine.persistence.case import SqlCaseStore
from engine.persistence.engine import open_engine, reading, writing
from engine.persistence.identity import save_person
from tests.databases import PostgresDatabases, SqliteDatabases
from web.demo import ending, journey
from web.demo.facts import DemoCase, read_cases, read_demo
from web.demo.load import everybody, roles_in
from web.demo.people import DemoPerson
from web.demo.player import PlayClock, Player
from web.registers import load_registers
from web.settings import Settings
from web.wiring import make_ports, new_key

PLACE = {"state": "ana_futura", "regional": "vecura", "company": "awl_flemingsberg"}
LETTER = journey.LETTER
NUMBERS = {"state": "559999-0909", "regional": "559999-0917", "company": "559999-0925"}
"""Organisation numbers of fictional companies that no demo case has; their check digits are right."""

SECOND_NUMBER = "559999-0933"
START = date(2025, 12, 1)
DAYS = {
    "state": {
        "inquiry": date(2025, 8, 18), "scoping": date(2025, 9, 22), "legal_review": date(2025, 10, 30),
        "procurement_check": date(2025, 11, 5), "confidentiality": date(2025, 11, 11),
    },
    "regional": {
        "inquiry": date(2025, 8, 18), "scoping": date(2025, 9, 8), "procurement_check": date(2025, 9, 29),
        "legal_review": date(2025, 10, 9), "confidentiality": date(2025, 10, 20),
    },
    "company": {
        "inquiry": date(2025, 8, 18), "confidentiality": date(2025, 9, 1), "scoping": date(2025, 9, 22),
        "legal_review": date(2025, 10, 30), "procurement_check": date(2025, 11, 10),
    },
}  # fmt: skip
FORWARD = {
    "S": {
        "inquiry": ("ops_manager", "T01"), "scoping": ("pm", "T05"), "legal_review": ("legal", "T09"),
        "procurement_check": ("procurement", "T13"), "confidentiality": ("decision_maker", "T17"),
    },
    "R": {
        "inquiry": ("ops_manager", "T01"), "scoping": ("pm", "T05"), "procurement_check": ("procurement", "T08"),
        "legal_review": ("legal", "T12"), "confidentiality": ("decision_maker", "T17"),
    },
    "C": {
        "inquiry": ("pm", "T01"), "confidentiality": ("decision_maker", "T05"), "scoping": ("pm", "T08"),
        "legal_review": ("legal", "T12"), "procurement_check": ("decision_maker", "T17"),
    },
}  # fmt: skip


@dataclass(slots=True)
class Play:
    """One case under play: who plays it, what the data says of it, and the database it lives in."""

    p: Player
    d: DemoCase
    engine: Engine

    @property
    def letter(self) -> str:
        """The letter of the form in ids."""
        return LETTER[self.d.form]

    def log(self) -> tuple[Entry, ...]:
        """This will return the case's log, oldest first."""
        with reading(self.engine) as connection:
            return SqlCaseStore(connection, year=self.p.clock().year).log(self.p.case_id)

    def id(self, short: str) -> str:
        """This will return an id of this form: ``T05`` or ``CLO-02``."""
        return f"{self.letter}-{short}"


@dataclass(slots=True)
class Kept:
    """A copy of a database with a case at a place, and the moment it was."""

    url: str
    moment: datetime
    appointed: tuple[Assignment, ...]


@dataclass(slots=True, kw_only=True)
class Cast:
    """The fresh case of each form, and the people who play it."""

    settings: Settings
    workflows: AllWorkflows
    cases: dict[str, DemoCase] = field(default_factory=dict)

    def case_of(self, form: str) -> DemoCase:
        """This will return what the data says of the fresh case of a form."""
        if form not in self.cases:
            self.cases[form] = fresh_case(self.settings, self.workflows, form)
        return self.cases[form]

    def player(self, engine: Engine, d: DemoCase, moment: datetime) -> Player:
        """This will return a player of a case on a database."""
        clock = PlayClock(moment=moment)
        return Player(
            ports=make_ports(self.settings, engine, self.workflows, clock),
            clock=clock,
            cast={person.id: person for person in everybody([d], self.workflows)},
            roles=roles_in(d),
            case_id=d.id,
            new_key=new_key,
        )


@dataclass(slots=True, kw_only=True)
class World(Cast):
    """One kind of database, with copies kept at every place a test has asked for."""

    databases: SqliteDatabases | PostgresDatabases
    keeping: ExitStack
    kept: dict[tuple[str, str], Kept] = field(default_factory=dict)

    def stages(self, form: str) -> tuple[str, ...]:
        """This will return the stages of a form that come before execution."""
        workflow = self.workflows.in_force(form, datetime(2025, 8, 18, 12, tzinfo=STOCKHOLM))
        return tuple(stage.name for stage in workflow.stages if stage.name not in {"execution", "closed"})

    @contextmanager
    def at(self, form: str, place: str) -> Iterator[Play]:
        """This will give a case of its own at a place: a stage with everything ready to go on from it.

        ``execution`` is just after the start, ``ending`` the same with everything ready to complete.
        """
        if (form, place) not in self.kept:
            self._play_to(form, place)
        found = self.kept[form, place]
        with self.databases.copy(found.url) as url, self._play(form, url, found) as play:
            yield play

    @contextmanager
    def fresh(self, form: str) -> Iterator[Play]:
        """This will give a database with the registers alone, the day before the inquiry."""
        with self.databases.fresh() as url:
            engine = open_engine(url)
            load_registers(self.settings.workflows, engine)
            store_people(engine, everybody([self.case_of(form)], self.workflows))
            engine.dispose()
            with self._play(form, url, None) as play:
                yield play

    @contextmanager
    def _play(self, form: str, url: str, found: Kept | None) -> Iterator[Play]:
        engine = open_engine(url, pool_size=10)
        moment = found.moment if found else moment_of(DAYS[form]["inquiry"])
        try:
            player = self.player(engine, self.case_of(form), moment)
            player.appointed.extend(found.appointed if found else ())
            yield Play(player, self.case_of(form), engine)
        finally:
            engine.dispose()

    def _play_to(self, form: str, place: str) -> None:
        """Each place is played from the one before it, so that every step of a form is played once."""
        order = (*self.stages(form), "execution", "ending")
        before = order[order.index(place) - 1] if order.index(place) else None
        with self.fresh(form) if before is None else self.at(form, before) as play:
            if before is not None and place != "ending":
                go_on(play, before)
            if place in PREPARED or place == "ending":
                prepare(play, place)
            moment, appointed = play.p.clock.moment, tuple(play.p.appointed)
            url = play.engine.url.render_as_string(hide_password=False)
            play.engine.dispose()
            copy = self.keeping.enter_context(self.databases.copy(url))
        self.kept[form, place] = Kept(copy, moment, appointed)


PREPARED = frozenset(journey.PREPARE)


def moment_of(day: date) -> datetime:
    """This will return the morning of a day."""
    return datetime.combine(day, time(8, 30), STOCKHOLM)


def store_people(engine: Engine, people: Iterable[DemoPerson]) -> None:
    """This will store accounts that nobody signs in to: roles given in a case point to them."""
    with writing(engine) as connection:
        for person in people:
            account = Person(id=person.id, email=person.email, name=person.name, password_hash="-")
            save_person(connection, account)


def prepare(play: Play, place: str) -> None:
    """This will make everything ready at a place for the way on."""
    p, d = play.p, play.d
    if place == "ending":
        p.clock.to(START + timedelta(days=60))
        ending.closing(p, d)
        return
    p.clock.to(DAYS[d.form][place])
    journey.PREPARE[place](p, d)
    if place == ("procurement_check" if d.form == "company" else "confidentiality"):
        ending.ready_to_start(p, d, START)


def go_on(play: Play, stage: str) -> None:
    """This will take the way on from a stage where everything is ready."""
    role, move = FORWARD[play.letter][stage]
    if move == "T17":
        play.p.clock.to(START)
    play.p.act(role, play.id(move))


def fresh_case(settings: Settings, workflows: AllWorkflows, form: str, number: int = 1) -> DemoCase:
    """This will return an ordinary case of a form, of a company that no demo case has (``number`` 2: another one)."""
    raw = {
        "id": f"C-2025-90{number}{sorted(NUMBERS).index(form) + 1}",
        "form": form,
        "infrastructure": PLACE[form],
        "title_sv": "Mätning av proteinprover",
        "title_en": "Measurement of protein samples",
        "stage": "execution",
        "story": "An ordinary case, from inquiry to closed.",
        "sme": {
            "name": f"Exempel {form.capitalize()} Prov {number} AB", "headcount_awu": 12,
            "org_nr": NUMBERS[form] if number == 1 else SECOND_NUMBER,
            "turnover_meur": 1.5, "balance_meur": 1.0, "category": "small",
        },
        "set": {"case": {"internal_no": "AWL-FLB-2025-9001"} if form == "company" else {"dnr": f"9-{number}/2025"}},
        "expect": {"try": f"{LETTER[form]}-T23", "failing": []},
    }  # fmt: skip
    defaults = read_demo(settings.workflows, "demo_defaults")
    (case,) = read_cases((raw,), defaults, workflows.catalogue.fields)
    return case
