-- For wrk: one kind of request, described by the environment; the figures come out as one line of JSON.
wrk.method = os.getenv("BENCH_METHOD")
for name, value in os.getenv("BENCH_HEADERS"):gmatch("([^:\n]+): ([^\n]*)") do
  wrk.headers[name] = value
end
local path = os.getenv("BENCH_PATH")
local body = os.getenv("BENCH_BODY")
if body ~= "" then
  wrk.body = body
  wrk.headers["Content-Type"] = "application/json"
end

-- Every write makes a new record: {id} in the path becomes a random UUID.
local makes_ids = path:find("{id}", 1, true) ~= nil
function init()
  math.randomseed(tonumber(os.getenv("BENCH_SEED")))
end

function request()
  if not makes_ids then
    return wrk.format(nil, path)
  end
  local function hex(digits)
    return string.format("%0" .. digits .. "x", math.random(0, 16 ^ digits - 1))
  end
  local id = hex(8) .. "-" .. hex(4) .. "-4" .. hex(3) .. "-8" .. hex(3) .. "-" .. hex(6) .. hex(6)
  return wrk.format(nil, (path:gsub("{id}", id)))
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %f, "errors": %d, "p50_ms": %f, "p99_ms": %f}\n',
    summary.requests, summary.duration / 1e6, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
