-- What wrk sends: purchases, each with an order id of its own. It is told what by the environment:
--   PORTS     of the servers, one for each thread
--   KEYS      partner keys of the providers, taken in turn
--   WAY       post or gif
--   RUN       makes the ids of this run differ from those of all others
--   EXPECTED  the status that every answer must have
local way, run = os.getenv("WAY"), os.getenv("RUN")
local expected = tonumber(os.getenv("EXPECTED"))
local keys = {}
for key in os.getenv("KEYS"):gmatch("[^,]+") do keys[#keys + 1] = key end

local threads = {}

-- Once for each thread, in a state of its own: gives it its number and its server.
function setup(thread)
  local ports = {}
  for port in os.getenv("PORTS"):gmatch("[^,]+") do ports[#ports + 1] = port end
  thread:set("number", #threads)
  thread.addr = wrk.lookup("127.0.0.1", ports[#threads % #ports + 1])[1]
  threads[#threads + 1] = thread
end

-- As a thank-you page sends it. All texts have a fixed length, so that the head is always the same.
local body = '{"partnerKey":"%s","serviceName":"Acme CRM","customerId":"customer-%08x","orderId":"%s%d%08d",'
  .. '"purchasedAt":"2026-03-01T10:00:00.000Z","amount":"49.90","currency":"EUR",'
  .. '"referral":"r_8fJx2kQw9LmZ4tVb","referralSource":"param","landedAt":1772359200000,'
  .. '"page":"https://acme.example/thank-you"}'
local query = "partnerKey=%s&serviceName=Acme%%20CRM&customerId=customer-%08x&orderId=%s%d%08d"
  .. "&purchasedAt=2026-03-01T10%%3A00%%3A00.000Z&amount=49.90&currency=EUR"
  .. "&referral=r_8fJx2kQw9LmZ4tVb&referralSource=param&landedAt=1772359200000"
  .. "&page=https%%3A%%2F%%2Facme.example%%2Fthank-you"

local count, head = 0, nil
unexpected, status = 0, 0

-- Customers come in no order: an index by customer is touched all over.
local function purchase(template)
  local customer = (count * 2654435761 + number * 97) % 4294967296
  return template:format(keys[count % #keys + 1], customer, run, number, count)
end

local function headOf(first, length)
  return first .. " HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: https://acme.example\r\n"
    .. "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
    .. "Accept: */*\r\nAccept-Encoding: gzip, deflate\r\n" .. length .. "\r\n"
end

function init()
  local length = #purchase(body)
  head = headOf("POST /api/SaasTrackings",
    "Content-Type: application/json\r\nContent-Length: " .. length .. "\r\n")
end

function request()
  count = count + 1
  if way == "post" then return head .. purchase(body) end
  return headOf("GET /api/SaasTrackings.gif?" .. purchase(query), "")
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
    '\n{"answers":%d,"seconds":%.6f,"p99Ms":%.3f,"unexpected":%d,"unexpectedStatus":%d,"failed":%d}',
    summary.requests, summary.duration / 1e6, latency:percentile(99) / 1e3, wrong, example,
    errors.connect + errors.read + errors.write + errors.timeout))
end
