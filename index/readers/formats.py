"""What a file is, from its bytes alone: a name says what somebody called it, not what it holds."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from enum import StrEnum

from index.errors import UnreadableFileError
from index.readers.archive import BROKEN


class Format(StrEnum):
    """A format that some reader takes; the value is what people are shown."""

    TEXT = "텍스트"
    PDF = "PDF"
    HWP = "HWP"
    HWPX = "HWPX"
    HWPML = "HWPML"
    DOCX = "DOCX"
    PPTX = "PPTX"
    XLSX = "XLSX"
    ODS = "ODS"
    ODT = "ODT"
    HTML = "HTML"
    EML = "EML"
    ZIP = "ZIP"


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_REFUSED: Mapping[bytes, str] = {
    b"\x89PNG": "PNG 그림",
    b"\xff\xd8\xff": "JPEG 그림",
    b"GIF8": "GIF 그림",
    b"BM": "BMP 그림",
    b"II*\x00": "TIFF 그림",
    b"MM\x00*": "TIFF 그림",
    b"\x1f\x8b": "GZIP",
    b"7z\xbc\xaf": "7Z",
    b"Rar!": "RAR",
    b"{\\rtf": "RTF",
    b"HWP Document File V3": "HWP 3",
    b"\x7fELF": "실행 파일",
    b"MZ\x90": "실행 파일",
    b"SQLite format 3": "SQLite",
}
_ADVICE: Mapping[str, str] = {
    "RTF": "DOCX나 HWPX로 저장해 다시 넣어 주십시오",
    "HWP 3": "한글에서 HWPX로 저장해 다시 넣어 주십시오",
    "GZIP": "압축을 풀어 다시 넣어 주십시오",
    "7Z": "압축을 풀거나 ZIP으로 묶어 다시 넣어 주십시오",
    "RAR": "압축을 풀거나 ZIP으로 묶어 다시 넣어 주십시오",
    "실행 파일": "문서가 아니므로 폴더에서 빼 주십시오",
    "SQLite": "문서가 아니므로 폴더에서 빼 주십시오",
}
_HTML = re.compile(
    rb"(?is)\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b"
)
_XML = re.compile(rb"(?is)\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*<\?xml")
_HWPML = re.compile(rb"(?is)<HWPML[\s>]")
_MAIL = re.compile(
    rb"(?i)\A(?:return-path|received|delivered-to|from|to|subject|date|message-id|mime-version|x-[a-z-]+):[ \t]*\S"
)
_MAIL_NEEDED = re.compile(rb"(?im)^(?:from|mime-version|message-id|content-type):")
_MAIL_FROM = re.compile(rb"(?im)^from:")
_HEAD = 4096


def sniff(data: bytes) -> Format:
    """The format of ``data``; what has no magic bytes is text.

    Raises:
        UnreadableFileError: No reader takes it: a picture, an old format, an archive of another kind.
    """
    head = data[:_HEAD]
    if data.startswith(_OLE):
        return Format.HWP
    if data.startswith((_ZIP, b"PK\x05\x06")):
        return _zipped(data)
    if b"%PDF-" in head[:1024]:
        return Format.PDF
    for magic, name in _REFUSED.items():
        if data.startswith(magic):
            advice = _ADVICE.get(name, "글자가 있는 문서로 바꾸어 다시 넣어 주십시오")
            raise UnreadableFileError(f"{name} 형식이라 글자를 읽을 수 없습니다. {advice}")
    if _HTML.match(head):
        return Format.HTML
    plain = head.replace(b"\x00", b"")  # UTF-16 spells ASCII with NULs between
    if _XML.match(plain) and _HWPML.search(plain):
        return Format.HWPML
    if _MAIL.match(head) and _is_mail(head):
        return Format.EML
    return Format.TEXT


def is_text(data: bytes) -> bool:
    """Whether ``data`` is plain text. An archive is told by its first bytes and not opened.

    Raises:
        UnreadableFileError: No reader takes it.
    """
    return not data.startswith((_ZIP, b"PK\x05\x06")) and sniff(data) is Format.TEXT


def _is_mail(head: bytes) -> bool:
    header = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    return bool(_MAIL_FROM.search(header)) and len(_MAIL_NEEDED.findall(header)) >= 2


def _zipped(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            kind = b""
            if "mimetype" in names and archive.getinfo("mimetype").file_size <= 200:
                kind = archive.read("mimetype").strip()
    except (OSError, ValueError, RuntimeError, EOFError, *BROKEN) as error:
        raise UnreadableFileError(
            "ZIP 형식(HWPX·DOCX·XLSX 등)이지만 손상되어 열 수 없습니다. 원본을 다시 받아 넣어 주십시오"
        ) from error
    if kind == b"application/hwp+zip" or "Contents/section0.xml" in names:
        return Format.HWPX
    if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return Format.ODS
    if kind.startswith(b"application/vnd.oasis.opendocument.text"):
        return Format.ODT
    for part, found in (("word/", Format.DOCX), ("ppt/", Format.PPTX), ("xl/", Format.XLSX)):
        if "[Content_Types].xml" in names and any(name.startswith(part) for name in names):
            return found
    return Format.ZIP
