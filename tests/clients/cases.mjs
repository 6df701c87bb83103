// What the official SDK and curl see of a daemon.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import OpenAI from "openai";

import { startCutter, token } from "./daemon.mjs";

let questions = 0;

// Each is another body: an identical one attaches.
const question = (text) => [
  { role: "user", content: `${text} (${(questions += 1)})` },
];

const client = (url, more = {}) =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey: token, ...more });

async function api(daemon, target) {
  const answer = await fetch(`${daemon.url}/api/v1${target}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return answer.json();
}

const runCount = async (daemon) =>
  (await api(daemon, "/runs?limit=200")).runs.length;

async function until(what) {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    const value = await what();
    if (value) return value;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("it never came true");
}

async function failure(what) {
  try {
    await what;
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

function curl(args, input) {
  return new Promise((done) => {
    const child = execFile(
      "curl",
      ["-sS", "-H", `Authorization: Bearer ${token}`, ...args],
      (error, stdout) => done(stdout),
    );
    child.stdin.end(input ?? "");
  });
}

export const cases = {
  async "models are listed and found"({ daemon }) {
    const sdk = client(daemon.url);
    const ids = [];
    for await (const model of sdk.models.list()) ids.push(model.id);
    assert.deepEqual(ids.sort(), ["plain", "report", "report-direct"]);
    assert.equal((await sdk.models.retrieve("report")).object, "model");
    const error = await failure(sdk.models.retrieve("none"));
    assert.equal(error.status, 404);
    assert.equal(error.code, "model_not_found");
  },

  async "a chat is answered by a run"({ daemon, upstream }) {
    const { data, response } = await client(daemon.url)
      .chat.completions.create({
        model: "report",
        messages: [
          { role: "system", content: "Be brief." },
          ...question("What about the ferry?"),
        ],
        temperature: 0.3,
      })
      .withResponse();
    assert.equal(data.choices[0].message.content, upstream.texts.merger);
    assert.equal(data.choices[0].finish_reason, "stop");
    assert.equal(data.usage.total_tokens, 440);
    assert.equal(data.brigade.status, "succeeded");
    assert.equal(data.brigade.cost_usd, "0.00048");
    const run = await api(daemon, `/runs/${response.headers.get("x-run-id")}`);
    assert.equal(run.id, data.brigade.run_id);
    assert.equal(run.tasks.succeeded, 2);
  },

  async "a stream has progress, the answer and usage"({ daemon, upstream }) {
    const stream = await client(daemon.url).chat.completions.create({
      model: "report",
      messages: question("What about the ferry?"),
      stream: true,
      stream_options: { include_usage: true },
    });
    const seen = { content: "", reasoning: "", roles: [], finish: [] };
    let usage = null;
    for await (const chunk of stream) {
      const choice = chunk.choices[0];
      usage = chunk.usage ?? usage;
      if (!choice) continue;
      seen.content += choice.delta.content ?? "";
      seen.reasoning += choice.delta.reasoning_content ?? "";
      if (choice.delta.role) seen.roles.push(choice.delta.role);
      if (choice.finish_reason) seen.finish.push(choice.finish_reason);
    }
    assert.equal(seen.content, upstream.texts.merger);
    assert.match(seen.reasoning, /Plan: 2 subtasks\n[^]*t1 succeeded\n/);
    assert.deepEqual(seen.roles, ["assistant"]);
    assert.deepEqual(seen.finish, ["stop"]);
    assert.equal(usage.total_tokens, 440);
  },

  async "the SDK's own helper reads the stream"({ daemon, upstream }) {
    const runner = client(daemon.url).chat.completions.stream({
      model: "report",
      messages: question("What about the ferry?"),
    });
    const whole = await runner.finalChatCompletion();
    assert.equal(whole.choices[0].message.content, upstream.texts.merger);
  },

  async "errors have the form that the SDK reads"({ daemon, upstream }) {
    const create = (body, key = token) =>
      failure(
        client(daemon.url, { apiKey: key }).chat.completions.create({
          model: "report",
          messages: question("Hi"),
          ...body,
        }),
      );
    const tools = await create({
      tools: [{ type: "function", function: { name: "f" } }],
    });
    assert.equal(tools.status, 400);
    assert.equal(tools.code, "unsupported_parameter");
    assert.equal(tools.param, "tools");
    const image = await create({
      messages: [
        {
          role: "user",
          content: [{ type: "image_url", image_url: { url: "data:," } }],
        },
      ],
    });
    assert.equal(image.code, "unsupported_content");
    assert.equal((await create({}, "wrong")).status, 401);
    assert.equal((await create({ model: "none" })).status, 404);
    const above = await create({ metadata: { max_cost_usd: "5" } });
    assert.equal(above.status, 422);
    const low = await create({ metadata: { max_cost_usd: "0.000001" } });
    assert.equal(low.status, 422);
    assert.equal(low.code, "over_budget");
    assert.equal(upstream.state.asked.none, undefined);
  },

  async "an error after money was set aside starts one run"(all) {
    const { daemon, upstream } = all;
    upstream.state.failing = { planner: 500 };
    const before = await runCount(daemon);
    const asked = upstream.state.asked.planner ?? 0;
    const error = await failure(
      client(daemon.url).chat.completions.create({
        model: "report",
        messages: question("Hi"),
      }),
    );
    upstream.state.failing = {};
    assert.equal(error.status, 502);
    assert.equal(error.code, "provider");
    assert.equal(error.headers.get("x-should-retry"), "false");
    assert.equal(await runCount(daemon), before + 1);
    assert.ok(upstream.state.asked.planner > asked);
    assert.ok(!String(error.message).includes("secret"));
  },

  async "a connection that is cut attaches to the same run"(all) {
    const { daemon, upstream } = all;
    for (const cuts of [1, 2]) {
      const before = await runCount(daemon);
      const asked = { ...upstream.state.asked };
      upstream.state.stalled = true;
      let count = 0;
      const cutter = await startCutter(daemon.url, cuts, async () => {
        await until(async () => (await runCount(daemon)) > before);
        count += 1;
        if (count === cuts) upstream.release();
      });
      const done = await client(cutter.url).chat.completions.create({
        model: "report",
        messages: question("Hi"),
      });
      cutter.close();
      assert.equal(done.choices[0].message.content, upstream.texts.merger);
      assert.equal(await runCount(daemon), before + 1);
      assert.equal(upstream.state.asked.planner, asked.planner + 1);
      assert.equal(upstream.state.asked.writer, asked.writer + 2);
    }
  },

  async "a client that gave up waiting attaches when it retries"(all) {
    const { daemon, upstream } = all;
    const before = await runCount(daemon);
    upstream.state.stalled = true;
    const answer = client(daemon.url, { timeout: 1_000 }).chat.completions.create(
      { model: "report", messages: question("Hi") },
    );
    await until(async () => (await runCount(daemon)) > before);
    const error = await failure(answer);
    assert.equal(error.constructor.name, "APIConnectionTimeoutError");
    // Three requests, one run, which is cancelled when nobody comes back.
    assert.equal(await runCount(daemon), before + 1);
    const run = (await api(daemon, "/runs?limit=1")).runs[0];
    await until(
      async () => (await api(daemon, `/runs/${run.id}`)).status === "cancelled",
    );
    upstream.release();
  },

  async "side requests are one call and no run"({ daemon, upstream }) {
    const before = { ...upstream.state.asked };
    const asked = before.small ?? 0;
    const sdk = client(daemon.url);
    const direct = await sdk.chat.completions.create({
      model: "report-direct",
      messages: question("A title, please"),
    });
    const title = await sdk.chat.completions.create({
      model: "report",
      messages: question("### Task:\nGenerate a concise title"),
    });
    const marked = await sdk.chat.completions.create(
      { model: "report", messages: question("Tags?") },
      { headers: { "X-OpenWebUI-Task": "tags_generation" } },
    );
    // As long as a chat's history makes it.
    const long = await sdk.chat.completions.create({
      model: "report",
      messages: question(`### Task:\n${"Suggest follow-ups. ".repeat(1000)}`),
    });
    for (const each of [direct, title, marked, long])
      assert.equal(each.choices[0].message.content, upstream.texts.small);
    const refused = await failure(
      sdk.chat.completions.create({
        model: "plain",
        messages: question("### Task:\nGenerate a concise title"),
      }),
    );
    assert.equal(refused.status, 400);
    assert.equal(refused.code, "no_passthrough");
    // Nobody planned, and nobody merged.
    assert.deepEqual(upstream.state.asked, { ...before, small: asked + 4 });
  },

  async "curl begins a run, waits, and follows its events"({ daemon }) {
    const created = JSON.parse(
      await curl(
        [
          "-H",
          "Content-Type: application/json",
          "-H",
          "Prefer: wait=30",
          "--data-binary",
          "@-",
          `${daemon.url}/api/v1/runs`,
        ],
        JSON.stringify({ crew: "report", goal: "What about the ferry?" }),
      ),
    );
    assert.equal(created.status, "succeeded");
    const events = await curl(["-N", `${daemon.url}/api/v1/runs/${created.run_id}/events`]);
    assert.match(events, /^retry: \d+\n\nid: 1\nevent: run\.submitted\ndata: \{/);
    assert.match(events, /event: run\.finished\ndata: .*\n\n$/);
    const problem = JSON.parse(
      await curl(
        ["-H", "Content-Type: application/json", "--data", "{}", `${daemon.url}/api/v1/runs`],
      ),
    );
    assert.equal(problem.code, "invalid_body");
  },

  async "curl streams a chat"({ daemon }) {
    const body = JSON.stringify({
      model: "report",
      messages: question("What about the ferry?"),
      stream: true,
    });
    const out = await curl(
      ["-N", "-H", "Content-Type: application/json", "--data-binary", "@-", `${daemon.url}/v1/chat/completions`],
      body,
    );
    assert.match(out, /^data: \{.*"role":"assistant"/);
    assert.ok(out.endsWith("data: [DONE]\n\n"));
  },
};
