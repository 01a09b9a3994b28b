// src/provider/error.ts
var OnrampError = class extends Error {
  name = "OnrampError";
  reason;
  /** How often it was sent: 0 where the call itself was wrong. */
  attempts;
  /** Whether the very same call may succeed later. Repeating it is always safe. */
  retryable;
  /** Of the last answer; undefined where none came. */
  status;
  problem;
  /** Every wrong field. */
  errors;
  /** Finds the request in the marketplace's log: quote it when you ask. */
  requestId;
  /** How long the marketplace wants to be left alone, in milliseconds, where it said so. */
  retryAfterMs;
  /** The beginning of an answer that is no problem document. */
  body;
  constructor(reason, message, parts) {
    super(message, parts.cause === void 0 ? void 0 : { cause: parts.cause });
    this.reason = reason;
    this.attempts = parts.attempts;
    this.retryable = parts.retryable;
    this.status = parts.status;
    this.problem = parts.problem;
    this.errors = parts.errors ?? parts.problem?.errors ?? [];
    this.requestId = parts.problem?.requestId;
    this.retryAfterMs = parts.retryAfterMs;
    this.body = parts.body;
  }
};
function invalidCall(errors) {
  const message = `${errors.map(({ detail }) => detail).join("; ")}. Nothing was sent.`;
  return new OnrampError("invalid", message, { attempts: 0, retryable: false, errors });
}

// src/wire/currencies.ts
var active = [
  [0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"],
  [
    2,
    `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
     COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
     INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
     MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
     STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`
  ],
  [3, "BHD IQD JOD KWD LYD OMR TND"],
  [4, "CLF UYW"],
  // Metals, bond market units and units of account have no minor unit.
  [void 0, "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XUA"]
];
var withdrawn = [
  [0, "BYR"],
  [2, "ANG BGN CUC HRK MRO SLL STD VEF ZWL"]
];
var minorUnitDigits = new Map(
  [...active, ...withdrawn].flatMap(([digits, codes]) => codes.split(/\s+/).map((code) => [code, digits]))
);

// src/wire/money.ts
var decimal = /^\d{1,15}(?:\.\d{1,9})?$/;
function parseAmount(value) {
  const text = typeof value === "number" ? String(Number(value.toPrecision(15))) : value.trim();
  if (!decimal.test(text)) return void 0;
  const amount = text.replace(/^0+(?=\d)/, "");
  return amount.includes(".") ? amount.replace(/\.?0+$/, "") : amount;
}
function parseCurrency(value) {
  const code = value.trim().toUpperCase();
  return minorUnitDigits.has(code) ? code : void 0;
}

// src/wire/text.ts
function toStoredText(text) {
  return text.toWellFormed().replaceAll("\0", "�");
}
function lengthOf(text) {
  let length = 0;
  for (const _ of text) length++;
  return length;
}
var templateLeftover = /<%|[{$#]{|\[obj|^(|undefined|null|NaN)$/;
function isTemplateLeftover(text) {
  return text === "None" || templateLeftover.test(text);
}

// src/wire/time.ts
var iso = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?(?:[Zz]|UTC|GMT)|(?: ?([+-])| {1,2})(\d\d)(?::?(\d\d))?)?)?$/;
var epochMilliseconds = /^-?\d{1,16}$/;
function parseTime(value) {
  if (typeof value === "number") return inRange(Math.trunc(value));
  if (epochMilliseconds.test(value)) return inRange(Number(value));
  const match = iso.exec(value);
  if (!match) return void 0;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const milliseconds = Number((match[7] ?? "").slice(0, 3).padEnd(3, "0"));
  const local = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  const date = new Date(local);
  const isSameDay = date.getUTCFullYear() === year && date.getUTCDate() === day;
  if (!isSameDay || minute > 59 || second > 59) return void 0;
  const offsetHours = Number(match[9] ?? 0);
  const offsetMinutes = Number(match[10] ?? 0);
  if (offsetHours > 23 || offsetMinutes > 59) return void 0;
  const offsetMs = (offsetHours * 60 + offsetMinutes) * 6e4;
  return inRange(match[8] === "-" ? local + offsetMs : local - offsetMs);
}
function inRange(timeMs) {
  return Number.isNaN(new Date(timeMs).getTime()) ? void 0 : timeMs;
}
function formatTime(timeMs) {
  return new Date(timeMs).toISOString();
}

// src/provider/problem.ts
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return void 0;
  }
}
function parseObject(text) {
  const value = parseJson(text);
  return isObject(value) ? value : void 0;
}
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function readProblem(text) {
  const fields = parseObject(text);
  if (!fields) return void 0;
  const { type, title, status, detail, errors, requestId } = fields;
  return {
    type: textOf(type),
    title: textOf(title),
    status: typeof status === "number" ? status : void 0,
    detail: textOf(detail),
    errors: Array.isArray(errors) ? errors.filter(isObject).map(readFieldError) : void 0,
    requestId: textOf(requestId)
  };
}
function readFieldError({ pointer, code, detail }) {
  return { pointer: textOf(pointer) ?? "", code: textOf(code) ?? "", detail: textOf(detail) ?? "" };
}
function textOf(value) {
  return typeof value === "string" ? value : void 0;
}

// src/provider/arguments.ts
function createArgumentReader() {
  const errors = [];
  const reader = {
    text(name, value, maxLength) {
      if (isAbsent(value)) return void 0;
      if (typeof value !== "string" && typeof value !== "number") {
        reader.fail(name, "wrong_type", `is ${kindOf(value)}: it must be text`);
        return void 0;
      }
      const text = toStoredText(String(value).trim());
      if (typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
        reader.fail(name, "invalid", `is ${value}: a number so large has lost digits, give it as text`);
      } else if (isTemplateLeftover(text)) {
        reader.fail(name, "not_filled_in", `is ${JSON.stringify(text)}: a template that was not filled in`);
      }
      if (lengthOf(text) > maxLength) {
        reader.fail(name, "too_long", `must not be longer than ${maxLength} characters`);
      }
      return text;
    },
    required(name, value, maxLength) {
      reader.present(name, value);
      return reader.text(name, value, maxLength) ?? "";
    },
    time(name, value) {
      if (isAbsent(value)) return void 0;
      const source = value instanceof Date ? value.getTime() : value;
      const sent = typeof source === "string" ? source.trim() : source;
      const time = typeof sent === "string" || typeof sent === "number" ? parseTime(sent) : void 0;
      if (time !== void 0) return formatTime(time);
      reader.fail(
        name,
        "invalid",
        "must be a Date, an ISO 8601 date or date-time such as 2017-03-01T10:00:00Z, or epoch milliseconds"
      );
      return void 0;
    },
    moment(name, value) {
      if (typeof value !== "string" || value.trim() === "") reader.time(name, value);
    },
    address(name, value) {
      if (isAbsent(value)) return void 0;
      const url = typeof value === "string" || value instanceof URL ? parseUrl(String(value)) : void 0;
      if (url && /^https?:$/.test(url.protocol)) return url.origin + url.pathname;
      reader.fail(name, "invalid", `is ${kindOf(value)}: it must be an http or https address`);
      return void 0;
    },
    amount(name, value) {
      if (isAbsent(value)) return void 0;
      const amount = typeof value === "string" || typeof value === "number" ? parseAmount(value) : void 0;
      const hint = Number(value) < 0 ? "; of a refund, too, it is what was given back" : "";
      if (amount === void 0) {
        const wanted = "it must be a decimal number of major units, 0 or more, such as '49.90'";
        reader.fail(name, "invalid", `is ${kindOf(value)}: ${wanted}${hint}`);
      }
      return amount;
    },
    currency(name, value) {
      if (isAbsent(value)) return void 0;
      const currency = typeof value === "string" ? parseCurrency(value) : void 0;
      if (currency === void 0) {
        const isSymbol = typeof value === "string" && /\p{Sc}/u.test(value);
        const hint = isSymbol ? ": a symbol may be that of several currencies" : "";
        reader.fail(name, "invalid", `is ${kindOf(value)}: it must be an ISO 4217 code, such as EUR${hint}`);
      }
      return currency;
    },
    present(name, value) {
      if (isAbsent(value)) reader.fail(name, "required", "is required");
    },
    fail: (name, code, detail) => errors.push({ pointer: `/${name}`, code, detail: `${name} ${detail}` }),
    check() {
      if (errors.length > 0) throw invalidCall(errors);
    }
  };
  return reader;
}
function needObject(call, given) {
  if (isObject(given)) return;
  const detail = `${call} takes an object, and was given ${kindOf(given)}`;
  throw invalidCall([{ pointer: "", code: "wrong_type", detail }]);
}
function needOptions(name, options) {
  if (!isObject(options))
    throw new TypeError(`${name}: its options have to be an object, and are ${kindOf(options)}.`);
}
function isAbsent(value) {
  return value === void 0 || value === null || typeof value === "string" && value.trim() === "";
}
function parseUrl(text) {
  try {
    return new URL(text);
  } catch {
    return void 0;
  }
}
function kindOf(value) {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 100));
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "bigint") return `${value}n`;
  if (value === void 0 || value === null) return `${value}`;
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

// src/provider/fromMinorUnits.ts
var exceptions = {
  /**
   * https://docs.stripe.com/currencies
   *
   * - "Zero-decimal currencies" names MGA, which has two digits in ISO 4217. All others of that list have none there.
   * - "Special cases": UGX and ISK have none in ISO 4217 and two at Stripe: 5 UGX are 500. The last two are 00, but
   *   for charges in ISK from before 14 April 2023 and their refunds
   *   (https://support.stripe.com/questions/deprecation-of-fractional-isk-charges-and-refunds).
   *   HUF and TWD are without digits in payouts only: charged and refunded they have two, as in ISO 4217.
   * - "Three-decimal currencies" end in 0.
   */
  stripe: { digits: { MGA: 0, UGX: 2, ISK: 2 }, inTens: ["BHD", "JOD", "KWD", "OMR", "TND"] },
  /** None: https://developer.paddle.com/api-reference/about/data-types, "the lowest denomination for a currency". */
  paddle: { digits: {}, inTens: [] }
};
function fromMinorUnits(amount, currency, { processor } = {}) {
  const { digits: otherDigits, inTens } = exceptionsOf(processor);
  const units = readUnits(amount) ?? fail("amount", `is ${kindOf(amount)}: it must be whole minor units, 0 or more, such as 1999`);
  const reader = createArgumentReader();
  reader.present("currency", currency);
  const code = reader.currency("currency", currency) ?? "";
  reader.check();
  const digits = otherDigits[code] ?? minorUnitDigits.get(code) ?? fail("currency", `is ${code}, which has no minor unit`);
  if (inTens.includes(code) && !units.endsWith("0")) {
    fail("amount", `is ${units}: of ${code}, ${processor} has multiples of 10 only`);
  }
  const text = shiftPoint(units, digits);
  return parseAmount(text) === void 0 ? fail("amount", `is ${units}: it has too many digits`) : text;
}
function exceptionsOf(processor) {
  if (processor === void 0) return { digits: {}, inTens: [] };
  const names = Object.keys(exceptions);
  return isProcessor(processor) ? exceptions[processor] : fail("processor", `is ${kindOf(processor)}: it must be one of ${names.join(", ")}`);
}
function isProcessor(name) {
  return Object.keys(exceptions).some((processor) => processor === name);
}
function readUnits(amount) {
  const isWhole = typeof amount === "bigint" || typeof amount === "string" || typeof amount === "number" && Number.isSafeInteger(amount);
  const match = isWhole ? /^0*(\d+)$/.exec(String(amount).trim()) : null;
  return match?.[1];
}
function shiftPoint(units, digits) {
  if (digits === 0) return units;
  const padded = units.padStart(digits + 1, "0");
  return `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
}
function fail(name, detail) {
  throw invalidCall([{ pointer: `/${name}`, code: "invalid", detail: `${name} ${detail}` }]);
}

// src/wire/fields.ts
var events = ["purchase", "signup", "visit", "renewal", "refund"];
var referralSources = ["param", "referrer"];
var levels = ["unsigned", "origin", "signed", "server"];
var verdicts = ["listing", "foreign", "unknown", "host", "expired", "server", "none"];
var maxPartnerKeyLength = 128;
var maxNameLength = 200;
var maxReferralLength = 300;
var dayMs = 864e5;
var attributionWindowMs = 30 * dayMs;

// src/provider/ignored.ts
var warnOfIgnored = (fields, { call, sent }) => {
  const list = fields.map((name) => `${name} (${kindOf(sent[name])})`).join(", ");
  console.warn(
    `onramp-pixel: ${call} is stored, but without ${list}: the marketplace could not read that. Send the call again with it mended, and it is added. docs/provider.md says what each field may be.`
  );
};
function tellIgnored(onIgnored, ignored, context) {
  const fields = Array.isArray(ignored) ? ignored.filter((name) => typeof name === "string") : [];
  if (fields.length === 0) return;
  try {
    onIgnored(fields, context);
  } catch {
  }
}

// src/provider/options.ts
var partnerKeyPattern = /^[A-Za-z0-9_-]+$/;
var secretPattern = /^os_([a-z0-9]+)_[A-Za-z0-9_-]+$/;
var longestTimeoutMs = 2 ** 31 - 1;
function checkOptions(options) {
  needOptions("createOnramp", options);
  const { partnerKey, onIgnored = warnOfIgnored, timeoutMs = 1e4, retries = 3 } = options;
  const fetch = options.fetch ?? globalThis.fetch;
  const baseUrl = readBaseUrl(options.baseUrl);
  const keys = readSecrets(options.secret);
  const mistakes = [
    baseUrl === void 0 && "baseUrl has to be an http or https address without query, such as https://market.example",
    !isPartnerKey(partnerKey) && "partnerKey has to be the key that the marketplace gave you, such as pk_acme",
    keys === void 0 && `secret has to be the one that the marketplace gave you, os_…, or a list of them (null to send without one)${blanksOf(options.secret)}`,
    typeof onIgnored !== "function" && "onIgnored has to be a function",
    typeof fetch !== "function" && "fetch has to be a function: this runtime has none",
    !(Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= longestTimeoutMs) && "timeoutMs has to be whole milliseconds, 1 or more",
    !(Number.isInteger(retries) && retries >= 0 && retries <= 10) && "retries has to be 0 to 10"
  ].filter((mistake) => mistake !== false);
  if (mistakes.length > 0 || baseUrl === void 0 || keys === void 0) {
    throw new TypeError(`createOnramp: ${mistakes.join("; ")}.`);
  }
  const secrets = keys.map(({ secret }) => secret);
  return { baseUrl, partnerKey, key: keys[0] ?? null, secrets, onIgnored, fetch, timeoutMs, retries };
}
function isPartnerKey(value) {
  return typeof value === "string" && value.length <= maxPartnerKeyLength && partnerKeyPattern.test(value);
}
function readSecrets(value) {
  if (value === null) return [];
  const secrets = Array.isArray(value) ? value : [value];
  const keys = secrets.flatMap((secret) => {
    const keyId = typeof secret === "string" ? secretPattern.exec(secret)?.[1] : void 0;
    return typeof secret === "string" && keyId ? [{ secret, keyId }] : [];
  });
  return keys.length === secrets.length && keys.length > 0 ? keys : void 0;
}
function blanksOf(value) {
  const secrets = Array.isArray(value) ? value : [value];
  const isPadded = secrets.some((secret) => typeof secret === "string" && secret !== secret.trim());
  return isPadded ? ": take the blank or the end of line off that stands around it" : "";
}
function readBaseUrl(value) {
  try {
    const { protocol, username, password, search, hash, origin, pathname } = new URL(String(value));
    const isPlain = /^https?:$/.test(protocol) && !(username || password || search || hash);
    return isPlain ? origin + pathname.replace(/\/+$/, "") : void 0;
  } catch {
    return void 0;
  }
}

// src/provider/referralText.ts
var maxTextLength = 353;
function formatReferral({ id, source, landedAt }) {
  const fields = { referral: id, referralSource: source, landedAt: String(landedAt) };
  return String(new URLSearchParams(fields));
}
function parseReferral(text, now, windowMs) {
  const [id, source, landedAt] = new URLSearchParams(text).values();
  const isLive = Math.abs(now - Number(landedAt)) < windowMs;
  if (!id || !isSource(source) || !isLive || text.length > maxTextLength) return void 0;
  return { id, source, landedAt: Number(landedAt) };
}
function findLanding(address, names, now) {
  const parameters = new URLSearchParams(address.replace(/[?#]|&amp;/g, "&"));
  const id = names.split(/[ ,]+/).map((name) => parameters.get(name)).find((id2) => id2);
  const landing = id ? { id, source: "param", landedAt: now } : void 0;
  return landing && formatReferral(landing).length <= maxTextLength ? landing : void 0;
}
function isSource(source) {
  return referralSources.some((known) => known === source);
}

// src/provider/visitor.ts
function headerOf({ headers: headers2 }, name) {
  const value = isHeaders(headers2) ? headers2.get(name) : headers2[name];
  return value ? String(value) : "";
}
function isHeaders(headers2) {
  return typeof headers2.get === "function";
}
function isSecure(request, trustProxy) {
  const forwarded = trustProxy ? headerOf(request, "x-forwarded-proto") : "";
  if (forwarded) return /^\s*https\b/i.test(forwarded);
  const { url = "", socket } = request;
  return /^https:/i.test(url) || socket !== void 0 && "encrypted" in socket && socket.encrypted === true;
}
function isNavigation(request) {
  const destination = headerOf(request, "sec-fetch-dest");
  if (destination) return destination === "document";
  return /text\/html|^$/.test(headerOf(request, "accept"));
}
function isAhead(request) {
  return /prefetch|prerender/.test(headerOf(request, "sec-purpose") + headerOf(request, "purpose"));
}
function readCookies(request, name) {
  return headerOf(request, "cookie").split(";").flatMap((pair) => {
    const [found, ...value] = pair.trim().split("=");
    return found === name ? [value.join("=")] : [];
  });
}

// src/provider/keepReferral.ts
var domainPattern = /^[A-Za-z0-9.-]+$/;
function keepReferral(request, options) {
  checkOptions2(options);
  const { partnerKey, referralParam = "onramp_ref", attribution, windowDays = 30 } = options;
  const { cookieDomain = "none", trustProxy = false, now = Date.now() } = options;
  const windowMs = windowDays * dayMs;
  const pixelsName = `onramp_${partnerKey}`;
  const keptName = `${pixelsName}.kept`;
  const pixels = read(pixelsName);
  const kept = read(keptName);
  const isRefused = "consent" in options && options.consent !== true;
  if (isRefused || headerOf(request, "sec-gpc") === "1") {
    return readCookies(request, keptName).length > 0 ? cookie(keptName, "", 0) : void 0;
  }
  if (isAhead(request)) return void 0;
  const landing = findLanding(request.url ?? "", referralParam, now);
  const known = choose(pixels, kept);
  if (landing && (!known || attribution !== "first" && landing.id !== known.id))
    return keep(keptName, landing);
  if (known && known === pixels && known.id !== kept?.id) return keep(keptName, known);
  if (!kept || pixels || !isNavigation(request)) return void 0;
  if (landing?.id === kept.id && now - kept.landedAt < dayMs) return void 0;
  return keep(pixelsName, kept);
  function read(name) {
    const referrals = readCookies(request, name).map((text) => parseReferral(text, now, windowMs));
    return referrals.find((referral) => referral !== void 0);
  }
  function choose(one, other) {
    if (!one || !other) return one ?? other;
    const isLater = one.landedAt > other.landedAt;
    return isLater === (attribution !== "first") ? one : other;
  }
  function keep(name, referral) {
    return cookie(name, formatReferral(referral), referral.landedAt + windowMs - now);
  }
  function cookie(name, text, maxAgeMs) {
    return [
      `${name}=${text}`,
      `Max-Age=${Math.ceil(maxAgeMs / 1e3)}`,
      "Path=/",
      "SameSite=Lax",
      ...cookieDomain === "none" ? [] : [`Domain=${cookieDomain}`],
      ...isSecure(request, trustProxy) ? ["Secure"] : [],
      ...name === keptName ? ["HttpOnly"] : []
    ].join("; ");
  }
}
function checkOptions2(options) {
  needOptions("keepReferral", options);
  const { partnerKey, referralParam = "", attribution = "last", windowDays = 30 } = options;
  const { cookieDomain = "none", trustProxy = false, now = 0 } = options;
  const mistakes = [
    !isPartnerKey(partnerKey) && "partnerKey has to be the key that the marketplace gave you, such as pk_acme",
    typeof referralParam !== "string" && "referralParam has to be text: names of parameters, comma separated",
    !["last", "first"].includes(attribution) && "attribution has to be last or first",
    !(windowDays > 0 && Number.isFinite(windowDays)) && "windowDays has to be a number of days, more than 0",
    !domainPattern.test(cookieDomain) && "cookieDomain has to be a domain, such as acme.example",
    typeof trustProxy !== "boolean" && "trustProxy has to be true or false",
    !Number.isFinite(now) && "now has to be epoch milliseconds"
  ].filter((mistake) => mistake !== false);
  if (mistakes.length > 0) throw new TypeError(`keepReferral: ${mistakes.join("; ")}.`);
}

// src/provider/environment.ts
var realEnvironment = {
  now: () => Date.now(),
  random: () => Math.random(),
  createId: () => crypto.randomUUID(),
  sleep: (ms, signal) => new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    const abort = () => {
      end();
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      end();
      resolve();
    }, ms);
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort);
  })
};

// src/wire/paths.ts
var trackingPath = "/api/SaasTrackings";
var updateSubscriptionPath = "/update-subscription/";
var rejectionsPath = "/api/rejections";

// src/provider/parts.ts
var version = "0.1.0";
function headersOf({ key }) {
  return {
    accept: "application/json, application/problem+json",
    // Browsers that have it forbidden leave it out by themselves.
    "user-agent": `onramp-pixel/${version}`,
    ...key && { authorization: `Bearer ${key.secret}` }
  };
}
function needSecret({ key }, call) {
  if (!key) throw new TypeError(`${call} needs the secret: give it to createOnramp.`);
  return key;
}

// src/provider/lists.ts
var readLimit = (reader, name, value) => {
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1e3) return String(value);
  reader.fail(name, "invalid", `is ${kindOf(value)}: it must be a whole number from 1 to 1,000`);
  return void 0;
};
function oneOf(words) {
  return (reader, name, value) => {
    const word = words.find((word2) => word2 === value);
    if (!word) reader.fail(name, "invalid", `is ${kindOf(value)}: it must be one of ${words.join(", ")}`);
    return word;
  };
}
var readEvent = oneOf(events);
var readName = (reader, name, value) => reader.text(name, value, maxNameLength);
var listFilters = {
  limit: readLimit,
  customerId: readName,
  orderId: readName,
  from: (reader, name, value) => reader.time(name, value),
  to: (reader, name, value) => reader.time(name, value)
};
var rejectionFilters = { ...listFilters, reason: readName };
var purchaseFilters = {
  ...listFilters,
  event: (reader, name, value) => (Array.isArray(value) ? value : [value]).map((event) => readEvent(reader, name, event)).join(","),
  serviceName: readName,
  listing: readName,
  campaign: readName,
  referral: (reader, name, value) => reader.text(name, value, maxReferralLength),
  trust: oneOf(levels),
  verdict: oneOf(verdicts),
  test: (reader, name, value) => {
    if (typeof value === "boolean") return String(value);
    reader.fail(name, "wrong_type", `is ${kindOf(value)}: it must be true or false`);
    return void 0;
  }
};
function listPurchases(parts, filters, signal) {
  return listAll(
    parts,
    { call: "listPurchases", path: trackingPath, readers: purchaseFilters },
    filters,
    signal
  );
}
function listRejections(parts, filters, signal) {
  return listAll(
    parts,
    { call: "listRejections", path: rejectionsPath, readers: rejectionFilters },
    filters,
    signal
  );
}
async function* listAll(parts, { call, path, readers }, filters, signal) {
  needSecret(parts, call);
  needObject(call, filters);
  const query = readFilters(readers, filters);
  const headers2 = headersOf(parts);
  for (let cursor; ; ) {
    if (cursor !== void 0) query.set("cursor", cursor);
    const message = {
      method: "GET",
      url: parts.baseUrl + path + (query.size > 0 ? `?${query}` : ""),
      headers: headers2
    };
    const { status, text, attempts } = await parts.send(() => message, [200], signal);
    const page = parseObject(text);
    if (!isPage(page) || cursor !== void 0 && page.next === cursor) {
      const what = `The answer ${status} isn't a page of a marketplace's list. Is baseUrl right?`;
      const body = text.slice(0, 500);
      throw new OnrampError("unexpected_answer", what, { attempts, retryable: false, status, body });
    }
    yield* page.items;
    if (!page.next) return;
    cursor = page.next;
  }
}
function readFilters(readers, filters) {
  const reader = createArgumentReader();
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    if (isAbsent(value)) continue;
    const read = Object.hasOwn(readers, name) ? readers[name] : void 0;
    if (!read) {
      reader.fail(name, "unknown", `is no filter here: there are ${Object.keys(readers).join(", ")}`);
      continue;
    }
    query.set(name, read(reader, name, value) ?? "");
  }
  reader.check();
  return query;
}
function isPage(page) {
  if (!page || !Array.isArray(page.items) || !page.items.every(isObject)) return false;
  return isAbsent(page.next) || typeof page.next === "string";
}

// src/wire/retryAfter.ts
function retryAfterMs(header, now) {
  if (header === null) return void 0;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1e3;
  const time = /^\s*[A-Za-z]{3,9},? .*GMT\s*$/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(time) ? void 0 : Math.max(0, time - now);
}

// src/provider/readBytes.ts
async function readBytes(body, maxBytes) {
  if (!body) return new Uint8Array(0);
  const reader = body.getReader();
  const chunks = [];
  let length = 0;
  for (; ; ) {
    const { done, value } = await reader.read();
    if (done) return joinBytes(chunks, length);
    length += value.length;
    if (length > maxBytes) {
      reader.cancel().catch(() => void 0);
      return void 0;
    }
    chunks.push(value);
  }
}
function joinBytes(chunks, length) {
  const bytes = new Uint8Array(length);
  let position = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, position);
    position += chunk.length;
  }
  return bytes;
}

// src/provider/attempt.ts
var maxAnswerBytes = { POST: 1024 * 1024, GET: 32 * 1024 * 1024 };
var AttemptTimeout = class extends Error {
};
async function attempt(fetch, { method, url, headers: headers2, body }, timeoutMs, signal) {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  signal?.addEventListener("abort", abort);
  const timer = setTimeout(
    () => controller.abort(new AttemptTimeout(`no whole answer within ${timeoutMs} ms`)),
    timeoutMs
  );
  const aborted = new Promise((_, reject) => {
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason));
  });
  try {
    return await Promise.race([aborted, exchange()]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
  async function exchange() {
    const response = await fetch(url, {
      method,
      headers: { ...headers2, ...body !== void 0 && { "content-type": "application/json" } },
      body: body ?? null,
      redirect: "manual",
      signal: controller.signal
    });
    const bytes = await readBytes(response.body, maxAnswerBytes[method]);
    const text = bytes && new TextDecoder().decode(bytes);
    return { status: response.status, headers: response.headers, text };
  }
}

// src/provider/send.ts
var baseMs = 500;
var capMs = 8e3;
var longestRetryAfterMs = 6e4;
var shownLength = 500;
function createSender({ fetch, timeoutMs, retries, secrets }, { now, random, sleep }) {
  return async (createMessage, successes2, signal) => {
    for (let attempts = 1; ; attempts++) {
      const outcome = await tryOnce(createMessage(), attempts, successes2, signal);
      if (!(outcome instanceof OnrampError)) return outcome;
      const askedMs = outcome.retryAfterMs ?? 0;
      if (!outcome.retryable || attempts > retries || askedMs > longestRetryAfterMs) throw outcome;
      await sleep(askedMs + random() * Math.min(capMs, baseMs * 2 ** (attempts - 1)), signal);
    }
  };
  async function tryOnce(message, attempts, successes2, signal) {
    try {
      const { status, headers: headers2, text } = await attempt(fetch, message, timeoutMs, signal);
      const shownText = secrets.reduce((shown, secret) => shown?.replaceAll(secret, "[redacted]"), text);
      if (shownText !== void 0 && successes2.includes(status)) return { status, text: shownText, attempts };
      return failureOf({ status, headers: headers2, text: shownText }, attempts);
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      const isLate = cause instanceof AttemptTimeout;
      const what = isLate ? cause.message : `not reached, or the connection broke${reasonOf(cause)}`;
      const text = `${new URL(message.url).origin}: ${what} (try ${attempts}).`;
      return new OnrampError(isLate ? "timeout" : "connection", text, { attempts, retryable: true, cause });
    }
  }
  function failureOf({ status, headers: headers2, text = "" }, attempts) {
    const problem = readProblem(text);
    const body = problem ? void 0 : text.slice(0, shownLength);
    if (status < 400) {
      const what = status >= 300 || status === 0 ? `redirects (${status}), which is not followed. Is baseUrl the marketplace's own address, with https?` : `answered ${status}, but not as the marketplace's service does. Is baseUrl right?`;
      return new OnrampError("unexpected_answer", what, { attempts, retryable: false, status, body });
    }
    const askedMs = retryAfterMs(headers2.get("retry-after"), now());
    const retryable = status >= 500 || status === 408 || status === 429 || status === 409 && askedMs !== void 0;
    const wait = askedMs !== void 0 && retryable ? ` It asks to wait ${Math.ceil(askedMs / 1e3)} s.` : "";
    const said = problem?.detail ?? problem?.title ?? "no reason given.";
    const doubt = status === 404 ? " Is baseUrl right?" : "";
    return new OnrampError("refused", `The marketplace answered ${status}: ${said}${doubt}${wait}`, {
      attempts,
      retryable,
      status,
      problem,
      body,
      retryAfterMs: askedMs
    });
  }
}
function reasonOf(error) {
  const cause = error instanceof Error ? error.cause : void 0;
  return isObject(cause) ? `: ${cause.code ?? cause.message ?? "no reason given"}` : "";
}

// src/wire/signature.ts
var maxSignatureAgeSeconds = 9 * 86400;
function signedText(keyId, timestampSeconds, fields) {
  return JSON.stringify([
    "saas-tracking.v1",
    keyId,
    timestampSeconds,
    fields.partnerKey,
    fields.serviceName,
    fields.customerId,
    fields.orderId,
    fields.purchasedAt,
    fields.amount,
    fields.currency
  ]);
}

// src/provider/base64.ts
function encodeBase64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
function encodeBase64Url(bytes) {
  return encodeBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
function decodeBase64(text) {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return void 0;
  }
}

// src/provider/hmac.ts
var encoder = new TextEncoder();
function encodeText(text) {
  return encoder.encode(text);
}
async function hmacSha256(key, data) {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign"
  ]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
}
function areSameBytes(one, other) {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (const [index, byte] of one.entries()) difference |= byte ^ (other[index] ?? 0);
  return difference === 0;
}

// src/provider/signPurchase.ts
async function signPurchase(parts, purchase) {
  const { partnerKey, environment } = parts;
  const { secret, keyId } = needSecret(parts, "signPurchase");
  needObject("signPurchase", purchase);
  const reader = createArgumentReader();
  const fields = {
    serviceName: reader.required("serviceName", purchase.serviceName, maxNameLength),
    customerId: reader.required("customerId", purchase.customerId, maxNameLength),
    orderId: reader.text("orderId", purchase.orderId, maxNameLength) ?? "",
    purchasedAt: reader.time("purchasedAt", purchase.purchasedAt) ?? "",
    amount: reader.amount("amount", purchase.amount) ?? "",
    currency: reader.currency("currency", purchase.currency) ?? ""
  };
  reader.check();
  const timestampSeconds = Math.floor(environment.now() / 1e3);
  const text = signedText(keyId, timestampSeconds, { partnerKey, ...fields });
  const mac = encodeBase64Url(await hmacSha256(encodeText(secret), encodeText(text)));
  const { serviceName, customerId, ...optional } = fields;
  const present2 = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== ""));
  return { serviceName, customerId, ...present2, sig: `${keyId}.${timestampSeconds}.${mac}` };
}

// src/provider/referral.ts
function readReferral(reader, given) {
  const referral = readHiddenField(given.referral);
  if (!isObject(referral)) {
    readId(reader, referral);
    return readRest(reader, referral, given);
  }
  const { id, source: referralSource, landedAt } = referral;
  if (typeof id === "string" && !isAbsent(id)) readId(reader, id);
  else {
    const wanted = "it must be what onrampTrack('referral') resolves to, {id, source, landedAt} or null";
    reader.fail("referral", "wrong_type", `is an object without an id: ${wanted}`);
  }
  for (const name of ["referralSource", "landedAt"]) {
    if (!isAbsent(given[name])) reader.fail(name, "invalid", "stands in referral already: leave it out");
  }
  return readRest(reader, id, { referralSource, landedAt });
}
function readHiddenField(referral) {
  if (typeof referral !== "string") return referral;
  const text = referral.trim();
  if (text === "null") return null;
  return text.startsWith('{"') ? parseObject(text) ?? {} : referral;
}
function readId(reader, id) {
  if (isAbsent(id)) return;
  const wanted = "it must be what onrampTrack('referral') resolves to, or its id";
  if (typeof id !== "string") reader.fail("referral", "wrong_type", `is ${kindOf(id)}: ${wanted}`);
  else if (isTemplateLeftover(id.trim()))
    reader.fail("referral", "not_filled_in", `is ${kindOf(id)}: ${wanted}`);
}
function readRest(reader, referral, { referralSource, landedAt }) {
  if (!isAbsent(referralSource) && !referralSources.some((source) => source === referralSource)) {
    const wanted = `it must be ${referralSources.join(" or ")}`;
    reader.fail("referralSource", "invalid", `is ${kindOf(referralSource)}: ${wanted}`);
  }
  const isTime = typeof landedAt === "number" || typeof landedAt === "string";
  if (!isAbsent(landedAt) && !(isTime && /^\d{1,16}$/.test(String(landedAt).trim()))) {
    reader.fail("landedAt", "invalid", `is ${kindOf(landedAt)}: it must be epoch milliseconds`);
  }
  return { referral, referralSource, landedAt };
}

// src/provider/track.ts
var needs = {
  signup: {},
  purchase: {},
  renewal: { secret: true, orderId: true },
  refund: { secret: true, orderId: true, money: true }
};
var successes = [201, 200];
async function track(parts, { call, event }, tracking, signal) {
  const { baseUrl, environment, send } = parts;
  if (needs[event].secret) needSecret(parts, call);
  const fields = present({ partnerKey: parts.partnerKey, event, ...checkTracking(call, event, tracking) });
  const stampedAt = fields.purchasedAt === void 0 ? environment.now() : void 0;
  const createMessage = () => ({
    method: "POST",
    url: baseUrl + trackingPath,
    headers: headersOf(parts),
    body: JSON.stringify(
      stampedAt === void 0 ? fields : { ...fields, purchasedAt: stampedAt, clock: environment.now() }
    )
  });
  const { status, text, attempts } = await send(createMessage, successes, signal);
  const answer = parseObject(text);
  if (!isResult(answer)) {
    const message = `The answer ${status} isn't the one of a marketplace's service. Is baseUrl right?`;
    const body = text.slice(0, 500);
    throw new OnrampError("unexpected_answer", message, { attempts, retryable: false, status, body });
  }
  tellIgnored(parts.onIgnored, answer.ignored, { call, sent: fields });
  return answer;
}
function checkTracking(call, event, tracking) {
  needObject(call, tracking);
  const reader = createArgumentReader();
  const { serviceName, customerId, orderId, purchasedAt, amount, currency } = tracking;
  if (!isAbsent(tracking.event) && tracking.event !== event) {
    reader.fail("event", "invalid", `is ${kindOf(tracking.event)}, and ${call} reports a ${event}`);
  }
  reader.required("serviceName", serviceName, maxNameLength);
  reader.required("customerId", customerId, maxNameLength);
  reader.text("orderId", orderId, maxNameLength);
  reader.moment("purchasedAt", purchasedAt);
  reader.amount("amount", amount);
  reader.currency("currency", currency);
  const page = reader.address("page", tracking.page);
  if (needs[event].orderId) reader.present("orderId", orderId);
  if (needs[event].money) {
    reader.present("amount", amount);
    reader.present("currency", currency);
  }
  const referral = readReferral(reader, tracking);
  reader.check();
  return { serviceName, customerId, orderId, purchasedAt, amount, currency, ...referral, page };
}
function present(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isAbsent(value)));
}
function isResult(answer) {
  const { status, id } = { status: void 0, id: void 0, ...answer };
  return (status === "created" || status === "duplicate") && typeof id === "string";
}

// src/wire/subscription.ts
var maxIdempotencyKeyLength = 255;
var idempotencyKeptMs = 7 * 864e5;
var period = /^\d{4}-(?:0[1-9]|1[0-2])$/;
function isPeriod(text) {
  return period.test(text);
}
function periodAt(timeMs, monthsLater = 0) {
  const time = new Date(timeMs);
  const first = Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + monthsLater);
  return new Date(first).toISOString().slice(0, 7);
}

// src/provider/updateSubscription.ts
var dayPattern = /^\d{4}-\d\d-\d\d$/;
var idempotencyKeyPattern = /^[!-~](?:[ -~]*[!-~])?$/;
async function updateSubscription(parts, update, signal) {
  const { baseUrl, partnerKey, environment, send } = parts;
  needSecret(parts, "updateSubscription");
  needObject("updateSubscription", update);
  const reader = createArgumentReader();
  const { expired, expiredDate } = update;
  const period2 = readPeriod(reader, update.period) ?? periodAt(environment.now());
  const elements = {
    coid: reader.required("coid", update.coid, maxNameLength),
    sku: reader.required("sku", update.sku, maxNameLength),
    expired,
    "expired-date": isDay(expiredDate) ? expiredDate : reader.time("expiredDate", expiredDate),
    count: readCount(reader, update.count),
    period: period2,
    // The partner key beside the secret in the header: so the secret stands in no body, where logs might keep it.
    providerkey: partnerKey
  };
  if (typeof expired !== "boolean") {
    reader.fail("expired", "required", `is ${kindOf(expired)}: it has to be true or false`);
  }
  if (expired === true && isAbsent(expiredDate)) {
    reader.fail("expiredDate", "required", "is required when expired is true: the day on which it ended");
  }
  const idempotencyKey = update.idempotencyKey ?? environment.createId();
  if (!idempotencyKeyPattern.test(idempotencyKey) || idempotencyKey.length > maxIdempotencyKeyLength) {
    reader.fail(
      "idempotencyKey",
      "invalid",
      `has to be 1 to ${maxIdempotencyKeyLength} printable ASCII characters`
    );
  }
  reader.check();
  const message = {
    method: "POST",
    url: baseUrl + updateSubscriptionPath,
    headers: { ...headersOf(parts), "idempotency-key": idempotencyKey },
    body: JSON.stringify(elements)
  };
  const { text } = await send(() => message, [201], signal);
  return { ...parseObject(text), status: "created", period: period2 };
}
function isDay(value) {
  return typeof value === "string" && dayPattern.test(value) && parseTime(value) !== void 0;
}
function readPeriod(reader, value) {
  if (isAbsent(value)) return void 0;
  if (typeof value === "string" && isPeriod(value)) return value;
  reader.fail("period", "invalid", `is ${kindOf(value)}: it has to be a month as YYYY-MM`);
  return void 0;
}
function readCount(reader, value) {
  if (value === void 0 || value === null) return void 0;
  const count = typeof value === "number" ? parseAmount(value) : void 0;
  if (count !== void 0) return Number(count);
  const wanted = "it has to be a number of 0 or more, the period's total so far";
  reader.fail("count", "invalid", `is ${kindOf(value)}: ${wanted}`);
  return void 0;
}

// src/provider/onramp.ts
function createOnramp(options) {
  return createOnrampIn(realEnvironment, options);
}
function createOnrampIn(environment, options) {
  const checked = checkOptions(options);
  const send = createSender(checked, environment);
  const parts = { ...checked, environment, send };
  const trackPurchase = reporter("trackPurchase", "purchase");
  return {
    trackPurchase,
    createSaasTracking: trackPurchase,
    trackSignup: reporter("trackSignup", "signup"),
    trackRenewal: reporter("trackRenewal", "renewal"),
    trackRefund: reporter("trackRefund", "refund"),
    signPurchase: (purchase) => signPurchase(parts, purchase),
    updateSubscription: (update, { signal } = {}) => updateSubscription(parts, update, signal),
    listPurchases: (filters = {}, { signal } = {}) => listPurchases(parts, filters, signal),
    listRejections: (filters = {}, { signal } = {}) => listRejections(parts, filters, signal)
  };
  function reporter(call, event) {
    return (tracking, { signal } = {}) => track(parts, { call, event }, tracking, signal);
  }
}

// src/provider/webhook.ts
var prefix = "whsec_";
var version2 = "v1,";
var secondsPattern = /^\d{1,12}$/;
var idPattern = /^[!-~]{1,255}$/;
var WebhookError = class extends Error {
  name = "WebhookError";
  reason;
  constructor(reason, message) {
    super(message);
    this.reason = reason;
  }
};
async function signWebhook(parts) {
  const { secret, id, timestamp, body } = parts;
  if (!idPattern.test(id) || id.includes(".")) {
    throw new TypeError("id has to be 1 to 255 printable ASCII characters without spaces and full stops.");
  }
  if (!secondsPattern.test(String(timestamp))) {
    throw new TypeError("timestamp has to be whole Unix seconds: Math.floor(Date.now() / 1000).");
  }
  const bytes = typeof body === "string" ? encodeText(body) : body;
  const signed = signedBytes(id, String(timestamp), bytes);
  const macs = await Promise.all(listSecrets(secret).map((secret2) => hmacSha256(webhookKey(secret2), signed)));
  return macs.map((mac) => version2 + encodeBase64(mac)).join(" ");
}
async function verifyWebhook(parts) {
  const { secret, headers: headers2, body, now = Date.now(), toleranceSeconds = 300 } = parts;
  if (!Number.isFinite(now)) throw new TypeError("now has to be epoch milliseconds.");
  if (!(toleranceSeconds > 0)) throw new TypeError("toleranceSeconds has to be more than 0.");
  const [id, seconds, signatures] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map(
    (name) => headers2.get(name)
  );
  if (!id || !seconds || !signatures) {
    throw new WebhookError(
      "missing_headers",
      "The headers webhook-id, webhook-timestamp and webhook-signature are needed."
    );
  }
  if (!idPattern.test(id) || !secondsPattern.test(seconds)) {
    throw new WebhookError(
      "invalid_headers",
      "webhook-id has to be printable ASCII, webhook-timestamp Unix seconds."
    );
  }
  const timestamp = Number(seconds);
  checkAge(now / 1e3 - timestamp, toleranceSeconds);
  const macs = signatures.split(" ").filter((signature) => signature.startsWith(version2)).map((signature) => decodeBase64(signature.slice(version2.length)));
  const signed = signedBytes(id, seconds, body);
  for (const key of listSecrets(secret).map(webhookKey)) {
    const expected = await hmacSha256(key, signed);
    if (macs.some((mac) => mac && areSameBytes(mac, expected))) return { id, timestamp };
  }
  throw new WebhookError(
    "wrong_signature",
    "No signature in webhook-signature is of this body under a valid secret."
  );
}
function toWebhookSecret(secret) {
  return secret.startsWith(prefix) ? secret : prefix + encodeBase64(encodeText(secret));
}
function listSecrets(secret) {
  return [secret].flat();
}
function isWebhookSecret(secret) {
  return typeof secret === "string" && /^(os|whsec)_/.test(secret) && keyOf(secret) !== void 0;
}
function keyOf(secret) {
  const key = secret.startsWith(prefix) ? decodeBase64(secret.slice(prefix.length)) : encodeText(secret);
  return key?.length ? key : void 0;
}
function webhookKey(secret) {
  const key = typeof secret === "string" ? keyOf(secret) : void 0;
  if (!key) throw new TypeError("A webhook secret is no text, or empty, or not base64 after whsec_.");
  return key;
}
function signedBytes(id, seconds, body) {
  const head = encodeText(`${id}.${seconds}.`);
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}
function checkAge(ageSeconds, toleranceSeconds) {
  if (ageSeconds > toleranceSeconds) {
    throw new WebhookError("too_old", `webhook-timestamp is more than ${toleranceSeconds} s in the past.`);
  }
  if (ageSeconds < -toleranceSeconds) {
    throw new WebhookError("too_new", `webhook-timestamp is more than ${toleranceSeconds} s in the future.`);
  }
}

// src/provider/provisioning/password.ts
var redacted = "[redacted]";
var Password = class {
  #text;
  constructor(text) {
    this.#text = text;
  }
  /** The password: hash it at once, and keep only the hash. */
  reveal() {
    return this.#text;
  }
  toString() {
    return redacted;
  }
  toJSON() {
    return redacted;
  }
  /** What Node's console and util.inspect ask for. */
  [/* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom")]() {
    return redacted;
  }
};

// src/provider/provisioning/account.ts
var accountFields = [
  "username",
  "password",
  "company",
  "name",
  "email",
  "address1",
  "address2",
  "country",
  "state",
  "zip",
  "phone",
  "resellerkey"
];
function readAccount(message, required) {
  const errors = [];
  const fail2 = (name, code, detail) => errors.push({ pointer: `/${name}`, code, detail: `${name} ${detail}` });
  const account = {};
  for (const name of accountFields) {
    const value = message[name];
    if (value === void 0 || value === null || value === "") continue;
    if (typeof value === "string" || typeof value === "number") {
      account[name] = name === "password" ? new Password(String(value)) : String(value);
    } else fail2(name, "wrong_type", "must be text");
  }
  for (const name of required) if (!(name in account)) fail2(name, "required", "is required");
  return errors.length === 0 && isComplete(account, required) ? { account } : { errors };
}
function isComplete(account, required) {
  return required.every((name) => name in account);
}

// src/provider/provisioning/answers.ts
async function hashAccount(account) {
  const fields = accountFields.map((name) => name === "password" ? null : account[name] ?? null);
  const text = encodeText(JSON.stringify(["account.v1", ...fields]));
  return encodeBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", text)));
}
function createReplayer({ answers, onError }) {
  const underWay = /* @__PURE__ */ new Map();
  return async (key, account, work) => {
    const running = underWay.get(key);
    if (running) return running.account === account ? await running.outcome : usedOtherwise();
    const call = { account, outcome: run(key, account, work) };
    underWay.set(key, call);
    try {
      return await call.outcome;
    } finally {
      underWay.delete(key);
    }
  };
  async function run(key, account, work) {
    const stored = await answers?.get(key);
    if (stored) return stored.account === account ? { coid: stored.coid } : usedOtherwise();
    const outcome = await work();
    if ("coid" in outcome) await keep(key, { coid: outcome.coid, account });
    return outcome;
  }
  async function keep(key, answer) {
    try {
      await answers?.put(key, answer);
    } catch (error) {
      onError(error);
    }
  }
}
function usedOtherwise() {
  return {
    status: 422,
    code: "idempotency_key_reused",
    title: "The key belongs to another account",
    detail: "This webhook-id came with another account before. Each order needs its own."
  };
}

// src/provider/provisioning/outcome.ts
var headers = { "cache-control": "no-store" };
function toResponse(outcome) {
  if ("coid" in outcome) {
    return new Response(JSON.stringify({ coid: outcome.coid }), {
      status: 201,
      headers: { ...headers, "content-type": "application/json" }
    });
  }
  const { status, code, title, detail, errors = [] } = outcome;
  const problem = {
    type: `urn:onramp:problem:${code}`,
    title,
    status,
    detail,
    ...errors.length > 0 && { errors }
  };
  return new Response(JSON.stringify(problem), {
    status,
    headers: {
      ...headers,
      "content-type": "application/problem+json",
      ...status === 405 && { allow: "POST" }
    }
  });
}

// src/provider/provisioning/problems.ts
var problems = {
  method: {
    status: 405,
    code: "method_not_allowed",
    title: "Method Not Allowed",
    detail: "The marketplace calls this address with POST."
  },
  tooLarge: {
    status: 413,
    code: "too_large",
    title: "Content Too Large",
    detail: "A message has at most 64 KiB."
  },
  noObject: {
    status: 400,
    code: "no_object",
    title: "Bad Request",
    detail: "The body has to be a JSON object."
  },
  bodyUsed: {
    status: 500,
    code: "body_used",
    title: "The body was read before",
    detail: "Something read or parsed the body before this handler, which has to verify its signature byte for byte. Express: mount this route before express.json(). Fastify: register it in a plugin whose content type parser leaves the body alone. Elsewhere: hand over the request before anybody reads it. docs/provider.md shows how."
  },
  failed: {
    status: 500,
    code: "failed",
    title: "Internal Server Error",
    detail: "The account could not be made. The reason stands in the log of the provider."
  }
};
function notBelieved({ reason, message }) {
  const status = reason === "missing_headers" || reason === "invalid_headers" ? 400 : 401;
  const title = status === 400 ? "Bad Request" : "Unauthorized";
  return { status, code: reason, title, detail: message };
}
function invalidAccount(errors) {
  const detail = `${errors.map((error) => error.detail).join("; ")}.`;
  return { status: 400, code: "invalid_fields", title: "Fields are missing or wrong", detail, errors };
}
function refused({ status, message, errors }) {
  const list = Object.entries(errors).map(([field, detail]) => ({
    pointer: `/${field}`,
    code: "refused",
    detail
  }));
  return { status, code: "refused", title: "No account was made", detail: message, errors: list };
}

// src/provider/provisioning/refused.ts
var statuses = [400, 409, 422];
var ProvisionRefused = class extends Error {
  name = "ProvisionRefused";
  status;
  errors;
  /**
   * @param message for the buyer: never with the password, or anything that is not for their eyes
   * @throws RangeError when the status is one that the buyer never hears of
   */
  constructor(message, { status = 400, errors = {} } = {}) {
    super(message);
    if (!statuses.includes(status)) {
      throw new RangeError(
        "A refusal has the status 400, 409 or 422: what has another never reaches the buyer."
      );
    }
    this.status = status;
    this.errors = errors;
  }
};

// src/provider/provisioning/handler.ts
var maxBodyBytes = 64 * 1024;
function createProvisionAccountHandler(options, now = Date.now) {
  checkOptions3(options);
  const { secret, provision, required = [], answers, toleranceSeconds } = options;
  const onError = guarded(options.onError ?? ((error) => console.error(error)));
  const replay = createReplayer({ answers, onError });
  return async (request) => {
    try {
      return toResponse(await answer(request));
    } catch (error) {
      onError(error);
      return toResponse(error instanceof BodyUsedError ? problems.bodyUsed : problems.failed);
    }
  };
  async function answer(request) {
    if (request.method !== "POST") return problems.method;
    if (request.bodyUsed || request.body?.locked) throw new BodyUsedError(problems.bodyUsed.detail);
    const body = await readBytes(request.body, maxBodyBytes);
    if (!body) return problems.tooLarge;
    const id = await verify(request.headers, body);
    if (typeof id !== "string") return id;
    const message = parseObject(new TextDecoder().decode(body));
    if (!message) return problems.noObject;
    const read = readAccount(message, required);
    if ("errors" in read) return invalidAccount(read.errors);
    const { account } = read;
    return await replay(id, await hashAccount(account), () => provisionOnce(account, { idempotencyKey: id }));
  }
  async function verify(headers2, body) {
    try {
      return (await verifyWebhook({ secret, headers: headers2, body, now: now(), toleranceSeconds })).id;
    } catch (error) {
      if (error instanceof WebhookError) return notBelieved(error);
      throw error;
    }
  }
  async function provisionOnce(account, context) {
    try {
      const made = await provision(account, context);
      const coid = isObject(made) ? made.coid : made;
      if (isCoid(coid)) return { coid };
      throw new TypeError("provision has to resolve to the coid: text that is not empty, or a number.");
    } catch (error) {
      if (error instanceof ProvisionRefused) return refused(error);
      onError(error);
      return problems.failed;
    }
  }
}
var BodyUsedError = class extends Error {
};
function isCoid(value) {
  return typeof value === "string" && value !== "" || typeof value === "number" && Number.isFinite(value);
}
function guarded(onError) {
  return (error) => {
    try {
      onError(error);
    } catch {
    }
  };
}
function checkOptions3(options) {
  needOptions("createProvisionAccountHandler", options);
  const { secret, provision, required = [], answers, toleranceSeconds = 300 } = options;
  const secrets = typeof secret === "string" ? [secret] : secret;
  const mistakes = [
    !(Array.isArray(secrets) && secrets.length > 0 && secrets.every(isWebhookSecret)) && "secret has to be the one that the marketplace gave you, os_… or whsec_…, or a list of them",
    typeof provision !== "function" && "provision has to be a function that makes the account",
    !required.every((name) => accountFields.includes(name)) && `required may name ${accountFields.join(", ")}`,
    answers !== void 0 && !(typeof answers.get === "function" && typeof answers.put === "function") && "answers has to have get and put",
    !(toleranceSeconds > 0) && "toleranceSeconds has to be more than 0"
  ].filter((mistake) => mistake !== false);
  if (mistakes.length > 0) throw new TypeError(`createProvisionAccountHandler: ${mistakes.join("; ")}.`);
}

// src/provider/provisioning/nodeListener.ts
function toNodeListener(handler) {
  return async (nodeRequest, nodeResponse) => {
    const request = await toRequest(nodeRequest).catch(() => void 0);
    if (!request) return;
    const response = await handler(request);
    nodeResponse.statusCode = response.status;
    for (const [name, value] of response.headers) nodeResponse.setHeader(name, value);
    nodeResponse.end(new Uint8Array(await response.arrayBuffer()));
  };
}
async function toRequest(nodeRequest) {
  const { method = "GET", body, readableDidRead } = nodeRequest;
  const headers2 = new Headers();
  for (const [name, value] of Object.entries(nodeRequest.headers)) {
    if (value !== void 0) headers2.set(name, String(value));
  }
  const url = "http://localhost/";
  if (method !== "POST") return new Request(url, { method: "GET", headers: headers2 });
  if (body instanceof Uint8Array)
    return new Request(url, { method, headers: headers2, body: joinBytes([body], body.length) });
  if (readableDidRead || isParsed(body)) {
    const used = new Request(url, { method, headers: headers2, body: "used up" });
    await used.text();
    return used;
  }
  return new Request(url, { method, headers: headers2, body: await readNodeBody(nodeRequest) });
}
function isParsed(body) {
  return body !== void 0 && !(isObject(body) && Object.keys(body).length === 0);
}
function readNodeBody(request) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let length = 0;
    const end = () => resolve(joinBytes(chunks, length));
    request.on("data", (chunk) => {
      if (length > maxBodyBytes) return;
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBodyBytes) end();
    });
    request.on("end", end);
    request.on("error", reject);
    request.on("close", () => reject(new Error("The connection was closed.")));
  });
}
export {
  OnrampError,
  Password,
  ProvisionRefused,
  WebhookError,
  createOnramp,
  createProvisionAccountHandler,
  fromMinorUnits,
  keepReferral,
  signWebhook,
  toNodeListener,
  toWebhookSecret,
  verifyWebhook
};
