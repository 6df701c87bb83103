// The style sheet of the page of a run.

#include "brigade/app/html_parts.hpp"

namespace brigade::app {

const std::string_view html_style = R"(
:root{--bg:#fff;--fg:#1b1f24;--dim:#57606a;--line:#d0d7de;--box:#f6f8fa;
--done:#116329;--done-bg:#dafbe1;--failed:#a40e26;--failed-bg:#ffebe9;
--stop:#7a4e00;--stop-bg:#fff3c4;--work:#0550ae;--work-bg:#ddf4ff;
--wait:#57606a;--wait-bg:#eaeef2;--link:#0550ae}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;
--dim:#9da7b3;--line:#3d444d;--box:#161b22;--done:#7ee787;--done-bg:#12321d;
--failed:#ffa198;--failed-bg:#4a1414;--stop:#f2cc60;--stop-bg:#3b2e0a;
--work:#79c0ff;--work-bg:#0c2d55;--wait:#9da7b3;--wait-bg:#262c36;
--link:#79c0ff}}
html:has(#theme:checked){--bg:#0d1117;--fg:#e6edf3;--dim:#9da7b3;
--line:#3d444d;--box:#161b22;--done:#7ee787;--done-bg:#12321d;
--failed:#ffa198;--failed-bg:#4a1414;--stop:#f2cc60;--stop-bg:#3b2e0a;
--work:#79c0ff;--work-bg:#0c2d55;--wait:#9da7b3;--wait-bg:#262c36;
--link:#79c0ff}
@media(prefers-color-scheme:dark){html:has(#theme:checked){--bg:#fff;
--fg:#1b1f24;--dim:#57606a;--line:#d0d7de;--box:#f6f8fa;--done:#116329;
--done-bg:#dafbe1;--failed:#a40e26;--failed-bg:#ffebe9;--stop:#7a4e00;
--stop-bg:#fff3c4;--work:#0550ae;--work-bg:#ddf4ff;--wait:#57606a;
--wait-bg:#eaeef2;--link:#0550ae}}
*{box-sizing:border-box}
html{background:var(--bg)}
body{margin:0 auto;padding:1.5rem;max-width:78rem;background:var(--bg);
color:var(--fg);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.4rem;margin:.2rem 0 .6rem;overflow-wrap:anywhere}
h2{font-size:1.1rem;margin:2rem 0 .6rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:.8rem 0 .3rem}
a{color:var(--link)}
nav a{margin-right:1rem}
.theme{float:right;color:var(--dim);font-size:.85rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:0}
dt{color:var(--dim)}
dd{margin:0;overflow-wrap:anywhere}
table{border-collapse:collapse;margin:.4rem 0}
th,td{text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top;
border-bottom:1px solid var(--line)}
th{color:var(--dim);font-weight:600}
.n{text-align:right;font-variant-numeric:tabular-nums}
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.3rem 0;padding:.6rem;
background:var(--box);border:1px solid var(--line);border-radius:4px;
font:13px/1.45 ui-monospace,monospace}
details{border:1px solid var(--line);border-radius:4px;margin:.4rem 0;
padding:.3rem .7rem}
summary{cursor:pointer;overflow-wrap:anywhere}
:target{outline:3px solid var(--link)}
.scroll{overflow:auto;max-height:80vh;border:1px solid var(--line);
border-radius:4px;background:var(--box)}
.tag{display:inline-block;padding:0 .5rem;border-radius:3px;font-weight:600}
.done{color:var(--done);background:var(--done-bg)}
.failed{color:var(--failed);background:var(--failed-bg)}
.stop{color:var(--stop);background:var(--stop-bg)}
.work{color:var(--work);background:var(--work-bg)}
.wait{color:var(--wait);background:var(--wait-bg)}
.bad{border-left:4px solid var(--failed);padding-left:.8rem}
svg{display:block;font:12px system-ui,sans-serif}
svg text{fill:var(--fg)}
svg .sub{fill:var(--dim);font-size:11px}
svg .edge{fill:none;stroke:var(--dim);stroke-width:1.2}
svg .edge.crit{stroke:var(--fg);stroke-width:3}
svg rect{stroke-width:1.2}
svg rect.crit{stroke-width:3.5}
svg rect.done{fill:var(--done-bg);stroke:var(--done)}
svg rect.failed{fill:var(--failed-bg);stroke:var(--failed)}
svg rect.stop{fill:var(--stop-bg);stroke:var(--stop)}
svg rect.work{fill:var(--work-bg);stroke:var(--work)}
svg rect.wait{fill:var(--wait-bg);stroke:var(--wait);stroke-dasharray:4 3}
svg .gap{fill:none;stroke:var(--wait);stroke-dasharray:2 3}
svg .call{fill:var(--fg);fill-opacity:.35;stroke:none}
svg .grid{stroke:var(--line)}
)";

} // namespace brigade::app
