"""How many instances do I pre-scale to? Asked by a client that has nothing but the protocol.

In: the binary, the text of a scenario, an empty folder for the server. Out: the answer as JSON. It takes the steps that the server
itself tells an assistant to take, and reads nothing but answers.
"""

import asyncio
import json
import sys
from pathlib import Path

from mcp import Client, StdioServerParameters

FAILED = "{tool} failed: {text}"


async def conversation(client, text):
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    for tool in tools.values():
        assert tool.description and tool.input_schema["type"] == "object", tool.name

    heard = []

    async def hear(progress, total, message):
        heard.append((progress, message))

    async def call(tool, **arguments):
        known = tools[tool].input_schema["properties"]
        assert set(arguments) <= set(known), (tool, arguments)
        return await client.call_tool(tool, arguments, progress_callback=hear)

    async def result(tool, **arguments):
        answer = await call(tool, **arguments)
        assert not answer.is_error, FAILED.format(tool=tool, text=answer.content[0].text)
        return answer.structured_content

    # There is nothing yet: the scenario is written, with a mistake that is told of and mended.
    assert (await result("files"))["result"]["scenarios"] == []
    looked_up = await call("reference", word="objectives")
    assert "latency" in looked_up.content[0].text
    explained = await call("explain", word="latency.p99_ms")
    assert "a column of timeline.csv" in explained.content[0].text, explained
    unit = await result("schema", at="/properties/duration")
    assert unit["result"]["description"], unit
    wrong = await call("check", text=text.replace("fleet.web = { instance", "fleet.web = { instanse"))
    problem = wrong.structured_content["problems"][0]
    assert wrong.is_error and problem["line"] and problem["hint"], problem
    checked = await result("check", text=text)
    file = checked["file"]
    listed = (await result("files"))["result"]["scenarios"]
    assert [it["file"] for it in listed] == [file], listed
    assert listed[0]["has_objectives"] and listed[0]["fleets"] == ["web"], listed

    # As it is, it does not hold, and the fleet is what is full.
    run = await result("run", file=file)
    assert run["exit_code"] == 99, run["meaning"]
    assert heard, "a client that asks for progress hears of it"
    full = [it for it in run["result"]["headroom"] if it["saturated"]]
    assert any(it["of"].get("name") == "web" for it in full), full
    headroom = await result("headroom", file=file, precision="20%", runs=2)
    assert headroom["result"]["limits"], headroom

    plan = await result("plan", file=file, set=["fleet.web.min=1..8"], headroom=1.2)
    resource = await client.read_resource(plan["resource"] + "#/best")
    assert int(resource.contents[0].text) == plan["result"]["best"]
    return {"best_values": plan["best_values"], "best": plan["result"]["best"], "asked": plan["result"]["asked"]}


async def main(simcap, scenario, folder):
    server = StdioServerParameters(command=simcap, args=["mcp", "--root", folder])
    async with Client(server) as client:
        print(json.dumps(await conversation(client, Path(scenario).read_text())))


asyncio.run(main(*sys.argv[1:]))
