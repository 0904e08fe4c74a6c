"""``samverk user add``: people and the roles they hold."""

from __future__ import annotations

import argparse
import secrets
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.domain.values import Text, local_day, organisation_number_is_valid
from web.cli.answer import Answer, WrongUse
from web.cli.options import Commands, add_command, add_group
from web.cli.storage import opened
from web.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.application.queries import Person
    from engine.domain.roles import Role

SHORTEST_PASSWORD = 12


def register(commands: Commands) -> None:
    """This will add the command to the parser."""
    group = add_group(commands, "user", "people")
    add = add_command(group, "add", "add a person, or one more role to a person who is there", run=add_person)
    add.add_argument("--email", required=True, metavar="ADDRESS", help="address to sign in with")
    add.add_argument("--name", metavar="NAME", help="name as it stands in the log; needed for a new person")
    add.add_argument("--role", required=True, metavar="ROLE", help="a role of the register, for example pm")
    add.add_argument("--organisation", metavar="ID", help="the organisation the role is held for")
    add.add_argument("--infrastructure", metavar="ID", help="for a role of one infrastructure")
    add.add_argument("--case", metavar="ID", help="for a role given case by case")
    add.add_argument("--company", metavar="ORG_NR", help="organisation number, for the company's own roles")
    add.add_argument("--password-stdin", action="store_true", help="read the password from standard input, one line")


def add_person(arguments: argparse.Namespace) -> Answer:
    """This will store the person and the role. Without a given password, one is made and shown once."""
    from engine.definitions.loader import load_all
    from engine.domain.permissions import Assignment
    from engine.persistence.engine import reading, writing
    from engine.persistence.identity import add_assignment, find_person_by_email, save_person
    from engine.persistence.infrastructure import all_infrastructures, all_organisations
    from web.wiring import clock, new_key

    settings = read_settings()
    role = _role(arguments.role, load_all(settings.workflows).catalogue.roles)
    _check_reach(role, arguments)
    with opened(settings) as engine:
        with reading(engine) as connection:
            if arguments.organisation:
                _check_known("--organisation", arguments.organisation, [o.id for o in all_organisations(connection)])
            if arguments.infrastructure:
                known_places = [place.id for place in all_infrastructures(connection)]
                _check_known("--infrastructure", arguments.infrastructure, known_places)
            known = find_person_by_email(connection, arguments.email)
        person = known or _new_person(arguments, new_key())
        password = _password(is_read=arguments.password_stdin) if known is None or arguments.password_stdin else ""
        held = Assignment(
            person=person.id,
            role=role.key,
            organisation=arguments.organisation or ("sme" if arguments.company else "platform"),
            valid_from=local_day(clock(engine, settings)()),
            infrastructure_id=arguments.infrastructure,
            case_id=arguments.case,
            company_org_nr=arguments.company,
        )
        with writing(engine) as connection:
            save_person(connection, replace(person, password_hash=_hash(password)) if password else person)
            add_assignment(connection, held)
    made = None if arguments.password_stdin else password or None
    lines = [f"{person.email} holds {role.key} from {held.valid_from}."]
    if made:
        lines.append(f"Password, shown this once: {made}")
    data = {"id": person.id, "email": person.email, "role": role.key, "valid_from": held.valid_from, "password": made}
    return Answer(text="\n".join(lines), data=data)


def _role(key: str, roles: Mapping[str, Role]) -> Role:
    _check_known("--role", key, roles)
    return roles[key]


def _check_reach(role: Role, arguments: argparse.Namespace) -> None:
    """A role reaches cases through exactly what its scope says; without it, it would reach none."""
    needed = {
        "infrastructure": ("organisation", "infrastructure"),
        "case": ("organisation", "case"),
        "organisation": ("organisation",),
        "own_case": ("company",),
        "system": (),
    }[role.scope]
    missing = [f"--{name}" for name in needed if not getattr(arguments, name)]
    if missing:
        raise WrongUse(
            Text(
                sv=f"Rollen {role.key} ({role.name.sv}) behöver {' och '.join(missing)}.",
                en=f"The role {role.key} ({role.name.en}) needs {' and '.join(missing)}.",
            )
        )
    if arguments.company and not organisation_number_is_valid(arguments.company):
        raise WrongUse(
            Text(
                sv=f"{arguments.company} är inget organisationsnummer med rätt kontrollsiffra.",
                en=f"{arguments.company} is not an organisation number with a right check digit.",
            )
        )


def _check_known(option: str, given: str, known: Iterable[str]) -> None:
    names = list(known)
    if given not in names:
        listed = ", ".join(names) or "–"
        raise WrongUse(
            Text(
                sv=f"{option} {given} finns inte. De som finns är {listed}.",
                en=f"{option} {given} does not exist. These do: {listed}.",
            )
        )


def _new_person(arguments: argparse.Namespace, key: str) -> Person:
    from engine.application.queries import Person

    address = arguments.email.strip().lower()
    if not arguments.name or "@" not in address.strip("@"):
        raise WrongUse(
            Text(
                sv="En ny person behöver --name och en adress med @ i --email.",
                en="A new person needs --name and an address with @ in --email.",
            )
        )
    return Person(id=key, email=address, name=arguments.name.strip(), password_hash="")


def _password(*, is_read: bool) -> str:
    if not is_read:
        return secrets.token_urlsafe(15)
    password = sys.stdin.readline().rstrip("\r\n")
    if len(password) < SHORTEST_PASSWORD:
        raise WrongUse(
            Text(
                sv=f"Lösenordet ska ha minst {SHORTEST_PASSWORD} tecken.",
                en=f"The password must have at least {SHORTEST_PASSWORD} characters.",
            )
        )
    return password


def _hash(password: str) -> str:
    from argon2 import PasswordHasher

    return PasswordHasher().hash(password)
