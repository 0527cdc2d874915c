"""The chatbot for assistants that speak MCP: four tools, over standard input or over ``/mcp``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol, TypeVar

import typer
from pydantic import BaseModel, Field

from chatbot.answer import Answer, Filters, Question
from chatbot.api.ports import ChatbotPort
from chatbot.api.routes.cases import CaseDetail, case_detail
from chatbot.api.routes.documents import DocumentBody, document_body
from chatbot.api.routes.search import Hit, hit
from chatbot.errors import ChatbotError
from index.document import SearchFilters
from index.errors import IndexPackageError

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

    from chatbot.settings import Settings

T = TypeVar("T")

INSTRUCTIONS = (
    "대한민국 정부 문서에 실린 사례를 찾고, 문서의 문장을 그대로 인용해 답합니다. 자료에 없는 내용은 없다고 답합니다. "
    "답의 [1], [2]는 citations의 번호이며 quote는 원문 그대로입니다."
)
MISSING = "MCP 서버에는 선택 묶음이 필요합니다. pip install 'gov-case-chatbot[mcp]'로 설치해 주십시오."

QuestionText = Annotated[str, Field(min_length=1, max_length=1_000, description="한국어 질문")]
Query = Annotated[str, Field(min_length=1, max_length=1_000, description="찾을 말")]
Year = Annotated[int | None, Field(ge=1900, le=2100, description="이 해의 사례만")]
Agency = Annotated[str, Field(max_length=100, description="이 기관의 사례만")]
Count = Annotated[int, Field(ge=1, le=20, description="찾을 수")]
Identifier = Annotated[str, Field(min_length=1, max_length=300, description="search_cases나 ask의 결과에 있는 번호")]


class Found(BaseModel):
    """Passages, best first."""

    results: tuple[Hit, ...]


class Run(Protocol):
    """Runs work where it does not hold up other requests."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]:
        """The result of ``work``."""
        ...


def build_server(chatbot: Callable[[], ChatbotPort], run: Run) -> MCPServer:
    """A server with the tools ``ask``, ``search_cases``, ``get_case`` and ``get_document``.

    ``chatbot`` is called for each piece of work, where the work runs: the server greets before a model is loaded.

    Raises:
        ChatbotError: The optional extra is not installed.
    """
    try:
        from mcp.server.mcpserver import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
    except ImportError as error:
        raise ChatbotError(MISSING) from error

    server = MCPServer("gov-case-chatbot", title="정부 문서 질의응답", instructions=INSTRUCTIONS, log_level="WARNING")

    async def told(work: Callable[[], T]) -> T:
        try:
            return await run(work)
        except (IndexPackageError, ChatbotError) as error:
            raise ToolError(str(error)) from error

    @server.tool(title="질문", description="질문에 답하고 근거를 그대로 인용합니다.")
    async def ask(question: QuestionText, year: Year = None, agency: Agency = "") -> Answer:
        asked = Question(text=question, filters=Filters(year=year, agency=agency or None))
        return await told(lambda: chatbot().answer(asked))

    @server.tool(title="사례 검색", description="말에 맞는 사례의 구절을 찾습니다. 답은 만들지 않습니다.")
    async def search_cases(query: Query, count: Count = 5, year: Year = None, agency: Agency = "") -> Found:
        filters = SearchFilters(year=year, agency=agency)
        found = await told(lambda: chatbot().search(query, top_k=count, filters=filters))
        return Found(results=tuple(hit(result) for result in found))

    @server.tool(title="사례 한 건", description="사례의 원문과 담당자를 보여 줍니다.")
    async def get_case(case_id: Identifier) -> CaseDetail:
        return await told(lambda: case_detail(chatbot().library, case_id))

    @server.tool(
        title="문서 한 건", description="문서의 저장된 본문을 그대로 보여 줍니다. 인용의 위치는 이 본문에서 셉니다."
    )
    async def get_document(document_id: Identifier) -> DocumentBody:
        return await told(lambda: document_body(chatbot().library, document_id))

    return server


def main(
    index_dir: Annotated[Path | None, typer.Option("--index-dir", help="색인을 두는 폴더")] = None,
) -> None:
    """표준 입출력으로 MCP 서버를 엽니다."""
    import anyio

    from chatbot.settings import Settings
    from index.settings import IndexSettings
    from index.versions import VersionFolder

    async def in_thread(work: Callable[[], T], /) -> T:
        return await anyio.to_thread.run_sync(work)

    settings = Settings(index=IndexSettings(index_dir=index_dir) if index_dir else IndexSettings())
    try:
        VersionFolder(settings.index.index_dir).manifest()
        # Clients wait some seconds for a greeting, and a model takes ten to load: it loads beside.
        loading = ThreadPoolExecutor(1, "load").submit(_live, settings)
        server = build_server(loading.result, in_thread)
    except (ChatbotError, IndexPackageError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    server.run("stdio")


def _live(settings: Settings) -> ChatbotPort:
    from chatbot.live import LiveChatbot
    from chatbot.pipeline import build_chatbot

    live = LiveChatbot(build_chatbot(settings))
    live.follow()
    return live


if __name__ == "__main__":
    typer.run(main)
