"""How is a linear programme gathered, column by column and row by row, and solved the same way every time?"""

from __future__ import annotations

from typing import Any

import numpy as np

from schakel.errors import MachineError
from schakel.shocks.world import F64, I64


class Programme:
    """Columns and rows of a programme, gathered as arrays."""

    def __init__(self) -> None:
        self.cost: list[F64] = []
        self.low: list[F64] = []
        self.high: list[F64] = []
        self.columns = 0
        self.entries: list[tuple[I64, I64, F64]] = []
        self.right: list[F64] = []
        self.rows = 0

    def add(self, shape: tuple[int, ...], cost: Any = 0.0, low: Any = 0.0, high: Any = np.inf) -> I64:
        """Add columns; returns their positions."""
        size = int(np.prod(shape))
        for store, value in ((self.cost, cost), (self.low, low), (self.high, high)):
            store.append(np.broadcast_to(np.asarray(value, float), shape).ravel())
        at = np.arange(self.columns, self.columns + size).reshape(shape)
        self.columns += size
        return at

    def balance(self, shape: tuple[int, ...], right: Any = 0.0) -> I64:
        """Add rows that must equal `right`; returns their positions."""
        size = int(np.prod(shape))
        self.right.append(np.broadcast_to(np.asarray(right, float), shape).ravel())
        at = np.arange(self.rows, self.rows + size).reshape(shape)
        self.rows += size
        return at

    def put(self, rows: Any, columns: Any, values: Any) -> None:
        """Add coefficients."""
        rows, columns, values = np.broadcast_arrays(rows, columns, values)
        keep = values.ravel() != 0
        self.entries.append((rows.ravel()[keep], columns.ravel()[keep], values.ravel()[keep].astype(float)))

    def solve(self) -> tuple[F64, F64, F64, float, float]:
        """Return values, duals of rows, reduced costs of columns, objective and dual objective.

        Raises
        ------
        MachineError
            If the solver does not reach the optimum.
        """
        import highspy
        from scipy import sparse

        r, c, v = (np.concatenate([e[k] for e in self.entries]) for k in range(3))
        matrix = sparse.csc_matrix((v, (r, c)), shape=(self.rows, self.columns))
        cost, low, high = np.concatenate(self.cost), np.concatenate(self.low), np.concatenate(self.high)
        right = np.concatenate(self.right)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.columns, self.rows
        lp.col_cost_, lp.col_lower_ = cost, low
        lp.col_upper_ = np.where(np.isinf(high), highspy.kHighsInf, high)
        lp.row_lower_ = lp.row_upper_ = right
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
        solver = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 1), ("presolve", "on"),
                              ("primal_feasibility_tolerance", 1e-9), ("dual_feasibility_tolerance", 1e-9)):  # fmt: skip
            solver.setOptionValue(option, value)
        solver.passModel(lp)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise MachineError(
                f"the linear programme ended with {solver.modelStatusToString(solver.getModelStatus())}",
                remedy="report the scenario; a floor always exists, because doing nothing is allowed",
            )
        solution = solver.getSolution()
        x, dual, reduced = (np.array(a) for a in (solution.col_value, solution.row_dual, solution.col_dual))
        at_bound = np.where(reduced > 0, low, np.where(np.isinf(high), 0.0, high))
        dual_objective = float(right @ dual + np.where(np.abs(reduced) > 0, at_bound, 0.0) @ reduced)
        return x, dual, reduced, float(cost @ x), dual_objective
