"""CSV and XLSX as rows of text: whatever encoding, separator or title line a spreadsheet program left in them."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from eval.errors import TableFormatError, reason

SPREADSHEET, TEXT = (".xlsx", ".xlsm"), (".csv", ".tsv", ".txt")
# A title and some remarks may stand above the header.
_HEADER_WITHIN = 15
MAX_ROWS = 5_000
# What openpyxl, the archive and the XML below it raise; bad XML is a SyntaxError to both parsers.
_BROKEN_BOOK = (zipfile.BadZipFile, zlib.error, SyntaxError, EOFError, LookupError, ValueError, OSError)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``number`` is what the spreadsheet program shows beside it, ``cells`` go by their header."""

    number: int
    cells: Mapping[str, str]


def read_rows(path: Path, is_header: Callable[[Sequence[str]], bool], sheet: str = "") -> tuple[Row, ...]:
    """The rows below the first that ``is_header``; empty rows are left out.

    Raises:
        TableFormatError: The file cannot be read as a table, or no row is a header.
    """
    numbered = list(enumerate(islice(_lines(path, sheet), MAX_ROWS + 1), start=1))
    if len(numbered) > MAX_ROWS:
        raise TableFormatError(f"{path.name}: 행이 {MAX_ROWS:,}개를 넘습니다. 여러 파일로 나누어 주십시오.")
    for place, (_, line) in enumerate(numbered[:_HEADER_WITHIN]):
        if is_header(line):
            return tuple(_row(number, line, cells) for number, cells in numbered[place + 1 :] if any(cells))
    raise TableFormatError(f"{path.name}: '질문' 열이 있는 제목 행을 찾지 못했습니다. 첫 행에 열 이름을 적어 주십시오.")


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A new table, XLSX or CSV by its name. Nothing in it runs as a formula.

    Raises:
        TableFormatError: The kind of file is not known, or it cannot be written.
    """
    try:
        if path.suffix.lower() in SPREADSHEET:
            _write_xlsx(path, header, rows)
        elif path.suffix.lower() == ".csv":
            with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark that Excel needs for Korean
                csv.writer(file).writerows([header, *([_safe(cell) for cell in row] for row in rows)])
        else:
            raise TableFormatError(f"{path.name}: .xlsx나 .csv로 끝나는 이름을 적어 주십시오.")
    except OSError as error:
        raise TableFormatError(
            f"{path.name}: 쓸 수 없습니다({reason(error)}). 경로와 권한을 확인해 주십시오."
        ) from error


def _row(number: int, header: Sequence[str], cells: Sequence[str]) -> Row:
    return Row(number, {name: cell for name, cell in zip(header, cells, strict=False) if name and cell})


def _lines(path: Path, sheet: str) -> Iterator[list[str]]:
    suffix = path.suffix.lower()
    if suffix not in (*SPREADSHEET, *TEXT):
        raise TableFormatError(f"{path.name}: 읽을 수 없는 형식입니다. .xlsx나 .csv로 저장해 다시 시도해 주십시오.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TableFormatError(
            f"{path.name}: 열 수 없습니다({reason(error)}). 경로와 권한을 확인해 주십시오."
        ) from error
    return _xlsx_lines(path, data, sheet) if suffix in SPREADSHEET else _csv_lines(path, data)


def _csv_lines(path: Path, data: bytes) -> Iterator[list[str]]:
    text = _decoded(path, data)
    first = text.partition("\n")[0]
    separator = max(",\t;", key=first.count)
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            yield [_unsafe(cell.strip()) for cell in line]
    except csv.Error as error:
        raise TableFormatError(f"{path.name}: CSV로 읽을 수 없습니다. 따옴표가 닫혔는지 확인해 주십시오.") from error


def _decoded(path: Path, data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp949", "utf-16"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableFormatError(f"{path.name}: 글자를 읽을 수 없습니다. UTF-8로 저장해 다시 시도해 주십시오.")


def _xlsx_lines(path: Path, data: bytes, sheet: str) -> Iterator[list[str]]:
    from openpyxl import load_workbook  # a second, which CSV need not wait for
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (InvalidFileException, *_BROKEN_BOOK) as error:
        raise _not_a_book(path) from error
    if not book.sheetnames:
        raise _not_a_book(path)
    if sheet and sheet not in book.sheetnames:
        raise TableFormatError(f"{path.name}: {sheet!r} 시트가 없습니다. 있는 시트: {', '.join(book.sheetnames)}")
    try:
        for line in book[sheet or book.sheetnames[0]].iter_rows(values_only=True):
            yield [_unsafe(_text(cell)) for cell in line]
    except _BROKEN_BOOK as error:  # a sheet is read row by row
        raise _not_a_book(path) from error
    finally:
        book.close()


def _not_a_book(path: Path) -> TableFormatError:
    return TableFormatError(f"{path.name}: 엑셀 파일로 읽을 수 없습니다. 암호를 풀고 .xlsx로 다시 저장해 주십시오.")


def _write_xlsx(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("문항")
    sheet.freeze_panes = "A2"
    sheet.append(list(header))
    for row in rows:
        cells = [WriteOnlyCell(sheet, value=cell) for cell in row]
        for cell in cells:
            cell.data_type = "s"
        sheet.append(cells)
    book.save(path)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "예" if cell else "아니오"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    return str(cell).strip()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _unsafe(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA_STARTS) else cell
