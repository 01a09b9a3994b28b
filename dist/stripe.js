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

// src/provider/arguments.ts
function createArgumentReader() {
  const errors = [];
  const reader = {
    text(name, value, maxLength2) {
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
      if (lengthOf(text) > maxLength2) {
        reader.fail(name, "too_long", `must not be longer than ${maxLength2} characters`);
      }
      return text;
    },
    required(name, value, maxLength2) {
      reader.present(name, value);
      return reader.text(name, value, maxLength2) ?? "";
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

// src/provider/processors/calls.ts
function toMoney(amount, currency, processor) {
  const code = currency?.toUpperCase() ?? "";
  return { amount: fromMinorUnits(amount ?? Number.NaN, code, { processor }), currency: code };
}
function mapEvent(type, map) {
  const mapping = mapOrExplain(map);
  return typeof mapping === "string" ? { calls: [], leftOut: `${type}: ${mapping}.` } : { calls: [mapping] };
}
function mapOrExplain(map) {
  try {
    return map();
  } catch (error) {
    if (error instanceof OnrampError) return error.errors.map(({ detail }) => detail).join("; ");
    throw error;
  }
}
async function sendCalls(onramp, { calls }) {
  for (const { call, fields } of calls) {
    if (call === "trackSignup") await onramp.trackSignup(fields);
    else if (call === "trackPurchase") await onramp.trackPurchase(fields);
    else if (call === "trackRenewal") await onramp.trackRenewal(fields);
    else await onramp.trackRefund(fields);
  }
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

// src/wire/fields.ts
var referralSources = ["param", "referrer"];
var maxNameLength = 200;
var maxReferralLength = 300;
var dayMs = 864e5;
var attributionWindowMs = 30 * dayMs;

// src/provider/processors/read.ts
function read(value, ...path) {
  let found = value;
  for (const name of path) {
    if (typeof found !== "object" || found === null) return void 0;
    found = Reflect.get(found, name);
  }
  return found;
}
function readText(value, ...path) {
  const found = read(value, ...path);
  return typeof found === "string" && found !== "" ? found : void 0;
}
function readNumber(value, ...path) {
  const found = read(value, ...path);
  return typeof found === "number" && Number.isFinite(found) ? found : void 0;
}
function readId(value, ...path) {
  return readText(value, ...path) ?? readText(value, ...path, "id");
}

// src/provider/processors/metadata.ts
var keys = {
  customerId: "onramp_customer_id",
  serviceName: "onramp_service_name",
  referral: "onramp_referral",
  source: "onramp_referral_source",
  landedAt: "onramp_landed_at"
};
function toMetadata({ customerId, serviceName, referral }) {
  const customer = toName(customerId);
  if (customer === void 0) {
    throw new TypeError("toMetadata: customerId has to be your own id of the customer, a text or a number.");
  }
  const checked = checkReferral(typeof referral === "string" ? parseJson(referral) : referral);
  return {
    [keys.customerId]: customer,
    ...serviceName && { [keys.serviceName]: serviceName },
    ...checked && {
      [keys.referral]: checked.id,
      [keys.source]: checked.source,
      [keys.landedAt]: String(checked.landedAt)
    }
  };
}
function readMetadata(...sources) {
  const first = (readOne) => sources.map(readOne).find((value) => value !== void 0);
  return {
    customerId: first((source) => toName(read(source, keys.customerId))),
    serviceName: first((source) => readText(source, keys.serviceName)),
    referral: first(
      (source) => checkReferral({
        id: read(source, keys.referral),
        source: read(source, keys.source),
        landedAt: Number(read(source, keys.landedAt))
      })
    )
  };
}
function checkReferral(value) {
  const id = readText(value, "id")?.trim();
  const source = referralSources.find((known) => known === read(value, "source"));
  const landedAt = readNumber(value, "landedAt");
  if (!id || lengthOf(id) > maxReferralLength || !source || landedAt === void 0) return void 0;
  return { id, source, landedAt };
}
function toName(value) {
  if (typeof value !== "string" && typeof value !== "number") return void 0;
  const text = String(value).trim();
  return isTemplateLeftover(text) || lengthOf(text) > maxNameLength ? void 0 : text;
}

// src/provider/processors/clientReferenceId.ts
var prefix = "onramp_";
var maxLength = 200;
function toClientReferenceId(referral) {
  const checked = checkReferral(referral);
  if (!checked) return void 0;
  const text = JSON.stringify([checked.id, checked.source, checked.landedAt]);
  const encoded = prefix + encodeBase64Url(new TextEncoder().encode(text));
  return encoded.length <= maxLength ? encoded : void 0;
}
function fromClientReferenceId(value) {
  if (!value?.startsWith(prefix)) return void 0;
  const bytes = decodeBase64(value.slice(prefix.length).replaceAll("-", "+").replaceAll("_", "/"));
  const parts = bytes && parseJson(new TextDecoder().decode(bytes));
  return checkReferral({ id: read(parts, "0"), source: read(parts, "1"), landedAt: read(parts, "2") });
}

// src/provider/processors/firstPayment.ts
function isFirstPayment({ id, paidAt }, orders) {
  return orders.every(
    (other) => other.id === id || other.isFree || other.paidAt > paidAt || other.paidAt === paidAt && other.id > id
  );
}

// src/provider/processors/stripeEvent.ts
function orderIdOf(session) {
  return readText(session, "mode") === "subscription" ? readId(session, "invoice") : readId(session, "payment_intent");
}
function identify({ serviceName }, context, ...fallbacks) {
  const customerId = [context.customerId, ...fallbacks].find((id) => id !== void 0);
  return customerId === void 0 ? void 0 : { serviceName: context.serviceName ?? serviceName, customerId };
}
function readSubscription(invoice) {
  const details = read(invoice, "parent", "subscription_details") ?? read(invoice, "subscription_details");
  const id = readId(details, "subscription") ?? readId(invoice, "subscription");
  return id === void 0 ? void 0 : { id, metadata: read(details, "metadata") };
}

// src/provider/processors/stripePayments.ts
var nobody = "names no customer: set the metadata that toMetadata makes";
function mapSession({ created, data }, options) {
  const session = data.object;
  const mode = readText(session, "mode");
  if (mode !== "payment" && mode !== "subscription") return "a session in this mode sells nothing";
  if (readText(session, "payment_status") === "unpaid") {
    return "not paid yet, checkout.session.async_payment_succeeded will tell";
  }
  const context = readMetadata(read(session, "metadata"));
  const orderId = orderIdOf(session);
  const party = identify(options, context, readId(session, "customer"), orderId);
  if (!party) return nobody;
  const referral = context.referral ?? fromClientReferenceId(readText(session, "client_reference_id"));
  const fields = { ...party, purchasedAt: created * 1e3, ...referral && { referral } };
  const total = readNumber(session, "amount_total");
  if (total === 0 || readText(session, "payment_status") === "no_payment_required") {
    return { call: "trackSignup", fields };
  }
  if (!orderId) return "a paid session without payment intent or invoice";
  if (mode === "subscription") return { call: "trackPurchase", fields: { ...fields, orderId } };
  const money = toMoney(total, readText(session, "currency"), "stripe");
  return { call: "trackPurchase", fields: { ...fields, orderId, ...money } };
}
function mapSubscription({ created, data }, options) {
  const subscription = data.object;
  if (readText(subscription, "status") !== "trialing") return "no trial, its invoice will tell";
  const context = readMetadata(read(subscription, "metadata"));
  const party = identify(options, context, readId(subscription, "customer"));
  if (!party) return nobody;
  const { referral } = context;
  const startedAt = readNumber(subscription, "trial_start") ?? created;
  return {
    call: "trackSignup",
    fields: { ...party, purchasedAt: startedAt * 1e3, ...referral && { referral } }
  };
}
function mapInvoice({ created, data }, options) {
  const invoice = data.object;
  const subscription = readSubscription(invoice);
  const orderId = readText(invoice, "id");
  if (!subscription || !orderId) return "no subscription's invoice";
  const context = readMetadata(subscription.metadata, read(invoice, "metadata"));
  const party = identify(options, context, readId(invoice, "customer"));
  if (!party) return nobody;
  const { referral } = context;
  const order = toPaidOrder(invoice, created);
  const fields = { ...party, purchasedAt: order.paidAt * 1e3, ...referral && { referral } };
  const isBeginning = readText(invoice, "billing_reason") === "subscription_create";
  if (order.isFree) {
    return isBeginning ? { call: "trackSignup", fields } : "nothing was paid";
  }
  const money = toMoney(readNumber(invoice, "amount_paid"), readText(invoice, "currency"), "stripe");
  const paidOrders = options.paidInvoices?.map((paid) => toPaidOrder(paid));
  const isPurchase = isBeginning || paidOrders !== void 0 && isFirstPayment(order, paidOrders);
  return { call: isPurchase ? "trackPurchase" : "trackRenewal", fields: { ...fields, orderId, ...money } };
}
function toPaidOrder(invoice, otherwise = Number.POSITIVE_INFINITY) {
  return {
    id: readText(invoice, "id") ?? "",
    paidAt: readNumber(invoice, "status_transitions", "paid_at") ?? otherwise,
    isFree: readNumber(invoice, "amount_paid") === 0
  };
}

// src/provider/processors/stripeRefunds.ts
function mapMoneyBack({ type, created, data }, options) {
  if (type === "charge.dispute.closed" && readText(data.object, "status") !== "lost") {
    return "the dispute wasn't lost";
  }
  const payment = options.payment ?? readWholePayment(data.object);
  if (!payment) return "the event doesn't tell the whole payment, give it as options.payment";
  const { charge, invoice } = payment;
  const subscription = readSubscription(invoice);
  const orderId = subscription ? readText(invoice, "id") : readId(charge, "payment_intent");
  const context = subscription ? readMetadata(subscription.metadata, read(invoice, "metadata")) : readMetadata(read(charge, "metadata"));
  const party = identify(options, context, readId(charge, "customer"), orderId);
  if (!orderId || !party) return "a charge without payment intent";
  const money = toMoney(totalOf(payment), readText(charge, "currency"), "stripe");
  return { call: "trackRefund", fields: { ...party, purchasedAt: created * 1e3, orderId, ...money } };
}
function readWholePayment(object) {
  const isCharge = readText(object, "object") === "charge";
  const isOneTime = read(object, "invoice") === null || readMetadata(read(object, "metadata")).customerId;
  if (!isCharge || !isOneTime || read(object, "disputed") === true) return void 0;
  const refunded = readNumber(object, "amount_refunded");
  if (refunded === void 0) return void 0;
  return { charge: object, refunds: [{ amount: refunded }], disputes: [], invoice: null };
}
function totalOf({ charge, refunds, disputes }) {
  const currency = readText(charge, "currency");
  const givenBack = refunds.filter(
    (refund) => !["failed", "canceled"].includes(readText(refund, "status") ?? "")
  );
  const lost = disputes.filter((dispute) => readText(dispute, "status") === "lost");
  const total = [...givenBack, ...lost].reduce((sum, part) => {
    const isSameCurrency = (readText(part, "currency") ?? currency) === currency;
    return sum + (isSameCurrency ? readNumber(part, "amount") ?? 0 : Number.POSITIVE_INFINITY);
  }, 0);
  return Math.min(total, readNumber(charge, "amount") ?? 0);
}

// src/provider/processors/stripe.ts
var mappers = /* @__PURE__ */ new Map([
  ["checkout.session.completed", mapSession],
  ["checkout.session.async_payment_succeeded", mapSession],
  ["customer.subscription.created", mapSubscription],
  ["invoice.paid", mapInvoice],
  ["invoice.payment_succeeded", mapInvoice],
  ["charge.refunded", mapMoneyBack],
  ["refund.created", mapMoneyBack],
  ["refund.updated", mapMoneyBack],
  ["refund.failed", mapMoneyBack],
  ["charge.refund.updated", mapMoneyBack],
  ["charge.dispute.closed", mapMoneyBack],
  ["charge.dispute.funds_reinstated", mapMoneyBack]
]);
function fromStripe(event, options) {
  const type = readText(event, "type");
  const hasTime = readNumber(event, "created") !== void 0;
  if (type === void 0 || !hasTime || typeof read(event, "data", "object") !== "object") {
    throw new TypeError("fromStripe: event has to be what stripe.webhooks.constructEvent returned.");
  }
  if (typeof options?.serviceName !== "string" || options.serviceName.trim() === "") {
    throw new TypeError("fromStripe: serviceName has to be what you sell, as your pages name it.");
  }
  return mapEvent(type, () => mappers.get(type)?.(event, options) ?? "says nothing of an order");
}
export {
  fromClientReferenceId,
  fromStripe,
  orderIdOf,
  sendCalls,
  toClientReferenceId,
  toMetadata
};
