// node main.mjs BRIGADE FOLDER: real clients against a running daemon.
import { cases } from "./cases.mjs";
import { startDaemon } from "./daemon.mjs";
import { startUpstream } from "./upstream.mjs";

const [executable, folder] = process.argv.slice(2);
const upstream = await startUpstream();
const daemon = await startDaemon(executable, folder, upstream.url);
let failures = 0;
for (const [name, test] of Object.entries(cases)) {
  upstream.state.failing = {};
  upstream.release();
  try {
    await test({ daemon, upstream });
    console.log(`ok      ${name}`);
  } catch (error) {
    failures += 1;
    console.log(`FAILED  ${name}\n${error.stack}`);
  }
}
await daemon.stop();
upstream.close();
if (failures > 0) console.error(daemon.log.slice(-30).join("\n"));
process.exit(failures > 0 ? 1 : 0);
