-- Mock LLM, OpenAI Chat Completions subset. ../README.md holds the grammar of profiles.
local ngx, string, table = ngx, string, table
local find, match, sub, rep, fmt = string.find, string.match, string.sub, string.rep, string.format
local concat = table.concat
local floor, min, max = math.floor, math.min, math.max
local shm = ngx.shared.mock
local M = {}

local S = { total = 0, inflight = 0, peak = 0, plan = 0, text = 0, stream = 0, fault = 0, prompt_tokens = 0, completion_tokens = 0 }
local by_status = {}

-- ---- profiles: parsed once per name ---------------------------------------
local profiles = {}
local function profile(name)
  local p = profiles[name]
  if p then return p end
  p = { name = name, latency = 0, size = 256, tick = 0, chunk = 16, pct = 100, times = 1, seq = false, retry_after = "1" }
  local rest = match(name, "^mock%-fault%-(.*)$")
  if rest then
    p.fault, rest = match(rest, "^(%w+)(.*)$")
  else
    rest = match(name, "^mock(.*)$") or ""
  end
  for w in string.gmatch(rest, "[^-]+") do
    local n, u = match(w, "^([%d%.]+)(%a+)$")
    if u == "ms" then p.latency = tonumber(n) / 1000
    elseif u == "b" then p.size = tonumber(n)
    elseif u == "kb" then p.size = tonumber(n) * 1024
    elseif u == "pct" then p.pct = tonumber(n)
    elseif u == "tick" then p.tick = tonumber(n) / 1000       -- ms between stream chunks
    elseif u == "x" then p.times = tonumber(n)                -- fail the first n attempts; 0x = always
    elseif u == "ra" then p.retry_after = n
    elseif w == "seq" then p.seq = true
    elseif w == "over" then p.over = true                     -- ignores the request's output limit
    elseif w == "long" then p.size = 16384 end
  end
  p.text = sub(rep("Lorem ipsum dolor sit amet, consectetur adipiscing elit. ", floor(p.size / 57) + 1), 1, p.size)
  profiles[name] = p
  return p
end

-- ---- plans, cached by (n, layers, shape) ----------------------------------
local plans = {}
local function plan_text(n, layers, shape)
  local key = n .. ":" .. layers .. ":" .. (shape or "")
  local t = plans[key]
  if t then return t end
  if shape == "badjson" then t = '{"subtasks":[{"id":"t0","title":'
  elseif shape == "badschema" then t = '{"steps":[1,2,3]}'
  elseif shape == "empty" then t = '{"subtasks":[]}'
  else
    local out, width = {}, math.ceil(n / layers)
    for i = 0, n - 1 do
      local deps = ""
      if shape == "cycle" then deps = '"t' .. ((i + 1) % n) .. '"'
      elseif shape == "unknown" then deps = '"nope"'
      elseif i >= width then deps = '"t' .. (i - width) .. '"' end
      out[#out + 1] = '{"id":"t' .. i .. '","title":"Subtask ' .. i .. '","prompt":"Do part ' .. i .. ' of the job.","deps":[' .. deps .. ']}'
    end
    if shape == "dup" and n > 1 then out[2] = out[1] end
    t = '{"subtasks":[' .. concat(out, ",") .. ']}'
  end
  plans[key] = t
  return t
end

-- ---- any JSON Schema: answer with an instance of it ------------------------
-- Arrays called tasks, subtasks or steps get N items; their depends_on or deps follow LAYERS and PLAN=shape.
local cjson = require "cjson.safe"
-- cjson cannot tell an empty array from an empty object: arrays carry is_array, and encode() honours it.
local is_array = {}
local function array() return setmetatable({}, is_array) end
local function encode(v)
  if type(v) ~= "table" then return cjson.encode(v) end
  local out = {}
  if getmetatable(v) == is_array then
    for i, x in ipairs(v) do out[i] = encode(x) end
    return "[" .. concat(out, ",") .. "]"
  end
  for k, x in pairs(v) do out[#out + 1] = cjson.encode(k) .. ":" .. encode(x) end
  return "{" .. concat(out, ",") .. "}"
end
local words = { description = true, prompt = true, instructions = true, task = true }
local verbs = { "Measure", "Compare", "Trace", "List", "Explain", "Estimate", "Verify", "Summarise" }
local nouns = { "demand", "pricing", "latency", "suppliers", "regulation", "churn", "energy", "staffing", "logistics", "security", "margins",
  "inventory", "licensing", "storage", "adoption", "forecasts", "complaints", "warranty", "exports", "capacity", "research", "branding",
  "payments", "training", "emissions", "contracts", "audits", "recalls", "patents", "subsidies", "mergers", "tariffs" }
-- Every description differs in most of its words, so that a check for near-duplicates passes.
local function describe(i)
  return verbs[i % 8 + 1] .. " " .. nouns[i % 32 + 1] .. " against " .. nouns[(i * 7 + 11) % 31 + 1] .. " in region " .. i ..
    " and report " .. nouns[(i * 13 + 5) % 29 + 1] .. " figures with their sources."
end
local function deref(s, root)
  local r = s["$ref"]
  if not r then return s end
  local at = root
  for part in string.gmatch(r, "[^#/]+") do at = at[part]; if not at then return {} end end
  return deref(at, root)
end
local function instance(s, root, key, c)
  s = deref(s, root)
  local any = s.anyOf or s.oneOf
  if any then return instance(any[1], root, key, c) end
  if s.const ~= nil then return s.const end
  if s.enum then return s.enum[c.i % #s.enum + 1] end
  local typ = s.type
  if type(typ) == "table" then
    for _, x in ipairs(typ) do if x == "null" then return cjson.null end end
    typ = typ[1]
  end
  if typ == "object" or s.properties then
    local o = {}
    for k, v in pairs(s.properties or {}) do o[k] = instance(v, root, k, c) end
    return o
  elseif typ == "array" then
    local a = array()
    if key == "tasks" or key == "subtasks" or key == "steps" then
      if c.shape == "empty" then return a end
      for i = 0, c.n - 1 do a[i + 1] = instance(s.items or {}, root, "item", { i = i, n = c.n, width = c.width, shape = c.shape }) end
    elseif key == "depends_on" or key == "deps" or key == "dependencies" then
      if c.shape == "cycle" then a[1] = "t" .. ((c.i + 1) % c.n)
      elseif c.shape == "unknown" then a[1] = "nope"
      elseif c.i >= c.width then a[1] = "t" .. (c.i - c.width) end
    else
      for i = 1, s.minItems or 0 do a[i] = instance(s.items or {}, root, "item", c) end
    end
    return a
  elseif typ == "integer" or typ == "number" then return s.minimum or 1
  elseif typ == "boolean" then return false
  elseif typ == "null" then return cjson.null end
  if key == "id" then return "t" .. ((c.shape == "dup") and 0 or c.i) end
  if words[key] then return describe(c.i) end
  return "Mock " .. (key or "text") .. " " .. c.i .. "."
end
local function schema_text(body, n, layers, shape)
  if shape == "badjson" then return '{"analysis":"cut' end
  if shape == "badschema" then return '{"unexpected":[1,2,3]}' end
  local d = cjson.decode(body)
  local rf = d and d.response_format
  local js = rf and rf.json_schema
  local s = js and (js.schema or js) or (rf and rf.schema)
  if not s then return nil end
  local key = ngx.crc32_long(cjson.encode(s)) .. ":" .. n .. ":" .. layers .. ":" .. (shape or "")
  local t = plans[key]
  if not t then
    t = encode(instance(s, s, nil, { i = 0, n = n, width = math.ceil(n / layers), shape = shape }))
    plans[key] = t
  end
  return t
end

local esc_map = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n" }
local escaped = {}
local function esc(s)
  local e = escaped[s]
  if not e then e = string.gsub(s, '["\\\n]', esc_map); escaped[s] = e end
  return e
end

local function read_body()
  ngx.req.read_body()
  local b = ngx.req.get_body_data()
  if b then return b end
  local f = ngx.req.get_body_file()
  if not f then return "" end
  local h = io.open(f, "rb"); local d = h:read("*a"); h:close()
  return d
end

local function done(status, body, ctype)
  S.inflight = S.inflight - 1
  by_status[status] = (by_status[status] or 0) + 1
  ngx.status = status
  ngx.header["Content-Type"] = ctype or "application/json"
  ngx.header["Content-Length"] = #body
  ngx.print(body)
end

local function err(status, typ, code, msg)
  return done(status, fmt('{"error":{"message":"%s","type":"%s","param":null,"code":"%s"}}', msg, typ, code))
end

-- Deterministic by content: crc32(body)%100 < pct fails, for its first `times` attempts
-- (0 = every attempt).  'seq' in the profile: by arrival order, evenly spaced.
local function faulted(p, body)
  if p.seq then
    local n = shm:incr("seq:" .. p.name, 1, 0) - 1
    return floor((n + 1) * p.pct / 100) > floor(n * p.pct / 100)
  end
  local h = ngx.crc32_long(body)
  if h % 100 >= p.pct then return false end
  if p.times == 0 then return true end
  return shm:incr(p.name .. ":" .. h, 1, 0) <= p.times
end

local id = 0
function M.handle()
  local body = read_body()
  S.total = S.total + 1
  S.inflight = S.inflight + 1
  if S.inflight > S.peak then S.peak = S.inflight end

  local uri = ngx.var.uri
  local name = ngx.var.http_x_mock_profile or match(uri, "^/p/([^/]+)/") or match(body, '"model"%s*:%s*"([^"]*)"') or "mock"
  local p = profile(name)
  if not find(uri, "/chat/completions", 1, true) then
    return err(404, "invalid_request_error", "not_found", "unknown path (only /v1/chat/completions)")
  end
  if p.latency > 0 then ngx.sleep(p.latency) end

  local stream = find(body, '"stream"%s*:%s*true') ~= nil
  local fault = p.fault
  if fault and not faulted(p, body) then fault = nil end
  if fault then
    S.fault = S.fault + 1
    if fault == "429" then
      ngx.header["Retry-After"] = p.retry_after
      return err(429, "rate_limit_error", "rate_limit_exceeded", "mock rate limit")
    elseif fault == "500" or fault == "502" or fault == "503" then
      return err(tonumber(fault), "server_error", "mock_" .. fault, "mock server error")
    elseif fault == "400" or fault == "401" then
      return err(tonumber(fault), "invalid_request_error", "mock_" .. fault, "mock client error")
    elseif fault == "reset" then
      S.inflight = S.inflight - 1
      return ngx.exit(444)
    elseif fault == "hang" then
      ngx.sleep(3600)
    elseif fault == "slow" then
      ngx.sleep(5)
    end
  end

  -- what to answer
  local force_tool = match(body, '"tool_choice"%s*:%s*{.-"name"%s*:%s*"([^"]*)"')
  local kind = ngx.var.http_x_mock_kind
  if not kind then
    if force_tool or find(body, '"json_schema"', 1, true) or find(body, '"json_object"', 1, true) or find(uri, "/plan/", 1, true) then
      kind = "plan"
    else
      local m = find(body, '"messages"', 1, true)
      if m and find(sub(body, m, m + 400), "lanner", 1, true) then kind = "plan" else kind = "text" end
    end
  end
  local text
  if kind == "plan" then
    S.plan = S.plan + 1
    local n = tonumber(match(body, "N=(%d+)")) or 5
    local layers = tonumber(match(body, "LAYERS=(%d+)")) or 1
    local shape = match(body, "PLAN=(%l+)")
    if fault == "badplan" then shape = "badschema" end
    text = find(body, '"json_schema"', 1, true) and schema_text(body, n, layers, shape) or plan_text(n, layers, shape)
  else
    S.text = S.text + 1
    text = p.text
  end

  id = id + 1
  local ptok, ctok = floor(#body / 4), max(1, floor(#text / 4))
  local limit = tonumber(match(body, '"max_completion_tokens"%s*:%s*(%d+)') or match(body, '"max_tokens"%s*:%s*(%d+)'))
  local finish = "stop"
  if limit and ctok > limit and not p.over then
    text, ctok, finish = sub(text, 1, limit * 4), limit, "length"
  end
  -- What was served and would be billed: every answer with status 200, also one that a fault spoils on its way.
  S.prompt_tokens, S.completion_tokens = S.prompt_tokens + ptok, S.completion_tokens + ctok
  local cid = "chatcmpl-mock" .. id
  ngx.header["x-request-id"] = "req_mock" .. id
  local usage = '{"prompt_tokens":' .. ptok .. ',"completion_tokens":' .. ctok .. ',"total_tokens":' .. (ptok + ctok) ..
    ',"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}'

  if not stream then
    local msg
    if force_tool then
      msg = '{"role":"assistant","content":null,"tool_calls":[{"id":"call_' .. id .. '","type":"function","function":{"name":"' .. force_tool ..
        '","arguments":"' .. esc(text) .. '"}}]}'
    else
      msg = '{"role":"assistant","content":"' .. esc(text) .. '","refusal":null}'
    end
    local out = '{"id":"' .. cid .. '","object":"chat.completion","created":1700000000,"model":"' .. name ..
      '","choices":[{"index":0,"message":' .. msg .. ',"logprobs":null,"finish_reason":"' .. (force_tool and "tool_calls" or finish) ..
      '"}],"usage":' .. usage .. ',"system_fingerprint":"fp_mock"}'
    if fault == "badjson" then
      out = sub(out, 1, floor(#out / 2)) .. "<<<"
    elseif fault == "trunc" then
      S.inflight = S.inflight - 1
      by_status[200] = (by_status[200] or 0) + 1
      ngx.header["Content-Type"] = "application/json"
      ngx.header["Content-Length"] = #out
      ngx.print(sub(out, 1, floor(#out / 2)))
      ngx.flush(true)
      return ngx.exit(444)
    end
    return done(200, out)
  end

  -- SSE
  S.stream = S.stream + 1
  by_status[200] = (by_status[200] or 0) + 1
  ngx.header["Content-Type"] = "text/event-stream; charset=utf-8"
  ngx.header["Cache-Control"] = "no-cache"
  local head = 'data: {"id":"' .. cid .. '","object":"chat.completion.chunk","created":1700000000,"model":"' .. name .. '","system_fingerprint":"fp_mock","choices":[{"index":0,"delta":'
  local tail = ',"logprobs":null,"finish_reason":null}]}\n\n'
  local parts = { head .. '{"role":"assistant","content":"","refusal":null}' .. tail }
  local n, step = #text, p.chunk
  local cut = (fault == "trunc") and floor(n / 2) or n
  local i = 1
  while i <= cut do
    parts[#parts + 1] = head .. '{"content":"' .. esc(sub(text, i, i + step - 1)) .. '"}' .. tail
    i = i + step
    if fault == "badjson" and i > n / 2 then parts[#parts + 1] = 'data: {"id":"broken",,,\n\n'; fault = nil end
    if p.tick > 0 then
      ngx.print(concat(parts)); ngx.flush(true); parts = {}
      ngx.sleep(p.tick)
    end
  end
  if fault == "trunc" then
    ngx.print(concat(parts)); ngx.flush(true)
    S.inflight = S.inflight - 1
    return ngx.exit(444)
  end
  parts[#parts + 1] = head .. '{},"logprobs":null,"finish_reason":"' .. finish .. '"}]}\n\n'
  if find(body, '"include_usage"%s*:%s*true') then
    parts[#parts + 1] = 'data: {"id":"' .. cid .. '","object":"chat.completion.chunk","created":1700000000,"model":"' .. name .. '","choices":[],"usage":' .. usage .. '}\n\n'
  end
  parts[#parts + 1] = "data: [DONE]\n\n"
  ngx.print(concat(parts))
  S.inflight = S.inflight - 1
end

function M.stats()
  local st = {}
  for k, v in pairs(by_status) do st[#st + 1] = '"' .. k .. '":' .. v end
  ngx.header["Content-Type"] = "application/json"
  ngx.say(fmt('{"total":%d,"inflight":%d,"peak_inflight":%d,"plan":%d,"text":%d,"stream":%d,"fault":%d,"prompt_tokens":%d,"completion_tokens":%d,"status":{%s}}',
    S.total, S.inflight, S.peak, S.plan, S.text, S.stream, S.fault, S.prompt_tokens, S.completion_tokens, concat(st, ",")))
end

function M.reset()
  S.total, S.peak, S.plan, S.text, S.stream, S.fault = 0, S.inflight, 0, 0, 0, 0
  S.prompt_tokens, S.completion_tokens = 0, 0
  by_status = {}
  shm:flush_all()
  ngx.say("ok")
end

return M
