"""One consolidation from the files to what is written: read, add up, keep, and put the results beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from pyfuncs import __version__
from pyfuncs.consolidate.admission import Choice
from pyfuncs.consolidate.consolidation import consolidate
from pyfuncs.consolidate.filed import DEPARTMENT_FORMS, same_name
from pyfuncs.consolidate.result import Consolidation, Head
from pyfuncs.consolidate.unit_line import Prior
from pyfuncs.consolidate.units_list import UnitsList
from pyfuncs.helper.addresses import collect_all, written_at
from pyfuncs.helper.archive import ARCHIVE, Archive, RunNote
from pyfuncs.helper.archive_export import export_csv, export_parquet
from pyfuncs.helper.archive_prior import priors_of
from pyfuncs.helper.archive_source import ArchiveSource
from pyfuncs.helper.examine import AHEAD, Options
from pyfuncs.helper.examine_files import Executors, Taken, take_in
from pyfuncs.helper.pipeline import now, user_name
from pyfuncs.report.naming import free_path
from pyfuncs.report.output import write_new
from pyfuncs.report.summary import TITLE, write_summary
from pyfuncs.report.summary_json import write_consolidation_json
from pyfuncs.workbook.collect import Collected, collect, is_report, report_line, shown
from pyfuncs.workbook.own_results import title_of

SUMMARY = "汇总"                                       # in the names of files that are looked at for being a result of ours
UNFINISHED = "（未完成）"                              # ends the names of results after Ctrl-C


@dataclass(frozen=True)
class Settings:
    """What a call asks for besides its files. `executors`: where files are worked on, `ahead` chunks at a time."""

    executors: Executors
    units: UnitsList | None = None
    choice: Choice = Choice()
    options: Options = Options()
    ahead: int = AHEAD


@dataclass(frozen=True)
class Done:
    """`taken.seconds` has two stages more: 汇总, 存明细. `said`: lines on what was left out. `run`: its number in the
    archive, None where nothing could be counted.
    """

    result: Consolidation
    source: ArchiveSource
    taken: Taken
    said: tuple[str, ...]
    run: int | None


def collected_for(paths: Sequence[Path | str], units_file: Path | None,
                  prior_folder: Path | None) -> tuple[Collected, Collected]:
    """The units' workbooks, and those of last year, which may lie in a folder below; the list of units is none.

    Raises RemoteError.
    """
    collected = collect_all(paths)
    last = Collected() if prior_folder is None or (prior_folder / ARCHIVE).is_file() else collect([prior_folder])
    others = {path.resolve() for path in (*last.files, *([units_file] if units_file else []))}
    files = tuple(path for path in collected.files if path.resolve() not in others)
    ours = {path for path in files if SUMMARY in path.name and path not in collected.named and title_of(path) == TITLE}
    skipped = tuple(line for line in collected.skipped if not (units_file and line.startswith(f"跳过 {shown(units_file)}：")))
    left_out = tuple(f"跳过 {shown(path)}：是本工具箱写出的汇总表，不是单位的自评表" for path in sorted(ours))
    return replace(collected, files=tuple(path for path in files if path not in ours), skipped=(*skipped, *left_out)), last


@contextmanager
def archives(project_folder: Path | None, prior_folder: Path | None,
             last: Collected) -> Iterator[tuple[Archive, Collected | Archive]]:
    """Where what is read is kept, for this run alone without a project; and where last year's figures come from:
    the archive in their folder, the workbooks `last`, or without a folder what was kept. Raises ArchiveError.
    """
    with ExitStack() as stack:
        archive = stack.enter_context(Archive(project_folder) if project_folder else Archive.temporary())
        kept = prior_folder is not None and (prior_folder / ARCHIVE).is_file()
        yield archive, stack.enter_context(Archive(prior_folder)) if kept else last if prior_folder else archive


def run(archive: Archive, collected: Collected, settings: Settings, prior: Collected | Archive) -> Done:
    """Read what the archive does not have, add up, and append the run to the archive.

    `prior`: workbooks of last year, or the archive that has its figures.
    Raises ArchiveError, and ChoiceError for a choice that nothing is called.
    """
    taken = take_in(archive, [*collected.files, *collected.addresses], settings.executors, settings.options, settings.ahead)
    source, said = _forms(archive, taken, collected)
    priors = {} if taken.left else _priors(archive, source.heads(), prior, settings)
    with taken.timed("汇总"):
        result = consolidate(source, settings.units, settings.choice, priors, partial(taken))
    with taken.timed("存明细"):
        note = RunNote(now(), user_name(), __version__, [*map(str, collected.files), *collected.addresses])
        number = archive.close_run(note, source, result) if result.units else None
    return Done(result, source, taken, tuple(said), number)


def writings(done: Done, archive: Archive, targets: Mapping[str, Path | str | None], made: date) -> Iterator[Path | str]:
    """Each result as it is written: `targets` by json_file, output, csv_folder, parquet_folder, forms_folder.

    Raises ArchiveError, TargetExists, OSError and RemoteError; what was written before stays.
    """
    names = {name: _unfinished(path) if done.taken.left else path for name, path in targets.items() if path}
    if path := names.get("json_file"):
        with written_at(path) as local:
            write_consolidation_json(local, done.result, done.source)
        yield path
    if not done.result.units:
        return
    if path := names.get("output"):
        with written_at(path) as local:
            write_summary(local, done.result, done.source, made)
        yield path
    if path := names.get("csv_folder"):
        yield from export_csv(archive, done.run, path)
    if path := names.get("parquet_folder"):
        yield from export_parquet(archive, done.run, path)
    if path := names.get("forms_folder"):
        yield from _department_forms(done, path)


def _unfinished(path: Path | str) -> Path | str:
    """汇总（未完成）.xlsx, 汇总（未完成） (2).xlsx, …: what is whole has its own name."""
    if isinstance(path, str):
        stem, dot, ending = path.rpartition(".")
        return f"{stem}{UNFINISHED}{dot}{ending}"
    return free_path(path.parent, f"{path.stem}{UNFINISHED}", path.suffix)


def partial(taken: Taken) -> str:
    """What is still to be read, in words, "" when nothing is."""
    return f"中途停止，还有 {len(taken.left)} 个文件没有审核" if taken.left else ""


def _forms(archive: Archive, taken: Taken, collected: Collected) -> tuple[ArchiveSource, list[str]]:
    """Without the reports in prose that lay among the forms, unless there is nothing else; a line on each of them."""
    source = archive.source(taken.keys.items())
    doubtful = [head.file for head in source.heads() if head.reason and head.file.lower().endswith(".docx")]
    reports = [one.submission.path for one in source.filed(doubtful) if is_report(one, collected)]
    if not reports or len(reports) == len(taken.keys):
        return source, []
    rest = {file: key for file, key in taken.keys.items() if file not in set(reports)}
    return archive.source(rest.items()), list(map(report_line, reports))


def _priors(archive: Archive, heads: Sequence[Head], prior: Collected | Archive, settings: Settings) -> Mapping[str, Prior]:
    """The figures of the year before the one of most workbooks, by unit."""
    years = Counter(head.year for head in heads if head.year.isdecimal())
    if not years:
        return {}
    [(year, _)] = years.most_common(1)
    if isinstance(prior, Archive):
        return priors_of(prior, year)
    taken = take_in(archive, prior.files, settings.executors, settings.options, settings.ahead, "正在读上年的表")
    if taken.left:                                    # half of last year compares with nothing; this year's is kept
        raise KeyboardInterrupt
    last = consolidate(archive.source(taken.keys.items()), choice=Choice(include_rejected=True))
    return {same_name(line.unit): Prior(line.amounts, line.total if isinstance(line.total, Decimal) else None)
            for line in last.units if line.year == str(int(year) - 1)}


def _department_forms(done: Done, folder: Path) -> Iterator[Path]:
    """The forms of every node that units are counted in, with its figures."""
    from pyfuncs.workbook.department import department_workbook   # what writes templates, only where it is asked for

    for one in done.result.nodes:
        if one.units:
            below = _below(done.result, one.node.id)
            files = [line.file for line in done.result.units if line.node in below]
            target = free_path(folder, f"{one.node.name}-{DEPARTMENT_FORMS}", ".xlsx")
            write_new(target, department_workbook(one, done.source.filed(files), one.node.name))
            yield target


def _below(result: Consolidation, node: str) -> set[str]:
    """The node and those below it."""
    found = {node}
    for one in result.nodes:                          # depth first: a parent comes before what is below it
        if one.node.parent in found:
            found.add(one.node.id)
    return found
