"""What the worker does for the window: the same functions that the commands call, answers in a clerk's words."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pyfuncs import __version__, function_log
from pyfuncs.catalog.load import beside
from pyfuncs.consolidate.admission import Choice, ChoiceError
from pyfuncs.consolidate.units_list import UnitsList, UnitsListError
from pyfuncs.helper.archive import ArchiveError
from pyfuncs.helper.audit_run import Audit, audit, collected_with_prior, writings
from pyfuncs.helper.chinese_click import WrongCall
from pyfuncs.helper.consolidate_run import Settings, archives, collected_for, run
from pyfuncs.helper.consolidate_run import writings as summary_writings
from pyfuncs.helper import update
from pyfuncs.helper.doctor import examine, repair
from pyfuncs.helper.examine import Options
from pyfuncs.helper.examine_files import processes
from pyfuncs.helper.opening import open_at, open_path
from pyfuncs.helper.pipeline import known_ruleset
from pyfuncs.helper.pool import cores
from pyfuncs.helper.progress import Progress
from pyfuncs.helper.self_report import write_self_reports
from pyfuncs.helper.template_cli import write_template
from pyfuncs.helper.update_source import Refused
from pyfuncs.helper.window.messages import Outcome, Sources
from pyfuncs.helper.window.shown import shown_unit, waiting_unit
from pyfuncs.live.folders import MARKED_FOLDER, OWN_FOLDER, listed_rulesets
from pyfuncs.live.user_folders import documents
from pyfuncs.report.counts import summary_line
from pyfuncs.report.naming import free_path, one_line
from pyfuncs.report.output import dated_folder, write_reason
from pyfuncs.report.summary_words import verdict_lines
from pyfuncs.workbook.collect import RESULTS, Collected
from pyfuncs.workbook.convert_file import convert_copy
from pyfuncs.workbook.limits import limits
from pyfuncs.workbook.remote import RemoteError
from pyfuncs.workbook.safe_zip import Unreadable
from pyfuncs.workbook.standing import NotStanding
from pyfuncs.workbook.template import EDITION_NAMES
from pyfuncs.workbook.units_file import read_units

log = logging.getLogger("jixiao.window")

AUDITED, CONSOLIDATED = (f"自评表{ending}" for ending in RESULTS)    # their names keep results from being read as forms
CONVERTED, REPORTS = "转换版本", "自评报告"
NOTHING_LEFT = "清单里没有可以审核的文件。"


class NotDone(Exception):
    """What was asked for can't be done; the message says why and what to do."""


def done(task: str, arguments: tuple[Any, ...]) -> Outcome:
    """Do a task; whatever goes wrong is told."""
    try:
        return TASKS[task](*arguments)
    except (ArchiveError, ChoiceError, NotDone, NotStanding, RemoteError, Refused, UnitsListError) as error:
        return _failed(str(error))
    except WrongCall as error:
        return _failed(error.format_message())
    except Unreadable as error:
        return _failed(f"{error.trouble.message}{error.trouble.advice}")
    except OSError as error:
        return _failed(write_reason(error))
    except MemoryError:
        return _failed("内存不够，没有做完。请关闭别的程序，或分几次做。")
    except Exception:                                 # our own fault
        log.exception("%s%r", task, arguments)
        return _failed(f"没有完成：程序出了错，不一定是表的问题；请把日志 {function_log.path()} 交给维护人员。")


def _failed(said: str) -> Outcome:
    return Outcome(one_line(said), good=False)


def look(sources: Sources) -> Outcome:
    """Which files are meant. `value`: the sources that are there."""
    there = tuple(path for path in sources.paths if Path(path).exists())
    collected, prior = _collected(sources)
    units = tuple(map(waiting_unit, (*collected.files, *collected.reports)))
    lines = (*collected.skipped, *collected.problems, *prior.problems)
    skipped = f"，另有 {len(lines)} 个没有列入" if lines else ""
    said = f"清单里有 {len(units)} 个文件{skipped}。" if units else "没有找到可以审核的文件。"
    return Outcome(said, lines, bool(units) and not collected.problems, units, value=there)


def check(sources: Sources) -> Outcome:
    """审核."""
    return _told(*_audited(sources))


def mark(sources: Sources) -> Outcome:
    """审核, and marked copies and reports of it."""
    with _results(sources, AUDITED) as folder:
        audited, lines = _audited(sources)
        targets = {"mark_folder": folder / MARKED_FOLDER, "xlsx_file": folder / "审核报告.xlsx",
                   "html_file": folder / "审核报告.html"}
        copies = 0
        try:
            for path in writings(audited, targets, lines.extend):
                copies += path.parent == targets["mark_folder"]
        except OSError as error:
            return replace(_told(audited, lines), said=write_reason(error), good=False, folder=str(folder))
        outcome = _told(audited, lines)
        return replace(outcome, said=f"已生成 {copies} 份标注副本和审核报告。{outcome.said}", folder=str(folder))


def consolidate(sources: Sources, units_file: str, include_rejected: bool) -> Outcome:
    """汇总."""
    units = _listed(units_file) if units_file else None
    prior_folder = _path(sources.prior_folder)
    with _results(sources, CONSOLIDATED) as folder:
        collected, last = collected_for(list(map(Path, sources.paths)), _path(units_file), prior_folder)
        collected = _without(collected, sources)
        if last.problems:
            raise NotDone("；".join(last.problems))
        if not collected.files:
            raise NotDone("".join([NOTHING_LEFT, *collected.problems]))
        settings = Settings(processes(cores()), units, Choice(include_rejected), Options(None, limits()))
        with archives(None, prior_folder, last) as (archive, before):
            finished = run(archive, collected, settings, before)
            result = finished.result
            lines = [*collected.skipped, *collected.problems, *finished.said,
                     *(f"没有计入：{Path(one.file).name}：{one.reason}" for one in result.rejected)]
            if not result.units:
                return Outcome("没有可以汇总的单位，没有写汇总表。", tuple(map(one_line, lines)), good=False)
            list(summary_writings(finished, archive, {"output": folder / "汇总.xlsx"}, date.today()))
        said = "".join(f"{line.rstrip('。')}。" for line in verdict_lines(result))
        return Outcome(one_line(said), tuple(map(one_line, lines)), result.complete, folder=str(folder))


def template(ruleset_id: str, edition: str, unit: str, projects: int, output_folder: str) -> Outcome:
    """新建表样."""
    folder = _output(output_folder)
    target = write_template(known_ruleset(ruleset_id), folder, edition, unit.strip(), projects)
    return Outcome(f"表样已写好：{one_line(target.name)}", folder=str(folder), value=str(target))


def rulesets() -> Outcome:
    """What templates can be made of, for the dialog: rows of id, region, year."""
    return Outcome("", value=listed_rulesets())


def convert(sources: Sources, edition: str) -> Outcome:
    """转换版本: every file of the list; the originals stay."""
    collected, _ = _collected(sources)
    if not collected.files:
        raise NotDone(NOTHING_LEFT)
    lines, written, kept = [], 0, 0
    with _results(sources, CONVERTED) as folder, Progress("正在转换", len(collected.files)) as progress:
        for source in collected.files:
            try:
                with beside(source):
                    target = free_path(folder, f"{source.stem}-{EDITION_NAMES[edition]}", source.suffix)
                    made = convert_copy(source, target, edition)
                written += 1
                kept += len(made.conversion.kept)
                lines += [f"{source.name}：{one.line()}" for one in made.conversion.kept]
            except Unreadable as error:
                lines.append(f"{source.name}：{error.trouble.message}{error.trouble.advice}")
            except NotStanding as error:
                lines.append(f"{source.name}：{error}")
            progress.add(1, source.name)
        left = len(collected.files) - written
        said = "".join([f"{written} 个文件已转成{EDITION_NAMES[edition]}" if written else "没有转换任何文件",
                        f"，{left} 个不能转换" if left else "", f"，{kept} 格没有转换，请核对" if kept else "", "。"])
        return Outcome(said, tuple(map(one_line, lines)), not left and not kept, folder=str(folder) if written else "")


def write_reports(sources: Sources) -> Outcome:
    """生成自评报告: one of every workbook of the list."""
    collected, _ = _collected(sources)
    if not collected.files:
        raise NotDone(NOTHING_LEFT)
    with _results(sources, REPORTS) as folder, Progress("正在生成", len(collected.files)) as progress:
        written = write_self_reports(collected.files, folder, done=lambda one: progress.add(1, one.filed.unit))
        left = [one for one in written if one.path is None]
        doubtful = sum(1 for one in written if one.path and one.must_fix)
        said = "".join([f"已生成 {len(written) - len(left)} 份自评报告，黄底的地方请自己填写",
                        f"；{doubtful} 份的表里有必须修改的，已列在报告最前面" if doubtful else "",
                        f"；{len(left)} 个文件没有生成" if left else "", "。"])
        return Outcome(said, tuple(one_line(f"{one.source.name}：{one.problem}") for one in left), not left,
                       folder=str(folder) if len(left) < len(written) else "")


def diagnose(repairing: bool) -> Outcome:
    """诊断, after doing what can be done without asking where that is wanted. `value`: rows of name, state, what was
    found, what to do, and whether it can be done by itself."""
    lines = repair(examine()) if repairing else []
    advices = examine()
    return Outcome("", tuple(map(one_line, lines)), value=[
        (advice.name, advice.state, advice.found, advice.todo, advice.repairable) for advice in advices])


def new_version(folder: str) -> Outcome:
    """What the office's folder offers, "" when that is nothing new."""
    offer = update.check(folder)
    if offer is None:
        return Outcome("")
    return Outcome(f"有新版本 {offer.version}（本机是 {__version__}）。", tuple(offer.notes.splitlines()))


def install_version(folder: str) -> Outcome:
    """Copy the new version, prove it, and start its installer."""
    offer = update.look(folder)
    if offer is None:
        raise NotDone("没有更新的版本。")
    return Outcome(one_line(update.start(update.fetch(offer))))


def show(path: str, cell: str) -> Outcome:
    """Open a file at a cell."""
    return Outcome(one_line(open_at(Path(path), cell)))


def show_folder(folder: str) -> Outcome:
    """Open a folder where folders are looked at."""
    open_path(Path(folder))
    return Outcome(f"已打开 {one_line(folder)}")


TASKS: dict[str, Callable[..., Outcome]] = {task.__name__: task for task in (
    look, check, mark, consolidate, template, rulesets, convert, write_reports, diagnose, new_version, install_version, show,
    show_folder)}


def _audited(sources: Sources) -> tuple[Audit, list[str]]:
    """The audit, and lines on what is not in it. Raises NotDone without files."""
    collected, prior = _collected(sources)
    if prior.problems:
        raise NotDone(f"上年的表读不了：{'；'.join(prior.problems)}。请在“设置”里改上年的文件夹，或清空它。")
    if not (collected.files or collected.reports):
        raise NotDone("".join([NOTHING_LEFT, *collected.problems]))
    found = audit(collected, None, prior)
    return found, [*collected.skipped, *collected.problems, *found.said]


def _told(audited: Audit, lines: Iterable[str]) -> Outcome:
    run = audited.untouched()
    lines = [*lines, *([] if run.changed else [f"{run.line()}。"])]
    said = f"{run.line()}。" if run.changed else f"{summary_line(audited.filed)}。"
    return Outcome(one_line(said), tuple(map(one_line, lines)), not run.changed and not audited.must_fix,
                   tuple(shown_unit(one, run) for one in audited.filed))


def _collected(sources: Sources) -> tuple[Collected, Collected]:
    collected, prior = collected_with_prior(list(map(Path, sources.paths)), _path(sources.prior_folder))
    return _without(collected, sources), prior


def _without(collected: Collected, sources: Sources) -> Collected:
    def kept(paths: Iterable[Path]) -> tuple[Path, ...]:
        return tuple(path for path in paths if str(path) not in sources.excluded)

    return replace(collected, files=kept(collected.files), reports=kept(collected.reports))


def _path(text: str) -> Path | None:
    return Path(text) if text else None


def _output(folder: str) -> Path:
    return Path(folder) if folder else documents() / OWN_FOLDER


@contextmanager
def _results(sources: Sources, name: str) -> Iterator[Path]:
    """A new folder for results, made before the work so that nobody waits in vain; gone when nothing was written.

    Raises OSError.
    """
    folder = dated_folder(_output(sources.output_folder) / name, date.today())
    try:
        yield folder
    finally:
        for path in (folder / MARKED_FOLDER, folder):
            with suppress(OSError):                   # there is something in it
                path.rmdir()


def _listed(units_file: str) -> UnitsList:
    """Raises NotDone when it is no list of units."""
    try:
        return read_units(Path(units_file))
    except UnitsListError as error:
        raise NotDone(f"单位名单 {units_file}：{error}") from None
