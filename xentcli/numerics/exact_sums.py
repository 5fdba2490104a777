"""Exact sums of float64 values: the same bits for every order, chunking and merge.

A value is cut at fixed powers of two, 2^(38·j + 6) for every integer j, into pieces that are integers of at most 38
bits in units of their cut (pre-rounding: Demmel & Nguyen, 'Fast Reproducible Floating-Point Summation', 2013). At most
2^15 pieces are added in float64 at once, so each partial sum is an integer of at most 53 bits in those units:
exact, whatever order NumPy takes. Partial sums go to one int64 limb a cut; the limbs are the sum, exactly. Since
nothing is ever rounded there is no error to bound: `dyadic.ratio` rounds once, at the end.

The cuts at 2^-32 and 2^-70 take a loss or a probability between 2^-18 and 64 in two pieces.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xentcli.numerics.dyadic import Dyadic
from xentcli.numerics.exact_products import expansion, is_easy
from xentcli.numerics.exact_squares import LEVELS, MOST_CALLS, square_sums
from xentcli.numerics.limbs import LIMB_BITS, SLICE_ROWS, cut, cut_positive, lowest_of, place_of
from xentcli.numerics.segments import Index, Where, part_of, some_of, spots, sums_by

Floats = NDArray[np.float64]

# An int64 limb takes 2^63/2^53 partial sums; carries are moved on well before.
_SUMS_BETWEEN_CARRIES = 500
_HUGE, _BIG, _DOWN = 2.0**940, 2.0**900, 3  # values from _BIG up are scaled by 2^-(38·_DOWN) once one is over _HUGE
_ALL = slice(None)
# With the 32 bits below 1 of limb −1 that is 2^53, as every partial sum.
_MOST_COUNTED = 1 << 21
_CELLS_AT_ONCE = 1 << 16


class ExactSums:
    """`size` exact sums, one for each class, slice or cell of both (or one in all). New ones may be added at the end.

    `a.merge(empty) == a`, and merging parts in any order equals adding everything to one.

    >>> sums = ExactSums(2)
    >>> sums.add(np.array([1e308, 0.1, -1e308]), np.array([0, 0, 0]))
    >>> sums.values()
    [Dyadic(n=3602879701896397, e=-55), Dyadic(n=0, e=0)]
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._limbs: dict[int, NDArray[np.int64]] = {}
        self._sums = 0
        # Sums of squares, (7, size): integers in units of `LEVELS`, until they are moved to the limbs.
        self._squares: NDArray[np.int64] | None = None
        self._square_calls = 0

    def grow(self, size: int) -> None:
        """Add sums of 0 at the end until there are `size`."""
        if size > self.size:
            more = np.zeros(size - self.size, dtype=np.int64)
            self._settle()
            self._limbs = {j: np.concatenate([limb, more]) for j, limb in self._limbs.items()}
            self.size = size

    def add(self, values: Floats, where: Where = None) -> None:
        """Add `values`, shape (n,), finite, each to the sum that `where` names; without it all to sum 0."""
        for start in range(0, len(values), SLICE_ROWS):
            stop = start + SLICE_ROWS
            self._accumulate(values[start:stop], part_of(where, start, stop))

    def add_squares(self, values: Floats, where: Where = None) -> None:
        """Add the exact squares of `values`, shape (n,), finite, as `add` adds values."""
        for start in range(0, len(values), SLICE_ROWS):
            some, here = values[start : start + SLICE_ROWS], part_of(where, start, start + SLICE_ROWS)
            found = square_sums(some, here, self.size)
            if self._squares is None:
                self._squares = np.zeros((len(LEVELS), self.size), dtype=np.int64)
            self._squares[:, spots(here)] += found.units
            self._square_calls += 1
            if self._square_calls == MOST_CALLS:
                self._settle()
            if found.odd is not None:
                left = some[found.odd]
                self.add_products([left, left], some_of(here, found.odd))

    def add_counts(self, counts: NDArray[np.int64]) -> None:
        """Add a number from 0 to 2^21, so that it fits a limb, to every sum, shape (size,)."""
        if counts.size and not 0 <= int(counts.min()) <= int(counts.max()) <= _MOST_COUNTED:
            raise ValueError(f"counts are from 0 to {_MOST_COUNTED:,}")
        self._put(-1, counts << -lowest_of(-1), _ALL)

    def add_columns(self, matrix: Floats) -> None:
        """Add column k of `matrix`, shape (n, size), finite, to sum k, for every k."""
        for start in range(0, len(matrix), SLICE_ROWS):
            part = matrix[start : start + SLICE_ROWS]
            # As many columns at a time as stay in the second-level cache with what is made of them.
            width = max(1, _CELLS_AT_ONCE // len(part))
            for k in range(0, self.size, width):
                self._accumulate(part[:, k : k + width], slice(k, k + width))

    def add_products(self, factors: Sequence[Floats], where: Where = None) -> None:
        """Add the exact products of one to five factors, each of shape (n,), as `add` adds values.

        With a slice of all sums, factors of shapes (n, size) and (n, 1) are multiplied, and added by column.
        """
        for start in range(0, len(factors[0]), SLICE_ROWS):
            stop = start + SLICE_ROWS
            parts = [factor[start:stop] for factor in factors]
            chosen = part_of(where, start, stop)
            if all(is_easy(part) for part in parts):
                for term in expansion(parts):
                    self._accumulate(term, chosen)
            else:
                self._accumulate_scaled(parts, chosen)

    def _accumulate_scaled(self, factors: list[Floats], where: Where) -> None:
        """Add products whose factors may lie anywhere in float64, by mantissa and exponent."""
        mantissas: list[Floats] = []
        exponent: NDArray[np.int64] = np.zeros((1,) * factors[0].ndim, dtype=np.int64)
        for factor in factors:
            mantissa, power = np.frexp(factor)
            mantissas.append(mantissa)
            exponent = exponent + power
        limb, shift = np.divmod(exponent, LIMB_BITS)
        for term in expansion(mantissas):
            scaled = np.ldexp(term, shift)
            for j in np.unique(limb):
                self._accumulate(np.where(limb == j, scaled, 0.0), where, int(j))

    def _accumulate(self, values: Floats, where: Where, offset: int = 0) -> None:
        """Add values·2^(38·offset): one slice of rows, cut into limbs from the top down."""
        low = float(values.min())
        top = max(float(values.max()), -low)
        if not top < np.inf:
            raise ValueError("exact sums take finite values")
        if top > _HUGE:
            big = np.abs(values) >= _BIG
            self._accumulate(np.where(big, values, 0.0) * 2.0 ** (-LIMB_BITS * _DOWN), where, offset + _DOWN)
            values = np.where(big, 0.0, values)
            low, top = 0.0, _BIG
        for j, piece in cut(values, top) if low <= 0.0 else cut_positive(values, low, top):
            units = np.ldexp(sums_by(piece, where, self.size), -lowest_of(j)).astype(np.int64)
            self._put(j + offset, units, where)

    def _put(self, j: int, units: NDArray[np.int64], where: Where) -> None:
        limb = self._limbs.get(j)
        if limb is None:
            limb = self._limbs[j] = np.zeros(self.size, dtype=np.int64)
        limb[spots(where)] += units
        self._sums += 1
        if self._sums >= _SUMS_BETWEEN_CARRIES:
            self._carry()

    def _settle(self) -> None:
        """Move the sums of squares to the limbs."""
        if self._squares is None:
            return
        self._carry()
        for level, units in zip(LEVELS, self._squares, strict=True):
            j, shift = place_of(level)
            # The lower bits of a level belong to one limb, what is above them to the next.
            above = units >> (LIMB_BITS - shift)
            self._put(j, (units - (above << (LIMB_BITS - shift))) << shift, _ALL)
            self._put(j + 1, above, _ALL)
        self._carry()
        self._squares, self._square_calls = None, 0

    def _carry(self) -> None:
        """Leave at most 40 bits in each limb and move the rest up, so that no limb can overflow."""
        for lowest in sorted(self._limbs):
            j = lowest
            while (up := self._overflow(j)) is not None:
                self._limbs[j] -= up << LIMB_BITS
                j += 1
                above = self._limbs.setdefault(j, np.zeros(self.size, dtype=np.int64))
                above += up
        self._sums = 1

    def _overflow(self, j: int) -> NDArray[np.int64] | None:
        """Return what limb j holds above 40 bits, towards zero; None where that is nothing."""
        limb = self._limbs[j]
        up = np.sign(limb) * (np.abs(limb) >> LIMB_BITS)
        return up if up.any() else None

    def merge(self, other: ExactSums) -> ExactSums:
        """Return the sums of both, as many as the longer has; neither is changed."""
        out = ExactSums(max(self.size, other.size))
        for part in (self, other):
            part._settle()
            for j, limb in part._limbs.items():
                mine = out._limbs.setdefault(j, np.zeros(out.size, dtype=np.int64))
                mine[: part.size] += limb
        out._sums = self._sums + other._sums
        out._carry()
        return out

    def take(self, places: Index) -> ExactSums:
        """Return the sums at some places, in that order."""
        self._settle()
        out = ExactSums(len(places))
        out._limbs = {j: limb[places] for j, limb in self._limbs.items()}
        out._sums = self._sums
        return out

    def fold(self, to: Index, size: int) -> ExactSums:
        """Return `size` sums of these: sum i is added to sum `to[i]`."""
        self._settle()
        self._carry()
        out = ExactSums(size)
        for j, limb in self._limbs.items():
            folded = np.zeros(size, dtype=np.int64)
            np.add.at(folded, to, limb)
            out._limbs[j] = folded
        out._sums = _SUMS_BETWEEN_CARRIES
        out._carry()
        return out

    def values(self) -> list[Dyadic]:
        """Return every sum, exactly."""
        self._settle()
        if not self._limbs:
            return [Dyadic(0)] * self.size
        low = min(self._limbs)
        totals = [0] * self.size
        for j, limb in self._limbs.items():
            shift = LIMB_BITS * (j - low)
            totals = [total + (units << shift) for total, units in zip(totals, limb.tolist(), strict=True)]
        unit, nothing = lowest_of(low), Dyadic(0)
        return [Dyadic(total, unit).reduced() if total else nothing for total in totals]
