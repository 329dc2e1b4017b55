"""A class on one server: visitors that each move a slider every two seconds, beside the least page with a slider.

Run: python -m benchmarks.load [--visitors 30] [--rounds 3] [--seconds 40] [--compress] [--profile]
The visitors are websockets that speak Streamlit's own messages, from this machine to itself. They take their part of
the same cores, which is printed. A time counts from the moment a change was due, so that a server that falls behind is
not spared. Each visitor of the app has a start of its own, so that no run is shared, and remembers no message, so that
all bytes are sent. --compress turns Streamlit's websocket compression on; --profile says where the server's time goes
(needs py-spy, which takes some of that time itself).
"""

import argparse
import asyncio
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, nullcontext
from pathlib import Path
from statistics import median, quantiles

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.server import APP, SLIDER, serving

PAUSE = 2.0  # seconds between the changes of a visitor
REACH = 4  # places to either side of where the slider stood first


class Wire(ClientConnection):
    """A connection that counts what comes over the wire, compressed or not."""

    received = 0

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        super().data_received(data)


class Visitor:
    """One browser, as the server sees it: it keeps the address, the page and the slider that it was shown."""

    def __init__(self, wire: Wire, address: str) -> None:
        self.wire, self.address, self.page, self.fragment = wire, address, "", ""
        self.slider: Slider | None = None
        self.home, self.place, self.direction = 0, 0, 1

    async def open(self) -> None:
        """Have the page drawn for the first time."""
        await self.run(BackMsg())
        slider = self.slider
        self.home = list(slider.options).index(slider.raw_value[0]) if slider.options else round(slider.default[0])

    async def change(self) -> None:
        """Move the slider by one place and wait until the script has run."""
        if abs(self.place + self.direction) > REACH:
            self.direction = -self.direction
        self.place += self.direction
        now, message = self.home + self.place, BackMsg()
        widget = message.rerun_script.widget_states.widgets.add(id=self.slider.id)
        if self.slider.options:
            widget.string_array_value.data[:] = [self.slider.options[now]]
        else:
            widget.double_array_value.data[:] = [now]
        message.rerun_script.fragment_id = self.fragment
        await self.run(message)

    async def run(self, message: BackMsg) -> None:
        """Have the script run and read what it says."""
        state = message.rerun_script
        state.query_string, state.page_script_hash, state.context_info.locale = self.address, self.page, "en-US"
        await self.wire.send(message.SerializeToString())
        async for data in self.wire:
            answer = ForwardMsg.FromString(data)
            match answer.WhichOneof("type"):
                case "new_session":
                    self.page = answer.new_session.page_script_hash
                case "page_info_changed":
                    self.address = answer.page_info_changed.query_string
                case "delta":
                    self.see(answer.delta)
                case "script_finished":
                    return
        raise ConnectionError("The server left.")

    def see(self, delta: Delta) -> None:
        """Keep the slider, the app's for the learning rate or the only one; RuntimeError if the page shows an error."""
        element = delta.new_element
        if element.HasField("exception"):
            raise RuntimeError(element.exception.message)
        if element.HasField("slider") and element.slider.id.endswith(("-set_rate", "-None")):
            self.slider, self.fragment = element.slider, delta.fragment_id


async def visit(script: str, *, visitors: int, rounds: int, seconds: float, compress: bool, profile: bool) -> float:
    """Rounds of visitors on a server that runs a script; returns the seconds of its time that a change takes."""
    with serving(script, *["--server.enableWebsocketCompression=true"] * compress) as (host, pid):
        server, client, chance = psutil.Process(pid), psutil.Process(), random.Random(1)
        async with AsyncExitStack() as stack:
            people = []
            for _ in range(visitors):
                wire = await stack.enter_async_context(
                    connect(
                        f"ws://{host}/_stcore/stream",
                        create_connection=Wire,
                        subprotocols=["streamlit"],
                        max_size=None,
                    )
                )
                start = f"start={chance.uniform(-4, 4):.3f}~{chance.uniform(-4, 4):.3f}"
                people.append(Visitor(wire, start if script == APP else ""))
                await people[-1].open()
            for number in range(1, rounds + 1):
                before, clock, bytes_before = (spent(server), spent(client)), time.perf_counter(), received(people)
                with profiled(pid, seconds) if profile and number == rounds else nullcontext():
                    stays = await asyncio.gather(*(stay(each, seconds, chance) for each in people))
                times = [taken for each in stays for taken in each]
                wall = time.perf_counter() - clock
                server_time, client_time = spent(server) - before[0], spent(client) - before[1]
                print(
                    f"  {number}  {median(times):7.3f} {quantiles(times, n=20)[-1]:7.3f} {max(times):7.3f} s   "
                    f"{len(times) / wall:5.1f} changes/s  {1000 * server_time / len(times):6.1f} ms each  "
                    f"{server_time / wall:5.2f} + {client_time / wall:4.2f} cores  "
                    f"{server.memory_info().rss / 1e6:6.1f} MB  "
                    f"{(received(people) - bytes_before) / len(times) / 1000:6.1f} KB",
                    flush=True,
                )
    return server_time / len(times)


async def stay(visitor: Visitor, seconds: float, chance: random.Random) -> list[float]:
    """Change something again and again; seconds from when each change was due to when its script had run."""
    end = time.perf_counter() + seconds
    due, times = time.perf_counter() + chance.uniform(0, PAUSE), []
    while due < end:
        await asyncio.sleep(due - time.perf_counter())
        await visitor.change()
        times.append(time.perf_counter() - due)
        due += PAUSE * chance.uniform(0.75, 1.25)
    return times


def spent(process: psutil.Process) -> float:
    """Seconds of processor time, all cores together."""
    return sum(process.cpu_times()[:2])


def received(visitors: list[Visitor]) -> int:
    return sum(visitor.wire.received for visitor in visitors)


@contextmanager
def profiled(pid: int, seconds: float) -> Iterator[None]:
    """Prints who held the interpreter during the block: the functions of the app and the packages."""
    with tempfile.NamedTemporaryFile(suffix=".txt") as file:
        command = [
            str(Path(sys.executable).with_name("py-spy")),
            "record",
            "--gil",
            "--rate=200",
            "--format=raw",
            f"--duration={seconds:.0f}",
        ]
        with subprocess.Popen([*command, f"--pid={pid}", f"--output={file.name}"], stdout=subprocess.DEVNULL):
            yield
        stacks = [line.rsplit(" ", 1) for line in Path(file.name).read_text().splitlines()]
    total = sum(int(count) for _, count in stacks) or 1
    within, itself = Counter[str](), Counter[str]()
    for stack, count in stacks:
        frames = [re.sub(r":\d+\)$", ")", frame) for frame in stack.split(";")]
        for frame in {frame for frame in frames if "(landscape/" in frame or "(streamlit/" in frame}:
            within[frame] += int(count)
        itself[next((f.split("(")[1].split("/")[0].rstrip(")") for f in reversed(frames) if "/" in f), frames[-1])] += (
            int(count)
        )
    print(f"  The interpreter was held in {total / 200 / seconds:.0%} of the time; of that, with all that they call:")
    for frame, count in within.most_common(40):
        print(f"    {count / total:5.0%}  {frame}")
    print("  by themselves: " + ", ".join(f"{name} {count / total:.0%}" for name, count in itself.most_common(8)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--visitors", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--compress", action="store_true")
    parser.add_argument("--profile", action="store_true")
    options = vars(parser.parse_args())
    print(
        f"{options['visitors']} visitors, a change every {PAUSE:g} s each; "
        f"{psutil.cpu_count()} cores for server and visitors"
    )
    print("  round median     p95     max    throughput         server time   server + visitors  memory   on the wire")
    print("a slider and a line of text")
    least = asyncio.run(visit(SLIDER, **options | {"rounds": 1}))
    print("the app, target p95 ≤ 1 s and memory steady")
    ours = asyncio.run(visit(APP, **options))
    print(f"A change takes {ours / least:.1f} × the server time of the least page.")
