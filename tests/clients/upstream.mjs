// A provider of models that does what a test says, and counts what it is asked.
import http from "node:http";

const plan = {
  analysis: "Two facts are asked for.",
  tasks: [1, 2].map((i) => ({
    id: `t${i}`,
    worker: "writer",
    description: `Write down fact number ${i} about the ferry in one sentence.`,
    depends_on: [],
    inputs: [],
    context: null,
    expected_output: "One sentence.",
  })),
};

const texts = {
  planner: JSON.stringify(plan),
  writer: "The ferry sails at nine.",
  merger: "The ferry sails at nine, and its horn is loud. \u20ac 5.",
  small: "Ferry facts",
};

function respond(response, model, failure) {
  response.writeHead(failure ?? 200, { "content-type": "application/json" });
  response.end(
    JSON.stringify(
      failure
        ? { error: { message: "secret words of the upstream" } }
        : {
            id: "x",
            object: "chat.completion",
            created: 1,
            model,
            choices: [
              {
                index: 0,
                message: { role: "assistant", content: texts[model] },
                finish_reason: "stop",
              },
            ],
            usage: { prompt_tokens: 100, completion_tokens: 10 },
          },
    ),
  );
}

export async function startUpstream() {
  const state = {
    // How often each model was asked.
    asked: {},
    // Model to status: what it answers instead.
    failing: {},
    // While set, models but the planner do not answer before `release`.
    stalled: false,
  };
  const held = [];
  const server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      const { model } = JSON.parse(body);
      state.asked[model] = (state.asked[model] ?? 0) + 1;
      const answer = () => respond(response, model, state.failing[model]);
      if (state.stalled && model !== "planner") held.push(answer);
      else answer();
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    state,
    texts,
    url: `http://127.0.0.1:${server.address().port}/v1`,
    release: () => {
      state.stalled = false;
      for (const answer of held.splice(0)) answer();
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
