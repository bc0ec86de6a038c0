-- Posts the lines of a file in turn; prints what came of it in one line of JSON.
local bodies, at = {}, 0
for line in io.lines(os.getenv("BODIES")) do bodies[#bodies + 1] = line end
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-API-Key"] = os.getenv("KEY")

request = function()
  at = at % #bodies + 1
  return wrk.format("POST", "/kol/score", nil, bodies[at])
end

done = function(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  print(string.format('{"requests": %d, "failed": %d, "seconds": %.3f, "p50": %.3f, "p99": %.3f}',
    summary.requests, failed, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
