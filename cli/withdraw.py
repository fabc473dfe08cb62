"""``dateline withdraw``: take articles back, so that no reader gets them any more."""

from cli.audit import audited
from cli.connection import open_store
from cli.errors import Trouble
from cli.exits import Exit
from cli.output import console, counted, emit
from cli.refs import parse_ref
from store import Store, Withdrawn
from tasks import pipeline


def withdraw(articles: list[str], *, as_json: bool, store: Store | None = None) -> Exit:
    """Withdraw articles, all of their revisions unless one is named; returns how the command ends."""
    store = store or open_store()
    withdrawal = pipeline.withdrawal(store)
    results: dict[str, Withdrawn] = {}
    with audited(store, "withdraw", " ".join(articles)):
        for wanted in map(parse_ref, articles):
            found = withdrawal.article(wanted.article_id, wanted.revision)
            if not found:
                raise Trouble(
                    f"There is no article {wanted.article_id}.", "Check the id and the revision.", Exit.MISSING
                )
            results |= {str(ref): what for ref, what in found.items()}
    changed = sum(what is Withdrawn.WITHDRAWN for what in results.values())
    if as_json:
        emit({"withdrawn": changed, "revisions": results})
    else:
        before = len(results) - changed
        already = f"; {before} {'was' if before == 1 else 'were'} withdrawn already" if before else ""
        console().print(f"{counted(changed, 'revisions')} withdrawn{already}.")
    return Exit.OK
