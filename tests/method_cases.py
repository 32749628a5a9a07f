"""Generated parameters and operands for every method, for comparing engines."""
from __future__ import annotations

from decimal import Decimal
from math import inf, nextafter
from random import Random

from pyfuncs.language import CellError, from_cell
from pyfuncs.methods import METHODS, default

STEPS = ["0.01", "0.02", "0.05", "0.1", "0.005"]
BOUNDS = ["0", "0.05", "0.1", "0.2", "0.3", "0.6", "0.8", "0.9"]
LIMITS = ["0", "0.6", "0.85", "0.9", "0.95", "1", "1.1", "-0.3"]


def make_parameters(name: str, random: Random) -> dict[str, object]:
    """Parameters the method accepts."""
    chosen: dict[str, object] = {}
    for parameter in METHODS[name].parameters:
        written = parameter.default is None and not parameter.optional
        if not (written or random.random() < 0.6):
            continue
        chosen[parameter.name] = _parameter(parameter.name, parameter.choices, random)
    return chosen


def _parameter(name: str, choices: tuple[str, ...], random: Random) -> object:
    match name:
        case "points":
            return random.choice(["1", "3", "5", "8", "10", "4.5"])
        case "limit":
            return random.choice(LIMITS)
        case "step":
            return random.choice(STEPS)
        case "per_step" | "per_time":
            return random.choice(["0.5", "0.8", "1", "2", "0.1"])
        case "cap" | "achieved":
            return random.choice(["1", "0.9"])
        case "partly":
            return random.choice(["0.5", "0.6"])
        case "decimals" | "rate_decimals":
            return random.choice(["0", "1", "2"])
        case "else":
            return random.choice(["0", "0.5"])
        case "bands":
            bounds = sorted(random.sample(BOUNDS, random.randint(1, 4)))
            key = random.choice(["upto", "below", "from", "above"])
            bounds = bounds if key in ("upto", "below") else bounds[::-1]
            return [{key: bound, "points": str(5 - at)} for at, bound in enumerate(bounds)]
    return random.choice(choices)


def boundaries(parameters: dict[str, object]) -> list[Decimal]:
    """Values at which the score changes its course."""
    found = [Decimal(0), Decimal(1)]
    found += [Decimal(str(parameters[name])) for name in ("limit", "cap", "points") if name in parameters]
    for band in parameters.get("bands", []):
        found += [Decimal(bound) for key, bound in band.items() if key != "points"]
    if "step" in parameters:
        limit, step = Decimal(parameters["limit"]), Decimal(parameters["step"])
        found += [limit + sign * steps * step for steps in range(12) for sign in (1, -1)]
    return found


def cell_near(boundary: Decimal, random: Random) -> float:
    """The boundary, one unit in the last place to either side, or a printed distance away."""
    value = float(boundary)
    return random.choice([value, nextafter(value, inf), nextafter(value, -inf),
                          float(boundary + Decimal("0.0001")), float(boundary - Decimal("0.00004"))])


def odd(random: Random) -> object:
    """What a cell may hold instead of a number; TRUE is left out, which programs count differently."""
    return random.choice([None, "不适用", "——", "—", "文字", "95%"])


def make_operands(name: str, parameters: dict[str, object], random: Random) -> list[object]:
    """What the cells hold, a list for a column of cells."""
    operands: list[object] = []
    for argument in METHODS[name].arguments:
        if argument.optional and random.random() < 0.3:
            break
        if argument.kind == "vector":
            operands.append([_plain_cell(random) for _ in range(4)])
        elif random.random() < 0.06:
            operands.append(odd(random))
        elif argument.kind == "amount":
            cents = random.choice([0, 1, 100, random.randint(-10**6, 10**11), 10**11, 10**11 - 1])
            operands.append(float(Decimal(cents) / 100))
        elif argument.kind == "ratio":
            near = cell_near(random.choice(boundaries(parameters)), random)
            operands.append(random.choice([near, float(Decimal(random.randint(-3000, 25000)) / 10000)]))
        elif argument.kind == "points":
            operands.append(cell_near(random.choice(boundaries(parameters)), random))
        else:
            operands.append(float(random.choice([0, 3, 4, 95, Decimal("0.95"), 900000, -1])))
    return operands


def _plain_cell(random: Random) -> object:
    # No "95%" here: Excel's SUMPRODUCT passes over such text, formualizer's takes it for a number.
    other = random.choice([None, "不适用", "文字"])
    return other if random.random() < 0.05 else float(Decimal(random.randint(0, 1000)) / 1000)


def exact_result(name: str, operands: list[object], parameters: dict[str, object]) -> object:
    args = [[from_cell(cell) for cell in operand] if isinstance(operand, list) else from_cell(operand)
            for operand in operands]
    return METHODS[name].evaluate(args, default(parameters))


def lay_out(operands: list[object], row: int = 1) -> tuple[dict[str, object], list[str]]:
    """Cell values and the addresses to emit: one column for each operand."""
    cells: dict[str, object] = {}
    addresses: list[str] = []
    for column, operand in zip("ABCD", operands):
        values = operand if isinstance(operand, list) else [operand]
        cells |= {f"{column}{row + at}": value for at, value in enumerate(values)}
        last = row + len(values) - 1
        addresses.append(f"{column}{row}" if last == row else f"{column}{row}:{column}{last}")
    return cells, addresses


def agree(native: object, exact: object) -> bool:
    """The same class of answer, and numbers within one part in 10^9."""
    if isinstance(exact, Decimal):
        return isinstance(native, float) and abs(native - float(exact)) <= 1e-9 * abs(float(exact)) + 1e-12
    if isinstance(exact, CellError) or isinstance(native, CellError):
        return native == exact
    return native == exact
