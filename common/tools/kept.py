"""Pages that the course builds, and what somebody changed in one by hand: nothing of it is lost."""
import hashlib
import json
import subprocess
from pathlib import Path

from common.course import COURSE, CourseError, update_file, write_file

BUILT = "results/built.json"  # {page: mark of it as it was last built here}
KEPT = "results/changed_by_hand"


def mark_of_page(text: str) -> str:
    """Return what tells the cells of a notebook from any others, without outputs and ids; of other
    text a mark of all of it."""
    try:
        cells = [[cell["cell_type"], "".join(cell["source"]), cell.get("attachments"),
                  cell["metadata"].get("slideshow"), cell["metadata"].get("tags")]
                 for cell in json.loads(text)["cells"]]
        text = json.dumps(cells, sort_keys=True)
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def build(path: Path, text: str, course: Path = COURSE) -> bool:
    """Write a built page, where it is not like this already; return whether it was written.

    What somebody changed in the page by hand goes into results/changed_by_hand first, and that is
    said. Raises CourseError where a file cannot be read or written.
    """
    name, mark, built = path.relative_to(course).as_posix(), mark_of_page(text), _built(course)
    try:
        before = path.read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        before = text
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror or error}).") from None
    old = mark_of_page(before)
    if old not in (mark, built.get(name)) and old != _committed(name, course):
        kept = f"{KEPT}/{name.removesuffix(path.suffix)}.{old[:8]}{path.suffix}"
        write_file(course / kept, before.encode("utf-8", "surrogateescape"))
        print(f"{name} was changed by hand; as it was it is in {kept}.")
    changed = update_file(path, text)
    if built.get(name) != mark:
        write_file(course / BUILT, json.dumps(built | {name: mark}, indent=1) + "\n")
    return changed


def _built(course):
    try:
        found = json.loads((course / BUILT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _committed(name, course):
    """The mark of a page as git has it; None where there is no git, or it has none."""
    try:
        git = subprocess.run(["git", "-C", str(course), "show", f"HEAD:./{name}"],
                             capture_output=True)
    except OSError:
        return None
    text = git.stdout.decode("utf-8", "surrogateescape")
    return mark_of_page(text) if git.returncode == 0 else None
