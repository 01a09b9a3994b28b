-- What wrk sends: purchases, each with an order id of its own. It is told what by the environment:
--   PORTS     of the servers, one for each thread
--   KEY       what partner keys begin with, before the provider's number
--   PROVIDERS how many providers take turns
--   FIRST     the number of the one that begins
--   FORMAT    the request, with places for partner key, customer and order id
--   RUN       makes the ids of this run differ from those of all others
--   EXPECTED  the status that every answer must have
local format, run = os.getenv("FORMAT"), os.getenv("RUN")
local expected = tonumber(os.getenv("EXPECTED"))
local key, providers, first = os.getenv("KEY"), tonumber(os.getenv("PROVIDERS")), tonumber(os.getenv("FIRST"))

local threads = {}

-- Once for each thread, in a state of its own: gives it its number and its server.
function setup(thread)
  local ports = {}
  for port in os.getenv("PORTS"):gmatch("[^,]+") do ports[#ports + 1] = port end
  thread:set("number", #threads)
  thread.addr = wrk.lookup("127.0.0.1", ports[#threads % #ports + 1])[1]
  threads[#threads + 1] = thread
end

local count = 0
unexpected, status = 0, 0

-- Customers come in no order: an index by customer is touched all over.
function request()
  count = count + 1
  local customer = (count * 2654435761 + number * 97) % 4294967296
  return format:format(key .. ("%05d"):format((first + count) % providers), customer, run .. ("%d%08d"):format(number, count))
end

function response(got)
  if got ~= expected then unexpected, status = unexpected + 1, got end
end

function done(summary, latency)
  local wrong, example = 0, 0
  for _, thread in ipairs(threads) do
    wrong = wrong + thread:get("unexpected")
    example = math.max(example, thread:get("status"))
  end
  local errors = summary.errors
  print(string.format(
    '\n{"answers":%d,"seconds":%.6f,"p50Ms":%.3f,"p99Ms":%.3f,"unexpected":%d,"unexpectedStatus":%d,"failed":%d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    wrong, example, errors.connect + errors.read + errors.write + errors.timeout))
end
