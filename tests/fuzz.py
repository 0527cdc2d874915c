"""``python -m tests.fuzz --reader hwpx --seconds 600``: coverage-guided fuzzing of a reader (atheris, libFuzzer).

Ends with 0 when no input crashed the reader, took longer than the limit, or needed more memory; what did lies under
``--out``. Files in ZIP and OLE containers are changed inside and packed again, so that the changes reach the reader.
Without ``--reader`` every reader has its turn. Needs ``pip install '.[fuzz]'``.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["index.readers"]):
    import index.readers.bundle
    import index.readers.docx
    import index.readers.eml
    import index.readers.html
    import index.readers.hwp5
    import index.readers.hwpml
    import index.readers.hwpx
    import index.readers.opendocument
    import index.readers.pdf
    import index.readers.pptx
    import index.readers.text
    import index.readers.xlsx  # noqa: F401
    from index.readers.read import read

from index.errors import UnreadableFileError
from tests.index.readers import makers

SECONDS_A_FILE, MEBIBYTES = 120, 2048  # as a build has them
ODF = '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:{0}>{1}</office:{0}></office:body></office:document-content>'  # noqa: E501
ROWS = "<table:table table:name='가'><table:table-row><table:table-cell table:number-columns-repeated='2'><text:p>여권</text:p></table:table-cell></table:table-row></table:table>"  # noqa: E501


def _odf(kind: str, body: str, inside: str) -> bytes:
    mimetype = f"application/vnd.oasis.opendocument.{kind}".encode()
    return makers.make_zip({"mimetype": mimetype, "content.xml": ODF.format(body, inside).encode()})


SEEDS: dict[str, Callable[[], bytes]] = {
    "hwpx": lambda: makers.make_hwpx(makers.PRESS_RELEASE, footnote="각주"),
    "hwp": lambda: makers.make_hwp(makers.PRESS_RELEASE, packed=False, footnote="각주"),
    "hwpml": lambda: makers.make_hwpml(makers.PRESS_RELEASE),
    "docx": lambda: makers.make_docx(makers.PRESS_RELEASE),
    "pptx": lambda: makers.make_pptx([("제목", ["글", makers.Rows((("가", "나"), ("1", "2")))])]),
    "xlsx": lambda: makers.make_xlsx({"가": [["민원", "수수료"], ["여권", 53000]]}),
    "ods": lambda: _odf("spreadsheet", "spreadsheet", ROWS),
    "odt": lambda: _odf("text", "text", f"<text:h text:outline-level='1'>제목</text:h><text:p>글</text:p>{ROWS}"),
    "pdf": lambda: makers.make_pdf(makers.PRESS_RELEASE),
    "html": lambda: makers.make_html(makers.PRESS_RELEASE),
    "eml": lambda: makers.make_eml("글입니다.", {"a.html": makers.make_html(makers.PRESS_RELEASE)}),
    "csv": lambda: "민원,수수료,기간\n여권,53000,나흘\n등본,400,즉시\n".encode(),
    "text": lambda: "# 제목\n\n| 가 | 나 |\n|---|---|\n| 1 | 2 |\n\n□ 글이다.\n".encode("cp949"),
    "zip": lambda: makers.make_zip(
        {"a.html": makers.make_html(makers.PRESS_RELEASE), "b.csv": b"a,b,c\n1,2,3\n4,5,6\n"}
    ),
}


class Changes:
    """Edits that the fuzzer's bytes describe, applied to a sound file."""

    def __init__(self, kind: str) -> None:
        self._seed = SEEDS[kind]()
        self._members: dict[str, bytes] = {}
        if self._seed[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(self._seed)) as archive:
                self._members = {name: archive.read(name) for name in archive.namelist()}
        self._texts = [name for name in self._members if name.endswith((".xml", ".html", ".csv", ".rels"))]

    def file(self, data: bytes) -> bytes:
        given = atheris.FuzzedDataProvider(data)
        if given.ConsumeIntInRange(0, 9) == 0:
            return given.ConsumeBytes(len(data))
        if not self._texts:
            return self._edited(self._seed, given)
        name = given.PickValueInList(self._texts)
        return makers.make_zip({**self._members, name: self._edited(self._members[name], given)})

    def _edited(self, whole: bytes, given: atheris.FuzzedDataProvider) -> bytes:
        changed = bytearray(whole)
        for _ in range(given.ConsumeIntInRange(1, 8)):
            at = given.ConsumeIntInRange(0, max(0, len(changed) - 1))
            length = given.ConsumeIntInRange(0, 40)
            way = given.ConsumeIntInRange(0, 3)
            if way == 0:
                changed[at : at + length] = given.ConsumeBytes(length)
            elif way == 1:
                del changed[at : at + length]
            elif way == 2:
                changed[at:at] = changed[at : at + length * 20]
            else:
                changed[at:at] = given.ConsumeUnicodeNoSurrogates(length).encode()
        return bytes(changed)


def fuzz(kind: str, seconds: int, out: Path) -> None:
    """Never returns: libFuzzer ends the process."""
    changes, given_up = Changes(kind), Counter[str]()

    def once(data: bytes) -> None:
        try:
            parts = read(changes.file(data))
        except UnreadableFileError as error:
            assert "\n" not in str(error)
            if error.__cause__ is not None:
                frame = traceback.extract_tb(error.__cause__.__traceback__)[-1]
                if "index/readers" in frame.filename:
                    place = f"{Path(frame.filename).name}:{frame.lineno} {type(error.__cause__).__name__}"
                    if not given_up[place]:
                        sys.stderr.write(f"given up at {place}\n")
                    given_up[place] += 1
            return
        for part in parts:
            assert all(0 <= page.start <= len(part.text) for page in part.pages)

    prefix = out / kind
    prefix.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={seconds}", f"-timeout={SECONDS_A_FILE}", f"-rss_limit_mb={MEBIBYTES}",
        f"-artifact_prefix={prefix}/", "-max_len=4096", "-len_control=0", "-print_final_stats=1",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options], once)
    atheris.Fuzz()


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--reader", choices=SEEDS)
    arguments.add_argument("--seconds", type=int, default=600)
    arguments.add_argument("--out", type=Path, default=Path("var/fuzz"))
    given = arguments.parse_args()
    if given.reader:
        fuzz(given.reader, given.seconds, given.out)
    failed = []
    for kind in SEEDS:
        command = [sys.executable, "-m", "tests.fuzz", "--reader", kind, "--seconds", str(given.seconds)]
        done = subprocess.run([*command, "--out", str(given.out)], capture_output=True, text=True, check=False)
        said = [line for line in done.stderr.splitlines() if line.startswith(("given up", "stat::number", "SUMMARY"))]
        sys.stderr.write(f"{kind}: exit {done.returncode}; {'; '.join(said)}\n")
        failed += [kind] if done.returncode else []
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
