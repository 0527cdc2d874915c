"""XML as office files hold it, parsed without entities, network or unlimited trees."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from index.errors import UnreadableFileError


def parse(data: bytes) -> etree._Element:
    """The root element.

    Raises:
        UnreadableFileError: It is no XML, or has no root.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFileError("XML이 손상되어 읽을 수 없습니다. 원본을 다시 받아 넣어 주십시오") from error
    if root is None:
        raise UnreadableFileError("XML이 손상되어 읽을 수 없습니다. 원본을 다시 받아 넣어 주십시오")
    return root


def local(element: etree._Element) -> str:
    """Tag without its namespace; empty for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Direct children with one of these local names, or all elements."""
    for child in element:
        if not names or local(child) in names:
            yield child


def below(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Descendants with one of these local names, in document order."""
    for child in element.iterdescendants():
        if local(child) in names:
            yield child


def number(element: etree._Element | None, name: str, default: int = 0) -> int:
    """An attribute, with or without a namespace, as an integer."""
    if element is None:
        return default
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            try:
                return int(str(value))
            except ValueError:
                return default
    return default
