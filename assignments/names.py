"""Which names a cell of code binds and which it uses, without running it."""
import ast
import io
import symtable
import tokenize
from dataclasses import dataclass
from functools import lru_cache

ANY = "*"  # a cell may bind this: a star import, or a command of IPython
LAYOUT = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
          tokenize.ENDMARKER, tokenize.ENCODING)


@dataclass(frozen=True)
class Names:
    """The global names of a cell; both empty where it does not compile."""
    bound: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def names_in(source: str) -> Names:
    """Return the global names that a cell binds when it runs, and those that it uses."""
    from IPython.core.inputtransformer2 import TransformerManager
    try:
        plain = TransformerManager().transform_cell(source)  # %magic and !command
        top, tree = symtable.symtable(plain, "cell", "exec"), ast.parse(plain)
    except (SyntaxError, ValueError, RuntimeError, MemoryError):  # of 500 lines with % at most
        return Names()
    bound, used, tables = set(), set(), [top]
    for table in tables:  # which grows meanwhile
        tables += table.get_children()
        for symbol in table.get_symbols():
            here = table is top
            if (here or symbol.is_declared_global()) and (
                    symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()):
                bound.add(symbol.get_name())
            if symbol.is_referenced() and (here or symbol.is_global()):
                used.add(symbol.get_name())
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    stored, deleted = ({node.id for node in named if isinstance(node.ctx, kind)}
                       for kind in (ast.Store, ast.Del))
    bound -= deleted - stored  # for a symbol table, del binds too
    if "get_ipython" in used or "import *" in plain:
        bound.add(ANY)
    return Names(frozenset(bound), frozenset(used))


def bare(source: str) -> str:
    """Return code without comments and layout: the same for cells that differ in nothing else."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
        return " ".join(token.string for token in tokens if token.type not in LAYOUT)
    except (tokenize.TokenError, SyntaxError):
        lines = [line for line in source.splitlines() if not line.lstrip().startswith("#")]
        return "".join("".join(lines).split())
