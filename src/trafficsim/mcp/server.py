"""The server itself: four tools on standard input and output, offline. Needs the extra `[mcp]`."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from threading import Event
from time import monotonic
from typing import Annotated, Any

import anyio
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field

from trafficsim.mcp.questions import (
    SHOWN,
    Asked,
    Plain,
    PlanAsked,
    Sizes,
    Tell,
    check_answer,
    compare_answer,
    explain_answer,
    plan_answer,
    scenario_of,
)
from trafficsim.report import json_shapes as shapes
from trafficsim.scenario import shipped
from trafficsim.words.language import Language

INSTRUCTIONS = """\
Simulates how customers move between public platforms, stores and private pools (groups, contacts, accounts), and
compares strategies ("arms") of a scenario on the same customers with the same luck. Begin with `check`, which tells the
arms of a scenario, its mistakes and every number in it. All results are simulated: numbers under `assumed` have no
source, those under `sourced` do; say which of them an answer rests on. Intervals (95 %) are over random variation
alone. The same call gives the same answer. Shipped cases: """
SECONDS_BETWEEN = 0.5
"""Between two reports of progress."""

Case = Annotated[
    str, Field(description="A shipped case such as restaurant, the path of a scenario file, or a scenario as YAML.")
]
Settings = Annotated[
    Sequence[str],
    Field(
        description="Settings to override, each [ARM:]PATH=VALUE, such as private:posts.vip_group.per_week=1; without "
        "an arm, in all of them."
    ),
]
Replicates = Annotated[int, Field(ge=1, description="Runs of each arm, each with its own random numbers.")]
Seed = Annotated[int, Field(ge=0, description="Random seed; the same seed gives the same answer.")]
Reader = Annotated[Language | None, Field(description="Language of sentences (default: the scenario's).")]
Checked = Annotated[CallToolResult, shapes.Check]
Compared = Annotated[CallToolResult, shapes.Compare]
Explained = Annotated[CallToolResult, shapes.Explain]
Planned = Annotated[CallToolResult, shapes.Plan]
READS_ONLY = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)


class GivenUpError(Exception):
    """The client waits no more."""


class Tools:
    """The tools, which share the limits of a call; one call runs at a time, on all processors."""

    def __init__(self, sizes: Sizes) -> None:
        self._sizes, self._turn = sizes, anyio.CapacityLimiter(1)

    async def check(self, scenario: Case, settings: Settings = (), replicates: Replicates = 16) -> Checked:
        """Check a scenario without running it: mistakes, notes, memory and time needed, where each number is from."""
        return await self._answer(lambda _: check_answer(scenario, settings, replicates, self._sizes))

    async def compare(
        self,
        ctx: Context,
        scenario: Case,
        settings: Settings = (),
        replicates: Replicates = 16,
        seed: Seed = 1,
        metrics: Annotated[
            Sequence[str], Field(description="Metrics of the table of arms; an empty list for all of them.")
        ] = SHOWN,
        language: Reader = None,
    ) -> Compared:
        """Compare the arms of a scenario: which earns most, by how much, from which day on, with 95 % intervals."""

        def work(tell: Tell) -> Plain:
            about = Asked(scenario_of(scenario, settings), self._sizes, seed, language, tell)
            return compare_answer(about, replicates, metrics)

        return await self._answer(work, ctx)

    async def explain(
        self,
        ctx: Context,
        scenario: Case,
        arm: Annotated[str, Field(description="The arm to begin from.")],
        other: Annotated[str, Field(description="The arm whose difference to it is explained.")],
        metric: Annotated[str, Field(description="A metric that adds up: profit, orders, members.")] = "profit",
        settings: Settings = (),
        replicates: Replicates = 16,
        seed: Seed = 1,
        language: Reader = None,
    ) -> Explained:
        """Explain the difference of two arms: what each thing that they set otherwise adds to it (Shapley values)."""

        def work(tell: Tell) -> Plain:
            about = Asked(scenario_of(scenario, settings), self._sizes, seed, language, tell)
            return explain_answer(about, (arm, other), metric, replicates)

        return await self._answer(work, ctx)

    async def plan(
        self,
        ctx: Context,
        scenario: Case,
        budget: Annotated[float, Field(gt=0, description="The most that may be spent, in currency units.")],
        levers: Annotated[
            Sequence[str],
            Field(min_length=1, description="Settings to decide: PATH=LOW:HIGH, or PATH=A,B for choices."),
        ],
        aim: Annotated[
            str,
            Field(description="profit, present_value, revenue, orders, new_customers, members or payback_day."),
        ] = "profit",
        limits: Annotated[
            Sequence[str], Field(description="Further limits: NAME[@DAY]<=VALUE, such as spend@2024-03-31<=90000.")
        ] = (),
        arm: Annotated[
            str | None, Field(description="The arm to plan for (default: first that has all levers).")
        ] = None,
        settings: Settings = (),
        worlds: Annotated[
            int, Field(ge=0, description="Plausible worlds, a power of two; 0 for the file's own numbers alone.")
        ] = 0,
        replicates: Annotated[
            int, Field(ge=2, description="Runs of each plan where worlds is 0, each with its own random numbers.")
        ] = 16,
        rounds: Annotated[int, Field(ge=0, description="Rounds of the search, four plans each.")] = 4,
        seed: Seed = 1,
        language: Reader = None,
    ) -> Planned:
        """Find the best values of a few settings of an arm under a budget, and try them in fresh worlds."""

        def work(tell: Tell) -> Plain:
            about = Asked(scenario_of(scenario, settings), self._sizes, seed, language, tell)
            return plan_answer(about, PlanAsked(budget, levers, limits, aim, arm, worlds, replicates, rounds))

        return await self._answer(work, ctx)

    async def _answer(self, work: Callable[[Tell], Plain], ctx: Context | None = None) -> CallToolResult:
        """Do the work in a thread and report how far it is; bad input becomes the line that the command would print."""
        progress, given_up = _Progress(), Event()

        def tell(done: int, total: int) -> None:
            if given_up.is_set():
                raise GivenUpError
            progress.at(done, total)

        async with self._turn, anyio.create_task_group() as tasks:
            if ctx is not None:
                tasks.start_soon(progress.report, ctx)
            try:
                found = await anyio.to_thread.run_sync(partial(_found, work, tell), abandon_on_cancel=True)
            finally:
                given_up.set()
                tasks.cancel_scope.cancel()
        if isinstance(found, ToolError):  # a group of tasks would wrap what is raised in it
            raise found
        text = json.dumps(found, ensure_ascii=False, allow_nan=False)
        return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=found)


def _found(work: Callable[[Tell], Plain], tell: Tell) -> Plain | ToolError:
    """What the work comes to, or the line that says why not."""
    try:
        return work(tell)
    except (ValueError, KeyError) as error:  # as commands have it: a mistake of whoever asks
        return ToolError(str(error.args[0] if isinstance(error, KeyError) else error))
    except MemoryError:
        return ToolError("The memory doesn't suffice: customers.count is what it takes most for.")


class _Progress:
    """How far a call is, told by its thread and reported now and then."""

    def __init__(self) -> None:
        self._start, self._done, self._total = monotonic(), 0, 0

    def at(self, done: int, total: int) -> None:
        """So much is done."""
        self._done, self._total = done, max(done, total)

    async def report(self, ctx: Context) -> None:
        """Report to the client until cancelled, only what is new."""
        told = 0
        while True:
            await anyio.sleep(SECONDS_BETWEEN)
            if self._done > told:
                told = self._done
                left = (monotonic() - self._start) / told * (self._total - told)
                await ctx.report_progress(told, self._total, f"about {left:,.0f} s left")


def server(sizes: Sizes) -> MCPServer[Any]:
    """The server with all its tools; `run` it on standard input and output."""
    made: MCPServer[Any] = MCPServer(
        "trafficsim", version=version("trafficsim"), instructions=INSTRUCTIONS + ", ".join(shipped()) + "."
    )
    tools = Tools(sizes)
    for tool in (tools.check, tools.compare, tools.explain, tools.plan):
        made.add_tool(tool, annotations=READS_ONLY)
    return made
