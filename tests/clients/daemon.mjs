// A running `brigade serve` on a free port, with a crew of its own.
import { spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import readline from "node:readline";

export const token = "tests-of-clients-0123456789abcdef";

const crew = (url) => `
[limits]
cost_usd = 1
tries_max = 1

[providers.mock]
kind = "openai"
base_url = "${url}"

${["planner", "writer", "merger", "small"]
  .map(
    (name) => `[models.${name}]
provider = "mock"
name = "${name}"
output_tokens_max = 500
input_usd_per_mtok = 1
output_usd_per_mtok = 2
`,
  )
  .join("\n")}
[planner]
model = "planner"

[workers.writer]
model = "writer"
description = "Writes down facts."
prompt = "Write."

[synthesizer]
model = "merger"
prompt = "Merge."
`;

const settings = `
[server]
listen = "127.0.0.1:0"
tokens_file = "tokens"

[crews.report]
file = "report.toml"
passthrough_model = "small"

[crews.plain]
file = "report.toml"
`;

export async function startDaemon(executable, folder, upstream) {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  const at = (name) => path.join(folder, name);
  fs.writeFileSync(at("report.toml"), crew(upstream));
  fs.writeFileSync(at("serve.toml"), settings);
  fs.writeFileSync(at("tokens"), `tests ${token}\n`, { mode: 0o600 });
  const child = spawn(
    executable,
    ["serve", "--config", at("serve.toml"), "--state", at("state")],
    { stdio: ["ignore", "inherit", "pipe"] },
  );
  const log = [];
  const url = await new Promise((done, failed) => {
    readline.createInterface({ input: child.stderr }).on("line", (line) => {
      log.push(line);
      const found = line.match(/ listening .*url=(\S+)/);
      if (found) done(found[1]);
    });
    child.on("exit", () => failed(new Error(log.join("\n"))));
  });
  return {
    url,
    log,
    stop: async () => {
      const ended = new Promise((done) => child.on("exit", done));
      child.kill("SIGTERM");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

// A connection to the daemon that can be cut: the first `cuts` ones are, once
// the daemon has said what `when` says yes to, or, without an answer, when
// `when` is resolved.
export async function startCutter(target, cuts, when) {
  const { port } = new URL(target);
  let left = cuts;
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(port), "127.0.0.1");
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const each of [client, upstream]) {
      each.on("error", end);
      each.on("close", end);
    }
    client.pipe(upstream);
    upstream.pipe(client);
    if (left > 0) {
      left -= 1;
      when().then(end);
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => server.close(),
  };
}
