"""One page of feedback for each reader: HTML that needs nothing else, so it can be sent."""
from html import escape

from assignments.results import Result, on_one_line, shown
from common.language import _, language

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:50em;margin:2em auto;padding:0 1em;color:#222}
h1{font-size:1.4em}h2{font-size:1.1em;margin:2em 0 .3em}p{margin:.4em 0}
pre{background:#f5f5f2;padding:.7em;overflow-x:auto;font-size:.85em;white-space:pre-wrap}
.all{color:#00694a}.less{color:#a03000}.small{color:#555;font-size:.85em}
"""
MARK = STYLE.strip().splitlines()[0].encode()  # in every page that was written


def page(result: Result) -> str:
    """Return the page of a result: for each exercise its points, what differs, the reader's own
    code and what it printed, and what to read again."""
    title = text(_("{name}: {points} of {of} points").format(
        name=result.name, points=shown(result.points), of=result.of))
    parts = [f"<!DOCTYPE html>\n<html lang=\"{language()}\"><head><meta charset=\"utf-8\">"
             f"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
             f"<title>{title}</title><style>{STYLE}</style></head><body>",
             f"<h1>{title}</h1>",
             f"<p>{text(_('Assignment {name}').format(name=result.assignment or ''))}</p>"]
    parts += [f"<p>{text(line)}</p>" for line in (result.status, result.note)
              if line and line != "graded"]
    for row in result.exercises:
        kind = "all" if row.points == row.of else "less"
        parts.append(f"<h2>{text(row.exercise)} <span class=\"{kind}\">"
                     + _("{points} of {of}").format(points=shown(row.points), of=row.of)
                     + "</span></h2>")
        parts.append(f"<p>{text(row.why or _('Passed.'))}</p>")
        if row.read_again:
            parts.append("<p class=\"small\">" + text(_("Read again: {sections}").format(
                sections=row.read_again)) + "</p>")
        if row.code.strip():
            parts.append(f"<p class=\"small\">{_('Your code')}</p><pre>{block(row.code)}</pre>")
        if row.printed.strip():
            parts.append(f"<p class=\"small\">{_('What it printed')}</p>"
                         f"<pre>{block(row.printed)}</pre>")
    if again := result.read_again():
        heading = _("Read again in chapter {number}").format(number=(result.assignment or "")[:2])
        parts.append(f"<h2>{text(heading)}</h2><p>{text(again)}</p>")
    return "\n".join([*parts, "</body></html>", ""])


def text(line: str) -> str:
    """Return a line as HTML shows it as it is."""
    return escape(on_one_line(line))


def block(lines: str) -> str:
    """Return several lines as HTML shows them as they are, at most 20,000 characters."""
    return escape("\n".join(on_one_line(line.expandtabs(4))
                            for line in lines[:20_000].splitlines()))
