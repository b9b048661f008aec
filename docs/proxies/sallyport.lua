-- The HAProxy action "lua.sallyport URL" asks Sallyport at this URL about the request. See haproxy.cfg.
-- The host of the URL must be an IP address, unless HAProxy has a "resolvers" section.

-- HAProxy before 2.9 asks up to four times.
local TIMEOUT_MS = 2000

-- What the decision needs of the request.
local ASKED_WITH = {
  "authorization", "apikey", "x-api-key", "x-api-appkey", "x-api-apptoken", "x-access-token",
  "origin", "access-control-request-method",
}
-- One value more than a header may have, so that Sallyport sees that there are several.
local VALUES_MAX = 2

-- Variables of the configuration, and the headers of the answer that they hold.
local KEPT = {
  sallyport_outcome = "x-sallyport-outcome",
  sallyport_target = "x-sallyport-target",
  sallyport_organization = "x-sallyport-organization",
  sallyport_environment = "x-sallyport-environment",
  sallyport_pipeline = "x-sallyport-pipeline",
  sallyport_consumer = "x-sallyport-consumer",
  sallyport_key = "x-sallyport-key",
  sallyport_claims = "x-sallyport-claims",
  sallyport_labels = "x-sallyport-labels",
  sallyport_ratelimit = "ratelimit",
  sallyport_ratelimit_policy = "ratelimit-policy",
  sallyport_vary = "vary",
  sallyport_allow_origin = "access-control-allow-origin",
  sallyport_allow_credentials = "access-control-allow-credentials",
  sallyport_expose_headers = "access-control-expose-headers",
}

-- Headers of the answer that belong to its own connection.
local NOT_RELAYED = {
  ["connection"] = true, ["keep-alive"] = true, ["transfer-encoding"] = true, ["content-length"] = true, ["date"] = true,
}

local UNAVAILABLE = '{"type":"urn:sallyport:problem:unavailable","title":"The service is temporarily unavailable",'
  .. '"status":503,"detail":"The error is on our side and says nothing about your credential. Try again shortly.",'
  .. '"code":"unavailable"}'

local function question(txn)
  local headers = {
    ["host"] = { txn.sf:req_hdr("host") },
    ["x-sallyport-mode"] = { "relay" },
    ["x-original-method"] = { txn.sf:method() },
    ["x-original-url"] = { txn.sf:pathq() },
    ["x-forwarded-for"] = { txn.sf:src() },
  }
  local given = txn.http:req_get_headers()
  for _, name in ipairs(ASKED_WITH) do
    local values = given[name]
    if values ~= nil then
      local sent = {}
      -- HAProxy counts the values of a header from 0.
      for index = 0, VALUES_MAX - 1 do
        if values[index] ~= nil then sent[#sent + 1] = values[index] end
      end
      headers[name] = sent
    end
  end
  return headers
end

local function first(answer, name)
  local values = answer.headers[name]
  return values and values[0]
end

local function answer_caller(txn, answer)
  local reply = txn:reply({ status = answer.status })
  for name, values in pairs(answer.headers) do
    if not NOT_RELAYED[name] then
      for _, value in pairs(values) do reply:add_header(name, value) end
    end
  end
  if txn.sf:method() ~= "HEAD" then reply:set_body(answer.body) end
  txn:done(reply)
end

local function authorize(txn, url)
  local asked, answer = pcall(function()
    return core.httpclient():get({ url = url, headers = question(txn), timeout = TIMEOUT_MS })
  end)
  local has_answer = asked and answer ~= nil and answer.headers ~= nil
  local outcome = has_answer and first(answer, "x-sallyport-outcome")
  if outcome == "allowed" and answer.status == 200 then
    for variable, name in pairs(KEPT) do
      local value = first(answer, name)
      if value ~= nil then txn:set_var("txn." .. variable, value) end
    end
    return
  end
  local is_refusal = has_answer and answer.status >= 400 and first(answer, "x-sallyport-code") ~= nil
  if is_refusal or outcome == "preflight" then
    answer_caller(txn, answer)
  else
    answer_caller(txn, {
      status = 503,
      headers = {
        ["content-type"] = { "application/problem+json" },
        ["cache-control"] = { "no-store" },
        ["x-sallyport-code"] = { "unavailable" },
      },
      body = UNAVAILABLE,
    })
  end
end

core.register_action("sallyport", { "http-req" }, authorize, 1)
