// src/pixel/attempt.ts
var attempt = (call) => {
  try {
    return call();
  } catch {
  }
};
var warn = (what) => attempt(() => console.error("onramp: " + what));

// src/wire/fields.ts
var dayMs = 864e5;
var attributionWindowMs = 30 * dayMs;

// src/wire/paths.ts
var trackingPath = "/api/SaasTrackings";

// src/pixel/options.ts
var read;
var partnerKey;
var storageName;
var address;
var windowMs;
var useOptions = (readOption) => {
  read = readOption;
  partnerKey = option("partnerKey");
  storageName = "onramp_" + partnerKey;
  address = option("endpoint").replace(/\/*$/, trackingPath);
  windowMs = (Number(option("windowDays")) || 30) * dayMs;
};
var option = (name) => textOf(read(name));
var textOf = (value) => {
  if (typeof value == "object") return textOf(attempt(() => value.getTime()));
  return value || value === 0 ? String(value).trim() : "";
};

// src/pixel/consent.ts
var said;
var held = [];
var allowed = () => {
  if (document.prerendering === true && document.hidden === true) return 0;
  return said ?? (option("consent") == "required" ? 0 : navigator.globalPrivacyControl ? 1 : 2);
};
var setConsent = (given) => {
  if (!given) held = [];
  said = given ? 2 : 0;
};

// src/pixel/cookie.ts
var readCookie = () => (
  // No other cookie's name ends in ours, which has the partner key.
  attempt(() => document.cookie.match(storageName + "=([^;]*)")?.[1])
);
var writeCookie = (text) => {
  const domain = option("cookieDomain");
  const labels = domain ? [domain] : location.hostname.split(".");
  return [...labels, ""].some((label, index) => {
    attempt(() => {
      document.cookie = storageName + "=" + text + ";path=/;samesite=lax;max-age=" + (text ? windowMs / 1e3 : 0) + // The last label, the last two, and so on; none at the end, for the host alone.
      (label && ";domain=" + labels.slice(~index).join(".")) + // An http page can't set a Secure cookie.
      (location.protocol == "https:" ? ";secure" : "");
    });
    return readCookie() == text;
  });
};

// src/wire/proof.ts
function proofLength(sentMs) {
  return 3 + sentMs % 1e3;
}

// src/pixel/send.ts
var maxFieldLength = 500;
var maxReferralLength = 353;
var lastImage;
var encode = (fields, ending) => new URLSearchParams({
  page: location.origin + location.pathname,
  partnerKey,
  ...readReferral(),
  ...fields
}) + ending;
var send = (message, answered) => attempt(() => navigator.sendBeacon(address, new URLSearchParams(message + Date.now()))) || sendImage(message, answered);
var sendImage = (message, answered) => attempt(() => {
  const sentMs = Date.now();
  const length = proofLength(sentMs);
  const image = new Image();
  image.referrerPolicy = "origin";
  image.onload = () => {
    const { width, height } = image;
    const isProof = width * height == length && width + height > length;
    if (isProof) answered?.(height == 1);
  };
  lastImage = image;
  image.src = address + ".gif?" + message + sentMs;
});

// src/pixel/storage.ts
var entries = {};
var readStorage = () => (
  // Where storage is denied even naming it throws.
  attempt(
    () => Object.keys(localStorage).map((key) => {
      if (key.split(".")[0] == storageName) entries[key] = localStorage[key];
    })
  )
);
var store = (key, text) => {
  entries[key] = text;
  return attempt(() => localStorage[key] = text);
};
var remove = (key) => attempt(() => delete entries[key] && delete localStorage[key]);
var ageMs = (key) => Math.abs(Date.now() - Number(key.split(".")[1]));

// src/pixel/referral.ts
var landing = attempt(() => performance.getEntries()[0]?.name);
var expectLanding = () => {
  landing += "&" + location.href;
};
var parseReferral = (text = "") => attempt(() => {
  const [referral, referralSource, landedAt] = new URLSearchParams(text).values();
  if (referral && text.length <= maxReferralLength && Math.abs(Date.now() - Number(landedAt)) < windowMs) {
    return { referral, referralSource, landedAt };
  }
});
var readReferral = () => {
  attempt(capture);
  if (allowed() > 1) {
    return parseReferral(readCookie()) || (readStorage(), parseReferral(entries[storageName]));
  }
};
var capture = () => {
  if (!landing || allowed() < 2) return;
  const parameters = new URLSearchParams(landing.replace(/[?#]|&amp;/g, "&"));
  const parameter = (option("referralParam") || "onramp_ref").split(/[ ,]+/).map((name) => parameters.get(name)).find((id2) => id2);
  const [, host] = String(document.referrer).split(/[/:]+/);
  const id = parameter || option("marketplaceHosts").split(/[ ,]+/).find((name) => ("." + host).endsWith("." + name)) && host || "";
  landing = "";
  const live = id && readReferral()?.referral;
  const referralSource = parameter ? "param" : "referrer";
  const text = String(new URLSearchParams({ referral: id, referralSource, landedAt: String(Date.now()) }));
  if (!parseReferral(text) || live && option("attribution") == "first" || live == id) return;
  entries[storageName] = text;
  if (!writeCookie(text)) store(storageName, text);
  send(encode({ event: "visit" }, "&sent="));
};

// src/wire/text.ts
var templateLeftover = /<%|[{$#]{|\[obj|^(|undefined|null|NaN)$/;

// src/pixel/outbox.ts
var deliver = (key, send2) => {
  const message = entries[key];
  if (!message) return;
  const isStored = Object.keys(entries).filter((other) => entries[other]).length < 21 && store(key, message);
  return send2(message, (isProof) => {
    if (!entries[key]) return;
    if (isProof) store(key, "");
    else {
      remove(key);
      warn("purchase refused");
    }
  }) || isStored;
};
var sendAgain = (send2) => {
  if (!allowed()) return;
  readStorage();
  Object.keys(entries).map((key) => {
    if (key != storageName) deliver(key, send2);
    const isFresh = ageMs(key) < dayMs * (entries[key] ? 7 : 1);
    if (!isFresh && !parseReferral(entries[key])) remove(key);
  });
};

// src/pixel/track.ts
var calls = [];
var onrampTrack = (async (argument, given) => {
  if (argument === "consent") {
    setConsent(given);
    if (!given) {
      attempt(() => lastImage.src = "");
      readStorage();
      Object.keys(entries).map(remove);
      writeCookie("");
    }
    return proceed({});
  }
  if (argument === "referral") {
    const live = readReferral();
    return live ? { id: live.referral, source: live.referralSource, landedAt: Number(live.landedAt) } : null;
  }
  const receipt = track(argument);
  calls.push([argument, receipt]);
  return receipt;
});
var proceed = ({ type }) => {
  if (!allowed()) return;
  attempt(capture);
  held.splice(0).map((argument) => onrampTrack(argument));
  if (!type) attempt(() => setTimeout(sendAgain, 1e3, sendImage));
  else sendAgain(document.hidden === true || type == "pagehide" ? send : sendImage);
};
var start = () => {
  proceed({});
  const event = option("track");
  if (event) void onrampTrack({ event });
  "online pagehide visibilitychange".split(" ").map((type) => addEventListener(type, proceed));
};
var track = async (argument) => {
  try {
    if (typeof argument == "string") throw "no command";
    if (!allowed()) {
      held.push(argument);
      return { status: "held" };
    }
    const fields = { event: "purchase" };
    "event serviceName customerId orderId purchasedAt sig amount currency".split(" ").map((name) => {
      const text = attempt(() => textOf(argument[name])) || option(name);
      if (text) fields[name] = text.slice(0, maxFieldLength);
    });
    const { event, serviceName, customerId, orderId, purchasedAt } = fields;
    const message = encode(fields, purchasedAt ? "&sent=" : "&purchasedAt=" + Date.now() + "&clock=");
    const identity = {
      event,
      serviceName,
      customerId,
      ...event == "purchase" && (orderId ? { orderId } : purchasedAt && { purchasedAt })
    };
    const wrong = Object.keys(identity).find((name) => templateLeftover.test(identity[name]));
    if (wrong) {
      send(message);
      throw "no " + wrong;
    }
    let hash = 0;
    for (const letter of String(new URLSearchParams(identity))) {
      hash = (hash * 127 + letter.charCodeAt(0)) % 1e13;
    }
    readStorage();
    if (Object.keys(entries).some((key2) => key2.endsWith("." + hash) && ageMs(key2) < dayMs))
      return { status: "duplicate" };
    const key = storageName + "." + Date.now() + "." + hash;
    entries[key] = message;
    const isSafe = deliver(key, send);
    [1, 4, 16, 60].map((seconds) => attempt(() => setTimeout(deliver, seconds * 1e3, key, sendImage)));
    if (!isSafe) await { then: (done) => setTimeout(done, 2e3) };
    return { status: isSafe || !entries[key] && allowed() ? "sent" : "held" };
  } catch (reason) {
    warn(reason);
    return { status: "invalid", reason: String(reason) };
  }
};

// src/pixel/index.ts
var trackNothing = (async (argument) => typeof argument == "string" ? null : { status: "held", reason: "no browser" });
function startOnramp(options) {
  if (typeof document == "undefined") return trackNothing;
  if (partnerKey && partnerKey != options.partnerKey) {
    warn("duplicate partnerKey");
    return onrampTrack;
  }
  useOptions((name) => options[name]);
  expectLanding();
  start();
  if (/onramp_debug/.test(location.href)) void showPanel(options.endpoint);
  return onrampTrack;
}
async function showPanel(endpoint) {
  const handle = { calls, option };
  try {
    const address2 = endpoint.replace(/\/*$/, "/onramp_debug.js?module");
    const panel = await import(
      /* webpackIgnore: true */
      /* turbopackIgnore: true */
      /* @vite-ignore */
      address2
    );
    panel.showPanel(handle);
  } catch (error) {
    warn(error);
  }
}
export {
  startOnramp
};
