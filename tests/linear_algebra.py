"""What follows from released sums: exact linear algebra over rationals, for the attacks on anonymity.

A release is the answers it adds up. The attacker may add and subtract releases with any rational factors.
"""

from collections import defaultdict
from fractions import Fraction


def find_isolated(releases, k):
    """A set of fewer than `k` answers whose sum follows from the releases, or None.

    Exact and complete: a vector of the span is fixed by its entries at the pivots of the reduced row echelon form,
    and a vector of 0 and 1 with fewer than k ones has 0 and 1 there, with fewer than k ones. So all choices of
    pivots are tried whose answers are fewer than k. Answers that are in exactly the same releases are one column
    with a weight, since no combination can tell them apart.
    """
    members = defaultdict(set)
    for row, answers in enumerate(releases):
        for answer in answers:
            members[answer].add(row)
    columns = defaultdict(list)
    for answer, rows in members.items():
        columns[frozenset(rows)].append(answer)
    groups = sorted(columns.items(), key=lambda item: sorted(item[1]))
    weight = [len(answers) for _, answers in groups]
    basis = reduced_basis(
        {column: Fraction(1) for column, (rows, _) in enumerate(groups) if row in rows}
        for row in range(len(releases))
    )

    def search(pivots, total, spent, least):
        if total and set(total.values()) == {1} and sum(weight[column] for column in total) < least:
            return sorted(answer for column in total for answer in groups[column][1])
        for position, pivot in enumerate(pivots):
            if spent + weight[pivot] >= least:
                # They are sorted: none of those that follow is lighter.
                break
            found = search(
                pivots[position + 1 :],
                add(total, basis[pivot], Fraction(1)),
                spent + weight[pivot],
                least,
            )
            if found:
                return found
        return None

    pivots = sorted(basis, key=weight.__getitem__)
    # The smallest groups first: what a fault gives away is nearly always one answer or two, and these are few to try.
    return next(filter(None, (search(pivots, {}, 0, least) for least in range(2, k + 1))), None)


def reduced_basis(rows):
    """The reduced row echelon form of sparse rows, by pivot."""
    basis = {}
    for new in rows:
        row = new
        for pivot, known in basis.items():
            row = add(row, known, -row.get(pivot, Fraction(0)))
        if not row:
            continue
        pivot = min(row)
        row = {column: entry / row[pivot] for column, entry in row.items()}
        for other, known in basis.items():
            basis[other] = add(known, row, -known.get(pivot, Fraction(0)))
        basis[pivot] = row
    return basis


def add(row, other, factor):
    if not factor:
        return row
    total = dict(row)
    for column, entry in other.items():
        total[column] = total.get(column, Fraction(0)) + factor * entry
    return {column: entry for column, entry in total.items() if entry}
