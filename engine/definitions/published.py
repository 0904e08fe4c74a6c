"""Compares what is loaded with ``published.yaml``: version to the hash it was published with; only ever appended."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.definitions.loader import Published, load_all
from engine.definitions.reader import Faults, Leaf, Place, read_file
from engine.definitions.sheet import Sheet

FILE = "published.yaml"


def compare_with_published(root: Path, published: Iterable[Published], faults: Faults) -> None:
    """This will note every definition that is not published, or no longer what was published."""
    if not (root / FILE).exists():
        faults.add(Place(FILE, 1, 1), f"{FILE} saknas", f"{FILE} is missing")
        return
    known = Sheet(read_file(root, FILE, faults), faults, FILE)
    loaded = {one.workflow.version: one.workflow.content_hash for one in published}
    for version, content_hash in loaded.items():
        if not known.has(version):
            faults.add(Place(FILE, 1, 1), f"{version} är inte publicerad", f"{version} is not published")
        elif known.text(version) != content_hash:
            known.fault(
                version,
                f"{version} är ändrad sedan den publicerades; en ändring ska vara en ny version",
                f"{version} has changed since it was published; a change must be a new version",
            )
    for version in known.names:
        if version not in loaded:
            known.fault(version, f"{version} är publicerad men finns inte", f"{version} was published but is gone")


def publish(root: Path) -> tuple[str, ...]:
    """This will append every definition that is not yet in ``published.yaml`` and return their versions.

    Raises DefinitionFaults. A version that is there already is never written again.
    """
    faults = Faults()
    file = root / FILE
    table = read_file(root, FILE, faults) if file.exists() else None
    faults.raise_if_any()
    known = {key for key, node in table.entries.items() if isinstance(node, Leaf)} if table is not None else set()
    new = [one.workflow for one in load_all(root).published if one.workflow.version not in known]
    before = file.read_text() if file.exists() else "# Version: hash of the definition with everything it cites.\n"
    lines = [f"{workflow.version}: {workflow.content_hash}\n" for workflow in new]
    file.write_text(before + "".join(lines))
    return tuple(workflow.version for workflow in new)
